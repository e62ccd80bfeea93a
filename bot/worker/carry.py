"""A finished video on its way to a place: fetched once, and made smaller step by step where Discord takes less."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field, replace
from functools import partial
from typing import TypeVar

import structlog

from bot.domain.job import Job
from bot.gateway.choice import Gateways
from bot.media.download import Downloads, VideoFile
from bot.media.errors import (
    NotAVideoError,
    TemporaryFileError,
    VideoAddressError,
    VideoCutShortError,
    VideoFetchError,
    VideoGoneError,
    VideoTooLargeError,
)
from bot.media.fit import Fitted, Fitter
from bot.worker.herald import Herald, Place, PlaceClosedError, TooLargeError, TryAgainError
from bot.worker.outcome import Watch

log = structlog.get_logger(__name__)

STEPS_BYTES = (20 << 20, 10 << 20, 8 << 20)
"""What is tried below a limit that Discord did not keep: what every server has since September 2026, what it had
before, and the least there ever was. Each step costs an encoding and an upload, so there are no more."""
LINE = 16
"""Videos that are changed or wait for it; each holds a file of up to 100 MB, and one of the places of the loop.
More are put off, so that they never hold up what is only to be posted or asked for."""
LINE_SECONDS = 30.0
Sent = TypeVar("Sent")


class Carried:
    """A job's video on disk, and the newest form of it that was made to fit.

    Args:
        video: the file; None where it is too large to be fetched, and then `size_bytes` is what it has at least.
    """

    def __init__(self, carrier: "Carrier", watch: Watch, video: VideoFile | None, size_bytes: int) -> None:
        self.video = video
        self.size_bytes = size_bytes
        self._carrier = carrier
        self._watch = watch
        self._stack = AsyncExitStack()
        self._newest: tuple[int, Fitted] | None = None

    async def within(self, limit_bytes: int) -> Fitted:
        """The video as it can be uploaded where `limit_bytes` is the most; it stands until the next call.

        Raises NotAVideoError, TemporaryFileError, and TryAgainError where too many wait for that.
        """
        if self.video is None:
            return Fitted(None, self.size_bytes)
        if self._newest is None or not _serves(*self._newest, limit_bytes):
            await self.close()
            self._newest = limit_bytes, await self._made(self.video, limit_bytes)
        return self._newest[1]

    async def _made(self, video: VideoFile, limit_bytes: int) -> Fitted:
        turn = partial(self._carrier.turn, self._watch)
        fitted = await self._stack.enter_async_context(self._carrier.fitter.fitted(video, limit_bytes, turn))
        film = fitted.film and fitted.film.because(was_over=video.size_bytes > limit_bytes)
        return replace(fitted, film=film)

    async def close(self) -> None:
        """Remove what was made; the fetched file stays."""
        self._newest = None
        await self._stack.aclose()


def _serves(limit_bytes: int, fitted: Fitted, wanted_bytes: int) -> bool:
    """Whether what was made for one limit does for another; what can't be made can't be made smaller either."""
    if fitted.path is None:
        return wanted_bytes <= limit_bytes
    return fitted.size_bytes <= wanted_bytes


@dataclass(frozen=True, slots=True)
class Carrier:
    """Fetches finished videos and has them made to fit."""

    gateways: Gateways
    downloads: Downloads
    fitter: Fitter
    line: asyncio.Semaphore = field(default_factory=lambda: asyncio.Semaphore(LINE))

    def check_line(self, watch: Watch) -> None:
        """Raises TryAgainError for a video that has to be made to fit while too many others wait for that."""
        if watch.needs_fitting and self.line.locked():
            raise TryAgainError(LINE_SECONDS)

    @asynccontextmanager
    async def turn(self, watch: Watch) -> AsyncIterator[None]:
        """The place in the line of a video that has to be changed. Raises TryAgainError where too many are in it."""
        watch.needs_fitting = True
        self.check_line(watch)
        async with self.line:
            yield

    @asynccontextmanager
    async def fetched(self, job: Job, watch: Watch) -> AsyncIterator[Carried]:
        """The job's video as a temporary file for the time of the block.

        Raises VideoGoneError, VideoAddressError, NotAVideoError, VideoCutShortError and TryAgainError.
        """
        self.check_line(watch)
        gateway = self.gateways.get(job.gateway or "")
        hosts = frozenset({gateway.host}) if gateway is not None else frozenset[str]()
        if job.result_url is None:
            raise VideoGoneError(status=0)
        try:
            async with self.downloads.video(job.result_url, allowed_hosts=hosts) as video:
                carried = Carried(self, watch, video, video.size_bytes)
                try:
                    yield carried
                finally:
                    await carried.close()
        except VideoTooLargeError as error:
            yield Carried(self, watch, None, int(str(error.sentence.params["limit"])) << 20)
        except (VideoGoneError, VideoAddressError, NotAVideoError, VideoCutShortError):
            raise
        except (VideoFetchError, TemporaryFileError) as error:
            raise TryAgainError from error


async def send_fitting(
    video: Carried, job: Job, place: Place, herald: Herald, watch: Watch, send: Callable[[Fitted], Awaitable[Sent]]
) -> Sent:
    """Send a video as large as a place takes it; where Discord refuses that as too large, smaller, and last as a link.

    A refusal is remembered in `watch`, so that no upload is repeated that was refused.
    """
    limit = herald.takes_bytes(job, place)
    while True:
        fitted = await video.within(min(limit, watch.taken.get(place, limit)))
        try:
            return await send(fitted)
        except TooLargeError as error:
            if fitted.path is None:
                raise PlaceClosedError from error
            # What is known of the place may have changed in the meantime.
            limit = herald.takes_bytes(job, place)
            watch.taken[place] = _step_below(fitted.size_bytes, limit, job.size_limit)
            log.info("refused as too large", job=job.id, place=place, size=fitted.size_bytes, next=watch.taken[place])


def _step_below(size_bytes: int, *known: int) -> int:
    """The largest limit that a file of this size was not refused for; 0 where there is none."""
    return max((step for step in (*known, *STEPS_BYTES) if step < size_bytes), default=0)
