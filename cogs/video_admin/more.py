"""The form behind More… of the setup panel: prices and pictures."""

from dataclasses import dataclass, replace

import discord

from bot.administration.amounts import amount, typed_dollars
from bot.domain.guild import GuildChoices
from bot.domain.sentence import N_
from cogs.video.form_rows import Caption, TextRow
from cogs.video_admin.pane import Drafting, Interaction, PaneForm

LONGEST_AMOUNT = 20


@dataclass(frozen=True, slots=True)
class More:
    """What stands in the form: above which price buttons ask, who sees prices, whose pictures may be animated."""

    above: str
    prices: bool
    pictures: bool

    @classmethod
    def of(cls, choices: GuildChoices) -> "More":
        """What is chosen."""
        return cls(typed_dollars(choices.confirm_above), choices.show_money, choices.animate_any)


class MoreForm(PaneForm):
    """Asks above which price buttons ask first, who sees prices, and whose pictures may be animated."""

    def __init__(self, panel: Drafting, more: More, *, again: bool = False) -> None:
        text = panel.translator.text
        super().__init__(panel, text(N_("More choices")), again=again)
        self._panel = panel
        asks = text(N_("Again, Remix and the like then show the price and ask once. Left empty: never."))
        caption = Caption(text(N_("Buttons ask first above (dollars)")), asks)
        self._amount = TextRow(caption, more.above, long=False, limit=LONGEST_AMOUNT)
        self._prices: discord.ui.Checkbox[MoreForm] = discord.ui.Checkbox(default=more.prices)
        self._pictures: discord.ui.Checkbox[MoreForm] = discord.ui.Checkbox(default=more.pictures)
        left = text(N_("Otherwise they see how many videos they have left."))
        own = text(N_("Otherwise members can animate pictures of their own only."))
        self.add_item(self._amount.item)
        self.add_item(Caption(text(N_("Show prices to members")), left).over(self._prices))
        self.add_item(Caption(text(N_("Anybody's pictures may be animated")), own).over(self._pictures))

    async def save(self, interaction: Interaction) -> None:
        """Take over the choices. Raises UnknownAmountError."""
        above, prices, pictures = amount(self._amount.typed), self._prices.value, self._pictures.value
        await self._panel.take(
            interaction,
            lambda choices: replace(choices, confirm_above=above, show_money=prices, animate_any=pictures),
        )

    def reopened(self) -> "MoreForm":
        """The form as it was filled in."""
        more = More(self._amount.typed, self._prices.value, self._pictures.value)
        return MoreForm(self._panel, more, again=True)
