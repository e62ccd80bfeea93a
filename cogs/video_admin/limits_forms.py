"""The two forms in which a role's limits are typed."""

from abc import ABC
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any, Protocol

import discord

from bot.administration.amounts import NO_LIMIT_WORDS, count, dollars, typed_count, typed_dollars
from bot.catalogue.catalogue import Catalogue
from bot.client.bot import ClapboardBot
from bot.client.escape import plain
from bot.domain.sentence import N_
from bot.domain.tier import ALL_MODELS, Tier
from cogs.video.form_rows import MOST_OPTIONS, OPTION_LIMIT, Caption, TextRow
from cogs.video_admin.pane import FormHost, PaneForm

Interaction = discord.Interaction[ClapboardBot]
Change = Callable[[Tier], Tier]
Typed = Mapping[str, str]
"""What stands in the rows, by the field of `Tier`."""

LONGEST = 20
_EVERY_MODEL = "*"
_VIDEOS = N_("Videos a day")
_AT_ONCE = N_("Videos at once")
_SECONDS = N_("Seconds of a video, at most")
_MONTH = N_("Dollars a month")
_ABOVE_SECONDS = N_("A manager approves above (seconds)")
_ABOVE_PRICE = N_("A manager approves above (dollars)")
_WRITE = N_("A number or {no_limit}. Left empty: as for everyone.")
_WRITE_AT_ONCE = N_("A number or {no_limit}. Left empty: 2, or as for everyone.")
_WRITE_AMOUNT = N_("Such as 5 or 0.50, or {no_limit}. Left empty: as for everyone.")
_FOR_EVERYONE = {
    "videos_a_day": N_("A number or {no_limit}. Left empty: 3."),
    "at_once": N_("A number or {no_limit}. Left empty: 1."),
}
_USUALLY_FREE = N_("A number or {no_limit}. Left empty: {no_limit}.")


def typed_of(tier: Tier) -> Typed:
    """A tier as it is typed."""
    counted = {name: typed_count(getattr(tier, name)) for name in ("videos_a_day", "at_once", "seconds")}
    paid = {name: typed_dollars(getattr(tier, name)) for name in ("month", "approval_price")}
    return {**counted, **paid, "approval_seconds": typed_count(tier.approval_seconds)}


class LimitsHost(FormHost, Protocol):
    """What the forms belong to, and takes over the limits that were entered."""

    @property
    def catalogue(self) -> Catalogue:
        """The models that can be chosen."""
        ...

    def is_everyone(self, role_id: int) -> bool:
        """Whether these limits are `@everyone`'s."""
        ...

    async def change(self, interaction: Interaction, role_id: int, change: Change) -> None:
        """Take over a change of a role's limits."""
        ...


class TierForm(PaneForm, ABC):
    """Rows of text about one role's limits."""

    def __init__(self, pane: LimitsHost, role_id: int, title: str, typed: Typed, *, again: bool) -> None:
        super().__init__(pane, title, again=again)
        self.limits, self.role_id, self.preset = pane, role_id, typed
        self._rows: dict[str, TextRow] = {}

    def ask(self, name: str, label: str, description: str) -> None:
        """Add a row for a field of the tier."""
        text = self.translator.text
        if self.limits.is_everyone(self.role_id):
            description = _FOR_EVERYONE.get(name, _USUALLY_FREE)
        caption = Caption(text(label), text(description, no_limit=NO_LIMIT_WORDS))
        row = TextRow(caption, self.preset[name], long=False, limit=LONGEST)
        self._rows[name] = row
        self.add_item(row.item)

    @property
    def typed(self) -> Typed:
        """What stands in the rows now."""
        return {**self.preset, **{name: row.typed for name, row in self._rows.items()}}


class AmountsForm(TierForm):
    """Asks how many videos, how long, for how much."""

    def __init__(self, pane: LimitsHost, role_id: int, title: str, typed: Typed, *, again: bool) -> None:
        super().__init__(pane, role_id, title, typed, again=again)
        self.ask("videos_a_day", _VIDEOS, _WRITE)
        self.ask("at_once", _AT_ONCE, _WRITE_AT_ONCE)
        self.ask("seconds", _SECONDS, _WRITE)
        self.ask("month", _MONTH, _WRITE_AMOUNT)

    async def save(self, interaction: Interaction) -> None:
        """Save the amounts; what the other form asks stays."""
        typed = self.typed
        videos, at_once = count(_VIDEOS, typed["videos_a_day"]), count(_AT_ONCE, typed["at_once"])
        seconds, month = count(_SECONDS, typed["seconds"]), dollars(_MONTH, typed["month"])

        def change(tier: Tier) -> Tier:
            return replace(tier, videos_a_day=videos, at_once=at_once, seconds=seconds, month=month)

        await self.limits.change(interaction, self.role_id, change)

    def reopened(self) -> "AmountsForm":
        """The form as it was filled in."""
        return AmountsForm(self.limits, self.role_id, self.title, self.typed, again=True)


class ApprovalForm(TierForm):
    """Asks what a manager has to approve, and with which models videos may be made."""

    def __init__(
        self,
        pane: LimitsHost,
        role_id: int,
        title: str,
        typed: Typed,
        models: frozenset[str] | None,
        *,
        again: bool,
    ) -> None:
        super().__init__(pane, role_id, title, typed, again=again)
        self.ask("approval_seconds", _ABOVE_SECONDS, _WRITE)
        self.ask("approval_price", _ABOVE_PRICE, _WRITE_AMOUNT)
        self._before = models or frozenset()
        self._offered = _offered(self.limits.catalogue, self._before)
        text, preset = self.translator.text, self._before
        names = {_EVERY_MODEL: text(N_("Every model, also future ones")), **self._offered}
        options = [
            discord.SelectOption(label=plain(name, OPTION_LIMIT), value=id_, default=id_ in preset)
            for id_, name in names.items()
        ]
        self._menu: discord.ui.Select[Any] = discord.ui.Select(
            options=options, required=False, min_values=0, max_values=len(options)
        )
        unsaid = N_("None chosen: every model.") if pane.is_everyone(role_id) else N_("None chosen: as for everyone.")
        self.add_item(Caption(text(N_("Models")), text(unsaid)).over(self._menu))

    @property
    def _models(self) -> frozenset[str] | None:
        picked = frozenset(self._menu.values)
        if picked >= ALL_MODELS:
            return ALL_MODELS
        # More models than a menu can offer: those stay as they are.
        known = {model.id for model in self.limits.catalogue.models}
        return picked | ((self._before & known) - self._offered.keys()) or None

    async def save(self, interaction: Interaction) -> None:
        """Save approval and models; what the other form asks stays."""
        typed, models = self.typed, self._models
        seconds = count(_ABOVE_SECONDS, typed["approval_seconds"], least=0)
        price = dollars(_ABOVE_PRICE, typed["approval_price"], least=0)

        def change(tier: Tier) -> Tier:
            return replace(tier, approval_seconds=seconds, approval_price=price, models=models)

        await self.limits.change(interaction, self.role_id, change)

    def reopened(self) -> "ApprovalForm":
        """The form as it was filled in."""
        return ApprovalForm(self.limits, self.role_id, self.title, self.typed, self._models, again=True)


def _offered(catalogue: Catalogue, chosen: frozenset[str]) -> dict[str, str]:
    """The models that a menu offers beside the entry for all of them; chosen ones come first."""
    models = sorted(catalogue.models, key=lambda model: model.id not in chosen)
    return {model.id: model.title for model in models[: MOST_OPTIONS - 1]}
