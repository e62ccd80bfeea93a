"""The messages that carry a finished video: the post for its author, and the copies for moderators and for all."""

import discord

from bot.catalogue.catalogue import Catalogue
from bot.client.cards import ResultPost
from bot.client.escape import escape, plain
from bot.domain.job import Job
from bot.domain.sentence import N_, Instant, Mention, MessageLink, Sentence
from bot.domain.standing import Standing
from bot.locales import Translator
from bot.orders.reuse import can_be_remixed
from cogs.buttons import drawn
from cogs.cards.film import in_server, reencoded
from cogs.cards.labels import Labels, small
from cogs.cards.status import LINK_BUTTON_LIMIT
from cogs.cards.telling import charge

CONTENT_LIMIT = 2000
ALT_TEXT_LIMIT = 1024
SHORTEST_PROMPT = 100
"""Characters that a prompt keeps beside a long link."""


def result_post(
    job: Job, standing: Standing, labels: Labels, *, size_bytes: int | None, posted_elsewhere: bool
) -> ResultPost:
    """The post with its one ping; `size_bytes` is that of a video given as a link, else None."""
    translator = labels.translator
    parts = [translator.text(N_("AI-generated")), *labels.video(job), *_lineage(job, standing, translator)]
    parts += labels.outcome(job, standing.videos_left)
    parts += filter(None, [reencoded(job, translator)])
    if standing.cost is not None:
        parts.append(translator.text(N_("cost {money}"), money=translator.money(standing.cost)))
    ending = [*_remarks(job, standing, translator, posted_elsewhere=posted_elsewhere), small([*parts, f"`{job.id}`"])]
    if size_bytes is None:
        ending = [*doubts(job, translator), *ending]
    else:
        ending = [*_too_large(job, size_bytes, translator, CONTENT_LIMIT - SHORTEST_PROMPT - _length(ending)), *ending]
    view = discord.ui.View(timeout=None)
    for verb in _verbs(job, labels.catalogue, has_file=size_bytes is None):
        view.add_item(drawn(verb, job.id, translator))
    if size_bytes is not None and _fits_button(job.result_url):
        view.add_item(discord.ui.Button(label=translator.text(N_("Download")), url=job.result_url))
    content = _composed(f"<@{job.author_id}>", _shown_prompt(job, standing), ending)
    return ResultPost(content, alt_text(job, translator, hides_prompt=standing.hides_prompt), view)


def _verbs(job: Job, catalogue: Catalogue, *, has_file: bool) -> list[str]:
    """The buttons below a finished video, as far as its model can do what they say."""
    model = next((model for model in catalogue.models if model.id == job.model_id), None)
    verbs = [] if model is None else ["again"]
    if can_be_remixed(job, catalogue):
        verbs.append("remix")
    verbs += ["edit", "delete"]
    if model is not None and model.takes_clip and has_file:
        verbs.append("character")
    return verbs


def _lineage(job: Job, standing: Standing, translator: Translator) -> list[str]:
    """Of a remix, the id of its original, linked as long as that is there."""
    if job.remix_of is None:
        return []
    original = job.remix_of
    if isinstance(standing.original, MessageLink):
        original = translator.text(Sentence("[{id}]({link})", {"id": original, "link": standing.original}))
    return [translator.text(N_("Remix of {video}"), video=original)]


def log_copy(job: Job, labels: Labels) -> ResultPost:
    """A private video as moderators see it; who asked for it is named and not pinged.

    The job's film is that of the copy, here as below.
    """
    translator = labels.translator
    heading = translator.text(N_("Private video of {member}"), member=Mention("user", job.author_id))
    cost = translator.text(N_("cost {money}"), money=translator.money(job.price))
    parts = [translator.text(N_("AI-generated")), *labels.video(job), cost, *labels.outcome(job, None)]
    parts += filter(None, [reencoded(job, translator)])
    content = _composed(heading, job.request.prompt, [small([*parts, f"`{job.id}`"])])
    return ResultPost(content, alt_text(job, translator), discord.ui.View(timeout=None))


def announcement(job: Job, standing: Standing, labels: Labels) -> ResultPost:
    """A video once more, for those who did not ask for it.

    Without buttons: a press counts where the video stands, and in servers that follow the channel none would work.
    """
    translator, member = labels.translator, Mention("user", job.author_id)
    heading = translator.text(N_("{member} has made a video."), member=member)
    if standing.stands is not None:
        heading = translator.text(N_("{member} has made a video: {link}"), member=member, link=standing.stands)
    parts = [translator.text(N_("AI-generated")), *labels.video(job), *labels.outcome(job, None)]
    parts += filter(None, [reencoded(job, translator)])
    content = _composed(heading, _shown_prompt(job, standing), [small([*parts, f"`{job.id}`"])])
    alt = alt_text(job, translator, hides_prompt=standing.hides_prompt)
    return ResultPost(content, alt, discord.ui.View(timeout=None))


def alt_text(job: Job, translator: Translator, *, hides_prompt: bool = False) -> str:
    """What is read aloud instead of the video."""
    if hides_prompt:
        return translator.text(N_("AI video"))
    return plain(translator.text(N_("AI video: {prompt}"), prompt=job.request.prompt), ALT_TEXT_LIMIT)


def _remarks(job: Job, standing: Standing, translator: Translator, *, posted_elsewhere: bool) -> list[str]:
    remarks = []
    if job.late:
        late = N_("This video came late, after I had given up on it. {charge}")
        remarks.append(translator.text(late, charge=charge(standing)))
    if posted_elsewhere:
        remarks.append(translator.text(_not_posted(job)))
    return remarks


def doubts(job: Job, translator: Translator) -> list[str]:
    """What is to be said of a file that not every player shows, because it could not be encoded again."""
    if job.film is None or job.film.plays_everywhere:
        return []
    return [translator.text(N_("This video may not play in Discord; download it to watch it."))]


def _not_posted(job: Job) -> Sentence:
    """Where the video should have come; a conversation of people has no name that could be shown elsewhere."""
    if job.server_id is None:
        return Sentence(N_("I couldn't post where you asked for it."))
    return Sentence(N_("I couldn't post in {channel}."), {"channel": Mention("channel", job.channel_id)})


def _too_large(job: Job, size_bytes: int, translator: Translator, room: int) -> list[str]:
    size = translator.megabytes(size_bytes)
    over = N_("{size} is over this server's upload limit.")
    lines = [translator.text(over if in_server(job) else N_("{size} is over the upload limit here."), size=size)]
    if job.result_url is None:
        return lines
    link = translator.text(N_("Download it with the button.")) if _fits_button(job.result_url) else ""
    if not link:
        link = translator.text(N_("Download: {link}"), link=f"<{job.result_url}>")
    if job.result_expires_at is not None:
        until = Instant(job.result_expires_at, "f")
        lines.append(translator.text(N_("The link works until {until}."), until=until))
    if len(link) + _length(lines) > room:
        link = translator.text(N_("Its link is too long to be posted here."))
    return [lines[0], link, *lines[1:]]


def _fits_button(url: str | None) -> bool:
    return url is not None and len(url) <= LINK_BUTTON_LIMIT


def _length(lines: list[str]) -> int:
    return sum(len(line) + 1 for line in lines)


def _shown_prompt(job: Job, standing: Standing) -> str | None:
    return None if standing.hides_prompt else job.request.prompt


def _composed(beginning: str, prompt: str | None, ending: list[str]) -> str:
    if prompt is None:
        return "\n".join([beginning, *ending])
    room = CONTENT_LIMIT - _length([beginning, *ending])
    return "\n".join([beginning, escape(prompt, room), *ending])
