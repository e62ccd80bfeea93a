"""What a check has found, and what the operator reads of it."""

from dataclasses import dataclass
from enum import StrEnum


class Standing(StrEnum):
    """How a finding stands; only a failure keeps the bot, or a part of it, from working."""

    PASS = "pass"  # noqa: S105  a verdict, no secret
    HINT = "hint"
    FAIL = "FAIL"


@dataclass(frozen=True, slots=True)
class Finding:
    """One line of the report. `text` says what is so and, unless it passes, what to do about it."""

    standing: Standing
    text: str


def passed(text: str) -> Finding:
    """It is as it has to be."""
    return Finding(Standing.PASS, text)


def hint(text: str) -> Finding:
    """It works, and the operator may want to know."""
    return Finding(Standing.HINT, text)


def failed(text: str) -> Finding:
    """It does not work."""
    return Finding(Standing.FAIL, text)
