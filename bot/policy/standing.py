"""Gathers what is known about a job at the moment of telling."""

from datetime import datetime

from bot.domain.job import Job, JobState
from bot.domain.standing import UNTOLD, Progress, Standing
from bot.policy.limits import videos_left
from bot.store import guilds, jobs, ledger
from bot.store.database import Transaction

_AT_WORK = frozenset({JobState.SUBMITTING, JobState.RENDERING, JobState.OVERDUE})
_BEFORE_THE_END = _AT_WORK | {JobState.AWAITING_APPROVAL, JobState.QUEUED}


async def standing(tx: Transaction, job: Job, now: datetime, progress: Progress = UNTOLD) -> Standing:
    """What a job's message tells in its state: its money, place in line, progress, allowance; in one transaction."""
    left = None
    if job.state not in _BEFORE_THE_END:
        left = await videos_left(tx, job, await guilds.get(tx, job.guild_id or 0), now)
    return Standing(
        settlement=await ledger.settlement(tx, job.id),
        line=await jobs.place_in_line(tx, job) if job.state is JobState.QUEUED else None,
        progress=progress,
        usual=await jobs.usual_time(tx, job.model_id) if job.state in _AT_WORK else None,
        videos_left=left,
    )
