"""Showing a posted video once more in the server's announcement channel: once, and never instead of the video."""

from dataclasses import dataclass, replace
from functools import partial

import structlog

from bot.domain.clock import Clock
from bot.domain.ids import nonce
from bot.domain.job import Job, MessagePlace
from bot.domain.outbox import Note, NoteKind
from bot.domain.standing import Standing
from bot.media.errors import VideoFetchError
from bot.media.fit import Fitted
from bot.policy.standing import is_announced, standing
from bot.store import guilds, jobs, outbox, posts
from bot.store.database import Database
from bot.store.posts import PostKind
from bot.worker.carry import Carrier, send_fitting
from bot.worker.deliver import NONCE_MEMORY
from bot.worker.evidence import record
from bot.worker.herald import Herald, Place, PlaceClosedError, PostDeletedError, TellError
from bot.worker.outcome import Watch

log = structlog.get_logger(__name__)

NO_FILE = Fitted(None, 0)
"""Of a video that can't be fetched any more."""


@dataclass(frozen=True, slots=True)
class Announce:
    """Posts the copy, remembers where it stands, and publishes it."""

    database: Database
    herald: Herald
    carrier: Carrier
    clock: Clock

    async def __call__(self, job: Job, note: Note, watch: Watch) -> None:
        """Announce what is still to be announced. Raises TryAgainError."""
        async with self.database.read() as tx:
            fresh = await jobs.get(tx, job.id) or job
            choices = (await guilds.get(tx, fresh.guild_id or 0)).choices
            place = await posts.announced(tx, job.id)
            facts = await standing(tx, fresh, self.clock())
        if not is_announced(fresh, choices):
            return
        if place is None:
            place = await self._post(fresh, facts, note, watch)
        if place is not None and choices.publish:
            await self._publish(job, place)

    async def _post(self, job: Job, facts: Standing, note: Note, watch: Watch) -> MessagePlace | None:
        """Where the copy stands now; None if it can't, or shall not any more."""
        try:
            try:
                send = partial(self._post_once, job, facts, note)
                async with self.carrier.fetched(job, watch) as video:
                    place = await send_fitting(video, job, Place.ANNOUNCEMENT, self.herald, watch, send)
            except VideoFetchError:
                place = await self._post_once(job, facts, note, NO_FILE)
        except (PlaceClosedError, PostDeletedError):
            log.info("not announced, or its copy was deleted", job=job.id)
            return None
        stands = await record(partial(self._write_down, job, place), job=job.id, message=place.message_id)
        return place if stands else None

    async def _write_down(self, job: Job, place: MessagePlace) -> bool:
        """Whether the video is still there to be shown."""
        async with self.database.write() as tx:
            await posts.put(tx, job.id, PostKind.ANNOUNCEMENT, job.author_id, place)
            fresh = await jobs.get(tx, job.id)
            stands = fresh is not None and fresh.message is not None and fresh.removed_at is None
            if not stands:
                # Somebody has taken it away while its copy was being posted.
                await outbox.put(tx, job.id, self.clock(), NoteKind.TAKE_DOWN)
        return stands

    async def _post_once(self, job: Job, facts: Standing, note: Note, video: Fitted) -> MessagePlace:
        tag = nonce(job.id, NoteKind.COPY)
        # Only after the file was fetched and fitted: that may have taken longer than Discord remembers a nonce.
        found = await self._find(job) if self.clock() - note.created_at > NONCE_MEMORY else None
        if found is not None:
            return found
        if video.path is None and facts.stands is None:
            # Neither the video nor a way to it.
            raise PlaceClosedError
        copied = replace(job, film=video.film or job.film)
        return await self.herald.announce(copied, facts, video.path, tag)

    async def _find(self, job: Job) -> MessagePlace | None:
        try:
            return await self.herald.find_copy(job, Place.ANNOUNCEMENT)
        except PlaceClosedError:
            return None

    async def _publish(self, job: Job, place: MessagePlace) -> None:
        """A refusal is no fault of the copy: Discord publishes ten an hour from a channel."""
        try:
            await self.herald.publish(place)
        except TellError as error:
            log.warning("copy not published", job=job.id, channel=place.channel_id, error=repr(error.__cause__))
