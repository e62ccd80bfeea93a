"""Orders that were taken, and the tasks that they started."""

import math
from collections.abc import Callable
from dataclasses import dataclass, field
from enum import StrEnum

from pydantic import JsonValue

from sandbox.gateway.films import VideoShape
from sandbox.gateway.models import Model
from sandbox.gateway.plans import Fail, NeverFinish, Outcome, Plan, Succeed, Vanish


class Status(StrEnum):
    """The documented states of a task, spelt as the gateway spells them."""

    QUEUED = "TASK_STATUS_QUEUED"
    PROCESSING = "TASK_STATUS_PROCESSING"
    SUCCEED = "TASK_STATUS_SUCCEED"
    FAILED = "TASK_STATUS_FAILED"


@dataclass(frozen=True, slots=True)
class FetchedInput:
    """One media URL of an order as the gateway found it; status 0 when nothing answered, sides where a picture came."""

    url: str
    status: int
    content_type: str
    size_bytes: int
    sides: tuple[int, int] | None = None


@dataclass(slots=True)
class Task:
    """One task; its state follows from its plan and its age."""

    task_id: str
    slug: str
    key: str
    plan: Plan
    asked: VideoShape
    clock: Callable[[], float]
    started: float
    polls: int = 0
    polls_at_end: int = 0
    _moved: float = 0
    _ended: Outcome | None = None

    @property
    def age(self) -> float:
        """Seconds of life: of the clock and of `advance`, or of `advance` alone in manual mode."""
        return self._moved if self.plan.manual else self._moved + self.clock() - self.started

    @property
    def shape(self) -> VideoShape:
        """The film that this task makes."""
        return self.plan.video or self.asked

    @property
    def ending(self) -> Outcome | None:
        """How the task ended; None while it is queued or processing."""
        if self._ended is not None:
            return self._ended
        if isinstance(self.plan.outcome, NeverFinish) or self.age < self.plan.marks[-1]:
            return None
        return self.plan.outcome

    @property
    def is_queued(self) -> bool:
        """Whether its processing has not begun and it has not ended by other means."""
        return self.ending is None and self.status is Status.QUEUED

    @property
    def status(self) -> Status:
        """Where a task that has not ended stands."""
        return Status.QUEUED if self.age < self.plan.marks[0] else Status.PROCESSING

    @property
    def progress(self) -> int:
        """The percentage of a task that has not ended; 0 when the plan has none."""
        passed = sum(mark <= self.age for mark in self.plan.marks)
        if not passed or not self.plan.progress:
            return 0
        return self.plan.progress[min(passed, len(self.plan.progress)) - 1]

    @property
    def eta_seconds(self) -> int:
        """Whole seconds to the planned end; 0 when the plan tells none."""
        return max(0, math.ceil(self.plan.marks[-1] - self.age)) if self.plan.eta else 0

    def advance(self, seconds: float | None = None) -> None:
        """Make the task older, by default up to the next thing that changes."""
        if seconds is not None:
            self._moved += seconds
            return
        coming = [mark for mark in self.plan.marks if mark > self.age]
        if not coming:
            return
        # An exact mark in manual mode: adding a difference of floats may fall short of it.
        self._moved = coming[0] if self.plan.manual else self._moved + coming[0] - self.age

    def finish(self) -> None:
        """End the task with its video now."""
        self._ended = Succeed()

    def fail(self, reason: str) -> None:
        """End the task as failed now."""
        self._ended = Fail(reason)

    def vanish(self) -> None:
        """Forget the task now."""
        self._ended = Vanish()


@dataclass(frozen=True, slots=True)
class Order:
    """One POST that started (and would bill) a task; `at` is by the server's clock."""

    task: Task
    model: Model
    body: dict[str, JsonValue]
    key: str
    at: float
    headers: dict[str, str]
    inputs: list[FetchedInput] = field(default_factory=list)

    @property
    def slug(self) -> str:
        """The endpoint that it was sent to."""
        return self.model.slug

    @property
    def task_id(self) -> str:
        """The id that the gateway gave the task."""
        return self.task.task_id


@dataclass(frozen=True, slots=True)
class Refused:
    """One request that the gateway said no to."""

    method: str
    path: str
    status: int
    reason: str
    details: str
    key: str
    body: bytes


@dataclass(frozen=True, slots=True)
class Poll:
    """One question about a task; `at` is by the server's clock."""

    task_id: str
    at: float
