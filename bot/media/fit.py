"""Makes a finished video one that every player shows and that is not over an upload limit."""

import asyncio
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import AbstractAsyncContextManager, asynccontextmanager, nullcontext
from dataclasses import dataclass
from pathlib import Path

import structlog

from bot.domain.errors import ClapboardError
from bot.domain.film import Film, Treatment
from bot.media import provenance
from bot.media.budget import Budget, budget
from bot.media.containers import Container
from bot.media.download import VideoFile
from bot.media.errors import NotAVideoError, ProbeError, RewriteError, TemporaryFileError, UnreadableFileError
from bot.media.files import temporary_file
from bot.media.probe import Kind, Probe, Prober
from bot.media.rewrite import Rewriter, Source

log = structlog.get_logger(__name__)

_SHARES = (1.0, 0.75)
"""Of the limit, one try after the other; the second is for pictures that the encoder can't make as small as told."""

Turn = Callable[[], AbstractAsyncContextManager[object]]
"""What is entered for as long as a video is changed; it may let others go first, or raise."""


@dataclass(frozen=True, slots=True)
class Fitted:
    """What can be posted: `path` is None where the video can't be made to fit, and then `size_bytes` is the original's.

    `film`: what `path` holds, or else the original; None where it could not be examined.
    """

    path: Path | None
    size_bytes: int
    film: Film | None = None


@dataclass(frozen=True, slots=True)
class _Way:
    """One way to change a video; without a budget its pictures stay."""

    source: Source
    budget: Budget | None


class Fitter:
    """Examines finished videos and makes those fit that don't, one at a time; made once by the app and shared.

    Args:
        directory: where the temporary files live, see `bot.media.files.sweep`.
        reencodes: whether pictures may be encoded again, which takes a core and up to 400 MiB for a while (REENCODE).
    """

    def __init__(self, directory: Path, prober: Prober, *, reencodes: bool, rewriter: Rewriter | None = None) -> None:
        self._directory = directory
        self._prober = prober
        self._reencodes = reencodes
        self._rewriter = rewriter or Rewriter()

    @asynccontextmanager
    async def fitted(self, video: VideoFile, limit_bytes: int, turn: Turn = nullcontext) -> AsyncIterator[Fitted]:
        """The video as it can be uploaded where `limit_bytes` is the most; what was made for it is gone at the end.

        What plays everywhere and fits is passed on untouched. What can't be changed, for whatever reason, is passed on
        as it is if it fits. Only what is changed waits for its `turn`.

        Raises:
            NotAVideoError: it holds no pictures, can't be read, or not one picture of it can be decoded.
            TemporaryFileError: there is no room for a second file.
        """
        probe = await self._probe(video)
        path = video.path if video.size_bytes <= limit_bytes else None
        original = Fitted(path, video.size_bytes, None if probe is None else _film(probe, video.size_bytes))
        if probe is None or (path is not None and _plays(probe)):
            yield original
            return
        ways = list(self._ways(video, probe, limit_bytes))
        if not ways:
            yield original
            return
        with temporary_file(self._directory) as target:
            async with turn():
                made = await self._changed(video, ways, limit_bytes, target)
            yield made or original

    async def _probe(self, video: VideoFile) -> Probe | None:
        """None where the machine did not let it be examined."""
        try:
            probe = await self._prober.probe(video.path)
        except UnreadableFileError as error:
            raise NotAVideoError(found="unknown") from error
        except ProbeError:
            return None
        if probe.kind is not Kind.VIDEO or not probe.shows:
            raise NotAVideoError(found="unknown")
        return probe

    def _ways(self, video: VideoFile, probe: Probe, limit_bytes: int) -> Iterator[_Way]:
        """What can be tried, one after the other."""
        source = Source(video.path, video.container, probe.whole)
        if video.size_bytes <= limit_bytes and probe.whole and _shows_everywhere(probe):
            yield _Way(source, None)
        for share in _SHARES if self._reencodes else ():
            most = _budget(probe, int(limit_bytes * share))
            if most is None:
                return
            yield _Way(source, most)

    async def _changed(self, video: VideoFile, ways: list[_Way], limit_bytes: int, target: Path) -> Fitted | None:
        """What became of it in `target`; None where nothing that fits did."""
        fault: ClapboardError | None = None
        for way in ways:
            try:
                size = await self._made(way, limit_bytes, target)
                if size is not None:
                    return await self._judged(target, way, size)
            except (RewriteError, ProbeError, TemporaryFileError) as error:
                fault = error
                if way.budget is not None:  # what can't be encoded can't with fewer bits either
                    break
        if fault is not None:
            log.warning("video not changed", size=video.size_bytes, limit=limit_bytes, error=str(fault))
        return None

    async def _made(self, way: _Way, limit_bytes: int, target: Path) -> int | None:
        """The size of what was made, in bytes; None where that is over the limit."""
        source = way.source
        if not await self._rewriter.rewrite(source, target, way.budget, most_bytes=limit_bytes):
            return None
        if way.budget is None:
            size = await asyncio.to_thread(provenance.carry, source.path, source.container, target)
        else:
            size = await asyncio.to_thread(provenance.mark, target)
        return size if size <= limit_bytes else None

    async def _judged(self, target: Path, way: _Way, size_bytes: int) -> Fitted:
        found = await self._prober.probe(target)
        if not _plays(found):
            raise RewriteError(reason="what was made does not play")
        treatment = Treatment.REWRAPPED if way.budget is None else Treatment.REENCODED
        return Fitted(target, size_bytes, _film(found, size_bytes, treatment))


def _plays(probe: Probe) -> bool:
    """Whether browsers and phones play the file as it is, and begin before they have the whole of it."""
    is_usual = probe.whole and probe.container is Container.MP4 and probe.faststart and not probe.fragmented
    return is_usual and _shows_everywhere(probe) and probe.audio_codec in {None, "aac"} and not probe.further_streams


def _shows_everywhere(probe: Probe) -> bool:
    """Whether the pictures can stay as they are; `yuvj420p` is the same with the full range told."""
    return probe.video_codec == "h264" and probe.pixel_format in {"yuv420p", "yuvj420p"}


def _budget(probe: Probe, limit_bytes: int) -> Budget | None:
    if not probe.duration_seconds:
        return None
    return budget(limit_bytes, float(probe.duration_seconds), probe.fps, sound=probe.audio_codec is not None)


def _film(probe: Probe, size_bytes: int, treatment: Treatment = Treatment.UNTOUCHED) -> Film:
    return Film(
        size_bytes=size_bytes,
        width=probe.width,
        height=probe.height,
        video_codec=probe.video_codec,
        audio_codec=probe.audio_codec,
        seconds=probe.duration_seconds,
        fps=probe.fps,
        treatment=treatment,
        pixel_format=probe.pixel_format,
    )
