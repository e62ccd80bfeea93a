"""The life of the process: from the login to the last thing told."""

import asyncio
from dataclasses import dataclass

import structlog

from bot.client.bot import ClapboardBot
from bot.store import facts
from bot.store.database import Database
from bot.worker.crier import Crier
from bot.worker.made import MadeFiles
from bot.worker.scheduler import Scheduler
from bot.worker.upkeep import Upkeep
from bot.worker.web import WebServer

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class House:
    """The parts that live as long as the process."""

    bot: ClapboardBot
    scheduler: Scheduler
    upkeep: Upkeep
    crier: Crier
    made: MadeFiles
    logged_in: asyncio.Event
    web: WebServer | None = None

    async def live(self, token: str, stop: asyncio.Event) -> None:
        """Serve until `stop` is set or Discord can't be used any more (SessionError)."""
        await self.upkeep.start()
        living = asyncio.create_task(self.bot.live(token), name="discord")
        working = asyncio.create_task(self._work(stop), name="worker")
        stopping = asyncio.create_task(stop.wait(), name="stop")
        await asyncio.wait({living, working, stopping}, return_when=asyncio.FIRST_COMPLETED)
        stop.set()
        try:
            # The worker ends before the connection does: what is in flight still has to be told.
            await working
            await self.bot.finish()
        finally:
            await self.bot.close()
            await asyncio.gather(living, stopping)
        log.info("stopped")

    async def _work(self, stop: asyncio.Event) -> None:
        """Begin when Discord can be written to."""
        logged_in = asyncio.create_task(self.logged_in.wait())
        stopping = asyncio.create_task(stop.wait())
        await asyncio.wait({logged_in, stopping}, return_when=asyncio.FIRST_COMPLETED)
        logged_in.cancel()
        stopping.cancel()
        if not stop.is_set():
            try:
                async with asyncio.TaskGroup() as group:
                    group.create_task(self.scheduler.run(stop))
                    group.create_task(self.upkeep.run(stop))
                    group.create_task(self.crier.run(stop))
                    group.create_task(self.made.run(stop))
            finally:
                await self.made.clear()


@dataclass(frozen=True, slots=True)
class Remembering:
    """The small texts that the command tree remembers, kept in the database."""

    database: Database

    async def recall(self, name: str) -> str | None:
        """What was remembered under a name."""
        async with self.database.read() as tx:
            return await facts.recall(tx, name)

    async def remember(self, name: str, value: str) -> None:
        """Remember a text under a name."""
        async with self.database.write() as tx:
            await facts.remember(tx, name, value)
