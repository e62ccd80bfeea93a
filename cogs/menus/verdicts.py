"""What moderators do with a report: the buttons on its card, and what they ask first."""

from typing import Any

import discord
import structlog

from bot.administration.moderation import NAMES, BlockLength, sentence_of
from bot.client.asker import asker_of
from bot.client.bot import ClapboardBot
from bot.client.reporter import ReportingView
from bot.client.troubles import telling
from bot.domain.job import Job
from bot.domain.sentence import N_, Instant, Mention, Sentence
from bot.locales import Translator
from bot.worker.herald import TellError
from cogs.buttons import JobButton
from cogs.cards.report import settled_card
from cogs.question import ANSWER_WITHIN_SECONDS
from cogs.removing import RemoveQuestion
from cogs.unsent import UNSENT

EDIT_SECONDS = 10.0
SILENT = discord.AllowedMentions.none()

Interaction = discord.Interaction[ClapboardBot]
log = structlog.get_logger(__name__)


class ReportRemoveButton(JobButton, verb="report-remove", label=N_("Remove")):
    """**Remove**: the video goes, with everything that shows it."""

    style = discord.ButtonStyle.danger

    async def pressed(self, interaction: Interaction) -> None:
        """Ask a moderator whether they mean it."""
        asker = asker_of(interaction)
        await interaction.client.services.moderation.job(asker, self.job_id)
        await RemoveReportedQuestion(interaction, self.job_id, Translator(asker.locale)).ask_to_remove()


class ReportBlockButton(JobButton, verb="report-block", label=N_("Block")):
    """**Block**: whoever made the video can't make another for a while."""

    async def pressed(self, interaction: Interaction) -> None:
        """Ask a moderator for how long."""
        asker = asker_of(interaction)
        job = await interaction.client.services.moderation.job(asker, self.job_id)
        translator = Translator(asker.locale)
        question = translator.text(
            N_("For how long shall {member} make no videos here?"), member=Mention("user", job.author_id)
        )
        view = LengthQuestion(interaction, job, translator)
        await interaction.response.send_message(question, view=view, ephemeral=True, allowed_mentions=SILENT)


class ReportDismissButton(JobButton, verb="report-dismiss", label=N_("Dismiss")):
    """**Dismiss**: nothing is done. It works on reports of videos that are long gone, too."""

    async def pressed(self, interaction: Interaction) -> None:
        """Close the card."""
        verdict = await _verdict(interaction, Sentence(N_("Nothing had to be done.")))
        if interaction.message is not None:
            card = settled_card(interaction.message, verdict)
            await interaction.response.edit_message(view=card, allowed_mentions=SILENT)


class RemoveReportedQuestion(RemoveQuestion):
    """The same as below a video; afterwards the report is settled."""

    async def removed(self, interaction: Interaction) -> None:
        """Write it on the card."""
        await _settle(self.opened_by, await _verdict(interaction, Sentence(N_("The video was removed."))))


class LengthQuestion(ReportingView):
    """Asks once for how long, of the moderator who pressed **Block**."""

    def __init__(self, opened_by: Interaction, job: Job, translator: Translator) -> None:
        super().__init__(timeout=ANSWER_WITHIN_SECONDS)
        self._opened_by = opened_by
        self._job = job
        self._translator = translator
        for length, name in NAMES.items():
            self.add_item(LengthButton(self, length, translator.text(name)))

    async def chosen(self, interaction: Interaction, length: BlockLength) -> None:
        """Block the author; the right is checked anew."""
        moderation, author_id = interaction.client.services.moderation, self._job.author_id
        block = await moderation.block(asker_of(interaction), author_id, length, f"report of {self._job.id}")
        self.stop()
        told = sentence_of(block)
        await interaction.response.edit_message(content=self._translator.text(told), view=None, allowed_mentions=SILENT)
        await _settle(self._opened_by, await _verdict(interaction, told))

    async def on_timeout(self) -> None:
        """Take the buttons away, which would not be answered any more."""
        text = self._translator.text(N_("Nobody was blocked: you did not answer in time."))
        try:
            await self._opened_by.edit_original_response(content=text, view=None)
        except UNSENT as error:
            # The person may have dismissed it.
            log.info("question not closed", interaction=self._opened_by.id, error=repr(error))


class LengthButton(discord.ui.Button[LengthQuestion]):
    """One of the lengths."""

    def __init__(self, question: LengthQuestion, length: BlockLength, label: str) -> None:
        super().__init__(style=discord.ButtonStyle.danger, label=label)
        self._question = question
        self._length = length

    async def callback(self, interaction: discord.Interaction[Any]) -> None:
        """Block for so long."""
        await self._question.chosen(interaction, self._length)


async def _verdict(interaction: Interaction, what: Sentence) -> str:
    """What was done, by whom and when, in the server's language. Raises ModeratorsOnlyError."""
    guild = await interaction.client.services.moderation.guild(asker_of(interaction))
    who, when = Mention("user", interaction.user.id), Instant(interaction.created_at, "f")
    line = N_("{what} By {moderator}, {when}.")
    return Translator(guild.choices.locale).text(line, what=what, moderator=who, when=when)


async def _settle(opened_by: Interaction, verdict: str) -> None:
    """Write what was done on the card whose button was pressed; it is done even if that can't be written."""
    message = opened_by.message
    if message is None:
        return
    try:
        async with telling(EDIT_SECONDS):
            await message.edit(view=settled_card(message, verdict), allowed_mentions=SILENT)
    except TellError as error:
        log.warning("report not closed", message=message.id, error=repr(error.__cause__))
