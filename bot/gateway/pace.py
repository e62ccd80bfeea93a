"""How many requests a minute a gateway gets, and whose turn is next."""

import asyncio
from collections import deque
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Protocol

PERIOD_SECONDS = 60.0


class Cancellable(Protocol):
    """Something scheduled that can be called off."""

    def cancel(self) -> None:
        """Call it off."""
        ...


class Timeline(Protocol):
    """The part of an event loop that knows the time; a test brings its own."""

    def time(self) -> float:
        """Seconds on a clock that never goes back."""
        ...

    def call_later(self, delay: float, callback: Callable[[], None]) -> Cancellable:
        """Call back after `delay` seconds."""
        ...


class Pace:
    """At most `per_minute` requests in any 60 seconds, orders before polls, first come first served.

    After a quiet spell a twelfth of the minute's requests may go at once; the rest is spread evenly, so that
    an order never waits for a whole minute behind a burst of polls.
    """

    def __init__(self, per_minute: float, timeline: Timeline | None = None) -> None:
        self._burst = max(1, int(per_minute / 12))
        # In 60 s the burst and one request per spacing fit: together they are `per_minute`.
        self._spacing_seconds = PERIOD_SECONDS / (per_minute - self._burst + 1)
        self._timeline = timeline
        self._free_at = float("-inf")
        self._orders: deque[asyncio.Future[None]] = deque()
        self._polls: deque[asyncio.Future[None]] = deque()
        self._alarm: Cancellable | None = None

    @asynccontextmanager
    async def order(self) -> AsyncIterator[None]:
        """Wait for the turn of an order. Take it before the intent is written, not after."""
        await self._turn(self._orders)
        yield

    @asynccontextmanager
    async def poll(self) -> AsyncIterator[None]:
        """Wait for the turn of a poll, which comes when no order waits."""
        await self._turn(self._polls)
        yield

    async def _turn(self, queue: deque[asyncio.Future[None]]) -> None:
        waiter = asyncio.get_running_loop().create_future()
        queue.append(waiter)
        self._grant()
        try:
            await waiter
        except asyncio.CancelledError:
            if not waiter.cancelled():
                # The turn came together with the cancellation: the next in line gets it.
                self._free_at -= self._spacing_seconds
                self._grant()
            raise

    def _grant(self) -> None:
        if self._alarm is not None:
            self._alarm.cancel()
            self._alarm = None
        timeline = self._timeline or asyncio.get_running_loop()
        while self._orders or self._polls:
            # `_free_at` is when the request after the last one would be due at an even spacing; the burst
            # allows to be that much early.
            now = timeline.time()
            due = self._free_at - (self._burst - 1) * self._spacing_seconds
            if due > now:
                self._alarm = timeline.call_later(due - now, self._grant)
                return
            waiter = (self._orders or self._polls).popleft()
            if not waiter.done():
                self._free_at = max(self._free_at, now) + self._spacing_seconds
                waiter.set_result(None)
