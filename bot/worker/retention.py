"""The end of what is kept for a time only; every step can be repeated."""

from dataclasses import dataclass
from datetime import datetime, timedelta

import structlog

from bot.domain.clock import Clock
from bot.store import blocks, declines, jobs, leaving, notices
from bot.store.database import Database

log = structlog.get_logger(__name__)

LEFT_FOR = timedelta(days=30)
"""A server that lets the bot in again within this time finds everything as it was."""
DECLINES_FOR = timedelta(days=40)
"""They count for a day; this lets moderators see a month."""
TOLD_FOR = timedelta(days=400)
"""Longer than any month or day of which something is told only once."""


@dataclass(frozen=True, slots=True)
class Retention:
    """Forgets what has come to its end: jobs after `jobs_for`, servers that the bot was removed from, and the rest."""

    database: Database
    clock: Clock
    jobs_for: timedelta

    async def go_on(self, *, servers_known: bool) -> None:
        """Forget what has come to its end since the last time; servers only once it is known where the bot is."""
        now = self.clock()
        async with self.database.write() as tx:
            forgotten = await jobs.forget(tx, now - self.jobs_for)
            await blocks.forget(tx, now)
            await declines.forget(tx, now - DECLINES_FOR)
            await notices.forget(tx, now - TOLD_FOR)
        if forgotten:
            log.info("old jobs forgotten", jobs=forgotten)
        if servers_known:
            await self._forget_servers(now)

    async def _forget_servers(self, now: datetime) -> None:
        async with self.database.read() as tx:
            left = await leaving.left(tx, now - LEFT_FOR)
        for guild_id in left:
            async with self.database.write() as tx:
                is_done = await leaving.forget(tx, guild_id)
            if is_done:
                log.info("server forgotten", guild=guild_id)
