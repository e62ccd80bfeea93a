"""Rewraps or encodes a video in a child process, as an MP4 whose index comes first."""

import asyncio
import json
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from bot.media.budget import Budget
from bot.media.containers import Container, demuxer_of
from bot.media.errors import NotAVideoError, ProbeError, RewriteError
from bot.media.processes import Limits, run_confined

WALL_SECONDS = 600.0
"""15 s of 1080p take 10 to 30 s of one core; a minute of 4K on a busy one takes minutes."""

MEMORY_BYTES = 1 << 30
"""Of addresses, of which most are never used: each thread reserves some."""

THREADS = 2
"""Of the decoder and of the encoder: more take more memory."""

PROGRAM = Path(__file__).with_name("fitting_child.py")


class Outcome(StrEnum):
    """What the child says at its end."""

    DONE = "done"
    NOTHING = "nothing"
    FAILED = "failed"
    TOO_LARGE = "too-large"
    NO_MEMORY = "no-memory"
    NO_ROOM = "no-room"


@dataclass(frozen=True, slots=True)
class Source:
    """A file, how it is read, and whether it is undamaged as far as known."""

    path: Path
    container: Container
    whole: bool = True


class Rewriter:
    """Runs one child at a time: encoding keeps the cores busy and takes up to 400 MiB."""

    def __init__(self, *, wall_seconds: float = WALL_SECONDS, program: Path = PROGRAM) -> None:
        self._slot = asyncio.Semaphore(1)
        self._wall_seconds = wall_seconds
        self._program = program

    async def rewrite(self, source: Source, target: Path, budget: Budget | None, *, most_bytes: int) -> bool:
        """Write the first pictures and the first sound of `source` into `target`, which may exist.

        Without a budget pictures are copied, and so is AAC; else pictures become H.264, and sound AAC that is copied
        where it is whole and within the budget.
        False where the target would be larger than `most_bytes`. The time-out does not count the wait for the others.

        Raises:
            NotAVideoError: not one picture could be decoded.
            RewriteError: it did not work, for a `reason` of the machine or of the file.
        """
        arguments = (str(source.path), demuxer_of(source.container), str(target), _recipe(source, budget))
        # Where less processor time is left than wall time, the latter ends it all the same.
        seconds = int(self._wall_seconds)
        limits = Limits(THREADS * seconds + 1, seconds + 10, MEMORY_BYTES, most_bytes)
        async with self._slot:
            try:
                status, answer = await run_confined(self._program, arguments, limits, wall_seconds=self._wall_seconds)
            except ProbeError as error:
                raise RewriteError(reason=str(error.sentence.params.get("reason"))) from error
        if status != 0:
            raise RewriteError(reason=f"exit status {status}")
        match answer.decode(errors="replace").strip():
            case Outcome.DONE:
                return True
            case Outcome.TOO_LARGE:
                return False
            case Outcome.NOTHING:
                raise NotAVideoError(found="unknown")
            case word:
                raise RewriteError(reason=word[:100])


def _recipe(source: Source, budget: Budget | None) -> str:
    return json.dumps(
        {
            "picture_bits": budget.picture_bits if budget else 0,
            "sound_bits": budget.sound_bits if budget else 128_000,
            "buffer_bits": budget.buffer_bits if budget else 0,
            "pixels": budget.pixels if budget else 0,
            "copies_sound": source.whole,
            "threads": THREADS,
        }
    )
