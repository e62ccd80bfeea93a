"""Ordering a job from a gateway: the one request that is never repeated unless nothing was created."""

from dataclasses import dataclass, field
from datetime import timedelta
from random import random

import structlog

from bot.catalogue.catalogue import Catalogue
from bot.catalogue.wire import Wire, resolve
from bot.domain.clock import Clock
from bot.domain.errors import RefusalError, StoreUnavailableError
from bot.domain.failure import FailureKind
from bot.domain.job import Job, JobState, TaskRef
from bot.gateway.choice import Gateways
from bot.gateway.client import GatewayClient
from bot.gateway.errors import (
    BadKeyError,
    GatewayError,
    ModelRetiredError,
    NotCreatedError,
    OutOfCreditError,
    UnknownOutcomeError,
)
from bot.store import leases, moves
from bot.store.database import Database
from bot.worker.complaints import Complaint, bad_key, no_credit, note, retired
from bot.worker.endings import Endings
from bot.worker.evidence import record
from bot.worker.outcome import Outcome, Watch
from bot.worker.timing import until_retry

log = structlog.get_logger(__name__)

CREDIT_RETRY = timedelta(seconds=30)
CREDIT_PAUSE = timedelta(minutes=15)
"""A gateway may report a rate limit as missing credit, so one delayed retry comes before the pause."""
PATIENCE = 6
"""How often a job finds every gateway unusable (about a minute) before it fails."""


@dataclass(slots=True)
class Tries:
    """What the gateways said of one job in one step."""

    wait_seconds: list[float] = field(default_factory=list)
    refusal: GatewayError | None = None


@dataclass(frozen=True, slots=True)
class Submit:
    """Takes a queued job to `rendering` or to an end. `owner` is this process's lease name.

    A job is in `submitting` only from just before a request until its answer is written down.
    """

    database: Database
    catalogue: Catalogue
    gateways: Gateways
    endings: Endings
    clock: Clock
    owner: str
    deadline: timedelta

    async def __call__(self, job: Job, watch: Watch) -> Outcome:
        """Order the job from the first gateway that takes it."""
        if self.clock() >= job.deadline_at:
            return _ended(job, await self.endings.fail(job, FailureKind.NEVER_SENT, "deadline", ordered=False))
        try:
            wire = resolve(self.catalogue.get(job.model_id), job.request)
        except RefusalError as error:
            return _ended(job, await self.endings.fail(job, FailureKind.MODEL_RETIRED, str(error), ordered=False))
        tries = Tries()
        for gateway in self.gateways.for_order(wire.slug):
            if job.request.parent_task is not None and gateway.name != job.gateway:
                # Only the gateway that made the original knows it.
                continue
            if job.dont_post:
                return _ended(job, await self.endings.cancel(job, "cancelled while submitting"))
            tried = await self._in_turn(job, gateway, wire, watch, tries)
            if isinstance(tried, Outcome):
                return tried
            job = tried
        return await self._none_took_it(job, wire, watch, tries)

    async def _in_turn(self, job: Job, gateway: GatewayClient, wire: Wire, watch: Watch, tries: Tries) -> Outcome | Job:
        """Wait for the gateway's turn and order; a job says that nothing was created and it is queued again."""
        async with gateway.pace.order():
            if watch.stopping:
                return Outcome(job, self.clock())
            if self.gateways.obstacle(gateway.name, wire.slug) is not None:
                return job
            watch.sending = True
            try:
                return await self._order(job, gateway, wire, watch, tries)
            finally:
                watch.sending = False

    async def _order(self, job: Job, gateway: GatewayClient, wire: Wire, watch: Watch, tries: Tries) -> Outcome | Job:
        sending = await self._intend(job, gateway)
        if sending is None:
            return Outcome(job, lost=True)
        if not await self._holds(sending):
            await record(lambda: self._requeue(sending), job=job.id)
            return Outcome(job, lost=True)
        try:
            task_id = await gateway.submit(wire)
        except UnknownOutcomeError as error:
            detail = error.detail
            log.warning("order unsure", job=job.id, gateway=gateway.name, detail=detail)
            unsure = await record(lambda: self.endings.unsure(sending, detail), job=job.id, detail=detail)
            return _ended(sending, unsure)
        except GatewayError as error:
            return await self._refused(sending, gateway, wire, watch, tries, error)
        return await self._taken(sending, TaskRef(gateway.name, task_id), watch)

    async def _intend(self, job: Job, gateway: GatewayClient) -> Job | None:
        now = self.clock()
        changes = {"gateway": gateway.name, "attempt": job.attempt + 1, "submit_started_at": now}
        async with self.database.write() as tx:
            return await moves.intend(tx, job, JobState.SUBMITTING, **changes)

    async def _holds(self, job: Job) -> bool:
        try:
            async with self.database.read() as tx:
                return await leases.holds(tx, self.owner, job, self.clock())
        except StoreUnavailableError:
            return False

    async def _requeue(self, job: Job, complaint: Complaint | None = None) -> Job | None:
        async with self.database.write() as tx:
            await note(tx, complaint, self.clock())
            return await moves.intend(tx, job, JobState.QUEUED)

    async def _taken(self, job: Job, task: TaskRef, watch: Watch) -> Outcome:
        log.info("ordered", job=job.id, gateway=task.gateway, task=task.task_id)
        self.gateways.mark_accepted(task.gateway)
        watch.errors = 0
        now = self.clock()

        async def write() -> Job | None:
            async with self.database.write() as tx:
                return await moves.learn_task(tx, job.id, task, now, deadline_at=now + self.deadline)

        rendering = await record(write, job=job.id, gateway=task.gateway, task=task.task_id)
        return Outcome(rendering or job, now, lost=rendering is None)

    async def _refused(
        self, job: Job, gateway: GatewayClient, wire: Wire, watch: Watch, tries: Tries, error: GatewayError
    ) -> Outcome | Job:
        """Note what is against the gateway. What says no to the job itself ends it."""
        log.warning("order refused", job=job.id, gateway=gateway.name, kind=error.kind, detail=error.detail)
        complaint: Complaint | None = None
        match error:
            case NotCreatedError():
                tries.wait_seconds.append(error.retry_after_seconds or 0.0)
            case OutOfCreditError() if self._doubts_credit(gateway.name, watch):
                tries.wait_seconds.append(CREDIT_RETRY.total_seconds())
            case OutOfCreditError() | BadKeyError() | ModelRetiredError():
                complaint = self._complaint(gateway, wire, job, error)
            case _:
                return _ended(job, await record(lambda: self._fail(job, error), job=job.id, detail=error.detail))
        tries.refusal = error
        queued = await record(lambda: self._requeue(job, complaint), job=job.id, detail=error.detail)
        return queued or Outcome(job, lost=True)

    def _complaint(self, gateway: GatewayClient, wire: Wire, job: Job, error: GatewayError) -> Complaint | None:
        """Give the gateway no more such orders; what the operator has to know of it, the first time."""
        name, now = gateway.name, self.clock()
        match error:
            case OutOfCreditError():
                return no_credit(gateway) if self.gateways.mark_out_of_credit(name, now + CREDIT_PAUSE) else None
            case BadKeyError():
                return bad_key(gateway, now) if self.gateways.mark_bad_key(name) else None
            case _:
                title = self.catalogue.title(job.model_id)
                return retired(gateway, wire.slug, title) if self.gateways.mark_retired(name, wire.slug) else None

    def _doubts_credit(self, gateway: str, watch: Watch) -> bool:
        """Whether this order gets its one delayed retry: other orders may have raised the doubt before it."""
        first = self.gateways.doubt_credit(gateway, self.clock() + CREDIT_RETRY)
        fresh = gateway not in watch.credit_doubted
        watch.credit_doubted.add(gateway)
        return first or fresh

    async def _fail(self, job: Job, error: GatewayError) -> Job | None:
        return await self.endings.fail(job, error.kind, error.detail, ordered=False)

    async def _none_took_it(self, job: Job, wire: Wire, watch: Watch, tries: Tries) -> Outcome:
        if job.dont_post:
            return _ended(job, await self.endings.cancel(job, "cancelled while submitting"))
        if tries.refusal is not None and not tries.wait_seconds:
            return _ended(job, await self._fail(job, tries.refusal))
        if tries.refusal is None and watch.errors >= PATIENCE:
            kinds = [self.gateways.obstacle(gateway.name, wire.slug) for gateway in self.gateways.all]
            kind = next((kind for kind in kinds if kind is not None), FailureKind.NEVER_SENT)
            return _ended(job, await self.endings.fail(job, kind, "no usable gateway", ordered=False))
        watch.errors += 1
        wait = until_retry(watch.errors, random(), min(tries.wait_seconds, default=None))  # noqa: S311  jitter
        return Outcome(job, min(self.clock() + timedelta(seconds=wait), job.deadline_at))


def _ended(job: Job, ended: Job | None) -> Outcome:
    return Outcome(job, lost=True) if ended is None else Outcome(ended)
