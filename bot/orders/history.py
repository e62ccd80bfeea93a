"""Somebody's own videos, for their eyes alone: page by page, by words of the prompt, and which of them can be shown."""

from collections.abc import Sequence
from dataclasses import dataclass

from bot.domain.job import AT_REST, RUNNING, Job, JobState, MessagePlace
from bot.orders.errors import NoVideoError, OutcomeUnknownError, StillRunningError
from bot.policy.errors import JobGoneError, RemovedError
from bot.store import guilds, history, jobs, moves
from bot.store.database import Database
from bot.store.history import Found

PER_PAGE = 5
_FINISHED = frozenset({JobState.DELIVERED, JobState.UNDELIVERED})


@dataclass(frozen=True, slots=True)
class Page:
    """A page of somebody's history, newest first; `number` counts from 0."""

    jobs: Sequence[Job]
    number: int
    pages: int
    videos: int


def has_video(job: Job) -> bool:
    """Whether there was a video in the end, which nobody has taken away."""
    return job.state in _FINISHED and job.removed_at is None


@dataclass(frozen=True, slots=True)
class History:
    """Looks through one person's videos, wherever they were made. Those of others are as if they did not exist."""

    database: Database

    async def page(self, user_id: int, number: int) -> Page:
        """A page of what has ended; the last one where there are not so many."""
        async with self.database.read() as tx:
            videos = await history.count(tx, user_id, AT_REST)
            pages = max(1, -(-videos // PER_PAGE))
            number = min(max(0, number), pages - 1)
            found = await history.ended(tx, user_id, AT_REST, offset=number * PER_PAGE, limit=PER_PAGE)
        return Page(found, number, pages, videos)

    async def finished(self, user_id: int, typed: str) -> Sequence[Found]:
        """Finished videos by the beginning of an id or by words of the prompt, newest first, at most 25."""
        async with self.database.read() as tx:
            return await history.find(tx, user_id, typed, _FINISHED)

    async def running(self, user_id: int, typed: str) -> Sequence[Found]:
        """The same for videos on their way."""
        async with self.database.read() as tx:
            return await history.find(tx, user_id, typed, RUNNING)

    async def own(self, user_id: int, job_id: str) -> Job:
        """A video of this person's. Raises JobGoneError."""
        async with self.database.read() as tx:
            job = await jobs.get(tx, job_id)
        if job is None or job.author_id != user_id:
            raise JobGoneError
        return job

    async def to_show(self, user_id: int, job_id: str) -> Job:
        """A finished video.

        Raises JobGoneError, RemovedError, StillRunningError, OutcomeUnknownError and NoVideoError.
        """
        job = await self.own(user_id, job_id)
        if job.removed_at is not None:
            raise RemovedError
        if job.state not in AT_REST:
            raise StillRunningError(video=f"`{job.id}`" if job.status is None else job.link(job.status))
        if job.state is JobState.UNSURE:
            raise OutcomeUnknownError
        if job.state not in _FINISHED:
            raise NoVideoError
        return job

    async def post(self, job: Job) -> MessagePlace | None:
        """Where its author can see it; one that could only be posted in the log channel is for moderators' eyes."""
        if job.message is None or job.guild_id is None or job.private:
            return job.message
        async with self.database.read() as tx:
            log_channel_id = (await guilds.get(tx, job.guild_id)).choices.log_channel_id
        return None if job.message.channel_id == log_channel_id else job.message

    async def gone(self, job: Job, place: MessagePlace) -> None:
        """The post of a video was found to be gone: nothing shall link to it any more."""
        async with self.database.write() as tx:
            fresh = await jobs.get(tx, job.id)
            if fresh is not None and fresh.message == place:
                await moves.note_on(tx, job.id, message_channel_id=None, message_id=None)
