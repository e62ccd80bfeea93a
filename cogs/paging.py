"""Lists in pages: the buttons that turn them, for the one person who sees the list."""

from abc import ABC, abstractmethod
from collections.abc import Iterable
from typing import Any

import discord
import structlog

from bot.client.bot import ClapboardBot
from bot.client.reporter import ReportingLayout
from bot.domain.sentence import N_
from bot.locales import Translator
from cogs.unsent import UNSENT

OPEN_SECONDS = 600
"""Below the 15 minutes in which an ephemeral message can be changed."""

Interaction = discord.Interaction[ClapboardBot]
Item = discord.ui.Item[discord.ui.LayoutView]
log = structlog.get_logger(__name__)


class PagedList(ReportingLayout, ABC):
    """An ephemeral list: nobody but the person who opened it can press its buttons.

    `number` counts from 0. A subclass says in `items` what a page shows and in `load` how another one is got.
    """

    def __init__(self, shown_by: Interaction, translator: Translator, *, pages: int, can_be_used: bool = True) -> None:
        super().__init__(timeout=OPEN_SECONDS if can_be_used else None)
        self.translator = translator
        self.number, self.pages = 0, pages
        self._shown_by = shown_by
        # They keep their ids over every redrawing: a second press may be on its way while the first is shown.
        self._previous = TurnButton(self, -1, translator.text(N_("Previous")))
        self._next = TurnButton(self, +1, translator.text(N_("Next")))

    @abstractmethod
    def items(self, *, closed: bool) -> Iterable[Item]:
        """What the page shows; once the list is closed, nothing in it can be pressed."""

    @abstractmethod
    async def load(self, interaction: Interaction, number: int) -> None:
        """Make another page the one that is shown."""

    def draw(self, *, closed: bool = False) -> None:
        """Put the page and its buttons in place."""
        self.clear_items()
        for item in self.items(closed=closed):
            self.add_item(item)
        if self.pages > 1 and not closed:
            self._previous.disabled, self._next.disabled = self.number == 0, self.number + 1 >= self.pages
            self.add_item(discord.ui.ActionRow(self._previous, self._next))

    async def turn(self, interaction: Interaction, by: int) -> None:
        """Show another page in the place of this one."""
        await self.load(interaction, self.number + by)
        await self.show(interaction)

    async def show(self, interaction: Interaction) -> None:
        """Draw the list anew, in its place; without buttons if it was closed while a form of it was filled in."""
        self.draw(closed=self.is_finished())
        await interaction.response.edit_message(view=self)
        self._shown_by = interaction

    async def on_timeout(self) -> None:
        """Take the buttons away, which would not be answered any more."""
        self.draw(closed=True)
        try:
            await self._shown_by.edit_original_response(view=self)
        except UNSENT as error:
            # The person may have dismissed it.
            log.info("list not closed", interaction=self._shown_by.id, error=repr(error))


class TurnButton(discord.ui.Button[discord.ui.LayoutView]):
    """Turns so many pages on."""

    def __init__(self, pages: PagedList, by: int, label: str) -> None:
        super().__init__(style=discord.ButtonStyle.secondary, label=label)
        self._pages = pages
        self._by = by

    async def callback(self, interaction: discord.Interaction[Any]) -> None:
        """Turn."""
        await self._pages.turn(interaction, self._by)
