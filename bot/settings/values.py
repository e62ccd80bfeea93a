"""The types of settings: how their text is read, and what is said when it can't be."""

import difflib
from collections.abc import Callable
from enum import StrEnum
from typing import Annotated, NamedTuple, Never
from urllib.parse import SplitResult, urlsplit

from pydantic import AfterValidator, BeforeValidator, Field, SecretStr
from pydantic_core import PydanticCustomError

SNOWFLAKE_END = 2**63
SHORTEST_SECRET = 8
"""A secret is replaced wherever it appears in a log, which needs it to be longer than a word."""


class GatewayName(StrEnum):
    """The video gateways by the name they have in `GATEWAYS`."""

    MYROUTER = "myrouter"
    HIGHWAY = "highway"


class Reencode(StrEnum):
    """When a result that doesn't fit is encoded again."""

    OFF = "off"
    AUTO = "auto"
    ON = "on"


class LogFormat(StrEnum):
    """How a log line is written."""

    TEXT = "text"
    JSON = "json"


class LogLevel(StrEnum):
    """The least severe event that is logged."""

    DEBUG = "DEBUG"
    INFO = "INFO"
    WARNING = "WARNING"
    ERROR = "ERROR"
    CRITICAL = "CRITICAL"


class Listen(NamedTuple):
    """Where the status server listens; port 0 takes a free one."""

    host: str
    port: int


def refuse(problem: str) -> Never:
    """End a validator; the sentence follows the setting's name and never holds its value."""
    raise PydanticCustomError("setting", "{problem}", {"problem": problem})


def _changed(change: Callable[[str], object]) -> BeforeValidator:
    return BeforeValidator(lambda value: change(value) if isinstance(value, str) else value)


def _parts(text: str) -> list[str]:
    return [part.strip() for part in text.split(",") if part.strip()]


def _is_whole(text: str) -> bool:
    return text.isascii() and text.isdigit()


def _snowflake(text: str) -> int:
    if not _is_whole(text) or not 0 < int(text[:20]) < SNOWFLAKE_END:
        refuse("has to be an id of Discord, which is a whole number")
    return int(text)


def _snowflakes(text: str) -> frozenset[int]:
    try:
        return frozenset(_snowflake(part) for part in _parts(text))
    except PydanticCustomError:
        refuse("has to be a list of Discord ids, which are whole numbers, with commas between them")


def _shards(text: str) -> tuple[int, ...]:
    parts = _parts(text)
    if not all(_is_whole(part) and len(part) <= 6 for part in parts):
        refuse("has to be a list of shard numbers, counted from 0, with commas between them")
    return tuple(sorted({int(part) for part in parts}))


def _gateways(text: str) -> tuple[GatewayName, ...]:
    parts = [part.lower() for part in _parts(text)]
    known = set(GatewayName)
    if not parts or not known.issuperset(parts):
        near = [name for part in parts if part not in known for name in difflib.get_close_matches(part, known, n=1)]
        meant = f" (is {near[0]} meant?)" if near else ""
        refuse(f"has to be a list of gateways with commas between them: {', '.join(sorted(known))}{meant}")
    if len(set(parts)) < len(parts):
        refuse("names a gateway twice")
    return tuple(GatewayName(part) for part in parts)


def _listen(text: str) -> Listen | None:
    if text.lower() == "off":
        return None
    host, colon, port = text.rpartition(":")
    if not (colon and host and _is_whole(port)) or int(port[:6]) > 65535:
        refuse("has to be an address and a port, or off")
    return Listen(host.removeprefix("[").removesuffix("]"), int(port))


def _address(text: str) -> SplitResult:
    try:
        address = urlsplit(text)
        # Only reading the port finds out whether it is one.
        sound = address.port != 0 and bool(address.hostname) and text.isprintable() and " " not in text
    except ValueError:
        sound = False
    if not sound or address.scheme not in {"http", "https"}:
        refuse("has to be an address that begins with https:// or http://")
    if "@" in address.netloc:
        refuse("must not hold a user name or password")
    return address


def _base(text: str) -> str:
    address = _address(text)
    if address.query or address.fragment:
        refuse("must not hold a ? or #")
    return text.rstrip("/")


def _page(text: str) -> str:
    _address(text)
    return text


def _database(text: str) -> str:
    if text.startswith(("postgresql:", "postgresql+", "postgres:")):
        refuse("names PostgreSQL, but this version supports SQLite only")
    path = text.removeprefix("sqlite:///")
    if path == text or not path.strip("/") or path == ":memory:" or "?" in path:
        refuse("has to be sqlite:/// and the path of a file")
    return text


def _secret(secret: SecretStr) -> SecretStr:
    value = secret.get_secret_value()
    if not value.isascii() or not value.isprintable() or " " in value:
        refuse("holds a space or another character that no key has")
    if len(value) < SHORTEST_SECRET:
        refuse(f"is too short to be a key, which has {SHORTEST_SECRET} characters or more")
    return secret


Secret = Annotated[SecretStr, AfterValidator(_secret)]
Snowflake = Annotated[int, _changed(_snowflake)]
Snowflakes = Annotated[frozenset[int], _changed(_snowflakes)]
Shards = Annotated[tuple[int, ...], _changed(_shards)]
Gateways = Annotated[tuple[GatewayName, ...], _changed(_gateways)]
ListenAddress = Annotated[Listen | None, _changed(_listen)]
BaseAddress = Annotated[str, AfterValidator(_base)]
PageAddress = Annotated[str, AfterValidator(_page)]
DatabaseAddress = Annotated[str, AfterValidator(_database)]
LowerReencode = Annotated[Reencode, _changed(str.lower)]
LowerLogFormat = Annotated[LogFormat, _changed(str.lower)]
UpperLogLevel = Annotated[LogLevel, _changed(str.upper)]
Positive = Annotated[float, Field(gt=0, le=1_000_000, allow_inf_nan=False)]
Count = Annotated[int, Field(ge=1, le=1_000_000)]
