"""Asking a gateway how a task stands, and writing down what changed; a poll that changes nothing writes nothing."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import timedelta
from random import random

import structlog

from bot.domain.clock import Clock
from bot.domain.failure import FailureKind
from bot.domain.job import Job, JobState
from bot.domain.outbox import NoteKind
from bot.domain.standing import UNTOLD, Progress
from bot.gateway.choice import Gateways
from bot.gateway.client import GatewayClient
from bot.gateway.errors import BadKeyError, GatewayUnavailableError, TaskNotFoundError
from bot.gateway.verdict import failure_of
from bot.gateway.wire import TaskReport, TaskStatus
from bot.store import jobs, ledger, moves, outbox
from bot.store.database import Database
from bot.worker.complaints import bad_key, note
from bot.worker.endings import Endings
from bot.worker.evidence import record
from bot.worker.outcome import Outcome, Watch
from bot.worker.timing import until_overdue_poll, until_poll, until_retry

log = structlog.get_logger(__name__)

LAG = timedelta(minutes=1)
"""A gateway may not know its own task for this long after the order."""
SURELY_LOST = timedelta(minutes=30)
NOT_FOUND_TIMES = 3
WITHOUT_VIDEO_TIMES = 5
DETAIL_CHARACTERS = 500
OVERDUE_FOR = timedelta(hours=24)

ShowProgress = Callable[[Job, Progress, Watch], Awaitable[None]]
TakeBack = Callable[[str], Awaitable[None]]
_HAS_ENDED = frozenset({TaskStatus.SUCCEED, TaskStatus.FAILED})


@dataclass(frozen=True, slots=True)
class Poll:
    """Looks at the task of a rendering or overdue job once."""

    database: Database
    gateways: Gateways
    endings: Endings
    show: ShowProgress
    clock: Clock
    interval_seconds: float
    take_back: TakeBack

    async def __call__(self, job: Job, watch: Watch) -> Outcome:
        """Ask once; the outcome says when to ask again."""
        task = job.task
        if task is None:
            message = f"{job.id} is {job.state} without a task"
            raise ValueError(message)
        gateway = self.gateways.get(task.gateway)
        if gateway is None:
            log.error("gateway not configured any more", job=job.id, gateway=task.gateway)
            return await self._later(job, watch, UNTOLD, 60.0)
        try:
            report = await gateway.result(task.task_id)
        except TaskNotFoundError as error:
            return await self._not_found(job, watch, error.detail)
        except BadKeyError:
            if self.gateways.mark_bad_key(task.gateway):
                log.error("gateway key refused", gateway=task.gateway)  # noqa: TRY400  the refusal is all there is
                await record(lambda: self._complain(gateway), job=job.id)
            return await self._later(job, watch, UNTOLD, 60.0)
        except GatewayUnavailableError as error:
            watch.errors += 1
            wait = until_retry(watch.errors, random(), error.retry_after_seconds)  # noqa: S311  jitter
            return await self._later(job, watch, UNTOLD, max(wait, self.interval_seconds))
        watch.errors = watch.not_found = 0
        outcome = await self._read(job, watch, report)
        # Last, because Discord may take its time, and what was paid for is written down first.
        await self._return(job, watch, report.status)
        return outcome

    async def _complain(self, gateway: GatewayClient) -> None:
        async with self.database.write() as tx:
            await note(tx, bad_key(gateway, self.clock()), self.clock())

    async def _read(self, job: Job, watch: Watch, report: TaskReport) -> Outcome:
        if report.status is TaskStatus.FAILED:
            detail = report.reason[:DETAIL_CHARACTERS]
            failed = await self.endings.fail(job, failure_of(report.reason), detail, ordered=True)
            return Outcome(failed or job, lost=failed is None)
        if report.status is TaskStatus.SUCCEED and report.video_url is not None:
            return await self._rendered(job, report.video_url, report.video_ttl_seconds)
        if report.status is TaskStatus.SUCCEED:
            watch.without_video += 1
            if watch.without_video >= WITHOUT_VIDEO_TIMES:
                failed = await self.endings.fail(job, FailureKind.NO_VIDEO, "SUCCEED without a video", ordered=True)
                return Outcome(failed or job, lost=failed is None)
        return await self._later(job, watch, Progress(report.progress_percent, report.eta_seconds), 0.0)

    async def _return(self, job: Job, watch: Watch, status: TaskStatus) -> None:
        """Take back what was lent, once the gateway has it."""
        begun = status is TaskStatus.PROCESSING
        # A gateway may say that it has begun a moment before it fetches what it was given.
        if (status in _HAS_ENDED or (begun and watch.begun)) and not watch.returned:
            watch.returned = True
            await self.take_back(job.id)
        watch.begun = watch.begun or begun

    async def _rendered(self, job: Job, url: str, ttl_seconds: int) -> Outcome:
        now = self.clock()
        changes: dict[str, object] = {
            "result_url": url,
            "result_expires_at": now + timedelta(seconds=ttl_seconds),
            "finished_at": now,
            "late": job.state is JobState.OVERDUE,
            "failure": None,
        }
        async with self.database.write() as tx:
            rendered = await moves.intend(tx, job, JobState.RENDERED, **changes)
            if rendered is None:
                return Outcome(job, now, lost=True)
            await ledger.commit(tx, job, now)
            await outbox.put(tx, job.id, now, NoteKind.RESULT)
        log.info("rendered", job=job.id, seconds=round((now - (job.ordered_at or now)).total_seconds(), 1))
        return Outcome(rendered)

    async def _not_found(self, job: Job, watch: Watch, detail: str) -> Outcome:
        age = self.clock() - (job.ordered_at or job.created_at)
        watch.not_found += age >= LAG
        if watch.not_found >= NOT_FOUND_TIMES or age >= SURELY_LOST:
            failed = await self.endings.fail(job, FailureKind.LOST, detail, ordered=True)
            return Outcome(failed or job, lost=failed is None)
        return await self._later(job, watch, UNTOLD, 0.0)

    async def _later(self, job: Job, watch: Watch, progress: Progress, least_seconds: float) -> Outcome:
        """The next look, or the end of patience."""
        now = self.clock()
        if job.state is JobState.RENDERING and now < job.deadline_at:
            # Also when the gateway does not answer: that it was ordered has to be told in any case.
            await self.show(job, progress, watch)
        if job.state is JobState.RENDERING and now >= job.deadline_at:
            overdue = await self.endings.overdue(job)
            return Outcome(overdue or job, now, lost=overdue is None)
        if job.state is JobState.OVERDUE:
            if now >= job.deadline_at + OVERDUE_FOR:
                expired = await self.endings.expire(job)
                return Outcome(expired or job, lost=expired is None)
            past = (now - job.deadline_at).total_seconds()
            wait = until_overdue_poll(past, self.interval_seconds, random())  # noqa: S311  jitter
            return Outcome(job, now + timedelta(seconds=max(wait, least_seconds)))
        wait = await self._until_poll(job, watch, progress)
        at = min(now + timedelta(seconds=max(wait, least_seconds)), job.deadline_at)
        return Outcome(job, at)

    async def _until_poll(self, job: Job, watch: Watch, progress: Progress) -> float:
        if not watch.usual_known:
            async with self.database.read() as tx:
                watch.usual = await jobs.usual_time(tx, job.model_id)
            watch.usual_known = True
        age = (self.clock() - (job.ordered_at or job.created_at)).total_seconds()
        return until_poll(age, self.interval_seconds, progress, watch.usual, random())  # noqa: S311  jitter
