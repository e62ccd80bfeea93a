"""A look at a database file from outside: read-only and without its lock, so also while the bot runs."""

import sqlite3
import time
from collections.abc import Sequence
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from bot.domain.retirement import Retirement
from bot.store.migrate import HEAD, revision

STEPS = 1000
"""Of SQLite's machine between two looks at the clock."""


@dataclass(frozen=True, slots=True)
class Inspection:
    """What was seen. `revision`: the newest migration in the file; None for a file without any.

    `damage`: the first thing that SQLite finds wrong; `is_complete` False when it ran out of time before the end;
    `is_locked`: another program keeps everybody out, so that nothing was seen.
    """

    revision: str | None
    damage: str | None
    is_complete: bool
    is_locked: bool = False

    @property
    def is_old(self) -> bool:
        """Whether this program would bring the file up to date."""
        return self.revision is None or self.revision < HEAD

    @property
    def is_newer(self) -> bool:
        """Whether a later program has written it. Migrations are numbered."""
        return self.revision is not None and self.revision > HEAD


def retired(path: Path) -> Sequence[Retirement]:
    """What gateways are written down to know no more; none of a file that is missing, older, locked or damaged."""
    try:
        with closing(sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro", uri=True)) as connection:
            rows = connection.execute("SELECT gateway, slug, since FROM retirements ORDER BY gateway, slug").fetchall()
    except sqlite3.Error:
        return ()
    return [Retirement(gateway, slug, datetime.fromtimestamp(since / 1000, UTC)) for gateway, slug, since in rows]


def inspect(path: Path, seconds: float) -> Inspection:
    """Look at a file that exists, by SQLite's quick check, for so many seconds at most."""
    ends_at = time.monotonic() + seconds
    try:
        with closing(sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro", uri=True)) as connection:
            connection.set_progress_handler(lambda: time.monotonic() > ends_at, STEPS)
            (found,) = connection.execute("PRAGMA quick_check(1)").fetchone()
    except sqlite3.Error as error:
        if getattr(error, "sqlite_errorcode", 0) & 0xFF in {sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED}:
            return Inspection(None, None, is_complete=False, is_locked=True)
        is_late = time.monotonic() > ends_at
        return Inspection(revision(path.absolute()), None if is_late else str(error), not is_late)
    return Inspection(revision(path.absolute()), None if found == "ok" else str(found), is_complete=True)
