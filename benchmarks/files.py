"""Database files to measure with: migrated as `run` does it, and filled past all rules."""

import sqlite3
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, closing
from datetime import datetime, timedelta
from pathlib import Path

from bot.store.database import Database
from bot.store.migrate import migrate

SYNCED = ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON", "busy_timeout=5000")
"""The pragmas of the store's writer."""


@asynccontextmanager
async def opened(path: Path) -> AsyncIterator[Database]:
    """A migrated file, open."""
    await migrate(path)
    async with Database(path) as database:
        yield database


def fill_ledger(path: Path, rows: int, guild_ids: tuple[int, ...], newest: datetime, span: timedelta) -> None:
    """Write videos that were reserved and committed, two rows each, evenly over the servers and over a time."""
    last, reach = int(newest.timestamp() * 1000), int(span.total_seconds() * 1000)
    with closing(sqlite3.connect(path)) as connection, connection:
        accounts = [("member", guild_id, member) for guild_id in guild_ids for member in range(1, 101)]
        connection.executemany("INSERT INTO accounts (kind, guild_id, user_id) VALUES (?, ?, ?)", accounts)
        ids = [row[0] for row in connection.execute("SELECT id FROM accounts ORDER BY guild_id, user_id")]
        homes = [row[0] for row in connection.execute("SELECT guild_id FROM accounts ORDER BY guild_id, user_id")]
        entries = []
        for number in range(rows // 2):
            at, whose = last - reach * number // (rows // 2), number * 7919 % len(ids)
            shared = (at, at, ids[whose], homes[whose], 1, f"{number:010d}")
            entries.append((*shared, "reserve", 1500, 1, "ordered"))
            entries.append((*shared, "commit", 0, 0, "delivered"))
        entries.reverse()
        connection.executemany(
            "INSERT INTO ledger (at, counts_at, account_id, guild_id, actor_id, job_id, kind, amount, videos, reason)"
            " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            entries,
        )
        connection.execute(
            "INSERT INTO spend (guild_id, slot, amount)"
            " SELECT guild_id, counts_at / 900000, sum(amount) FROM ledger GROUP BY 1, 2"
        )
