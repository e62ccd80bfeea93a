"""The form behind More… of the setup panel: prices and pictures."""

from dataclasses import replace
from typing import Any

import discord

from bot.administration.amounts import amount
from bot.client.reporter import ReportingModal
from bot.domain.guild import GuildChoices
from bot.domain.money import usd
from bot.domain.sentence import N_
from bot.locales import Translator
from cogs.video.form_rows import Caption
from cogs.video_admin.menus import Panel

LONGEST_AMOUNT = 20


class MoreForm(ReportingModal):
    """Asks above which price buttons ask first, who sees prices, and whose pictures may be animated."""

    def __init__(self, panel: Panel, choices: GuildChoices, translator: Translator) -> None:
        text = translator.text
        super().__init__(title=text(N_("More choices")))
        self._panel = panel
        above = choices.confirm_above
        self._amount: discord.ui.TextInput[MoreForm] = discord.ui.TextInput(
            default="" if above is None else f"{usd(above):f}", required=False, max_length=LONGEST_AMOUNT
        )
        self._prices: discord.ui.Checkbox[MoreForm] = discord.ui.Checkbox(default=choices.show_money)
        self._pictures: discord.ui.Checkbox[MoreForm] = discord.ui.Checkbox(default=choices.animate_any)
        labels: list[tuple[str, str, discord.ui.Item[MoreForm]]] = [
            (
                N_("Buttons ask first above (dollars)"),
                N_("Again, Remix and the like then show the price and ask once. Empty means never."),
                self._amount,
            ),
            (N_("Show prices to members"), N_("Otherwise they see how many videos they have left."), self._prices),
            (
                N_("Anybody's pictures may be animated"),
                N_("Otherwise members can animate pictures of their own only."),
                self._pictures,
            ),
        ]
        for label, description, item in labels:
            self.add_item(Caption(text(label), text(description)).over(item))

    async def on_submit(self, interaction: discord.Interaction[Any]) -> None:
        """Take over the choices. Raises UnknownAmountError."""
        above = amount(self._amount.value)
        prices, pictures = self._prices.value, self._pictures.value
        await self._panel.change(
            interaction,
            lambda choices: replace(choices, confirm_above=above, show_money=prices, animate_any=pictures),
        )
