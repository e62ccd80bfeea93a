"""The server's videos on their way, page by page."""

from collections.abc import Iterable

import discord

from bot.administration.oversight import Waiting
from bot.client.asker import asker_of
from bot.client.bot import ClapboardBot
from bot.domain.sentence import N_
from bot.locales import Translator
from cogs.cards import JobCards
from cogs.paging import Item, PagedList

Interaction = discord.Interaction[ClapboardBot]


async def open_queue(interaction: Interaction, cards: JobCards) -> None:
    """Show the oldest page to this moderator alone."""
    page = await interaction.client.services.oversight.queue(asker_of(interaction), 0)
    await interaction.response.send_message(view=QueuePanel(interaction, page, cards), ephemeral=True)


class QueuePanel(PagedList):
    """A page of videos on their way."""

    def __init__(self, shown_by: Interaction, page: Waiting, cards: JobCards) -> None:
        translator = Translator(shown_by.locale.value)
        super().__init__(shown_by, translator, pages=page.pages, can_be_used=page.pages > 1)
        self._page = page
        self._cards = cards
        self._locale = shown_by.locale.value
        self.draw()

    def items(self, *, closed: bool) -> Iterable[Item]:
        """The page's videos, and how to get on."""
        page = self._page
        parts: list[Item] = [discord.ui.TextDisplay(self._cards.server_queue(page, self._locale))]
        if page.pages > 1:
            number = self.translator.text(N_("page {page} of {pages}"), page=page.number + 1, pages=page.pages)
            parts.append(discord.ui.TextDisplay(f"-# {number}"))
        yield discord.ui.Container(*parts)
        if closed:
            told = N_("These buttons are closed; /video-mod queue opens new ones.")
            yield discord.ui.TextDisplay(self.translator.text(told))

    async def load(self, interaction: Interaction, number: int) -> None:
        """Look the page up anew. Raises ModeratorsOnlyError for whoever is no moderator any more."""
        self._page = await interaction.client.services.oversight.queue(asker_of(interaction), number)
        self.number, self.pages = self._page.number, self._page.pages
