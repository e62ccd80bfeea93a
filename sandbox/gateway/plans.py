"""The scripts of a task's life: how long, with which progress, and how it ends."""

from dataclasses import dataclass

from sandbox.gateway.films import VideoShape


@dataclass(frozen=True, slots=True)
class Succeed:
    """The task ends with a video."""


@dataclass(frozen=True, slots=True)
class Fail:
    """The task ends as failed, with the upstream's reason (which may be empty)."""

    reason: str = ""


@dataclass(frozen=True, slots=True)
class Vanish:
    """The gateway no longer knows the task: TASK_NOT_FOUND from the end of its processing on."""


@dataclass(frozen=True, slots=True)
class NeverFinish:
    """The task stays at its last progress for ever, unless a test ends it."""


@dataclass(frozen=True, slots=True)
class SucceedWithoutVideo:
    """SUCCEED without a video for the first `times` polls (None: for ever), then with one."""

    times: int | None = None
    empty_url: bool = False


@dataclass(frozen=True, slots=True)
class UnknownStatus:
    """A status that no documentation names, for the first `times` polls (None: for ever), then success."""

    status: str = "TASK_STATUS_UNKNOWN"
    times: int | None = None


Outcome = Succeed | Fail | Vanish | NeverFinish | SucceedWithoutVideo | UnknownStatus


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """The life of one task and the wording of the answers about it.

    `manual`: time moves by the test's `task.advance()` only. `video`: None for what the order asks.
    `ttl`: as it stands in the answer, None for no such key. `hidden_polls`: polls that still say
    TASK_NOT_FOUND. `videos_key`: whether an answer without a video has an empty list or no key.
    `id_field`: what an order's answer calls the id, None for what the model's documentation says.
    `extra_keys`: keys that no documentation names. `bare`: only what every model answers.
    `fetches_late`: the media of the order are fetched only when its processing begins.
    """

    queued_seconds: float = 0.2
    processing_seconds: float = 2.0
    progress: tuple[int, ...] = (12, 40, 80)
    eta: bool = True
    outcome: Outcome = Succeed()
    manual: bool = False
    video: VideoShape | None = None
    ttl: str | int | None = "3600"
    id_field: str | None = None
    hidden_polls: int = 0
    videos_key: bool = True
    extra_keys: bool = False
    bare: bool = False
    fetches_late: bool = False

    @property
    def marks(self) -> tuple[float, ...]:
        """The ages in seconds at which something changes: processing begins, each progress, the end."""
        steps = max(len(self.progress), 1)
        parts = (self.processing_seconds * step / steps for step in range(steps + 1))
        return tuple(self.queued_seconds + part for part in parts)


@dataclass(slots=True)
class Script:
    """A plan that waits for the orders it is meant for; `times` None is every one of them."""

    plan: Plan
    prompt: str | None = None
    times: int | None = 1
