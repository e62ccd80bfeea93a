"""Turning the pages of one's own videos, and having one shown again."""

import secrets
from typing import Any

import discord
import structlog

from bot.client.bot import ClapboardBot
from bot.client.reporter import ReportingLayout
from bot.domain.sentence import N_
from bot.locales import Translator
from bot.orders.history import Page
from cogs.cards import JobCards
from cogs.cards.history import history_options, history_texts
from cogs.cards.labels import Labels
from cogs.my_videos.show import show
from cogs.unsent import UNSENT

OPEN_SECONDS = 600
"""Below the 15 minutes in which an ephemeral message can be changed."""

Interaction = discord.Interaction[ClapboardBot]
log = structlog.get_logger(__name__)


async def open_history(interaction: Interaction, cards: JobCards) -> None:
    """Show the newest page to this person alone."""
    page = await interaction.client.services.history.page(interaction.user.id, 0)
    panel = HistoryPanel(interaction, page, cards)
    await interaction.response.send_message(view=panel, ephemeral=True)


class HistoryPanel(ReportingLayout):
    """A page with its buttons. It is ephemeral: nobody but the person who opened it can press them."""

    def __init__(self, shown_by: Interaction, page: Page, cards: JobCards) -> None:
        super().__init__(timeout=OPEN_SECONDS)
        self._shown_by = shown_by
        self._page = page
        self._cards = cards
        self._translator = Translator(shown_by.locale.value)
        # The buttons keep their ids over every redrawing: a second press may be on its way while the first is shown.
        self._ids = secrets.token_hex(8)
        self._draw()

    def _draw(self, *, closed: bool = False) -> None:
        self.clear_items()
        labels = Labels(self._cards.catalogue, self._translator)
        texts = [discord.ui.TextDisplay[Any](text) for text in history_texts(self._page, labels)]
        self.add_item(discord.ui.Container(*texts))
        if closed:
            told = self._translator.text(N_("These buttons are closed; /my-videos history opens new ones."))
            self.add_item(discord.ui.TextDisplay(told))
            return
        options = history_options(self._page.jobs, labels)
        if options:
            menu = ShowMenu(self._cards, options, self._translator.text(N_("Show one again")))
            self.add_item(discord.ui.ActionRow(menu))
        if self._page.pages > 1:
            self.add_item(discord.ui.ActionRow(*self._turning()))

    def _turning(self) -> list["TurnButton"]:
        text, number, ids = self._translator.text, self._page.number, self._ids
        previous = TurnButton(self, -1, custom_id=f"{ids}:previous", label=text(N_("Previous")))
        following = TurnButton(self, 1, custom_id=f"{ids}:next", label=text(N_("Next")))
        previous.disabled, following.disabled = number == 0, number + 1 >= self._page.pages
        return [previous, following]

    async def turn(self, interaction: Interaction, by: int) -> None:
        """Show another page in the place of this one."""
        number = self._page.number + by
        self._page = await interaction.client.services.history.page(interaction.user.id, number)
        self._draw()
        await interaction.response.edit_message(view=self)
        self._shown_by = interaction

    async def on_timeout(self) -> None:
        """Take the buttons away, which would not be answered any more."""
        self._draw(closed=True)
        try:
            await self._shown_by.edit_original_response(view=self)
        except UNSENT as error:
            # The person may have dismissed it.
            log.info("history not closed", error=repr(error))


class TurnButton(discord.ui.Button[discord.ui.LayoutView]):
    """Turns so many pages on."""

    def __init__(self, panel: HistoryPanel, by: int, *, custom_id: str, label: str) -> None:
        super().__init__(style=discord.ButtonStyle.secondary, label=label, custom_id=custom_id)
        self._panel = panel
        self._by = by

    async def callback(self, interaction: discord.Interaction[Any]) -> None:
        """Turn."""
        await self._panel.turn(interaction, self._by)


class ShowMenu(discord.ui.Select[discord.ui.LayoutView]):
    """Picks a video to be shown once more."""

    def __init__(self, cards: JobCards, options: list[discord.SelectOption], placeholder: str) -> None:
        super().__init__(placeholder=placeholder, options=options)
        self._cards = cards

    async def callback(self, interaction: discord.Interaction[Any]) -> None:
        """Show it."""
        await show(interaction, self._cards, self.values[0])
