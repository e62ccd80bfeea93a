"""Trying a video again that did not come: the button below its failure."""

import discord

from bot.client.asker import asker_of
from bot.client.bot import ClapboardBot
from bot.domain.sentence import N_
from bot.orders import reuse
from cogs.buttons import JobButton
from cogs.video.confirm import order_asking_first


class RetryButton(JobButton, verb="retry", label=N_("Try again")):
    """**Try again**: the same order as a new job; the old one stays as it ended."""

    async def pressed(self, interaction: discord.Interaction[ClapboardBot]) -> None:
        """Order the same."""
        job = await interaction.client.services.reuse.source(asker_of(interaction), self.job_id)
        await order_asking_first(interaction, reuse.again(job))
