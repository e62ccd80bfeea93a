"""The real bot on the local Discord, with a few commands of the tests' own."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass, field
from typing import cast

from aiohttp import web
from discord.gateway import DiscordWebSocket
from discord.http import Route

from bot.client.api import use_api
from bot.client.bot import ClapboardBot
from bot.client.services import Services
from sandbox.discord import Channel, DiscordServer, Guild, Member, Person, Role
from sandbox.discord.answering import json_response
from sandbox.discord.waiting import PATIENCE_SECONDS
from sandbox.discord.wire import Payload
from sandbox.stops import Action
from tests.sandbox.discord.conftest import wire_faults

SERVICES = cast("Services", object())
"""The bot only hands it on."""

AddCommands = Callable[[ClapboardBot], Awaitable[None]]


@dataclass
class Notebook:
    """What the bot remembers, for as long as a test lasts."""

    pages: dict[str, str] = field(default_factory=dict)

    async def recall(self, name: str) -> str | None:
        return self.pages.get(name)

    async def remember(self, name: str, value: str) -> None:
        self.pages[name] = value


async def no_commands(_bot: ClapboardBot) -> None:
    """For tests that type none."""


class Stage:
    """A server with one guild, a member with a role, and the bot."""

    def __init__(self, server: DiscordServer, bot: ClapboardBot) -> None:
        self.server = server
        self.bot = bot
        self.guild: Guild = server.world.add_guild("Studio")
        self.channel: Channel = self.guild.add_channel("videos")
        self.role: Role = self.guild.add_role("makers")
        self.member: Member = self.guild.add_member("ada", roles=[self.role])

    @property
    def ada(self) -> Person:
        return self.server.person(self.member)


@contextmanager
def library_as_before() -> Iterator[None]:
    """Put back where the library finds Discord."""
    before = Route.BASE, DiscordWebSocket.DEFAULT_GATEWAY
    try:
        yield
    finally:
        Route.BASE, DiscordWebSocket.DEFAULT_GATEWAY = before


@asynccontextmanager
async def living(server: DiscordServer, bot: ClapboardBot) -> AsyncIterator["asyncio.Task[None]"]:
    """The bot at the server, connected or about to be; ended at the end if it still lives."""
    with library_as_before():
        await use_api(server.api_url, server.token)
        life = asyncio.create_task(bot.live(server.token))
        try:
            yield life
        finally:
            await bot.close()
            await asyncio.wait({life})


@asynccontextmanager
async def open_stage(bot: ClapboardBot, add_commands: AddCommands = no_commands) -> AsyncIterator[Stage]:
    """A running server with the bot connected."""
    bot.serve(SERVICES, Notebook(), add_commands)
    async with DiscordServer() as server:
        # How soon an answer comes is for the benchmarks to tell: here a machine may be busy with other tests.
        server.interactions.answer_within_seconds = PATIENCE_SECONDS
        stage = Stage(server, bot)
        async with living(server, bot) as life:
            await server.connected()
            yield stage
            assert bot.is_closed() or not life.done()
    assert wire_faults(server) == []


def answering(status: int, body: Payload | str, **headers: str) -> Action:
    """What a stop does to answer in the server's place; a text is no JSON."""

    async def answer(_request: web.Request) -> web.StreamResponse:
        if isinstance(body, str):
            return web.Response(status=status, text=body, headers=headers)
        return json_response(body, status=status, headers=headers)

    return answer
