"""One look at one job: its step, then what has to be told about it."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from bot.domain.clock import Clock
from bot.domain.job import Job, JobState
from bot.store import jobs
from bot.store.database import Database
from bot.worker.endings import Endings
from bot.worker.outcome import Outcome, Watch
from bot.worker.poll import Poll
from bot.worker.submit import Submit
from bot.worker.tell import Tell

Step = Callable[[Job, Watch], Awaitable[Outcome]]


@dataclass(slots=True)
class Held:
    """A job whose lease this process has.

    `news`: read it anew and look at its notes first. `nudged`: it was woken while it was being advanced.
    """

    job: Job
    at: datetime
    watch: Watch = field(default_factory=Watch)
    news: bool = True
    nudged: bool = False


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
        before = held.job
        if held.news:
            fresh = await self._reread(before)
            if fresh is None:
                return None
            before, held.news = fresh, False
            told = await self.tell(before, held.watch)
        else:
            told = Outcome(before)
        step = self._steps().get(told.job.state)
        outcome = told if step is None else await step(told.job, held.watch)
        held.job = outcome.job
        if outcome.lost:
            held.news = True
            return self.clock()
        if outcome.job.state is not before.state and outcome.job.state is not JobState.RENDERING:
            told = await self.tell(outcome.job, held.watch)
            held.job = told.job
        if self._steps().get(held.job.state) is None:
            # A step that gave nothing to do and a note that could not be told meet here.
            held.news = told.again_at is not None
            return told.again_at
        return min(filter(None, (outcome.again_at, told.again_at)), default=self.clock())

    def _steps(self) -> Mapping[JobState, Step]:
        return {
            JobState.QUEUED: self.submit,
            JobState.SUBMITTING: self._died_while_submitting,
            JobState.RENDERING: self.poll,
            JobState.OVERDUE: self.poll,
        }

    async def _died_while_submitting(self, job: Job, watch: Watch) -> Outcome:
        """A job found in `submitting` was being sent by a process that died: nobody can tell what came of it."""
        unsure = await self.endings.unsure(job, "the process ended while the order was being sent")
        return Outcome(unsure or job, lost=unsure is None)

    async def _reread(self, job: Job) -> Job | None:
        async with self.database.read() as tx:
            fresh = await jobs.get(tx, job.id)
        return fresh if fresh is not None and fresh.fence == job.fence else None
