"""Dates as managers type them, and the range of days that two of them mean."""

import re
from dataclasses import dataclass
from datetime import date

from bot.domain.errors import RefusalError
from bot.domain.sentence import N_

_DATE = re.compile(r"20\d\d-\d\d-\d\d", re.ASCII)
LONGEST = 30
"""Characters of what was typed that are told again."""


class UnknownDateError(RefusalError):
    """Not a date of the calendar."""

    quotes = frozenset({"typed"})
    message = N_("I can't read {typed} as a date. Write it like 2026-03-31: year, month, day.")


class ReversedDatesError(RefusalError):
    """The range ends before it begins."""

    message = N_("{first} comes after {last}. Give the earlier date as from and the later one as to.")


@dataclass(frozen=True, slots=True)
class Days:
    """A range of days, both ends included."""

    first: date
    last: date

    @classmethod
    def typed(cls, first: str, last: str, today: date) -> "Days":
        """The range that was typed; left out, it begins with the month of its last day, and ends today.

        Raises UnknownDateError and ReversedDatesError.
        """
        end = _date(last) or today
        begin = _date(first) or end.replace(day=1)
        if begin > end:
            raise ReversedDatesError(first=begin.isoformat(), last=end.isoformat())
        return cls(begin, end)


def _date(typed: str) -> date | None:
    text = typed.strip()
    if not text:
        return None
    try:
        if _DATE.fullmatch(text):
            return date.fromisoformat(text)
    except ValueError:
        pass
    raise UnknownDateError(typed=text[:LONGEST])
