"""Tables for spreadsheet programs: UTF-8 with a mark at the beginning, nothing in them that would be a formula."""

import csv
import io
import re
from collections.abc import Iterable, Sequence
from datetime import date

_FORMULA = re.compile(r"(^|[;,])(\s*)(?=[=+\-@＝＋－＠])")
"""Where a formula would begin: in some countries a semicolon or comma inside of a cell begins the next one."""


class Sheet:
    """A file of comma-separated values that grows to a limit of bytes."""

    def __init__(self, columns: Sequence[str], limit_bytes: int) -> None:
        self._file = io.BytesIO()
        self._limit = limit_bytes
        self._file.write(b"\xef\xbb\xbf")
        self._write(columns)
        self.last_day: date | None = None
        self.is_full = False

    @property
    def data(self) -> bytes:
        """The file as it is."""
        return self._file.getvalue()

    def add(self, rows: Iterable[tuple[date, Sequence[str]]]) -> None:
        """Write rows with the days that they belong to, until the first that does not fit."""
        for day, cells in rows:
            if not self._write(cells):
                self.is_full = True
                return
            self.last_day = day

    def _write(self, cells: Sequence[str]) -> bool:
        line = io.StringIO()
        csv.writer(line).writerow(cells)
        # A reason may hold half an emoji, which UTF-8 can't.
        encoded = line.getvalue().encode("utf-8", "replace")
        if self._file.tell() + len(encoded) > self._limit:
            return False
        self._file.write(encoded)
        return True


def text(value: str | None) -> str:
    """A text as a cell: on one line, and shown by spreadsheets as it is."""
    return "" if value is None else _FORMULA.sub(r"\1'\2", " ".join(value.replace("\0", "").split()))
