"""Telling those who pay how much of a budget is used: at 50, 80 and 100 %, once each in its day or month.

Where a server has no channel to tell it in, nothing is noted: whoever chooses one is told of what is used by then.
"""

from collections.abc import AsyncIterator, Iterable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime

from bot.domain.guild import Guild
from bot.domain.notice import NoticeKind
from bot.policy import calendar
from bot.policy.errors import GuildBudgetError, GuildDayBudgetError, ProcessBudgetError
from bot.policy.limits import Budget, Budgets
from bot.store import guilds, ledger, notices
from bot.store.database import Database, Transaction

LEVELS = (50, 80, 100)
PERCENT = 100


async def note(tx: Transaction, guild: Guild, budgets: Budgets, now: datetime) -> None:
    """Note the alerts that a server's spend has reached by now; to be called where the books have grown."""
    for alert in await _reached_by(tx, guild, budgets, now):
        await alert.put(tx, now)


async def is_behind(tx: Transaction, guild: Guild, budgets: Budgets, now: datetime) -> bool:
    """Whether `note` would note anything; nothing is written."""
    for alert in await _reached_by(tx, guild, budgets, now):
        if not await notices.is_known(tx, alert.once):
            return True
    return False


@asynccontextmanager
async def alerting(
    database: Database, guild: Guild, budgets: Budgets, price: int, now: datetime
) -> AsyncIterator[None]:
    """Around the transaction of an order: if a budget refuses it, note that after it was rolled back."""
    try:
        yield
    except (ProcessBudgetError, GuildBudgetError, GuildDayBudgetError) as refusal:
        ends = _process_ends if isinstance(refusal, ProcessBudgetError) else _server_ends
        async with database.read() as tx:
            news = [
                end async for end in ends(tx, guild, budgets, price, now) if not await notices.is_known(tx, end.once)
            ]
        # Of many that are refused at once, few find that it was not noted yet.
        if news:
            async with database.write() as tx:
                for end in news:
                    await end.put(tx, now)
        raise


@dataclass(frozen=True, slots=True)
class _Alert:
    guild_id: int
    kind: NoticeKind
    about: Mapping[str, object]
    once: str

    async def put(self, tx: Transaction, now: datetime) -> None:
        await notices.put(tx, self.guild_id, self.kind, self.about, now, once=self.once)


def _watched(guild: Guild, budgets: Budgets, now: datetime) -> Iterable[Budget]:
    return () if guild.choices.log_channel_id is None else budgets.of(guild.choices, now)


async def _reached_by(tx: Transaction, guild: Guild, budgets: Budgets, now: datetime) -> list[_Alert]:
    reached: list[_Alert] = []
    for budget in _watched(guild, budgets, now):
        spent = await ledger.spent_since(tx, budget.since, guild.id)
        levels = (level for level in LEVELS if budget.limit and spent * PERCENT >= level * budget.limit)
        reached += [_reached(guild, budget, level, spent) for level in levels]
    return reached


async def _server_ends(
    tx: Transaction, guild: Guild, budgets: Budgets, price: int, now: datetime
) -> AsyncIterator[_Alert]:
    """An order that does not fit into a budget any more is its end, though not to the last unit."""
    # The budget that refused it may have been lowered while the order was made.
    guild = await guilds.get(tx, guild.id)
    for budget in _watched(guild, budgets, now):
        spent = await ledger.spent_since(tx, budget.since, guild.id)
        if spent + price > budget.limit:
            yield _reached(guild, budget, PERCENT, spent)


async def process_ended(tx: Transaction, now: datetime) -> datetime | None:
    """Until when the process takes no more orders, once one did not fit into its day; None while all have."""
    today, tomorrow = calendar.day(now, "UTC")
    return tomorrow if await notices.is_known(tx, _of_process(today)) else None


def _of_process(today: datetime) -> str:
    return f"process:{today.date()}"


async def _process_ends(
    _tx: Transaction, _guild: Guild, budgets: Budgets, _price: int, now: datetime
) -> AsyncIterator[_Alert]:
    today, tomorrow = calendar.day(now, "UTC")
    about = {"limit": budgets.process_day, "until": tomorrow.isoformat()}
    yield _Alert(0, NoticeKind.PROCESS_BUDGET, about, _of_process(today))


def _reached(guild: Guild, budget: Budget, level: int, spent: int) -> _Alert:
    until = budget.until.isoformat()
    about = {"period": budget.period, "level": level, "spent": spent, "limit": budget.limit, "until": until}
    # By the server's own date: another time zone makes no other day of it.
    began = budget.since.astimezone(calendar.zone_of(guild.choices.time_zone)).date()
    once = f"budget:{guild.id}:{budget.period}:{began}:{level}"
    # A budget that was raised ends once more, and orders pause again.
    return _Alert(guild.id, NoticeKind.BUDGET, about, f"{once}:{budget.limit}" if level == PERCENT else once)
