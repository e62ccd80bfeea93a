"""A small town for the bot: a local Discord with a server and its people, two local gateways, the bot between."""

from contextlib import AsyncExitStack
from pathlib import Path
from types import TracebackType
from typing import Self

from sandbox.club import BOT_PERMISSIONS, Club
from sandbox.discord import Answer, DiscordServer, wait_until
from sandbox.gateway import GatewayServer
from sandbox.program import Program

__all__ = ["BOT_PERMISSIONS", "Stage"]


class Stage:
    """Everything around the bot, and the bot as its own process. `folder` holds its data and its log."""

    def __init__(self, folder: Path, *, fetch_inputs: bool = False, launch: tuple[str, ...] = ("-m", "bot")) -> None:
        self.folder = folder
        self.discord = DiscordServer()
        self.gateway = GatewayServer(fetch_inputs=fetch_inputs)
        self.highway = GatewayServer(fetch_inputs=fetch_inputs)
        self._launch = launch
        self._stack = AsyncExitStack()
        self.club = Club.found(self.discord)
        self.guild, self.videos, self.makers = self.club.guild, self.club.videos, self.club.makers
        self.owner, self.mia, self.tom = self.club.owner, self.club.mia, self.club.tom

    async def __aenter__(self) -> Self:
        """Start the servers; `program` is made and not started."""
        for server in (self.discord, self.gateway, self.highway):
            await self._stack.enter_async_context(server)
        self.folder.mkdir(parents=True, exist_ok=True)
        self.program = Program(self.folder, self.settings(), launch=self._launch)
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Stop the bot and the servers."""
        if self.program.is_running:
            self.program.kill()
            await self.program.wait()
        await self._stack.aclose()

    def settings(self) -> dict[str, str]:
        """The bot's settings: its normal ones, with local addresses and a quick pace."""
        return {
            "DISCORD_TOKEN": self.discord.token,
            "DISCORD_API_URL": self.discord.api_url,
            "GATEWAYS": "myrouter",
            "MYROUTER_API_KEY": self.gateway.key,
            "MYROUTER_URL": self.gateway.url,
            "HIGHWAY_API_KEY": self.highway.key,
            "HIGHWAY_URL": self.highway.url,
            "DATABASE_URL": f"sqlite:///{self.folder}/clapboard.db",
            "DATA_DIR": str(self.folder),
            "POLL_INTERVAL_SECONDS": "0.2",
            "GATEWAY_REQUESTS_PER_MINUTE": "6000",
            "SECRETS_DIR": str(self.folder),
            "HTTP_LISTEN": "off",
        }

    async def open(self, **settings: str) -> None:
        """Start the bot and wait until it is connected. RuntimeError with its last words if it ends instead."""
        await self.program.start(**settings)
        gateway = self.discord.gateway
        await wait_until(lambda: bool(gateway.connected_shards) or not self.program.is_running)
        if not self.program.is_running:
            raise RuntimeError(self.program.told()[-2000:])
        await self.discord.connected()

    async def set_up(self) -> Answer:
        """The club's owner sets it up; the report."""
        return await self.club.set_up()

    async def crash(self) -> None:
        """Kill the bot and wait until everybody has noticed."""
        self.program.kill()
        await self.gone()

    async def gone(self) -> None:
        """Wait until the bot has ended and Discord has noticed."""
        await self.program.wait()
        await wait_until(lambda: not self.discord.gateway.connected_shards)
