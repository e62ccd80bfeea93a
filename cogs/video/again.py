"""Making a video once more: the button below it."""

import discord

from bot.client.asker import asker_of
from bot.client.bot import ClapboardBot
from bot.domain.sentence import N_
from bot.orders import reuse
from cogs.buttons import JobButton
from cogs.video.confirm import order_asking_first


class AgainButton(JobButton, verb="again", label=N_("Again")):
    """**Again**: the same order, charged to whoever presses."""

    async def pressed(self, interaction: discord.Interaction[ClapboardBot]) -> None:
        """Order the same."""
        job = await interaction.client.services.reuse.source(asker_of(interaction), self.job_id)
        await order_asking_first(interaction, reuse.again(job))
