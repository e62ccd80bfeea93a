"""Where the bot is: noticed when it is removed from a server, let in, and at each new session."""

import discord
import structlog
from discord.ext import commands

from bot.client.bot import ClapboardBot
from bot.domain.errors import StoreUnavailableError

log = structlog.get_logger(__name__)


class PresenceListener(commands.Cog):
    """Passes on what Discord says of the bot's servers. What can't be written down is noticed at the next session."""

    def __init__(self, bot: ClapboardBot) -> None:
        self._bot = bot
        self._presence = bot.services.presence

    @commands.Cog.listener()
    async def on_guild_remove(self, guild: discord.Guild) -> None:
        """The bot was removed, or the server deleted; for an outage the library has another event."""
        try:
            await self._presence.left(guild.id)
        except StoreUnavailableError:
            log.exception("servers not noted")

    @commands.Cog.listener()
    async def on_guild_join(self, guild: discord.Guild) -> None:
        """The bot was let in."""
        await self._here(guild)

    @commands.Cog.listener()
    async def on_guild_available(self, guild: discord.Guild) -> None:
        """A server is back from an outage."""
        await self._here(guild)

    @commands.Cog.listener()
    async def on_ready(self) -> None:
        """Every server of this process's shards is known, those with an outage too."""
        if self._bot.is_closed():
            # The library tells of it two seconds late, and the database may be closed by then.
            return
        try:
            await self._presence.look(frozenset(guild.id for guild in self._bot.guilds), self._is_ours)
        except StoreUnavailableError:
            log.exception("servers not noted")

    async def _here(self, guild: discord.Guild) -> None:
        try:
            await self._presence.here(guild.id)
        except StoreUnavailableError:
            log.exception("servers not noted")

    def _is_ours(self, guild_id: int) -> bool:
        """Whether a server belongs to a shard of this process."""
        shards, count = self._bot.shard_ids, self._bot.shard_count
        return shards is None or (count is not None and (guild_id >> 22) % count in shards)
