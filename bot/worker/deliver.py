"""Posting a finished video: fetched to a file, posted once, with a ladder of places and a search after a crash."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta

import structlog

from bot.domain.clock import Clock
from bot.domain.failure import FailureKind
from bot.domain.ids import nonce
from bot.domain.job import Job, JobState, MessagePlace
from bot.domain.outbox import NoteKind
from bot.domain.preferences import Ping
from bot.domain.standing import Standing
from bot.gateway.choice import Gateways
from bot.gateway.errors import GatewayError, TaskNotFoundError
from bot.media.download import Downloads
from bot.media.errors import (
    NotAVideoError,
    TemporaryFileError,
    VideoAddressError,
    VideoFetchError,
    VideoGoneError,
    VideoTooLargeError,
)
from bot.media.fit import Fitted, Fitter
from bot.policy.standing import is_announced, standing
from bot.store import guilds, moves, outbox, people
from bot.store.database import Database
from bot.store.rows import dump_film
from bot.worker.endings import Endings
from bot.worker.evidence import record
from bot.worker.herald import Herald, Place, PlaceClosedError, PostDeletedError, TooLargeError, TryAgainError
from bot.worker.outcome import Watch

log = structlog.get_logger(__name__)

NONCE_MEMORY = timedelta(seconds=60)
"""How long Discord surely remembers a nonce; later, our own post is searched for."""
BAD_FOR = timedelta(minutes=30)
"""How long after its end a video may be refused at an address that should work, or unknown to its gateway."""
GONE_AFTER = timedelta(hours=24)
"""How long a gateway is asked in vain for an address in place of one that has run out."""
LADDER = (Place.CHANNEL, Place.REPLY, Place.PARENT, Place.DIRECT, Place.LOG)
PRIVATE_LADDER = (Place.CHANNEL,)
TAGS = {
    Place.GALLERY: "gallery",
    Place.THREAD: "thread",
    Place.CHANNEL: "done",
    Place.REPLY: "reply",
    Place.PARENT: "parent",
    Place.DIRECT: "dm",
    Place.LOG: "log",
}


@dataclass(frozen=True, slots=True)
class Deliver:
    """Takes a rendered job to `delivered`, or keeps it as `undelivered`."""

    database: Database
    gateways: Gateways
    downloads: Downloads
    fitter: Fitter
    herald: Herald
    endings: Endings
    clock: Clock

    async def __call__(self, job: Job, watch: Watch) -> Job:
        """Deliver. Raises TryAgainError when it has to be tried later."""
        if job.state not in {JobState.RENDERED, JobState.DELIVERING}:
            return job
        if job.dont_post:
            return await self._stop(job)
        # A reply has no nonce: whatever came of one is looked for, and it is not made again.
        sought = job.replied_at is not None or not self._is_remembered(job)
        found = await self._find(job) if sought else None
        if found is not None:
            return await self._delivered(job, found)
        try:
            async with self.fetched(job, watch) as video:
                # Fetching may have taken longer than Discord remembers a nonce.
                found = None if sought or self._is_remembered(job) else await self._find(job)
                return await (self._post(job, video, watch) if found is None else self._delivered(job, found))
        except (VideoGoneError, VideoAddressError) as error:
            return await self._refresh(job, FailureKind.RESULT_GONE, error)
        except NotAVideoError as error:
            return await self._refresh(job, FailureKind.NOT_A_VIDEO, error)

    @asynccontextmanager
    async def fetched(self, job: Job, watch: Watch) -> AsyncIterator[Fitted]:
        """The job's video, made to fit, as a temporary file for the time of the block.

        Raises VideoGoneError, VideoAddressError, NotAVideoError and TryAgainError.
        """
        gateway = self.gateways.get(job.gateway or "")
        hosts = frozenset({gateway.host}) if gateway is not None else frozenset[str]()
        if job.result_url is None:
            raise VideoGoneError(status=0)
        try:
            async with (
                self.downloads.video(job.result_url, allowed_hosts=hosts) as video,
                self.fitter.fitted(video, 0 if watch.as_link else job.size_limit) as fitted,
            ):
                yield fitted
        except VideoTooLargeError as error:
            yield Fitted(None, int(str(error.sentence.params["limit"])) << 20)
        except (VideoGoneError, VideoAddressError, NotAVideoError):
            raise
        except (VideoFetchError, TemporaryFileError) as error:
            raise TryAgainError from error

    async def _post(self, job: Job, video: Fitted, watch: Watch) -> Job:
        for place in await self._ladder(job):
            if place is Place.REPLY and not self._may_reply(job):
                continue
            job, facts = await self._intend(job, place, video)
            if job.dont_post:
                return await self._stop(job)
            try:
                posted = await self._post_at(job, facts, place, video, watch)
            except PlaceClosedError:
                log.info("place closed", job=job.id, place=place)
                continue
            except PostDeletedError:
                return await self._delivered(job, None)
            return await self._delivered(job, posted)
        return await self._keep(job, FailureKind.NOWHERE_TO_POST)

    async def _ladder(self, job: Job) -> tuple[Place, ...]:
        """The places to be tried one after the other, those first that the server has chosen."""
        if job.private:
            return PRIVATE_LADDER
        async with self.database.read() as tx:
            choices = (await guilds.get(tx, job.guild_id or 0)).choices
        gallery = (Place.GALLERY,) if choices.gallery_channel_id not in {None, job.channel_id} else ()
        thread = (Place.THREAD,) if choices.result_threads else ()
        return (*gallery, *thread, *LADDER)

    def _may_reply(self, job: Job) -> bool:
        """Whether the interaction's token lives and was not given the video before."""
        return job.reply is not None and job.replied_at is None and job.reply.expires_at > self.clock()

    async def _intend(self, job: Job, place: Place, video: Fitted) -> tuple[Job, Standing]:
        now = self.clock()
        async with self.database.write() as tx:
            changes = {"deliver_first_at": job.deliver_first_at or now, "film": dump_film(video.film)}
            if place is Place.REPLY:
                changes["replied_at"] = now
            sending = await moves.intend(tx, job, JobState.DELIVERING, **changes)
            if sending is None:
                raise TryAgainError
            return sending, await standing(tx, sending, now)

    async def _post_at(self, job: Job, facts: Standing, place: Place, video: Fitted, watch: Watch) -> MessagePlace:
        tag = nonce(job.id, TAGS[place])
        path = None if watch.as_link else video.path
        try:
            return await self.herald.post_result(job, facts, place, path, size_bytes=video.size_bytes, nonce=tag)
        except TooLargeError:
            watch.as_link = True
            return await self.herald.post_result(job, facts, place, None, size_bytes=video.size_bytes, nonce=tag)

    async def _stop(self, job: Job) -> Job:
        """Nobody wants it posted any more; an earlier try may have done so without our knowing."""
        found = None if job.deliver_first_at is None else await self._find(job)
        return await (self._keep(job, None) if found is None else self._delivered(job, found))

    async def _keep(self, job: Job, kind: FailureKind | None) -> Job:
        kept = await self.endings.keep(job, kind)
        if kept is None:
            raise TryAgainError
        return kept

    def _is_remembered(self, job: Job) -> bool:
        """Whether Discord would know an earlier try by its nonce, or there was none."""
        return job.deliver_first_at is None or self.clock() - job.deliver_first_at <= NONCE_MEMORY

    async def _find(self, job: Job) -> MessagePlace | None:
        try:
            return await self.herald.find_result(job)
        except PlaceClosedError:
            return None

    async def _delivered(self, job: Job, posted: MessagePlace | None) -> Job:
        """Write down where the post stands; None if somebody has deleted it already."""
        now = self.clock()
        place = {"message_channel_id": posted.channel_id, "message_id": posted.message_id} if posted else {}

        async def write() -> Job | None:
            async with self.database.write() as tx:
                delivered = await moves.learn(tx, job.id, JobState.DELIVERED, **place)
                ping = (await people.preferences(tx, job.author_id)).ping
                await outbox.put(tx, job.id, now, *_to_tell(delivered or job, posted, ping))
                choices = (await guilds.get(tx, job.guild_id or 0)).choices
                if delivered is not None and is_announced(delivered, choices):
                    await outbox.put(tx, job.id, now, NoteKind.COPY)
                return delivered

        delivered = await record(write, job=job.id, message=posted and posted.message_id)
        log.info("delivered", job=job.id, message=posted and posted.message_id)
        return delivered or job

    async def _refresh(self, job: Job, kind: FailureKind, error: VideoFetchError) -> Job:
        """The address has run out or gives no video: ask the gateway for a fresh one, and in the end give up."""
        now = self.clock()
        age = now - (job.finished_at or job.created_at)
        log.warning("result address refused", job=job.id, error=str(error))
        if age > BAD_FOR and job.result_expires_at is not None and job.result_expires_at > now:
            return await self._keep(job, kind)
        try:
            address = await self._ask(job)
        except TaskNotFoundError as exc:
            if age > BAD_FOR:
                return await self._keep(job, FailureKind.RESULT_GONE)
            raise TryAgainError from exc
        except GatewayError as exc:
            if age > GONE_AFTER:
                return await self._keep(job, FailureKind.RESULT_GONE)
            raise TryAgainError(exc.retry_after_seconds) from exc
        if address is None:
            if age > GONE_AFTER:
                return await self._keep(job, FailureKind.RESULT_GONE)
            raise TryAgainError
        async with self.database.write() as tx:
            await moves.note_on(tx, job.id, result_url=address[0], result_expires_at=address[1])
        raise TryAgainError

    async def _ask(self, job: Job) -> tuple[str, datetime] | None:
        """A fresh address and its end; None if there is none to be had."""
        gateway = self.gateways.get(job.gateway or "")
        if gateway is None or job.task is None:
            return None
        report = await gateway.result(job.task.task_id)
        if report.video_url is None:
            return None
        return report.video_url, self.clock() + timedelta(seconds=report.video_ttl_seconds)


def _to_tell(job: Job, posted: MessagePlace | None, ping: Ping) -> tuple[NoteKind, ...]:
    if job.dont_post:
        # Whoever said so came while it was being posted.
        return (NoteKind.STATUS, NoteKind.TAKE_DOWN)
    if job.private:
        return (NoteKind.STATUS,) if job.guild_id is None else (NoteKind.STATUS, NoteKind.LOG)
    directly = posted is not None and ping in {Ping.DIRECT, Ping.BOTH}
    return (NoteKind.STATUS, NoteKind.DIRECT) if directly else (NoteKind.STATUS,)
