"""Sentences for people, kept as ids with parameters until an edge renders them in somebody's language."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal


def N_(message: str) -> str:  # noqa: N802  gettext's own name, known to the extractor
    """Mark a sentence for translation without translating it here."""
    return message


@dataclass(frozen=True, slots=True)
class Plural:
    """A sentence whose form depends on the parameter `count`."""

    one: str
    many: str


def NN_(one: str, many: str) -> Plural:  # noqa: N802  marks a pair for ngettext
    """Mark a sentence with a singular and a plural; its parameter `count` chooses."""
    return Plural(one, many)


@dataclass(frozen=True, slots=True)
class Instant:
    """A moment that is shown in the reader's own time zone: `R` relative, `f` full, `t` time only."""

    at: datetime
    style: Literal["R", "f", "t", "d"] = "R"


@dataclass(frozen=True, slots=True)
class Mention:
    """A role, channel or user by id, shown by name without notifying anybody."""

    kind: Literal["role", "channel", "user"]
    id: int


@dataclass(frozen=True, slots=True)
class Money:
    """An amount in units of a ten-thousandth of a dollar."""

    units: int


@dataclass(frozen=True, slots=True)
class MessageLink:
    """Where a message stands; shown as a link. A guild id of None is a direct message."""

    guild_id: int | None
    channel_id: int
    message_id: int


@dataclass(frozen=True, slots=True)
class Sentence:
    """A translatable sentence with its parameters.

    Parameters are text, numbers, money, instants, mentions, links, other sentences, or tuples of these (a list).
    """

    id: str | Plural
    params: Mapping[str, object] = field(default_factory=dict)


def roles(ids: "tuple[int, ...] | frozenset[int]") -> tuple[Mention, ...]:
    """Mentions of roles in a stable order."""
    return tuple(Mention("role", id_) for id_ in sorted(ids))


def channels(ids: "tuple[int, ...] | frozenset[int]") -> tuple[Mention, ...]:
    """Mentions of channels in a stable order."""
    return tuple(Mention("channel", id_) for id_ in sorted(ids))
