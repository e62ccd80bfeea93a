"""Forms that end in an order, and the way back to them when the order is refused: nothing typed is lost."""

from abc import ABC, abstractmethod
from collections.abc import Callable, Sequence
from typing import Any

import discord

from bot.client.asker import asker_below, asker_of
from bot.client.bot import ClapboardBot
from bot.client.reporter import ReportingModal, ReportingView, report
from bot.domain.errors import ClapboardError
from bot.domain.job import Job
from bot.domain.sentence import N_
from bot.locales import Translator
from bot.orders.draft import Draft
from bot.orders.menu import Menu
from bot.policy.asker import Context
from cogs.video.confirm import order_asking_first
from cogs.video.form_rows import Row

CHANGE_WITHIN_SECONDS = 14 * 60
"""Discord lets an answer's token live for 15 minutes; nobody sees the button longer than it works."""

Interaction = discord.Interaction[ClapboardBot]


async def source_of(interaction: Interaction, job_id: str) -> tuple[Job, Menu]:
    """The video that a form is about, for somebody who may order and reuse it, and what they may choose.

    Its prompt is there if they may see that. The gate answers first; among direct messages the video says whose rules
    hold.
    """
    services, asker = interaction.client.services, asker_of(interaction)
    if asker.context is Context.DIRECT:
        job = await services.reuse.source(asker, job_id)
        return job, await services.orders.menu(await asker_below(interaction, job))
    menu = await services.orders.menu(asker)
    return await services.reuse.readable(asker, job_id), menu


class OrderForm(ReportingModal, ABC):
    """A form that ends in an order. A subclass says what was filled in, and makes itself anew with it."""

    def __init__(self, title: str, translator: Translator, rows: Sequence[Row]) -> None:
        super().__init__(title=title)
        self.translator = translator
        for row in rows:
            self.add_item(row)

    @abstractmethod
    def filled(self) -> Draft:
        """The order as it was filled in. Raises the refusal of what can't be read."""

    @abstractmethod
    def reopened(self, error: ClapboardError) -> "OrderForm":
        """The form with everything as it was filled in when it was refused."""

    async def order(self, interaction: Interaction, draft: Draft) -> None:
        """Order; a form asks once above the manager's amount."""
        await order_asking_first(interaction, draft, refused=self._refused)

    async def on_submit(self, interaction: discord.Interaction[Any], /) -> None:
        """Order, or say what is wrong and offer the form again."""
        try:
            await self.order(interaction, self.filled())
        except ClapboardError as error:
            await self._refused(interaction, error)

    async def _refused(self, interaction: Interaction, error: ClapboardError) -> None:
        await offer_again(interaction, error, lambda: self.reopened(error), self.translator)


class ChangeIt(ReportingView):
    """**Change it** below a refusal: opens the form again, as often as it is pressed."""

    def __init__(self, reopen: Callable[[], discord.ui.Modal], translator: Translator) -> None:
        super().__init__(timeout=CHANGE_WITHIN_SECONDS)
        self._reopen = reopen
        self.change.label = translator.text(N_("Change it"))

    @discord.ui.button(style=discord.ButtonStyle.primary)
    async def change(self, interaction: Interaction, _button: "discord.ui.Button[ChangeIt]") -> None:
        """Open the form again."""
        await interaction.response.send_modal(self._reopen())


async def offer_again(
    interaction: Interaction,
    error: ClapboardError,
    reopen: Callable[[], discord.ui.Modal],
    translator: Translator,
) -> None:
    """Tell a refusal privately, with the button that opens the form again; for forms that end in something else too."""
    await report(interaction, error, view=ChangeIt(reopen, translator))
