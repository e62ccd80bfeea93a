"""What moderators do with a report: the buttons on its card, and what they ask first."""

import discord
import structlog

from bot.client.asker import asker_of
from bot.client.bot import ClapboardBot
from bot.client.troubles import telling
from bot.domain.sentence import N_, Instant, Mention, Sentence
from bot.locales import Translator
from bot.worker.herald import TellError
from cogs.blocking import LengthQuestion
from cogs.buttons import JobButton
from cogs.cards.report import settled_card
from cogs.removing import RemoveQuestion

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
        await ReportedLengthQuestion(interaction, job, Translator(asker.locale), f"report of {job.id}").ask()


class ReportDismissButton(JobButton, verb="report-dismiss", label=N_("Dismiss")):
    """**Dismiss**: nothing is done. It works on reports of videos that are long gone, too."""

    async def pressed(self, interaction: Interaction) -> None:
        """Close the card; it may have been dealt with elsewhere."""
        removed = await interaction.client.services.moderation.is_removed(asker_of(interaction), self.job_id)
        told = N_("The video had been removed.") if removed else N_("Nothing had to be done.")
        verdict = await _verdict(interaction, Sentence(told))
        if interaction.message is not None:
            card = settled_card(interaction.message, verdict)
            await interaction.response.edit_message(view=card, allowed_mentions=SILENT)


class RemoveReportedQuestion(RemoveQuestion):
    """The same as below a video; afterwards the report is settled."""

    async def removed(self, interaction: Interaction) -> None:
        """Write it on the card."""
        await _settle(self.opened_by, await _verdict(interaction, Sentence(N_("The video was removed."))))


class ReportedLengthQuestion(LengthQuestion):
    """The same as on the card of any video; afterwards the report is settled."""

    async def blocked(self, interaction: Interaction, told: Sentence) -> None:
        """Write it on the card."""
        await _settle(self.opened_by, await _verdict(interaction, told))


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
