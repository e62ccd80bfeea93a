"""Tables that spreadsheet programs open."""

import csv
import io
from datetime import date

import pytest

from bot.administration.sheets import Sheet, text

DAY = date(2026, 3, 14)
BOM = b"\xef\xbb\xbf"


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        ("=1+1", "'=1+1"),
        ("+1", "'+1"),
        ("-1", "'-1"),
        ("@SUM(A1)", "'@SUM(A1)"),
        ("  =1", "'=1"),
        ("\t=1", "'=1"),
        ("\r\n=1", "'=1"),
        ("a\n=1", "a =1"),
        ("a;=cmd|' /C calc'!A0", "a;'=cmd|' /C calc'!A0"),
        ("a, -1", "a,' -1"),
        ("＝1", "'＝1"),
        ("five = 5", "five = 5"),
        ("thanks", "thanks"),
        (None, ""),
    ],
)
def test_nothing_that_people_typed_is_a_formula(value: str | None, shown: str) -> None:
    assert text(value) == shown


def test_a_table_begins_with_the_mark_and_its_columns_and_is_read_back_as_it_was() -> None:
    sheet = Sheet(("a", "b"), 1000)
    sheet.add([(DAY, ('said "no", twice', "ümlaut \ud83d"))])

    lines = list(csv.reader(io.StringIO(sheet.data.removeprefix(BOM).decode())))

    assert sheet.data.startswith(BOM + b"a,b\r\n")
    assert lines == [["a", "b"], ['said "no", twice', "ümlaut ?"]]


def test_a_table_stops_before_the_row_that_does_not_fit_and_knows_its_last_day() -> None:
    sheet = Sheet(("a",), len(BOM) + len("a\r\n") + 2 * len("12345\r\n"))
    sheet.add([(date(2026, 3, day), ("12345",)) for day in (1, 2, 3, 4)])

    assert sheet.is_full
    assert sheet.last_day == date(2026, 3, 2)
    assert sheet.data == BOM + b"a\r\n12345\r\n12345\r\n"
