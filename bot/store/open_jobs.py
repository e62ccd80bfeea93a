"""How many of a server's jobs stand where, for its managers."""

from collections import Counter
from dataclasses import dataclass

from sqlalchemy import func, select

from bot.domain.job import Job, JobState
from bot.store.database import Transaction
from bot.store.rows import to_job
from bot.store.tables import jobs


@dataclass(frozen=True, slots=True)
class Open:
    """How many of a server's jobs stand where: waiting for a manager, to be ordered, at a gateway, to be posted, or
    with an outcome that nobody knows."""

    awaiting_approval: int = 0
    queued: int = 0
    rendering: int = 0
    finishing: int = 0
    unsure: int = 0


_PLACES = {
    JobState.AWAITING_APPROVAL: "awaiting_approval",
    JobState.QUEUED: "queued",
    JobState.SUBMITTING: "rendering",
    JobState.RENDERING: "rendering",
    JobState.OVERDUE: "rendering",
    JobState.RENDERED: "finishing",
    JobState.DELIVERING: "finishing",
    JobState.UNSURE: "unsure",
}


async def count(tx: Transaction, guild_id: int) -> Open:
    """How many of a server's jobs have not ended."""
    query = select(jobs.c.state, func.count()).where(jobs.c.guild_id == guild_id, jobs.c.state.in_(_PLACES))
    found: Counter[str] = Counter()
    for state, count in await tx.execute(query.group_by(jobs.c.state)):
        found[_PLACES[state]] += count
    return Open(**found)


async def oldest_queued(tx: Transaction, guild_id: int) -> Job | None:
    """The job of a server that waits longest to be ordered."""
    query = select(jobs).where(jobs.c.state == JobState.QUEUED, jobs.c.guild_id == guild_id)
    row = (await tx.execute(query.order_by(jobs.c.created_at, jobs.c.id).limit(1))).mappings().first()
    return to_job(row) if row else None
