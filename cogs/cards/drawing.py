"""Every card, drawn with what the process knows of models, of itself, and of the time."""

from collections.abc import Sequence
from dataclasses import dataclass

import discord

from bot.administration.oversight import PER_PAGE, Waiting
from bot.catalogue.catalogue import Catalogue
from bot.client.cards import ResultPost
from bot.client.escape import escape
from bot.client.services import Notice
from bot.domain.clock import Clock
from bot.domain.job import Job
from bot.domain.record import Record
from bot.domain.sentence import N_, Sentence
from bot.domain.standing import Standing
from bot.locales import Translator
from bot.orders.details import Details
from cogs.cards import help as help_
from cogs.cards.details import details_card
from cogs.cards.labels import SEPARATOR, Labels, small
from cogs.cards.log import log_card
from cogs.cards.queue import queue_card, server_queue_text
from cogs.cards.result import announcement, log_copy, result_post
from cogs.cards.status import status_card
from cogs.cards.telling import Models, Telling, tell


@dataclass(frozen=True, slots=True)
class JobCards:
    """Draws jobs in their own language and everything else in the reader's; implements `bot.client.cards.Cards`."""

    catalogue: Catalogue
    notice: Notice
    clock: Clock

    def status(self, job: Job, standing: Standing) -> discord.ui.LayoutView:
        """The status message of a job."""
        return status_card(job, standing, self._telling(job, standing), self._labels(job))

    def result(self, job: Job, standing: Standing, *, size_bytes: int | None, posted_elsewhere: bool) -> ResultPost:
        """The finished video's message; `size_bytes` is that of a video given as a link, else None."""
        return result_post(job, standing, self._labels(job), size_bytes=size_bytes, posted_elsewhere=posted_elsewhere)

    def failure_ping(self, job: Job, standing: Standing) -> str:
        """A message that pings the author about how their job ended."""
        translator, telling = Translator(job.locale), self._telling(job, standing)
        headline = SEPARATOR.join(translator.text(part) for part in telling.headline)
        told = " ".join(translator.text(sentence) for sentence in telling.sentences)
        small_parts = [f"`{job.id}`"]
        if job.status is not None:
            small_parts.append(translator.text(Sentence("{link}", {"link": job.link(job.status)})))
        return f"<@{job.author_id}> **{headline}**\n{told}\n{small(small_parts)}"

    def ready(self, job: Job) -> str:
        """A direct message to the author, with a link to the video."""
        translator = Translator(job.locale)
        link = f"`{job.id}`" if job.message is None else job.link(job.message)
        told = translator.text(N_("Your video is ready: {link}"), link=link)
        return f"{told}\n{small([escape(job.request.prompt, 150, max_lines=1), f'`{job.id}`'])}"

    def log_card(self, job: Job, record: Record) -> discord.ui.LayoutView:
        """The log channel's card about a job, in the server's language."""
        labels = Labels(self.catalogue, Translator(record.locale))
        return log_card(job, record, labels, self._models(job))

    def announcement(self, job: Job, standing: Standing) -> ResultPost:
        """A video as the announcement channel shows it once more."""
        return announcement(job, standing, self._labels(job))

    def log_copy(self, job: Job, standing: Standing) -> ResultPost:
        """A private video as moderators see it in the log channel."""
        return log_copy(job, self._labels(job))

    def queue(self, jobs: Sequence[tuple[Job, Standing]], locale: str) -> discord.ui.LayoutView:
        """Somebody's running videos, in their language."""
        rows = [(job, self._telling(job, standing)) for job, standing in jobs]
        return queue_card(rows, Translator(locale))

    def server_queue(self, page: Waiting, locale: str) -> str:
        """A page of a server's running videos, in a moderator's language."""
        rows = [(job, self._telling(job, standing)) for job, standing in page.rows]
        return server_queue_text(rows, page.number * PER_PAGE + 1, page.jobs, Translator(locale))

    def details(self, details: Details, locale: str) -> discord.ui.LayoutView:
        """Everything about a video, in the reader's language."""
        labels = Labels(self.catalogue, Translator(locale))
        return details_card(details, self._telling(details.job, details.standing), labels)

    def help(self, locale: str) -> discord.ui.LayoutView:
        """How to make a video."""
        return help_.help_card(self.catalogue, self.notice, Translator(locale))

    def first_use(self, locale: str) -> str:
        """Who gets prompts and files, for somebody's first video."""
        return help_.first_use(self.notice, Translator(locale))

    def _telling(self, job: Job, standing: Standing) -> Telling:
        return tell(job, standing, self.clock(), self._models(job))

    def _models(self, job: Job) -> Models:
        others = tuple(model.title for model in self.catalogue.models if model.id != job.model_id)
        return Models(self.catalogue.title(job.model_id), others)

    def _labels(self, job: Job) -> Labels:
        return Labels(self.catalogue, Translator(job.locale))
