"""What somebody has used up, and what is left."""

from collections.abc import Iterator

import discord

from bot.domain.sentence import N_, NN_, Instant
from bot.locales import Translator
from bot.orders.account import MemberUsage


def usage_card(usage: MemberUsage, translator: Translator) -> discord.ui.LayoutView:
    """The card, for this person's eyes."""
    title = N_("Your videos here") if usage.a_day is not None else N_("Your videos everywhere")
    text = "\n".join([f"## {translator.text(title)}", *_lines(usage, translator)])
    card: discord.ui.Container[discord.ui.LayoutView] = discord.ui.Container(discord.ui.TextDisplay(text))
    return discord.ui.LayoutView(timeout=None).add_item(card)


def _lines(usage: MemberUsage, translator: Translator) -> Iterator[str]:
    text = translator.text
    if usage.a_day is None:
        yield text(N_("Today: {used}"), used=usage.videos_today)
        yield text(N_("Running now: {running}"), running=usage.running)
    else:
        today = N_("Today: {used} of {limit}. The next day begins {tomorrow}.")
        yield text(today, used=usage.videos_today, limit=usage.a_day, tomorrow=Instant(usage.tomorrow))
        if usage.given_today:
            given = NN_(
                "{count} of them was given to you by a manager, for today.",
                "{count} of them were given to you by a manager, for today.",
            )
            yield text(given, count=usage.given_today)
        yield text(N_("Running now: {running} of {limit}"), running=usage.running, limit=usage.at_once or 0)
    yield text(N_("This month: {videos}"), videos=usage.videos_this_month)
    if usage.refunded_this_month:
        refunded = NN_("{count} more was refunded and doesn't count.", "{count} more were refunded and don't count.")
        yield text(refunded, count=usage.refunded_this_month)
    if usage.spent_this_month is not None:
        yield text(N_("Cost this month: {money}"), money=translator.money(usage.spent_this_month))
    if usage.given_this_month and usage.spent_this_month is None:
        yield text(N_("A manager lets you spend more than usual this month."))
    elif usage.given_this_month:
        money = translator.money(usage.given_this_month)
        yield text(N_("A manager lets you spend {money} more this month."), money=money)
