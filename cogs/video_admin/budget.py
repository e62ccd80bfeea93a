"""The panel of a server's budgets: what is spent, what may be spent, who is told in time."""

from collections.abc import Iterable, Iterator
from typing import Protocol

import discord

from bot.administration.amounts import dollars, typed_dollars
from bot.administration.budget import Budgeting, Funds
from bot.client.asker import asker_of
from bot.client.bot import ClapboardBot
from bot.domain.guild import GuildChoices
from bot.domain.sentence import N_, Instant, Mention
from bot.locales import Translator
from bot.policy.alerts import LEVELS
from cogs.paging import Item
from cogs.video.form_rows import Caption, TextRow
from cogs.video_admin.pane import FormHost, Pane, PaneButton, PaneForm, RolesMenu

Interaction = discord.Interaction[ClapboardBot]

LONGEST = 20
_DAY = N_("Dollars a day")
_MONTH = N_("Dollars a month")


async def open_budget(interaction: Interaction) -> None:
    """Show the panel to this manager alone. Raises ManagersOnlyError."""
    funds = await interaction.client.services.budgeting.current(asker_of(interaction))
    await interaction.response.send_message(view=BudgetPane(interaction, funds), ephemeral=True)


class BudgetPane(Pane):
    """The money of this server as it stands, and what can be chosen about it."""

    command = "/video-admin budget"

    def __init__(self, shown_by: Interaction, funds: Funds) -> None:
        super().__init__(shown_by, Translator(shown_by.locale.value), pages=1)
        self._server = shown_by.guild
        text = self.translator.text
        self._change = PaneButton(text(N_("Change budgets…")), self._ask, discord.ButtonStyle.primary)
        self._again = PaneButton(text(N_("Refresh")), self._look_again)
        self._role = RolesMenu(text(N_("No role is mentioned")), self._alert, least=0, most=1)
        self._know(funds)
        self.draw()

    def texts(self) -> Iterable[str]:
        """How the money stands."""
        yield "\n".join(funds_lines(self._funds, self.translator))

    def choices(self) -> Iterable[Item]:
        """The role that is told, and the form."""
        label = self.translator.text(N_("Role that budget alerts mention"))
        yield discord.ui.TextDisplay(f"**{label}**")
        yield discord.ui.ActionRow(self._role)
        yield discord.ui.ActionRow(self._change, self._again)

    async def load(self, interaction: Interaction, number: int) -> None:
        """Look the books up anew."""
        self._know(await _budgeting(interaction).current(asker_of(interaction)))
        self.said = ""

    async def limit(self, interaction: Interaction, day: int | None, month: int | None) -> None:
        """Save the budgets. Raises ManagersOnlyError and AboveCapError."""
        self._know(await _budgeting(interaction).limit(asker_of(interaction), day, month))
        self.said = self.translator.text(N_("Saved."))

    def _know(self, funds: Funds) -> None:
        self._funds = funds
        role_id, server = funds.guild.choices.alert_role_id, self._server
        known = role_id is not None and server is not None and server.get_role(role_id) is not None
        self._role.have_picked(frozenset({role_id} if known and role_id is not None else ()))

    async def _alert(self, interaction: Interaction, ids: frozenset[int]) -> None:
        role_id = next(iter(ids), None)
        self._know(await _budgeting(interaction).alert(asker_of(interaction), role_id))
        self.said = self.translator.text(N_("Saved."))
        await self.show(interaction)

    async def _look_again(self, interaction: Interaction) -> None:
        await self.turn(interaction, 0)

    async def _ask(self, interaction: Interaction) -> None:
        self._know(await _budgeting(interaction).current(asker_of(interaction)))
        choices = self._funds.guild.choices
        day, month = typed_dollars(choices.budget_day), typed_dollars(choices.budget_month)
        cap = self.translator.money(self._funds.cap)
        await interaction.response.send_modal(BudgetForm(self, day, month, cap, again=False))


class BudgetHost(FormHost, Protocol):
    """What the form belongs to, and takes over the budgets that were entered."""

    async def limit(self, interaction: Interaction, day: int | None, month: int | None) -> None:
        """Take over the budgets. Raises AboveCapError."""
        ...


class BudgetForm(PaneForm):
    """Asks what may be spent in a day and in a month."""

    def __init__(self, pane: BudgetHost, day: str, month: str, cap: str, *, again: bool) -> None:
        super().__init__(pane, pane.translator.text(N_("Budgets of this server")), again=again)
        self._budget, self._cap = pane, cap
        text = self.translator.text
        by_month = text(N_("Such as 5 or 0.50. Left empty: only the month limits."))
        by_cap = text(N_("At most {cap}, which the operator pays for. Left empty: as much as that."), cap=cap)
        self._day = TextRow(Caption(text(_DAY), by_month), day, long=False, limit=LONGEST)
        self._month = TextRow(Caption(text(_MONTH), by_cap), month, long=False, limit=LONGEST)
        self.add_item(self._day.item)
        self.add_item(self._month.item)

    async def save(self, interaction: Interaction) -> None:
        """Save the budgets."""
        day, month = dollars(_DAY, self._day.typed), dollars(_MONTH, self._month.typed)
        await self._budget.limit(interaction, day, month)

    def reopened(self) -> "BudgetForm":
        """The form as it was filled in."""
        return BudgetForm(self._budget, self._day.typed, self._month.typed, self._cap, again=True)


def funds_lines(funds: Funds, translator: Translator) -> Iterator[str]:
    """How a server's money stands, in words."""
    text, money, choices = translator.text, translator.money, funds.guild.choices
    yield f"## {text(N_('Budget'))}"
    today, month = funds.today, funds.this_month
    ends = Instant(today.until)
    if today.limit is None:
        told = N_("Today: {spent}, without a limit of its own. The next day begins {ends}.")
        yield text(told, spent=money(today.amount), ends=ends)
    else:
        told = N_("Today: {spent} of {limit}. The next day begins {ends}.")
        yield text(told, spent=money(today.amount), limit=money(today.limit), ends=ends)
    told = N_("This month: {spent} of {limit}. The next month begins {ends}, on {date}.")
    limit, date = money(month.limit or 0), Instant(month.until, "f")
    yield text(told, spent=money(month.amount), limit=limit, ends=Instant(month.until), date=date)
    yield text(N_("Days and months are those of the time zone {zone}."), zone=choices.time_zone)
    yield month_line(choices, funds.cap, translator)
    yield text(N_("When a budget is used up, nobody can order until its day or month ends."))
    yield from _alert_lines(funds, translator)


def budget_lines(choices: GuildChoices, cap: int, translator: Translator) -> Iterator[str]:
    """What a server may spend, in sentences among others."""
    if choices.budget_day is not None:
        yield translator.text(N_("This server may spend {limit} a day."), limit=translator.money(choices.budget_day))
    yield month_line(choices, cap, translator)


def month_line(choices: GuildChoices, cap: int, translator: Translator) -> str:
    """What a server may spend in a month, and what the operator pays for."""
    text, money = translator.text, translator.money
    if choices.budget_month is None:
        return text(
            N_("This server may spend {cap} a month, which the operator of this bot pays for. You can choose less."),
            cap=money(cap),
        )
    told = N_("This server may spend {limit} a month; the operator of this bot pays for up to {cap}.")
    return text(told, limit=money(choices.budget_month), cap=money(cap))


def _alert_lines(funds: Funds, translator: Translator) -> Iterator[str]:
    text, choices = translator.text, funds.guild.choices
    levels = tuple(f"{level} %" for level in LEVELS)
    if choices.log_channel_id is None:
        told = N_("Nobody is told at {levels}, because no log channel is chosen: see /video-admin setup.")
        yield text(told, levels=levels)
        return
    channel = Mention("channel", choices.log_channel_id)
    yield text(N_("At {levels} of a budget I tell it once in {channel}."), levels=levels, channel=channel)


def _budgeting(interaction: Interaction) -> Budgeting:
    return interaction.client.services.budgeting
