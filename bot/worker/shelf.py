"""Keeping the kept files in order: what nobody names goes, and the oldest goes when there is too much."""

import asyncio
from dataclasses import dataclass
from datetime import timedelta

import structlog

from bot.domain.clock import Clock
from bot.media.kept import KeptFiles
from bot.store import inputs
from bot.store.database import Database

log = structlog.get_logger(__name__)

IN_THE_MAKING = timedelta(hours=1)
"""An order that is just being taken has kept its files, or borrowed older ones, before it names them."""


@dataclass(frozen=True, slots=True)
class Shelf:
    """Sweeps the kept files. `limit_bytes` is what they and the kept `results` together may take (DATA_MAX_GB)."""

    database: Database
    kept: KeptFiles
    results: KeptFiles
    clock: Clock
    limit_bytes: int

    async def tidy(self) -> None:
        """Remove what no job and no character names, then the oldest inputs of ended jobs while there is too much."""
        async with self.database.read() as tx:
            of_jobs = await inputs.of_jobs(tx)
            of_characters = await inputs.of_characters(tx)
            untouched = of_characters | await inputs.of_running(tx)
        named = of_characters.union(of_jobs)
        now, candidates = self.clock(), [name for name in of_jobs if name not in untouched]
        swept = await asyncio.to_thread(self.kept.sweep, named, older_than=IN_THE_MAKING, now=now)
        limit = self.limit_bytes - await asyncio.to_thread(self.results.size_bytes)
        shrunk = await asyncio.to_thread(self.kept.shrink, candidates, limit, older_than=IN_THE_MAKING, now=now)
        if swept or shrunk:
            log.info("kept files removed", unnamed=swept, over_the_limit=shrunk)
