"""Files that were made to fit, kept between the tries to bring a video somewhere: a few, for minutes."""

import asyncio
from contextlib import AsyncExitStack, suppress
from dataclasses import dataclass, field
from datetime import datetime, timedelta

import structlog

from bot.domain.clock import Clock
from bot.domain.film import Treatment
from bot.media.fit import Fitted

log = structlog.get_logger(__name__)

KEPT_FOR = timedelta(minutes=5)
"""Tries of one job lie up to 3 minutes apart (`bot.worker.timing.until_retry`)."""
MOST = 8
MOST_BYTES = 200_000_000
"""Eight that fit the 20 MiB which every server takes, or two of 100 MB. More would help only while Discord is away for
long and many wait for it, and then the ones that go are made again."""
EVERY_SECONDS = 30.0


@dataclass(frozen=True, slots=True)
class Made:
    """A video in the form in which it can be posted where `limit_bytes` is the most, and what removes its file."""

    fitted: Fitted
    limit_bytes: int
    original_bytes: int
    files: AsyncExitStack = field(default_factory=AsyncExitStack)

    @property
    def is_dear(self) -> bool:
        """Whether it took an encoding."""
        return self.fitted.film is not None and self.fitted.film.treatment is Treatment.REENCODED

    def serves(self, limit_bytes: int) -> bool:
        """Whether it does for another limit; what can't be made can't be made smaller either.

        What was only made smaller does not where the original is taken.
        """
        if self.fitted.path is None:
            return limit_bytes <= self.limit_bytes
        is_needless = self.fitted.film is not None and self.fitted.film.shrunk and self.original_bytes <= limit_bytes
        return self.fitted.size_bytes <= limit_bytes and not is_needless


class MadeFiles:
    """Keeps the newest made files of jobs that go on; one that is in use is out of it, and counts no more."""

    def __init__(self, clock: Clock, *, every_seconds: float = EVERY_SECONDS) -> None:
        self._clock = clock
        self._every_seconds = every_seconds
        self._kept: dict[str, tuple[datetime, Made]] = {}
        """The oldest first."""

    def take(self, job_id: str) -> Made | None:
        """Hand out what is kept of a job: whoever takes it keeps it again, or removes it."""
        return self._kept.pop(job_id, (None, None))[1]

    async def keep(self, job_id: str, made: Made) -> None:
        """Keep what may be needed again; the oldest make room."""
        await self.drop(job_id)
        self._kept[job_id] = self._clock(), made
        while len(self._kept) > MOST or self._size_bytes() > MOST_BYTES:
            await self.drop(next(iter(self._kept)))

    async def drop(self, job_id: str) -> None:
        """Remove what is kept of a job."""
        made = self.take(job_id)
        if made is not None:
            await made.files.aclose()

    async def run(self, stop: asyncio.Event) -> None:
        """Remove what nobody came back for, from time to time until `stop` is set."""
        while not stop.is_set():
            try:
                await self._tidy()
            except OSError:
                log.exception("converted video not removed")
            with suppress(TimeoutError):
                async with asyncio.timeout(self._every_seconds):
                    await stop.wait()

    async def _tidy(self) -> None:
        oldest = self._clock() - KEPT_FOR
        for job_id in [job_id for job_id, (since, _) in self._kept.items() if since <= oldest]:
            await self.drop(job_id)

    async def clear(self) -> None:
        """Remove everything."""
        for job_id in tuple(self._kept):
            await self.drop(job_id)

    def _size_bytes(self) -> int:
        return sum(made.fitted.size_bytes for _, made in self._kept.values())
