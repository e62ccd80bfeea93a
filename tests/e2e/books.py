"""Looks into the program's database from outside; of all servers, or of one."""

import json
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sandbox.discord import Guild
from sandbox.stage import Stage


@contextmanager
def _database(folder: Path) -> Iterator[sqlite3.Connection]:
    connection = sqlite3.connect(f"file:{folder}/clapboard.db?mode=ro", uri=True, timeout=60)
    try:
        yield connection
    finally:
        connection.close()


def _of(guild: Guild | None) -> tuple[str, tuple[int, ...]]:
    return ("", ()) if guild is None else ("WHERE guild_id = ?", (guild.id,))


def states(stage: Stage, guild: Guild | None = None) -> list[str]:
    """The states of the jobs, oldest first; none before there is a database."""
    if not (stage.folder / "clapboard.db").exists():
        return []
    where, values = _of(guild)
    with _database(stage.folder) as connection:
        return [row[0] for row in connection.execute(f"SELECT state FROM jobs {where} ORDER BY created_at", values)]


def spent(stage: Stage, guild: Guild | None = None) -> int:
    """The sum of the ledger, in units of a ten-thousandth of a dollar."""
    where, values = _of(guild)
    with _database(stage.folder) as connection:
        return int(connection.execute(f"SELECT coalesce(sum(amount), 0) FROM ledger {where}", values).fetchone()[0])


def entries(stage: Stage, guild: Guild | None = None) -> list[str]:
    """The kinds of the ledger's entries, in the order they were written."""
    where, values = _of(guild)
    with _database(stage.folder) as connection:
        return [row[0] for row in connection.execute(f"SELECT kind FROM ledger {where} ORDER BY id", values)]


def paid_by(stage: Stage, guild: Guild) -> dict[int, int]:
    """What each member has spent and reserved, in units of a ten-thousandth of a dollar."""
    query = (
        "SELECT accounts.user_id, sum(amount) FROM ledger JOIN accounts ON accounts.id = account_id "
        "WHERE ledger.guild_id = ? GROUP BY 1"
    )
    with _database(stage.folder) as connection:
        return dict(connection.execute(query, (guild.id,)).fetchall())


def untold(stage: Stage, guild: Guild) -> int:
    """How many notes for people are still open."""
    with _database(stage.folder) as connection:
        query = "SELECT count(*) FROM outbox JOIN jobs ON jobs.id = job_id WHERE done_at IS NULL AND guild_id = ?"
        return int(connection.execute(query, (guild.id,)).fetchone()[0])


def choose(stage: Stage, guild: Guild, **choices: object) -> None:
    """Set choices of a server's past the panels, for tests that are about what comes of them."""
    connection = sqlite3.connect(stage.folder / "clapboard.db", timeout=60, isolation_level=None)
    try:
        changed = connection.execute(
            "UPDATE guilds SET choices = json_patch(choices, ?) WHERE id = ?", (json.dumps(choices), guild.id)
        )
        assert changed.rowcount == 1
    finally:
        connection.close()
