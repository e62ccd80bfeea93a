"""Lowers what its process may use, for good, and then runs another program in it.

It is started by path with `python -I` by `bot.media.processes`, so it imports nothing of the bot:
`confined.py CPU_SECONDS WALL_SECONDS MEMORY_BYTES FILE_BYTES PROGRAM ARGUMENT…`.
"""

import contextlib
import ctypes
import os
import resource
import runpy
import signal
import sys
from pathlib import Path

_PR_SET_PDEATHSIG = 1


def end_with_parent() -> None:
    """Have this process killed when the one that started it dies, where the system can: a bot that was killed and
    begins anew would encode beside it."""
    with contextlib.suppress(AttributeError, OSError):
        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)


def limit_resources(cpu_seconds: int, wall_seconds: int, memory_bytes: int, file_bytes: int) -> None:
    """Lower CPU time, wall clock, address space, the size of files written, core dumps (to none), and the priority."""
    with contextlib.suppress(OSError):  # where memory runs out, this process has to go and not the bot
        Path("/proc/self/oom_score_adj").write_text("1000")
    os.nice(10)  # the bot has to answer within seconds, whatever is encoded
    signal.alarm(wall_seconds)
    for which, wanted in (
        (resource.RLIMIT_CPU, cpu_seconds),
        (resource.RLIMIT_AS, memory_bytes),
        (resource.RLIMIT_FSIZE, file_bytes),
        (resource.RLIMIT_CORE, 0),
    ):
        hard = resource.getrlimit(which)[1]
        figure = wanted if hard == resource.RLIM_INFINITY else min(wanted, hard)
        with contextlib.suppress(ValueError, OSError):  # macOS refuses some of them
            resource.setrlimit(which, (figure, figure))


if __name__ == "__main__":
    end_with_parent()
    limit_resources(*(int(figure) for figure in sys.argv[1:5]))
    sys.argv = sys.argv[5:]
    runpy.run_path(sys.argv[0], run_name="__main__")
