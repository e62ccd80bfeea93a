"""Commands are registered when they changed, and only then."""

import logging
from typing import Any

import discord
import pytest
from discord import app_commands

from bot.client.api import use_api
from bot.client.bot import ClapboardBot
from bot.client.session import ConnectionEndedError
from sandbox.discord import DiscordServer
from sandbox.stops import Stage as Point
from tests.bot.client.stage import SERVICES, AddCommands, Notebook, answering, library_as_before, living

Interaction = discord.Interaction[Any]


@app_commands.command(description="Make a video")
async def video(
    interaction: Interaction,
    prompt: str,
    image: discord.Attachment | None = None,
    clip: discord.Attachment | None = None,
    other: discord.Attachment | None = None,
) -> None:
    """Options as the real command has them."""


@app_commands.command(description="Keep a character")
async def new(interaction: Interaction, clip: discord.Attachment) -> None:
    """A subcommand with a clip."""


async def one(bot: ClapboardBot) -> None:
    bot.tree.add_command(video)


async def two(bot: ClapboardBot) -> None:
    await one(bot)
    group = app_commands.Group(name="character", description="Characters")
    group.add_command(new)
    bot.tree.add_command(group)


def puts(server: DiscordServer) -> list[str]:
    """The paths of the registrations that were asked for."""
    return [exchange.path for exchange in server.exchanges.recorded if exchange.method == "PUT"]


async def run_once(server: DiscordServer, notebook: Notebook, add: AddCommands, guild_id: int | None = None) -> None:
    """A process that starts, connects and ends."""
    bot = ClapboardBot(guild_id=guild_id)
    bot.serve(SERVICES, notebook, add)
    async with living(server, bot):
        await server.connected()


async def test_commands_are_registered_once_as_long_as_they_stay_the_same() -> None:
    notebook = Notebook()
    async with DiscordServer() as server:
        for _ in range(2):
            await run_once(server, notebook, one)

        assert len(puts(server)) == 1
        assert [command["name"] for command in server.commands.of(None)] == ["video"]


async def test_commands_that_changed_are_registered_again() -> None:
    notebook = Notebook()
    async with DiscordServer() as server:
        await run_once(server, notebook, one)
        await run_once(server, notebook, two)

        assert len(puts(server)) == 2
        assert {command["name"] for command in server.commands.of(None)} == {"video", "character"}


async def test_for_development_they_are_registered_in_one_server_only() -> None:
    async with DiscordServer() as server:
        guild = server.world.add_guild("Studio")
        await run_once(server, Notebook(), one, guild.id)

        assert not server.commands.of(None)
        assert [command["name"] for command in server.commands.of(guild.id)] == ["video"]


async def test_the_file_picker_offers_pictures_and_videos_where_they_are_meant() -> None:
    async with DiscordServer() as server:
        await run_once(server, Notebook(), two)
        commands = {command["name"]: command for command in server.commands.of(None)}

    options = {option["name"]: option for option in commands["video"]["options"]}
    assert options["image"]["file_types"] == [".jpg", ".jpeg", ".png"]
    assert options["clip"]["file_types"] == ["video"]
    assert "file_types" not in options["other"]
    assert commands["character"]["options"][0]["options"][0]["file_types"] == ["video"]


async def test_registering_on_demand_does_it_even_if_nothing_changed() -> None:
    notebook = Notebook()
    async with DiscordServer() as server:
        await run_once(server, notebook, two)
        bot = ClapboardBot()
        bot.serve(SERVICES, notebook, two)
        with library_as_before():
            await use_api(server.api_url, server.token)
            count = await bot.register(server.token)

        assert count == 2
        assert len(puts(server)) == 2
        assert server.gateway.identified == 1


async def test_registering_on_demand_tells_what_went_wrong() -> None:
    async with DiscordServer() as server:
        refuse = answering(400, {"code": 30034, "message": "Max number of daily application command creates"})
        server.stops.at(Point.RECEIVED, "PUT", ".*", refuse, times=2)
        bot = ClapboardBot()
        bot.serve(SERVICES, Notebook(), one)
        with library_as_before(), pytest.raises(ConnectionEndedError, match="400"):
            await use_api(server.api_url, server.token)
            await bot.register(server.token)


async def test_a_registration_that_is_refused_stops_nothing_and_is_tried_again(
    caplog: pytest.LogCaptureFixture,
) -> None:
    notebook = Notebook()
    async with DiscordServer() as server:
        server.stops.at(Point.RECEIVED, "PUT", ".*", answering(400, {"code": 30034, "message": "Too many"}))
        with caplog.at_level(logging.ERROR):
            await run_once(server, notebook, one)
        await run_once(server, notebook, one)

        assert len(puts(server)) == 2
        assert len(server.commands.of(None)) == 1
