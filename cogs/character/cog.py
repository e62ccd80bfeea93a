"""The commands about characters."""

import discord
from discord import app_commands
from discord.ext import commands

from bot.client.asker import asker_of
from bot.client.bot import ClapboardBot
from bot.domain.errors import ClapboardError
from bot.domain.sentence import N_
from bot.locales import Translator
from bot.orders.characters import NewCharacter
from cogs.character.cards import entries_of
from cogs.character.form import CharacterForm, Opening
from cogs.character.pages import CharacterPages
from cogs.character.remove import ask_to_remove
from cogs.character.sharing import SharingPanel
from cogs.video.form_rows import attachment_of

MOST_CHOICES = 25

Interaction = discord.Interaction[ClapboardBot]


class CharacterCommands(
    commands.GroupCog, group_name="character", group_description="Characters who can appear in many videos"
):
    """`/character`."""

    @app_commands.command(description="Save a character from a clip of 1 to 3 seconds")
    @app_commands.describe(
        name="What you call the character",
        clip="A clip that shows the character; no real people",
        clip_range="Which 1 to 3 seconds of the clip: 4.5 is from there, 4.5-7 is both ends",
    )
    async def new(
        self,
        interaction: Interaction,
        name: app_commands.Range[str, 2, 32] | None = None,
        clip: discord.Attachment | None = None,
        clip_range: app_commands.Range[str, 1, 40] | None = None,
    ) -> None:
        """Open the form with what was given."""
        asker = asker_of(interaction)
        await interaction.client.services.characters.check_new(asker)
        given = None if clip is None else attachment_of(clip)
        preset = NewCharacter(name or "", given, clip_range, confirmed=False)
        opening = Opening(N_("New character"), asks_clip=given is None, shareable=asker.guild_id is not None)
        await interaction.response.send_modal(CharacterForm(opening, preset, Translator(asker.locale)))

    @app_commands.command(name="list", description="Show your characters, and those of others that you may use here")
    async def show(self, interaction: Interaction) -> None:
        """Show them to this person alone."""
        asker, translator = asker_of(interaction), Translator(interaction.locale.value)
        characters = interaction.client.services.characters
        own, borrowed = await characters.own(asker), await characters.borrowed(asker)
        pages = CharacterPages(interaction, entries_of(own, borrowed, asker, translator), translator)
        await interaction.response.send_message(view=pages, ephemeral=True)

    @app_commands.command(description="Forget one of your characters and delete its clip")
    @app_commands.describe(character="The character: choose one, or type its name")
    async def remove(self, interaction: Interaction, character: str) -> None:
        """Ask once."""
        asker = asker_of(interaction)
        own = await interaction.client.services.characters.own_one(asker, character)
        await ask_to_remove(interaction, own, Translator(asker.locale))

    @app_commands.command(description="Choose who may use one of your characters, or take it back")
    @app_commands.describe(character="The character: choose one, or type its name")
    async def share(self, interaction: Interaction, character: str) -> None:
        """Open the panel."""
        asker = asker_of(interaction)
        own = await interaction.client.services.characters.own_one(asker, character)
        panel = SharingPanel(interaction, own, Translator(asker.locale))
        await interaction.response.send_message(view=panel, ephemeral=True)

    @remove.autocomplete("character")
    @share.autocomplete("character")
    async def _own(self, interaction: Interaction, typed: str) -> list[app_commands.Choice[str]]:
        try:
            own = await interaction.client.services.characters.own(asker_of(interaction), typed)
        except ClapboardError:
            return []
        return [app_commands.Choice(name=one.name, value=one.id) for one in own[:MOST_CHOICES]]
