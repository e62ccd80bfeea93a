"""**Video details** in the context menu of messages."""

import discord

from bot.client.asker import asker_of
from bot.client.bot import ClapboardBot
from cogs.cards import JobCards
from cogs.menus.entry import MessageMenu
from cogs.menus.target import target


class DetailsMenu(MessageMenu):
    """**Video details**."""

    def __init__(self, bot: ClapboardBot, cards: JobCards) -> None:
        super().__init__(bot, "Video details", self.show)
        self._cards = cards

    async def show(self, interaction: discord.Interaction[ClapboardBot], message: discord.Message) -> None:
        """Show to this person alone what they may see of the video."""
        asker = asker_of(interaction)
        details = await interaction.client.services.details.see(asker, target(interaction, message))
        await interaction.response.send_message(view=self._cards.details(details, asker.locale), ephemeral=True)
