"""The card about a job in its server's log channel: posted once, then changed with the job."""

from dataclasses import dataclass

import structlog

from bot.domain.clock import Clock
from bot.domain.ids import nonce
from bot.domain.job import LOGGED, Job, JobState
from bot.domain.outbox import NoteKind
from bot.domain.record import Record
from bot.policy.record import record
from bot.store import jobs, people, posts
from bot.store.database import Database
from bot.store.posts import PostKind
from bot.worker import evidence
from bot.worker.herald import Herald, PlaceClosedError, PostDeletedError

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Logbook:
    """Tells a server's managers and moderators how its jobs ended, and what was done about them."""

    database: Database
    herald: Herald
    clock: Clock

    async def tell(self, job: Job) -> None:
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
                await self._post(fresh, facts)
            else:
                await self.herald.change_card(fresh, facts, card)
        except (PlaceClosedError, PostDeletedError):
            if fresh.state is JobState.AWAITING_APPROVAL:
                log.warning("nobody can be asked to approve", job=job.id, guild=job.guild_id)
            else:
                log.info("no log channel, or its card was deleted", job=job.id)

    async def _post(self, job: Job, facts: Record) -> None:
        card = await self.herald.post_card(job, facts, nonce(job.id, NoteKind.CARD))

        async def write() -> None:
            async with self.database.write() as tx:
                await posts.put(tx, job.id, PostKind.CARD, job.author_id, card)

        await evidence.record(write, job=job.id, message=card.message_id)
