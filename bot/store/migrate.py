"""Bringing a database file up to date, in a process of its own so that Alembic stays out of the bot's memory."""

import asyncio
import sqlite3
import sys
from contextlib import closing
from pathlib import Path

from bot.store.file import MigrationError, NewerDatabaseError

NEWER = 3
"""The child's exit status for a file that a newer program has written."""
HEAD = "0006"
"""The newest migration; a test holds it against the scripts."""


def revision(path: Path) -> str | None:
    """The migration that a file has seen last; None for a file that is missing, empty or no database of ours."""
    try:
        with closing(sqlite3.connect(f"{path.as_uri()}?mode=ro", uri=True)) as connection:
            row = connection.execute("SELECT version_num FROM alembic_version").fetchone()
    except sqlite3.Error:
        return None
    return str(row[0]) if row else None


async def migrate(path: Path) -> None:
    """Run the migrations that are missing. Raises NewerDatabaseError and MigrationError."""
    if await asyncio.to_thread(revision, path) == HEAD:
        return
    child = await asyncio.create_subprocess_exec(sys.executable, "-m", "bot.store.migrations", str(path))
    try:
        status = await child.wait()
    finally:
        if child.returncode is None:
            child.terminate()
            await child.wait()
    if status == NEWER:
        raise NewerDatabaseError(path=str(path))
    if status:
        raise MigrationError(path=str(path))
