"""What an order counts against: each refusal says when it would work again."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from bot.domain.errors import RefusalError
from bot.domain.guild import Guild, GuildChoices
from bot.domain.job import AT_WORK, JobState
from bot.domain.sentence import Instant, MessageLink
from bot.domain.tier import NO_LIMIT, Tier
from bot.policy import calendar, limits
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
from bot.policy.shortfalls import GuildDayShortError, GuildShortError, MemberShortError, ProcessShortError
from bot.store import ledger
from bot.store.database import Database
from bot.store.ledger import Usage
from tests.bot.policy.askers import asker
from tests.bot.store.records import ALICE, BOB, CHANNEL, GUILD, PRICE, add_reserved, job

# The evening of 13 March in Los Angeles (UTC−7), the morning of the 14th in UTC and the afternoon in Tokyo.
A_DAY = 3
NOW = datetime(2026, 3, 14, 5, 0, tzinfo=UTC)
HOUR = timedelta(hours=1)
ROOMY = Budgets(guild_month=10**9, process_day=10**9)
UTC_GUILD = Guild(GUILD)
WEST = Guild(GUILD, GuildChoices(time_zone="America/Los_Angeles"))
EAST = Guild(GUILD, GuildChoices(time_zone="Asia/Tokyo"))


async def check(
    database: Database, who: Asker | None = None, guild: Guild = UTC_GUILD, budgets: Budgets = ROOMY, price: int = PRICE
) -> None:
    async with database.read() as tx:
        await limits.check(tx, who or asker(), guild, budgets, price, NOW)


async def spend(database: Database, times: int = 1, *, hours_ago: float = 0, **changes: object) -> None:
    """Videos that were made and delivered."""
    for _ in range(times):
        made = job(created_at=NOW - hours_ago * HOUR, **changes)
        await add_reserved(database, made, state=JobState.DELIVERED)


async def test_nothing_spent_is_no_obstacle(database: Database) -> None:
    await check(database)


@pytest.mark.parametrize(
    ("guild", "again", "hours_of_today"),
    [
        (UTC_GUILD, datetime(2026, 3, 15, 0, tzinfo=UTC), 5),
        (WEST, datetime(2026, 3, 14, 7, tzinfo=UTC), 22),
        (EAST, datetime(2026, 3, 14, 15, tzinfo=UTC), 14),
    ],
)
async def test_the_daily_limit_is_of_the_servers_day_and_says_when_the_next_begins(
    database: Database, guild: Guild, again: datetime, hours_of_today: int
) -> None:
    await spend(database, hours_ago=hours_of_today + 0.1)
    await spend(database, A_DAY - 1, hours_ago=hours_of_today)
    await check(database, guild=guild)
    await spend(database)

    with pytest.raises(DailyLimitError) as refused:
        await check(database, guild=guild)

    assert refused.value.sentence.params == {"used": 3, "count": 3, "again": Instant(again)}


async def test_what_others_made_and_what_was_made_elsewhere_does_not_count(database: Database) -> None:
    await spend(database, A_DAY, author_id=BOB)
    await spend(database, A_DAY, guild_id=GUILD + 1)

    await check(database)


async def test_a_refunded_video_can_be_made_again(database: Database) -> None:
    await spend(database, A_DAY - 1)
    failed = await add_reserved(database, job(created_at=NOW), state=JobState.FAILED)
    with pytest.raises(DailyLimitError):
        await check(database)
    async with database.write() as tx:
        await ledger.refund(tx, failed, NOW, "service")

    await check(database)


@pytest.mark.parametrize("state", sorted(AT_WORK))
async def test_a_video_at_work_is_waited_for_and_linked(database: Database, state: JobState) -> None:
    made = job(created_at=NOW, server_id=GUILD)
    await add_reserved(database, made, state=state, status_channel_id=CHANNEL, status_message_id=77)

    with pytest.raises(AtOnceError) as refused:
        await check(database)

    assert refused.value.sentence.params == {"count": 1, "videos": (MessageLink(GUILD, CHANNEL, 77),)}


async def test_a_private_video_at_work_is_linked_as_a_direct_message_and_one_without_status_named(
    database: Database,
) -> None:
    first = job(created_at=NOW - HOUR, private=True)
    await add_reserved(database, first, status_channel_id=5, status_message_id=6)
    second = await add_reserved(database, job(created_at=NOW))

    with pytest.raises(AtOnceError) as refused:
        await check(database)

    assert refused.value.sentence.params == {"count": 2, "videos": (MessageLink(None, 5, 6), f"`{second.id}`")}


async def test_what_is_not_waited_for_any_more_does_not_count_as_at_work(database: Database) -> None:
    for state in set(JobState) - AT_WORK:
        await add_reserved(database, job(created_at=NOW - 48 * HOUR), state=state)

    await check(database)


async def test_the_servers_budget_is_of_its_month_and_reached_to_the_unit(database: Database) -> None:
    await spend(database, 2, author_id=BOB)
    await spend(database, author_id=BOB, hours_ago=15 * 24)
    await spend(database, guild_id=GUILD + 1)
    await check(database, budgets=Budgets(3 * PRICE, 10**9))

    with pytest.raises(GuildBudgetError) as refused:
        await check(database, guild=WEST, budgets=Budgets(3 * PRICE - 1, 10**9))

    assert refused.value.sentence.params == {"again": Instant(datetime(2026, 4, 1, 7, tzinfo=UTC))}


async def test_the_operators_budget_is_of_the_day_in_utc_wherever_the_server_is(database: Database) -> None:
    await spend(database, 2, guild_id=GUILD + 1)
    await spend(database, guild_id=GUILD + 1, hours_ago=5.1)
    await check(database, guild=WEST, budgets=Budgets(10**9, 3 * PRICE))

    with pytest.raises(ProcessBudgetError) as refused:
        await check(database, guild=WEST, budgets=Budgets(10**9, 3 * PRICE - 1))

    assert refused.value.sentence.params == {"again": Instant(datetime(2026, 3, 15, tzinfo=UTC))}


@pytest.mark.parametrize(
    ("guild", "budgets", "used_up", "short"),
    [
        (
            Guild(GUILD, GuildChoices(tiers={GUILD: Tier(99, 99, month=2 * PRICE)})),
            ROOMY,
            MemberBudgetError,
            MemberShortError,
        ),
        (Guild(GUILD, GuildChoices(budget_day=2 * PRICE)), ROOMY, GuildDayBudgetError, GuildDayShortError),
        (Guild(GUILD, GuildChoices(budget_month=2 * PRICE)), ROOMY, GuildBudgetError, GuildShortError),
        (UTC_GUILD, Budgets(10**9, 2 * PRICE), ProcessBudgetError, ProcessShortError),
    ],
)
async def test_what_is_not_used_up_is_said_to_be_too_little_for_this_order(
    database: Database, guild: Guild, budgets: Budgets, used_up: type[RefusalError], short: type[RefusalError]
) -> None:
    await spend(database)
    with pytest.raises(RefusalError) as too_dear:
        await check(database, guild=guild, budgets=budgets, price=PRICE + 1)
    await spend(database)
    with pytest.raises(RefusalError) as over:
        await check(database, guild=guild, budgets=budgets, price=1)

    assert (type(too_dear.value), type(over.value)) == (short, used_up)


DOLLARS = Guild(GUILD, GuildChoices(tiers={GUILD: Tier(99, 99, month=2 * PRICE)}))


async def test_a_members_dollars_are_of_the_servers_month_and_reached_to_the_unit(database: Database) -> None:
    await spend(database, hours_ago=15 * 24)
    await spend(database)
    await spend(database, author_id=BOB)
    await check(database, guild=DOLLARS)
    await spend(database)

    with pytest.raises(MemberBudgetError) as refused:
        await check(database, guild=DOLLARS, price=1)

    assert refused.value.sentence.params == {"again": Instant(datetime(2026, 4, 1, tzinfo=UTC))}


async def test_what_a_manager_gives_comes_on_top_for_its_day_and_month(database: Database) -> None:
    await spend(database, A_DAY)
    with pytest.raises(DailyLimitError):
        await check(database)
    await give(database, videos=1, amount=PRICE)
    await check(database)
    await spend(database, 2)

    with pytest.raises(DailyLimitError) as refused:
        await check(database)
    assert (refused.value.sentence.params["used"], refused.value.sentence.params["count"]) == (5, A_DAY + 1)
    async with database.read() as tx:
        day, month = calendar.day(NOW, "UTC")[0], calendar.month(NOW, "UTC")[0]
        used = await ledger.usage(tx, GUILD, ALICE, day=day, month=month, process_day=day, process_month=month)
    assert used == Usage(4, 4 * PRICE, 5 * PRICE, 5 * PRICE, 5 * PRICE, 5 * PRICE)


async def test_a_gift_does_not_loosen_the_servers_budget(database: Database) -> None:
    await spend(database, 2, author_id=BOB)
    await give(database, videos=5, amount=100 * PRICE)

    with pytest.raises(GuildBudgetError):
        await check(database, budgets=Budgets(3 * PRICE - 1, 10**9))


async def give(database: Database, videos: int, amount: int) -> None:
    async with database.write() as tx:
        await ledger.grant(tx, ledger.Gift("gift000000", GUILD, ALICE, BOB, videos, amount, "a prize"), NOW)


@pytest.mark.parametrize(
    ("chosen", "cap", "refusal"),
    [
        ({}, 3, None),
        ({}, 2, GuildBudgetError),
        ({"budget_month": 3 * PRICE}, 9, None),
        ({"budget_month": 3 * PRICE - 1}, 9, GuildBudgetError),
        ({"budget_month": 9 * PRICE}, 2, GuildBudgetError),
        ({"budget_day": 2 * PRICE}, 9, None),
        ({"budget_day": 2 * PRICE - 1}, 9, GuildDayBudgetError),
        ({"budget_day": 0}, 9, GuildDayBudgetError),
        ({"budget_month": 0}, 9, GuildBudgetError),
    ],
)
async def test_a_servers_own_budget_lowers_the_operators_cap_and_never_lifts_it(
    database: Database, chosen: dict[str, int], cap: int, refusal: type[RefusalError] | None
) -> None:
    await spend(database, author_id=BOB, hours_ago=5.1)
    await spend(database, author_id=BOB)
    guild, budgets = Guild(GUILD, GuildChoices(**chosen)), Budgets(cap * PRICE, 10**9)  # type: ignore[arg-type]

    if refusal is None:
        await check(database, guild=guild, budgets=budgets)
        return
    with pytest.raises(refusal):
        await check(database, guild=guild, budgets=budgets)


async def test_another_time_zone_gives_a_server_no_second_month_of_the_operators(database: Database) -> None:
    now, cap = datetime(2026, 3, 31, 23, 30, tzinfo=UTC), Budgets(2 * PRICE, 10**9)
    zones = ["Pacific/Kiritimati", "Asia/Tokyo", "Europe/Paris", "Etc/GMT+12"]
    await add_reserved(database, job(created_at=now - 8 * HOUR, author_id=BOB), state=JobState.DELIVERED)
    await add_reserved(database, job(created_at=now - 2 * HOUR, author_id=BOB), state=JobState.DELIVERED)

    for zone in zones:
        async with database.read() as tx:
            with pytest.raises(GuildBudgetError):
                await limits.check(tx, asker(), Guild(GUILD, GuildChoices(time_zone=zone)), cap, PRICE, now)
    async with database.read() as tx:
        await limits.check(tx, asker(), UTC_GUILD, cap, PRICE, now + HOUR)


async def test_a_servers_day_ends_at_its_own_midnight_also_on_the_day_of_23_hours(database: Database) -> None:
    # In Berlin 29 March 2026 has 23 hours: from 23:00 UTC of the 28th to 22:00 UTC of the 29th.
    berlin = Guild(GUILD, GuildChoices(time_zone="Europe/Berlin", budget_day=PRICE))
    noon = datetime(2026, 3, 29, 12, tzinfo=UTC)
    await add_reserved(database, job(created_at=noon, author_id=BOB), state=JobState.DELIVERED)

    async with database.read() as tx:
        for moment, again in ((noon, 22), (datetime(2026, 3, 29, 21, 59, tzinfo=UTC), 22)):
            with pytest.raises(GuildDayBudgetError) as refused:
                await limits.check(tx, asker(), berlin, ROOMY, PRICE, moment)
            assert refused.value.sentence.params == {"again": Instant(datetime(2026, 3, 29, again, tzinfo=UTC))}
        await limits.check(tx, asker(), berlin, ROOMY, PRICE, datetime(2026, 3, 29, 22, tzinfo=UTC))


async def test_managers_count_like_everybody(database: Database) -> None:
    await spend(database, A_DAY)

    with pytest.raises(DailyLimitError):
        await check(database, asker(manages=True))


async def test_direct_messages_count_for_themselves(database: Database) -> None:
    await spend(database, A_DAY)

    await check(database, asker(guild_id=None))
    await check(database, asker(guild_id=None), budgets=replace(ROOMY, guild_month=PRICE - 1))
    with pytest.raises(ProcessBudgetError):
        await check(database, asker(guild_id=None), budgets=replace(ROOMY, process_day=PRICE * 4 - 1))


async def test_where_no_server_pays_a_member_has_the_same_limits(database: Database) -> None:
    await add_reserved(database, job(created_at=NOW, guild_id=None), state=JobState.RENDERING)
    with pytest.raises(AtOnceError):
        await check(database, asker(guild_id=None))
    await spend(database, A_DAY - 1, guild_id=None)
    with pytest.raises(DailyLimitError):
        await check(database, asker(guild_id=None))

    await check(database, asker(guild_id=None, user_id=BOB))


async def test_the_videos_left_are_those_of_the_author_and_never_below_none(database: Database) -> None:
    one = job(author_id=ALICE, created_at=NOW)
    left = []
    for _ in range(5):
        async with database.read() as tx:
            left.append(await limits.videos_left(tx, one, UTC_GUILD, NOW))
        await spend(database)

    assert left == [3, 2, 1, 0, 0]


async def test_the_videos_left_are_counted_by_the_limit_that_held_when_it_was_ordered(database: Database) -> None:
    await spend(database)

    async with database.read() as tx:
        seven = await limits.videos_left(tx, job(videos_a_day=7), UTC_GUILD, NOW)
        endless = await limits.videos_left(tx, job(videos_a_day=NO_LIMIT), UTC_GUILD, NOW)

    assert (seven, endless) == (6, None)
