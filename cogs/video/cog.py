"""The command that everything is about."""

import discord
from discord import app_commands
from discord.ext import commands

from bot.client.bot import ClapboardBot
from bot.media.attachments import Attachment
from bot.orders.draft import Draft
from cogs.video import choices
from cogs.video.ordering import Interaction, Ordering


class Video(commands.Cog):
    """`/video`."""

    def __init__(self, ordering: Ordering) -> None:
        self._ordering = ordering

    @app_commands.command(name="video", description="Make a video from a description")
    @app_commands.describe(
        prompt="What happens in the video",
        duration="How long the video shall be, in seconds",
        orientation="The shape of the video",
        image="A picture that the video begins with (PNG or JPEG)",
        image_url="The same as a link that ends in .png, .jpg or .jpeg",
        clip="A clip of a character who shall appear; no real people",
        clip_url="The same as a link",
        clip_range="Which 1 to 3 seconds of the clip: 4.5 is from there, 4.5-7 is both ends",
        private="Send everything to you alone, as direct messages",
    )
    @app_commands.allowed_contexts(guilds=True, dms=False, private_channels=False)
    @app_commands.allowed_installs(guilds=True, users=False)
    async def video(  # noqa: PLR0913, PLR0917  a command's options are its parameters
        self,
        interaction: Interaction,
        prompt: app_commands.Range[str, 1, 4000],
        duration: int | None = None,
        orientation: str | None = None,
        image: discord.Attachment | None = None,
        image_url: str | None = None,
        clip: discord.Attachment | None = None,
        clip_url: str | None = None,
        clip_range: str | None = None,
        private: bool = False,
    ) -> None:
        """Collect the options and order."""
        draft = Draft(
            prompt=prompt,
            duration=duration,
            aspect=choices.aspect_of(interaction.client.services.catalogue.default, orientation),
            image=_attachment(image),
            image_url=image_url,
            clip=_attachment(clip),
            clip_url=clip_url,
            clip_range=clip_range,
            private=private,
        )
        await self._ordering.order(interaction, draft)

    @video.autocomplete("duration")
    async def _lengths(
        self, interaction: discord.Interaction[ClapboardBot], typed: str
    ) -> list[app_commands.Choice[int]]:
        return await choices.lengths(interaction, typed)

    @video.autocomplete("orientation")
    async def _orientations(
        self, interaction: discord.Interaction[ClapboardBot], typed: str
    ) -> list[app_commands.Choice[str]]:
        return await choices.orientations(interaction, typed)


def _attachment(file: discord.Attachment | None) -> Attachment | None:
    return None if file is None else Attachment(file.url, file.filename, file.size)
