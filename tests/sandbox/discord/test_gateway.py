"""The gateway as shards meet it: identify, resume, invalid sessions, several processes after another."""

import asyncio

import discord
import pytest

from sandbox.discord import DiscordServer, wait_until
from sandbox.discord.sessions import Session
from tests.sandbox.discord.conftest import wire_faults
from tests.sandbox.discord.studio import Studio, StudioBot, addressed_to, open_studio


def the_session(studio: Studio) -> Session:
    [session] = studio.server.gateway.sessions.values()
    return session


async def test_the_bot_learns_its_guilds_with_channels_roles_and_threads(studio: Studio) -> None:
    await studio.bot.wait_until_ready()

    guild = studio.bot.get_guild(studio.guild.id)

    assert guild is not None
    assert {channel.name for channel in guild.channels} == {"videos"}
    assert {role.name for role in guild.roles} == {"@everyone", "clapboard", "makers"}
    assert guild.me.id == studio.server.world.application.bot.id


async def test_what_changes_while_the_bot_runs_is_told_to_it(studio: Studio) -> None:
    await studio.bot.wait_until_ready()
    guild = studio.bot.get_guild(studio.guild.id)
    assert guild is not None

    channel = studio.guild.add_channel("new")
    thread = studio.guild.add_thread("clips", channel)
    await wait_until(lambda: guild.get_thread(thread.id) is not None)
    studio.role.rename("directors")
    await wait_until(lambda: "directors" in {role.name for role in guild.roles})
    channel.delete()
    studio.role.delete()
    await wait_until(lambda: guild.get_channel(channel.id) is None and guild.get_role(studio.role.id) is None)
    studio.guild.delete()
    await wait_until(lambda: studio.bot.get_guild(studio.guild.id) is None)

    assert guild.get_thread(thread.id) is None


async def test_a_dropped_connection_is_resumed_and_what_was_missed_is_replayed(studio: Studio) -> None:
    await studio.bot.wait_until_ready()
    ada = studio.server.person(studio.ada)
    gateway = studio.server.gateway
    gateway.drop()
    studio.guild.add_channel("meanwhile")

    await wait_until(lambda: studio.bot.resumes == 1)

    guild = studio.bot.get_guild(studio.guild.id)
    assert guild is not None
    assert "meanwhile" in {channel.name for channel in guild.channels}
    assert gateway.identified == 1
    assert (await ada.invoke("say", {"text": "back"}, channel=studio.channel)).text == "back (calm)"


async def test_a_client_that_is_asked_to_reconnect_resumes(studio: Studio) -> None:
    session = the_session(studio)

    studio.server.gateway.ask_to_reconnect()
    await wait_until(lambda: studio.server.gateway.resumed == 1)

    assert the_session(studio) is session


@pytest.mark.parametrize("resumable", [False, True])
async def test_an_invalid_session_is_identified_afresh_unless_it_may_be_resumed(
    studio: Studio, *, resumable: bool
) -> None:
    gateway = studio.server.gateway

    gateway.invalidate(resumable=resumable)
    await wait_until(lambda: gateway.identified + gateway.resumed == 2)
    await studio.server.connected()

    assert (gateway.identified, gateway.resumed) == ((1, 1) if resumable else (2, 0))
    ada = studio.server.person(studio.ada)
    assert (await ada.invoke("say", {"text": "x"}, channel=studio.channel)).text == "x (calm)"


async def test_heartbeats_are_acknowledged(studio: Studio) -> None:
    await wait_until(lambda: studio.bot.latency < 60)

    assert studio.server.gateway.heartbeats >= 1


async def test_guilds_are_split_over_the_shards() -> None:
    server = DiscordServer()
    server.gateway.shards = 2
    other = server.world.add_guild("Other")
    async with open_studio(server) as studio:
        channels = [studio.channel, other.add_channel("here")]
        members = [studio.ada, other.add_member("bob")]
        for channel, member in zip(channels, members, strict=True):
            answer = await server.person(member).invoke("say", {"text": "x"}, channel=channel)
            assert answer.text == "x (calm)"
        await studio.bot.wait_until_ready()
        shards = {guild.id: guild.shard_id for guild in studio.bot.guilds}

    assert shards == {guild.id: (guild.id >> 22) % 2 for guild in (studio.guild, other)}
    assert set(shards.values()) == {0, 1}
    assert wire_faults(server) == []


async def test_a_wrong_token_is_refused() -> None:
    async with DiscordServer() as server, addressed_to(server), StudioBot() as bot:
        with pytest.raises(discord.LoginFailure):
            await bot.start("wrong")

    assert wire_faults(server) == []


async def test_a_token_that_stops_being_valid_closes_the_socket_with_4004(studio: Studio) -> None:
    async with studio.bot.http._HTTPClient__session.ws_connect(studio.server.gateway.url) as socket:  # type: ignore[attr-defined]
        await socket.receive_json()
        await socket.send_json({"op": 2, "d": {"token": "wrong", "intents": 1, "properties": {}}})
        await socket.receive()

    assert socket.close_code == 4004


async def test_a_second_process_of_the_bot_takes_over_from_one_that_died(studio: Studio) -> None:
    ada = studio.server.person(studio.ada)
    panel = (await ada.invoke("panel", channel=studio.channel)).reply
    await studio.bot.close()

    async with StudioBot() as second:
        running = asyncio.create_task(second.start(studio.server.token))
        await wait_until(lambda: studio.server.gateway.identified == 2)
        answer = await ada.invoke("say", {"text": "back"}, channel=studio.channel)
        await second.close()
        await running

    assert answer.text == "back (calm)"
    assert panel in studio.channel.history


async def test_a_server_that_was_stopped_can_be_started_again_with_the_same_world() -> None:
    server = DiscordServer()
    async with open_studio(server) as first:
        ada = server.person(first.ada)
        panel = (await ada.invoke("panel", channel=first.channel)).reply

    async with server, addressed_to(server), StudioBot() as second:
        running = asyncio.create_task(second.start(server.token))
        await server.connected()
        read = await second.get_partial_messageable(first.channel.id).fetch_message(panel.id)
        await second.close()
        await running

    assert read.content == "running"
