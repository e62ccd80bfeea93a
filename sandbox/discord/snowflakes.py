"""Discord's ids: 64 bits that begin with the millisecond of their making."""

from collections.abc import Callable

EPOCH_MS = 1_420_070_400_000


def made_at(snowflake: int) -> float:
    """When an id was made, in seconds since 1970."""
    return ((snowflake >> 22) + EPOCH_MS) / 1000


class Snowflakes:
    """Makes ids that only grow; `now` tells the time in seconds since 1970."""

    def __init__(self, now: Callable[[], float]) -> None:
        self._now = now
        self._last = 0

    def next(self) -> int:
        """The next id of the present moment."""
        first = (int(self._now() * 1000) - EPOCH_MS) << 22
        self._last = max(first, self._last + 1)
        return self._last

    def next_for_guild(self) -> int:
        """The next id with a millisecond of its own, so that neighbouring guilds fall into different shards."""
        self._last = ((self.next() >> 22) + 1) << 22
        return self._last
