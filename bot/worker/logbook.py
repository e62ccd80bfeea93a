"""The card about a job in its server's log channel: posted once, then changed with the job."""

from dataclasses import dataclass

import structlog

from bot.domain.clock import Clock
from bot.domain.ids import nonce
from bot.domain.job import LOGGED, Job, JobState, MessagePlace
from bot.domain.outbox import Note, NoteKind
from bot.domain.record import Record
from bot.policy.record import record
from bot.store import jobs, people, posts
from bot.store.database import Database
from bot.store.posts import PostKind
from bot.worker import evidence
from bot.worker.deliver import NONCE_MEMORY
from bot.worker.herald import Herald, PlaceClosedError, PostDeletedError

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Logbook:
    """Tells a server's managers and moderators how its jobs ended, and what was done about them."""

    database: Database
    herald: Herald
    clock: Clock

    async def tell(self, job: Job, note: Note) -> None:
        """Post the card of a job or bring it up to date. Raises TryAgainError."""
        async with self.database.read() as tx:
            fresh = await jobs.get(tx, job.id)
            if fresh is None or await people.is_erased(tx, fresh.author_id, fresh.created_at):
                return
            card = next((post.place for post in await posts.of_job(tx, job.id) if post.kind is PostKind.CARD), None)
            if card is None and fresh.state not in LOGGED:
                return
            facts = await record(tx, fresh, self.clock())
        try:
            if card is None:
                card = await self._found(fresh, note)
            if card is None:
                await self._post(fresh, facts)
            else:
                await self.herald.change_card(fresh, facts, card)
        except (PlaceClosedError, PostDeletedError):
            if fresh.state is JobState.AWAITING_APPROVAL:
                log.warning("nobody can be asked to approve", job=job.id, guild=job.guild_id)
            else:
                log.info("no log channel, or its card was deleted", job=job.id)

    async def _found(self, job: Job, note: Note) -> MessagePlace | None:
        """The card of an earlier try, if Discord may have forgotten its nonce by now."""
        if self.clock() - note.created_at <= NONCE_MEMORY:
            return None
        try:
            card = await self.herald.find_card(job)
        except PlaceClosedError:
            return None
        if card is not None:
            await self._write_down(job, card)
        return card

    async def _post(self, job: Job, facts: Record) -> None:
        await self._write_down(job, await self.herald.post_card(job, facts, nonce(job.id, NoteKind.CARD)))

    async def _write_down(self, job: Job, card: MessagePlace) -> None:
        async def write() -> None:
            async with self.database.write() as tx:
                await posts.put(tx, job.id, PostKind.CARD, job.author_id, card)

        await evidence.record(write, job=job.id, message=card.message_id)
