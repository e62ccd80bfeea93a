"""Everything about a video on one card, for one pair of eyes."""

from collections.abc import Iterator
from datetime import datetime

import discord

from bot.client.escape import escape
from bot.domain.job import Job
from bot.domain.ledger import Settlement
from bot.domain.sentence import N_, Instant, Mention, MessageLink, Sentence
from bot.domain.standing import Standing
from bot.locales import Translator
from bot.orders.details import Details
from cogs.cards.film import film_parts
from cogs.cards.labels import SEPARATOR, Labels, small
from cogs.cards.telling import Telling

PROMPT_LIMIT = 2000
"""Characters of the prompt; Discord takes 4000 over all texts of a card."""
NEGATIVE_LIMIT = 500
_SETTLED: dict[Settlement, str] = {
    Settlement.RESERVED: N_("reserved"),
    Settlement.CHARGED: N_("charged"),
    Settlement.REFUNDED: N_("given back"),
    Settlement.SERVER: N_("carried by the server"),
    Settlement.NONE: N_("not charged"),
}
_CARRIED = N_("given back to its member, still counted for the budget")


def details_card(details: Details, telling: Telling, labels: Labels) -> discord.ui.LayoutView:
    """The card. What may be seen is decided in `details`."""
    text = labels.translator.text
    prompt = escape(details.job.request.prompt, PROMPT_LIMIT) or "…"
    if not details.shows_prompt:
        prompt = text(N_("The prompt is shown to its author and to moderators only."))
    card: discord.ui.Container[discord.ui.LayoutView] = discord.ui.Container(
        discord.ui.TextDisplay(f"## {text(N_('Video details'))}"),
        discord.ui.TextDisplay(prompt),
        discord.ui.TextDisplay("\n".join(_lines(details, telling, labels))),
        discord.ui.TextDisplay(small([f"`{details.job.id}`"])),
    )
    return discord.ui.LayoutView(timeout=None).add_item(card)


def _lines(details: Details, telling: Telling, labels: Labels) -> Iterator[str]:
    job, text = details.job, labels.translator.text
    yield f"**{SEPARATOR.join(text(part) for part in telling.headline)}**"
    if details.is_own:
        # Of money and of what to do next they speak to the author.
        yield from (text(sentence) for sentence in telling.sentences)
    if job.removed_at is not None:
        yield text(N_("A moderator removed this video {when}."), when=Instant(job.removed_at, "f"))
    if job.private:
        yield text(N_("This video is private."))
    yield text(N_("Made by {author}"), author=Mention("user", job.author_id))
    yield SEPARATOR.join(labels.video(job))
    if job.film is not None:
        yield text(N_("File: {parts}"), parts=SEPARATOR.join(film_parts(job, job.film, labels.translator)))
    yield from _lineage(details, labels)
    if details.shows_prompt:
        yield from _inputs(job, labels)
        yield from _choices(job, labels)
    if job.gateway is not None:
        yield text(N_("Video service: {name}"), name=job.gateway)
    yield SEPARATOR.join(_times(job, labels))
    if details.cost is not None:
        yield cost_line(details.cost, details.standing, labels.translator)


def cost_line(price: int, standing: Standing, translator: Translator) -> str:
    """What a video costs, in units of a ten-thousandth of a dollar, whether that was charged and who carries it."""
    settled = Sentence(_CARRIED if standing.is_carried else _SETTLED[standing.settlement])
    return translator.text(N_("Cost: {price}, {settled}"), price=translator.money(price), settled=settled)


def _lineage(details: Details, labels: Labels) -> Iterator[str]:
    job, text = details.job, labels.translator.text
    if job.remix_of is not None:
        yield text(N_("Remix of {video}"), video=_linked(job.remix_of, details.standing.original, labels))
    if job.repeats is not None:
        yield text(N_("Made from {video}"), video=_linked(job.repeats, details.repeated, labels))


def _linked(job_id: str, place: MessageLink | str | None, labels: Labels) -> str:
    if not isinstance(place, MessageLink):
        return f"`{job_id}`"
    return f"[`{job_id}`]({labels.translator.text(Sentence('{link}', {'link': place}))})"


def _inputs(job: Job, labels: Labels) -> Iterator[str]:
    """What was given besides words."""
    request, inputs, given = job.request, job.inputs, list[Sentence]()
    if inputs.picture or request.image:
        given.append(Sentence(N_("a first picture")))
    if inputs.last_picture or request.last_image:
        given.append(Sentence(N_("a last picture")))
    clip = request.character
    if inputs.character_id is not None:
        given.append(Sentence(N_("a saved character")))
    elif clip is not None:
        length = labels.translator.seconds(clip.end - clip.start)
        given.append(Sentence(N_("{length} of a clip"), {"length": length}))
    if given:
        yield labels.translator.text(N_("Made with {things}"), things=tuple(given))


def _choices(job: Job, labels: Labels) -> Iterator[str]:
    """What was chosen besides length, shape and sound, so that it can be chosen again."""
    request, text, chosen = job.request, labels.translator.text, list[str]()
    if request.resolution is not None:
        chosen.append(request.resolution)
    if request.seed is not None:
        chosen.append(text(N_("seed {seed}"), seed=str(request.seed)))
    if request.watermark is False:
        chosen.append(text(N_("without a watermark")))
    if chosen:
        yield SEPARATOR.join(chosen)
    if request.negative:
        yield text(N_("Negative prompt: {words}"), words=escape(request.negative, NEGATIVE_LIMIT, max_lines=3))


def _times(job: Job, labels: Labels) -> Iterator[str]:
    text = labels.translator.text
    yield text(N_("asked for {when}"), when=_at(job.created_at))
    if job.ordered_at is not None:
        yield text(N_("ordered {when}"), when=_at(job.ordered_at))
    if job.finished_at is not None:
        yield text(N_("finished {when}"), when=_at(job.finished_at))
        yield text(N_("took {time}"), time=job.finished_at - job.created_at)


def _at(moment: datetime) -> Instant:
    return Instant(moment, "f")
