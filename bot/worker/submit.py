"""Ordering a job from a gateway: the one request that is never repeated unless nothing was created."""

import asyncio
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
from bot.worker.endings import Endings
from bot.worker.outcome import Outcome, Watch
from bot.worker.timing import until_retry

log = structlog.get_logger(__name__)

CREDIT_RETRY = timedelta(seconds=30)
CREDIT_PAUSE = timedelta(minutes=15)
"""A gateway may report a rate limit as missing credit, so one delayed retry comes before the pause."""
PATIENCE = 6
"""How often a job finds every gateway unusable (about a minute) before it fails."""
RECORD_TIMES = 20
"""How often, a second apart, a paid task's id is tried to be written down."""


@dataclass(slots=True)
class Tries:
    """What the gateways said of one job in one step."""

    wait_seconds: list[float] = field(default_factory=list)
    refusal: GatewayError | None = None


@dataclass(frozen=True, slots=True)
class Submit:
    """Takes a queued job to `rendering`, back to `queued`, or to an end. `owner` is this process's lease name."""

    database: Database
    catalogue: Catalogue
    gateways: Gateways
    endings: Endings
    clock: Clock
    owner: str
    deadline: timedelta

    async def __call__(self, job: Job, watch: Watch) -> Outcome:
        """Order the job from the first gateway that takes it."""
        if self.clock() > job.deadline_at:
            return _ended(job, await self.endings.fail(job, FailureKind.NEVER_SENT, "deadline", ordered=False))
        try:
            wire = resolve(self.catalogue.get(job.model_id), job.request)
        except RefusalError as error:
            return _ended(job, await self.endings.fail(job, FailureKind.MODEL_RETIRED, str(error), ordered=False))
        tries = Tries()
        for gateway in self.gateways.for_order(wire.slug):
            async with gateway.pace.order():
                sending = await self._intend(job, gateway)
                if sending is None:
                    return Outcome(job, self.clock(), lost=True)
                if sending.dont_post:
                    return _ended(sending, await self.endings.cancel(sending, "cancelled while submitting"))
                job = sending
                outcome = await self._order(sending, gateway, wire, watch, tries)
            if outcome is not None:
                return outcome
        return await self._none_took_it(job, wire, watch, tries)

    async def _intend(self, job: Job, gateway: GatewayClient) -> Job | None:
        now = self.clock()
        changes = {"gateway": gateway.name, "attempt": job.attempt + 1, "submit_started_at": now}
        async with self.database.write() as tx:
            return await moves.intend(tx, job, JobState.SUBMITTING, **changes)

    async def _order(self, job: Job, gateway: GatewayClient, wire: Wire, watch: Watch, tries: Tries) -> Outcome | None:
        """Send the order. None: nothing was created here, the next gateway may be asked."""
        async with self.database.read() as tx:
            if not await leases.holds(tx, self.owner, job, self.clock()):
                return Outcome(job, self.clock(), lost=True)
        watch.sending = True
        try:
            task_id = await gateway.submit(wire)
            return await self._taken(job, TaskRef(gateway.name, task_id), watch)
        except UnknownOutcomeError as error:
            log.warning("order unsure", job=job.id, gateway=gateway.name, detail=error.detail)
            return _ended(job, await self.endings.unsure(job, error.detail))
        except GatewayError as error:
            return await self._refused(job, gateway, wire, watch, tries, error)
        finally:
            watch.sending = False

    async def _taken(self, job: Job, task: TaskRef, watch: Watch) -> Outcome:
        log.info("ordered", job=job.id, gateway=task.gateway, task=task.task_id)
        self.gateways.mark_accepted(task.gateway)
        watch.errors = 0
        for _ in range(RECORD_TIMES):
            now = self.clock()
            try:
                async with self.database.write() as tx:
                    rendering = await moves.learn_task(tx, job.id, task, now, deadline_at=now + self.deadline)
            except StoreUnavailableError:
                log.exception("paid task not recorded yet", job=job.id, gateway=task.gateway, task=task.task_id)
                await asyncio.sleep(1)
                continue
            return Outcome(rendering or job, now, lost=rendering is None)
        raise StoreUnavailableError

    async def _refused(
        self, job: Job, gateway: GatewayClient, wire: Wire, watch: Watch, tries: Tries, error: GatewayError
    ) -> Outcome | None:
        log.warning("order refused", job=job.id, gateway=gateway.name, kind=error.kind, detail=error.detail)
        match error:
            case NotCreatedError():
                tries.wait_seconds.append(error.retry_after_seconds or 0.0)
            case OutOfCreditError() if self.gateways.doubt_credit(gateway.name, self.clock() + CREDIT_RETRY):
                tries.wait_seconds.append(CREDIT_RETRY.total_seconds())
            case OutOfCreditError():
                self.gateways.mark_out_of_credit(gateway.name, self.clock() + CREDIT_PAUSE)
            case BadKeyError():
                self.gateways.mark_bad_key(gateway.name)
            case ModelRetiredError():
                self.gateways.mark_retired(gateway.name, wire.slug)
            case _:
                return _ended(job, await self.endings.fail(job, error.kind, error.detail, ordered=False))
        tries.refusal = error
        return None

    async def _none_took_it(self, job: Job, wire: Wire, watch: Watch, tries: Tries) -> Outcome:
        if tries.refusal is not None and not tries.wait_seconds:
            kind, detail = tries.refusal.kind, tries.refusal.detail
            return _ended(job, await self.endings.fail(job, kind, detail, ordered=False))
        if tries.refusal is None and watch.errors >= PATIENCE:
            kinds = [self.gateways.obstacle(gateway.name, wire.slug) for gateway in self.gateways.all]
            kind = next((kind for kind in kinds if kind is not None), FailureKind.NEVER_SENT)
            return _ended(job, await self.endings.fail(job, kind, "no usable gateway", ordered=False))
        watch.errors += 1
        wait = until_retry(watch.errors, random(), min(tries.wait_seconds, default=None))  # noqa: S311  jitter
        at = self.clock() + timedelta(seconds=wait)
        if job.state is JobState.QUEUED:
            return Outcome(job, at)
        async with self.database.write() as tx:
            queued = await moves.intend(tx, job, JobState.QUEUED)
        if queued is None:
            return Outcome(job, self.clock(), lost=True)
        if queued.dont_post:
            return _ended(queued, await self.endings.cancel(queued, "cancelled while submitting"))
        return Outcome(queued, at)


def _ended(job: Job, ended: Job | None) -> Outcome:
    return Outcome(job, lost=True) if ended is None else Outcome(ended)
