"""Alerts come at 50, 80 and 100 % of a budget, once each in a server's own day or month, however many spend at once."""

import asyncio
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from bot.domain.guild import Guild, GuildChoices
from bot.domain.notice import NoticeKind
from bot.domain.sentence import Instant
from bot.policy import alerts, limits
from bot.policy.errors import GuildBudgetError, GuildDayBudgetError, ProcessBudgetError
from bot.policy.limits import Budgets
from bot.store import guilds, jobs, ledger, notices
from bot.store.database import Database
from tests.bot.policy.askers import asker
from tests.bot.store.records import GUILD, add_reserved, job

NOON = datetime(2026, 3, 14, 12, tzinfo=UTC)
HOUR = timedelta(hours=1)
LOG = 7
ROOMY = Budgets(10**9, 10**9)
_users = iter(range(10**15, 10**16))


@dataclass
class Till:
    """A server that spends, and what was noted of it."""

    database: Database
    budgets: Budgets = ROOMY
    now: datetime = NOON

    async def choose(self, **choices: object) -> None:
        chosen = GuildChoices(**({"log_channel_id": LOG} | choices))  # type: ignore[arg-type]
        async with self.database.write() as tx:
            await guilds.save(tx, Guild(GUILD, chosen, approved=True), 1)

    async def spend(self, amount: int, at: datetime | None = None, database: Database | None = None) -> None:
        """Order something, as `Orders.accept` does, by somebody who has not ordered before."""
        now, database = at or self.now, database or self.database
        new = job(created_at=now, price=amount, author_id=next(_users))
        async with database.read() as tx:
            guild = await guilds.get(tx, GUILD)
        async with alerts.alerting(database, guild, self.budgets, amount, now), database.write() as tx:
            accounts = await ledger.lock(tx, GUILD, new.author_id)
            await limits.check(tx, asker(user_id=new.author_id), guild, self.budgets, amount, now)
            assert await jobs.add(tx, new, next(_users))
            await ledger.reserve(tx, new, accounts.member, now)
            await alerts.note(tx, guild, self.budgets, now)

    async def look(self) -> None:
        async with self.database.write() as tx:
            await alerts.note(tx, await guilds.get(tx, GUILD), self.budgets, self.now)

    async def noted(self) -> list[tuple[str, int]]:
        """The period and level of each alert, in their order."""
        async with self.database.read() as tx:
            due = await notices.due(tx, datetime(2100, 1, 1, tzinfo=UTC), limit=1000)
        assert {notice.kind for notice in due} <= {NoticeKind.BUDGET}
        return [(str(notice.about["period"]), int(str(notice.about["level"]))) for notice in due]

    async def abouts(self) -> list[dict[str, object]]:
        async with self.database.read() as tx:
            return [dict(notice.about) for notice in await notices.due(tx, datetime.max.replace(tzinfo=UTC), limit=99)]


@pytest.fixture
async def till(database: Database) -> Till:
    till = Till(database)
    await till.choose(budget_month=1000)
    return till


@pytest.mark.parametrize(
    ("spent", "levels"),
    [
        ([499], []),
        ([500], [50]),
        ([499, 1], [50]),
        ([500, 299], [50]),
        ([500, 300], [50, 80]),
        ([500, 300, 199], [50, 80]),
        ([500, 300, 200], [50, 80, 100]),
        ([100] * 10, [50, 80, 100]),
        ([1000], [50, 80, 100]),
        ([], []),
    ],
)
async def test_each_level_is_noted_when_it_is_reached_to_the_unit(
    till: Till, spent: list[int], levels: list[int]
) -> None:
    for amount in spent:
        await till.spend(amount)

    assert await till.noted() == [("month", level) for level in levels]


async def test_an_alert_knows_what_it_tells(till: Till) -> None:
    await till.spend(500)

    assert await till.abouts() == [
        {"period": "month", "level": 50, "spent": 500, "limit": 1000, "until": "2026-04-01T00:00:00+00:00"}
    ]


async def test_the_last_alert_comes_when_an_order_does_not_fit_any_more_and_once(till: Till) -> None:
    await till.spend(700)
    for _ in range(3):
        with pytest.raises(GuildBudgetError):
            await till.spend(400)

    assert await till.noted() == [("month", 50), ("month", 100)]
    assert (await till.abouts())[-1]["spent"] == 700
    await till.spend(300)
    assert sorted(await till.noted()) == [("month", 50), ("month", 80), ("month", 100)]


async def test_day_and_month_have_alerts_of_their_own(till: Till) -> None:
    await till.choose(budget_day=100, budget_month=1000)
    for days in range(6):
        await till.spend(100, NOON + timedelta(days=days))

    noted = await till.noted()

    assert [level for period, level in noted if period == "day"] == [50, 80, 100] * 6
    assert [level for period, level in noted if period == "month"] == [50]


async def test_a_day_that_does_not_fit_is_told_of_the_day_and_not_of_the_month(till: Till) -> None:
    await till.choose(budget_day=100, budget_month=1000)

    with pytest.raises(GuildDayBudgetError):
        await till.spend(101)

    assert await till.noted() == [("day", 100)]


async def test_the_operators_cap_is_a_months_budget_where_a_manager_has_set_none_or_more(till: Till) -> None:
    till.budgets = Budgets(200, 10**9)
    await till.choose(budget_month=500)

    await till.spend(100)

    assert await till.noted() == [("month", 50)]


async def test_other_servers_do_not_count(till: Till) -> None:
    await add_reserved(till.database, job(guild_id=GUILD + 1, price=10**6, created_at=NOON))

    await till.look()

    assert await till.noted() == []


@pytest.mark.parametrize("databases", [1, 2])
async def test_of_many_orders_at_the_same_moment_each_level_is_noted_once(
    till: Till, path: Path, databases: int
) -> None:
    """On one open database and on two of the same file, as two processes would have."""
    async with Database(path) as other:
        opened = [till.database, other][:databases]

        async def try_to_spend(number: int) -> bool:
            with suppress(GuildBudgetError):
                await till.spend(90, database=opened[number % databases])
                return True
            return False

        taken = await asyncio.gather(*(try_to_spend(number) for number in range(60)))

    assert sum(taken) == 11
    assert await till.noted() == [("month", 50), ("month", 80), ("month", 100)]


LAST_OF_MARCH = {
    "UTC": datetime(2026, 3, 31, 23, 59, tzinfo=UTC),
    "America/Los_Angeles": datetime(2026, 4, 1, 6, 59, tzinfo=UTC),
    "Asia/Tokyo": datetime(2026, 3, 31, 14, 59, tzinfo=UTC),
    "Asia/Kolkata": datetime(2026, 3, 31, 18, 29, tzinfo=UTC),
    "Pacific/Kiritimati": datetime(2026, 3, 31, 9, 59, tzinfo=UTC),
}


@pytest.mark.parametrize("zone", LAST_OF_MARCH)
async def test_a_month_ends_at_the_servers_midnight(till: Till, zone: str) -> None:
    await till.choose(budget_month=1000, time_zone=zone)
    last = LAST_OF_MARCH[zone]
    for amount in (500, 300, 200):
        await till.spend(amount, last)
    with pytest.raises(GuildBudgetError) as refused:
        await till.spend(1, last)

    await till.spend(500, last + timedelta(minutes=1))

    assert refused.value.sentence.params == {"again": Instant(last + timedelta(minutes=1))}
    assert await till.noted() == [("month", level) for level in (50, 80, 100, 50)]
    assert (await till.abouts())[0]["until"] == (last + timedelta(minutes=1)).isoformat()


@pytest.mark.parametrize(
    ("zone", "begins", "hours"),
    [
        ("Europe/Berlin", datetime(2026, 3, 28, 23, tzinfo=UTC), 23),
        ("Europe/Berlin", datetime(2026, 10, 24, 22, tzinfo=UTC), 25),
        ("America/New_York", datetime(2026, 3, 8, 5, tzinfo=UTC), 23),
        ("America/New_York", datetime(2026, 11, 1, 4, tzinfo=UTC), 25),
        ("Australia/Lord_Howe", datetime(2026, 4, 4, 13, tzinfo=UTC), 24.5),
        ("Asia/Beirut", datetime(2026, 3, 28, 22, tzinfo=UTC), 23),
    ],
)
async def test_a_day_on_which_clocks_change_has_its_alerts_once(
    till: Till, zone: str, begins: datetime, hours: float
) -> None:
    """The day in Beirut has no midnight: its clocks go from 0:00 to 1:00."""
    await till.choose(budget_day=100, time_zone=zone)
    ends, second = begins + hours * HOUR, timedelta(seconds=1)

    await till.spend(100, begins - second)
    for amount, at in ((50, begins), (30, begins + hours / 2 * HOUR), (20, ends - second)):
        await till.spend(amount, at)
    await till.spend(50, ends)

    assert [level for _, level in await till.noted()] == [50, 80, 100, 50, 80, 100, 50]


async def test_a_budget_that_is_lowered_below_the_spend_is_told_with_the_next_look(till: Till) -> None:
    await till.spend(300)
    await till.choose(budget_month=300)

    await till.look()
    await till.look()

    assert await till.noted() == [("month", 50), ("month", 80), ("month", 100)]


async def test_a_budget_that_is_raised_ends_once_more(till: Till) -> None:
    await till.spend(1000)
    await till.choose(budget_month=2000)
    await till.spend(1000)

    assert [level for _, level in await till.noted()] == [50, 80, 100, 100]


async def test_a_budget_that_was_lowered_while_an_order_was_made_is_told_as_it_is_now(till: Till) -> None:
    await till.spend(400)
    async with till.database.read() as tx:
        before = await guilds.get(tx, GUILD)
    await till.choose(budget_month=500)

    with pytest.raises(GuildBudgetError):
        async with alerts.alerting(till.database, before, ROOMY, 200, NOON):
            raise GuildBudgetError(again=Instant(NOON))

    assert [about["limit"] for about in await till.abouts()] == [500]


async def test_an_alert_waits_until_there_is_a_channel_to_tell_it_in(till: Till) -> None:
    await till.choose(budget_month=1000, log_channel_id=None)
    await till.spend(800)
    with pytest.raises(GuildBudgetError):
        await till.spend(300)
    assert await till.noted() == []
    await till.choose(budget_month=1000)

    await till.look()

    assert await till.noted() == [("month", 50), ("month", 80)]


async def test_another_time_zone_on_the_same_day_tells_nothing_again(till: Till) -> None:
    await till.choose(budget_day=100, budget_month=100)
    await till.spend(100)
    before = await till.noted()

    await till.choose(budget_day=100, budget_month=100, time_zone="Europe/Berlin")
    await till.look()

    assert await till.noted() == before


async def test_a_refund_takes_no_alert_back_and_makes_none_twice(till: Till) -> None:
    await till.spend(500)
    refunded = await add_reserved(till.database, job(created_at=NOON, price=300))
    await till.look()
    async with till.database.write() as tx:
        await ledger.refund(tx, refunded, NOON, "service")

    await till.spend(300)

    assert await till.noted() == [("month", 50), ("month", 80)]


async def test_a_budget_of_nothing_is_told_at_the_first_order_only(till: Till) -> None:
    await till.choose(budget_month=0)
    await till.look()
    assert await till.noted() == []

    for _ in range(2):
        with pytest.raises(GuildBudgetError):
            await till.spend(1)

    assert await till.noted() == [("month", 100)]


async def test_the_operator_is_told_of_the_process_once_a_day_however_many_are_refused(till: Till) -> None:
    till.budgets = Budgets(10**9, 100)

    async def refused(at: datetime) -> None:
        with pytest.raises(ProcessBudgetError):
            await till.spend(101, at)

    await asyncio.gather(*(refused(NOON) for _ in range(20)))
    await refused(NOON + 24 * HOUR)

    async with till.database.read() as tx:
        due = await notices.due(tx, NOON + 48 * HOUR, limit=99)
    assert [(notice.guild_id, notice.kind) for notice in due] == [(0, NoticeKind.PROCESS_BUDGET)] * 2
    assert dict(due[0].about) == {"limit": 100, "until": "2026-03-15T00:00:00+00:00"}


async def test_a_time_zone_that_is_no_more_keeps_no_alert_back(database: Database) -> None:
    till = Till(database)
    await till.choose(time_zone="Middle-earth/Shire", budget_day=1000)

    await till.spend(500)

    assert await till.noted() == [("day", 50)]
