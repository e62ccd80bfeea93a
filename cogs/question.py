"""A question that is asked once, privately, before something that costs or can't be undone."""

from abc import ABC, abstractmethod
from typing import ClassVar

import discord
import structlog

from bot.client.bot import ClapboardBot
from bot.client.reporter import ReportingView
from bot.locales import Translator
from cogs.unsent import UNSENT

ANSWER_WITHIN_SECONDS = 120

Interaction = discord.Interaction[ClapboardBot]
log = structlog.get_logger(__name__)


class Question(ReportingView, ABC):
    """Two buttons, and a time in which to press one of them. A subclass says what *yes* does in `agreed`."""

    yes_label: ClassVar[str]
    no_label: ClassVar[str]
    style: ClassVar[discord.ButtonStyle] = discord.ButtonStyle.primary
    declined: ClassVar[str]
    missed: ClassVar[str]
    """What is said after *no*, and when nobody has answered in time."""

    def __init__(self, opened_by: Interaction, translator: Translator) -> None:
        super().__init__(timeout=ANSWER_WITHIN_SECONDS)
        self.opened_by = opened_by
        self.translator = translator
        self.yes.label, self.yes.style = translator.text(self.yes_label), self.style
        self.no.label = translator.text(self.no_label)

    async def ask(self, text: str) -> None:
        """Ask whoever caused the interaction, as the answer to it."""
        await self.opened_by.response.send_message(text, view=self, ephemeral=True)

    @abstractmethod
    async def agreed(self, interaction: Interaction) -> None:
        """What *yes* does; it answers this interaction."""

    @discord.ui.button()
    async def yes(self, interaction: Interaction, _button: "discord.ui.Button[Question]") -> None:
        """Do it, once: a second press may be on its way already."""
        if self.is_finished():
            await interaction.response.defer()
        else:
            await self.agreed(interaction)

    @discord.ui.button()
    async def no(self, interaction: Interaction, _button: "discord.ui.Button[Question]") -> None:
        """Leave everything as it is."""
        await self.end(interaction, self.declined)

    async def end(self, interaction: Interaction, text: str) -> None:
        """Put a last word in the place of the question."""
        self.stop()
        await interaction.response.edit_message(content=self.translator.text(text), view=None)

    async def on_timeout(self) -> None:
        """Take the buttons away, which would not be answered any more."""
        try:
            await self.replace(self.translator.text(self.missed))
        except UNSENT as error:
            # The person may have dismissed it.
            log.info("question not closed", interaction=self.opened_by.id, error=repr(error))

    async def replace(self, text: str) -> None:
        """Put a text in the place of the question by the interaction that it was asked with."""
        await self.opened_by.edit_original_response(content=text, view=None)
