"""Saved characters: who may use which, found by name, taken back at any time."""

from dataclasses import replace
from decimal import Decimal

import pytest

from bot.domain.character import Character, Sharing
from bot.store import characters
from bot.store.database import Database
from tests.bot.store.records import ALICE, BOB, GUILD, NOW, ask

ROLE, OTHER_ROLE, OTHER_GUILD = 71, 72, GUILD + 9
FOX = Character("f0x0000000", ALICE, GUILD, "Fox", "ab.mp4", Decimal("2.5"), NOW, NOW)


async def add(database: Database, character: Character) -> bool:
    async with database.write() as tx:
        return await characters.add(tx, character)


async def names(database: Database, user: int, guild: int | None, roles: frozenset[int], typed: str = "") -> list[str]:
    found = await ask(database, lambda tx: characters.usable(tx, user, guild, roles, typed=typed))
    return [character.name for character in found]


async def test_a_character_comes_back_as_it_was_written(database: Database) -> None:
    shared = replace(FOX, sharing=Sharing.CHOSEN, user_ids=frozenset({BOB}), role_ids=frozenset({ROLE}))

    assert await add(database, shared)

    assert await ask(database, lambda tx: characters.get(tx, FOX.id)) == shared
    assert await ask(database, lambda tx: characters.owned(tx, ALICE)) == [shared]


async def test_two_of_one_owner_have_two_names_whatever_their_case_and_width(database: Database) -> None:
    await add(database, FOX)

    assert not await add(database, replace(FOX, id="f0x0000001", name="ＦＯＸ "))
    assert await add(database, replace(FOX, id="f0x0000002", owner_id=BOB))


@pytest.mark.parametrize(
    ("sharing", "user", "guild", "roles", "may"),
    [
        (Sharing.ME, ALICE, OTHER_GUILD, frozenset(), True),
        (Sharing.ME, BOB, GUILD, frozenset({ROLE}), False),
        (Sharing.CHOSEN, BOB, GUILD, frozenset({ROLE}), True),
        (Sharing.CHOSEN, BOB, GUILD, frozenset({OTHER_ROLE}), False),
        (Sharing.CHOSEN, BOB + 1, GUILD, frozenset(), True),
        (Sharing.CHOSEN, BOB, OTHER_GUILD, frozenset({ROLE}), False),
        (Sharing.EVERYONE, BOB, GUILD, frozenset(), True),
        (Sharing.EVERYONE, BOB, OTHER_GUILD, frozenset(), False),
        (Sharing.EVERYONE, BOB, None, frozenset(), False),
    ],
)
async def test_a_character_is_offered_to_whom_it_may_be_used_by(
    database: Database, sharing: Sharing, user: int, guild: int | None, roles: frozenset[int], may: bool
) -> None:
    fox = replace(FOX, sharing=sharing, user_ids=frozenset({BOB + 1}), role_ids=frozenset({ROLE}))
    await add(database, fox)

    assert await names(database, user, guild, roles) == ["Fox"] * may
    assert fox.may_use(user, guild, roles) is may


async def test_names_are_found_by_any_part_one_s_own_first(database: Database) -> None:
    await add(database, replace(FOX, id="a000000000", owner_id=BOB, name="Arctic fox", sharing=Sharing.EVERYONE))
    await add(database, replace(FOX, id="b000000000", name="Red Fox"))
    await add(database, replace(FOX, id="c000000000", name="Owl"))

    assert await names(database, ALICE, GUILD, frozenset(), typed=" FOX") == ["Red Fox", "Arctic fox"]
    assert await names(database, ALICE, GUILD, frozenset(), typed="%") == []


async def test_sharing_is_taken_back(database: Database) -> None:
    await add(database, replace(FOX, sharing=Sharing.CHOSEN, user_ids=frozenset({BOB})))

    async with database.write() as tx:
        await characters.share(tx, replace(FOX, sharing=Sharing.CHOSEN, user_ids=frozenset()))

    assert await names(database, BOB, GUILD, frozenset()) == []


async def test_a_removed_character_is_gone_with_what_was_granted(database: Database) -> None:
    shared = replace(FOX, sharing=Sharing.CHOSEN, user_ids=frozenset({BOB}))
    await add(database, shared)

    async with database.write() as tx:
        await characters.remove(tx, FOX.id)

    assert await ask(database, lambda tx: characters.get(tx, FOX.id)) is None
    await add(database, replace(FOX, sharing=Sharing.CHOSEN))
    assert await names(database, BOB, GUILD, frozenset()) == []
