"""Looks into the program's database from outside, read-only."""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sandbox.stage import Stage


@contextmanager
def _database(folder: Path) -> Iterator[sqlite3.Connection]:
    connection = sqlite3.connect(f"file:{folder}/clapboard.db?mode=ro", uri=True, timeout=5)
    try:
        yield connection
    finally:
        connection.close()


def states(stage: Stage) -> list[str]:
    """The states of all jobs, oldest first; none before there is a database."""
    if not (stage.folder / "clapboard.db").exists():
        return []
    with _database(stage.folder) as connection:
        return [row[0] for row in connection.execute("SELECT state FROM jobs ORDER BY created_at")]


def spent(stage: Stage) -> int:
    """The sum of the ledger, in units of a ten-thousandth of a dollar."""
    with _database(stage.folder) as connection:
        return int(connection.execute("SELECT coalesce(sum(amount), 0) FROM ledger").fetchone()[0])


def entries(stage: Stage) -> list[str]:
    """The kinds of the ledger's entries, in the order they were written."""
    with _database(stage.folder) as connection:
        return [row[0] for row in connection.execute("SELECT kind FROM ledger ORDER BY id")]
