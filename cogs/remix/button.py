"""Remixing a video: the button below it."""

import discord

from bot.client.bot import ClapboardBot
from bot.domain.sentence import N_
from cogs.buttons import JobButton
from cogs.remix.form import open_form


class RemixButton(JobButton, verb="remix", label=N_("Remix")):
    """**Remix**: a finished video with a change, charged to whoever presses."""

    async def pressed(self, interaction: discord.Interaction[ClapboardBot]) -> None:
        """Ask what shall change."""
        await open_form(interaction, self.job_id)
