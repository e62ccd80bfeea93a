"""Erasing what is kept about a person: at once what can go, the rest as soon as it has ended."""

from collections.abc import Callable
from dataclasses import dataclass

from bot.domain.clock import Clock
from bot.domain.job import NOT_SENT, Job, JobState
from bot.domain.outbox import NoteKind
from bot.store import characters, erasure, inputs, jobs, ledger, moves, outbox, people
from bot.store.database import Database, Transaction

MOST = 1000


@dataclass(frozen=True, slots=True)
class Erased:
    """What an erasure has come to at once: videos stopped at no cost, and those that go when they have ended."""

    cancelled: int
    still_ending: int


@dataclass(frozen=True, slots=True)
class Erasing:
    """Erases on somebody's word. The worker goes on with what can't be done at once (`bot.worker.erasure`)."""

    database: Database
    clock: Clock
    wake: Callable[[str], None]

    async def everything_of(self, user_id: int) -> Erased:
        """Erase all that is kept about a person. What they used up stays used up, and a block stays."""
        now = self.clock()
        async with self.database.write() as tx:
            running = await jobs.of_author(tx, user_id, limit=MOST)
            cancelled = sum([await self._stop(tx, job) for job in running])
            for character in await characters.owned(tx, user_id):
                await characters.remove(tx, character.id)
            await inputs.take_from_borrowers(tx, user_id)
            await people.erase_before(tx, user_id, now)
            await erasure.forget_person(tx, user_id)
            await erasure.forget_jobs(tx, now)
            await erasure.note_posts(tx)
        for job in running:
            self.wake(job.id)
        return Erased(cancelled, len(running) - cancelled)

    async def _stop(self, tx: Transaction, job: Job) -> bool:
        """Cancel what was not sent; the rest is not posted. Whether it was cancelled."""
        now = self.clock()
        if job.state in NOT_SENT:
            await moves.intend(tx, job, JobState.CANCELLED, finished_at=now)
            await ledger.refund(tx, job, now, "erased")
        else:
            await moves.note_on(tx, job.id, dont_post=True)
        await outbox.put(tx, job.id, now, NoteKind.STATUS)
        return job.state in NOT_SENT
