"""A page of somebody's videos: what was asked for, what came of it, where it stands."""

from collections.abc import Sequence

import discord

from bot.client.escape import escape, plain
from bot.domain.ids import LENGTH
from bot.domain.job import Job, JobState
from bot.domain.sentence import N_, NN_, Instant, Sentence
from bot.orders.history import Page, has_video
from cogs.cards.film import reencoded
from cogs.cards.labels import SEPARATOR, Labels, small

PROMPT_LIMIT = 150
CHOICE_LIMIT = 100
"""Characters of an option's name and of its description."""

_OUTCOMES = {
    JobState.DELIVERED: N_("Finished"),
    JobState.UNDELIVERED: N_("Finished, but not posted"),
    JobState.FAILED: N_("Failed"),
    JobState.UNSURE: N_("Outcome unknown"),
    JobState.DROPPED: N_("Closed by a manager"),
    JobState.EXPIRED: N_("Given up"),
    JobState.CANCELLED: N_("Cancelled"),
}


def history_texts(page: Page, labels: Labels) -> list[str]:
    """A heading, and a paragraph for each video."""
    translator = labels.translator
    if not page.jobs:
        return [translator.text(N_("None of your videos has ended yet. /my-videos queue shows those on their way."))]
    count = NN_("{count} video of yours", "{count} videos of yours")
    number = N_("page {page} of {pages}")
    parts = [translator.text(count, count=page.videos)]
    if page.pages > 1:
        parts.append(translator.text(number, page=page.number + 1, pages=page.pages))
    return [f"**{SEPARATOR.join(parts)}**", *(_entry(job, labels) for job in page.jobs)]


def history_options(jobs: Sequence[Job], labels: Labels) -> list[discord.SelectOption]:
    """The videos of a page that can be shown once more."""
    return [
        discord.SelectOption(
            label=choice_name(job.id, job.request.prompt),
            value=job.id,
            description=plain(SEPARATOR.join(labels.video(job)), CHOICE_LIMIT),
        )
        for job in jobs
        if has_video(job)
    ]


def choice_name(job_id: str, prompt: str) -> str:
    """A video as a choice: its id and what fits of its prompt."""
    return f"{job_id}{SEPARATOR}{plain(prompt, CHOICE_LIMIT - LENGTH - len(SEPARATOR)) or '…'}"


def shown(job: Job, labels: Labels) -> str:
    """What stands beside a video that is shown to its author alone."""
    parts = [labels.translator.text(N_("AI-generated")), *labels.video(job)]
    parts += filter(None, [reencoded(job, labels.translator)])
    return f"{escape(job.request.prompt, 1000)}\n{small([*parts, f'`{job.id}`'])}"


def _entry(job: Job, labels: Labels) -> str:
    translator = labels.translator
    parts = [outcome(job, labels), *labels.video(job)[:2], translator.text("{at}", at=Instant(job.created_at, "d"))]
    if job.message is not None and job.removed_at is None:
        parts.append(translator.text(Sentence("{link}", {"link": job.link(job.message)})))
    prompt = escape(job.request.prompt, PROMPT_LIMIT, max_lines=1) or "…"
    return f"{prompt}\n{small([*parts, f'`{job.id}`'])}"


def outcome(job: Job, labels: Labels) -> str:
    """How a job ended, in a word or two."""
    if job.removed_at is not None:
        return labels.translator.text(N_("Removed by a moderator"))
    return labels.translator.text(_OUTCOMES[job.state])
