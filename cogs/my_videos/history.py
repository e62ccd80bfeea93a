"""Turning the pages of one's own videos, and having one shown again."""

from collections.abc import Iterable
from typing import Any

import discord

from bot.client.bot import ClapboardBot
from bot.domain.sentence import N_
from bot.locales import Translator
from bot.orders.history import Page
from cogs.cards import JobCards
from cogs.cards.history import history_options, history_texts
from cogs.cards.labels import Labels
from cogs.my_videos.show import show
from cogs.paging import Item, PagedList

Interaction = discord.Interaction[ClapboardBot]


async def open_history(interaction: Interaction, cards: JobCards) -> None:
    """Show the newest page to this person alone."""
    page = await interaction.client.services.history.page(interaction.user.id, 0)
    panel = HistoryPanel(interaction, page, cards)
    await interaction.response.send_message(view=panel, ephemeral=True)


class HistoryPanel(PagedList):
    """A page of videos, with a menu of those that can be shown again."""

    def __init__(self, shown_by: Interaction, page: Page, cards: JobCards) -> None:
        super().__init__(shown_by, Translator(shown_by.locale.value), pages=page.pages)
        self._page = page
        self._cards = cards
        self.draw()

    def items(self, *, closed: bool) -> Iterable[Item]:
        """The page's videos and the menu; in its place, once closed, how to come back."""
        labels = Labels(self._cards.catalogue, self.translator)
        yield discord.ui.Container(*(discord.ui.TextDisplay[Any](text) for text in history_texts(self._page, labels)))
        if closed:
            told = N_("These buttons are closed; /my-videos history opens new ones.")
            yield discord.ui.TextDisplay(self.translator.text(told))
            return
        options = history_options(self._page.jobs, labels)
        if options:
            menu = ShowMenu(self._cards, options, self.translator.text(N_("Show one again")))
            yield discord.ui.ActionRow(menu)

    async def load(self, interaction: Interaction, number: int) -> None:
        """Look the page up anew: there may be more or fewer by now."""
        self._page = await interaction.client.services.history.page(interaction.user.id, number)
        self.number, self.pages = self._page.number, self._page.pages


class ShowMenu(discord.ui.Select[discord.ui.LayoutView]):
    """Picks a video to be shown once more."""

    def __init__(self, cards: JobCards, options: list[discord.SelectOption], placeholder: str) -> None:
        super().__init__(placeholder=placeholder, options=options)
        self._cards = cards

    async def callback(self, interaction: discord.Interaction[Any]) -> None:
        """Show it."""
        await show(interaction, self._cards, self.values[0])
