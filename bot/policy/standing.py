"""Gathers what is known about a job at the moment of telling."""

from dataclasses import replace
from datetime import datetime

from bot.domain.guild import GuildChoices
from bot.domain.job import Job, JobState
from bot.domain.ledger import Settlement
from bot.domain.preferences import Ping
from bot.domain.sentence import MessageLink
from bot.domain.standing import UNTOLD, Progress, Standing
from bot.policy.limits import videos_left
from bot.store import guilds, jobs, ledger, people
from bot.store.database import Transaction

_AT_WORK = frozenset({JobState.SUBMITTING, JobState.RENDERING, JobState.OVERDUE})
_BEFORE_THE_END = _AT_WORK | {JobState.AWAITING_APPROVAL, JobState.QUEUED}
_UNPINGED = _BEFORE_THE_END - {JobState.OVERDUE}


async def standing(tx: Transaction, job: Job, now: datetime, progress: Progress = UNTOLD) -> Standing:
    """What a job's message tells in its state: its money, place in line, progress, allowance; in one transaction."""
    guild = await guilds.get(tx, job.guild_id or 0)
    settlement = await ledger.settlement(tx, job.id)
    known = Standing(
        settlement=settlement,
        is_carried=settlement is Settlement.REFUNDED and await ledger.is_carried(tx, job.id),
        line=await jobs.place_in_line(tx, job) if job.state is JobState.QUEUED else None,
        progress=progress,
        usual=await jobs.usual_time(tx, job.model_id) if job.state in _AT_WORK else None,
        original=None if job.remix_of is None else await place_of(tx, job.remix_of, job.server_id),
        is_kept=not (job.dont_post and await people.is_erased(tx, job.author_id, job.created_at)),
        ping=Ping.HERE if job.state in _UNPINGED else (await people.preferences(tx, job.author_id)).ping,
        hides_prompt=guild.choices.hide_prompts and not job.private,
        is_spoiler=job.spoiler or guild.choices.spoilers,
    )
    if job.state in _BEFORE_THE_END:
        return known
    return replace(
        known,
        videos_left=await videos_left(tx, job, guild, now),
        cost=job.price if guild.choices.show_money else None,
        keeps_status=_keeps_status(job, guild.choices),
        stands=_stands(job, guild.choices),
    )


def is_announced(job: Job, choices: GuildChoices) -> bool:
    """Whether a posted video gets a copy in the announcement channel: not where it stands there by itself already, and
    none in the log, which has its own cards."""
    if job.message is None or job.private or job.dont_post or job.removed_at is not None:
        return False
    channel_id = choices.announcement_channel_id
    return channel_id is not None and channel_id not in {job.message.channel_id, choices.log_channel_id}


def _keeps_status(job: Job, choices: GuildChoices) -> bool:
    """Whether the status leads on to the video: where the server wants it, or where that is not beside it."""
    if job.message is None or job.private or job.dont_post or job.removed_at is not None:
        return False
    return choices.keep_status or job.message.channel_id != job.channel_id


def _stands(job: Job, choices: GuildChoices) -> MessageLink | None:
    """Where members find the video: not in direct messages, in the log, or above the thread that was closed to it."""
    if job.message is None or job.private:
        return None
    # A thread has the id of the message that it begins with.
    thread_id = None if job.status is None else job.status.message_id
    open_ids = {job.channel_id, choices.gallery_channel_id, thread_id}
    return job.link(job.message) if job.message.channel_id in open_ids else None


async def place_of(tx: Transaction, job_id: str, server_id: int | None) -> MessageLink | str:
    """Where a video stands for everybody in a server, or its id where nothing there can be linked to."""
    job = await jobs.get(tx, job_id)
    if job is None or job.message is None or job.private or job.removed_at is not None or job.server_id != server_id:
        return job_id
    return job.link(job.message)
