"""An entry in the context menu of messages, as a cog."""

from collections.abc import Callable, Coroutine
from typing import Any

import discord
from discord import app_commands
from discord.ext import commands

from bot.client.bot import ClapboardBot

Interaction = discord.Interaction[ClapboardBot]
Chosen = Callable[[Interaction, discord.Message], Coroutine[Any, Any, None]]


class MessageMenu(commands.Cog):
    """A cog with one entry, which for the library is no part of it."""

    def __init__(self, bot: ClapboardBot, name: str, chosen: Chosen) -> None:
        self._bot = bot
        self._menu = app_commands.ContextMenu(name=name, callback=chosen)

    async def cog_load(self) -> None:
        """Add the entry."""
        self._bot.tree.add_command(self._menu)

    async def cog_unload(self) -> None:
        """Take the entry away with the cog."""
        self._bot.tree.remove_command(self._menu.name, type=self._menu.type)
