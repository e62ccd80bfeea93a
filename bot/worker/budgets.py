"""Alerts for what the books took without an order: a video that came late, an unsure one that was billed after all."""

from dataclasses import dataclass

from bot.domain.clock import Clock
from bot.policy import alerts
from bot.policy.limits import Budgets
from bot.store import guilds, ledger
from bot.store.database import Database


@dataclass(slots=True)
class BudgetWatch:
    """Looks at the budgets of servers whose books have grown since the last look; at first, at all."""

    database: Database
    budgets: Budgets
    clock: Clock
    _seen: int = 0

    async def look(self) -> None:
        """Note the alerts that nobody has noted."""
        now = self.clock()
        async with self.database.read() as tx:
            grown, newest = await ledger.grown(tx, self._seen)
            behind = [
                guild_id
                for guild_id in grown
                if await alerts.is_behind(tx, await guilds.get(tx, guild_id), self.budgets, now)
            ]
        for guild_id in behind:
            async with self.database.write() as tx:
                await alerts.note(tx, await guilds.get(tx, guild_id), self.budgets, now)
        self._seen = newest
