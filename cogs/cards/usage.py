"""What somebody has used up, and what is left."""

from collections.abc import Iterator

import discord

from bot.domain.sentence import N_, NN_, Instant
from bot.domain.tier import NO_LIMIT
from bot.locales import Translator
from bot.orders.account import MemberUsage
from cogs.cards.labels import used_of


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
        yield text(N_("On their way now: {running}"), running=usage.running)
    else:
        today = used_of(usage.videos_today, usage.a_day, translator)
        yield text(N_("Today: {used}. The next day begins {tomorrow}."), used=today, tomorrow=Instant(usage.tomorrow))
        if usage.given_today and usage.a_day < NO_LIMIT:
            given = NN_(
                "{count} of the {limit} was given to you by a manager, for today.",
                "{count} of the {limit} were given to you by a manager, for today.",
            )
            yield text(given, count=usage.given_today, limit=usage.a_day)
        yield text(N_("On their way now: {running}"), running=used_of(usage.running, usage.at_once or 0, translator))
    yield text(N_("This month: {videos}"), videos=usage.videos_this_month)
    if usage.refunded_this_month:
        given_back = NN_(
            "{count} more was given back and doesn't count.", "{count} more were given back and don't count."
        )
        yield text(given_back, count=usage.refunded_this_month)
    if usage.spent_this_month is not None:
        yield _cost(usage.spent_this_month, usage.month_limit, translator)
    elif usage.month_percent is not None:
        used = N_("{percent} % of your video budget for this month is used.")
        yield text(used, percent=usage.month_percent)
    yield from _given_money(usage, translator)


def _given_money(usage: MemberUsage, translator: Translator) -> Iterator[str]:
    text, money = translator.text, translator.money
    if not usage.given_this_month:
        return
    if usage.spent_this_month is None:
        yield text(N_("A manager lets you spend more than usual this month."))
    elif usage.month_limit is None:
        yield text(N_("A manager lets you spend {money} more this month."), money=money(usage.given_this_month))
    else:
        given = N_("{money} of the {limit} were given to you by a manager, for this month.")
        yield text(given, money=money(usage.given_this_month), limit=money(usage.month_limit))


def _cost(spent: int, limit: int | None, translator: Translator) -> str:
    money = translator.money(spent)
    if limit is None:
        return translator.text(N_("Cost this month: {money}"), money=money)
    return translator.text(N_("Cost this month: {money} of {limit}"), money=money, limit=translator.money(limit))
