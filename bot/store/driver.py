"""aiosqlite with one trip to the connection's thread for each statement, where its own cursors make four.

The trips were most of what an order cost: `make bench` shows them as CPU for each command.
"""

import sqlite3
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import Self

import aiosqlite

Row = tuple[object, ...]
Value = str | bytes | int | float | None


class OneTripCursor:
    """A cursor as SQLAlchemy uses it: what a statement answers comes back with it.

    No cursor of sqlite3 leaves its thread, so a statement that was cancelled leaves nothing to be closed.
    """

    description: Sequence[Row] | None = None
    rowcount = -1
    lastrowid: int | None = None
    arraysize = 1

    def __init__(self, connection: "OneTripConnection") -> None:
        self._connection = connection
        self._rows: list[Row] = []

    async def __aenter__(self) -> Self:
        return self

    async def execute(self, sql: str, parameters: Sequence[Value] = ()) -> None:
        """Run a statement and fetch all of its rows."""
        await self._connection.trip(lambda connection: self._take(connection.execute(sql, parameters)))

    async def executemany(self, sql: str, parameters: Iterable[Sequence[Value]]) -> None:
        """Run a statement once for each set of parameters."""
        await self._connection.trip(lambda connection: self._take(connection.executemany(sql, parameters)))

    async def fetchall(self) -> list[Row]:
        """The rows of the last statement."""
        return self._rows

    async def close(self) -> None:
        """Nothing is left open."""

    def _take(self, cursor: sqlite3.Cursor) -> None:
        self.description = cursor.description
        self._rows = cursor.fetchall() if cursor.description else []
        self.rowcount, self.lastrowid = cursor.rowcount, cursor.lastrowid
        cursor.close()


class OneTripConnection(aiosqlite.Connection):
    """A connection with such cursors; like those that SQLAlchemy opens, its thread does not keep the process alive."""

    def __init__(self, path: Path) -> None:
        super().__init__(lambda: sqlite3.connect(path), iter_chunk_size=64)
        self._thread.daemon = True

    def __del__(self) -> None:
        # The pool drops a connection whose preparation was cancelled: its thread would live on.
        if self._connection is not None:
            self.stop()

    def cursor(self) -> OneTripCursor:  # type: ignore[override]  # SQLAlchemy asks for no more than this
        """A cursor; it costs nothing before its first statement."""
        return OneTripCursor(self)

    async def trip(self, work: Callable[[sqlite3.Connection], None]) -> None:
        """Do something in the connection's thread, after what was asked of it before."""
        await self._execute(work, self._conn)  # type: ignore[no-untyped-call]


async def connect(path: Path) -> OneTripConnection:
    """Open a file."""
    connection = OneTripConnection(path)
    await connection
    return connection
