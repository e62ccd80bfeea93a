"""Asks a child process what is in a file; PyAV never enters the bot's own process."""

import asyncio
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from pathlib import Path

from pydantic import BaseModel, ConfigDict, ValidationError

from bot.media import child
from bot.media.containers import Container, demuxer_of, has_index_first, is_fragmented, sniff_file
from bot.media.errors import ProbeError, UnreadableFileError
from bot.media.processes import Limits, run_confined

WALL_SECONDS = 15.0
"""A probe takes 0.1 to 0.3 s; a machine of one busy core may need ten times as long."""

PROGRAM = Path(child.__file__)

LIMITS = Limits(cpu_seconds=10, wall_seconds=20, memory_bytes=512 << 20)
"""PyAV's libraries map 120 MiB at import; probing 4K HEVC stays under 300."""


class Kind(StrEnum):
    """What a file holds; a cover picture beside sound does not make it a video."""

    VIDEO = "video"
    AUDIO = "audio"
    NOTHING = "nothing"


@dataclass(frozen=True, slots=True)
class Probe:
    """What a file holds: sizes in pixels as coded, `duration_seconds` to the microsecond, `fps` the average.

    Codecs and pixel formats are ffmpeg's names (`h264`, `yuv420p`, `aac`). `faststart` says that the index comes
    first, so that players start before they have the whole file; `fragmented`, that it is in pieces with an index each;
    `shows`, that some picture can be decoded; `whole`, that no damage was seen that ends a browser's playing.
    `further_streams` counts what is neither the first pictures, nor the first sound, nor a cover. None is *unknown* or
    *there is none*.
    """

    kind: Kind
    container: Container
    video_codec: str | None
    pixel_format: str | None
    width: int
    height: int
    duration_seconds: Decimal | None
    fps: float | None
    audio_codec: str | None
    faststart: bool
    fragmented: bool
    further_streams: int
    shows: bool
    whole: bool


class _Report(BaseModel):
    model_config = ConfigDict(extra="forbid", hide_input_in_errors=True)

    kind: Kind
    video_codec: str | None
    pixel_format: str | None
    width: int
    height: int
    duration_seconds: Decimal | None
    fps: float | None
    audio_codec: str | None
    further_streams: int
    shows: bool
    whole: bool


class Prober:
    """Runs a bounded number of probes at once; each child takes up to 60 MiB of memory for its fraction of a second."""

    def __init__(self, *, at_once: int = 1, wall_seconds: float = WALL_SECONDS) -> None:
        self._slots = asyncio.Semaphore(at_once)
        self._wall_seconds = wall_seconds

    async def probe(self, path: Path) -> Probe:
        """As the function `probe`, waiting for a free slot first; the time-out does not count the wait."""
        async with self._slots:
            return await probe(path, wall_seconds=self._wall_seconds)


async def probe(path: Path, *, wall_seconds: float = WALL_SECONDS, program: Path = PROGRAM) -> Probe:
    """Examine a file in a child process, which is killed after `wall_seconds` and when the caller is cancelled.

    The child runs `program` and sees none of the bot's settings in its environment.

    Raises:
        UnreadableFileError: the file is no video by its bytes, or libavformat can't read it.
        ProbeError: the child could not be started, died, or ran out of time.
        OSError: the file can't be opened.
    """
    container = await asyncio.to_thread(sniff_file, path)
    if container is None:
        raise UnreadableFileError
    status, answer = await run_confined(program, (str(path), demuxer_of(container)), LIMITS, wall_seconds=wall_seconds)
    if status == child.UNREADABLE:
        raise UnreadableFileError(reason=answer.decode(errors="replace")[:500])
    if status != 0:
        raise ProbeError(reason=f"exit status {status}")
    try:
        report = _Report.model_validate_json(answer)
    except ValidationError as exc:
        raise ProbeError(reason="unreadable answer") from exc
    return Probe(
        kind=report.kind,
        container=container,
        video_codec=report.video_codec,
        pixel_format=report.pixel_format,
        width=report.width,
        height=report.height,
        duration_seconds=report.duration_seconds,
        fps=report.fps,
        audio_codec=report.audio_codec,
        faststart=await asyncio.to_thread(has_index_first, path, container),
        fragmented=await asyncio.to_thread(is_fragmented, path, container),
        further_streams=report.further_streams,
        shows=report.shows,
        whole=report.whole,
    )
