"""What is done at the start and from time to time: leases of the dead, orders nobody saw, old records."""

import asyncio
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta

import structlog

from bot.domain.clock import Clock
from bot.domain.errors import ClapboardError
from bot.gateway.choice import Gateways
from bot.store import leases, retirements
from bot.store.database import Database
from bot.worker.budgets import BudgetWatch
from bot.worker.endings import Endings
from bot.worker.erasure import Erasure
from bot.worker.results import Results
from bot.worker.retention import Retention
from bot.worker.returns import Returns
from bot.worker.shelf import Shelf

log = structlog.get_logger(__name__)

UNSEEN = timedelta(seconds=60)
"""An order whose member was not told that it is queued within this time never will be."""
EVERY_SECONDS = 60.0
TIDY_EVERY = timedelta(hours=1)
"""Every job with inputs and every kept file is looked at: what is kept for months can wait for an hour."""


@dataclass(frozen=True, slots=True)
class Upkeep:
    """Keeps the records in order. `servers_known`: whether the records say which servers the bot is in."""

    database: Database
    gateways: Gateways
    endings: Endings
    clock: Clock
    retention: timedelta
    wake: Callable[[str], None]
    returns: Returns
    shelf: Shelf
    results: Results
    erasure: Erasure
    budgets: BudgetWatch
    servers_known: Callable[[], bool]
    every_seconds: float = EVERY_SECONDS

    async def start(self) -> None:
        """Take over from the process that had the file before: its leases are dead, its half orders are void.

        What it was told to be retired still is.
        """
        async with self.database.write() as tx:
            await leases.take_over(tx, self.clock())
            for retirement in await retirements.known(tx):
                self.gateways.mark_retired(retirement.gateway, retirement.slug)
        await self._void(timedelta(0))

    async def run(self, stop: asyncio.Event) -> None:
        """Look at once, for what a crash has left, and then from time to time until `stop` is set."""
        tidied: datetime | None = None
        while not stop.is_set():
            await self._look()
            if tidied is None or self.clock() - tidied >= TIDY_EVERY:
                tidied = self.clock()
                await self._tidy()
            with suppress(TimeoutError):
                async with asyncio.timeout(self.every_seconds):
                    await stop.wait()

    async def _look(self) -> None:
        try:
            await self._void(UNSEEN)
            await self.returns.needless()
            await self.erasure.go_on()
            await self.budgets.look()
            await Retention(self.database, self.clock, self.retention).go_on(servers_known=self.servers_known())
            await self.results.tidy()
        except (ClapboardError, OSError):
            log.exception("upkeep failed")

    async def _tidy(self) -> None:
        try:
            await self.shelf.tidy()
        except (ClapboardError, OSError):
            log.exception("kept files not looked at")

    async def _void(self, age: timedelta) -> None:
        async with self.database.read() as tx:
            unseen = await leases.never_acknowledged(tx, self.clock() - age)
        for job in unseen:
            await self.endings.cancel(job, "never acknowledged")
            self.wake(job.id)
