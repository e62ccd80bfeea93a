"""The form that asks what shall change in a finished video."""

import discord

from bot.client.bot import ClapboardBot
from bot.client.escape import plain
from bot.domain.errors import ClapboardError
from bot.domain.job import Job
from bot.domain.sentence import N_
from bot.locales import Translator
from bot.orders import reuse
from bot.orders.draft import Draft
from bot.orders.menu import Estimate
from cogs.cards.labels import SEPARATOR
from cogs.video.form import OrderForm, source_of
from cogs.video.form_rows import Caption
from cogs.video.names import about

PROMPT_LIMIT = 4000
PLACEHOLDER_LIMIT = 100

Interaction = discord.Interaction[ClapboardBot]


async def open_form(interaction: Interaction, job_id: str) -> None:
    """Open the form for a video that the presser may remix; raises the refusal before anything is typed."""
    job, menu = await source_of(interaction, job_id)
    reuse.require_original(job, interaction.client.services.catalogue)
    price = menu.estimate(menu.model(job.model_id, remix=True), reuse.remix(job, ""))
    await interaction.response.send_modal(RemixForm(job, Translator(interaction.locale.value), price=price))


class RemixForm(OrderForm):
    """One field: the prompt of the remix. The original's prompt stands in it until something is typed."""

    def __init__(
        self, original: Job, translator: Translator, typed: str = "", *, price: Estimate | None = None
    ) -> None:
        self._original = original
        self._price = price
        self._prompt: discord.ui.TextInput[RemixForm] = discord.ui.TextInput(
            style=discord.TextStyle.paragraph,
            placeholder=plain(original.request.prompt, PLACEHOLDER_LIMIT) or None,
            default=typed or None,
            max_length=PROMPT_LIMIT,
        )
        explained = translator.text(N_("Everything else stays as it is in the original."))
        if price is not None:
            explained = SEPARATOR.join((explained, about(price.units, translator)))
        caption = Caption(translator.text(N_("What shall change")), explained)
        title = translator.text(N_("Remix {video}"), video=original.id)
        super().__init__(title, translator, [caption.over(self._prompt)])

    def filled(self) -> Draft:
        """The remix as it was asked for; the right to it is checked anew with the order."""
        return reuse.remix(self._original, self._prompt.value)

    def reopened(self, _error: ClapboardError) -> OrderForm:
        """The form with what was typed."""
        return RemixForm(self._original, self.translator, self._prompt.value, price=self._price)
