"""What the documents promise is there, and what is there is in them: commands, buttons, log lines, links, settings."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import discord
import pytest
from discord import app_commands

import cogs
from bot.catalogue.catalogue import Catalogue
from bot.catalogue.model import Model
from bot.domain.failure import FailureKind
from bot.settings import Settings
from bot.worker.erasure import LIMITS_LOOK_BACK
from bot.worker.retention import DECLINES_FOR, LEFT_FOR
from cogs.cards.labels import LONGEST_PROMPT
from tests.cogs.club import Club
from tests.cogs.conftest import club, database, path, template

__all__ = ["club", "database", "path", "template"]

ROOT = Path(__file__).parents[1]
DOCUMENTS = [*ROOT.glob("*.md"), *ROOT.glob("docs/**/*.md")]
FOR_MEMBERS = ROOT / "docs" / "for-members.md"
MENUS = (discord.AppCommandType.message, discord.AppCommandType.user)
LEVELS = {"debug", "info", "warning", "error", "exception", "critical"}


def section(document: str, title: str) -> str:
    """A document's part from one heading of the second level to the next."""
    parts = re.split(r"^## ", (ROOT / document).read_text("utf-8"), flags=re.MULTILINE)
    return next(part for part in parts if part.startswith(f"{title}\n"))


def first_cells(part: str) -> list[str]:
    return [line.split("|")[1] for line in part.splitlines() if line.startswith("| ")][1:]


def commands_of(tree: app_commands.CommandTree[discord.Client]) -> list[app_commands.Command[Any, ..., Any]]:
    """Every slash command that can be typed, without the groups."""
    return [command for command in tree.walk_commands() if isinstance(command, app_commands.Command)]


def options_told(text: str) -> dict[str, list[str]]:
    """The options of each command that a text explains: in a row of a table, or in a section of the command's own."""
    told = {}
    for command, options in re.findall(r"^\| `/([a-z -]+)` \|([^|]*)\|", text, re.MULTILINE):
        told[command] = re.findall(r"`([a-z_]+)`", options)
    for part in re.split(r"^##+ ", text, flags=re.MULTILINE):
        title = re.match(r"`/([a-z-]+)`\n", part)
        if title is not None:
            told[title[1]] = re.findall(r"^\| `([a-z_]+)` \|", part, re.MULTILINE)
    return told


def unexplained(club: Club, text: str) -> list[str]:
    """What Discord is told of that a text does not explain, or not with the same options."""
    tree, told = club.bot.tree, options_told(text)
    options = {each.qualified_name: [option.display_name for option in each.parameters] for each in commands_of(tree)}
    missing = [f"/{name}" for name, names in options.items() if sorted(told.get(name, [name])) != sorted(names)]
    bold = [menu.name for kind in MENUS for menu in tree.get_commands(type=kind)]
    bold += [button.label for button in cogs.BUTTONS]
    return missing + [name for name in bold if f"**{name}**" not in text]


def logged() -> Iterator[tuple[str, set[str]]]:
    """Each event that the program logs, with the names of its fields."""
    for source in (source for room in ("bot", "cogs") for source in (ROOT / room).rglob("*.py")):
        for node in ast.walk(ast.parse(source.read_text("utf-8"))):
            match node:
                case ast.Call(
                    func=ast.Attribute(value=ast.Name(id="log"), attr=level), args=[ast.Constant(value=str(event)), *_]
                ) if level in LEVELS:
                    yield event, {keyword.arg for keyword in node.keywords if keyword.arg}


def test_every_log_line_that_is_explained_is_one_that_the_program_writes() -> None:
    events = dict(logged())
    cells = first_cells(section("docs/operations.md", "Logs"))
    assert len(cells) > 10

    for cell in cells:
        quoted = re.findall(r"`([^`]+)`", cell)
        lines = [text for text in quoted if "=" not in text]
        assert lines and set(lines) <= events.keys(), cell
        for field, value in (text.split("=") for text in quoted if "=" in text):
            assert field in events[lines[0]]
            assert value in set(FailureKind), cell


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_every_link_to_a_file_leads_to_one(document: Path) -> None:
    links = re.findall(r"\]\(([^)\s]+)\)", document.read_text("utf-8"))

    for link in (link for link in links if "://" not in link):
        path, _, anchor = link.partition("#")
        target = document.parent / path if path else document
        assert target.exists(), link
        if anchor:
            headings = re.findall(r"^#+ (.+)$", target.read_text("utf-8"), re.MULTILINE)
            assert anchor in {re.sub(r"[^\w\- ]", "", text).lower().replace(" ", "-") for text in headings}, link


def test_the_readme_explains_every_setting_and_no_other() -> None:
    settings = section("README.md", "Settings")
    table = [name for cell in first_cells(settings) for name in re.findall(r"`([A-Z_]+)`", cell)]
    without_effect = re.findall(r"`([A-Z_]+)`", settings.partition("no effect yet")[2])

    assert sorted(table + without_effect) == sorted(name.upper() for name in Settings.model_fields)


async def test_every_command_option_menu_and_button_is_explained_to_members(club: Club) -> None:
    assert unexplained(club, FOR_MEMBERS.read_text("utf-8")) == []


async def test_a_command_an_option_a_menu_or_a_button_that_nobody_explains_is_found(club: Club) -> None:
    text = FOR_MEMBERS.read_text("utf-8")
    for name in ("`/my-videos erase`", "| `clip_url` |", "`for`, ", "**Video details**", "**Try again**"):
        assert name in text
        text = text.replace(name, "")

    found = unexplained(club, text)

    assert sorted(found) == ["/my-videos erase", "/video", "/video-mod block", "Try again", "Video details"]


async def test_the_documents_name_no_command_that_does_not_exist(club: Club) -> None:
    groups = {f"/{command.name}" for command in club.bot.tree.get_commands(type=discord.AppCommandType.chat_input)}
    known = groups | {f"/{command.qualified_name}" for command in commands_of(club.bot.tree)}
    texts = [document.read_text("utf-8") for document in (ROOT / "README.md", FOR_MEMBERS)]

    named = {name for text in texts for name in re.findall(r"`(/(?:video|remix|character|my-)[a-z -]*)`", text)}

    assert named <= known


async def test_the_readme_names_every_command_and_menu(club: Club) -> None:
    commands = section("README.md", "Commands")
    tree = club.bot.tree

    for command in commands_of(tree):
        top, _, rest = command.qualified_name.partition(" ")
        line = next(line for line in commands.splitlines() if line.startswith(f"| `/{top}"))
        assert rest in re.findall(r"[a-z-]+", line) or not rest, command.qualified_name
    for menu in (menu for kind in MENUS for menu in tree.get_commands(type=kind)):
        assert f"**{menu.name}**" in commands


@pytest.mark.parametrize("document", ["privacy-template.md", "operations.md", "for-members.md"])
def test_the_days_that_are_promised_are_those_that_the_program_keeps(document: str) -> None:
    text = " ".join((ROOT / "docs" / document).read_text("utf-8").split())

    for days, about in ((LEFT_FOR, "removed from"), (DECLINES_FOR, "declined")):
        assert f"{days.days} days" in text
        assert about in text
    if document != "for-members.md":
        assert f"{LIMITS_LOOK_BACK.days} days" in text


def test_the_operator_is_led_to_the_templates() -> None:
    for name in ("docs/privacy-template.md", "docs/terms-template.md"):
        assert name in (ROOT / ".env.example").read_text("utf-8")
        assert name in section("README.md", "Settings")


def test_members_read_what_each_model_makes() -> None:
    told = [line for line in section("docs/for-members.md", "Models").splitlines() if line.startswith("| ")]

    assert told[1:] == [_row(model) for model in Catalogue.load().models] != []


def _row(model: Model) -> str:
    """What members are told of a model."""
    lengths, resolutions = model.durations.values, model.resolutions.choices if model.resolutions else ()
    takes = {
        "picture": model.takes_image,
        "last picture": model.takes_last_image,
        "clip": model.takes_clip,
        "remix": model.can_remix,
    }
    more = {
        "negative prompt": model.negative_limit is not None,
        "seed": model.seed is not None,
        "watermark": model.watermark is not None,
    }
    cells = (
        model.title,
        f"{lengths[0]} to {lengths[-1]}" if model.durations.is_range else ", ".join(map(str, lengths)),
        ", ".join(model.orientations) or "its own",
        ", ".join(name for name, has in takes.items() if has),
        {"always": "always", "optional": "as you like", "never": "none"}[model.sound],
        ", ".join((*resolutions, *(name for name, has in more.items() if has))) or "–",
        f"{min(model.prompt_limit, LONGEST_PROMPT):,}",
    )
    return f"| {' | '.join(cells)} |"
