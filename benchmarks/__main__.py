"""`python -m benchmarks [name…]`: measure, and print a table; everything without a name, `--help` tells the names.

How to read it. Each line is a figure, and beside it what it has to be held against: a target, or what can't be
bettered. Nothing fails because it is slow; the exit status is 1 only when something did not work at all.

- Times and memory are of this machine at this moment. The local Discord, the local gateway and the people run in the
  benchmark's own process on the same cores, so a latency holds their work too; the load average says how many others
  wanted the cores. Compare two versions by running them in turn, and believe a difference that stays.
- Ratios compare two things measured in windows that alternate within one run, as the median of the pairs: noise hits
  both alike, so they travel between machines. `× 1.00` is *the same*; the spread is that of the middle half.
- *CPU* is what the bot's process itself used, which the neighbours' noise hardly changes (Linux only, like peaks).
- Discord's own rate limits and the way over the Internet are no part of any figure.
"""

import argparse
import asyncio
import os
import sys
import time
from collections.abc import Awaitable, Callable

from benchmarks import acknowledgement, cards, delivery, gate, loop, reencode, store
from benchmarks.table import BenchmarkError, Section

BENCHMARKS: dict[str, Callable[[], Awaitable[Section]]] = {
    "ack": acknowledgement.measure,
    "loop": loop.measure,
    "memory": delivery.measure,
    "cards": cards.measure,
    "gate": gate.measure,
    "store": store.measure,
    "reencode": reencode.measure,
}


def load() -> str:
    """How busy the machine is: processes that ran or waited, as means of 1, 5 and 15 minutes."""
    return " ".join(f"{mean:.2f}" for mean in os.getloadavg())


async def run(names: list[str]) -> int:
    """Run benchmarks one after the other; the exit status."""
    started = time.monotonic()
    failed = False
    print(f"Clapboard benchmarks · {os.cpu_count()} cores · load average {load()} before anything was started")
    for name in names:
        before = os.getloadavg()[0]
        try:
            section = await BENCHMARKS[name]()
        except (BenchmarkError, AssertionError, LookupError, OSError, RuntimeError) as error:
            failed = True
            print(f"\n{name} did not work: {error or type(error).__name__}", flush=True)
            continue
        print(f"\n{section.text()}\n  (load average {before:.2f} before, {os.getloadavg()[0]:.2f} after)", flush=True)
    print(f"\n{time.monotonic() - started:.0f} s · load average {load()}")
    return int(failed)


def main() -> int:
    """The command line."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description="Measure Clapboard; prints a table.")
    # `choices` would refuse an empty list.
    parser.add_argument("name", nargs="*", help=f"one of {', '.join(BENCHMARKS)}; all of them without a name")
    names: list[str] = parser.parse_args().name
    unknown = [name for name in names if name not in BENCHMARKS]
    if unknown:
        parser.error(f"no such benchmark: {', '.join(unknown)}")
    return asyncio.run(run(names or list(BENCHMARKS)))


if __name__ == "__main__":
    sys.exit(main())
