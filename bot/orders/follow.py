"""What people can do with jobs that were placed: see them, cancel them, delete their post."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import StrEnum

from bot.domain.audit import Act, Action
from bot.domain.clock import Clock
from bot.domain.job import AT_REST, NOT_SENT, ORDERED, Job, JobState, MessagePlace
from bot.domain.outbox import NoteKind
from bot.domain.standing import Standing
from bot.orders.errors import NotPostedError, NotRunningError
from bot.policy.asker import Asker
from bot.policy.errors import JobGoneError
from bot.policy.gate import require_own
from bot.policy.standing import standing
from bot.store import acts, guilds, jobs, ledger, moves, outbox, posts
from bot.store.database import Database, Transaction


class CancelOutcome(StrEnum):
    """What a cancel could still do."""

    CANCELLED = "cancelled"
    WONT_POST = "wont_post"


@dataclass(frozen=True, slots=True)
class Following:
    """Shows and stops jobs. `wake` tells the worker of this process to look at a job again."""

    database: Database
    clock: Clock
    wake: Callable[[str], None]

    async def queue(self, user_id: int) -> Sequence[tuple[Job, Standing]]:
        """A person's jobs on their way, oldest first, at most 25."""
        async with self.database.read() as tx:
            found = await jobs.of_author(tx, user_id, limit=25)
            running = [job for job in found if job.state not in AT_REST]
            return [(job, await standing(tx, job, self.clock())) for job in running]

    async def standing(self, job: Job) -> Standing:
        """What is known about a job that the caller has at hand."""
        async with self.database.read() as tx:
            return await standing(tx, job, self.clock())

    async def get(self, asker: Asker, job_id: str) -> tuple[Job, Standing]:
        """A job that the asker may see. Raises JobGoneError and NotYoursError."""
        async with self.database.read() as tx:
            job = await self._own(tx, asker, job_id)
            return job, await standing(tx, job, self.clock())

    async def cancel(self, asker: Asker, job_id: str) -> tuple[Job, CancelOutcome]:
        """Cancel a job that was not sent, at no cost; of an ordered one, remember not to post it.

        What a moderator stops of somebody else's is written down.
        Raises JobGoneError, NotYoursError and NotRunningError.
        """
        now = self.clock()
        async with self.database.write() as tx:
            job = await self._own(tx, asker, job_id)
            if job.state in NOT_SENT:
                moved = await moves.intend(tx, job, JobState.CANCELLED, finished_at=now)
                await ledger.refund(tx, job, now, "cancelled", actor_id=asker.user_id)
                outcome = CancelOutcome.CANCELLED
            elif job.state in ORDERED:
                moved = await moves.note_on(tx, job.id, dont_post=True)
                outcome = CancelOutcome.WONT_POST
            else:
                raise NotRunningError
            await outbox.put(tx, job.id, now, NoteKind.STATUS)
            if job.author_id != asker.user_id:
                act = Act(now, job.guild_id or 0, asker.user_id, Action.CANCEL, job.author_id, job.id)
                await acts.add(tx, act)
        self.wake(job.id)
        return moved or job, outcome

    async def to_delete(self, asker: Asker, job_id: str) -> tuple[Job, MessagePlace]:
        """A job whose post the asker may delete, and where that stands.

        Raises JobGoneError, NotYoursError and NotPostedError.
        """
        async with self.database.read() as tx:
            job = await self._own(tx, asker, job_id)
        if job.message is None:
            raise NotPostedError
        return job, job.message

    async def deleted(self, job: Job, place: MessagePlace) -> None:
        """Its author has deleted a post: nothing shall link to it any more, and what shows it too is taken down.

        Nor is its original kept any longer, where it had a link of our own.
        """
        async with self.database.write() as tx:
            fresh = await jobs.get(tx, job.id)
            if fresh is None or fresh.message != place:
                return
            facts = await standing(tx, fresh, self.clock())
            nowhere = {"message_channel_id": None, "message_id": None, "kept_file": None, "kept_until": None}
            await moves.note_on(tx, job.id, **nowhere)
            if facts.keeps_status or await posts.announced(tx, job.id) is not None:
                await outbox.put(tx, job.id, self.clock(), NoteKind.TAKE_DOWN)
            if fresh.guild_id is not None:
                await outbox.put(tx, job.id, self.clock(), NoteKind.CARD)
        self.wake(job.id)

    async def _own(self, tx: Transaction, asker: Asker, job_id: str) -> Job:
        job = await jobs.get(tx, job_id)
        if job is None:
            raise JobGoneError
        require_own(asker, job, await guilds.get(tx, job.guild_id or 0))
        return job
