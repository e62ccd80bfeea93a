"""The command line: `python -m bot run`, `migrate`, `sync`, `doctor`, `models`."""

import io
import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from bot import __version__

if TYPE_CHECKING:
    from bot.settings import Settings

# What a command needs is imported inside it: help and version answer at once, and a fault in the settings
# is told before Discord's library is loaded.
cli = typer.Typer(
    help="Clapboard, a Discord bot that turns prompts into videos.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)


models = typer.Typer(rich_markup_mode=None)
cli.add_typer(models, name="models")


def _show_version(wanted: bool) -> None:
    if wanted:
        print(f"Clapboard {__version__}")
        raise typer.Exit


@cli.callback()
def options(
    version: Annotated[
        bool, typer.Option("--version", callback=_show_version, is_eager=True, help="Show the version.")
    ] = False,
) -> None:
    """Clapboard, a Discord bot that turns prompts into videos."""
    # Titles are an operator's own: where a terminal has no letter for one, the rest is told all the same.
    if isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.reconfigure(errors="backslashreplace")


@cli.command()
def run() -> None:
    """Run the bot until it is told to stop (Ctrl-C or SIGTERM)."""
    settings = _settings()
    from bot import app  # noqa: PLC0415

    raise typer.Exit(app.run(settings))


@cli.command()
def migrate() -> None:
    """Bring the database up to this version; run does it by itself."""
    settings = _settings()
    from bot import app  # noqa: PLC0415

    raise typer.Exit(app.migrate(settings))


@cli.command()
def sync() -> None:
    """Register the slash commands; run does it when they changed."""
    settings = _settings()
    from bot import app  # noqa: PLC0415

    raise typer.Exit(app.sync(settings))


@cli.command()
def doctor() -> None:
    """Check whether all is in order. Works while the bot runs too; pays and changes nothing."""
    settings = _settings()
    from bot import doctor  # noqa: PLC0415

    raise typer.Exit(doctor.doctor(settings))


@models.callback(invoke_without_command=True)
def list_models(
    context: typer.Context,
    as_json: Annotated[bool, typer.Option("--json", help="Print them as JSON.")] = False,
) -> None:
    """List the models: options, prices, where they are ordered. Reads MODELS_FILE and GATEWAYS only."""
    if context.invoked_subcommand is not None:
        return
    settings = _settings(only=frozenset({"models_file", "gateways"}))
    from bot import listing  # noqa: PLC0415

    raise typer.Exit(listing.models(settings.models_file, settings.gateways, as_json=as_json))


@models.command()
def check(file: Annotated[Path, typer.Argument(metavar="FILE", help="A file of the form of MODELS_FILE.")]) -> None:
    """Check a file of models and print the orders that would leave. Reads no setting, sends nothing."""
    from bot import listing  # noqa: PLC0415

    raise typer.Exit(listing.check(file))


def _settings(only: frozenset[str] | None = None) -> "Settings":
    """The settings, or `only` some of them, with the log configured; faults end the program with status 2."""
    from bot import logs, settings  # noqa: PLC0415

    for sentence in settings.near_misses(Path.cwd()):
        print(sentence, file=sys.stderr)
    try:
        loaded = settings.Settings.load(os.environ, Path.cwd(), only)
    except settings.SettingsError as error:
        print(error, file=sys.stderr)
        raise typer.Exit(2) from None
    logs.configure(loaded)
    return loaded


if __name__ == "__main__":
    cli(prog_name="python -m bot")
