"""A server's jobs, as its moderators look for them."""

from collections.abc import Collection, Sequence

from sqlalchemy import func, select

from bot.domain.job import RUNNING, Job, JobState
from bot.store.database import Transaction
from bot.store.history import NEWEST, Found, matching
from bot.store.rows import to_job
from bot.store.tables import jobs

_NO_VIDEO = (JobState.CANCELLED, JobState.FAILED, JobState.EXPIRED, JobState.DROPPED)


async def find(tx: Transaction, guild_id: int, typed: str, *, limit: int = 25) -> Sequence[Found]:
    """A server's newest videos whose id begins with what was typed, or whose prompt has all its words.

    Neither those that a moderator has removed, nor orders that came to nothing.
    """
    query = select(jobs.c.id, jobs.c.request).where(jobs.c.guild_id == guild_id, jobs.c.removed_at.is_(None))
    query = query.where(jobs.c.state.not_in(_NO_VIDEO)).order_by(jobs.c.created_at.desc(), jobs.c.id).limit(NEWEST)
    return matching(await tx.execute(query), typed, limit)


async def find_in(
    tx: Transaction, guild_id: int, typed: str, states: Collection[JobState], *, limit: int = 25
) -> Sequence[Found]:
    """A server's newest jobs in some states by what was typed of their id or prompt."""
    query = select(jobs.c.id, jobs.c.request).where(jobs.c.guild_id == guild_id, jobs.c.state.in_(states))
    query = query.order_by(jobs.c.created_at.desc(), jobs.c.id).limit(NEWEST)
    return matching(await tx.execute(query), typed, limit)


async def count_running(tx: Transaction, guild_id: int) -> int:
    """How many of a server's jobs are on their way."""
    query = select(func.count()).where(jobs.c.guild_id == guild_id, jobs.c.state.in_(RUNNING))
    return int((await tx.execute(query)).scalar_one())


async def running(tx: Transaction, guild_id: int, *, offset: int, limit: int) -> Sequence[Job]:
    """A server's jobs on their way, oldest first."""
    query = select(jobs).where(jobs.c.guild_id == guild_id, jobs.c.state.in_(RUNNING))
    query = query.order_by(jobs.c.created_at, jobs.c.id).offset(offset).limit(limit)
    return [to_job(row) for row in (await tx.execute(query)).mappings()]


async def find_running(tx: Transaction, guild_id: int, typed: str, *, limit: int = 25) -> Sequence[Found]:
    """A server's jobs on their way by what was typed of their id or prompt, newest first."""
    query = select(jobs.c.id, jobs.c.request).where(jobs.c.guild_id == guild_id, jobs.c.state.in_(RUNNING))
    query = query.order_by(jobs.c.created_at.desc(), jobs.c.id).limit(NEWEST)
    return matching(await tx.execute(query), typed, limit)
