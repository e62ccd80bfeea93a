"""Being removed from a server and let in again, as Discord tells it."""

import asyncio
from pathlib import Path

from structlog.testing import capture_logs

from bot.client.bot import ClapboardBot
from bot.domain.guild import Guild
from bot.store import guilds
from bot.store.database import Database
from cogs.presence import PresenceListener
from sandbox.discord import DiscordServer, wait_until
from tests.bot.store.records import NOW
from tests.cogs.club import Club, open_club

ELSEWHERE = 1130000000000000009


async def until_left(club: Club, guild_id: int, *, left: bool = True) -> None:
    """Wait until it is written that the bot has left a server, or that it has not."""
    for _ in range(500):
        if ((await club.ask(lambda tx: guilds.get(tx, guild_id))).left_at == NOW) is left:
            return
        await asyncio.sleep(0.02)
    raise AssertionError(guild_id)


async def test_removing_the_bot_is_noted_and_letting_it_in_again_too(club: Club) -> None:
    club.guild.remove_bot()
    await until_left(club, club.guild.id)

    club.guild.invite_bot()
    await until_left(club, club.guild.id, left=False)

    assert (await club.chosen()).choices.role_ids == {club.makers.id}


async def test_a_server_that_is_deleted_was_left(club: Club) -> None:
    club.guild.delete()

    await until_left(club, club.guild.id)


async def test_an_outage_is_no_leaving_but_being_removed_meanwhile_is(club: Club) -> None:
    club.guild.tell("GUILD_DELETE", {"id": str(club.guild.id), "unavailable": True})
    await wait_until(lambda: _is_away(club))
    assert (await club.chosen()).left_at is None

    club.guild.remove_bot()
    await until_left(club, club.guild.id)


def _is_away(club: Club) -> bool:
    guild = club.bot.get_guild(club.guild.id)
    return guild is not None and guild.unavailable


async def test_at_a_start_the_records_are_compared_with_where_the_bot_is(database: Database, tmp_path: Path) -> None:
    server = DiscordServer()
    async with database.write() as tx:
        await guilds.save(tx, Guild(ELSEWHERE), 1)

    async with open_club(server, database, tmp_path) as club:
        await until_left(club, ELSEWHERE)

        assert (await club.chosen()).left_at is None
        await wait_until(lambda: club.bot.services.presence.has_looked)


async def test_a_database_that_is_away_ends_nothing(club: Club) -> None:
    club.database.path.rename(club.database.path.with_suffix(".away"))
    with capture_logs() as logs:
        club.guild.remove_bot()
        await wait_until(lambda: any(entry["event"] == "servers not noted" for entry in logs))


def test_only_servers_of_its_own_shards_can_be_missed() -> None:
    bot = ClapboardBot(shard_count=3, shard_ids=[1])
    listener = PresenceListener.__new__(PresenceListener)
    listener._bot = bot

    assert [listener._is_ours(number << 22) for number in range(6)] == [False, True, False, False, True, False]
    listener._bot = ClapboardBot()
    assert listener._is_ours(2 << 22)
