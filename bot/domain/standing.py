"""What is known about a job at the moment of telling, beside the job itself."""

from dataclasses import dataclass
from datetime import timedelta

from bot.domain.ledger import Settlement


@dataclass(frozen=True, slots=True)
class RenderTime:
    """How long a model's videos usually take, in seconds: median and 90th percentile of the newest ones."""

    median: float
    slow: float


SLOW_WITHOUT_HISTORY = timedelta(minutes=8)
"""What counts as slow before there is a history: the longest usual time that the gateways are known for."""


@dataclass(frozen=True, slots=True)
class Progress:
    """What the gateway says of a task. None is *it does not say*; nothing here is ever invented."""

    percent: int | None = None
    eta_seconds: int | None = None


UNTOLD = Progress()
"""The gateway has not said anything of progress."""


@dataclass(frozen=True, slots=True)
class Standing:
    """A job's circumstances: its money, its place in line (1 is next), its progress, its author's allowance."""

    settlement: Settlement
    line: int | None = None
    progress: Progress = UNTOLD
    usual: RenderTime | None = None
    videos_left: int | None = None
