"""Two hundred orders at the same moment against a limit of five: exactly five, whatever the limit is of."""

import asyncio
from collections import Counter
from dataclasses import replace
from pathlib import Path

import pytest

from bot.domain.errors import RefusalError, StoreUnavailableError
from bot.domain.guild import GuildChoices
from bot.domain.job import Job
from bot.domain.notice import NoticeKind
from bot.domain.tier import NO_LIMIT, Tier
from bot.orders.place import Orders
from bot.policy.asker import Asker
from bot.policy.errors import (
    AtOnceError,
    DailyLimitError,
    GuildBudgetError,
    GuildDayBudgetError,
    MemberBudgetError,
    ProcessBudgetError,
)
from bot.policy.limits import Budgets
from bot.store.database import Database
from tests.bot.orders.desk import CHOICES, DRAFT, MEMBER, Desk, receipt
from tests.bot.store.records import GUILD, PRICE, rows

MANY, FEW = 200, 5
FREE = Tier(NO_LIMIT, NO_LIMIT)
ROOMY = Budgets(NO_LIMIT, NO_LIMIT)
CROWD = [replace(MEMBER, user_id=MEMBER.user_id + number) for number in range(MANY)]


async def rush(orders: list[Orders], who: list[Asker]) -> Counter[str]:
    """Everybody at once, through all the processes; how it ended for how many."""

    async def one(number: int) -> Job:
        taking = orders[number % len(orders)]
        quote = await taking.quote(who[number % len(who)], replace(DRAFT, prompt=f"cat {number}"))
        return await taking.accept(quote, receipt())

    ends = await asyncio.gather(*(one(number) for number in range(MANY)), return_exceptions=True)
    return Counter(type(end).__name__ for end in ends)


def choices(tier: Tier = FREE, **others: object) -> GuildChoices:
    return replace(CHOICES, tiers={GUILD: tier}, log_channel_id=7, **others)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("processes", "chosen", "budgets", "who", "refusal"),
    [
        (1, choices(replace(FREE, videos_a_day=FEW)), ROOMY, [MEMBER], DailyLimitError),
        (2, choices(replace(FREE, videos_a_day=FEW)), ROOMY, [MEMBER], DailyLimitError),
        (2, choices(replace(FREE, at_once=FEW)), ROOMY, [MEMBER], AtOnceError),
        (2, choices(replace(FREE, month=FEW * PRICE)), ROOMY, [MEMBER], MemberBudgetError),
        (2, choices(budget_day=FEW * PRICE), ROOMY, CROWD, GuildDayBudgetError),
        (2, choices(budget_month=FEW * PRICE), ROOMY, CROWD, GuildBudgetError),
        (1, choices(), replace(ROOMY, guild_month=FEW * PRICE), CROWD, GuildBudgetError),
        (2, choices(), replace(ROOMY, process_day=FEW * PRICE), CROWD, ProcessBudgetError),
    ],
)
async def test_two_hundred_at_once_against_a_limit_of_five_give_five(
    desk: Desk,
    path: Path,
    processes: int,
    chosen: GuildChoices,
    budgets: Budgets,
    who: list[Asker],
    refusal: type[RefusalError],
) -> None:
    await desk.set_up(chosen)
    async with Database(path) as second:
        desks = [desk, Desk(second, desk.directory)][:processes]

        ends = await rush([one.with_terms(budgets=budgets) for one in desks], who)

    # On a busy machine one of two processes may wait for the file for too long: that is a no.
    assert ends.keys() <= {"Job", refusal.__name__, StoreUnavailableError.__name__}
    assert (ends["Job"], sum(ends.values())) == (FEW, MANY)
    assert await rows(desk.database, "SELECT count(*), sum(amount) FROM ledger") == [(FEW, FEW * PRICE)]
    assert await rows(desk.database, "SELECT count(*) FROM jobs") == [(FEW,)]


@pytest.mark.parametrize("processes", [1, 2])
async def test_each_alert_of_a_budget_is_noted_once_however_many_come_at_once(
    desk: Desk, path: Path, processes: int
) -> None:
    await desk.set_up(choices(budget_day=10 * PRICE, budget_month=16 * PRICE))
    async with Database(path) as second:
        desks = [desk, Desk(second, desk.directory)][:processes]

        ends = await rush([one.with_terms(budgets=ROOMY) for one in desks], CROWD)

    assert ends["Job"] == 10
    columns = "json_extract(about, '$.period'), json_extract(about, '$.level')"
    noted = await rows(desk.database, f"SELECT {columns} FROM notices WHERE kind = 'budget' ORDER BY 1, 2")
    assert noted == [("day", 50), ("day", 80), ("day", 100), ("month", 50)]


async def test_an_order_that_does_not_fit_any_more_is_the_end_of_a_budget(desk: Desk) -> None:
    await desk.set_up(choices(budget_month=5 * PRICE + PRICE // 2))
    await rush([desk.with_terms(budgets=ROOMY)], CROWD)

    noted = await rows(desk.database, "SELECT json_extract(about, '$.level') FROM notices ORDER BY id")

    assert noted == [(50,), (80,), (100,)]


async def test_the_operator_is_told_once_a_day_that_the_process_has_spent_its_budget(desk: Desk) -> None:
    await desk.set_up(choices())
    await rush([desk.with_terms(budgets=replace(ROOMY, process_day=FEW * PRICE))], CROWD)

    noted = await rows(desk.database, "SELECT guild_id, kind FROM notices WHERE guild_id = 0")
    assert noted == [(0, NoticeKind.PROCESS_BUDGET)]
