"""Originals of videos that could not be posted as files, kept for a while and served under an address of our own."""

import asyncio
import re
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path, PurePath

import structlog

from bot.domain.clock import Clock
from bot.domain.ids import PATTERN, file_name
from bot.domain.job import Job
from bot.media.download import VideoFile
from bot.media.errors import TemporaryFileError
from bot.media.kept import SUFFIXES, KeptFiles
from bot.media.signed import SignedLinks
from bot.store import results
from bot.store.database import Database

log = structlog.get_logger(__name__)

KEPT_FOR = timedelta(days=7)
"""A member who looks in once a week still gets it; the files are large."""
LONGEST_LINK = 1000
"""Characters: so much fits into a message beside everything else that is said there, whatever it is."""
SOON = timedelta(hours=1)
"""Who was pinged should not have to hurry: a link that is over by then is not handed on."""
IN_THE_MAKING = timedelta(minutes=10)
"""A file is kept a moment before its job names it."""
PARTS = 2
"""Originals take up half of what may be kept at the most; for them, the inputs of old videos make room."""
NOTHING: dict[str, object] = {"kept_file": None, "kept_until": None}
"""The columns of a job for which none is kept."""
_NAME = re.compile(rf"clapboard-({PATTERN})\.[a-z0-9]+")


@dataclass(frozen=True, slots=True)
class Results:
    """Keeps, offers and removes originals.

    `links`: None without PUBLIC_URL; `limit_bytes`: of all kept files; `jobs_for`: how long after their beginning jobs
    are forgotten, and with them who may have what.
    """

    database: Database
    kept: KeptFiles
    links: SignedLinks | None
    clock: Clock
    limit_bytes: int
    jobs_for: timedelta

    async def original(self, job: Job, video: VideoFile | None) -> dict[str, object]:
        """Keep the original of a video that is posted as a link, unless the service's own link can be handed on.

        The answer is what the job's columns have to say of it.
        """
        has_link = job.result_url is not None and len(job.result_url) <= LONGEST_LINK
        lasts = job.result_expires_at is None or job.result_expires_at - self.clock() > SOON
        if self.links is None or video is None or (has_link and lasts):
            return NOTHING
        if job.kept_file is not None and await asyncio.to_thread(self.kept.touch, job.kept_file):
            return {"kept_file": job.kept_file, "kept_until": job.kept_until}
        taken = await asyncio.to_thread(self.kept.size_bytes)
        if taken + video.size_bytes > self.limit_bytes // PARTS:
            log.warning("no room for a large video", job=job.id, size=video.size_bytes, taken=taken)
            return NOTHING
        try:
            name = await self.kept.keep(video.path, SUFFIXES[video.container])
        except TemporaryFileError:
            log.exception("large video not kept", job=job.id)
            return NOTHING
        return {"kept_file": name, "kept_until": min(self.clock() + KEPT_FOR, job.created_at + self.jobs_for)}

    def given(self, job: Job) -> Job:
        """The job with the address that is handed on in its post: our own where there is one."""
        if self.links is None or job.kept_file is None or job.kept_until is None:
            return job
        shown = PurePath(file_name(job.id)).with_suffix(PurePath(job.kept_file).suffix)
        address = self.links.address(shown.name, job.kept_until)
        return replace(job, result_url=address, result_expires_at=job.kept_until)

    async def offered(self, job: Job) -> tuple[Job, Path] | None:
        """The job with our own address of its original, and that file; None once it is not offered any more."""
        if self.links is None:
            return None
        async with self.database.read() as tx:
            file = await results.of_job(tx, job.id, self.clock())
        # As young as a new one, it stands until whoever asked has it.
        if file is None or not await asyncio.to_thread(self.kept.touch, file):
            return None
        path = self.kept.path(file)
        return None if path is None else (self.given(job), path)

    async def path(self, name: str) -> Path | None:
        """Where the file is that an address names; None once it is not offered any more."""
        match = _NAME.fullmatch(name)
        if match is None:
            return None
        async with self.database.read() as tx:
            file = await results.of_job(tx, match[1], self.clock())
        return None if file is None else self.kept.path(file)

    async def tidy(self) -> None:
        """Remove what is not offered any more: its time is over, or its post was deleted, removed or erased."""
        now = self.clock()
        async with self.database.read() as tx:
            offered = await results.offered(tx, now)
        swept = await asyncio.to_thread(self.kept.sweep, offered, older_than=IN_THE_MAKING, now=now)
        if swept:
            log.info("large videos removed", files=swept)
