"""**Video details** in the context menu of messages."""

import discord
from discord import app_commands
from discord.ext import commands

from bot.client.asker import asker_of
from bot.client.bot import ClapboardBot
from cogs.cards import JobCards
from cogs.menus.target import target


class DetailsMenu(commands.Cog):
    """**Video details**."""

    def __init__(self, bot: ClapboardBot, cards: JobCards) -> None:
        self._bot = bot
        self._cards = cards
        self._menu = app_commands.ContextMenu(name="Video details", callback=self.show)

    async def cog_load(self) -> None:
        """Menus are no part of a cog for the library."""
        self._bot.tree.add_command(self._menu)

    async def cog_unload(self) -> None:
        """Take the menu away with the cog."""
        self._bot.tree.remove_command(self._menu.name, type=self._menu.type)

    async def show(self, interaction: discord.Interaction[ClapboardBot], message: discord.Message) -> None:
        """Show to this person alone what they may see of the video."""
        asker = asker_of(interaction)
        details = await interaction.client.services.details.see(asker, target(interaction, message))
        await interaction.response.send_message(view=self._cards.details(details, asker.locale), ephemeral=True)
