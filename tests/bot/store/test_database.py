"""The two engines: one writer that waits its turn, readers that cannot write, and trouble that means no."""

import asyncio
import json
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from bot.domain.errors import StoreUnavailableError
from bot.domain.ids import new_job_id
from bot.store import facts, jobs, ledger
from bot.store.database import Database
from tests.bot.store.records import NOW, add, job, rows

FULL_DISK = """
import asyncio, json, resource, sys
from pathlib import Path
from bot.domain.errors import StoreUnavailableError
from bot.domain.request import VideoRequest
from bot.store import jobs, ledger
from bot.store.database import Database
from tests.bot.store.records import job, rows, NOW

async def accept(database, number):
    new = job(id=f"{number:010d}", request=VideoRequest("x" * 4000))
    async with database.write() as tx:
        accounts = await ledger.lock(tx, new.guild_id, new.author_id)
        await jobs.add(tx, new, number)
        await ledger.reserve(tx, new, accounts.member, NOW)

async def main(path):
    wal = path.with_name(path.name + "-wal")
    outcomes = []
    async with Database(path) as database:
        await accept(database, 1)
        hard = resource.getrlimit(resource.RLIMIT_FSIZE)[1]
        resource.setrlimit(resource.RLIMIT_FSIZE, (wal.stat().st_size + 30_000, hard))
        for number in range(2, 12):
            try:
                await accept(database, number)
                outcomes.append("accepted")
            except StoreUnavailableError:
                outcomes.append("no")
        resource.setrlimit(resource.RLIMIT_FSIZE, (hard, hard))
        await accept(database, 99)
        counts = await rows(database, "SELECT (SELECT count(*) FROM jobs), (SELECT count(*) FROM ledger)")
        check = await rows(database, "PRAGMA integrity_check")
    print(json.dumps({"outcomes": outcomes, "counts": counts[0], "check": check[0]}))

asyncio.run(main(Path(sys.argv[1])))
"""


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


def unlink(path: Path) -> None:
    path.unlink()


def replace_file(path: Path) -> None:
    copy = path.with_name("restored.db")
    copy.write_bytes(path.read_bytes())
    copy.replace(path)


def replace_folder(path: Path) -> None:
    path.parent.rename(path.parent.with_name("moved"))
    path.parent.write_text("a file where the folder was")


def in_a_folder(template: Path, directory: Path) -> Path:
    folder = directory / "data"
    folder.mkdir()
    return Path(shutil.copy(template, folder / "clapboard.db"))


def damage(path: Path) -> None:
    content = bytearray(path.read_bytes())
    content[4096:] = b"\xff" * (len(content) - 4096)
    path.write_bytes(content)


def paths_of_open_files() -> set[str]:
    found = Path("/proc/self/fd").iterdir()
    return {str(link.readlink()) for link in found if link.is_symlink()}


@pytest.mark.parametrize("happens", [unlink, replace_file, replace_folder])
async def test_a_file_that_is_no_longer_ours_takes_no_writes(
    template: Path, tmp_path: Path, happens: Callable[[Path], None]
) -> None:
    path = in_a_folder(template, tmp_path)
    async with Database(path) as database:
        happens(path)

        with pytest.raises(StoreUnavailableError):
            await remember(database, "lost")


async def test_a_file_that_goes_away_during_a_transaction_takes_no_commit(database: Database) -> None:
    with pytest.raises(StoreUnavailableError):
        async with database.write() as tx:
            await facts.remember(tx, "a", "lost")
            database.path.unlink()


async def test_a_file_that_goes_away_while_a_writer_waits_takes_no_commit(database: Database) -> None:
    inside, leave = asyncio.Event(), asyncio.Event()

    async def hold() -> None:
        async with database.write():
            inside.set()
            await leave.wait()

    holder = asyncio.create_task(hold())
    await inside.wait()
    waiting = asyncio.create_task(remember(database, "lost"))
    await asyncio.sleep(0.01)
    replace_file(database.path)
    leave.set()
    _, end = await asyncio.gather(holder, waiting, return_exceptions=True)

    assert isinstance(end, StoreUnavailableError)
    with closing(sqlite3.connect(database.path)) as other:
        assert other.execute("SELECT count(*) FROM facts").fetchone() == (0,)


async def test_a_file_that_is_not_there_is_not_made(tmp_path: Path) -> None:
    path = tmp_path / "clapboard.db"

    with pytest.raises(StoreUnavailableError):
        async with Database(path):
            pytest.fail("opened nothing")

    assert not path.exists()


@pytest.mark.skipif(not Path("/proc/self/fd").exists(), reason="open files are only listed by Linux")
async def test_a_file_that_is_no_database_is_trouble_like_any_other_and_keeps_no_connection(tmp_path: Path) -> None:
    path = tmp_path / "clapboard.db"
    path.write_bytes(b"a shopping list, not a database\n" * 200)

    with pytest.raises(StoreUnavailableError):
        async with Database(path):
            pytest.fail("opened a shopping list")

    assert str(path) not in paths_of_open_files()


async def test_a_damaged_database_means_no(path: Path) -> None:
    async with Database(path) as database:
        await add(database)
    damage(path)

    with pytest.raises(StoreUnavailableError):
        async with Database(path) as database, database.read() as tx:
            await jobs.get(tx, "0000000001")


async def test_a_writer_that_has_to_wait_for_too_long_is_told_no(path: Path) -> None:
    async with Database(path) as database:
        database.writer.sync_engine.pool._timeout = 0.05  # type: ignore[attr-defined]
        async with database.write():
            with pytest.raises(StoreUnavailableError):
                await remember(database, "second")


def test_a_full_disk_means_no_and_never_half_a_job(path: Path) -> None:
    ran = subprocess.run(
        [sys.executable, "-c", FULL_DISK, str(path)], capture_output=True, text=True, timeout=30, check=False
    )

    assert ran.returncode == 0, ran.stderr
    told = json.loads(ran.stdout)
    accepted = told["outcomes"].count("accepted")
    assert told["outcomes"][-1] == "no"
    assert told["counts"] == [2 + accepted, 2 + accepted]
    assert told["check"] == ["ok"]


async def test_the_statements_of_an_error_do_not_show_what_was_written(database: Database) -> None:
    secret = "the prompt of a member"
    with pytest.raises(StoreUnavailableError) as error:
        async with database.write() as tx:
            await tx.exec_driver_sql("INSERT INTO nowhere VALUES (?)", (secret,))

    assert secret not in str(error.value.__cause__)


async def test_an_id_that_exists_already_is_refused_whole(database: Database) -> None:
    first = await add(database, job(id=new_job_id()))

    with pytest.raises(StoreUnavailableError):
        async with database.write() as tx:
            accounts = await ledger.lock(tx, first.guild_id, first.author_id)
            await ledger.reserve(tx, first, accounts.member, NOW)
            await jobs.add(tx, first, 424242)

    assert await rows(database, "SELECT count(*) FROM ledger") == [(0,)]
