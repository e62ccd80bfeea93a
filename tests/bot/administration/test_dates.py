"""Dates as managers type them."""

from datetime import date

import pytest

from bot.administration.dates import Days, ReversedDatesError, UnknownDateError
from bot.locales import Translator

TODAY = date(2026, 3, 14)


@pytest.mark.parametrize(
    ("first", "last", "begin", "end"),
    [
        ("", "", date(2026, 3, 1), TODAY),
        (" 2026-02-27 ", "2026-02-28", date(2026, 2, 27), date(2026, 2, 28)),
        ("2026-01-02", "", date(2026, 1, 2), TODAY),
        ("", "2025-12-31", date(2025, 12, 1), date(2025, 12, 31)),
        ("2026-03-14", "2026-03-14", TODAY, TODAY),
    ],
)
def test_a_range_has_both_ends_and_begins_with_its_month(first: str, last: str, begin: date, end: date) -> None:
    assert Days.typed(first, last, TODAY) == Days(begin, end)


@pytest.mark.parametrize("typed", ["2026-02-30", "31.3.2026", "20260331", "2026-W12-1", "0001-01-01", "yesterday", "٢"])
def test_what_is_no_date_is_named(typed: str) -> None:
    with pytest.raises(UnknownDateError) as caught:
        Days.typed(typed, "", TODAY)

    told = Translator("en-US").text(caught.value.sentence)
    assert told == f"I can't read {typed} as a date. Write it like 2026-03-31: year, month, day."


def test_a_range_that_ends_before_it_begins_is_refused() -> None:
    with pytest.raises(ReversedDatesError) as caught:
        Days.typed("2026-03-15", "2026-03-14", TODAY)

    told = Translator("en-US").text(caught.value.sentence)
    assert told == "2026-03-15 comes after 2026-03-14. Give the earlier date as from and the later one as to."
