"""The card about a reported video in the log channel, and what becomes of it."""

from collections.abc import Iterable, Iterator, Sequence

import discord

from bot.administration.reports import Report
from bot.client.escape import escape
from bot.client.search import texts
from bot.domain.sentence import N_, Mention, Sentence
from bot.locales import Translator
from cogs.buttons import JobButton, drawn

PROMPT_LIMIT = 1500
REASON_LIMIT = 1000
VERBS = ("report-remove", "report-block", "report-dismiss")


def report_card(report: Report, translator: Translator) -> discord.ui.LayoutView:
    """Who reports what of whom, and why."""
    text = translator.text
    job = report.job
    who = text(
        N_("{reporter} has reported a video by {author}."),
        reporter=Mention("user", report.reporter_id),
        author=Mention("user", job.author_id),
    )
    where = text(Sentence("{link}", {"link": report.link}))
    parts = [
        f"## {text(N_('Reported video'))}\n{who}",
        escape(job.request.prompt, PROMPT_LIMIT) or "…",
        *_reason(report.reason, translator),
        f"{where}\n-# `{job.id}`",
    ]
    return _card(parts, [drawn(verb, job.id, translator) for verb in VERBS])


def settled_card(message: discord.Message, verdict: str) -> discord.ui.LayoutView:
    """A report's card as it stands, without its buttons, and below it what was done."""
    return _card([*texts(message.components), f"**{verdict}**"])


def _reason(reason: str, translator: Translator) -> Iterator[str]:
    shown = escape(reason, REASON_LIMIT)
    if shown:
        yield translator.text(N_("Reason: {reason}"), reason=shown)


def _card(texts: Iterable[str], buttons: Sequence[JobButton] = ()) -> discord.ui.LayoutView:
    card: discord.ui.Container[discord.ui.LayoutView] = discord.ui.Container()
    for text in texts:
        card.add_item(discord.ui.TextDisplay(text))
    if buttons:
        card.add_item(discord.ui.ActionRow(*buttons))
    return discord.ui.LayoutView(timeout=None).add_item(card)
