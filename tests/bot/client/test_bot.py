"""The bot's life: login, connection, watchdog, end."""

import asyncio
import time
from contextlib import suppress

import discord
import pytest
from aiohttp import web
from discord.gateway import DiscordWebSocket
from discord.http import Route
from structlog.testing import capture_logs

from bot.client.api import DISCORD_API, use_api
from bot.client.bot import ClapboardBot
from bot.client.session import ConnectionEndedError, GatewayAwayError, LoginRefusedError, SessionError
from sandbox.discord import DiscordServer, wait_until
from sandbox.stops import Stage as Point
from tests.bot.client.stage import SERVICES, Notebook, answering, library_as_before, living, no_commands, open_stage


def a_bot(*, away_seconds: float = 60.0, operator_ids: frozenset[int] = frozenset()) -> ClapboardBot:
    bot = ClapboardBot(away_seconds=away_seconds, watch_seconds=0.02, operator_ids=operator_ids)
    bot.serve(SERVICES, Notebook(), no_commands)
    return bot


async def ended(life: "asyncio.Task[None]") -> SessionError:
    """How a bot's life ended, which it must."""
    await asyncio.wait({life}, timeout=60)
    assert life.done()
    error = life.exception()
    assert isinstance(error, SessionError)
    return error


async def test_a_wrong_token_ends_the_bot_with_a_sentence_that_names_the_setting() -> None:
    async with DiscordServer() as server:
        with library_as_before():
            await use_api(server.api_url, server.token)
            with pytest.raises(LoginRefusedError, match="DISCORD_TOKEN") as told:
                await a_bot().live("wrong-token")

    assert "wrong-token" not in str(told.value)


async def test_a_discord_that_does_not_answer_ends_the_bot() -> None:
    server = DiscordServer()
    await server.start()
    with library_as_before():
        await use_api(server.api_url, server.token)
        await server.stop()
        with pytest.raises(ConnectionEndedError, match="can't be reached"):
            await a_bot().live(server.token)


async def test_a_login_that_discord_fails_at_ends_the_bot() -> None:
    async with DiscordServer() as server:
        server.stops.at(Point.RECEIVED, "GET", ".*/users/@me", answering(503, "down"))
        async with living(server, a_bot()) as life:
            assert "503" in str(await ended(life))


async def test_a_gateway_that_refuses_every_handshake_ends_the_bot_after_a_while() -> None:
    async with DiscordServer() as server:
        server.gateway.refusing = True
        async with living(server, a_bot(away_seconds=0.2)) as life:
            assert isinstance(await ended(life), GatewayAwayError)


async def test_a_gateway_that_stays_away_ends_the_bot() -> None:
    async with DiscordServer() as server, living(server, a_bot(away_seconds=0.3)) as life:
        await server.connected()
        await asyncio.sleep(0.4)
        assert not life.done()

        server.gateway.refusing = True
        server.gateway.drop()

        assert isinstance(await ended(life), GatewayAwayError)


async def test_a_gateway_that_comes_back_is_no_end() -> None:
    async with DiscordServer() as server:
        bot = a_bot(away_seconds=0.5)
        async with living(server, bot) as life:
            await server.connected()
            server.gateway.ask_to_reconnect()
            await wait_until(lambda: server.gateway.resumed == 1)
            await asyncio.sleep(0.6)

            assert not life.done()


async def test_a_token_that_is_revoked_while_connected_ends_the_bot() -> None:
    async with DiscordServer() as server, living(server, a_bot()) as life:
        await server.connected()
        server.gateway.close_all(4004)

        assert isinstance(await ended(life), LoginRefusedError)


@pytest.mark.parametrize(("code", "told"), [(4011, "SHARD_COUNT"), (4013, "4013")])
async def test_a_connection_that_discord_closes_for_good_ends_the_bot(code: int, told: str) -> None:
    async with DiscordServer() as server, living(server, a_bot()) as life:
        await server.connected()
        server.gateway.close_all(code)

        assert told in str(await ended(life))


async def test_closing_ends_its_life_without_an_error() -> None:
    async with DiscordServer() as server:
        bot = a_bot()
        async with living(server, bot) as life:
            await server.connected()
            await bot.close()
            await asyncio.wait_for(life, 60)

    assert not bot.within_reach


@pytest.mark.parametrize("path", [".*/users/@me", ".*/gateway/bot"])
async def test_closing_while_it_logs_in_or_connects_is_no_error(path: str) -> None:
    async with DiscordServer() as server:
        reached = asyncio.Event()

        async def stall(_request: object) -> None:
            reached.set()
            await asyncio.sleep(0.1)

        with library_as_before():
            await use_api(server.api_url, server.token)
            server.stops.at(Point.RECEIVED, "GET", path, stall)
            bot = a_bot()
            life = asyncio.create_task(bot.live(server.token))
            await reached.wait()
            await bot.close()
            await asyncio.wait_for(life, 60)


async def test_closing_works_while_the_gateway_still_refuses() -> None:
    async with DiscordServer() as server:
        server.gateway.refusing = True
        bot = a_bot()
        async with living(server, bot) as life:
            await wait_until(lambda: any(exchange.path.endswith("/bot") for exchange in server.exchanges.recorded[1:]))
            await bot.close()
            began = time.monotonic()
            await asyncio.wait_for(life, 60)

    assert time.monotonic() - began < 1


async def test_closing_works_when_the_library_swallows_that_it_shall_stop_connecting() -> None:
    begun = asyncio.Event()

    class Deaf(ClapboardBot):
        async def connect(self, *, reconnect: bool = True) -> None:
            begun.set()
            with suppress(asyncio.CancelledError):
                await asyncio.sleep(600)
            await asyncio.sleep(600)

    async with DiscordServer() as server:
        bot = Deaf()
        bot.serve(SERVICES, Notebook(), no_commands)
        async with living(server, bot) as life:
            await begun.wait()
            await bot.close()
            await asyncio.wait_for(life, 60)

    assert bot.is_closed()


async def test_whoever_waits_for_the_end_may_stop_waiting() -> None:
    async with DiscordServer() as server:
        bot = a_bot()
        async with living(server, bot) as life:
            await server.connected()
            life.cancel()
            await asyncio.wait({life}, timeout=60)

            assert life.cancelled()
            assert bot.is_closed()


async def test_the_bot_asks_for_no_intent_but_guilds_and_keeps_no_members_or_messages() -> None:
    async with open_stage(a_bot()) as stage:
        session = next(iter(stage.server.gateway.sessions.values()))
        assert session.intents == discord.Intents(guilds=True).value
        await wait_until(lambda: stage.bot.get_guild(stage.guild.id) is not None)
        guild = stage.bot.get_guild(stage.guild.id)
        assert guild is not None
        assert guild.get_member(stage.member.id) is None
        assert not stage.bot.cached_messages


async def test_its_services_are_those_it_was_given() -> None:
    bot = ClapboardBot()
    with pytest.raises(RuntimeError, match="serve"):
        _ = bot.services

    bot.serve(SERVICES, Notebook(), no_commands)

    assert bot.services is SERVICES


async def test_a_bot_that_was_not_served_is_a_mistake_in_the_program() -> None:
    async with DiscordServer() as server:
        with library_as_before():
            await use_api(server.api_url, server.token)
            with pytest.raises(RuntimeError, match="serve"):
                await ClapboardBot().live(server.token)


async def test_the_owner_of_the_application_operates_the_bot() -> None:
    async with open_stage(a_bot()) as stage:
        assert stage.bot.operators == {stage.server.world.owner.id}


async def test_operators_that_are_set_go_before_the_owner() -> None:
    async with open_stage(a_bot(operator_ids=frozenset({7}))) as stage:
        assert stage.bot.operators == {7}


async def test_of_a_team_those_operate_the_bot_who_have_accepted_and_may_change_it() -> None:
    async with DiscordServer() as server:
        world = server.world
        people = {name: world.add_user(name) for name in ("head", "developer", "reader", "invited")}
        roles = {"reader": "read_only"}
        members = [
            {
                "user": user.payload(),
                "team_id": "5",
                "membership_state": 1 if name == "invited" else 2,
                "role": roles.get(name, "developer"),
                "permissions": ["*"],
            }
            for name, user in people.items()
        ]
        team = {"id": "5", "name": "Team", "icon": None, "owner_user_id": str(people["head"].id), "members": members}
        payload = world.application.payload(0) | {"team": team}
        server.stops.at(Point.RECEIVED, "GET", ".*/applications/@me", answering(200, payload))
        bot = a_bot()
        async with living(server, bot):
            await server.connected()

        assert bot.operators == {people["head"].id, people["developer"].id}


async def test_the_api_address_moves_rest_and_gateway_alike() -> None:
    async with DiscordServer() as server:
        with library_as_before():
            await use_api(server.api_url, server.token)

            assert server.api_url == Route.BASE
            assert str(DiscordWebSocket.DEFAULT_GATEWAY) == server.gateway.url


async def test_for_discords_own_address_nothing_is_asked_or_moved() -> None:
    with library_as_before():
        before = Route.BASE, DiscordWebSocket.DEFAULT_GATEWAY
        await use_api(DISCORD_API, "token")

        assert before == (Route.BASE, DiscordWebSocket.DEFAULT_GATEWAY)


async def test_with_a_number_of_shards_the_gateway_is_the_apis_too() -> None:
    async with DiscordServer() as server:
        server.gateway.shards = 2
        bot = ClapboardBot(shard_count=2, shard_ids=(1,))
        bot.serve(SERVICES, Notebook(), no_commands)
        async with living(server, bot):
            await wait_until(lambda: server.gateway.connected_shards == {1})


@pytest.mark.parametrize(
    ("status", "body", "told"),
    [
        (401, {"code": 0, "message": "401: Unauthorized"}, "DISCORD_TOKEN"),
        (404, "no such page", r"^DISCORD_API_URL answered with status 404\.$"),
        (502, "bad gateway", r"^DISCORD_API_URL answered with status 502\.$"),
        (200, {"no": "url"}, "names no gateway"),
        (200, ["wss://gateway"], "names no gateway"),
        (200, "<html>", r"^DISCORD_API_URL does not answer as Discord does\.$"),
    ],
)
async def test_an_api_that_is_no_discord_is_told_in_one_sentence(status: int, body: object, told: str) -> None:
    async with DiscordServer() as server:

        async def answer(_request: web.Request) -> web.StreamResponse:
            return (
                web.Response(text=body, status=status)
                if isinstance(body, str)
                else web.json_response(body, status=status)
            )

        server.stops.at(Point.RECEIVED, "GET", ".*/gateway/bot", answer)
        with library_as_before(), pytest.raises(SessionError, match=told):
            await use_api(server.api_url, server.token)


async def test_an_api_that_is_not_there_is_told_in_one_sentence() -> None:
    server = DiscordServer()
    await server.start()
    await server.stop()

    with library_as_before(), pytest.raises(SessionError, match=r"^DISCORD_API_URL can't be reached\.$"):
        await use_api(server.api_url, server.token)


@pytest.mark.parametrize("code", [10004, 50001])
async def test_commands_for_a_server_that_the_bot_is_not_in_end_it_with_a_sentence(code: int) -> None:
    async with DiscordServer() as server:
        refuse = answering(404 if code == 10004 else 403, {"message": "no", "code": code})
        server.stops.at(Point.RECEIVED, "PUT", ".*/guilds/5/commands", refuse, times=2)
        for command in ("live", "register"):
            bot = ClapboardBot(guild_id=5)
            bot.serve(SERVICES, Notebook(), no_commands)
            with library_as_before():
                await use_api(server.api_url, server.token)
                with pytest.raises(SessionError, match=r"^DISCORD_GUILD_ID: the bot is not in that server\.$"):
                    await getattr(bot, command)(server.token)


async def test_the_first_connection_is_logged_once_and_nothing_of_voice(caplog: pytest.LogCaptureFixture) -> None:
    with capture_logs() as logged:
        async with open_stage(a_bot()) as stage:
            await wait_until(lambda: any(entry["event"] == "ready" for entry in logged))
            stage.server.gateway.invalidate()
            await wait_until(lambda: stage.server.gateway.identified == 2)
            await wait_until(lambda: bool(stage.server.gateway.connected_shards))
            await asyncio.sleep(0.1)

    ready = [entry for entry in logged if entry["event"] == "ready"]
    name = stage.server.world.application.bot.name
    assert [(entry["bot"].split("#")[0], entry["servers"]) for entry in ready] == [(name, 1)]
    assert [record.message for record in caplog.records if "not installed" in record.message] == []
