"""Which servers the bot is in: what is kept about one goes some time after it was removed from it."""

from collections.abc import Callable

import structlog

from bot.domain.clock import Clock
from bot.store import guilds, leaving
from bot.store.database import Database

log = structlog.get_logger(__name__)


class Presence:
    """Writes down where the bot is, as Discord says.

    `has_looked`: the records were compared with all its servers since the process started. Nothing may be forgotten
    before: a server may have let the bot in again while the process was down.
    """

    def __init__(self, database: Database, clock: Clock) -> None:
        self.database = database
        self.clock = clock
        self.has_looked = False

    async def left(self, guild_id: int) -> None:
        """The bot was removed from a server, or the server was deleted."""
        async with self.database.write() as tx:
            is_new = await leaving.note_left(tx, guild_id, self.clock())
        if is_new:
            log.info("server left", guild=guild_id)

    async def here(self, guild_id: int) -> None:
        """The bot is in a server, perhaps again."""
        async with self.database.read() as tx:
            if (await guilds.get(tx, guild_id)).left_at is None:
                return
        await self._back(frozenset({guild_id}))

    async def look(self, here: frozenset[int], is_ours: Callable[[int], bool]) -> None:
        """Compare the records with all the servers that the bot is in, for what happened while it was away.

        `is_ours`: whether this process would know of a server, if the bot were in it.
        """
        async with self.database.read() as tx:
            known = await leaving.known(tx)
            back = here.intersection(await leaving.left(tx))
        for guild_id in sorted(known - here):
            if is_ours(guild_id):
                await self.left(guild_id)
        if back:
            await self._back(back)
        self.has_looked = True

    async def _back(self, guild_ids: frozenset[int]) -> None:
        async with self.database.write() as tx:
            await leaving.note_back(tx, guild_ids)
        log.info("back in servers", guilds=sorted(guild_ids))
