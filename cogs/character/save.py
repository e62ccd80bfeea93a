"""Saving a character from a finished video: the button below it."""

import discord

from bot.client.asker import asker_below, asker_of
from bot.client.bot import ClapboardBot
from bot.domain.errors import RefusalError
from bot.domain.sentence import N_
from bot.locales import Translator
from bot.orders.characters import NewCharacter
from cogs.buttons import JobButton
from cogs.character.form import CharacterForm, Opening
from cogs.video.form_rows import attachment_of


class NoFileError(RefusalError):
    """The post gives the video as a link."""

    message = N_(
        "This post has no file that I could take the character from. Download the video, "
        "and attach it to /character new."
    )


class SaveCharacterButton(JobButton, verb="character", label=N_("Save as character")):
    """**Save as character** below a finished video, for its author."""

    async def pressed(self, interaction: discord.Interaction[ClapboardBot]) -> None:
        """Open the form, whose clip is the video of this post: its address is fresh in every press."""
        asker, characters = asker_of(interaction), interaction.client.services.characters
        job = await characters.source(asker, self.job_id)
        await characters.check_new(await asker_below(interaction, job))
        files = interaction.message.attachments if interaction.message else []
        if not files:
            raise NoFileError
        preset = NewCharacter("", attachment_of(files[0]), None, confirmed=False)
        opening = Opening(N_("Save as character"), asks_clip=False, shareable=asker.guild_id is not None, source=job)
        await interaction.response.send_modal(CharacterForm(opening, preset, Translator(asker.locale)))
