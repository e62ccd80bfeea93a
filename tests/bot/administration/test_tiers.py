"""Limits by role as the service keeps them: who may change them, and what else a change changes."""

from dataclasses import replace

import pytest

from bot.administration.tiers import MOST_TIERS, EverybodyDeniedError, Tiers, TooManyTiersError
from bot.domain.guild import Guild, GuildChoices
from bot.domain.tier import Tier
from bot.policy.asker import Asker
from bot.policy.errors import ManagersOnlyError
from bot.store import acts, guilds
from bot.store.database import Database
from tests.bot.policy.askers import OTHER_ROLE, ROLE, asker
from tests.bot.store.records import GUILD, NOW

MANAGER = asker(manages=True)


@pytest.fixture
def tiers(database: Database) -> Tiers:
    return Tiers(database, lambda: NOW)


async def chosen(tiers: Tiers) -> GuildChoices:
    async with tiers.database.read() as tx:
        return (await guilds.get(tx, GUILD)).choices


async def choose(tiers: Tiers, choices: GuildChoices) -> None:
    async with tiers.database.write() as tx:
        await guilds.save(tx, Guild(GUILD, choices), 1)


def five(_tier: Tier) -> Tier:
    return Tier(videos_a_day=5)


async def test_a_role_that_gets_limits_may_order_and_that_is_told_once(tiers: Tiers) -> None:
    assert (await tiers.limit(MANAGER, ROLE, five)).newly_allowed
    assert not (await tiers.limit(MANAGER, ROLE, lambda tier: tier)).newly_allowed

    assert await chosen(tiers) == GuildChoices(tiers={ROLE: Tier(videos_a_day=5)}, role_ids=frozenset({ROLE}))


async def test_where_everyone_may_order_a_role_with_limits_is_not_added(tiers: Tiers) -> None:
    await choose(tiers, GuildChoices(role_ids=frozenset({GUILD})))

    assert not (await tiers.limit(MANAGER, ROLE, five)).newly_allowed
    assert (await chosen(tiers)).role_ids == {GUILD}


async def test_the_operators_default_roles_go_on_being_allowed_to_order(tiers: Tiers) -> None:
    tiers = replace(tiers, default_roles=frozenset({OTHER_ROLE}))

    assert not (await tiers.limit(MANAGER, OTHER_ROLE, five)).newly_allowed
    assert (await chosen(tiers)).role_ids == frozenset()
    assert (await tiers.limit(MANAGER, ROLE, five)).newly_allowed
    assert (await chosen(tiers)).role_ids == {ROLE, OTHER_ROLE}


async def test_everyones_limits_let_nobody_order_who_might_not(tiers: Tiers) -> None:
    assert not (await tiers.limit(MANAGER, GUILD, five)).newly_allowed
    assert (await chosen(tiers)).role_ids == frozenset()


async def test_fifty_roles_have_limits_besides_everyone_and_can_still_be_changed(tiers: Tiers) -> None:
    await choose(tiers, GuildChoices(tiers={id_: Tier() for id_ in range(1, MOST_TIERS + 1)}))

    await tiers.limit(MANAGER, GUILD, five)
    await tiers.limit(MANAGER, 1, five)
    with pytest.raises(TooManyTiersError):
        await tiers.limit(MANAGER, ROLE, five)

    assert len((await chosen(tiers)).tiers) == MOST_TIERS + 1


async def test_only_a_deleted_role_is_forgotten_altogether(tiers: Tiers) -> None:
    both = frozenset({ROLE, OTHER_ROLE})
    await choose(tiers, GuildChoices(role_ids=both, denied_role_ids=both, tiers={ROLE: Tier(), OTHER_ROLE: Tier()}))

    await tiers.remove(MANAGER, ROLE)
    await tiers.remove(MANAGER, OTHER_ROLE, deleted=True)

    left = frozenset({ROLE})
    assert await chosen(tiers) == GuildChoices(role_ids=left, denied_role_ids=left)


@pytest.mark.parametrize(
    "who", [asker(), asker(moderates=True), asker(operates=True), asker(manages=True, guild_id=None)]
)
async def test_the_right_to_manage_is_looked_at_each_time(tiers: Tiers, who: Asker) -> None:
    await tiers.limit(MANAGER, ROLE, five)
    before = await chosen(tiers)

    for attempt in (
        tiers.current(who),
        tiers.limit(who, ROLE, lambda _: Tier()),
        tiers.remove(who, ROLE),
        tiers.deny(who, frozenset({ROLE})),
    ):
        with pytest.raises(ManagersOnlyError):
            await attempt

    assert await chosen(tiers) == before
    async with tiers.database.read() as tx:
        assert await acts.count(tx, GUILD) == 1


async def test_a_refused_change_is_not_recorded(tiers: Tiers) -> None:
    with pytest.raises(EverybodyDeniedError):
        await tiers.deny(MANAGER, frozenset({ROLE, GUILD}))

    async with tiers.database.read() as tx:
        assert await acts.count(tx, GUILD) == 0
