"""A file that is gone, replaced, damaged or full means no: nothing is lost, and nothing is written by halves."""

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
        [sys.executable, "-c", FULL_DISK, str(path)], capture_output=True, text=True, timeout=90, check=False
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
