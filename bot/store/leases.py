"""Leases: which process works on which job, until when."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, and_, func, or_, select, update

from bot.domain.job import AT_REST, NOT_SENT, Job, JobState
from bot.store.database import Transaction
from bot.store.rows import to_job
from bot.store.tables import jobs, outbox


@dataclass(frozen=True, slots=True)
class Lease:
    """A claim's owner and end."""

    owner: str
    until: datetime


def _free(now: datetime) -> ColumnElement[bool]:
    """Nobody holds it; an order whose member has not seen a status message waits, whatever is noted about it."""
    unheld = or_(jobs.c.lease_until.is_(None), jobs.c.lease_until <= now)
    seen = or_(jobs.c.state.not_in(NOT_SENT), jobs.c.acknowledged_at.is_not(None))
    return and_(jobs.c.next_at.is_not(None), unheld, seen)


async def claim(tx: Transaction, lease: Lease, now: datetime, *, limit: int, room: int) -> Sequence[Job]:
    """Take due jobs nobody holds, longest due first; of those that wait to be ordered at most `room`."""
    due = and_(_free(now), jobs.c.next_at <= now)
    queued = jobs.c.state == JobState.QUEUED
    others = await _take(tx, lease, and_(due, ~queued), limit)
    return others + await _take(tx, lease, and_(due, queued), min(limit - len(others), room))


async def _take(tx: Transaction, lease: Lease, which: ColumnElement[bool], most: int) -> list[Job]:
    ids = select(jobs.c.id).where(which).order_by(jobs.c.next_at, jobs.c.created_at, jobs.c.id).limit(max(most, 0))
    take = update(jobs).where(jobs.c.id.in_(ids.scalar_subquery()))
    take = take.values(lease_owner=lease.owner, lease_until=lease.until, fence=jobs.c.fence + 1)
    # RETURNING has an order of its own, and who came first is to be ordered first.
    rows = list((await tx.execute(take.returning(jobs))).mappings())
    return [to_job(row) for row in sorted(rows, key=lambda row: (row["next_at"], row["created_at"], row["id"]))]


async def renew(tx: Transaction, lease: Lease, job_ids: Collection[str]) -> frozenset[str]:
    """Lengthen leases together; what is not returned was lost to somebody else."""
    mine = (jobs.c.lease_owner == lease.owner, jobs.c.id.in_(job_ids))
    rows = await tx.execute(update(jobs).where(*mine).values(lease_until=lease.until).returning(jobs.c.id))
    return frozenset(rows.scalars())


async def holds(tx: Transaction, owner: str, job: Job, now: datetime) -> bool:
    """Whether the lease is still this process's, asked right before something is sent."""
    mine = (jobs.c.id == job.id, jobs.c.fence == job.fence, jobs.c.lease_owner == owner, jobs.c.lease_until > now)
    return (await tx.execute(select(jobs.c.id).where(*mine))).first() is not None


async def release(tx: Transaction, owner: str, job_id: str, now: datetime, next_at: datetime | None) -> None:
    """Hand a lease back; `next_at` says when somebody should look again, None that nothing is left to do.

    What was noted for telling in the meantime makes the job due at once; what was tried already waits for `next_at`.
    """
    mine = (jobs.c.id == job_id, jobs.c.lease_owner == owner)
    untold = select(outbox.c.id).where(outbox.c.job_id == job_id, outbox.c.done_at.is_(None))
    if next_at is not None:
        untold = untold.where(outbox.c.attempts == 0)
    await tx.execute(update(jobs).where(*mine, untold.exists()).values(next_at=now, lease_owner=None, lease_until=None))
    # Only what the line above has not handed back is still ours.
    await tx.execute(update(jobs).where(*mine).values(next_at=next_at, lease_owner=None, lease_until=None))


async def next_due(tx: Transaction, now: datetime, *, room: int) -> datetime | None:
    """When the next unclaimed job falls due; those that wait to be ordered only if there is room for one."""
    query = select(func.min(jobs.c.next_at)).where(_free(now))
    if room <= 0:
        query = query.where(jobs.c.state != JobState.QUEUED)
    moment: datetime | None = (await tx.execute(query)).scalar_one()
    return moment


async def take_over(tx: Transaction, now: datetime) -> None:
    """At the start of the one process that owns the file: every lease is a dead process's, every open job is due."""
    untold = select(outbox.c.job_id).where(outbox.c.done_at.is_(None)).scalar_subquery()
    open_ = or_(jobs.c.state.not_in(AT_REST), jobs.c.id.in_(untold))
    await tx.execute(update(jobs).where(jobs.c.lease_owner.is_not(None)).values(lease_owner=None, lease_until=None))
    seen = jobs.c.acknowledged_at.is_not(None)
    await tx.execute(update(jobs).where(open_, or_(seen, jobs.c.id.in_(untold))).values(next_at=now))


async def never_acknowledged(tx: Transaction, before: datetime) -> Sequence[Job]:
    """Jobs not sent yet whose member never saw a status message."""
    silent = (jobs.c.state.in_(NOT_SENT), jobs.c.acknowledged_at.is_(None), jobs.c.created_at < before)
    return [to_job(row) for row in (await tx.execute(select(jobs).where(*silent))).mappings()]
