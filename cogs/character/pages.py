"""The list of one's characters, with buttons to turn its pages."""

from collections.abc import Sequence
from typing import Any

import discord
import structlog

from bot.client.bot import ClapboardBot
from bot.client.reporter import ReportingLayout
from bot.domain.sentence import N_
from bot.locales import Translator
from cogs.character.cards import Entry, page_items, paged
from cogs.unsent import UNSENT

TURN_WITHIN_SECONDS = 10 * 60

Interaction = discord.Interaction[ClapboardBot]
log = structlog.get_logger(__name__)


class CharacterPages(ReportingLayout):
    """A list seen by one person alone; buttons are there only where there is more than a page."""

    def __init__(self, opened_by: Interaction, entries: Sequence[Entry], translator: Translator) -> None:
        self._pages = paged(entries)
        super().__init__(timeout=TURN_WITHIN_SECONDS if len(self._pages) > 1 else None)
        self._shown_by = opened_by
        self._translator = translator
        self._number = 0
        text = translator.text
        self._earlier: TurnButton = TurnButton(self, text(N_("Previous")), -1)
        self._later: TurnButton = TurnButton(self, text(N_("Next")), +1)
        self._draw()

    def _draw(self) -> None:
        self.clear_items()
        for item in page_items(self._pages[self._number], self._translator):
            self.add_item(item)
        if len(self._pages) == 1:
            return
        told = N_("Page {number} of {count}")
        where = self._translator.text(told, number=self._number + 1, count=len(self._pages))
        self.add_item(discord.ui.TextDisplay(f"-# {where}"))
        self._earlier.disabled, self._later.disabled = self._number == 0, self._number == len(self._pages) - 1
        self.add_item(discord.ui.ActionRow(self._earlier, self._later))

    async def turn(self, interaction: Interaction, step: int) -> None:
        """Show another page."""
        self._number = min(max(self._number + step, 0), len(self._pages) - 1)
        self._draw()
        await interaction.response.edit_message(view=self)
        self._shown_by = interaction

    async def on_timeout(self) -> None:
        """Take the buttons away, which would not be answered any more."""
        card = discord.ui.LayoutView()
        for item in page_items(self._pages[self._number], self._translator):
            card.add_item(item)
        try:
            await self._shown_by.edit_original_response(view=card)
        except UNSENT as error:
            # The person may have dismissed it.
            log.info("list not closed", interaction=self._shown_by.id, error=repr(error))


class TurnButton(discord.ui.Button[discord.ui.LayoutView]):
    """Turns so many pages."""

    def __init__(self, pages: CharacterPages, label: str, step: int) -> None:
        super().__init__(style=discord.ButtonStyle.secondary, label=label)
        self._pages = pages
        self._step = step

    async def callback(self, interaction: discord.Interaction[Any]) -> None:
        """Turn."""
        await self._pages.turn(interaction, self._step)
