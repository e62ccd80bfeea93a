"""Posting a finished video: fetched to a file, posted once, with a ladder of places and a search after a crash."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import partial

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
from bot.media.errors import NotAVideoError, VideoAddressError, VideoCutShortError, VideoFetchError, VideoGoneError
from bot.media.fit import Fitted
from bot.policy.standing import is_announced, standing
from bot.store import guilds, moves, outbox, people
from bot.store.database import Database
from bot.store.rows import dump_film
from bot.worker.carry import Carried, Carrier, send_fitting
from bot.worker.endings import Endings
from bot.worker.evidence import record
from bot.worker.herald import Herald, Place, PlaceClosedError, PostDeletedError, TooLargeError, TryAgainError
from bot.worker.outcome import Watch
from bot.worker.results import NOTHING, Results

log = structlog.get_logger(__name__)

NONCE_MEMORY = timedelta(seconds=60)
"""How long Discord surely remembers a nonce; later, our own post is searched for."""
BAD_FOR = timedelta(minutes=30)
"""How long after its end a video may be refused at an address that should work, or unknown to its gateway."""
TRIES = 5
"""Of its delivery at the least, whatever came of them: the bot may have been away, or the video in line, for longer."""
GONE_AFTER = timedelta(hours=24)
"""How long a gateway is asked in vain for an address in place of one that has run out. A video that was fetched before,
and which Discord did not take, may be refused for as long."""
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


@dataclass(slots=True)
class _Trip:
    """One try to bring a video somewhere. `is_sought`: a post of earlier tries was looked for, and there is none."""

    job: Job
    video: Carried
    watch: Watch
    is_sought: bool


@dataclass(frozen=True, slots=True)
class Deliver:
    """Takes a rendered job to `delivered`, or keeps it as `undelivered`."""

    database: Database
    gateways: Gateways
    carrier: Carrier
    herald: Herald
    endings: Endings
    results: Results
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
            async with self.carrier.fetched(job, watch) as video:
                return await self._post(_Trip(job, video, watch, sought))
        except (VideoGoneError, VideoAddressError) as error:
            return await self._refresh(job, FailureKind.RESULT_GONE, error)
        except (NotAVideoError, VideoCutShortError) as error:
            return await self._refresh(job, FailureKind.NOT_A_VIDEO, error)

    async def _post(self, trip: _Trip) -> Job:
        ladder = await self._ladder(trip.job)
        if trip.video.size_bytes > self.herald.takes_bytes(trip.job, ladder[0]) and not trip.watch.needs_fitting:
            await self._say_that_it_is_large(trip.job)
        for place in ladder:
            if place is Place.REPLY and not self._may_reply(trip.job):
                continue
            send = partial(self._post_at, trip, place)
            try:
                return await send_fitting(trip.video, trip.job, place, self.herald, trip.watch, send)
            except PlaceClosedError:
                log.info("place closed", job=trip.job.id, place=place)
            except PostDeletedError:
                return await self._delivered(trip.job, None)
        return await self._keep(trip.job, FailureKind.NOWHERE_TO_POST)

    async def _say_that_it_is_large(self, job: Job) -> None:
        """Making it fit may take a minute, in which the status would go on saying that it is rendering."""
        async with self.database.read() as tx:
            facts = replace(await standing(tx, job, self.clock()), is_large=True)
        try:
            await self.herald.show_status(job, facts)
        except TryAgainError:
            log.info("progress not shown", job=job.id)

    async def _post_at(self, trip: _Trip, place: Place, video: Fitted) -> Job:
        # Fetching and fitting may have taken longer than Discord remembers a nonce.
        found = await self._find_once(trip)
        if found is not None:
            return await self._delivered(trip.job, found)
        kept = NOTHING if video.path is not None else await self.results.original(trip.job, trip.video.video)
        trip.job, facts = await self._intend(trip.job, place, film=dump_film(video.film), **kept)
        if trip.job.dont_post:
            return await self._stop(trip.job)
        tag, size, given = nonce(trip.job.id, TAGS[place]), video.size_bytes, self.results.given(trip.job)
        try:
            posted = await self.herald.post_result(given, facts, place, video.path, size_bytes=size, nonce=tag)
        except TooLargeError:
            if place is Place.REPLY:
                trip.job = await self._not_replied(trip.job)
            raise
        return await self._delivered(trip.job, posted)

    async def _find_once(self, trip: _Trip) -> MessagePlace | None:
        """Our own post of an earlier try, where its nonce may be forgotten by now.

        Once is enough: within a trip every try is known to have made no message, or ends it.
        """
        if trip.is_sought or self._is_remembered(trip.job):
            return None
        trip.is_sought = True
        return await self._find(trip.job)

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

    async def _intend(self, job: Job, place: Place, **changes: object) -> tuple[Job, Standing]:
        now = self.clock()
        async with self.database.write() as tx:
            changes["deliver_first_at"] = job.deliver_first_at or now
            if place is Place.REPLY:
                changes["replied_at"] = now
            sending = await moves.intend(tx, job, JobState.DELIVERING, **changes)
            if sending is None:
                raise TryAgainError
            return sending, await standing(tx, sending, now)

    async def _not_replied(self, job: Job) -> Job:
        """An answer that was refused was not given: the token may be used once more."""
        async with self.database.write() as tx:
            free = await moves.intend(tx, job, JobState.DELIVERING, replied_at=None)
        if free is None:
            raise TryAgainError
        return free

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
        should_work = job.result_expires_at is not None and job.result_expires_at > now
        patience = BAD_FOR if job.deliver_first_at is None else GONE_AFTER
        if age > patience and should_work and await self._tries(job) >= TRIES:
            return await self._keep(job, kind)
        try:
            address = await self._ask(job)
        except TaskNotFoundError as exc:
            if age > BAD_FOR and not should_work:
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

    async def _tries(self, job: Job) -> int:
        """How often its delivery was tried before."""
        async with self.database.read() as tx:
            return max((note.attempts for note in await outbox.open_notes(tx, job.id)), default=0)

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
