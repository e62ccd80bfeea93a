"""Telling people: works off a job's notes, each with its own nonce, until they are told or it has become useless."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from random import random

import structlog

from bot.domain.clock import Clock
from bot.domain.errors import ClapboardError
from bot.domain.ids import nonce
from bot.domain.job import Job, JobState, MessagePlace
from bot.domain.outbox import Note, NoteKind
from bot.domain.preferences import Ping
from bot.domain.standing import UNTOLD, Progress, Standing, is_slow
from bot.media.errors import VideoFetchError
from bot.media.fit import Fitted
from bot.policy.standing import standing
from bot.store import jobs, moves, outbox, posts
from bot.store.database import Database
from bot.store.posts import COPIES, PostKind
from bot.worker.announce import NO_FILE, Announce
from bot.worker.carry import send_fitting
from bot.worker.deliver import LADDER, NONCE_MEMORY, PRIVATE_LADDER, Deliver
from bot.worker.herald import Herald, Place, PlaceClosedError, PostDeletedError, TryAgainError
from bot.worker.logbook import Logbook
from bot.worker.outcome import Outcome, Watch
from bot.worker.timing import until_retry

log = structlog.get_logger(__name__)

GIVE_UP = timedelta(hours=24)
EDIT_EVERY = timedelta(seconds=15)
STEP_PERCENT = 10
_WITH_VIDEO = frozenset({NoteKind.RESULT, NoteKind.LOG, NoteKind.COPY})
_ENDED_BADLY = frozenset(
    {
        JobState.FAILED,
        JobState.UNSURE,
        JobState.DROPPED,
        JobState.OVERDUE,
        JobState.EXPIRED,
        JobState.UNDELIVERED,
    }
)


@dataclass(frozen=True, slots=True)
class Tell:
    """Tells what is noted about a job, and shows progress on its status message."""

    database: Database
    herald: Herald
    deliver: Deliver
    clock: Clock

    async def __call__(self, job: Job, watch: Watch) -> Outcome:
        """Work off the open notes; the outcome says when to try again what could not be told."""
        again: datetime | None = None
        tried: set[int] = set()
        waits_for_video = False
        while note := await self._next(job, tried):
            tried.add(note.id)
            try:
                job = await self._tell(job, note, watch)
            except TryAgainError as error:
                at = await self._tried(note, error)
                again = min(again or at, at)
                waits_for_video = waits_for_video or note.kind in _WITH_VIDEO
                continue
            async with self.database.write() as tx:
                await outbox.done(tx, note, self.clock())
        if not waits_for_video:
            await self.deliver.carrier.forget(job)
        return Outcome(job, again)

    async def _next(self, job: Job, tried: set[int]) -> Note | None:
        """The oldest open note not tried yet; telling one may have noted another."""
        async with self.database.read() as tx:
            notes = await outbox.open_notes(tx, job.id)
        return next((note for note in notes if note.id not in tried), None)

    async def show(self, job: Job, progress: Progress, watch: Watch) -> None:
        """Bring the status message up to date: on a new state, a 10 % step or when it takes longer than usual.

        At most every 15 s; what Discord did not take is tried again with the next poll after that.
        """
        now = self.clock()
        watch.progress = progress
        percent, slow = progress.percent or 0, is_slow(now - (job.ordered_at or job.created_at), watch.usual)
        is_news = watch.shown_state is not job.state or percent - watch.shown_percent >= STEP_PERCENT
        if not is_news and slow == watch.shown_slow:
            return
        if watch.shown_at is not None and now - watch.shown_at < EDIT_EVERY:
            return
        watch.shown_at = now
        async with self.database.read() as tx:
            job = await jobs.get(tx, job.id) or job
            facts = await standing(tx, job, now, progress)
        try:
            await self.herald.show_status(job, facts)
        except TryAgainError:
            log.info("progress not shown", job=job.id)
            return
        watch.shown_state, watch.shown_percent, watch.shown_slow = job.state, percent, slow

    async def _tell(self, job: Job, note: Note, watch: Watch) -> Job:
        match note.kind:
            case NoteKind.RESULT:
                return await self.deliver(job, watch)
            case NoteKind.STATUS:
                await self._status(job, watch)
            case NoteKind.PING:
                await self._ping(job)
            case NoteKind.LOG:
                await self._log(job, note, watch)
            case NoteKind.DIRECT:
                await self._directly(job)
            case NoteKind.COPY:
                await Announce(self.database, self.herald, self.deliver.carrier, self.clock)(job, note, watch)
            case NoteKind.TAKE_DOWN:
                return await self._take_down(job)
            case NoteKind.CARD:
                await Logbook(self.database, self.herald, self.clock).tell(job, note)
        return job

    async def _standing(self, job: Job, progress: Progress = UNTOLD) -> Standing:
        async with self.database.read() as tx:
            return await standing(tx, job, self.clock(), progress)

    async def _status(self, taken_up: Job, watch: Watch) -> None:
        watch.shown_at = self.clock()
        async with self.database.read() as tx:
            # Somebody may have decided about it since the worker took it up, and noted that.
            job = await jobs.get(tx, taken_up.id) or taken_up
            progress = watch.progress if job.state is JobState.RENDERING else UNTOLD
            facts = await standing(tx, job, self.clock(), progress)
        shown = await self.herald.show_status(job, facts)
        if not shown and _has_ended_badly(job) and job.failure is not None:
            async with self.database.write() as tx:
                await outbox.put(tx, job.id, self.clock(), NoteKind.PING)

    async def _ping(self, job: Job) -> None:
        if not _has_ended_badly(job):
            return
        facts = await self._standing(job)
        if facts.ping is Ping.SILENT and await self.herald.show_status(job, facts):
            return
        place = await self._pinged(job, facts)
        if facts.ping is Ping.BOTH and not job.private and place is not Place.DIRECT:
            async with self.database.write() as tx:
                await outbox.put(tx, job.id, self.clock(), NoteKind.DIRECT)

    async def _pinged(self, job: Job, facts: Standing) -> Place | None:
        """Where the author was told; None if nowhere."""
        for place in _ping_ladder(job, facts.ping):
            try:
                await self.herald.ping_failure(job, facts, place, nonce(job.id, f"{job.state[:4]}-{place[:2]}"))
            except PlaceClosedError:
                continue
            except PostDeletedError:
                log.info("told before, and deleted", job=job.id)
            return place
        log.warning("nobody could be told", job=job.id, state=job.state)
        return None

    async def _directly(self, job: Job) -> None:
        if job.state is not JobState.DELIVERED and not _has_ended_badly(job):
            return
        try:
            tag = nonce(job.id, f"{NoteKind.DIRECT}-{job.state[:4]}")
            await self.herald.tell_directly(job, await self._standing(job), tag)
        except (PlaceClosedError, PostDeletedError):
            log.info("no direct messages, or it was deleted", job=job.id)

    async def _log(self, job: Job, note: Note, watch: Watch) -> None:
        facts = await self._standing(job)
        tag = nonce(job.id, NoteKind.LOG)

        async def post(video: Fitted) -> MessagePlace:
            # Converting it may have taken longer than Discord remembers a nonce.
            found = await self._logged(job) if self.clock() - note.created_at > NONCE_MEMORY else None
            if found is not None:
                return found
            copied = replace(job, film=video.film or job.film)
            return await self.herald.log_result(copied, facts, video.path, tag)

        try:
            try:
                async with self.deliver.carrier.fetched(job, watch) as video:
                    place = await send_fitting(video, job, Place.LOG, self.herald, watch, post)
            except VideoFetchError:
                place = await post(NO_FILE)
        except (PlaceClosedError, PostDeletedError):
            log.info("no log channel, or its copy was deleted", job=job.id)
            return
        async with self.database.write() as tx:
            await posts.put(tx, job.id, PostKind.LOG, job.author_id, place)
            fresh = await jobs.get(tx, job.id)
            if fresh is not None and fresh.removed_at is not None:
                # A moderator came while it was being posted.
                await outbox.put(tx, job.id, self.clock(), NoteKind.TAKE_DOWN)

    async def _logged(self, job: Job) -> MessagePlace | None:
        try:
            return await self.herald.find_copy(job, Place.LOG)
        except PlaceClosedError:
            return None

    async def _take_down(self, job: Job) -> Job:
        """Delete the post of what nobody wants posted, with its copies and what leads to it.

        Of what a moderator has removed, the moderators' own copy too.
        """
        async with self.database.read() as tx:
            job = await jobs.get(tx, job.id) or job
            going = COPIES if job.removed_at is not None else COPIES - {PostKind.LOG}
            copies = [post for post in await posts.of_job(tx, job.id) if post.kind in going]
        is_deleted = job.state is JobState.DELIVERED and job.message is None
        in_thread = job.message is not None and job.message.channel_id == (job.status and job.status.message_id)
        if job.status is not None and (job.removed_at is not None or is_deleted or in_thread):
            await self._taken_down(job, job.status)
        for copy in copies:
            if await self._taken_down(job, copy.place):
                async with self.database.write() as tx:
                    await posts.forget(tx, copy.id)
        if job.message is not None and await self._taken_down(job, job.message):
            async with self.database.write() as tx:
                return await moves.note_on(tx, job.id, message_channel_id=None, message_id=None) or job
        return job

    async def _taken_down(self, job: Job, place: MessagePlace) -> bool:
        """Whether a message stands no more."""
        try:
            await self.herald.take_down(job, place)
        except PlaceClosedError as error:
            log.warning("message not deleted", job=job.id, channel=place.channel_id, error=repr(error.__cause__))
            return False
        return True

    async def _tried(self, note: Note, error: TryAgainError) -> datetime:
        now = self.clock()
        attempts = note.attempts + 1
        log.warning("not told yet", job=note.job_id, kind=note.kind, attempts=attempts, cause=_cause(error))
        async with self.database.write() as tx:
            await outbox.tried(tx, note)
            if note.kind is NoteKind.RESULT and not note.attempts:
                # The status message still says that it is rendering.
                await outbox.put(tx, note.job_id, now, NoteKind.STATUS)
            if now - note.created_at > GIVE_UP and note.kind is not NoteKind.RESULT:
                log.error("given up telling", job=note.job_id, kind=note.kind)
                await outbox.done(tx, note, now)
        wait = until_retry(attempts, random(), error.retry_after_seconds)  # noqa: S311  jitter
        return now + timedelta(seconds=wait)


def _has_ended_badly(job: Job) -> bool:
    """Whether its author has to hear of it: what they have cancelled themselves they know."""
    return job.state in _ENDED_BADLY or (job.state is JobState.CANCELLED and job.failure is not None)


def _ping_ladder(job: Job, ping: Ping) -> tuple[Place, ...]:
    if job.private:
        return PRIVATE_LADDER
    here = LADDER[: LADDER.index(Place.LOG)]
    if ping is not Ping.DIRECT:
        return here
    return (Place.DIRECT, *(place for place in here if place is not Place.DIRECT))


def _cause(error: BaseException) -> str | None:
    """What lies behind an error, down to its root: the root tells a full disk from a Discord that is away."""
    causes = []
    while error.__cause__ is not None:
        error = error.__cause__
        detail = (error.sentence.params or "") if isinstance(error, ClapboardError) else error
        causes.append(f"{type(error).__name__}: {detail}".removesuffix(": "))
    return ", from ".join(causes) or None
