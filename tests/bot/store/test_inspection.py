"""A database file looked at from outside."""

import os
import sqlite3
from contextlib import closing
from pathlib import Path

from bot.domain.retirement import Retirement
from bot.store import retirements
from bot.store.database import Database
from bot.store.file import owned
from bot.store.inspection import inspect, retired
from bot.store.migrate import HEAD
from tests.bot.store.records import NOW


def test_a_sound_file_has_no_damage(path: Path) -> None:
    seen = inspect(path, 10)

    assert (seen.revision, seen.damage, seen.is_complete) == (HEAD, None, True)
    assert not seen.is_old
    assert not seen.is_newer


async def test_a_file_is_looked_at_while_it_is_owned_and_written(path: Path) -> None:
    with owned(path):
        async with Database(path) as database, database.write():
            seen = inspect(path, 10)

    assert (seen.damage, seen.is_complete) == (None, True)


async def test_what_is_retired_is_read_while_the_file_is_owned_and_written(path: Path) -> None:
    gone = [Retirement("highway", "wan2.6-t2v", NOW), Retirement("myrouter", "wan2.6-t2v", NOW)]
    async with Database(path) as database:
        async with database.write() as tx:
            for each in reversed(gone):
                await retirements.add(tx, each)
        with owned(path):
            async with database.write():
                assert retired(path) == gone


def test_of_a_file_that_has_no_such_table_and_of_none_nothing_is_retired(tmp_path: Path) -> None:
    empty = tmp_path / "empty.db"
    empty.touch()

    assert not retired(empty)
    assert not retired(tmp_path / "missing.db")
    assert not (tmp_path / "missing.db").exists()


def test_looking_changes_nothing(path: Path) -> None:
    before = path.read_bytes()

    inspect(path, 10)

    assert path.read_bytes() == before
    assert not path.with_name(path.name + ".lock").exists()


def test_damage_is_told(path: Path) -> None:
    with path.open("r+b") as file:
        file.seek(4096)
        file.write(os.urandom(32768))

    assert inspect(path, 10).damage


def test_a_file_that_another_program_locks_is_not_called_damaged(tmp_path: Path) -> None:
    path = tmp_path / "locked.db"
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        connection.execute("CREATE TABLE rows (text TEXT NOT NULL) STRICT")
        connection.execute("BEGIN EXCLUSIVE")

        seen = inspect(path, 10)

    assert (seen.damage, seen.is_complete, seen.is_locked) == (None, False, True)


def test_an_empty_file_is_old(tmp_path: Path) -> None:
    path = tmp_path / "empty.db"
    path.touch()

    seen = inspect(path, 10)

    assert (seen.revision, seen.damage, seen.is_old) == (None, None, True)


def test_a_file_that_is_too_large_for_the_time_is_not_called_damaged(tmp_path: Path) -> None:
    path = tmp_path / "large.db"
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.execute("CREATE TABLE rows (text TEXT NOT NULL) STRICT")
        connection.executemany("INSERT INTO rows VALUES (?)", [("a paper boat",)] * 20_000)

    late, whole = inspect(path, -1), inspect(path, 30)

    assert (late.damage, late.is_complete) == (None, False)
    assert (whole.damage, whole.is_complete) == (None, True)
