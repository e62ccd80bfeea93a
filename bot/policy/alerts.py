"""Telling those who pay how much of a budget is used: at 50, 80 and 100 %, once each in its day or month."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import datetime

from bot.domain.guild import Guild
from bot.domain.notice import NoticeKind
from bot.policy import calendar
from bot.policy.errors import GuildBudgetError, GuildDayBudgetError, ProcessBudgetError
from bot.policy.limits import Budget, Budgets
from bot.store import ledger, notices
from bot.store.database import Database, Transaction

LEVELS = (50, 80, 100)
PERCENT = 100


async def note(tx: Transaction, guild: Guild, budgets: Budgets, now: datetime) -> None:
    """Note the alerts that a server's spend has reached by now; to be called where the books have grown."""
    for budget in budgets.of(guild.choices, now):
        spent = await ledger.spent_since(tx, budget.since, guild.id)
        for level in LEVELS:
            if budget.limit and spent * PERCENT >= level * budget.limit:
                await _put(tx, guild, budget, level, spent, now)


@asynccontextmanager
async def alerting(
    database: Database, guild: Guild, budgets: Budgets, price: int, now: datetime
) -> AsyncIterator[None]:
    """Around the transaction of an order: if a budget refuses it, note that after it was rolled back."""
    try:
        yield
    except ProcessBudgetError:
        async with database.write() as tx:
            await _process_refused(tx, budgets, now)
        raise
    except (GuildBudgetError, GuildDayBudgetError):
        async with database.write() as tx:
            await _refused(tx, guild, budgets, price, now)
        raise


async def _refused(tx: Transaction, guild: Guild, budgets: Budgets, price: int, now: datetime) -> None:
    """Note that an order did not fit into a server's budget any more: that is its end, though not to the last unit."""
    for budget in budgets.of(guild.choices, now):
        spent = await ledger.spent_since(tx, budget.since, guild.id)
        if spent + price > budget.limit:
            await _put(tx, guild, budget, PERCENT, spent, now)


async def _process_refused(tx: Transaction, budgets: Budgets, now: datetime) -> None:
    """Note for the operator that the process has reached its budget of the day."""
    today, tomorrow = calendar.day(now, "UTC")
    about = {"limit": budgets.process_day, "until": tomorrow.isoformat()}
    await notices.put(tx, 0, NoticeKind.PROCESS_BUDGET, about, now, once=f"process:{today.date()}")


async def _put(tx: Transaction, guild: Guild, budget: Budget, level: int, spent: int, now: datetime) -> None:
    until = budget.until.isoformat()
    about = {"period": budget.period, "level": level, "spent": spent, "limit": budget.limit, "until": until}
    once = f"budget:{guild.id}:{budget.period}:{budget.since.isoformat()}:{level}"
    await notices.put(tx, guild.id, NoticeKind.BUDGET, about, now, once=once)
