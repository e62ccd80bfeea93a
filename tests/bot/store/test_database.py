"""The two engines: one writer that waits its turn, readers that cannot write, and trouble that means no."""

import asyncio
from pathlib import Path

import pytest

from bot.domain.errors import StoreUnavailableError
from bot.store import facts
from bot.store.database import Database
from tests.bot.store.records import rows


async def remember(database: Database, value: str) -> None:
    async with database.write() as tx:
        await facts.remember(tx, "a", value)


async def recall(database: Database) -> str | None:
    async with database.read() as tx:
        return await facts.recall(tx, "a")


async def test_what_was_committed_is_there_after_closing(path: Path) -> None:
    async with Database(path) as database:
        await remember(database, "kept")

    async with Database(path) as database:
        assert await recall(database) == "kept"


async def test_the_durability_and_the_rules_of_the_file_are_the_documented_ones(database: Database) -> None:
    async with database.write() as tx:
        found = [
            (await tx.exec_driver_sql(f"PRAGMA {name}")).scalar_one()
            for name in ("journal_mode", "synchronous", "foreign_keys", "query_only")
        ]

    assert found == ["wal", 2, 1, 0]


async def test_a_failed_transaction_leaves_nothing(database: Database) -> None:
    with pytest.raises(ZeroDivisionError):
        async with database.write() as tx:
            await facts.remember(tx, "a", "half")
            _ = 1 / 0

    assert await recall(database) is None


async def test_a_reader_cannot_write(database: Database) -> None:
    with pytest.raises(StoreUnavailableError):
        async with database.read() as tx:
            await facts.remember(tx, "a", "smuggled")

    assert await recall(database) is None


async def test_a_reader_sees_one_moment_and_does_not_wait_for_the_writer(database: Database) -> None:
    await remember(database, "before")

    async with database.read() as reading:
        first = await facts.recall(reading, "a")
        async with database.write() as writing:
            await facts.remember(writing, "a", "after")
            second = await facts.recall(reading, "a")
        third = await facts.recall(reading, "a")

    assert (first, second, third) == ("before", "before", "before")
    assert await recall(database) == "after"


async def test_writers_wait_for_each_other_and_none_is_lost(database: Database) -> None:
    async def increase() -> None:
        async with database.write() as tx:
            number = int(await facts.recall(tx, "a") or 0)
            await asyncio.sleep(0)
            await facts.remember(tx, "a", str(number + 1))

    await asyncio.gather(*(increase() for _ in range(50)))

    assert await recall(database) == "50"


async def test_writers_of_two_processes_files_wait_for_each_other(path: Path) -> None:
    async def increase(database: Database) -> None:
        async with database.write() as tx:
            number = int(await facts.recall(tx, "a") or 0)
            await facts.remember(tx, "a", str(number + 1))

    async with Database(path) as one, Database(path) as other:
        await asyncio.gather(*(increase(database) for database in (one, other) * 10))

        assert await recall(one) == await recall(other) == "20"


@pytest.mark.parametrize("turns", range(0, 40, 6))
async def test_a_transaction_cancelled_at_any_point_is_whole_or_nothing_and_the_writer_goes_on(
    database: Database, turns: int
) -> None:
    async def write() -> None:
        async with database.write() as tx:
            await facts.remember(tx, "a", "1")
            await facts.remember(tx, "b", "1")

    task = asyncio.create_task(write())
    for _ in range(turns):
        await asyncio.sleep(0.0002)
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)

    left = await rows(database, "SELECT count(*) FROM facts WHERE name IN ('a', 'b')")
    assert left[0][0] in {0, 2}
    await remember(database, "next")
    assert await recall(database) == "next"


async def test_a_writer_that_is_cancelled_while_it_waits_does_not_take_the_turn_with_it(database: Database) -> None:
    inside, leave = asyncio.Event(), asyncio.Event()

    async def hold() -> None:
        async with database.write() as tx:
            inside.set()
            await leave.wait()
            await facts.remember(tx, "a", "held")

    holder = asyncio.create_task(hold())
    await inside.wait()
    waiting = [asyncio.create_task(remember(database, "never")) for _ in range(3)]
    await asyncio.sleep(0.01)
    for task in waiting:
        task.cancel()
    leave.set()
    ends = await asyncio.gather(holder, *waiting, return_exceptions=True)

    assert [type(end) for end in ends[1:]] == [asyncio.CancelledError] * 3
    assert await recall(database) == "held"
    await remember(database, "next")
    assert await recall(database) == "next"
