"""The command that explains the others."""

import discord
from discord import app_commands
from discord.ext import commands

from bot.client.bot import ClapboardBot
from cogs.cards import JobCards


class VideoHelp(commands.Cog):
    """`/video-help`."""

    def __init__(self, cards: JobCards) -> None:
        self._cards = cards

    @app_commands.command(name="video-help", description="How to make videos, and who sees what you send")
    async def video_help(self, interaction: discord.Interaction[ClapboardBot]) -> None:
        """Explain to this person alone."""
        await interaction.response.send_message(view=self._cards.help(interaction.locale.value), ephemeral=True)
