"""The two engines of one SQLite file: one writer in `BEGIN IMMEDIATE`, readers that cannot write."""

import sqlite3
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path
from types import TracebackType
from typing import Self, TypeAlias

from sqlalchemy import Connection, event, exc
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, create_async_engine
from sqlalchemy.pool import ConnectionPoolEntry

from bot.domain.errors import StoreUnavailableError
from bot.store.driver import connect

Transaction = AsyncConnection
"""What the functions of this package run in; the rooms above hold it, and only this package runs SQL on it."""
Step: TypeAlias = Callable[[Transaction], Awaitable[None]]
"""What one room has another do in a transaction of its own."""

_TROUBLE = (exc.DBAPIError, exc.TimeoutError, sqlite3.Error)
"""The driver's own errors come unwrapped while a connection is prepared."""
_PRAGMAS = ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON", "busy_timeout=2000")


def _engine(path: Path, begin: str, pragmas: tuple[str, ...], connections: int) -> AsyncEngine:
    engine = create_async_engine(
        f"sqlite+aiosqlite:///{path}",
        async_creator=lambda: connect(path),
        pool_size=connections,
        max_overflow=0,
        pool_timeout=10,
        hide_parameters=True,
    )

    @event.listens_for(engine.sync_engine, "connect")
    def prepare(connection: DBAPIConnection, _: ConnectionPoolEntry) -> None:
        # The driver's own transactions begin too late for check-then-insert.
        connection.isolation_level = None
        cursor = connection.cursor()
        for pragma in pragmas:
            cursor.execute(f"PRAGMA {pragma}")
        cursor.close()

    @event.listens_for(engine.sync_engine, "begin")
    def start(connection: Connection) -> None:
        connection.exec_driver_sql(begin)

    return engine


class Database:
    """An open database file. Any trouble with it is a `StoreUnavailableError`."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._file: tuple[int, int] | None = None
        self.writer = _engine(path, "BEGIN IMMEDIATE", _PRAGMAS, 1)
        self.reader = _engine(path, "BEGIN", (*_PRAGMAS, "query_only=ON"), 4)

    async def __aenter__(self) -> Self:
        """Open the file, which has to exist and be migrated."""
        self._file = self._identity()
        async with AsyncExitStack() as opening:
            opening.push_async_callback(self._close)
            async with self.write():
                opening.pop_all()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Close every connection."""
        await self._close()

    async def _close(self) -> None:
        await self.reader.dispose()
        await self.writer.dispose()

    @asynccontextmanager
    async def write(self) -> AsyncIterator[Transaction]:
        """A transaction that holds the write lock from its first moment and commits at the end."""
        try:
            async with self.writer.begin() as transaction:
                self._check_file()
                yield transaction
                self._check_file()
        except _TROUBLE as error:
            raise StoreUnavailableError from error

    @asynccontextmanager
    async def read(self) -> AsyncIterator[Transaction]:
        """A transaction that sees one moment and cannot write."""
        try:
            async with self.reader.begin() as transaction:
                yield transaction
        except _TROUBLE as error:
            raise StoreUnavailableError from error

    def _check_file(self) -> None:
        """A commit into an unlinked file succeeds and is lost, so a file that was replaced stops every write."""
        if self._identity() != self._file:
            raise StoreUnavailableError

    def _identity(self) -> tuple[int, int]:
        try:
            found = self.path.stat()
        except OSError as error:
            raise StoreUnavailableError from error
        return found.st_dev, found.st_ino
