"""The writes that end a job or give it up, each with its money and its notes in one transaction."""

from dataclasses import dataclass
from datetime import datetime

from bot.domain.clock import Clock
from bot.domain.failure import FailureKind
from bot.domain.job import Job, JobState
from bot.domain.outbox import NoteKind, kinds_of_end
from bot.policy import declines
from bot.store import guilds, ledger, moves, outbox
from bot.store.database import Database, Transaction


@dataclass(frozen=True, slots=True)
class Endings:
    """Ends jobs. `charge_failed` and `charge_unsure` say what the gateways bill."""

    database: Database
    clock: Clock
    charge_failed: bool
    charge_unsure: bool

    async def fail(self, job: Job, kind: FailureKind, detail: str | None, *, ordered: bool) -> Job | None:
        """A job has failed; a job that was never ordered is refunded whatever the gateways bill.

        That a task failed is evidence. That nothing was ordered is only known of the job as it was looked at.
        """
        now = self.clock()
        changes = {"failure": kind, "failure_detail": detail, "finished_at": now}
        async with self.database.write() as tx:
            if ordered:
                failed = await moves.learn(tx, job.id, JobState.FAILED, **changes)
            else:
                failed = await moves.intend(tx, job, JobState.FAILED, **changes)
            if failed is None:
                return None
            if ordered and self.charge_failed:
                await ledger.commit(tx, job, now)
            else:
                await ledger.refund(tx, job, now, kind)
                await ledger.release(tx, job, now, kind)
            if kind in declines.DECLINES and job.guild_id is not None:
                await declines.count(tx, await guilds.get(tx, job.guild_id), job.author_id, now)
            await self._tell(tx, job, now)
        return failed

    async def unsure(self, job: Job, detail: str) -> Job | None:
        """Nobody can tell whether the order was taken; it is never ordered again by itself."""
        now = self.clock()
        async with self.database.write() as tx:
            changes = {"failure": FailureKind.UNSURE, "failure_detail": detail}
            unsure = await moves.intend(tx, job, JobState.UNSURE, **changes)
            if unsure is None:
                return None
            if not self.charge_unsure:
                await ledger.refund(tx, job, now, FailureKind.UNSURE)
            await outbox.put(tx, job.id, now, NoteKind.STATUS, NoteKind.PING)
        return unsure

    async def overdue(self, job: Job) -> Job | None:
        """The deadline has passed; the member gets the money back, the server carries it, the task is watched on."""
        now = self.clock()
        async with self.database.write() as tx:
            overdue = await moves.intend(tx, job, JobState.OVERDUE, failure=FailureKind.GAVE_UP)
            if overdue is None:
                return None
            await ledger.hold(tx, job, now, FailureKind.GAVE_UP)
            await outbox.put(tx, job.id, now, NoteKind.STATUS, NoteKind.PING)
        return overdue

    async def expire(self, job: Job) -> Job | None:
        """An overdue task never came."""
        now = self.clock()
        async with self.database.write() as tx:
            expired = await moves.intend(tx, job, JobState.EXPIRED, failure=FailureKind.EXPIRED, finished_at=now)
            if expired is not None:
                await ledger.release(tx, job, now, FailureKind.EXPIRED)
                await outbox.put(tx, job.id, now, NoteKind.STATUS)
        return expired

    async def cancel(self, job: Job, reason: str, kind: FailureKind | None = None) -> Job | None:
        """A job that was certainly not ordered is taken back; `kind`: why, where nobody has asked for it."""
        now = self.clock()
        async with self.database.write() as tx:
            cancelled = await moves.intend(tx, job, JobState.CANCELLED, finished_at=now, failure=kind)
            if cancelled is not None:
                await ledger.refund(tx, job, now, reason)
                if kind is None:
                    await outbox.put(tx, job.id, now, NoteKind.STATUS)
                else:
                    await self._tell(tx, job, now)
        return cancelled

    async def keep(self, job: Job, kind: FailureKind | None) -> Job | None:
        """A finished video is not posted: nobody wants it posted (None), or it can't be."""
        now = self.clock()
        async with self.database.write() as tx:
            kept = await moves.intend(tx, job, JobState.UNDELIVERED, failure=kind)
            if kept is not None:
                # Its author can still have it, so the moderators see it as they see every private video.
                has_video = kind in {None, FailureKind.NOWHERE_TO_POST} and kept.removed_at is None
                shown = job.private and job.guild_id is not None and has_video
                await outbox.put(tx, job.id, now, *((NoteKind.STATUS, NoteKind.LOG) if shown else (NoteKind.STATUS,)))
        return kept

    async def _tell(self, tx: Transaction, job: Job, now: datetime) -> None:
        await outbox.put(tx, job.id, now, *kinds_of_end(now - job.created_at))
