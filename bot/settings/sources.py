"""Where settings come from: the environment first, then `.env`, then files of a secrets directory."""

import warnings
from collections.abc import Iterator, Mapping
from io import StringIO
from pathlib import Path

from dotenv import dotenv_values
from dotenv.parser import Binding, parse_stream
from pydantic_settings import BaseSettings, SecretsSettingsSource
from pydantic_settings import SettingsError as SourceError

from bot.settings.faults import Fault

FILE = ".env"
FILE_EXAMPLE = "LOG_LEVEL=INFO"
SECRETS_DIR_EXAMPLE = "SECRETS_DIR=/run/secrets"


def gather(cls: type[BaseSettings], environ: Mapping[str, str], cwd: Path) -> tuple[dict[str, object], list[Fault]]:
    """The text of every setting that is set, by field name, and what is wrong with the sources.

    Names count in upper and in lower case. An empty value is as good as none, so that it doesn't hide
    what a later source has.
    """
    typed = _from_environment(cls, environ)
    written, faults = from_file(cwd)
    named = typed.get("secrets_dir") or written.get("secrets_dir")
    directory = cwd / (named or str(cls.model_fields["secrets_dir"].default))
    kept: dict[str, object] = {}
    if directory.is_dir():
        kept, unreadable = _from_secrets(cls, directory)
        faults += unreadable
    elif named:
        faults.append(Fault("SECRETS_DIR", "is not a directory that exists", SECRETS_DIR_EXAMPLE))
    known = {name: text for name, text in written.items() if name in cls.model_fields}
    return kept | known | typed, faults


def _from_environment(cls: type[BaseSettings], environ: Mapping[str, str]) -> dict[str, str]:
    # Sorted backwards, upper case comes last and wins over the same name in lower case.
    names = sorted(environ, reverse=True)
    return {
        name.lower(): environ[name].strip()
        for name in names
        if name.lower() in cls.model_fields and environ[name].strip()
    }


def from_file(cwd: Path) -> tuple[dict[str, str], list[Fault]]:
    """What `.env` sets by lower-case name, known or not, and a fault for each line that sets nothing."""
    path = cwd / FILE
    try:
        # A named pipe too: that is how some shells hand over what they have decrypted.
        text = path.read_text("utf-8-sig") if path.is_file() or path.is_fifo() else ""
    except (OSError, UnicodeError):
        return {}, [Fault(FILE, "can't be read as UTF-8 text", FILE_EXAMPLE)]
    bindings = list(parse_stream(StringIO(text)))
    readable = "".join(binding.original.string for binding in bindings if not binding.error)
    values = dotenv_values(stream=StringIO(readable))
    faults = [Fault(f"{FILE} line {line}", "expected NAME=value", FILE_EXAMPLE) for line in _malformed(bindings)]
    return {name.lower(): value.strip() for name, value in values.items() if value and value.strip()}, faults


def _malformed(bindings: list[Binding]) -> Iterator[int]:
    for binding in bindings:
        if binding.error:
            text = binding.original.string
            blank = text[: len(text) - len(text.lstrip())]
            yield binding.original.line + blank.count("\n")


def _from_secrets(cls: type[BaseSettings], directory: Path) -> tuple[dict[str, object], list[Fault]]:
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        try:
            values = SecretsSettingsSource(cls, secrets_dir=directory)()
        except (OSError, SourceError):
            problem = "holds a file that can't be read as UTF-8 text"
            return {}, [Fault("SECRETS_DIR", problem, SECRETS_DIR_EXAMPLE)]
    # A directory in the place of a file, most often: what a mount of a missing file leaves behind.
    faults = [Fault("SECRETS_DIR", str(each.message).rstrip("."), SECRETS_DIR_EXAMPLE) for each in caught]
    return {name: text for name, text in values.items() if text}, faults
