"""What a server may spend: what is spent by now, the operator's cap, the manager's own limits, who is told."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime

import structlog

from bot.administration import record
from bot.domain.audit import Action
from bot.domain.clock import Clock
from bot.domain.errors import RefusalError
from bot.domain.guild import Guild, GuildChoices
from bot.domain.sentence import N_, Money
from bot.domain.tier import NO_LIMIT
from bot.policy import alerts, calendar
from bot.policy.asker import Asker
from bot.policy.gate import require_manager
from bot.policy.limits import Budgets
from bot.store import guilds, ledger
from bot.store.database import Database, Transaction

log = structlog.get_logger(__name__)


class AboveCapError(RefusalError):
    """More than the operator pays for."""

    message = N_(
        "The operator of this bot pays up to {cap} a month for this server, so {amount} can't be chosen. "
        "Nothing was changed."
    )


class EverybodyAlertedError(RefusalError):
    """Alerts are for those who pay."""

    message = N_("Alerts can't mention @everyone. Please choose another role. Nothing was changed.")


def within(budgets: Budgets, chosen: int | None) -> int | None:
    """A budget as it is kept: None, where it is that or NO_LIMIT, leaves the operator's cap alone.

    Raises AboveCapError.
    """
    if chosen is None or chosen >= NO_LIMIT:
        return None
    if chosen > budgets.guild_month:
        raise AboveCapError(cap=Money(budgets.guild_month), amount=Money(chosen))
    return chosen


def require_alertable(guild_id: int | None, role_id: int | None) -> None:
    """Raise EverybodyAlertedError for the role of everybody, whose id is the server's."""
    if role_id is not None and role_id == guild_id:
        raise EverybodyAlertedError


@dataclass(frozen=True, slots=True)
class Spent:
    """What a server has spent and reserved in a day or month that ends at `until`; amounts in units.

    `limit`: what may be spent in it; None where nothing but the month limits the day.
    """

    amount: int
    limit: int | None
    until: datetime


@dataclass(frozen=True, slots=True)
class Funds:
    """How a server's money stands; `cap`: what the operator pays for in a month, in units."""

    guild: Guild
    cap: int
    today: Spent
    this_month: Spent


@dataclass(frozen=True, slots=True)
class Budgeting:
    """Reads and changes a server's budgets. Every call checks the right anew."""

    database: Database
    clock: Clock
    budgets: Budgets

    async def current(self, asker: Asker) -> Funds:
        """How the server's money stands now. Raises ManagersOnlyError."""
        require_manager(asker)
        async with self.database.read() as tx:
            return await self._funds(tx, await guilds.get(tx, asker.guild_id or 0))

    async def limit(self, asker: Asker, day: int | None, month: int | None) -> Funds:
        """Set what may be spent in a day and in a month; None and NO_LIMIT leave the operator's cap alone.

        Raises ManagersOnlyError and AboveCapError.
        """
        day, month = (within(self.budgets, each) for each in (day, month))
        return await self._changed(asker, lambda choices: replace(choices, budget_day=day, budget_month=month))

    async def alert(self, asker: Asker, role_id: int | None) -> Funds:
        """Choose the role that is mentioned when an alert fires. Raises ManagersOnlyError and EverybodyAlertedError."""
        require_alertable(asker.guild_id, role_id)
        return await self._changed(asker, lambda choices: replace(choices, alert_role_id=role_id))

    async def _changed(self, asker: Asker, change: Callable[[GuildChoices], GuildChoices]) -> Funds:
        require_manager(asker)
        now = self.clock()
        async with self.database.write() as tx:
            before = await guilds.get(tx, asker.guild_id or 0)
            after = replace(before, choices=change(before.choices))
            await record.changed(tx, asker, Action.BUDGET, before, after, now)
            # A budget that was lowered may be used up by what was spent before.
            await alerts.note(tx, after, self.budgets, now)
            funds = await self._funds(tx, after)
        log.info("budget changed", guild=after.id, manager=asker.user_id)
        return funds

    async def _funds(self, tx: Transaction, guild: Guild) -> Funds:
        choices, now = guild.choices, self.clock()
        limits = {budget.period: budget.limit for budget in self.budgets.of(choices, now)}
        today, tomorrow = calendar.day(now, choices.time_zone)
        month, next_month = calendar.month(now, choices.time_zone)
        of_today = await ledger.spent_since(tx, today, guild.id)
        of_month = await ledger.spent_since(tx, month, guild.id)
        day_limit = limits.get("day")
        return Funds(
            guild,
            self.budgets.guild_month,
            Spent(of_today, day_limit, tomorrow),
            Spent(of_month, limits["month"], next_month),
        )
