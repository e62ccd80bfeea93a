"""What an order counts against, and the check that shares a transaction with the reservation."""

from dataclasses import dataclass
from datetime import datetime

from bot.domain.guild import MEMBER_VIDEOS_A_DAY, MEMBER_VIDEOS_AT_ONCE, Guild
from bot.domain.job import Job
from bot.domain.sentence import Instant, MessageLink
from bot.policy import calendar
from bot.policy.asker import Asker
from bot.policy.errors import AtOnceError, DailyLimitError, GuildBudgetError, ProcessBudgetError
from bot.store import jobs, ledger
from bot.store.database import Transaction


@dataclass(frozen=True, slots=True)
class Budgets:
    """The operator's caps, in units of a ten-thousandth of a dollar."""

    guild_month: int
    process_day: int


async def check(tx: Transaction, asker: Asker, guild: Guild, budgets: Budgets, price: int, now: datetime) -> None:
    """Raise the refusal that stands in the way of an order of this price; the accounts have to be locked."""
    zone = guild.choices.time_zone
    today, tomorrow = calendar.day(now, zone)
    used = await ledger.videos_since(tx, today, asker.guild_id, asker.user_id)
    if used >= MEMBER_VIDEOS_A_DAY:
        raise DailyLimitError(used=used, count=MEMBER_VIDEOS_A_DAY, again=Instant(tomorrow))
    running = await jobs.at_work(tx, asker.user_id, asker.guild_id)
    if len(running) >= MEMBER_VIDEOS_AT_ONCE:
        raise AtOnceError(count=len(running), videos=tuple(_name(job) for job in running))
    this_month, next_month = calendar.month(now, zone)
    # Where no server pays, only the operator's own budget counts.
    in_server = asker.guild_id is not None
    if in_server and await ledger.spent_since(tx, this_month, asker.guild_id or 0) + price > budgets.guild_month:
        raise GuildBudgetError(again=Instant(next_month))
    today, tomorrow = calendar.day(now, "UTC")
    if await ledger.spent_since(tx, today) + price > budgets.process_day:
        raise ProcessBudgetError(again=Instant(tomorrow))


async def videos_left(tx: Transaction, job: Job, guild: Guild, now: datetime) -> int:
    """How many videos the author of a job may still make today."""
    today, _ = calendar.day(now, guild.choices.time_zone)
    used = await ledger.videos_since(tx, today, job.guild_id, job.author_id)
    return max(0, MEMBER_VIDEOS_A_DAY - used)


def _name(job: Job) -> MessageLink | str:
    if job.status is None:
        return f"`{job.id}`"
    return job.link(job.status)
