"""The panel of models: what each length costs here, which model is the usual one."""

from collections.abc import Iterable, Sequence
from typing import Any

import discord

from bot.administration.amounts import amount
from bot.administration.pricing import REMIX_WORD, PriceList, Pricing, length
from bot.catalogue.model import Model
from bot.client.asker import asker_of
from bot.client.bot import ClapboardBot
from bot.client.escape import plain
from bot.domain.sentence import N_
from bot.locales import Translator
from cogs.paging import Item
from cogs.video.form_rows import MOST_OPTIONS, OPTION_LIMIT, Caption, TextRow
from cogs.video_admin.pane import OneOfMenu, Pane, PaneButton, PaneForm
from cogs.video_admin.price_words import price_lines

Interaction = discord.Interaction[ClapboardBot]

PER_PAGE = 5
"""Each may have many prices, and Discord takes 4000 characters of a message."""
LONGEST = 20
_USUAL = "-"
"""The entry of the catalogue's own choice."""
_INTRODUCTION = N_(
    "What a video costs with the model's usual options. What has no price can't be ordered. You can set a price that "
    "is higher than the video service's, such as for a length that has none; where the service takes more, that counts."
)


async def open_models(interaction: Interaction) -> None:
    """Show the panel to this manager alone. Raises ManagersOnlyError."""
    prices = await interaction.client.services.pricing.current(asker_of(interaction))
    await interaction.response.send_message(view=ModelsPane(interaction, prices), ephemeral=True)


class ModelsPane(Pane):
    """The models on offer page by page, with their prices here."""

    command = "/video-admin models"

    def __init__(self, shown_by: Interaction, prices: PriceList) -> None:
        super().__init__(shown_by, Translator(shown_by.locale.value), pages=-(-len(prices.models) // PER_PAGE))
        self.catalogue = shown_by.client.services.catalogue
        text = self.translator.text
        self._usual = OneOfMenu(text(N_("Usual model")), self._choose)
        self._price = PaneButton(text(N_("Set a price…")), self._ask, discord.ButtonStyle.primary)
        self._know(prices)
        self.draw()

    def texts(self) -> Iterable[str]:
        """The models of the page."""
        text = self.translator.text
        yield f"## {text(N_('Models'))}\n{text(_INTRODUCTION)}"
        for model in self._page():
            yield "\n".join(price_lines(self._prices.of(model), self.translator))

    def choices(self) -> Iterable[Item]:
        """The usual model, and the form for prices."""
        label = self.translator.text(N_("Usual model, for whoever names none"))
        yield discord.ui.TextDisplay(f"**{label}**")
        yield discord.ui.ActionRow(self._usual)
        yield discord.ui.ActionRow(self._price)

    async def load(self, interaction: Interaction, number: int) -> None:
        """Look the prices up anew."""
        prices = await _pricing(interaction).current(asker_of(interaction))
        self.number, self.said = number, ""
        self._know(prices)

    async def price(self, interaction: Interaction, model_id: str, typed_length: str, typed_price: str) -> None:
        """Save a price as it was typed. Raises the refusal of what can't be read or is too cheap."""
        seconds = length(self.catalogue.get(model_id), typed_length)
        prices = await _pricing(interaction).price(asker_of(interaction), model_id, seconds, amount(typed_price))
        self._know(prices)
        self.said = self.translator.text(N_("Saved."))

    def offered(self) -> dict[str, str]:
        """The models of the page by id."""
        return {model.id: model.title for model in self._page()}

    def _page(self) -> Sequence[Model]:
        first = self.number * PER_PAGE
        return self._prices.models[first : first + PER_PAGE]

    def _know(self, prices: PriceList) -> None:
        self._prices, text = prices, self.translator.text
        chosen = prices.guild.choices.model_id
        usual = text(N_("The bot's own choice: {model}"), model=self.catalogue.default.title)
        # The chosen one is among the entries, however many models there are.
        models = sorted(prices.models, key=lambda model: model.id != chosen)
        names = {_USUAL: usual, **{model.id: model.title for model in models[: MOST_OPTIONS - 1]}}
        picked = chosen if chosen in names else _USUAL
        self._usual.options = [
            discord.SelectOption(label=plain(name, OPTION_LIMIT), value=id_, default=id_ == picked)
            for id_, name in names.items()
        ]

    async def _choose(self, interaction: Interaction, value: str) -> None:
        model_id = None if value == _USUAL else value
        self._know(await _pricing(interaction).choose(asker_of(interaction), model_id))
        self.said = self.translator.text(N_("Saved."))
        await self.show(interaction)

    async def _ask(self, interaction: Interaction) -> None:
        self._know(await _pricing(interaction).current(asker_of(interaction)))
        model_id = next(iter(self.offered()))
        await interaction.response.send_modal(PriceForm(self, model_id, "", "", again=False))


class PriceForm(PaneForm):
    """Asks for a model, a length and what it shall cost."""

    def __init__(self, pane: ModelsPane, model_id: str, seconds: str, price: str, *, again: bool) -> None:
        text = pane.translator.text
        super().__init__(pane, text(N_("Set a price")), again=again)
        self._models = pane
        names = pane.offered()
        options = [
            discord.SelectOption(label=plain(name, OPTION_LIMIT), value=id_, default=id_ == model_id)
            for id_, name in names.items()
        ]
        self._menu: discord.ui.Select[Any] = discord.ui.Select(options=options)
        which = text(N_("Such as 10, or {remix}. Left empty: each second of other lengths."), remix=REMIX_WORD)
        what = text(N_("Such as 0.50. Left empty: the price that was set is taken away."))
        self._length = TextRow(Caption(text(N_("Length in seconds")), which), seconds, long=False, limit=LONGEST)
        self._price = TextRow(Caption(text(N_("Dollars")), what), price, long=False, limit=LONGEST)
        self.add_item(Caption(text(N_("Model"))).over(self._menu))
        self.add_item(self._length.item)
        self.add_item(self._price.item)

    @property
    def _model_id(self) -> str:
        """What was picked; an empty one is no model."""
        return next(iter(self._menu.values), "")

    async def save(self, interaction: Interaction) -> None:
        """Save the price."""
        await self._models.price(interaction, self._model_id, self._length.typed, self._price.typed)

    def reopened(self) -> "PriceForm":
        """The form as it was filled in."""
        return PriceForm(self._models, self._model_id, self._length.typed, self._price.typed, again=True)


def _pricing(interaction: Interaction) -> Pricing:
    return interaction.client.services.pricing
