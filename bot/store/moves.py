"""The two kinds of writes that move a job: guarded intents and unguarded evidence.

An intent is committed before the first byte leaves and does nothing when somebody else was first. Evidence is true
whoever holds the lease: it is idempotent and only moves forward. Why: docs/decisions/0003-two-kinds-of-writes.md.
"""

from datetime import datetime

from sqlalchemy import select, update
from sqlalchemy.dialects.sqlite import insert as upsert

from bot.domain.job import MOVES, Job, JobState, MessagePlace, TaskRef, sources
from bot.store.database import Transaction
from bot.store.rows import to_job
from bot.store.tables import jobs, tasks


async def intend(tx: Transaction, job: Job, target: JobState, **changes: object) -> Job | None:
    """Move a job that is still as `job` says (state and fence). None: somebody else was first, touch nothing.

    Raises ValueError for a move that `MOVES` does not allow. Moving to the state it has renews the intent.
    """
    if target != job.state and target not in MOVES[job.state]:
        message = f"{job.state} → {target}"
        raise ValueError(message)
    guard = (jobs.c.id == job.id, jobs.c.state == job.state, jobs.c.fence == job.fence)
    moved = await tx.execute(update(jobs).where(*guard).values(state=target, **changes).returning(jobs))
    row = moved.mappings().first()
    return to_job(row) if row else None


async def learn(tx: Transaction, job_id: str, target: JobState, **changes: object) -> Job | None:
    """Record what has become true, from any state that may lead there. None: the job is past it already."""
    come = (jobs.c.id == job_id, jobs.c.state.in_(sources(target)))
    row = (
        (await tx.execute(update(jobs).where(*come).values(state=target, **changes).returning(jobs))).mappings().first()
    )
    return to_job(row) if row else None


async def learn_task(tx: Transaction, job_id: str, task: TaskRef, at: datetime, **changes: object) -> Job | None:
    """Record that a gateway has taken the order. A second, different task is kept in `tasks`, never dropped.

    None: the job is past waiting for a task, or the task is another job's.
    """
    kept = {"gateway": task.gateway, "task_id": task.task_id, "job_id": job_id, "learned_at": at}
    await tx.execute(upsert(tasks).values(kept).on_conflict_do_nothing())
    same = (tasks.c.gateway == task.gateway, tasks.c.task_id == task.task_id)
    if (await tx.execute(select(tasks.c.job_id).where(*same))).scalar_one() != job_id:
        return None
    found = {"gateway": task.gateway, "task_id": task.task_id, "ordered_at": at, "next_at": at, "failure": None}
    return await learn(tx, job_id, JobState.RENDERING, **found, **changes)


async def note_on(tx: Transaction, job_id: str, **changes: object) -> Job | None:
    """Record evidence that moves no state: where the status stands, a fresh result address, *don't post*."""
    row = (
        (await tx.execute(update(jobs).where(jobs.c.id == job_id).values(**changes).returning(jobs))).mappings().first()
    )
    return to_job(row) if row else None


async def acknowledge(tx: Transaction, job_id: str, status: MessagePlace | None, at: datetime) -> Job | None:
    """Record that the member has seen the status message: from now on the job may be claimed."""
    place = {"status_channel_id": status.channel_id, "status_message_id": status.message_id} if status else {}
    waiting = jobs.c.state.in_((JobState.QUEUED, JobState.AWAITING_APPROVAL))
    fresh = (jobs.c.id == job_id, jobs.c.acknowledged_at.is_(None), waiting)
    seen = update(jobs).where(*fresh).values(acknowledged_at=at, next_at=at, **place).returning(jobs)
    row = (await tx.execute(seen)).mappings().first()
    return to_job(row) if row else None
