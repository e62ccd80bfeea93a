"""The panel on which a manager sets a server up; seen by that person alone, with the present choices picked."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace

import discord
import structlog

from bot.administration.amounts import typed_dollars
from bot.administration.setup import NOBODY, Introduction, require_possible
from bot.client.asker import asker_of
from bot.client.bot import ClapboardBot
from bot.client.refusals import FormTooOldError
from bot.client.reporter import ReportingLayout, ReportingModal
from bot.domain.guild import Guild, GuildChoices
from bot.domain.sentence import N_
from bot.domain.tier import Tier
from bot.locales import Translator
from cogs.unsent import UNSENT
from cogs.video_admin.budget import BudgetForm
from cogs.video_admin.drafted import Drafted
from cogs.video_admin.limits_forms import AmountsForm, ApprovalForm, typed_of
from cogs.video_admin.more import More, MoreForm
from cogs.video_admin.pane import PaneButton
from cogs.video_admin.report import Offer, Report
from cogs.video_admin.results import ResultsForm, ticked_in
from cogs.video_admin.steps import Step, channels_step, log_step, roles_step
from cogs.video_admin.trial import try_out
from cogs.video_admin.zone import ZoneForm

Interaction = discord.Interaction[ClapboardBot]
log = structlog.get_logger(__name__)

_PLAIN, _FORWARD = discord.ButtonStyle.secondary, discord.ButtonStyle.primary
_TIMED_OUT = N_(
    "This panel was closed because nothing was pressed for a while. What was not saved is not in effect; "
    "`/video-admin setup` opens it again."
)


class SetupPanel(ReportingLayout):
    """Collects choices in three steps; nothing is in effect until **Save**.

    Every press asks anew whether the person may.
    """

    def __init__(
        self, opened_by: Interaction, saved: Guild, languages: Iterable[str], translator: Translator, *, timeout: float
    ) -> None:
        super().__init__(timeout=timeout)
        self._shown_by = opened_by
        self._saved, self._choices = saved, saved.choices
        self.translator = translator
        services = opened_by.client.services
        self._drafted = Drafted(self, services.catalogue, services.administration.budgets)
        self._zone = PaneButton("", self._ask_time_zone)
        self._steps = self._all_steps({*languages, saved.choices.locale})
        self._step = 0
        self._draw()

    def _all_steps(self, languages: Iterable[str]) -> Sequence[Step]:
        text, translator = self.translator.text, self.translator
        amounts = PaneButton(text(N_("Everyone's amounts…")), self._ask_amounts)
        approval = PaneButton(text(N_("Everyone's approval and models…")), self._ask_approval)
        budget = PaneButton(text(N_("Budget…")), self._ask_budget)
        more = PaneButton(text(N_("More…")), self._ask_more)
        results = PaneButton(text(N_("Results…")), self._ask_results)
        return (
            channels_step(self, translator, [[self._next(1), self._saving(_PLAIN)]]),
            roles_step(
                self,
                translator,
                [[amounts, approval, budget], [self._back(0), self._next(2), self._saving(_PLAIN)]],
                self._drafted.catalogue,
                self._drafted.budgets.guild_month,
            ),
            log_step(
                self,
                translator,
                [[self._zone, more, results], [self._back(1), self._saving(_FORWARD)]],
                languages,
            ),
        )

    def _turning(self, step: int, label: str, style: discord.ButtonStyle) -> PaneButton:
        # To a step by its number: a second press that is on its way already leads to the same.
        async def turn(interaction: Interaction) -> None:
            await self._require_manager(interaction)
            self._step = step
            await self.show(interaction)

        return PaneButton(self.translator.text(label), turn, style)

    def _next(self, step: int) -> PaneButton:
        return self._turning(step, N_("Next"), _FORWARD)

    def _back(self, step: int) -> PaneButton:
        return self._turning(step, N_("Back"), _PLAIN)

    def _saving(self, style: discord.ButtonStyle) -> PaneButton:
        return PaneButton(self.translator.text(N_("Save")), self._save, style)

    def _draw(self) -> None:
        self._zone.label = self.translator.text(N_("Time zone: {zone}"), zone=self._choices.time_zone)
        self.clear_items()
        chosen = replace(self._saved, choices=self._choices)
        for item in self._steps[self._step].items(chosen, self._shown_by.guild):
            self.add_item(item)

    async def show(self, interaction: Interaction) -> None:
        """Draw the panel anew, as the answer to what was pressed or sent."""
        self._draw()
        await interaction.response.edit_message(view=self)
        self._shown_by = interaction

    async def show_above(self, interaction: Interaction) -> None:
        """Draw the panel anew, for a form that was opened below it once more: that message ends with a word."""
        told = N_("The panel above shows it. It is in effect once you press **Save** there.")
        await interaction.response.edit_message(content=self.translator.text(told), view=None)
        self._draw()
        await self._replace(self._shown_by, self)

    async def take(self, interaction: Interaction, change: Callable[[GuildChoices], GuildChoices]) -> None:
        """Take over a choice. Raises ManagersOnlyError, FormTooOldError once closed, and what makes it impossible."""
        await self._require_manager(interaction)
        if self.is_finished():
            raise FormTooOldError
        choices = change(self._choices)
        require_possible(self._saved.id, choices)
        self._choices = choices

    async def change(self, interaction: Interaction, change: Callable[[GuildChoices], GuildChoices]) -> None:
        """Take over a choice and show the panel with it. Raises what `take` raises."""
        await self.take(interaction, change)
        await self.show(interaction)

    async def _ask_amounts(self, interaction: Interaction) -> None:
        await self._open(
            interaction,
            AmountsForm(self._drafted, self._saved.id, self._limits_of_everyone, typed_of(self._everyone), again=False),
        )

    async def _ask_approval(self, interaction: Interaction) -> None:
        tier = self._everyone
        form = ApprovalForm(
            self._drafted, self._saved.id, self._limits_of_everyone, typed_of(tier), tier.models, again=False
        )
        await self._open(interaction, form)

    async def _ask_budget(self, interaction: Interaction) -> None:
        day, month = typed_dollars(self._choices.budget_day), typed_dollars(self._choices.budget_month)
        cap = self.translator.money(self._drafted.budgets.guild_month)
        await self._open(interaction, BudgetForm(self._drafted, day, month, cap, again=False))

    @property
    def _everyone(self) -> Tier:
        return self._choices.tiers.get(self._saved.id, Tier())

    @property
    def _limits_of_everyone(self) -> str:
        text = self.translator.text
        return text(N_("Limits: {role}"), role=text(N_("everyone")))

    async def _ask_time_zone(self, interaction: Interaction) -> None:
        await self._open(interaction, ZoneForm(self, self._choices.time_zone))

    async def _ask_more(self, interaction: Interaction) -> None:
        await self._open(interaction, MoreForm(self, More.of(self._choices)))

    async def _ask_results(self, interaction: Interaction) -> None:
        await self._open(interaction, ResultsForm(self, ticked_in(self._choices)))

    async def _open(self, interaction: Interaction, form: ReportingModal) -> None:
        await self._require_manager(interaction)
        await interaction.response.send_modal(form)

    async def _require_manager(self, interaction: Interaction) -> None:
        await interaction.client.services.administration.current(asker_of(interaction))

    async def _save(self, interaction: Interaction) -> None:
        """Put the choices into effect and say in words what holds now."""
        administration, guild = interaction.client.services.administration, interaction.guild
        about = NOBODY if guild is None else Introduction(guild.name, guild.member_count)
        saved = await administration.set_up(
            asker_of(interaction), self._choices, seen=self._saved.choices, introduction=about
        )
        self.stop()
        drafted, tiers = self._drafted, interaction.client.services.tiers
        offer = Offer(drafted.catalogue, drafted.budgets.guild_month, tiers.default_roles)
        report = Report(saved, guild, self.translator, offer)
        await interaction.response.edit_message(view=report.card())
        if report.to_try:
            # Answered first: this can take longer than the 3 s in which an answer has to come.
            outcomes = await try_out(interaction.client, report.to_try, saved.choices.locale)
            await self._replace(interaction, report.card(outcomes))

    async def on_timeout(self) -> None:
        """Say that the panel is closed, in its place."""
        card = discord.ui.LayoutView().add_item(discord.ui.TextDisplay(self.translator.text(_TIMED_OUT)))
        await self._replace(self._shown_by, card)

    @staticmethod
    async def _replace(shown_by: Interaction, card: discord.ui.LayoutView) -> None:
        try:
            await shown_by.edit_original_response(view=card)
        except UNSENT as error:
            # The person may have dismissed it.
            log.info("panel not replaced", error=repr(error))
