"""What the machine has that encoding needs."""

import os
from contextlib import suppress
from pathlib import Path

ENOUGH_BYTES = 1_000_000_000
"""Of memory for encoding a video again: beside the bot's own 150 MB that takes up to 400."""

_LIMITS = (Path("/sys/fs/cgroup/memory.max"), Path("/sys/fs/cgroup/memory/memory.limit_in_bytes"))
"""What a container may use, in the two generations of Linux' control groups."""


def memory_bytes(limits: tuple[Path, ...] = _LIMITS) -> int:
    """The memory that this process may use: the machine's, or that of its container."""
    found = [os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")]
    for path in limits:
        # Without a limit there is the word max, or no such file.
        with suppress(OSError, ValueError):
            found.append(int(path.read_text("ascii")))
    return min(found)
