"""What the store costs above the driver: commits of our writer against the same statements on bare aiosqlite."""

import tempfile
import time
from collections.abc import Awaitable, Callable
from contextlib import AsyncExitStack
from pathlib import Path
from statistics import median

import aiosqlite
from sqlalchemy import event

from benchmarks.files import SYNCED, opened
from benchmarks.table import BenchmarkError, Section, ratio
from bot.domain.clock import utc_now
from bot.domain.ids import new_job_id
from bot.domain.job import Job, JobState
from bot.domain.request import VideoRequest
from bot.store import jobs, moves
from bot.store.database import Database

PAIRS = 12
WINDOW_SECONDS = 0.25

Statement = tuple[str, tuple[object, ...]]


async def measure() -> Section:
    """One job's row is updated and committed, over and over, in windows that alternate."""
    section = Section("store · transactions a second that update one row, WAL, synchronous=FULL")
    async with AsyncExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="clapboard-bench-")))
        ours = await stack.enter_async_context(opened(folder / "ours.db"))
        job = await _add(ours)
        statements = await _spoken(ours, job)
        other = await stack.enter_async_context(opened(folder / "bare.db"))
        await _add(other, job)
        bare = await stack.enter_async_context(aiosqlite.connect(other.path, isolation_level=None))
        for pragma in SYNCED:
            await bare.execute(f"PRAGMA {pragma}")
        await _check(bare, statements)
        rates: tuple[list[float], list[float]] = ([], [])
        for _ in range(PAIRS):
            rates[0].append(await _rate(lambda: _note(ours, job)))
            rates[1].append(await _rate(lambda: _replay(bare, statements)))
    section.add("our writer", f"{median(rates[0]):.0f} / s")
    section.add("bare aiosqlite, the same statements", f"{median(rates[1]):.0f} / s")
    section.add("ours against bare", *ratio(*rates))
    return section


async def _add(database: Database, job: Job | None = None) -> Job:
    now = utc_now()
    job = job or Job(
        id=new_job_id(),
        state=JobState.QUEUED,
        fence=0,
        guild_id=1,
        channel_id=1,
        author_id=1,
        locale="en-US",
        model_id="sora-2",
        request=VideoRequest("a cat", 10, "16:9"),
        private=False,
        price=1500,
        size_limit=10 << 20,
        created_at=now,
        deadline_at=now,
    )
    async with database.write() as tx:
        await jobs.add(tx, job, 1)
    return job


async def _note(database: Database, job: Job) -> None:
    async with database.write() as tx:
        await moves.note_on(tx, job.id, finished_at=job.created_at)


async def _spoken(database: Database, job: Job) -> list[Statement]:
    """What our writer says to the driver in one transaction, its COMMIT aside."""
    said: list[Statement] = []

    def note(_connection: object, _cursor: object, statement: str, parameters: tuple[object, ...], *_: object) -> None:
        said.append((statement, parameters))

    engine = database.writer.sync_engine
    event.listen(engine, "before_cursor_execute", note)
    await _note(database, job)
    event.remove(engine, "before_cursor_execute", note)
    return said


async def _replay(connection: aiosqlite.Connection, statements: list[Statement]) -> None:
    for statement, parameters in statements:
        async with connection.execute(statement, parameters) as cursor:
            await cursor.fetchall()
    await connection.commit()


async def _check(connection: aiosqlite.Connection, statements: list[Statement]) -> None:
    """The comparison is fair only if both do the same."""
    before = connection.total_changes
    await _replay(connection, statements)
    if len(statements) != 2 or connection.total_changes != before + 1 or connection.in_transaction:
        message = f"the statements could not be replayed: {statements}"
        raise BenchmarkError(message)


async def _rate(transaction: Callable[[], Awaitable[None]]) -> float:
    count, started = 0, time.perf_counter()
    while (passed := time.perf_counter() - started) < WINDOW_SECONDS:
        await transaction()
        count += 1
    return count / passed
