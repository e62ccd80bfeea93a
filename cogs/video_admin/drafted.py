"""The forms of limits and budgets on the setup panel, where they are in effect only with everything else."""

from dataclasses import replace

import discord

from bot.administration.budget import within
from bot.catalogue.catalogue import Catalogue
from bot.client.bot import ClapboardBot
from bot.domain.guild import GuildChoices
from bot.domain.tier import Tier
from bot.policy.limits import Budgets
from cogs.video_admin.limits_forms import Change
from cogs.video_admin.pane import Drafting

Interaction = discord.Interaction[ClapboardBot]


class Drafted:
    """Hands what is entered in those forms to the panel. Only the limits of `@everyone` are entered there."""

    def __init__(self, panel: Drafting, catalogue: Catalogue, budgets: Budgets) -> None:
        self._panel = panel
        self.translator = panel.translator
        self.catalogue = catalogue
        self.budgets = budgets
        self.show, self.show_above = panel.show, panel.show_above

    def is_everyone(self, _role_id: int) -> bool:
        """They always are."""
        return True

    async def change(self, interaction: Interaction, role_id: int, change: Change) -> None:
        """Take over a change of the limits."""

        def changed(choices: GuildChoices) -> GuildChoices:
            tier = change(choices.tiers.get(role_id, Tier()))
            return replace(choices, tiers={**choices.tiers, role_id: tier})

        await self._panel.take(interaction, changed)

    async def limit(self, interaction: Interaction, day: int | None, month: int | None) -> None:
        """Take over the budgets. Raises AboveCapError."""
        day, month = within(self.budgets, day), within(self.budgets, month)
        await self._panel.take(interaction, lambda choices: replace(choices, budget_day=day, budget_month=month))
