"""What is told that is about no job: to managers in their log channel, to the operators in direct messages."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from typing import TypeVar

import discord
from pydantic import TypeAdapter

from bot.catalogue.catalogue import Catalogue
from bot.client.cards import NoticePost
from bot.client.escape import escape, units
from bot.domain.audit import Action
from bot.domain.guild import GuildChoices
from bot.domain.notice import (
    BudgetReached,
    Changed,
    GatewayTrouble,
    Notice,
    NoticeKind,
    ProcessBudgetReached,
    PromptsDeclined,
    ServerAsks,
    ServingDecided,
)
from bot.domain.sentence import N_, NN_, Instant, Mention
from bot.locales import Translator
from cogs.cards.changes import Changes
from cogs.retirements import retired_post
from cogs.serving import asking_post

LAYOUT_LIMIT = 3900
NAME_LIMIT = 100
OPERATORS_LOCALE = "en-US"
"""Nobody knows an operator's language before they have pressed something."""
T = TypeVar("T")

_FULL = 100
_REACHED = {
    "day": N_("{level} % of today's budget is used: {spent} of {limit}."),
    "month": N_("{level} % of this month's budget is used: {spent} of {limit}."),
}
_NOT_FITTING = {
    "day": N_("An order did not fit into today's budget any more: {spent} of {limit} is used."),
    "month": N_("An order did not fit into this month's budget any more: {spent} of {limit} is used."),
}
_BAD_KEY = N_(
    "{gateway} refuses its key, so it gets no orders. Please renew {setting} and restart me. "
    "If there is another video service, orders go there meanwhile."
)
_NO_CREDIT = N_(
    "The account at {gateway} is empty, so it gets no orders. Please top it up; I try it again every 15 minutes. "
    "If there is another video service, orders go there meanwhile."
)
_COMMANDS = {
    Action.SETUP: "`/video-admin setup`",
    Action.LIMITS: "`/video-admin limits`",
    Action.BUDGET: "`/video-admin budget`",
    Action.MODELS: "`/video-admin models`",
    Action.WORDS: "`/video-mod words`",
    Action.PAUSE: "`/video-mod pause`",
    Action.RESUME: "`/video-mod resume`",
}


@dataclass(frozen=True, slots=True)
class NoticeCards:
    """Draws notices; implements `bot.client.cards.NoticeCards`."""

    catalogue: Catalogue

    def notice(self, notice: Notice, choices: GuildChoices | None = None) -> NoticePost:
        """The message, in the language of the server that it is for."""
        translator = Translator(OPERATORS_LOCALE if choices is None else choices.locale)
        if notice.kind is NoticeKind.CHANGED:
            changes = Changes(notice.guild_id, self.catalogue, translator)
            return NoticePost(None, _changed(_about(notice, Changed), changes))
        return _DRAWN[notice.kind](notice, translator, choices or GuildChoices())


def _changed(changed: Changed, changes: Changes) -> discord.ui.LayoutView:
    """Who has changed what, each choice before and after."""
    text, who = changes.translator.text, Mention("user", changed.actor)
    command = _COMMANDS.get(changed.action)
    told = N_("{actor} has changed settings.") if command is None else N_("{actor} has changed settings: {command}")
    lines = [f"## {text(N_('Settings changed'))}", text(told, actor=who, command=command or "")]
    used, every = sum(map(units, lines)), list(changes.lines(changed.before, changed.after))
    for index, line in enumerate(every):
        used += units(line) + 1
        if used > LAYOUT_LIMIT:
            lines.append(text(NN_("{count} more", "{count} more"), count=len(every) - index))
            break
        lines.append(line)
    card: discord.ui.Container[discord.ui.LayoutView] = discord.ui.Container(discord.ui.TextDisplay("\n".join(lines)))
    return discord.ui.LayoutView(timeout=None).add_item(card)


def _budget(notice: Notice, translator: Translator, choices: GuildChoices) -> NoticePost:
    """How much of a budget is spent, with the mention of whom it concerns."""
    reached = _about(notice, BudgetReached)
    fits_not = reached.level >= _FULL and reached.spent < reached.limit
    told = (_NOT_FITTING if fits_not else _REACHED)[reached.period]
    spent, limit = translator.money(reached.spent), translator.money(reached.limit)
    parts = [translator.text(told, level=reached.level, spent=spent, limit=limit)]
    until = Instant(reached.until, "f")
    if fits_not:
        parts.append(translator.text(N_("What costs more than is left can be ordered again {until}."), until=until))
    elif reached.level >= _FULL:
        parts.append(translator.text(N_("New orders pause until {until}."), until=until))
    if choices.alert_role_id is not None:
        parts.insert(0, translator.text("{role}", role=Mention("role", choices.alert_role_id)))
    return NoticePost(" ".join(parts))


def _declined(notice: Notice, translator: Translator, _choices: GuildChoices) -> NoticePost:
    """Whose prompts were declined too often for a day."""
    about = _about(notice, PromptsDeclined)
    told = NN_(
        "{count} prompt of {member} was declined today. They can't make videos until {until}.",
        "{count} prompts of {member} were declined today. They can't make videos until {until}.",
    )
    member, until = Mention("user", about.member), Instant(about.until, "f")
    return NoticePost(translator.text(told, count=about.count, member=member, until=until))


def _served(notice: Notice, translator: Translator, _choices: GuildChoices) -> NoticePost:
    """What an operator has decided; it is also told in person, so the server is named."""
    about = _about(notice, ServingDecided)
    told = (
        N_("The operator of this bot has approved **{server}**: videos can be made there now.")
        if about.approved
        else N_("The operator of this bot has declined to serve **{server}**, so no videos can be made there.")
    )
    return NoticePost(translator.text(told, server=escape(about.name, NAME_LIMIT, max_lines=1)))


def _asks(notice: Notice, translator: Translator, _choices: GuildChoices) -> NoticePost:
    return asking_post(_about(notice, ServerAsks), translator)


def _retired(notice: Notice, translator: Translator, _choices: GuildChoices) -> NoticePost:
    return retired_post(_about(notice, GatewayTrouble), translator)


def _gateway(told: str, notice: Notice, translator: Translator, _choices: GuildChoices) -> NoticePost:
    """What is wrong with a gateway, and what to do."""
    about = _about(notice, GatewayTrouble)
    setting = f"`{about.gateway.upper()}_API_KEY`"
    return NoticePost(translator.text(told, gateway=escape(about.gateway, NAME_LIMIT), setting=setting))


def _process_budget(notice: Notice, translator: Translator, _choices: GuildChoices) -> NoticePost:
    about = _about(notice, ProcessBudgetReached)
    told = N_(
        "An order did not fit into BUDGET_USD_PER_DAY ({limit}) any more. "
        "What costs more than is left can be ordered again {until}."
    )
    return NoticePost(translator.text(told, limit=translator.money(about.limit), until=Instant(about.until, "f")))


def _about(notice: Notice, form: type[T]) -> T:
    return TypeAdapter(form).validate_python(notice.about)


_DRAWN: Mapping[NoticeKind, Callable[[Notice, Translator, GuildChoices], NoticePost]] = {
    NoticeKind.BUDGET: _budget,
    NoticeKind.DECLINED_PROMPTS: _declined,
    NoticeKind.SERVED: _served,
    NoticeKind.APPROVE_SERVER: _asks,
    NoticeKind.PROCESS_BUDGET: _process_budget,
    NoticeKind.BAD_KEY: partial(_gateway, _BAD_KEY),
    NoticeKind.NO_CREDIT: partial(_gateway, _NO_CREDIT),
    NoticeKind.MODEL_RETIRED: _retired,
}
