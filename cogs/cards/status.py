"""The status message of a job: its prompt, where it stands, and the buttons that stop it or try it again."""

import discord

from bot.catalogue.catalogue import Catalogue
from bot.client.escape import escape
from bot.domain.failure import FailureKind
from bot.domain.job import NOT_SENT, Job, JobState
from bot.domain.sentence import N_, Instant, Sentence
from bot.domain.standing import Standing
from bot.locales import Translator
from cogs.buttons import JobButton, drawn
from cogs.cards.labels import SEPARATOR, Labels, small
from cogs.cards.telling import Telling

PROMPT_LIMIT = 1000
"""Characters of the prompt on a card; Discord would take 4000 over all texts of it."""

LINK_BUTTON_LIMIT = 512
LINK_TEXT_LIMIT = 2000

_OVER = frozenset(
    {
        JobState.FAILED,
        JobState.UNSURE,
        JobState.DROPPED,
        JobState.EXPIRED,
        JobState.UNDELIVERED,
        JobState.CANCELLED,
    }
)
_ON_ITS_WAY = frozenset(
    {JobState.SUBMITTING, JobState.RENDERING, JobState.OVERDUE, JobState.RENDERED, JobState.DELIVERING}
)


def status_card(job: Job, standing: Standing, telling: Telling, labels: Labels) -> discord.ui.LayoutView:
    """The card of a job in any state; it keeps no state of its own, so it works after restarts."""
    translator = labels.translator
    if job.state is JobState.DELIVERED:
        return _line(job, standing, translator)
    card: discord.ui.Container[discord.ui.LayoutView] = discord.ui.Container()
    if not standing.hides_prompt:
        # A prompt of invisible characters leaves nothing, which Discord would not take.
        card.add_item(discord.ui.TextDisplay(escape(job.request.prompt, PROMPT_LIMIT) or "…"))
    card.add_item(discord.ui.TextDisplay(_told(telling, translator)))
    _add_kept_video(card, job, translator)
    author = f"<@{job.author_id}>"
    card.add_item(discord.ui.TextDisplay(small([*labels.video(job), author, f"`{job.id}`"])))
    buttons = _buttons(job, labels)
    if buttons:
        card.add_item(discord.ui.ActionRow(*buttons))
    return discord.ui.LayoutView(timeout=None).add_item(card)


def _line(job: Job, standing: Standing, translator: Translator) -> discord.ui.LayoutView:
    """What stays of the card beside a video that stands elsewhere."""
    told = Sentence(N_("I couldn't post it here."))
    if standing.stands is not None:
        told = Sentence("{link}", {"link": standing.stands})
    parts = [f"<@{job.author_id}>", translator.text(N_("Finished")), translator.text(told), f"`{job.id}`"]
    return discord.ui.LayoutView(timeout=None).add_item(discord.ui.TextDisplay(small(parts)))


def _told(telling: Telling, translator: Translator) -> str:
    headline = SEPARATOR.join(translator.text(part) for part in telling.headline)
    sentences = " ".join(translator.text(sentence) for sentence in telling.sentences)
    return f"**{headline}**\n{sentences}".rstrip()


def _buttons(job: Job, labels: Labels) -> list[JobButton]:
    translator = labels.translator
    if job.state in NOT_SENT:
        return [drawn("cancel", job.id, translator)]
    if job.state in _ON_ITS_WAY and not job.dont_post:
        return [drawn("cancel", job.id, translator, label=N_("Don't post"))]
    return [drawn(verb, job.id, translator) for verb in _ways_on(job, labels.catalogue)]


def _ways_on(job: Job, catalogue: Catalogue) -> tuple[str, ...]:
    """What can be pressed after a failure: nothing that would fail in the same way, or pay for what is there."""
    unwanted = job.dont_post and job.state in {JobState.UNSURE, JobState.UNDELIVERED}
    if job.state not in _OVER or unwanted or job.removed_at is not None:
        return ()
    match job.failure:
        case FailureKind.ORIGINAL_LOST | FailureKind.NOWHERE_TO_POST:
            return ()
        case FailureKind.MODERATION | FailureKind.REAL_PERSON:
            return ("edit",)
        case FailureKind.MODEL_RETIRED:
            return ("edit",) if any(model.id != job.model_id for model in catalogue.models) else ()
        case _:
            return ("retry", "edit")


def _add_kept_video(card: "discord.ui.Container[discord.ui.LayoutView]", job: Job, translator: Translator) -> None:
    """A finished video that could not be posted is paid for: its link is shown as long as there is one."""
    url = job.result_url
    # Only an address that the bot has fetched itself is handed on: another may lead anywhere.
    fetched = job.state is JobState.UNDELIVERED and job.failure is FailureKind.NOWHERE_TO_POST
    if not fetched or job.dont_post or url is None or len(url) > LINK_TEXT_LIMIT:
        return
    text = translator.text(N_("You can download it yourself."))
    if job.result_expires_at is not None:
        until = Sentence(
            N_("You can download it yourself until {until}."), {"until": Instant(job.result_expires_at, "f")}
        )
        text = translator.text(until)
    if len(url) > LINK_BUTTON_LIMIT:
        card.add_item(discord.ui.TextDisplay(f"{text}\n<{url}>"))
        return
    card.add_item(discord.ui.TextDisplay(text))
    button: discord.ui.Button[discord.ui.LayoutView] = discord.ui.Button(label=translator.text(N_("Download")), url=url)
    card.add_item(discord.ui.ActionRow(button))
