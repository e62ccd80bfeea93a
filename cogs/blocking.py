"""Blocking the author of a video for a moderator: for how long is asked first."""

from typing import Any

import discord
import structlog

from bot.administration.moderation import NAMES, BlockLength, sentence_of
from bot.client.asker import asker_of
from bot.client.bot import ClapboardBot
from bot.client.reporter import ReportingView
from bot.domain.errors import RefusalError
from bot.domain.job import Job
from bot.domain.sentence import N_, Mention, Sentence
from bot.locales import Translator
from cogs.question import ANSWER_WITHIN_SECONDS
from cogs.unsent import UNSENT

SILENT = discord.AllowedMentions.none()

Interaction = discord.Interaction[ClapboardBot]
log = structlog.get_logger(__name__)


class LengthQuestion(ReportingView):
    """Asks once for how long, of a moderator who is about to block a video's author; `reason` is for the records."""

    def __init__(self, opened_by: Interaction, job: Job, translator: Translator, reason: str) -> None:
        super().__init__(timeout=ANSWER_WITHIN_SECONDS)
        self.opened_by = opened_by
        self._job = job
        self._translator = translator
        self._reason = reason
        for length, name in NAMES.items():
            self.add_item(LengthButton(self, length, translator.text(name)))
        self.not_now.label = translator.text(N_("Not now"))
        # The decorator has put it first.
        self.remove_item(self.not_now).add_item(self.not_now)

    async def ask(self) -> None:
        """Ask whoever caused the interaction, as the answer to it."""
        member = Mention("user", self._job.author_id)
        question = self._translator.text(N_("For how long shall {member} make no videos here?"), member=member)
        await self.opened_by.response.send_message(question, view=self, ephemeral=True, allowed_mentions=SILENT)

    @discord.ui.button()
    async def not_now(self, interaction: Interaction, _button: "discord.ui.Button[LengthQuestion]") -> None:
        """Block nobody."""
        self.stop()
        await interaction.response.edit_message(content=self._translator.text(N_("Nobody was blocked.")), view=None)

    async def chosen(self, interaction: Interaction, length: BlockLength) -> None:
        """Block the author; the right is checked anew."""
        moderation, job = interaction.client.services.moderation, self._job
        if self.is_finished():
            # A second press that was on its way already.
            await interaction.response.defer()
            return
        self.stop()
        try:
            block = await moderation.block(asker_of(interaction), job.author_id, length, self._reason, job_id=job.id)
        except RefusalError as error:
            await interaction.response.edit_message(content=self._translator.text(error.sentence), view=None)
            return
        told = sentence_of(block)
        await interaction.response.edit_message(content=self._translator.text(told), view=None, allowed_mentions=SILENT)
        await self.blocked(interaction, told)

    async def blocked(self, interaction: Interaction, told: Sentence) -> None:
        """What else is done after the block; nothing, unless a subclass says so."""

    async def on_timeout(self) -> None:
        """Take the buttons away, which would not be answered any more."""
        text = self._translator.text(N_("Nobody was blocked: you did not answer in time."))
        try:
            await self.opened_by.edit_original_response(content=text, view=None)
        except UNSENT as error:
            # The person may have dismissed it.
            log.info("question not closed", interaction=self.opened_by.id, error=repr(error))


class LengthButton(discord.ui.Button[LengthQuestion]):
    """One of the lengths."""

    def __init__(self, question: LengthQuestion, length: BlockLength, label: str) -> None:
        super().__init__(style=discord.ButtonStyle.danger, label=label)
        self._question = question
        self._length = length

    async def callback(self, interaction: discord.Interaction[Any]) -> None:
        """Block for so long."""
        await self._question.chosen(interaction, self._length)
