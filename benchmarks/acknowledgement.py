"""How long a member waits for the status message after /video, at 20 commands a second."""

from collections.abc import Sequence

from benchmarks.crowd import crowd
from benchmarks.table import BenchmarkError, Section, milliseconds, quantile

PER_SECOND = 20
SECONDS = 30
ANSWER_SECONDS = 3.0
"""What counts for a command that was not answered: by then Discord has told the member so."""
TARGETS = {
    "median": (0.5, "target < 50 ms"),
    "90th percentile": (0.9, ""),
    "99th percentile": (0.99, "target < 250 ms"),
}


async def measure() -> Section:
    """600 members of 8 servers order within 30 s; every order goes to the gateway and is polled meanwhile."""
    count = PER_SECOND * SECONDS
    async with crowd(count + PER_SECOND) as people:
        # The first commands of a process compile statements and open connections.
        await people.order_at_a_rate(range(count, count + PER_SECOND), PER_SECOND)
        before = people.process.cpu_seconds()
        times = await people.order_at_a_rate(range(count), PER_SECOND)
        await people.until_ordered()
        after = people.process.cpu_seconds()
    section = Section(f"ack · /video until its status message is visible: {count} commands, {PER_SECOND} a second")
    add_times(section, times)
    if before is not None and after is not None:
        each = milliseconds((after - before) / count)
        section.add("the bot's CPU for each command", each, "its order and polls included")
    return section


def add_times(section: Section, times: Sequence[float | None], *, of: str = "") -> None:
    """Add the rows of the acknowledgement's times."""
    answered = [ANSWER_SECONDS if seconds is None else seconds for seconds in times]
    missing = sum(seconds is None for seconds in times)
    if missing == len(times):
        message = f"none of {missing} commands was answered"
        raise BenchmarkError(message)
    for name, (share, target) in TARGETS.items():
        section.add(f"{of}{name}", milliseconds(quantile(answered, share)), target)
    section.add(f"{of}longest", milliseconds(max(answered)), f"{missing} not answered within 3 s" if missing else "")
