"""What it takes to encode a video again: the time beside that of a bare PyAV loop, and the memory of the process."""

import asyncio
import os
import resource
import statistics
import tempfile
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, replace
from pathlib import Path

import av
from av.video.frame import PictureType

from benchmarks.process import Process
from benchmarks.table import BenchmarkError, Section, mebibytes, ratio
from bot.domain.film import Treatment
from bot.media.budget import Budget, budget
from bot.media.containers import Container
from bot.media.download import VideoFile
from bot.media.fit import Fitter
from bot.media.fitting_child import Recipe, encoder_options
from bot.media.probe import Prober
from bot.media.rewrite import THREADS
from sandbox.gateway.films import VideoShape, film

LIMIT_BYTES = 20 << 20
PAIRS = 3
FULL = VideoShape(width=1920, height=1080, seconds=8, fps=30, encoder="libx265")
_HEVC = VideoShape(width=3840, height=2160, seconds=2, fps=30, encoder="libx265", pixels="yuv420p10le")
LARGE = {"HEVC": _HEVC, "AV1": replace(_HEVC, seconds=1, encoder="libsvtav1")}
_LOOK_SECONDS = 0.02


async def measure() -> Section:
    """HEVC of 1080p, converted by the bot and by the loop in turn; then HEVC and AV1 of 4K and 10 bits, once."""
    # The encoder of AV1 tells its whole configuration unless it is told to tell nothing but errors.
    os.environ.setdefault("SVT_LOG", "1")
    section = Section(f"reencode · {FULL.seconds:g} s of HEVC in 1080p at {FULL.fps} frames a second become H.264")
    with tempfile.TemporaryDirectory(prefix="clapboard-bench-") as temporary:
        folder = Path(temporary)
        full = await asyncio.to_thread(_write, folder, FULL)
        ours, bare = list[_Spent](), list[_Spent]()
        async with _watched() as child:
            for _ in range(PAIRS):
                ours.append(await _convert(full))
                bare.append(await asyncio.to_thread(_bare_loop, full, folder / "bare.mp4"))
        for spent, what, beside in (
            (ours, "with its probes, sound and notes", f"median of {PAIRS}"),
            (bare, "a bare PyAV loop with the same settings", "pictures alone"),
        ):
            section.add(what, f"{statistics.median(each.seconds for each in spent):.1f} s", beside)
        value, spread = ratio([each.seconds for each in ours], [each.seconds for each in bare])
        section.add("ratio", value, f"at most 1.30; {spread}")
        value, spread = ratio([each.cpu_seconds for each in ours], [each.cpu_seconds for each in bare])
        section.add("ratio of processor time", value, f"what neighbours hardly change; {spread}")
        section.add("peak memory of the child", child.peak, "below 400 MiB")
        for name, shape in LARGE.items():
            large = await asyncio.to_thread(_write, folder, shape)
            async with _watched() as child:
                await _convert(large)
            section.add(f"the same of 4K {name} with 10 bits", child.peak, "it becomes 1080p")
    return section


def _write(folder: Path, shape: VideoShape) -> Path:
    path = folder / f"{shape.height}.mp4"
    path.write_bytes(film(shape))
    return path


@dataclass(frozen=True, slots=True)
class _Spent:
    seconds: float
    cpu_seconds: float


def _cpu_seconds(who: int) -> float:
    used = resource.getrusage(who)
    return used.ru_utime + used.ru_stime


async def _convert(path: Path) -> _Spent:
    fitter = Fitter(path.parent, Prober(), reencodes=True)
    video = VideoFile(path, (await asyncio.to_thread(path.stat)).st_size, Container.MP4)
    started, used = time.perf_counter(), _cpu_seconds(resource.RUSAGE_CHILDREN)
    async with fitter.fitted(video, LIMIT_BYTES) as made:
        seconds = time.perf_counter() - started
    used = _cpu_seconds(resource.RUSAGE_CHILDREN) - used
    if made.film is None or made.film.treatment is not Treatment.REENCODED:
        raise BenchmarkError("the film was not encoded again")
    return _Spent(seconds, used)


def _bare_loop(path: Path, target: Path) -> _Spent:
    """Decode, reformat and encode in this process, as an example of PyAV's would."""
    started, used = time.perf_counter(), _cpu_seconds(resource.RUSAGE_SELF)
    options = {"movflags": "+faststart"}
    with av.open(str(path)) as source, av.open(str(target), "w", options=options) as output:
        video = source.streams.video[0]
        video.codec_context.thread_count = THREADS
        stream = output.add_stream("libx264", rate=video.average_rate, options=encoder_options(_recipe()))
        stream.width, stream.height, stream.pix_fmt = video.width, video.height, "yuv420p"
        for frame in source.decode(video):
            drawn = frame.reformat(video.width, video.height, "yuv420p")
            drawn.pict_type = PictureType.NONE
            output.mux(stream.encode(drawn))
        output.mux(stream.encode(None))
    return _Spent(time.perf_counter() - started, _cpu_seconds(resource.RUSAGE_SELF) - used)


def _recipe() -> Recipe:
    most: Budget | None = budget(LIMIT_BYTES, FULL.seconds, FULL.fps, sound=FULL.sound)
    if most is None:
        raise BenchmarkError("the limit is too low for the film")
    return Recipe(
        picture_bits=most.picture_bits,
        sound_bits=most.sound_bits,
        buffer_bits=most.buffer_bits,
        pixels=most.pixels,
        copies_sound=True,
        threads=THREADS,
    )


@dataclass(slots=True)
class _Child:
    """The child process that took the most memory."""

    peak_bytes: int | None = None

    @property
    def peak(self) -> str:
        """That memory in words."""
        return "n/a" if self.peak_bytes is None else mebibytes(self.peak_bytes)

    async def watch(self) -> None:
        """Look at the children of this process again and again; a peak between two looks is not missed."""
        while True:
            self._look()
            await asyncio.sleep(_LOOK_SECONDS)

    def _look(self) -> None:
        for children in Path("/proc/self/task").glob("*/children"):
            # A child may end while it is looked at.
            with suppress(OSError):
                for pid in children.read_text().split():
                    self.peak_bytes = max(self.peak_bytes or 0, Process(int(pid)).peak_bytes() or 0)


@asynccontextmanager
async def _watched() -> AsyncIterator[_Child]:
    child = _Child()
    watching = asyncio.create_task(child.watch())
    try:
        yield child
    finally:
        watching.cancel()
        with suppress(asyncio.CancelledError):
            await watching
