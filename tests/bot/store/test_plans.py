"""What is asked again and again is found by an index, however much is kept: no table is read through for it."""

from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta

import pytest
from sqlalchemy import Connection, event
from sqlalchemy.engine.interfaces import DBAPICursor, ExecutionContext
from sqlalchemy.ext.asyncio import AsyncEngine

from bot.store import acts, declines, guild_jobs, jobs, ledger, notices, open_jobs, results
from bot.store.database import Database, Transaction
from tests.bot.store.records import ALICE, GUILD, NOW

Statement = tuple[str, tuple[object, ...]]
LONG_AGO = NOW - timedelta(days=40)
ASKED_OFTEN: dict[str, Callable[[Transaction], Awaitable[object]]] = {
    "limits of an order": lambda tx: ledger.usage(
        tx, GUILD, ALICE, day=NOW, month=NOW, process_day=NOW, process_month=NOW
    ),
    "what a card tells of a job": lambda tx: acts.on_job(tx, "0000000001"),
    "a page of the record": lambda tx: acts.of_guild(tx, GUILD, offset=0, limit=6),
    "what is to be told": lambda tx: notices.due(tx, NOW, limit=50),
    "what was told long ago": lambda tx: notices.forget(tx, LONG_AGO),
    "declines of long ago": lambda tx: declines.forget(tx, LONG_AGO),
    "a member's declines": lambda tx: declines.since(tx, GUILD, ALICE, NOW),
    "old jobs": lambda tx: jobs.forget(tx, LONG_AGO),
    "servers that have spent": lambda tx: ledger.grown(tx, 1),
    "a server's running videos": lambda tx: guild_jobs.count_running(tx, GUILD),
    "where a server's videos stand": lambda tx: open_jobs.count(tx, GUILD),
    "which large videos are offered": lambda tx: results.offered(tx, NOW),
    "a server's oldest order": lambda tx: open_jobs.oldest_queued(tx, GUILD),
}


@contextmanager
def heard(engine: AsyncEngine) -> Iterator[list[Statement]]:
    """The statements that are executed meanwhile."""
    statements: list[Statement] = []

    def hear(
        _connection: Connection,
        _cursor: DBAPICursor,
        statement: str,
        parameters: tuple[object, ...],
        _context: ExecutionContext,
        _many: bool,
    ) -> None:
        statements.append((statement, parameters))

    event.listen(engine.sync_engine, "before_cursor_execute", hear)
    try:
        yield statements
    finally:
        event.remove(engine.sync_engine, "before_cursor_execute", hear)


@pytest.mark.parametrize("name", ASKED_OFTEN)
async def test_no_table_is_read_through(database: Database, name: str) -> None:
    plans: list[str] = []
    async with database.write() as tx:
        with heard(database.writer) as statements:
            await ASKED_OFTEN[name](tx)
        for statement, parameters in statements:
            found = await tx.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", parameters)
            plans += [str(tuple(row)[-1]) for row in found]

    assert plans
    assert [plan for plan in plans if plan.startswith("SCAN") and plan != "SCAN CONSTANT ROW"] == []
