"""Budgets as the service keeps them: never above the operator's cap, and for managers only."""

import pytest

from bot.administration.budget import AboveCapError, Budgeting, EverybodyAlertedError
from bot.domain.guild import Guild, GuildChoices
from bot.domain.sentence import Money
from bot.domain.tier import NO_LIMIT
from bot.policy.asker import Asker
from bot.policy.errors import ManagersOnlyError
from bot.policy.limits import Budgets
from bot.store import acts, guilds
from bot.store.database import Database
from tests.bot.policy.askers import ROLE, asker
from tests.bot.store.records import BOB, GUILD, NOW, add_reserved, job

MANAGER = asker(manages=True)


@pytest.fixture
def budgeting(database: Database) -> Budgeting:
    return Budgeting(database, lambda: NOW, Budgets(200_000, 100_000))


async def test_spent_is_what_the_servers_members_have_reserved(budgeting: Budgeting) -> None:
    await add_reserved(budgeting.database)
    await add_reserved(budgeting.database, job(author_id=BOB))
    await add_reserved(budgeting.database, job(guild_id=GUILD + 1))

    funds = await budgeting.current(MANAGER)

    assert (funds.cap, funds.today.amount, funds.this_month.amount) == (200_000, 3_000, 3_000)
    assert (funds.today.limit, funds.this_month.limit) == (None, 200_000)


async def test_a_choice_above_a_cap_that_the_operator_has_lowered_since_does_not_hold(budgeting: Budgeting) -> None:
    async with budgeting.database.write() as tx:
        await guilds.save(tx, Guild(GUILD, GuildChoices(budget_month=500_000)), 1)

    funds = await budgeting.current(MANAGER)

    assert (funds.this_month.limit, funds.cap) == (200_000, 200_000)


@pytest.mark.parametrize(("day", "month"), [(200_001, None), (None, 200_001)])
async def test_what_is_above_the_cap_is_refused_and_names_it(
    budgeting: Budgeting, day: int | None, month: int | None
) -> None:
    with pytest.raises(AboveCapError) as refused:
        await budgeting.limit(MANAGER, day, month)

    assert refused.value.sentence.params == {"cap": Money(200_000), "amount": Money(200_001)}
    assert (await budgeting.current(MANAGER)).guild.choices == GuildChoices()


async def test_the_cap_itself_and_no_limit_can_be_chosen(budgeting: Budgeting) -> None:
    funds = await budgeting.limit(MANAGER, NO_LIMIT, 200_000)

    assert (funds.guild.choices.budget_day, funds.guild.choices.budget_month) == (None, 200_000)


@pytest.mark.parametrize(
    "who", [asker(), asker(moderates=True), asker(operates=True), asker(manages=True, guild_id=None)]
)
async def test_the_right_to_manage_is_looked_at_each_time(budgeting: Budgeting, who: Asker) -> None:
    for attempt in (budgeting.current(who), budgeting.limit(who, 1, 1), budgeting.alert(who, ROLE)):
        with pytest.raises(ManagersOnlyError):
            await attempt

    assert (await budgeting.current(MANAGER)).guild.choices == GuildChoices()
    async with budgeting.database.read() as tx:
        assert await acts.count(tx, GUILD) == 0


async def test_everyone_cannot_be_the_role_of_alerts(budgeting: Budgeting) -> None:
    with pytest.raises(EverybodyAlertedError):
        await budgeting.alert(MANAGER, GUILD)
