"""What a member, or a whole server, has used, as its moderators see it."""

from collections.abc import Iterator

import discord

from bot.administration.oversight import UsageHere, UsageOf
from bot.domain.sentence import N_, NN_, Instant, Mention, Plural
from bot.domain.tier import NO_LIMIT
from bot.locales import Translator
from cogs.cards.labels import SEPARATOR, used_of


def member_usage_card(usage: UsageOf, translator: Translator) -> discord.ui.LayoutView:
    """A member's sums and limits."""
    return _card(_of_member(usage, translator))


def server_usage_card(usage: UsageHere, translator: Translator) -> discord.ui.LayoutView:
    """Who has spent most this month."""
    return _card(_of_server(usage, translator))


def _of_member(usage: UsageOf, translator: Translator) -> Iterator[str]:
    text, allowed = translator.text, usage.allowed
    yield text(N_("Videos of {member}"), member=Mention("user", usage.member_id))
    if allowed is None:
        yield text(N_("Not a member of this server now, so without limits to compare with."))
        yield text(N_("Today: {used}"), used=usage.today.videos)
        yield text(N_("On their way now: {running}"), running=usage.running)
    else:
        today = used_of(usage.today.videos, allowed.videos_a_day + usage.today.given_videos, translator)
        yield text(N_("Today: {used}. The next day begins {tomorrow}."), used=today, tomorrow=Instant(usage.tomorrow))
        yield text(N_("On their way now: {running}"), running=used_of(usage.running, allowed.at_once, translator))
    yield text(N_("This month: {videos}"), videos=usage.month.videos)
    if usage.month.refunded:
        given_back = NN_(
            "{count} more was given back and doesn't count.", "{count} more were given back and don't count."
        )
        yield text(given_back, count=usage.month.refunded)
    if usage.shows_money:
        yield from _money_of(usage, translator)


def _money_of(usage: UsageOf, translator: Translator) -> Iterator[str]:
    text, money, allowed = translator.text, translator.money, usage.allowed
    yield text(N_("Cost today: {money}"), money=money(usage.today.amount))
    if allowed is None or allowed.month >= NO_LIMIT:
        yield text(N_("Cost this month: {money}"), money=money(usage.month.amount))
    else:
        told = N_("Cost this month: {money} of {limit}")
        yield text(told, money=money(usage.month.amount), limit=money(allowed.month + usage.month.given_amount))


def _of_server(usage: UsageHere, translator: Translator) -> Iterator[str]:
    yield translator.text(N_("Who has made most since {since}"), since=Instant(usage.since, "d"))
    if not usage.spenders:
        yield translator.text(N_("Nobody has made a video this month."))
    videos: Plural = NN_("{count} video", "{count} videos")
    for number, spender in enumerate(usage.spenders, 1):
        parts = [translator.text("{member}", member=Mention("user", spender.user_id))]
        parts.append(translator.text(videos, count=spender.videos))
        if usage.shows_money:
            parts.append(translator.money(spender.amount))
        yield f"{number}. {SEPARATOR.join(parts)}"
    if usage.shows_money:
        yield translator.text(N_("The whole server: {money}"), money=translator.money(usage.spent))


def _card(lines: Iterator[str]) -> discord.ui.LayoutView:
    heading = next(lines)
    text = "\n".join([f"## {heading}", *lines])
    card: discord.ui.Container[discord.ui.LayoutView] = discord.ui.Container(discord.ui.TextDisplay(text))
    return discord.ui.LayoutView(timeout=None).add_item(card)
