"""A server's jobs, as its moderators look for them."""

from collections.abc import Sequence

from sqlalchemy import select

from bot.domain.job import JobState
from bot.store.database import Transaction
from bot.store.history import NEWEST, Found, matching
from bot.store.tables import jobs

_NO_VIDEO = (JobState.CANCELLED, JobState.FAILED, JobState.EXPIRED, JobState.DROPPED)


async def find(tx: Transaction, guild_id: int, typed: str, *, limit: int = 25) -> Sequence[Found]:
    """A server's newest videos whose id begins with what was typed, or whose prompt has all its words.

    Neither those that a moderator has removed, nor orders that came to nothing.
    """
    query = select(jobs.c.id, jobs.c.request).where(jobs.c.guild_id == guild_id, jobs.c.removed_at.is_(None))
    query = query.where(jobs.c.state.not_in(_NO_VIDEO)).order_by(jobs.c.created_at.desc(), jobs.c.id).limit(NEWEST)
    return matching(await tx.execute(query), typed, limit)
