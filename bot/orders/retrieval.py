"""Getting a finished video once more, for the person who paid for it: what is kept of it, or what its service has."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field, replace
from datetime import timedelta
from pathlib import Path
from typing import Protocol

import structlog

from bot.domain.clock import Clock
from bot.domain.job import Job
from bot.gateway.choice import Gateways
from bot.gateway.errors import GatewayError, TaskNotFoundError
from bot.media.containers import sniff_file
from bot.media.download import Downloads, VideoFile
from bot.media.errors import (
    NotAVideoError,
    TemporaryFileError,
    VideoAddressError,
    VideoFetchError,
    VideoGoneError,
    VideoTooLargeError,
)
from bot.media.fit import Fitter
from bot.orders.errors import ConvertingError, OneAtATimeError, VideoLostError, VideoOutOfReachError
from bot.store import moves
from bot.store.database import Database

log = structlog.get_logger(__name__)

LINE = 2
"""Old videos that are changed or wait for it: a new one waits for no more of them, since all are changed in turn."""
_REFUSED = (VideoGoneError, VideoAddressError, NotAVideoError)


@dataclass(frozen=True, slots=True)
class Retrieved:
    """A finished video: its job with the address that works, its file, or None where it is over the limit.

    The job's `film` is that of this file.
    """

    job: Job
    path: Path | None
    size_bytes: int


class Originals(Protocol):
    """Keeps what was too large to be posted."""

    async def offered(self, job: Job) -> tuple[Job, Path] | None:
        """The job with our own address of its original, and that file; None where none is offered."""


@dataclass(frozen=True, slots=True)
class Retrieval:
    """Fetches finished videos; an address that has run out is renewed by the gateway that gave it."""

    database: Database
    gateways: Gateways
    downloads: Downloads
    fitter: Fitter
    originals: Originals
    clock: Clock
    _served: set[int] = field(default_factory=set)
    _line: asyncio.Semaphore = field(default_factory=lambda: asyncio.Semaphore(LINE))

    @asynccontextmanager
    async def video(self, job: Job, limit_bytes: int) -> AsyncIterator[Retrieved]:
        """The video as a temporary file for the time of the block.

        Raises VideoLostError where the service has it no more, VideoOutOfReachError where that may pass,
        OneAtATimeError while another one is fetched for the same person, and ConvertingError where it has to be
        changed while `LINE` others are.
        """
        if job.author_id in self._served:
            raise OneAtATimeError
        self._served.add(job.author_id)
        try:
            async with AsyncExitStack() as stack:
                yield await self._enter(stack, job, limit_bytes)
        finally:
            self._served.discard(job.author_id)

    async def _enter(self, stack: AsyncExitStack, job: Job, limit_bytes: int) -> Retrieved:
        kept = await self.originals.offered(job)
        if kept is not None:
            return await self._kept(stack, *kept, limit_bytes)
        if job.result_url is None or (job.result_expires_at is not None and job.result_expires_at <= self.clock()):
            job = await self._renewed(job)
        try:
            return await self._fetch(stack, job, limit_bytes)
        except _REFUSED as error:
            log.info("result address refused", job=job.id, error=repr(error))
        try:
            return await self._fetch(stack, await self._renewed(job), limit_bytes)
        except _REFUSED as error:
            raise VideoLostError from error

    async def _kept(self, stack: AsyncExitStack, job: Job, path: Path, limit_bytes: int) -> Retrieved:
        """The original, which nobody could make fit the place that it was made for: more may be taken here."""
        size = (await asyncio.to_thread(path.stat)).st_size
        container = await asyncio.to_thread(sniff_file, path)
        if size > limit_bytes or container is None:
            return Retrieved(job, None, size)
        return await self._fitted(stack, job, VideoFile(path, size, container), limit_bytes)

    async def _fetch(self, stack: AsyncExitStack, job: Job, limit_bytes: int) -> Retrieved:
        gateway = self.gateways.get(job.gateway or "")
        hosts = frozenset({gateway.host}) if gateway is not None else frozenset[str]()
        try:
            file = self.downloads.video(job.result_url or "", allowed_hosts=hosts)
            video = await stack.enter_async_context(file)
        except VideoTooLargeError as error:
            return Retrieved(job, None, error.max_bytes)
        except _REFUSED:
            raise
        except (VideoFetchError, TemporaryFileError) as error:
            raise VideoOutOfReachError from error
        return await self._fitted(stack, job, video, limit_bytes)

    async def _fitted(self, stack: AsyncExitStack, job: Job, video: VideoFile, limit_bytes: int) -> Retrieved:
        try:
            fitted = await stack.enter_async_context(self.fitter.fitted(video, limit_bytes, self._turn))
        except TemporaryFileError as error:
            raise VideoOutOfReachError from error
        film = fitted.film and fitted.film.because(was_over=video.size_bytes > limit_bytes)
        return Retrieved(replace(job, film=film), fitted.path, fitted.size_bytes)

    @asynccontextmanager
    async def _turn(self) -> AsyncIterator[None]:
        if self._line.locked():
            raise ConvertingError
        async with self._line:
            yield

    async def _renewed(self, job: Job) -> Job:
        """The job with a fresh address."""
        gateway = self.gateways.get(job.gateway or "")
        if gateway is None or job.task is None:
            raise VideoLostError
        try:
            report = await gateway.result(job.task.task_id)
        except TaskNotFoundError as error:
            raise VideoLostError from error
        except GatewayError as error:
            raise VideoOutOfReachError from error
        if report.video_url is None:
            raise VideoLostError
        until = self.clock() + timedelta(seconds=report.video_ttl_seconds)
        async with self.database.write() as tx:
            await moves.note_on(tx, job.id, result_url=report.video_url, result_expires_at=until)
        return replace(job, result_url=report.video_url, result_expires_at=until)
