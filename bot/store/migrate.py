"""Bringing a database file up to date, in a process of its own so that Alembic stays out of the bot's memory."""

import asyncio
import sys
from pathlib import Path

from bot.store.file import MigrationError, NewerDatabaseError

NEWER = 3
"""The child's exit status for a file that a newer program has written."""


async def migrate(path: Path) -> None:
    """Run the migrations that are missing. Raises NewerDatabaseError and MigrationError."""
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
