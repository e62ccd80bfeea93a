"""What an order counts against, and the check that shares a transaction with the reservation."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from bot.domain.errors import RefusalError
from bot.domain.guild import Guild, GuildChoices
from bot.domain.job import Job
from bot.domain.sentence import Instant, MessageLink
from bot.domain.tier import EVERYONE, NO_LIMIT, Allowance
from bot.policy import calendar
from bot.policy.asker import Asker
from bot.policy.errors import (
    AtOnceError,
    DailyLimitError,
    GuildBudgetError,
    GuildDayBudgetError,
    MemberBudgetError,
    ProcessBudgetError,
)
from bot.policy.shortfalls import GuildDayShortError, GuildShortError, MemberShortError, ProcessShortError
from bot.store import jobs, ledger, personal
from bot.store.database import Transaction
from bot.store.ledger import Usage


@dataclass(frozen=True, slots=True)
class Budget:
    """What a server may spend from `since` until `until`, in units of a ten-thousandth of a dollar."""

    period: Literal["day", "month"]
    limit: int
    since: datetime
    until: datetime


@dataclass(frozen=True, slots=True)
class Budgets:
    """The operator's caps, in units of a ten-thousandth of a dollar."""

    guild_month: int
    process_day: int

    def of(self, choices: GuildChoices, now: datetime) -> Iterator[Budget]:
        """A server's budgets that hold now: managers can only lower the operator's cap."""
        if choices.budget_day is not None:
            yield Budget("day", choices.budget_day, *calendar.day(now, choices.time_zone))
        month = self.guild_month if choices.budget_month is None else min(self.guild_month, choices.budget_month)
        yield Budget("month", month, *calendar.month(now, choices.time_zone))


async def check(tx: Transaction, asker: Asker, guild: Guild, budgets: Budgets, price: int, now: datetime) -> None:
    """Raise the refusal that stands in the way of an order of this price; the accounts have to be locked."""
    zone = guild.choices.time_zone
    (day, next_day), (month, next_month) = calendar.day(now, zone), calendar.month(now, zone)
    (today, tomorrow), (of_cap, next_cap) = calendar.day(now, "UTC"), calendar.month(now, "UTC")
    since = {"day": day, "month": month, "process_day": today, "process_month": of_cap}
    used = await ledger.usage(tx, asker.guild_id, asker.user_id, **since)
    allowed = guild.allowance(asker.role_ids)
    if used.videos >= allowed.videos_a_day:
        # What a manager has given is taken off what is used; told is what they have made, of what they may.
        given = (await personal.sums(tx, asker.user_id, day, asker.guild_id or 0)).given_videos
        raise DailyLimitError(used=used.videos + given, count=allowed.videos_a_day + given, again=Instant(next_day))
    running = await jobs.at_work(tx, asker.user_id, asker.guild_id)
    if len(running) >= allowed.at_once:
        raise AtOnceError(count=len(running), videos=tuple(_name(job) for job in running))
    _fits(used.member_month, price, allowed.month, next_month, (MemberBudgetError, MemberShortError))
    # Where no server pays, only the operator's own budget counts.
    if asker.guild_id is not None:
        _server(used, budgets.of(guild.choices, now), price)
        # Managers choose the time zone: as each began a month of its own, the operator's cap would begin anew with it.
        spent = used.guild_process_month
        _fits(spent, price, budgets.guild_month, next_cap, (GuildBudgetError, GuildShortError))
    _fits(used.process_day, price, budgets.process_day, tomorrow, (ProcessBudgetError, ProcessShortError))


def _server(used: Usage, budgets: Iterable[Budget], price: int) -> None:
    for budget in budgets:
        is_day = budget.period == "day"
        spent = used.guild_day if is_day else used.guild_month
        refusals = (GuildDayBudgetError, GuildDayShortError) if is_day else (GuildBudgetError, GuildShortError)
        _fits(spent, price, budget.limit, budget.until, refusals)


def _fits(spent: int, price: int, limit: int, until: datetime, refusals: tuple[type[RefusalError], ...]) -> None:
    """Raise the first refusal if the limit is used up, and the second if less is left than the price."""
    if spent + price > limit:
        used_up, short = refusals
        raise (used_up if spent >= limit else short)(again=Instant(until))


def needs_approval(asker: Asker, allowed: Allowance, seconds: int | None, price: int) -> bool:
    """Whether a manager has to approve an order; what managers order they have approved."""
    return asker.guild_id is not None and not asker.manages and allowed.needs_approval(seconds, price)


async def videos_left(tx: Transaction, job: Job, guild: Guild, now: datetime) -> int | None:
    """How many videos the author of a job may still make today by the limit of then; None where there is no limit."""
    limit = EVERYONE.videos_a_day if job.videos_a_day is None else job.videos_a_day
    if limit is None or limit >= NO_LIMIT:
        return None
    today, _ = calendar.day(now, guild.choices.time_zone)
    used = await ledger.videos_since(tx, today, job.guild_id, job.author_id)
    return max(0, limit - used)


def _name(job: Job) -> MessageLink | str:
    if job.status is None:
        return f"`{job.id}`"
    return job.link(job.status)
