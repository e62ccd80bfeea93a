"""The list of one's characters, in pages."""

from collections.abc import Iterable, Sequence

import discord

from bot.client.bot import ClapboardBot
from bot.domain.sentence import N_
from bot.locales import Translator
from cogs.character.cards import Entry, page_items, paged
from cogs.paging import Item, PagedList

Interaction = discord.Interaction[ClapboardBot]


class CharacterPages(PagedList):
    """A list seen by one person alone; buttons are there only where there is more than a page."""

    def __init__(self, shown_by: Interaction, entries: Sequence[Entry], translator: Translator) -> None:
        self._paged = paged(entries)
        pages = len(self._paged)
        super().__init__(shown_by, translator, pages=pages, can_be_used=pages > 1)
        self.draw()

    def items(self, *, closed: bool) -> Iterable[Item]:
        """The page's characters, and which page it is."""
        yield from page_items(self._paged[self.number], self.translator)
        if self.pages > 1 and not closed:
            told = N_("Page {number} of {count}")
            where = self.translator.text(told, number=self.number + 1, count=self.pages)
            yield discord.ui.TextDisplay(f"-# {where}")

    async def load(self, _interaction: Interaction, number: int) -> None:
        """They are all there."""
        self.number = min(max(number, 0), self.pages - 1)
