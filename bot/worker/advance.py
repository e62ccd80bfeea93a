"""One look at one job: its step, then what has to be told about it."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from bot.domain.clock import Clock
from bot.domain.failure import FailureKind
from bot.domain.job import APPROVE_WITHIN, Job, JobState
from bot.store import jobs
from bot.store.database import Database
from bot.worker.endings import Endings
from bot.worker.outcome import Outcome, Watch
from bot.worker.poll import Poll
from bot.worker.submit import Submit
from bot.worker.tell import Tell

Step = Callable[[Job, Watch], Awaitable[Outcome]]

LOST_WAIT = timedelta(seconds=1)
"""A lost step is mostly followed by a wake-up or by the end of the lease; where it is not, it must not spin."""


@dataclass(slots=True)
class Held:
    """A job whose lease this process has.

    `news`: read it anew and look at its notes first. `nudged`: it was woken while it was being advanced (`running`).
    `step_at` and `tell_at`: when its next step is due, and its notes that could not be told.
    """

    job: Job
    at: datetime
    watch: Watch = field(default_factory=Watch)
    news: bool = True
    nudged: bool = False
    running: bool = False
    step_at: datetime | None = None
    tell_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Advance:
    """Moves a held job one step on."""

    database: Database
    submit: Submit
    poll: Poll
    tell: Tell
    endings: Endings
    clock: Clock

    async def __call__(self, held: Held) -> datetime | None:
        """When to look again; None when nothing is left to do or the job is no longer ours."""
        state = held.job.state
        if held.news or (held.tell_at is not None and self.clock() >= held.tell_at):
            fresh = await self._reread(held.job)
            if fresh is None:
                return None
            held.job, held.news = fresh, False
            await self._tell(held)
        step = self._steps().get(held.job.state)
        waits = held.step_at is not None and self.clock() < held.step_at and held.job.state is state
        if step is None or waits:
            return self._next_look(held)
        before = held.job.state
        outcome = await step(held.job, held.watch)
        held.job, held.step_at = outcome.job, outcome.again_at
        if outcome.lost:
            held.news = True
            return self.clock() + LOST_WAIT
        if held.job.state not in {before, JobState.RENDERING}:
            await self._tell(held)
        return self._next_look(held)

    def _next_look(self, held: Held) -> datetime | None:
        """The earlier one of the next step and the next try to tell."""
        if self._steps().get(held.job.state) is None:
            return held.tell_at
        step_at = held.step_at or self.clock()
        return min(step_at, held.tell_at or step_at)

    async def _tell(self, held: Held) -> None:
        told = await self.tell(held.job, held.watch)
        held.job, held.tell_at = told.job, told.again_at

    def _steps(self) -> Mapping[JobState, Step]:
        return {
            JobState.AWAITING_APPROVAL: self._wait_for_approval,
            JobState.QUEUED: self.submit,
            JobState.SUBMITTING: self._died_while_submitting,
            JobState.RENDERING: self.poll,
            JobState.OVERDUE: self.poll,
        }

    async def _wait_for_approval(self, job: Job, watch: Watch) -> Outcome:
        """Nobody waits longer than a day for a manager."""
        until = job.created_at + APPROVE_WITHIN
        if self.clock() < until:
            return Outcome(job, until)
        over = await self.endings.cancel(job, "not approved in time", FailureKind.NOT_APPROVED)
        return Outcome(over or job, lost=over is None)

    async def _died_while_submitting(self, job: Job, watch: Watch) -> Outcome:
        """A job found in `submitting` was being sent by a process that died: nobody can tell what came of it."""
        unsure = await self.endings.unsure(job, "the process ended while the order was being sent")
        return Outcome(unsure or job, lost=unsure is None)

    async def _reread(self, job: Job) -> Job | None:
        async with self.database.read() as tx:
            fresh = await jobs.get(tx, job.id)
        return fresh if fresh is not None and fresh.fence == job.fence else None
