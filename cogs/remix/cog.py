"""Remixing a video by command, or from the menu on its message."""

import discord
from discord import app_commands

from bot.client.asker import asker_of
from bot.client.bot import ClapboardBot
from bot.domain.errors import ClapboardError
from bot.orders import reuse
from cogs.choosing import video_choices, video_id
from cogs.menus.entry import MessageMenu
from cogs.menus.target import target
from cogs.remix.form import open_form
from cogs.video.confirm import order_asking_first

Interaction = discord.Interaction[ClapboardBot]


class Remix(MessageMenu):
    """`/remix`, and **Remix this video** on messages."""

    def __init__(self, bot: ClapboardBot) -> None:
        super().__init__(bot, "Remix this video", self.remix_message)

    @app_commands.command(name="remix", description="Change one of your finished videos")
    @app_commands.describe(
        video="The video: choose one of yours, or paste an id",
        prompt="What shall change; everything else stays as it is",
    )
    async def remix(self, interaction: Interaction, video: str, prompt: app_commands.Range[str, 1, 4000]) -> None:
        """Order the remix of the video that was chosen or whose id was pasted."""
        job = await interaction.client.services.reuse.source(asker_of(interaction), video_id(video))
        await order_asking_first(interaction, reuse.remix(job, prompt))

    @remix.autocomplete("video")
    async def _originals(self, interaction: Interaction, typed: str) -> list[app_commands.Choice[str]]:
        services = interaction.client.services
        try:
            found = await services.reuse.originals(interaction.user.id, typed, services.catalogue)
        except ClapboardError:
            return []
        return video_choices(found)

    async def remix_message(self, interaction: Interaction, message: discord.Message) -> None:
        """Open the form for the video that a message is about."""
        await open_form(interaction, target(interaction, message))
