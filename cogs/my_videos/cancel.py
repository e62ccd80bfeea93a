"""Stopping a video: the button on its status message, and what the command answers."""

import discord

from bot.client.asker import asker_of
from bot.client.bot import ClapboardBot
from bot.domain.sentence import N_
from bot.locales import Translator
from cogs.buttons import JobButton
from cogs.cards.telling import stopped

Interaction = discord.Interaction[ClapboardBot]


async def stop(interaction: Interaction, job_id: str) -> None:
    """Cancel a job or remember not to post it, and answer as the status message will; the worker brings it in line."""
    asker = asker_of(interaction)
    following = interaction.client.services.following
    await following.cancel(asker, job_id)
    job, standing = await following.get(asker, job_id)
    answer = stopped(job, standing, for_author=job.author_id == asker.user_id)
    await interaction.response.send_message(Translator(asker.locale).text(answer), ephemeral=True)


class CancelButton(JobButton, verb="cancel", label=N_("Cancel")):
    """**Cancel** until a video is ordered, **Don't post** from then on."""

    async def pressed(self, interaction: Interaction) -> None:
        """Stop the job, if the presser may."""
        await stop(interaction, self.job_id)
