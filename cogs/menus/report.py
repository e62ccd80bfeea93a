"""**Report this video** in the context menu of messages: a reason, and a card for the moderators."""

from typing import Any

import discord

from bot.administration.reports import Report
from bot.client.asker import asker_of
from bot.client.bot import ClapboardBot
from bot.client.reporter import ReportingModal
from bot.client.troubles import telling
from bot.domain import ids
from bot.domain.errors import RefusalError
from bot.domain.job import MessagePlace
from bot.domain.sentence import N_
from bot.locales import Translator
from bot.worker.herald import TellError
from cogs.cards.report import report_card
from cogs.menus.entry import MessageMenu
from cogs.menus.target import target
from cogs.video.form_rows import Caption

LONGEST_REASON = 1000
POST_SECONDS = 25.0

Interaction = discord.Interaction[ClapboardBot]


class ReportNotPostedError(RefusalError):
    """Discord did not take the card."""

    message = N_("I couldn't post in the log channel, so the moderators were not told. Please ask one of them.")


class ReportMenu(MessageMenu):
    """**Report this video**."""

    def __init__(self, bot: ClapboardBot) -> None:
        super().__init__(bot, "Report this video", self.ask)

    async def ask(self, interaction: Interaction, message: discord.Message) -> None:
        """Open the form for the reason."""
        asker, job_id = asker_of(interaction), target(interaction, message)
        await interaction.client.services.reports.check(asker, job_id)
        place = MessagePlace(message.channel.id, message.id)
        await interaction.response.send_modal(ReportForm(job_id, place, Translator(asker.locale)))


class ReportForm(ReportingModal):
    """Asks why; nobody has to say."""

    def __init__(self, job_id: str, message: MessagePlace, translator: Translator) -> None:
        super().__init__(title=translator.text(N_("Report this video")))
        self._job_id = job_id
        self._message = message
        self._translator = translator
        self._reason: discord.ui.TextInput[ReportForm] = discord.ui.TextInput(
            style=discord.TextStyle.paragraph, required=False, max_length=LONGEST_REASON
        )
        seen_by = translator.text(N_("The moderators of this server see this and who wrote it."))
        caption = Caption(translator.text(N_("What is wrong with it? (optional)")), seen_by)
        self.add_item(caption.over(self._reason))

    async def on_submit(self, interaction: discord.Interaction[Any]) -> None:
        """Tell the moderators, and thank."""
        await interaction.response.defer(ephemeral=True, thinking=True)
        asker, reports = asker_of(interaction), interaction.client.services.reports
        report = await reports.take(asker, self._job_id, self._message, self._reason.value)
        card = await _post(interaction, report)
        await reports.told(asker, report, card)
        thanks = self._translator.text(N_("Thank you. The moderators have been told."))
        await interaction.followup.send(thanks, ephemeral=True)


async def _post(interaction: Interaction, report: Report) -> MessagePlace:
    channel = interaction.client.get_partial_messageable(report.log_channel_id)
    try:
        async with telling(POST_SECONDS):
            message = await channel.send(
                view=report_card(report, Translator(report.locale)),
                # Of two reports at the same moment, Discord keeps one.
                nonce=ids.nonce(report.job.id, "report"),
                allowed_mentions=discord.AllowedMentions.none(),
            )
    except TellError as error:
        raise ReportNotPostedError from error
    return MessagePlace(report.log_channel_id, message.id)
