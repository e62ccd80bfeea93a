"""The memory that the bot needs to fetch, examine and post a large video."""

from dataclasses import replace

from benchmarks.crowd import RENDERING, SMALL, Crowd, crowd
from benchmarks.table import Section, mebibytes
from sandbox.gateway import Index, VideoShape
from sandbox.gateway.films import film

SIZE_BYTES = 50 << 20
AT_ONCE = 4
TIER = 3
"""Of a server's boosts, which lets 100 MiB through."""


async def measure() -> Section:
    """One video of 50 MiB, one that is rewrapped, then four at once; small ones come first, to load what is used.

    Files are examined and rewrapped by processes of their own, whose memory is theirs: see `reencode`. What makes the
    film large is left out when it is rewrapped.
    """
    section = Section("memory · the bot's process while it fetches, examines and posts videos of 50 MiB")
    async with crowd(2 * AT_ONCE + 2, POLL_INTERVAL_SECONDS="0.2") as people:
        for guild in people.stage.discord.world.guilds.values():
            guild.set_boost_tier(TIER)
        await _deliver(people, range(AT_ONCE), SMALL)
        idle = people.process.resident_bytes()
        section.add("before", mebibytes(idle))
        last = replace(SMALL, index=Index.LAST)
        for name, numbers, shape in (
            ("peak above it, one video", range(AT_ONCE, AT_ONCE + 1), SMALL),
            ("peak above it, one that is rewrapped", range(AT_ONCE + 1, AT_ONCE + 2), last),
            (f"peak above it, {AT_ONCE} videos at once", range(AT_ONCE + 2, 2 * AT_ONCE + 2), SMALL),
        ):
            people.process.forget_peak()
            await _deliver(people, numbers, _large(shape))
            peak = people.process.peak_bytes()
            section.add(name, "n/a" if peak is None else mebibytes(peak - idle), "below 30 MiB for one")
        section.add("after", mebibytes(people.process.resident_bytes()))
    return section


def _large(shape: VideoShape) -> VideoShape:
    return replace(shape, padding_bytes=SIZE_BYTES - len(film(shape)))


async def _deliver(people: Crowd, numbers: range, shape: VideoShape) -> None:
    """Order, let all end at once, and wait for the posts."""
    people.stage.gateway.default_plan = replace(RENDERING, video=shape)
    await people.order_at_a_rate(numbers, 20)
    await people.until_ordered()
    orders = people.orders()
    for number in numbers:
        orders[number].task.finish()
    await people.until_posted(numbers)
