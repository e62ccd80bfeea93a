"""The memory that the bot needs to fetch and post a large video."""

from dataclasses import replace

from benchmarks.crowd import RENDERING, SMALL, Crowd, crowd
from benchmarks.table import Section, mebibytes
from sandbox.gateway.films import film

SIZE_BYTES = 19 << 20
AT_ONCE = 4


async def measure() -> Section:
    """One video of 19 MiB, then four at once; small ones come first, so that what is loaded once is loaded."""
    large = replace(SMALL, padding_bytes=SIZE_BYTES - len(film(SMALL)))
    section = Section("memory · the bot's process while it fetches and posts videos of 19 MiB")
    async with crowd(2 * AT_ONCE + 1, POLL_INTERVAL_SECONDS="0.2") as people:
        await _deliver(people, range(AT_ONCE))
        people.stage.gateway.default_plan = replace(RENDERING, video=large)
        idle = people.process.resident_bytes()
        section.add("before", mebibytes(idle))
        for name, numbers in (
            ("peak above it, one video", range(AT_ONCE, AT_ONCE + 1)),
            (f"peak above it, {AT_ONCE} videos at once", range(AT_ONCE + 1, 2 * AT_ONCE + 1)),
        ):
            people.process.forget_peak()
            await _deliver(people, numbers)
            peak = people.process.peak_bytes()
            section.add(name, "n/a" if peak is None else mebibytes(peak - idle), "19 MiB each")
        section.add("after", mebibytes(people.process.resident_bytes()))
    return section


async def _deliver(people: Crowd, numbers: range) -> None:
    """Order, let all end at once, and wait for the posts."""
    await people.order_at_a_rate(numbers, 20)
    await people.until_ordered()
    orders = people.orders()
    for number in numbers:
        orders[number].task.finish()
    await people.until_posted(numbers)
