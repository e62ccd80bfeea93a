"""Orders that a manager has to approve: they wait, and are let through or not."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import TypeAlias

import structlog

from bot.administration.record import acted
from bot.domain.audit import Action
from bot.domain.clock import Clock
from bot.domain.errors import NotNowError, RefusalError
from bot.domain.failure import FailureKind
from bot.domain.guild import Guild, GuildChoices
from bot.domain.job import APPROVE_WITHIN, Job, JobState
from bot.domain.outbox import NoteKind, kinds_of_end
from bot.domain.request import VideoRequest
from bot.domain.sentence import N_
from bot.policy.asker import Asker
from bot.policy.errors import JobGoneError
from bot.policy.gate import Gate, require_manager
from bot.store import guilds, jobs, ledger, moves, outbox
from bot.store.database import Database, Transaction
from bot.store.rows import dump_request

Renew: TypeAlias = Callable[[Job, Asker, GuildChoices], Awaitable[VideoRequest]]
"""What a job asks for, with addresses at which its author's files can be fetched now; it raises a refusal,
NotNowError where another try may do."""

log = structlog.get_logger(__name__)


class NotWaitingError(RefusalError):
    """Somebody was faster, or its time is over."""

    message = N_("This video does not wait for approval any more.")


class InputsGoneError(RefusalError):
    """It waited so long that its files can't be handed over any more."""

    message = N_(
        "The picture or clip of this video can't be handed to the video service any more, so I have cancelled it. "
        "Its member gets everything back and is told."
    )


@dataclass(frozen=True, slots=True)
class Approval:
    """Lets orders through that wait; every call checks the right anew. `wake`: look at a job again.

    `deadline`: how long an order may take from now on.
    """

    database: Database
    clock: Clock
    wake: Callable[[str], None]
    deadline: timedelta
    renew: Renew
    gate: Gate

    async def waiting(self, asker: Asker, job_id: str) -> Job:
        """An order that waits. Raises ManagersOnlyError, JobGoneError and NotWaitingError."""
        async with self.database.read() as tx:
            return await self._waiting(tx, asker, job_id)

    async def approve(self, asker: Asker, job_id: str, author: Asker) -> Job:
        """Let an order through; of two managers at the same moment one is told that it waits no more.

        `author`: who has asked for it, as the member that they are now. Raises what `waiting` raises, what the gate
        says of a server that is not served any more, InputsGoneError, and what `renew` raises for now.
        """
        async with self.database.read() as tx:
            waiting, guild = await self._payable(tx, asker, job_id)
        try:
            request = await self.renew(waiting, author, guild.choices)
        except NotNowError:
            raise
        except RefusalError as error:
            await self._end(asker, job_id, FailureKind.INPUTS_GONE, None)
            raise InputsGoneError from error
        now = self.clock()
        async with self.database.write() as tx:
            job, _ = await self._payable(tx, asker, job_id)
            changes = {"deadline_at": now + self.deadline, "request": dump_request(request)}
            approved = await moves.intend(tx, job, JobState.QUEUED, **changes)
            await acted(tx, asker, Action.APPROVE, now, member_id=job.author_id, job_id=job.id)
            await outbox.put(tx, job.id, now, NoteKind.STATUS, NoteKind.CARD)
        self.wake(job_id)
        log.info("approved", job=job_id, manager=asker.user_id)
        return approved or job

    async def decline(self, asker: Asker, job_id: str) -> Job:
        """Turn an order down; its member gets everything back and is told. Raises what `waiting` raises."""
        declined = await self._end(asker, job_id, FailureKind.DECLINED, Action.DECLINE)
        log.info("declined", job=job_id, manager=asker.user_id)
        return declined

    async def _end(self, asker: Asker, job_id: str, kind: FailureKind, action: Action | None) -> Job:
        now = self.clock()
        async with self.database.write() as tx:
            job = await self._waiting(tx, asker, job_id)
            ended = await moves.intend(tx, job, JobState.CANCELLED, finished_at=now, failure=kind)
            await ledger.refund(tx, job, now, kind, actor_id=asker.user_id)
            if action is not None:
                await acted(tx, asker, action, now, member_id=job.author_id, job_id=job.id)
            await outbox.put(tx, job.id, now, *kinds_of_end(now - job.created_at))
        self.wake(job_id)
        return ended or job

    async def _payable(self, tx: Transaction, asker: Asker, job_id: str) -> tuple[Job, Guild]:
        job, guild = await self._waiting(tx, asker, job_id), await guilds.get(tx, asker.guild_id or 0)
        self.gate.check_served(guild)
        return job, guild

    async def _waiting(self, tx: Transaction, asker: Asker, job_id: str) -> Job:
        require_manager(asker)
        job = await jobs.get(tx, job_id)
        if job is None or job.guild_id != asker.guild_id:
            raise JobGoneError
        if job.state is not JobState.AWAITING_APPROVAL or self.clock() >= job.created_at + APPROVE_WITHIN:
            raise NotWaitingError
        return job
