"""The connection with one trip to its thread for each statement: what SQLAlchemy and the store rely on."""

import asyncio
import gc
import sqlite3
from pathlib import Path

import pytest

from bot.domain.errors import StoreUnavailableError
from bot.store import facts
from bot.store.database import Database
from bot.store.driver import connect
from tests.bot.store.records import NOW


async def test_a_statement_brings_its_rows_its_columns_and_its_counts(tmp_path: Path) -> None:
    connection = await connect(tmp_path / "some.db")
    cursor = connection.cursor()
    await cursor.execute("CREATE TABLE t (a INTEGER, b TEXT) STRICT")

    await cursor.executemany("INSERT INTO t VALUES (?, ?)", [(1, "x"), (2, "y")])
    inserted = (cursor.rowcount, cursor.description, await cursor.fetchall())
    await cursor.execute("SELECT a, b FROM t WHERE a > ? ORDER BY a", (0,))

    assert inserted == (2, None, [])
    assert await cursor.fetchall() == [(1, "x"), (2, "y")]
    assert cursor.description is not None
    assert [column[0] for column in cursor.description] == ["a", "b"]
    await connection.close()


async def test_what_sqlite_refuses_is_raised_as_sqlite_raises_it(tmp_path: Path) -> None:
    connection = await connect(tmp_path / "some.db")

    with pytest.raises(sqlite3.OperationalError, match="no such table"):
        await connection.cursor().execute("SELECT * FROM absent")

    await connection.close()


async def test_a_write_that_is_cancelled_at_any_moment_leaves_no_lock(path: Path) -> None:
    async with Database(path) as database:

        async def write(number: int) -> None:
            async with database.write() as tx:
                await facts.remember(tx, "cancelled", str(number))
                await facts.first_use(tx, number, NOW)

        for moment in range(25):
            writing = asyncio.create_task(write(moment))
            for _ in range(moment):
                await asyncio.sleep(0)
            writing.cancel()
            await asyncio.gather(writing, return_exceptions=True)

            async with asyncio.timeout(60), database.write() as tx:
                await facts.remember(tx, "after", str(moment))

        async with database.read() as tx:
            assert await facts.recall(tx, "after") == "24"


async def test_a_file_that_can_not_be_opened_is_an_unavailable_store(tmp_path: Path) -> None:
    with pytest.raises(StoreUnavailableError):
        async with Database(tmp_path / "no" / "such.db"):
            pass


async def test_a_connection_that_nobody_holds_any_more_ends_its_thread(tmp_path: Path) -> None:
    connection = await connect(tmp_path / "some.db")
    thread = connection._thread

    del connection
    gc.collect()
    await asyncio.to_thread(thread.join, 10)

    assert not thread.is_alive()
