"""Taking back what was lent to gateways, once they have it."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import timedelta

import structlog

from bot.domain.clock import Clock
from bot.domain.loan import Loan
from bot.store import loans
from bot.store.database import Database
from bot.worker.herald import TryAgainError

log = structlog.get_logger(__name__)

IN_THE_MAKING = timedelta(minutes=2)
"""How long an order may take from lending its files to being written down."""
MOST = 50


@dataclass(frozen=True, slots=True)
class Returns:
    """Takes lent files back. `take_back` deletes the message; it raises TryAgainError."""

    database: Database
    take_back: Callable[[Loan], Awaitable[None]]
    clock: Clock

    async def of_job(self, job_id: str) -> None:
        """Its rendering has begun. What can't be taken back now is taken when the job has ended."""
        async with self.database.read() as tx:
            lent = await loans.of_job(tx, job_id)
        for loan in lent:
            await self._end(loan)

    async def needless(self) -> None:
        """Of jobs that have ended, or that never came to be."""
        async with self.database.read() as tx:
            lent = await loans.needless(tx, self.clock() - IN_THE_MAKING, limit=MOST)
        for loan in lent:
            await self._end(loan)

    async def _end(self, loan: Loan) -> None:
        try:
            await self.take_back(loan)
        except TryAgainError as error:
            log.info("lent file not taken back yet", job=loan.job_id, error=repr(error.__cause__))
            return
        async with self.database.write() as tx:
            await loans.end(tx, loan.id)
