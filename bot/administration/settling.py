"""What managers do about money: give back, give on top, and settle orders whose outcome nobody knows."""

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass

import structlog

from bot.administration.record import acted
from bot.domain.audit import Action
from bot.domain.clock import Clock
from bot.domain.errors import RefusalError
from bot.domain.failure import FailureKind
from bot.domain.ids import new_job_id
from bot.domain.job import Job, JobState
from bot.domain.ledger import Settlement
from bot.domain.money import UNITS_PER_USD
from bot.domain.outbox import NoteKind
from bot.domain.sentence import N_, Money
from bot.policy.asker import Asker
from bot.policy.errors import JobGoneError
from bot.policy.gate import require_manager
from bot.store import guild_jobs, jobs, ledger, moves, outbox
from bot.store.database import Database, Step, Transaction
from bot.store.history import Found
from bot.store.ledger import Gift

MOST_VIDEOS = 100
MOST_AMOUNT = 1000 * UNITS_PER_USD
"""What may be given at once; more is a slip of the finger, or meant to be a limit."""
LONGEST_REASON = 400
_NOT_ORDERED = frozenset({JobState.AWAITING_APPROVAL, JobState.QUEUED, JobState.SUBMITTING})
_UNPAID = frozenset({Settlement.REFUNDED, Settlement.SERVER, Settlement.NONE})
UNSURE: Collection[JobState] = frozenset({JobState.UNSURE})
REFUNDABLE: Collection[JobState] = (
    frozenset(JobState)
    - _NOT_ORDERED
    - {
        JobState.CANCELLED,
        JobState.OVERDUE,
        JobState.EXPIRED,
        JobState.DROPPED,
    }
)
"""States in which something of a job may be on its member's account."""

log = structlog.get_logger(__name__)


class NotOrderedYetError(RefusalError):
    """What costs nothing as long as it is cancelled is not refunded."""

    message = N_("This video is not ordered yet. Until it is, it can be cancelled, and costs nothing then.")


class NothingToRefundError(RefusalError):
    """The member's account holds nothing of it any more, or never did."""

    message = N_("This video costs its member nothing, so there is nothing to give back.")


class NotUnsureError(RefusalError):
    """Only what nobody can tell of is ordered again on a manager's word."""

    message = N_("It is known what became of this video, so there is nothing to settle. Again makes a new one.")


class NothingGivenError(RefusalError):
    """Neither videos nor dollars."""

    message = N_("Please give videos, dollars, or both. Nothing was changed.")


class GiftSizeError(RefusalError):
    """More than is given at once, or less than nothing."""

    message = N_("I take 0 to {videos} videos and up to {most} at once. Nothing was changed.")


@dataclass(frozen=True, slots=True)
class Settling:
    """Gives back and settles; every call checks the right anew, in the transaction that acts.

    `wake`: look at a job again. `charge_unsure`: whether the gateways bill orders whose outcome nobody knows.
    """

    database: Database
    clock: Clock
    wake: Callable[[str], None]
    charge_unsure: bool

    async def videos(self, asker: Asker, typed: str, states: Collection[JobState]) -> Sequence[Found]:
        """The server's newest videos in some states by what was typed of id or prompt. Raises ManagersOnlyError."""
        async with self.database.read() as tx:
            require_manager(asker)
            return await guild_jobs.find_in(tx, asker.guild_id or 0, typed, states)

    async def refundable(self, asker: Asker, job_id: str) -> Job:
        """A job that can be refunded. Raises what `refund` raises."""
        async with self.database.read() as tx:
            return await self._refundable(tx, asker, job_id)

    async def refund(self, asker: Asker, job_id: str, reason: str = "") -> Job:
        """Give a member back the video and its price; server and process go on carrying what a gateway was paid.

        An order of unknown outcome is closed by that. Raises ManagersOnlyError, JobGoneError, NotOrderedYetError and
        NothingToRefundError.
        """
        now = self.clock()
        async with self.database.write() as tx:
            job = await self._refundable(tx, asker, job_id)
            if job.state is JobState.UNSURE:
                refunded = await self._close(tx, asker, job)
                # Its author was told that nobody knows, and what that costs.
                await outbox.put(tx, job.id, now, NoteKind.PING)
            else:
                refunded = job
                await ledger.hold(tx, job, now, "refunded", actor_id=asker.user_id)
            await acted(tx, asker, Action.REFUND, now, member_id=job.author_id, job_id=job.id, reason=reason)
            # What was posted has no status message any more, or a link in its place.
            shown = () if job.state is JobState.DELIVERED else (NoteKind.STATUS,)
            await outbox.put(tx, job.id, now, *shown, NoteKind.CARD)
        self.wake(job.id)
        log.info("refunded", job=job.id, manager=asker.user_id)
        return refunded

    async def unsure(self, asker: Asker, job_id: str) -> Job:
        """A job that can be ordered again. Raises ManagersOnlyError, JobGoneError and NotUnsureError."""
        async with self.database.read() as tx:
            return await self._unsure(tx, asker, job_id)

    def settle(self, asker: Asker, job_id: str) -> Step:
        """Close an order of unknown outcome in the transaction that orders it again, so that both happen or neither.

        The step raises what `unsure` raises.
        """

        async def close(tx: Transaction) -> None:
            now, job = self.clock(), await self._unsure(tx, asker, job_id)
            await self._close(tx, asker, job)
            await acted(tx, asker, Action.RETRY, now, member_id=job.author_id, job_id=job.id)
            await outbox.put(tx, job.id, now, NoteKind.STATUS, NoteKind.CARD)

        return close

    async def grant(self, asker: Asker, user_id: int, videos: int, amount: int, reason: str = "") -> None:
        """Let a member make so many videos more today, and spend so many units more this month.

        Raises ManagersOnlyError, NothingGivenError and GiftSizeError.
        """
        now = self.clock()
        async with self.database.write() as tx:
            require_manager(asker)
            if not (0 <= videos <= MOST_VIDEOS and 0 <= amount <= MOST_AMOUNT):
                raise GiftSizeError(videos=MOST_VIDEOS, most=Money(MOST_AMOUNT))
            if not (videos or amount):
                raise NothingGivenError
            gift = Gift(new_job_id(), asker.guild_id or 0, user_id, asker.user_id, videos, amount, reason)
            await ledger.grant(tx, gift, now)
            given = {"videos": videos, "amount": amount}
            await acted(tx, asker, Action.GRANT, now, member_id=user_id, given=given, reason=reason)
        log.info("granted", guild=gift.guild_id, member=user_id, manager=asker.user_id, videos=videos, amount=amount)

    async def _close(self, tx: Transaction, asker: Asker, job: Job) -> Job:
        """End an order of which nobody can tell. What is learned of it later is kept, and ordered nothing."""
        now = self.clock()
        closed = await moves.intend(tx, job, JobState.DROPPED, failure=FailureKind.SETTLED, finished_at=now)
        if closed is None:
            raise NotUnsureError
        give_back = ledger.hold if self.charge_unsure else ledger.refund
        await give_back(tx, job, now, FailureKind.SETTLED, actor_id=asker.user_id)
        return closed

    async def _refundable(self, tx: Transaction, asker: Asker, job_id: str) -> Job:
        job = await _job(tx, asker, job_id)
        if job.state in _NOT_ORDERED:
            raise NotOrderedYetError
        # One of unknown outcome was given back already where gateways bill none, but it is not closed.
        if job.state is not JobState.UNSURE and await ledger.settlement(tx, job.id) in _UNPAID:
            raise NothingToRefundError
        return job

    async def _unsure(self, tx: Transaction, asker: Asker, job_id: str) -> Job:
        job = await _job(tx, asker, job_id)
        if job.state is not JobState.UNSURE:
            raise NotUnsureError
        return job


async def _job(tx: Transaction, asker: Asker, job_id: str) -> Job:
    """A job of the manager's server. Raises ManagersOnlyError and JobGoneError."""
    require_manager(asker)
    job = await jobs.get(tx, job_id)
    if job is None or job.guild_id != asker.guild_id:
        raise JobGoneError
    return job
