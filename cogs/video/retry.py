"""Trying a video again that did not come: the button below its failure."""

import discord

from bot.client.asker import asker_of
from bot.client.bot import ClapboardBot
from bot.domain.job import JobState
from bot.domain.sentence import N_
from bot.orders import reuse
from cogs.buttons import JobButton
from cogs.video.confirm import order_asking_first


class RetryButton(JobButton, verb="retry", label=N_("Try again")):
    """**Try again**: the same order as a new job; the old one stays as it ended."""

    async def pressed(self, interaction: discord.Interaction[ClapboardBot]) -> None:
        """Order the same; where the first order may have been taken, ask before."""
        job = await interaction.client.services.reuse.source(asker_of(interaction), self.job_id)
        doubt = N_("This may be paid twice. Order again?") if job.state is JobState.UNSURE else None
        await order_asking_first(interaction, reuse.again(job), doubt=doubt)
