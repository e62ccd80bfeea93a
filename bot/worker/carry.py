"""A finished video on its way to a place: fetched once, and made smaller step by step where Discord takes less."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AbstractAsyncContextManager, AsyncExitStack, asynccontextmanager
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
from bot.worker.made import Made, MadeFiles
from bot.worker.outcome import Watch

log = structlog.get_logger(__name__)

STEPS_BYTES = (20 << 20, 10 << 20, 8 << 20)
"""What is tried below a limit that Discord did not keep: what every server has since September 2026, what it had
before, and the least there ever was. Each step costs an encoding and an upload, so there are no more."""
LINE = 16
"""Videos that are changed or wait for it; each holds a file of up to 512 MB, and one of the places of the loop.
More are put off, so that they never hold up what is only to be posted or asked for."""
LINE_SECONDS = 30.0
Sent = TypeVar("Sent")


class Carried:
    """A job's video on its way, and the newest form of it that was made to fit, perhaps by an earlier try.

    Args:
        made: what an earlier try has left; as long as that serves, nothing is fetched.
    """

    def __init__(self, carrier: "Carrier", job: Job, watch: Watch, made: Made | None) -> None:
        self.video: VideoFile | None = None
        """The file; None before it was needed, and where it is too large to be fetched."""
        self.size_bytes = 0 if made is None else made.original_bytes
        """Of the original; where it is too large to be fetched, what it has at least."""
        self._carrier = carrier
        self._job = job
        self._watch = watch
        self._files = AsyncExitStack()
        self._made = made
        self._is_fetched = False

    async def within(self, limit_bytes: int) -> Fitted:
        """The video as it can be uploaded where `limit_bytes` is the most; it stands until the next call.

        Raises VideoFetchError, TemporaryFileError, and TryAgainError where too many wait for that.
        """
        if self._made is not None and not self._made.serves(limit_bytes):
            await self._remove_made()
        if self._made is None:
            await self.fetch()
            self._made = await self._make(limit_bytes)
        return self._made.fitted

    async def fetch(self) -> None:
        """Have the file, once, unless something made of it is there. Raises VideoFetchError and TryAgainError."""
        if self._made is not None or self._is_fetched:
            return
        self._carrier.check_line(self._watch)
        try:
            self.video = await self._files.enter_async_context(self._carrier.download(self._job))
            self.size_bytes = self.video.size_bytes
        except VideoTooLargeError as error:
            self.size_bytes = error.max_bytes
        self._is_fetched = True

    async def _make(self, limit_bytes: int) -> Made:
        video = self.video
        if video is None:
            return Made(Fitted(None, self.size_bytes), limit_bytes, self.size_bytes)
        turn = partial(self._carrier.turn, self._watch)
        async with AsyncExitStack() as files:
            fitted = await files.enter_async_context(self._carrier.fitter.fitted(video, limit_bytes, turn))
            film = fitted.film and fitted.film.because(was_over=video.size_bytes > limit_bytes)
            return Made(replace(fitted, film=film), limit_bytes, video.size_bytes, files.pop_all())

    async def _remove_made(self) -> None:
        made, self._made = self._made, None
        if made is not None:
            await made.files.aclose()

    async def close(self) -> None:
        """Remove the files, but leave to the next try what took an encoding."""
        made = self._made
        if made is not None and made.is_dear:
            self._made = None
            await self._carrier.made.keep(self._job.id, made)
        await self._remove_made()
        await self._files.aclose()


@dataclass(frozen=True, slots=True)
class Carrier:
    """Fetches finished videos and has them made to fit; what took an encoding is kept for further places and tries."""

    gateways: Gateways
    downloads: Downloads
    fitter: Fitter
    made: MadeFiles
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

    def download(self, job: Job) -> AbstractAsyncContextManager[VideoFile]:
        """The job's video as a temporary file. Raises VideoFetchError and TemporaryFileError."""
        gateway = self.gateways.get(job.gateway or "")
        hosts = frozenset({gateway.host}) if gateway is not None else frozenset[str]()
        if job.result_url is None:
            raise VideoGoneError(status=0)
        return self.downloads.video(job.result_url, allowed_hosts=hosts)

    @asynccontextmanager
    async def fetched(self, job: Job, watch: Watch) -> AsyncIterator[Carried]:
        """The job's video for the time of the block, and what was made of it longer, if that took an encoding.

        Raises VideoGoneError, VideoAddressError, NotAVideoError, VideoCutShortError and TryAgainError.
        """
        made = self.made.take(job.id)
        watch.needs_fitting = watch.needs_fitting or made is not None
        carried = Carried(self, job, watch, made)
        try:
            await carried.fetch()
            yield carried
        except (VideoGoneError, VideoAddressError, NotAVideoError, VideoCutShortError):
            raise
        except (VideoFetchError, TemporaryFileError) as error:
            raise TryAgainError from error
        finally:
            await carried.close()

    async def forget(self, job: Job) -> None:
        """Remove what is kept of a job whose video nobody waits for any more."""
        await self.made.drop(job.id)


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
