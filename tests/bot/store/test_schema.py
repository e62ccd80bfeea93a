"""The schema by migrations: the same as the tables in the code, whole or not at all, never older than the file."""

import asyncio
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import timedelta
from pathlib import Path

import pytest
from alembic import command
from alembic.config import Config
from alembic.script import ScriptDirectory
from pydantic import TypeAdapter
from sqlalchemy import create_engine

from bot.domain.notice import NoticeKind, ServerAsks
from bot.domain.retirement import Retirement
from bot.policy import calendar
from bot.store import ledger, migrations, notices, retirements
from bot.store.database import Database
from bot.store.file import MigrationError, NewerDatabaseError
from bot.store.migrate import HEAD, migrate, revision
from bot.store.migrations.__main__ import main as upgrade
from bot.store.tables import metadata
from tests.bot.store.records import NOW

KILLED_MIGRATIONS = """
import os, signal, sys
from pathlib import Path
from sqlalchemy import event
from sqlalchemy.engine import Engine
from bot.store.migrations.__main__ import main

def run(path, last):
    seen = 0

    @event.listens_for(Engine, "after_cursor_execute")
    def count(*_):
        nonlocal seen
        seen += 1
        if seen == last:
            os.kill(os.getpid(), signal.SIGKILL)

    os._exit(main(path))

for number in range(1, 1000, 3):
    child = os.fork()
    if child == 0:
        run(Path(sys.argv[1]) / f"{number}.db", number)
    _, status = os.waitpid(child, 0)
    print(number, "killed" if os.WIFSIGNALED(status) else "finished", flush=True)
    if not os.WIFSIGNALED(status):
        break
"""


@contextmanager
def opened(path: Path) -> Iterator[sqlite3.Connection]:
    with closing(sqlite3.connect(path)) as connection:
        yield connection


def schema(path: Path) -> dict[str, list[str]]:
    """Every table and index as the file has it; the order of constraints within a table means nothing."""
    with opened(path) as connection:
        found = connection.execute("SELECT name, sql FROM sqlite_master WHERE name != 'alembic_version'").fetchall()
    return {name: parts(sql or "") for name, sql in found if not name.startswith("sqlite_autoindex_alembic")}


def parts(sql: str) -> list[str]:
    """The columns and constraints of a statement: a column that was added later stands behind the constraints."""
    before, _, rest = " ".join(sql.split()).partition("(")
    body, _, after = rest.rpartition(")")
    found, depth = [""], 0
    for character in body:
        depth += {"(": 1, ")": -1}.get(character, 0)
        if character == "," and not depth:
            found.append("")
        else:
            found[-1] += character
    return sorted(part.strip() for part in [before, *found, after])


def columns_in_order(path: Path) -> dict[str, list[str]]:
    with opened(path) as connection:
        return {name: [row[1] for row in connection.execute(f"PRAGMA table_info({name})")] for name in metadata.tables}


def test_the_migrated_schema_is_the_schema_of_the_code(template: Path, tmp_path: Path) -> None:
    fresh = tmp_path / "fresh.db"
    engine = create_engine(f"sqlite:///{fresh}")
    metadata.create_all(engine)
    engine.dispose()

    assert schema(template) == schema(fresh)
    assert columns_in_order(template) == columns_in_order(fresh)


def test_every_table_is_strict(template: Path) -> None:
    with opened(template) as connection:
        strict = {row[1]: bool(row[5]) for row in connection.execute("PRAGMA table_list") if row[0] == "main"}

    assert set(metadata.tables) <= strict.keys()
    assert all(strict[name] for name in metadata.tables)


async def test_migrating_makes_a_file_ready_and_a_second_time_changes_nothing(tmp_path: Path, template: Path) -> None:
    path = tmp_path / "new.db"
    await migrate(path)
    with opened(path) as connection:
        connection.execute("INSERT INTO facts VALUES ('a', 'b')")
        connection.commit()

    assert upgrade(path) == 0

    assert schema(path) == schema(template)
    with opened(path) as connection:
        assert connection.execute("SELECT * FROM facts").fetchall() == [("a", "b")]
        assert connection.execute("PRAGMA journal_mode").fetchone() == ("wal",)


async def test_the_newest_migration_is_the_one_that_is_known_without_alembic(path: Path) -> None:
    scripts = ScriptDirectory(str(Path(migrations.__file__).parent))

    assert scripts.get_current_head() == HEAD == revision(path)


async def test_a_file_of_a_newer_program_is_refused_in_one_sentence_and_left_alone(path: Path) -> None:
    with opened(path) as connection:
        connection.execute("UPDATE alembic_version SET version_num = '9999'")
        connection.commit()
    before = schema(path)

    with pytest.raises(NewerDatabaseError) as refusal:
        await migrate(path)

    assert refusal.value.sentence.params == {"path": str(path)}
    assert schema(path) == before
    with opened(path) as connection:
        assert connection.execute("SELECT version_num FROM alembic_version").fetchall() == [("9999",)]


async def test_a_migration_that_is_given_up_leaves_no_process_behind(path: Path) -> None:
    with opened(path) as connection:
        connection.execute("DELETE FROM alembic_version")
        connection.commit()
        connection.execute("BEGIN IMMEDIATE")
        migrating = asyncio.create_task(migrate(path))
        assert await is_started(path)

        migrating.cancel()
        await asyncio.gather(migrating, return_exceptions=True)

    assert migrating.cancelled()
    assert processes_about(path) == []


async def is_started(path: Path) -> bool:
    """Whether a process about this file appears within five seconds."""
    for _ in range(100):
        if processes_about(path):
            return True
        await asyncio.sleep(0.05)
    return False


def processes_about(path: Path) -> list[str]:
    listed = subprocess.run(["ps", "-A", "-ww", "-o", "args="], capture_output=True, text=True, check=True)
    return [line for line in listed.stdout.splitlines() if str(path) in line]


async def test_a_file_that_is_no_database_is_refused_with_a_line_that_says_why_and_left_alone(
    tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "clapboard.db"
    path.write_bytes(b"a shopping list, not a database\n" * 200)

    with pytest.raises(MigrationError) as refusal:
        await migrate(path)

    told = capfd.readouterr().err
    assert refusal.value.sentence.params == {"path": str(path)}
    assert told == f"{path}: file is not a database\n"
    assert path.read_bytes().startswith(b"a shopping list")


def test_a_migration_killed_at_any_point_leaves_all_of_it_or_nothing(tmp_path: Path, template: Path) -> None:
    told = subprocess.run(
        [sys.executable, "-c", KILLED_MIGRATIONS, str(tmp_path)],
        capture_output=True,
        text=True,
        check=True,
        timeout=200,
    ).stdout.split()
    numbers, ends = told[::2], told[1::2]

    assert ends[-1] == "finished"
    assert int(numbers[-1]) > len(metadata.tables)
    left = [schema(tmp_path / f"{number}.db") for number in numbers]
    assert left[-1] == schema(template)
    assert all(found == {} for found in left[:-1])


def test_a_migration_that_was_killed_can_be_run_again(tmp_path: Path, template: Path) -> None:
    path = tmp_path / "clapboard.db"
    with opened(path) as connection:
        connection.execute("PRAGMA journal_mode=WAL")

    assert upgrade(path) == 0

    assert schema(path) == schema(template)


def test_a_file_of_the_first_schema_is_brought_up_to_date_with_its_jobs(tmp_path: Path) -> None:
    path = tmp_path / "old.db"
    stepped(path, "0001")
    columns = "id, state, interaction_id, guild_id, channel_id, author_id, locale, model_id, request, private, price"
    with opened(path) as connection:
        connection.execute(
            f"INSERT INTO jobs ({columns}, size_limit, created_at, deadline_at)"
            " VALUES ('7q2m0x9dkt', 'rendering', 1, 11, 12, 13, 'de', 'sora-2', '{}', 0, 1500, 1, 1, 1)"
        )
        connection.commit()

    assert upgrade(path) == 0

    with opened(path) as connection:
        found = connection.execute("SELECT guild_id, server_id, spoiler, inputs, remix_of FROM jobs").fetchall()
    assert found == [(11, 11, 0, None, None)]


def test_servers_that_wait_for_approval_from_before_are_put_before_the_operators(tmp_path: Path) -> None:
    path = tmp_path / "old.db"
    stepped(path, "0002")
    with opened(path) as connection:
        connection.executemany(
            "INSERT INTO guilds (id, choices, approved, set_up_at, changed_by) VALUES (?, '{}', ?, ?, 7)",
            [(11, 0, 5000), (12, 1, 5000), (13, 0, None)],
        )
        connection.commit()

    assert upgrade(path) == 0

    with opened(path) as connection:
        found = connection.execute("SELECT guild_id, kind, about, once, next_at FROM notices").fetchall()
    ((guild_id, kind, about, once, next_at),) = found
    assert (guild_id, kind, once, next_at) == (0, NoticeKind.APPROVE_SERVER, "approve:11", 5000)
    assert TypeAdapter(ServerAsks).validate_json(about) == ServerAsks(11, "11", None, 7)


async def test_what_was_spent_before_counts_against_the_budgets_of_after(tmp_path: Path) -> None:
    path, noon = tmp_path / "old.db", int(NOW.timestamp() * 1000)
    stepped(path, "0002")
    with opened(path) as connection:
        connection.execute("INSERT INTO accounts (id, kind, guild_id, user_id) VALUES (1, 'member', 11, 5)")
        entries = [
            ("a", "reserve", 11, noon, 1500), ("a", "commit", 11, noon, 0), ("b", "reserve", 11, noon, 2250),
            ("b", "refund", 11, noon, -2250), ("c", "reserve", 12, noon, 1500),
            ("d", "reserve", 11, noon - 86_400_000, 99),
        ]  # fmt: skip
        connection.executemany(
            "INSERT INTO ledger (at, counts_at, account_id, actor_id, videos, reason, job_id, kind, guild_id, amount)"
            " VALUES (?4, ?4, 1, 5, 1, '', ?1, ?2, ?3, ?5)",
            entries,
        )
        connection.commit()

    assert upgrade(path) == 0

    today = calendar.day(NOW, "UTC")[0]
    async with Database(path) as database, database.read() as tx:
        assert await ledger.spent_since(tx, today, 11) == 1500
        assert await ledger.spent_since(tx, today) == 3000
        assert await ledger.spent_since(tx, today - timedelta(days=1), 11) == 1599


async def test_a_file_from_before_retired_models_were_written_down_gets_room_for_them_and_keeps_its_notices(
    tmp_path: Path,
) -> None:
    path = tmp_path / "old.db"
    stepped(path, "0005")
    with opened(path) as connection:
        connection.execute(
            "INSERT INTO notices (guild_id, kind, about, once, created_at)"
            " VALUES (0, 'model_retired', '{}', 'retired:myrouter:wan2.6-t2v', 1)"
        )
        connection.commit()

    assert upgrade(path) == 0

    gone = Retirement("myrouter", "wan2.6-t2v", NOW)
    async with Database(path) as database:
        async with database.write() as tx:
            assert await retirements.known(tx) == []
            assert await retirements.add(tx, gone)
        async with database.read() as tx:
            assert await retirements.known(tx) == [gone]
            assert await notices.is_known(tx, "retired:myrouter:wan2.6-t2v")


def stepped(path: Path, revision: str) -> None:
    """A file as an earlier program left it."""
    config = Config()
    config.set_main_option("script_location", str(Path(migrations.__file__).parent))
    engine = create_engine(f"sqlite:///{path}")
    with engine.connect() as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, revision)
        connection.commit()
    engine.dispose()
