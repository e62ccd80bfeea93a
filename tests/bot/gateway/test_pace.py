"""The pace of a gateway, on a clock that the test moves."""

import asyncio
import heapq
import math
from collections.abc import Callable
from dataclasses import dataclass, field

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.gateway.pace import Pace


@dataclass
class Call:
    callback: Callable[[], None]
    cancelled: bool = False

    def cancel(self) -> None:
        self.cancelled = True


@dataclass
class TestTimeline:
    __test__ = False

    now: float = 1000.0
    calls: list[tuple[float, int, Call]] = field(default_factory=list)

    def time(self) -> float:
        return self.now

    def call_later(self, delay: float, callback: Callable[[], None]) -> Call:
        call = Call(callback)
        heapq.heappush(self.calls, (self.now + delay, len(self.calls), call))
        return call

    async def advance(self, seconds: float) -> None:
        end = self.now + seconds
        while self.calls and self.calls[0][0] <= end:
            self.now, _, call = heapq.heappop(self.calls)
            if not call.cancelled:
                call.callback()
            await asyncio.sleep(0)
        self.now = end
        for _ in range(3):
            await asyncio.sleep(0)


@dataclass
class Queue:
    """Requests that wait for their turn, and the order in which it came."""

    pace: Pace
    timeline: TestTimeline
    turns: list[tuple[str, float]] = field(default_factory=list)
    tasks: dict[str, asyncio.Task[None]] = field(default_factory=dict)

    async def add(self, name: str) -> None:
        self.tasks[name] = asyncio.create_task(self._wait(name))
        await asyncio.sleep(0)

    async def _wait(self, name: str) -> None:
        async with self.pace.order() if name.startswith("order") else self.pace.poll():
            self.turns.append((name, self.timeline.now))

    @property
    def names(self) -> list[str]:
        return [name for name, _ in self.turns]


@pytest.fixture
def timeline() -> TestTimeline:
    return TestTimeline()


def queue_of(timeline: TestTimeline, per_minute: float) -> Queue:
    return Queue(Pace(per_minute, timeline), timeline)


async def test_orders_go_before_polls_and_each_kind_in_its_turn(timeline: TestTimeline) -> None:
    queue = queue_of(timeline, 6)
    for name in ("poll 1", "poll 2", "poll 3", "order 1", "order 2"):
        await queue.add(name)

    await timeline.advance(60)

    assert queue.names == ["poll 1", "order 1", "order 2", "poll 2", "poll 3"]


async def test_a_full_minute_is_never_exceeded(timeline: TestTimeline) -> None:
    queue = queue_of(timeline, 24)
    for number in range(80):
        await queue.add(f"poll {number}")

    await timeline.advance(240)

    times = [at for _, at in queue.turns]
    assert len(times) == 80
    assert all(sum(start <= at < start + 60 for at in times) <= 24 for start in times)


@settings(max_examples=50)
@given(
    per_minute=st.floats(0.5, 200, allow_nan=False),
    gaps=st.lists(st.floats(0, 40, allow_nan=False), min_size=1, max_size=40),
)
def test_no_pattern_of_arrivals_exceeds_the_rate(per_minute: float, gaps: list[float]) -> None:
    async def play() -> list[float]:
        timeline = TestTimeline()
        queue = queue_of(timeline, per_minute)
        for number, gap in enumerate(gaps):
            await queue.add(f"poll {number}")
            await timeline.advance(gap)
        await timeline.advance(60 * (len(gaps) / per_minute + 2))
        return [at for _, at in queue.turns]

    times = asyncio.run(play())

    assert len(times) == len(gaps)
    # A thousandth of a second is left to rounding.
    assert all(sum(start <= at < start + 59.999 for at in times) <= math.ceil(per_minute) for start in times)


async def test_after_a_quiet_spell_a_few_go_at_once(timeline: TestTimeline) -> None:
    queue = queue_of(timeline, 120)
    for number in range(12):
        await queue.add(f"poll {number}")

    await timeline.advance(0)

    assert len(queue.turns) == 10


async def test_nobody_wakes_while_nobody_waits(timeline: TestTimeline) -> None:
    queue = queue_of(timeline, 60)

    await queue.add("poll 1")
    await timeline.advance(0)

    assert queue.names == ["poll 1"]
    assert timeline.calls == []


async def test_a_cancelled_request_gives_up_its_place(timeline: TestTimeline) -> None:
    queue = queue_of(timeline, 6)
    for name in ("poll 1", "order 1", "poll 2"):
        await queue.add(name)

    queue.tasks["order 1"].cancel()
    await timeline.advance(10)

    assert queue.names == ["poll 1", "poll 2"]


async def test_a_turn_that_comes_with_a_cancellation_goes_to_the_next(timeline: TestTimeline) -> None:
    queue = queue_of(timeline, 6)
    for name in ("poll 1", "poll 2", "poll 3"):
        await queue.add(name)
    timeline.now, _, call = heapq.heappop(timeline.calls)

    call.callback()
    queue.tasks["poll 2"].cancel()
    await timeline.advance(0)

    assert queue.names == ["poll 1", "poll 3"]


async def test_the_running_loop_keeps_the_time_by_default() -> None:
    pace = Pace(12_000)
    turns = 0

    for _ in range(3):
        async with pace.order():
            turns += 1

    assert turns == 3
