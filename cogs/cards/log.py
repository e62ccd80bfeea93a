"""The card about a job in the log channel: who asked for what, what came of it, and what was done about it."""

from collections.abc import Iterator

import discord

from bot.client.escape import escape
from bot.domain.audit import Action
from bot.domain.job import ENDED, LOGGED, Job, JobState
from bot.domain.ledger import Settlement
from bot.domain.record import Record
from bot.domain.sentence import N_, Instant, Mention, Sentence
from cogs.buttons import drawn
from cogs.cards.details import cost_line
from cogs.cards.labels import SEPARATOR, Labels, small
from cogs.cards.telling import Models, headline, until_approved, what_happened

PROMPT_LIMIT = 1500
"""Characters of the prompt; Discord takes 4000 over all texts of a card."""
MOST_ACTS = 8
_PAID = frozenset({Settlement.RESERVED, Settlement.CHARGED})
_DONE: dict[Action, str] = {
    Action.APPROVE: N_("Approved by {who}, {when}."),
    Action.DECLINE: N_("Declined by {who}, {when}."),
    Action.REFUND: N_("Refunded by {who}, {when}."),
    Action.RETRY: N_("Ordered again by {who}, {when}."),
    Action.REMOVE: N_("Removed by {who}, {when}."),
    Action.BLOCK: N_("Its author was blocked by {who}, {when}."),
    Action.CANCEL: N_("Cancelled by {who}, {when}."),
}


def log_card(job: Job, record: Record, labels: Labels, models: Models) -> discord.ui.LayoutView:
    """The card; what a moderator has removed is not shown on it any more."""
    text = labels.translator.text
    prompt = escape(job.request.prompt, PROMPT_LIMIT) or "…"
    if job.removed_at is not None:
        prompt = text(N_("This video was removed, and its prompt with it."))
    card: discord.ui.Container[discord.ui.LayoutView] = discord.ui.Container(
        discord.ui.TextDisplay(f"## {text(headline(job))}"),
        discord.ui.TextDisplay(prompt),
        discord.ui.TextDisplay("\n".join(_lines(job, record, labels, models))),
        discord.ui.TextDisplay(small([f"`{job.id}`"])),
    )
    card.add_item(discord.ui.ActionRow(*(drawn(verb, job.id, labels.translator) for verb in _verbs(job, record))))
    return discord.ui.LayoutView(timeout=None).add_item(card)


def _verbs(job: Job, record: Record) -> Iterator[str]:
    """What can be done about it; for whom is decided when it is pressed."""
    if job.state is JobState.AWAITING_APPROVAL:
        yield from ("card-approve", "card-decline")
    if job.state in LOGGED - {JobState.AWAITING_APPROVAL} and job.removed_at is None:
        yield "card-remove"
    if job.state is JobState.UNSURE and job.removed_at is None:
        yield "card-retry"
    if job.state is JobState.UNSURE or (job.state in ENDED and record.standing.settlement in _PAID):
        yield "card-refund"
    yield "card-block"


def _lines(job: Job, record: Record, labels: Labels, models: Models) -> Iterator[str]:
    text, standing = labels.translator.text, record.standing
    if job.state is JobState.OVERDUE:
        # The rest of the sentence is the heading.
        yield text(N_("If it still arrives I will post it."))
    elif job.failure is not None or job.state is JobState.UNSURE:
        yield text(what_happened(job, standing, models))
    if job.late:
        yield text(N_("It came late, after I had given up on it."))
    if job.state is JobState.AWAITING_APPROVAL:
        yield text(until_approved(job))
    yield text(N_("Asked for by {author}"), author=Mention("user", job.author_id))
    yield SEPARATOR.join(labels.video(job))
    yield cost_line(job.price, standing, labels.translator)
    if job.gateway is not None:
        yield text(N_("Video service: {name}"), name=job.gateway)
    yield from _where(job, labels)
    yield from _acts(record, labels)


def _where(job: Job, labels: Labels) -> Iterator[str]:
    text = labels.translator.text
    if job.private:
        yield text(N_("This video is private."))
    elif job.message is not None:
        yield text(Sentence("{link}", {"link": job.link(job.message)}))
    elif job.status is not None:
        yield text(Sentence("{link}", {"link": job.link(job.status)}))


def _acts(record: Record, labels: Labels) -> Iterator[str]:
    """What was done about it, by whom and when."""
    for act in [act for act in record.acts if act.action in _DONE][-MOST_ACTS:]:
        who, when = Mention("user", act.actor_id), Instant(act.at, "f")
        yield f"**{labels.translator.text(_DONE[act.action], who=who, when=when)}**"
