"""What is known about a job at the moment of telling, beside the job itself."""

from dataclasses import dataclass
from datetime import timedelta

from bot.domain.ledger import Settlement
from bot.domain.preferences import Ping
from bot.domain.sentence import MessageLink


@dataclass(frozen=True, slots=True)
class RenderTime:
    """How long a model's videos usually take, in seconds: median and 90th percentile of the newest ones."""

    median: float
    slow: float


SLOW_WITHOUT_HISTORY = timedelta(minutes=8)
"""What counts as slow before there is a history: the longest usual time that the gateways are known for."""
SLOW_TIMES = 2


def is_slow(elapsed: timedelta, usual: RenderTime | None) -> bool:
    """Whether a render takes longer than usual: twice what nine in ten need at most."""
    return elapsed > (SLOW_WITHOUT_HISTORY if usual is None else SLOW_TIMES * timedelta(seconds=usual.slow))


@dataclass(frozen=True, slots=True)
class Progress:
    """What the gateway says of a task. None is *it does not say*; nothing here is ever invented."""

    percent: int | None = None
    eta_seconds: int | None = None


UNTOLD = Progress()
"""The gateway has not said anything of progress."""


@dataclass(frozen=True, slots=True)
class Standing:
    """A job's circumstances: its money, its place in line (1 is next), its progress, its author's allowance.

    `original`: where the original of a remix stands, or its id where nothing of it is left to link to. `cost` in units
    of a ten-thousandth of a dollar, only where members are shown money. `ping`: how its author wants to be told.
    `is_carried`: what the member has back, the server's budget still carries.
    `is_large`: its video is over the upload limit and not posted yet.
    `is_kept`: whether it can be found in the history later; not once its author has asked to be erased.

    As its server wants: `hides_prompt`, where others see the message; `is_spoiler`, its video is hidden until it is
    clicked; `keeps_status`, of a posted video the status message stays as a line that leads to it. `stands`: where
    members find a posted video; None where they can't.
    """

    settlement: Settlement
    is_carried: bool = False
    line: int | None = None
    progress: Progress = UNTOLD
    usual: RenderTime | None = None
    videos_left: int | None = None
    original: MessageLink | str | None = None
    cost: int | None = None
    ping: Ping = Ping.HERE
    is_kept: bool = True
    hides_prompt: bool = False
    is_spoiler: bool = False
    keeps_status: bool = False
    stands: MessageLink | None = None
    is_large: bool = False
