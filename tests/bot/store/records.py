"""Jobs to put into a database, and what the books then say."""

from collections.abc import Awaitable, Callable, Sequence
from datetime import UTC, datetime, timedelta
from itertools import count
from typing import TypeVar

from bot.domain.job import Job, JobState
from bot.domain.request import VideoRequest
from bot.store import jobs, ledger, moves
from bot.store.database import Database, Transaction

NOW = datetime(2026, 3, 14, 15, 9, 26, 535000, tzinfo=UTC)
SECOND = timedelta(seconds=1)
GUILD = 1130000000000000001
CHANNEL = 1130000000000000002
ALICE = 1120000000000000001
BOB = 1120000000000000002
PRICE = 1500

T = TypeVar("T")
_numbers = count(1)


def job(**changes: object) -> Job:
    """A job of Alice's that was accepted just now; ids are digits, which base32 has too."""
    values: dict[str, object] = {
        "id": f"{next(_numbers):010d}",
        "state": JobState.QUEUED,
        "fence": 0,
        "guild_id": GUILD,
        "channel_id": CHANNEL,
        "author_id": ALICE,
        "locale": "en-US",
        "model_id": "sora-2",
        "request": VideoRequest("a cat", 10, "16:9"),
        "private": False,
        "price": PRICE,
        "size_limit": 10 << 20,
        "created_at": NOW,
        "deadline_at": NOW + timedelta(hours=1),
    }
    return Job(**(values | changes))  # type: ignore[arg-type]


async def add(database: Database, new: Job | None = None, **columns: object) -> Job:
    """Write a job; `columns` are set past all rules, so that a test can begin anywhere."""
    new = new or job()
    async with database.write() as tx:
        assert await jobs.add(tx, new, next(_numbers))
        written = await moves.note_on(tx, new.id, **columns) if columns else await jobs.get(tx, new.id)
    assert written is not None
    return written


async def add_due(database: Database, new: Job | None = None, **columns: object) -> Job:
    """Write a job that its member has seen and that may be claimed."""
    return await add(database, new, **({"acknowledged_at": NOW, "next_at": NOW} | columns))


async def add_reserved(database: Database, new: Job | None = None, **columns: object) -> Job:
    """Write a job whose price is reserved on its author's account."""
    written = await add(database, new, **columns)
    async with database.write() as tx:
        accounts = await ledger.lock(tx, written.guild_id, written.author_id)
        await ledger.reserve(tx, written, accounts.member, written.created_at)
    return written


async def reread(database: Database, job_id: str) -> Job:
    """A job as it is now."""
    async with database.read() as tx:
        found = await jobs.get(tx, job_id)
    assert found is not None
    return found


async def ask(database: Database, question: Callable[[Transaction], Awaitable[T]]) -> T:
    """Read one thing."""
    async with database.read() as tx:
        return await question(tx)


async def rows(database: Database, sql: str) -> Sequence[tuple[object, ...]]:
    """What a statement finds, for what no function of the store tells."""
    async with database.read() as tx:
        return [tuple(row) for row in await tx.exec_driver_sql(sql)]
