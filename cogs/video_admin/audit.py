"""Turning the pages of a server's record."""

from collections.abc import Iterable
from typing import Any

import discord

from bot.administration.overview import ActsPage
from bot.client.asker import asker_of
from bot.client.bot import ClapboardBot
from bot.domain.sentence import N_
from bot.locales import Translator
from cogs.cards.audit import audit_texts
from cogs.cards.changes import Changes
from cogs.paging import Item, PagedList

Interaction = discord.Interaction[ClapboardBot]


async def open_audit(interaction: Interaction) -> None:
    """Show the newest page to this manager alone."""
    page = await interaction.client.services.overview.acts(asker_of(interaction), 0)
    await interaction.response.send_message(view=AuditPanel(interaction, page), ephemeral=True)


class AuditPanel(PagedList):
    """A page of what was done in the server."""

    def __init__(self, shown_by: Interaction, page: ActsPage) -> None:
        translator = Translator(shown_by.locale.value)
        super().__init__(shown_by, translator, pages=page.pages, can_be_used=page.pages > 1)
        self._page = page
        self._changes = Changes(shown_by.guild_id or 0, shown_by.client.services.catalogue, translator)
        self.draw()

    def items(self, *, closed: bool) -> Iterable[Item]:
        """The page's lines; once closed, how to come back."""
        texts = audit_texts(self._page, self._changes)
        yield discord.ui.Container(*(discord.ui.TextDisplay[Any](text) for text in texts))
        if closed:
            told = N_("These buttons are closed; /video-admin audit opens new ones.")
            yield discord.ui.TextDisplay(self.translator.text(told))

    async def load(self, interaction: Interaction, number: int) -> None:
        """Look the page up anew. Raises ManagersOnlyError for whoever is no manager any more."""
        self._page = await interaction.client.services.overview.acts(asker_of(interaction), number)
        self.number, self.pages = self._page.number, self._page.pages
