"""How a server and the gateways stand, with what an operator can do about it."""

from collections.abc import Iterable, Iterator
from functools import partial

import discord

from bot.administration.overview import Status
from bot.client.asker import asker_of
from bot.client.bot import ClapboardBot
from bot.domain.sentence import N_
from bot.locales import Translator
from cogs.cards.server_status import status_text
from cogs.paging import Item, PagedList
from cogs.video_admin.pane import PaneButton

Interaction = discord.Interaction[ClapboardBot]
MOST_BUTTONS = 5
"""A row of them; each that was pressed makes room for another."""


async def open_status(interaction: Interaction) -> None:
    """Show it to this manager alone. Raises ManagersOnlyError."""
    asker = asker_of(interaction)
    status = await interaction.client.services.overview.status(asker)
    retired = _retired(status) if asker.operates else ()
    await interaction.response.send_message(view=StatusPanel(interaction, status, retired), ephemeral=True)


class StatusPanel(PagedList):
    """The card; `retired`: gateways and endpoints that this person may have ordered there again."""

    def __init__(self, shown_by: Interaction, status: Status, retired: tuple[tuple[str, str], ...]) -> None:
        super().__init__(shown_by, Translator(shown_by.locale.value), pages=1, can_be_used=bool(retired))
        self._status, self._retired, self._said = status, retired, ""
        self.draw()

    def items(self, *, closed: bool) -> Iterable[Item]:
        """The text, and a button for each endpoint; once closed, how to come back."""
        catalogue = self._shown_by.client.services.catalogue
        text = status_text(self._status, self._shown_by.guild, catalogue, self.translator)
        shown = [text, *([self._said] if self._said and not closed else ())]
        yield discord.ui.Container(*(discord.ui.TextDisplay[discord.ui.LayoutView](each) for each in shown))
        if closed and self._retired:
            told = N_("These buttons are closed; /video-admin status opens new ones.")
            yield discord.ui.TextDisplay(self.translator.text(told))
        elif self._retired:
            yield discord.ui.ActionRow(*self._buttons())

    def _buttons(self) -> Iterator[PaneButton]:
        for gateway, slug in self._retired[:MOST_BUTTONS]:
            label = self.translator.text(N_("Order there again: {endpoint}"), endpoint=f"{gateway} {slug}")
            yield PaneButton(label, partial(self._order_again, gateway, slug))

    async def _order_again(self, gateway: str, slug: str, interaction: Interaction) -> None:
        """Raises OperatorsOnlyError."""
        services = interaction.client.services
        await services.retirements.end(asker_of(interaction), gateway, slug)
        await self.load(interaction, 0)
        if (gateway, slug) not in self._retired:
            told = N_("{gateway} gets orders for {model} again. If it refuses one, I tell you.")
            self._said = self.translator.text(told, gateway=gateway, model=services.catalogue.title_at(slug))
        await self.show(interaction)

    async def load(self, interaction: Interaction, number: int) -> None:
        """Look anew. Raises ManagersOnlyError for whoever is no manager any more."""
        self._status = await interaction.client.services.overview.status(asker_of(interaction))
        self._retired = _retired(self._status)


def _retired(status: Status) -> tuple[tuple[str, str], ...]:
    return tuple((condition.name, slug) for condition in status.conditions for slug in sorted(condition.retired))
