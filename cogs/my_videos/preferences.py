"""The panel on which somebody chooses for themselves; each choice is in effect at once."""

import secrets
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any

import discord
import structlog

from bot.catalogue.catalogue import Catalogue
from bot.catalogue.errors import UnknownModelError
from bot.catalogue.model import Model
from bot.client.bot import ClapboardBot
from bot.client.reporter import ReportingLayout
from bot.domain.preferences import Ping, Preferences
from bot.domain.sentence import N_
from bot.locales import Translator
from cogs.cards.labels import ORIENTATIONS
from cogs.unsent import UNSENT

OPEN_SECONDS = 600
MOST_OPTIONS = 25
NONE = "-"
"""The option of whoever does not want to choose."""

Interaction = discord.Interaction[ClapboardBot]
Change = Callable[[Preferences, str], Preferences]
log = structlog.get_logger(__name__)

_PINGS = {
    Ping.HERE: N_("In the channel, with a ping"),
    Ping.DIRECT: N_("As a direct message"),
    Ping.BOTH: N_("Both"),
    Ping.SILENT: N_("Neither: the video is posted without a ping"),
}


async def open_preferences(interaction: Interaction) -> None:
    """Show the panel to this person alone, with what they have chosen picked."""
    services = interaction.client.services
    chosen = await services.account.preferences(interaction.user.id)
    panel = PreferencesPanel(interaction, chosen, services.catalogue)
    await interaction.response.send_message(view=panel, ephemeral=True)


class PreferencesPanel(ReportingLayout):
    """Five menus. It is ephemeral: nobody but the person who opened it can use them."""

    def __init__(self, shown_by: Interaction, chosen: Preferences, catalogue: Catalogue) -> None:
        super().__init__(timeout=OPEN_SECONDS)
        self._shown_by = shown_by
        self._chosen = chosen
        self._catalogue = catalogue
        self._translator = Translator(shown_by.locale.value)
        # The menus keep their ids over every redrawing: a second choice may be on its way while the first is shown.
        self._ids = secrets.token_hex(8)
        self._draw()

    def _draw(self) -> None:
        self.clear_items()
        text = self._translator.text
        introduction = f"## {text(N_('Your preferences'))}\n{text(N_('They hold in every server, from now on.'))}"
        card: discord.ui.Container[discord.ui.LayoutView] = discord.ui.Container(discord.ui.TextDisplay(introduction))
        for number, (label, menu) in enumerate(self._menus()):
            menu.custom_id = f"{self._ids}:{number}"
            card.add_item(discord.ui.TextDisplay(f"**{text(label)}**"))
            card.add_item(discord.ui.ActionRow(menu))
        self.add_item(card)

    def _menus(self) -> Sequence[tuple[str, "ChoiceMenu"]]:
        text, chosen = self._translator.text, self._chosen
        model = _model(self._catalogue, chosen.model_id)
        pings = {str(ping): text(label) for ping, label in _PINGS.items()}
        others = {"yes": text(N_("Yes")), "no": text(N_("No"))}
        models = {NONE: text(N_("The usual one"))} | {each.id: each.title for each in self._catalogue.models}
        lengths = {NONE: text(N_("The model's own"))}
        lengths |= {str(length): self._translator.seconds(length) for length in model.durations.values}
        shapes = {NONE: text(N_("The model's own"))}
        shapes |= {shape: text(ORIENTATIONS.get(word, word)) for word, shape in model.orientations.items()}
        remixing = "yes" if chosen.others_may_remix else "no"
        return [
            (N_("How you are told that a video has ended"), ChoiceMenu(self, _with_ping, pings, chosen.ping)),
            (
                N_("Others may use Again, Remix and Edit prompt on your videos"),
                ChoiceMenu(self, _with_remixing, others, remixing),
            ),
            (N_("Model"), ChoiceMenu(self, _with_model, models, chosen.model_id or NONE)),
            (N_("Length"), ChoiceMenu(self, _with_duration, lengths, str(chosen.duration or NONE))),
            (N_("Orientation"), ChoiceMenu(self, _with_aspect, shapes, chosen.aspect or NONE)),
        ]

    async def change(self, interaction: Interaction, change: Callable[[Preferences], Preferences]) -> None:
        """Write a choice, and show the panel with it. Another panel may have changed something else meanwhile."""
        account = interaction.client.services.account
        self._chosen = change(await account.preferences(interaction.user.id))
        await account.prefer(interaction.user.id, self._chosen)
        self._draw()
        await interaction.response.edit_message(view=self)
        self._shown_by = interaction

    async def on_timeout(self) -> None:
        """Say that the panel is closed, in its place."""
        told = N_("This panel was closed. What you chose is in effect; /my-videos preferences opens it again.")
        card = discord.ui.LayoutView().add_item(discord.ui.TextDisplay(self._translator.text(told)))
        try:
            await self._shown_by.edit_original_response(view=card)
        except UNSENT as error:
            # The person may have dismissed it.
            log.info("panel not closed", error=repr(error))


class ChoiceMenu(discord.ui.Select[discord.ui.LayoutView]):
    """Picks one of a few; what was picked before and is no longer offered counts as not chosen."""

    def __init__(self, panel: PreferencesPanel, apply: Change, names: dict[str, str], picked: str) -> None:
        default = picked if picked in names else NONE
        options = [
            discord.SelectOption(label=name[:100], value=value, default=value == default)
            for value, name in names.items()
        ]
        super().__init__(options=options[:MOST_OPTIONS])
        self._panel = panel
        self._apply = apply

    async def callback(self, interaction: discord.Interaction[Any]) -> None:
        """Take over what was picked."""
        value = self.values[0]
        await self._panel.change(interaction, lambda chosen: self._apply(chosen, value))


def _model(catalogue: Catalogue, model_id: str | None) -> Model:
    try:
        return catalogue.default if model_id is None else catalogue.get(model_id)
    except UnknownModelError:
        # What somebody prefers may have been taken off the list since.
        return catalogue.default


def _with_ping(chosen: Preferences, value: str) -> Preferences:
    return replace(chosen, ping=Ping(value))


def _with_remixing(chosen: Preferences, value: str) -> Preferences:
    return replace(chosen, others_may_remix=value == "yes")


def _with_model(chosen: Preferences, value: str) -> Preferences:
    # Lengths and shapes are each model's own.
    return replace(chosen, model_id=_given(value), duration=None, aspect=None)


def _with_duration(chosen: Preferences, value: str) -> Preferences:
    return replace(chosen, duration=None if value == NONE else int(value))


def _with_aspect(chosen: Preferences, value: str) -> Preferences:
    return replace(chosen, aspect=_given(value))


def _given(value: str) -> str | None:
    return None if value == NONE else value
