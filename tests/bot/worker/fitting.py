"""A fitter that needs no encoder: what it makes is as large as it may be, and it tells what it was asked for."""

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, nullcontext
from dataclasses import replace
from pathlib import Path

from bot.domain.film import Film, Treatment
from bot.media.download import VideoFile
from bot.media.files import temporary_file
from bot.media.fit import Fitted, Fitter, Turn
from bot.media.probe import Prober


async def _nothing(_: str) -> None:
    return None


class QuickFitter(Fitter):
    """Looks at no video, and cuts those off that are over the limit.

    `asked`: the limits, in their order. `least_bytes`: nothing can be made smaller than that. `reached` is told when
    a video was made.
    """

    def __init__(self, directory: Path) -> None:
        super().__init__(directory, Prober(), reencodes=False)
        self.asked: list[int] = []
        self.least_bytes = 1
        self.reached: Callable[[str], Awaitable[None]] = _nothing
        self._folder = directory

    @asynccontextmanager
    async def fitted(self, video: VideoFile, limit_bytes: int, turn: Turn = nullcontext) -> AsyncIterator[Fitted]:
        film = Film(video.size_bytes, 64, 48, "h264")
        if video.size_bytes <= limit_bytes or limit_bytes < self.least_bytes:
            self.asked.append(limit_bytes)
            yield Fitted(video.path if video.size_bytes <= limit_bytes else None, video.size_bytes, film)
            return
        with temporary_file(self._folder) as path:
            async with turn():
                self.asked.append(limit_bytes)
                with path.open("wb") as file:
                    file.truncate(limit_bytes)
                await self.reached("made to fit")
            yield Fitted(path, limit_bytes, replace(film, size_bytes=limit_bytes, treatment=Treatment.REENCODED))
