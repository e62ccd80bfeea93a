"""The commands about one's own videos and about oneself."""

import discord
from discord import app_commands
from discord.ext import commands

from bot.client.asker import asker_of
from bot.client.bot import ClapboardBot
from bot.domain.errors import ClapboardError
from bot.locales import Translator
from cogs.cards import JobCards
from cogs.cards.usage import usage_card
from cogs.choosing import video_choices, video_id
from cogs.my_videos.cancel import stop
from cogs.my_videos.erase import ask_to_erase
from cogs.my_videos.export import export
from cogs.my_videos.history import open_history
from cogs.my_videos.preferences import open_preferences
from cogs.my_videos.show import show

Interaction = discord.Interaction[ClapboardBot]
Choices = list[app_commands.Choice[str]]


class MyVideos(commands.GroupCog, group_name="my-videos", group_description="Your own videos"):
    """`/my-videos`."""

    def __init__(self, cards: JobCards) -> None:
        super().__init__()
        self._cards = cards

    @app_commands.command(description="Show your videos that are on their way")
    async def queue(self, interaction: Interaction) -> None:
        """List what has not ended, with links to the status messages."""
        jobs = await interaction.client.services.following.queue(interaction.user.id)
        card = self._cards.queue(jobs, interaction.locale.value)
        await interaction.response.send_message(view=card, ephemeral=True)

    @app_commands.command(description="Show your videos that have ended, the newest first")
    async def history(self, interaction: Interaction) -> None:
        """List what has ended, page by page."""
        await open_history(interaction, self._cards)

    @app_commands.command(description="Get one of your finished videos again, for you alone")
    @app_commands.describe(video="The video: type words of its prompt, or paste its id")
    async def show(self, interaction: Interaction, video: str) -> None:
        """Link to the video or give it back."""
        await show(interaction, self._cards, video_id(video))

    @app_commands.command(description="Stop one of your videos; free until it is ordered")
    @app_commands.describe(video="The video: choose one, or paste its id")
    async def cancel(self, interaction: Interaction, video: str) -> None:
        """Stop the video that was chosen or whose id was pasted; moderators stop those of others elsewhere."""
        job = await interaction.client.services.history.own(interaction.user.id, video_id(video))
        await stop(interaction, job.id)

    @app_commands.command(description="Show what you have used today and this month")
    async def usage(self, interaction: Interaction) -> None:
        """Show what the books say."""
        asker = asker_of(interaction)
        used = await interaction.client.services.account.usage(asker)
        await interaction.response.send_message(view=usage_card(used, Translator(asker.locale)), ephemeral=True)

    @app_commands.command(description="Choose how you are told, who may remix your videos, and your usual options")
    async def preferences(self, interaction: Interaction) -> None:
        """Open the panel."""
        await open_preferences(interaction)

    @app_commands.command(description="Get all that I keep about you as a file")
    async def export(self, interaction: Interaction) -> None:
        """Hand over the file."""
        await export(interaction)

    @app_commands.command(description="Erase all that I keep about you; asks first")
    async def erase(self, interaction: Interaction) -> None:
        """Ask, and erase."""
        await ask_to_erase(interaction)

    @show.autocomplete("video")
    async def _finished(self, interaction: Interaction, typed: str) -> Choices:
        try:
            return video_choices(await interaction.client.services.history.finished(interaction.user.id, typed))
        except ClapboardError:
            return []

    @cancel.autocomplete("video")
    async def _running(self, interaction: Interaction, typed: str) -> Choices:
        try:
            return video_choices(await interaction.client.services.history.running(interaction.user.id, typed))
        except ClapboardError:
            return []
