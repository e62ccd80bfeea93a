"""The loop with 500 videos rendering: what it asks of the gateway and holds, who waits for it, how late results are."""

import asyncio
import statistics
import time
from collections.abc import Mapping

from benchmarks.acknowledgement import PER_SECOND, add_times
from benchmarks.crowd import Crowd, crowd
from benchmarks.process import cpu_share
from benchmarks.table import Section, mebibytes

RENDERING = 500
ORDERED_MEANWHILE = 300
FILLING_AT_ONCE = 8
QUIET_SECONDS = 8
INTERVAL_SECONDS = 5
ENDING_PER_SECOND = 5
IN_TURN = range(100)
AT_ONCE = range(100, 300)


async def measure() -> Section:
    """500 render; 300 more are ordered; then 100 end at five a second, and 200 at one moment."""
    section = Section(f"loop · {RENDERING} videos rendering, each polled every {INTERVAL_SECONDS} s")
    members = RENDERING + ORDERED_MEANWHILE
    async with crowd(members) as people:
        idle = people.process.resident_bytes()
        await people.order_as_fast_as_answered(range(RENDERING), FILLING_AT_ONCE)
        await people.until_ordered()
        await _watch_quietly(section, people)
        section.add("memory", mebibytes(people.process.resident_bytes()), f"idle {mebibytes(idle)}")
        await _order_meanwhile(section, people, range(RENDERING, members))
        await people.until_ordered()
        least = f"the polls' own share {INTERVAL_SECONDS / 2} s"
        ended = await _end_at_a_rate(people, IN_TURN, ENDING_PER_SECOND)
        await _await_posts(section, people, ended, f"{ENDING_PER_SECOND} end a second", least)
        ended = await _end_at_a_rate(people, AT_ONCE, float("inf"))
        await _await_posts(section, people, ended, f"{len(AT_ONCE)} end at once", "")
        still = people.answered - len(people.posted)
        memory = mebibytes(people.process.resident_bytes())
        section.add(f"memory after {len(people.posted)} posts", memory, f"{still} still rendering")
    return section


async def _watch_quietly(section: Section, people: Crowd) -> None:
    """What polling alone takes."""
    polls, used, begin = people.stage.gateway.polls, people.process.cpu_seconds(), time.monotonic()
    await asyncio.sleep(QUIET_SECONDS)
    seconds = time.monotonic() - begin
    rate = (people.stage.gateway.polls - polls) / seconds
    section.add("polls a second", f"{rate:.0f}", cpu_share(used, people.process.cpu_seconds(), seconds))
    section.add("rendering", str(len(people.stage.gateway.orders)))


async def _order_meanwhile(section: Section, people: Crowd, numbers: range) -> None:
    used, begin = people.process.cpu_seconds(), time.monotonic()
    times = await people.order_at_a_rate(numbers, PER_SECOND)
    add_times(section, times, of=f"/video, {PER_SECOND} a second: ")
    share = cpu_share(used, people.process.cpu_seconds(), time.monotonic() - begin)
    section.add("the bot's process meanwhile", share or "n/a")


async def _await_posts(section: Section, people: Crowd, ended: Mapping[int, float], when: str, beside: str) -> None:
    await people.until_posted(ended.keys())
    delays = [people.posted[number] - at for number, at in ended.items()]
    section.add(f"succeed to post, {when}: mean", f"{statistics.mean(delays):.2f} s", beside)
    section.add(f"succeed to post, {when}: worst", f"{max(delays):.2f} s")


async def _end_at_a_rate(people: Crowd, numbers: range, per_second: float) -> Mapping[int, float]:
    """End these members' tasks at even times; when each one ended."""
    orders, ended, begin = people.orders(), dict[int, float](), time.monotonic()
    for place, number in enumerate(sorted(orders.keys() & set(numbers))):
        await asyncio.sleep(max(0.0, begin + place / per_second - time.monotonic()))
        orders[number].task.finish()
        ended[number] = time.monotonic()
    return ended
