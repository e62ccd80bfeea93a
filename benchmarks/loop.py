"""The loop with 500 videos rendering: how late results are posted, what it asks of the gateway, what it holds."""

import asyncio
import statistics
import time
from collections.abc import Mapping, Sequence

from benchmarks.acknowledgement import PER_SECOND, add_times
from benchmarks.crowd import Crowd, crowd
from benchmarks.process import cpu_share
from benchmarks.table import Section, mebibytes

RENDERING = 500
FILLING_PER_SECOND = 20
QUIET_SECONDS = 10
INTERVAL_SECONDS = 5


async def measure() -> Section:
    """500 render; then for 25 s as many end as are ordered; then the 500 that were ordered end at one moment."""
    section = Section(f"loop · {RENDERING} videos rendering, each polled every {INTERVAL_SECONDS} s")
    first, second = range(RENDERING), range(RENDERING, 2 * RENDERING)
    async with crowd(2 * RENDERING) as people:
        idle = people.process.resident_bytes()
        await people.order_at_a_rate(first, FILLING_PER_SECOND)
        await people.until_ordered(RENDERING)
        await _watch_quietly(section, people)
        held = people.process.resident_bytes()
        times, ended = await asyncio.gather(
            people.order_at_a_rate(second, PER_SECOND), _end_at_a_rate(people, first, PER_SECOND)
        )
        await people.until_posted(first)
        _add_delays(section, people, ended, f"{PER_SECOND} a second end", f"{INTERVAL_SECONDS / 2} s are the polls'")
        await people.until_ordered(2 * RENDERING)
        ended = await _end_at_a_rate(people, second, float("inf"))
        await people.until_posted(second)
        _add_delays(section, people, ended, f"all {RENDERING} end at once", "")
        add_times(section, times, when=f" of /video, {PER_SECOND} a second")
        after = people.process.resident_bytes()
    section.add("memory idle, then with 500 rendering", mebibytes(held), f"idle {mebibytes(idle)}")
    section.add(f"memory after {2 * RENDERING} videos", mebibytes(after))
    return section


async def _watch_quietly(section: Section, people: Crowd) -> None:
    """What polling alone takes."""
    polls, used = people.stage.gateway.polls, people.process.cpu_seconds()
    begin = time.monotonic()
    await asyncio.sleep(QUIET_SECONDS)
    seconds = time.monotonic() - begin
    rate = (people.stage.gateway.polls - polls) / seconds
    section.add("polls a second", f"{rate:.0f}", cpu_share(used, people.process.cpu_seconds(), seconds))


async def _end_at_a_rate(people: Crowd, numbers: Sequence[int], per_second: float) -> Mapping[int, float]:
    """End these members' tasks at even times; when each one ended."""
    orders, ended = people.orders(), dict[int, float]()
    begin = time.monotonic()
    for place, number in enumerate(numbers):
        await asyncio.sleep(max(0.0, begin + place / per_second - time.monotonic()))
        orders[number].task.finish()
        ended[number] = time.monotonic()
    return ended


def _add_delays(section: Section, people: Crowd, ended: Mapping[int, float], when: str, beside: str) -> None:
    delays = [people.posted[number] - at for number, at in ended.items()]
    section.add(f"from its end to the post, mean ({when})", f"{statistics.mean(delays):.2f} s", beside)
    section.add("  worst", f"{max(delays):.2f} s")
