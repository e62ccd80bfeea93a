"""Cuts the chosen seconds out of a clip in a child process, as an MP4 that every gateway and player takes."""

import asyncio
from decimal import Decimal
from enum import StrEnum
from pathlib import Path

from bot.media.containers import demuxer_of, sniff_file
from bot.media.errors import ClipTooDetailedError, ProbeError, TemporaryFileError, UnreadableFileError
from bot.media.processes import Limits, run_confined

WALL_SECONDS = 90.0
"""Three seconds of 1080p take 1 to 2 s; a start deep in a file without an index is what takes long."""

LIMITS = Limits(cpu_seconds=60, wall_seconds=100, memory_bytes=576 << 20, file_bytes=16 << 20)
"""Address space: 4K HEVC of 10 bits needs less than 512 MiB (300 in use), 1080p less than 256 (106 in use)."""

PROGRAM = Path(__file__).with_name("cutting_child.py")


class Outcome(StrEnum):
    """What the child says at its end."""

    DONE = "done"
    UNREADABLE = "unreadable"
    TOO_LARGE = "too-large"
    NO_ROOM = "no-room"


class Cutter:
    """Runs a bounded number of cuts at once: each keeps a core busy for a second or two."""

    def __init__(self, *, at_once: int = 1, wall_seconds: float = WALL_SECONDS, program: Path = PROGRAM) -> None:
        self._slots = asyncio.Semaphore(at_once)
        self._wall_seconds = wall_seconds
        self._program = program

    async def cut(self, source: Path, start: Decimal, end: Decimal, target: Path) -> None:
        """Write the seconds from `start` to `end` into `target`, which may exist: H.264, AAC where there is sound.

        It is at least `end - start` long and at most 0.1 s longer, has at most 1280 pixels on its longer side, is
        upright, and plays before it is there as a whole. The time-out does not count the wait for a free slot.

        Raises:
            UnreadableFileError: the source is no video, or can't be decoded.
            ClipTooDetailedError: decoding it takes more memory than a clip may.
            TemporaryFileError: the disk did not take the target.
            ProbeError: the child could not be started, died, or ran out of time.
            OSError: the source can't be opened.
        """
        container = await asyncio.to_thread(sniff_file, source)
        if container is None:
            raise UnreadableFileError
        arguments = (str(source), demuxer_of(container), f"{start:f}", f"{end:f}", str(target))
        async with self._slots:
            status, answer = await run_confined(self._program, arguments, LIMITS, wall_seconds=self._wall_seconds)
        if status != 0:
            raise ProbeError(reason=f"exit status {status}")
        _judge(answer.decode(errors="replace").strip())


def _judge(word: str) -> None:
    match word:
        case Outcome.DONE:
            return
        case Outcome.UNREADABLE:
            raise UnreadableFileError
        case Outcome.TOO_LARGE:
            raise ClipTooDetailedError
        case Outcome.NO_ROOM:
            raise TemporaryFileError
        case _:
            raise ProbeError(reason="unreadable answer")
