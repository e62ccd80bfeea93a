"""How requests to one gateway have ended lately: in memory only, since the process started."""

from collections import deque
from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.domain.clock import Clock
from bot.gateway.errors import GatewayError, ModelRetiredError, RejectedError, TaskNotFoundError

NEWEST = 200
WITHIN = timedelta(minutes=15)
_ANSWERS = (RejectedError, ModelRetiredError, TaskNotFoundError)
"""The gateway works and says no to what was asked of it."""


@dataclass(frozen=True, slots=True)
class Requests:
    """The newest requests, at most NEWEST and none older than WITHIN, and how many of them failed.

    `last_success`: when the gateway last took an order or told of one; None if it has not since the process started.
    """

    count: int
    failed: int
    last_success: datetime | None


class Health:
    """Remembers how requests ended. No answer, a busy gateway, a refused key and an empty account are failures; that
    an order is refused for what it asks is none, and no success either."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._ends: deque[tuple[datetime, bool]] = deque(maxlen=NEWEST)
        self._last_success: datetime | None = None

    def note(self, error: GatewayError | None = None) -> None:
        """A request has ended: as hoped for, or with an error."""
        now = self._clock()
        if error is None:
            self._last_success = now
        self._ends.append((now, error is not None and not isinstance(error, _ANSWERS)))

    @property
    def lately(self) -> Requests:
        """The newest requests."""
        since = self._clock() - WITHIN
        failures = [failed for at, failed in self._ends if at >= since]
        return Requests(len(failures), sum(failures), self._last_success)
