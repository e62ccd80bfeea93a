"""Makes a finished video one that every player shows and that is not over an upload limit."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

from bot.domain.film import Film, Treatment
from bot.media.download import VideoFile
from bot.media.errors import NotAVideoError, ProbeError, UnreadableFileError
from bot.media.probe import Kind, Probe, Prober


@dataclass(frozen=True, slots=True)
class Fitted:
    """What can be posted: `path` is None where the video can't be made to fit, and then `size_bytes` is the original's.

    `film`: what `path` holds, or else the original; None where it could not be examined.
    """

    path: Path | None
    size_bytes: int
    film: Film | None = None


class Fitter:
    """Examines finished videos and makes those fit that don't, one at a time; made once by the app and shared.

    Args:
        directory: where the temporary files live, see `bot.media.files.sweep`.
        reencodes: whether pictures may be encoded again, which takes a core and up to 400 MiB for a while (REENCODE).
    """

    def __init__(self, directory: Path, prober: Prober, *, reencodes: bool) -> None:
        self._directory = directory
        self._prober = prober
        self._reencodes = reencodes

    @asynccontextmanager
    async def fitted(self, video: VideoFile, limit_bytes: int) -> AsyncIterator[Fitted]:
        """The video as it can be uploaded where `limit_bytes` is the most; what was made for it is gone at the end.

        Raises NotAVideoError for a file that holds no pictures or can't be read.
        """
        probe = await self._probe(video)
        path = video.path if video.size_bytes <= limit_bytes else None
        yield Fitted(path, video.size_bytes, None if probe is None else _film(probe, video.size_bytes))

    async def _probe(self, video: VideoFile) -> Probe | None:
        """None where the machine did not let it be examined."""
        try:
            probe = await self._prober.probe(video.path)
        except UnreadableFileError as error:
            raise NotAVideoError(found="unknown") from error
        except ProbeError:
            return None
        if probe.kind is not Kind.VIDEO:
            raise NotAVideoError(found="unknown")
        return probe


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
    )
