"""Where the bot is, as the records have it."""

from datetime import timedelta

import pytest

from bot.administration.presence import Presence
from bot.domain.guild import Guild
from bot.store import guilds
from bot.store.database import Database
from tests.bot.store.records import BOB, GUILD, NOW, add, job

OTHER, THIRD = 1130000000000000009, 1130000000000000010


@pytest.fixture
async def presence(database: Database) -> Presence:
    async with database.write() as tx:
        await guilds.save(tx, Guild(GUILD), BOB)
    await add(database, job(guild_id=OTHER))
    return Presence(database, lambda: NOW)


async def left(presence: Presence) -> set[int]:
    """Of which servers it is written that the bot has left them."""
    async with presence.database.read() as tx:
        servers = [await guilds.get(tx, id_) for id_ in (GUILD, OTHER, THIRD)]
    return {guild.id for guild in servers if guild.left_at == NOW}


async def test_servers_in_the_records_that_the_bot_is_not_in_were_left(presence: Presence) -> None:
    await presence.look(frozenset({GUILD, THIRD}), lambda _: True)

    assert await left(presence) == {OTHER}
    assert presence.has_looked


async def test_servers_of_other_processes_are_left_alone(presence: Presence) -> None:
    await presence.look(frozenset(), lambda guild_id: guild_id != OTHER)

    assert await left(presence) == {GUILD}


async def test_a_server_that_is_there_again_was_not_left(presence: Presence) -> None:
    await presence.left(GUILD)
    await presence.left(OTHER)

    await presence.look(frozenset({GUILD}), lambda _: True)

    assert await left(presence) == {OTHER}


async def test_when_it_was_left_is_not_written_twice(presence: Presence) -> None:
    await presence.left(GUILD)
    presence.clock = lambda: NOW + timedelta(days=1)

    await presence.look(frozenset(), lambda _: True)

    assert await left(presence) == {GUILD}


async def test_letting_the_bot_in_ends_it_and_changes_nothing_else(presence: Presence) -> None:
    await presence.left(GUILD)

    await presence.here(GUILD)
    await presence.here(THIRD)

    assert await left(presence) == set()
    assert not presence.has_looked
