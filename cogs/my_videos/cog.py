"""The commands about one's own videos."""

import discord
from discord import app_commands
from discord.ext import commands

from bot.client.bot import ClapboardBot
from bot.client.escape import plain
from bot.domain import ids
from bot.domain.errors import ClapboardError
from cogs.cards import JobCards
from cogs.my_videos.cancel import stop

MOST_CHOICES = 25
CHOICE_LIMIT = 100
"""Characters of a choice's name."""


@app_commands.allowed_contexts(guilds=True, dms=False, private_channels=False)
@app_commands.allowed_installs(guilds=True, users=False)
class MyVideos(commands.GroupCog, group_name="my-videos", group_description="Your own videos"):
    """`/my-videos`."""

    def __init__(self, cards: JobCards) -> None:
        super().__init__()
        self._cards = cards

    @app_commands.command(description="Show your videos that are on their way")
    async def queue(self, interaction: discord.Interaction[ClapboardBot]) -> None:
        """List what has not ended, with links to the status messages."""
        jobs = await interaction.client.services.following.queue(interaction.user.id)
        card = self._cards.queue(jobs, interaction.locale.value)
        await interaction.response.send_message(view=card, ephemeral=True)

    @app_commands.command(description="Stop one of your videos; free until it is ordered")
    @app_commands.describe(video="The video: choose one, or paste its id")
    async def cancel(self, interaction: discord.Interaction[ClapboardBot], video: str) -> None:
        """Stop the video that was chosen or whose id was pasted."""
        await stop(interaction, video.strip().strip("`").lower())

    @cancel.autocomplete("video")
    async def _running(
        self, interaction: discord.Interaction[ClapboardBot], typed: str
    ) -> list[app_commands.Choice[str]]:
        try:
            jobs = await interaction.client.services.following.queue(interaction.user.id)
        except ClapboardError:
            return []
        names = {job.id: f"{job.id} · {plain(job.request.prompt, CHOICE_LIMIT - ids.LENGTH - 3)}" for job, _ in jobs}
        wanted = typed.strip().casefold()
        fitting = [(name, id_) for id_, name in names.items() if wanted in name.casefold()]
        return [app_commands.Choice(name=name, value=id_) for name, id_ in fitting[:MOST_CHOICES]]
