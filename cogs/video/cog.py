"""The command that everything is about."""

import discord
from discord import app_commands
from discord.ext import commands

from bot.client.asker import asker_of
from bot.media.attachments import Attachment
from bot.orders.draft import Draft
from cogs.cards.labels import LONGEST_PROMPT
from cogs.video import choices
from cogs.video.form_rows import attachment_of
from cogs.video.more import open_form
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
        character="A saved character who shall appear; /character new makes one",
        clip="A clip of a character who shall appear; no real people",
        clip_range="Which 1 to 3 seconds of the clip: 4.5 is from there, 4.5-7 is both ends",
        model="Which model makes the video",
        sound="Whether the video shall have sound, where the model leaves the choice",
        private="Send everything to you alone, as direct messages",
        image_url="A picture as a link that ends in .png, .jpg or .jpeg",
        clip_url="A clip as a link",
        more="Ask for more: resolution, last picture, negative prompt, seed, watermark, spoiler",
    )
    async def video(  # noqa: PLR0913, PLR0917  a command's options are its parameters
        self,
        interaction: Interaction,
        prompt: app_commands.Range[str, 1, LONGEST_PROMPT],
        duration: int | None = None,
        orientation: str | None = None,
        image: discord.Attachment | None = None,
        character: str | None = None,
        clip: discord.Attachment | None = None,
        clip_range: str | None = None,
        model: str | None = None,
        sound: bool | None = None,
        private: bool = False,
        image_url: str | None = None,
        clip_url: str | None = None,
        more: bool = False,
    ) -> None:
        """Collect the options and order, or open the form for more of them."""
        draft = Draft(
            prompt=prompt,
            duration=duration,
            aspect=orientation,
            model_id=choices.model_id(interaction.client.services.catalogue, model),
            image=_attachment(image),
            image_url=image_url,
            clip=_attachment(clip),
            clip_url=clip_url,
            clip_range=clip_range,
            private=private,
            audio=sound,
            character_id=await _character_id(interaction, character),
        )
        if more:
            await open_form(interaction, draft, self._ordering)
        else:
            await self._ordering.order(interaction, draft)

    @video.autocomplete("duration")
    async def _lengths(self, interaction: Interaction, typed: str) -> list[app_commands.Choice[int]]:
        return await choices.lengths(interaction, typed)

    @video.autocomplete("orientation")
    async def _orientations(self, interaction: Interaction, typed: str) -> list[app_commands.Choice[str]]:
        return await choices.orientations(interaction, typed)

    @video.autocomplete("character")
    async def _characters(self, interaction: Interaction, typed: str) -> list[app_commands.Choice[str]]:
        return await choices.characters(interaction, typed)

    @video.autocomplete("model")
    async def _models(self, interaction: Interaction, typed: str) -> list[app_commands.Choice[str]]:
        return await choices.models(interaction, typed)


async def _character_id(interaction: Interaction, text: str | None) -> str | None:
    """The character that was chosen, or whose name was pasted. Raises CharacterGoneError."""
    if text is None:
        return None
    services, asker = interaction.client.services, asker_of(interaction)
    # The gate answers before anything else does.
    await services.orders.admit(asker)
    return await services.characters.find(asker, text)


def _attachment(file: discord.Attachment | None) -> Attachment | None:
    return None if file is None else attachment_of(file)
