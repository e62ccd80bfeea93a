"""Removing a character: the question that comes first."""

import discord

from bot.client.asker import asker_of
from bot.client.bot import ClapboardBot
from bot.domain.character import Character
from bot.domain.sentence import N_
from bot.locales import Translator
from cogs.character.cards import shown_name
from cogs.question import Question

Interaction = discord.Interaction[ClapboardBot]


async def ask_to_remove(interaction: Interaction, character: Character, translator: Translator) -> None:
    """Ask the owner whether they mean it."""
    text = N_("Remove {name}? I delete its clip, and nobody can order new videos with it. Videos made with it stay.")
    view = ConfirmRemove(interaction, character.id, translator)
    await view.ask(translator.text(text, name=shown_name(character)))


class ConfirmRemove(Question):
    """The question, seen only by the owner."""

    yes_label = N_("Remove")
    no_label = N_("Keep")
    style = discord.ButtonStyle.danger
    declined = N_("Nothing was removed.")
    missed = N_("Nothing was removed: you did not answer in time.")

    def __init__(self, opened_by: Interaction, character_id: str, translator: Translator) -> None:
        super().__init__(opened_by, translator)
        self._character_id = character_id

    async def agreed(self, interaction: Interaction) -> None:
        """Forget the character. Raises CharacterGoneError."""
        await interaction.client.services.characters.remove(asker_of(interaction), self._character_id)
        await self.end(
            interaction, N_("Removed, and its clip is deleted. What was ordered with it before is still made.")
        )
