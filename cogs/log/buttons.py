"""The buttons on the log channel's cards; who may press is checked when they are pressed."""

import discord

from bot.client.asker import asker_of
from bot.client.bot import ClapboardBot
from bot.domain.sentence import N_
from bot.locales import Translator
from cogs.blocking import LengthQuestion
from cogs.buttons import JobButton
from cogs.log.decisions import ApproveQuestion, DeclineQuestion, RefundQuestion, RetryQuestion
from cogs.removing import RemoveQuestion

Interaction = discord.Interaction[ClapboardBot]


class CardRemoveButton(JobButton, verb="card-remove", label=N_("Remove")):
    """**Remove**, for moderators: the video goes, with everything that shows it."""

    style = discord.ButtonStyle.danger

    async def pressed(self, interaction: Interaction) -> None:
        """Ask a moderator whether they mean it."""
        asker = asker_of(interaction)
        await interaction.client.services.moderation.job(asker, self.job_id)
        await RemoveQuestion(interaction, self.job_id, Translator(asker.locale)).ask_to_remove()


class CardBlockButton(JobButton, verb="card-block", label=N_("Block member")):
    """**Block member**, for moderators: whoever asked for the video can't make another for a while."""

    async def pressed(self, interaction: Interaction) -> None:
        """Ask a moderator for how long."""
        asker = asker_of(interaction)
        job = await interaction.client.services.moderation.job(asker, self.job_id)
        await LengthQuestion(interaction, job, Translator(asker.locale), f"card of {job.id}").ask()


class CardRefundButton(JobButton, verb="card-refund", label=N_("Refund")):
    """**Refund**, for managers: its member gets the video and its price back."""

    async def pressed(self, interaction: Interaction) -> None:
        """Ask a manager whether they mean it."""
        asker = asker_of(interaction)
        job = await interaction.client.services.settling.refundable(asker, self.job_id)
        await RefundQuestion(interaction, job, Translator(asker.locale)).ask_first()


class CardRetryButton(JobButton, verb="card-retry", label=N_("Retry")):
    """**Retry**, for managers: what nobody can tell of is closed and ordered again for its member."""

    async def pressed(self, interaction: Interaction) -> None:
        """Ask a manager whether they mean it."""
        asker = asker_of(interaction)
        job = await interaction.client.services.settling.unsure(asker, self.job_id)
        await RetryQuestion(interaction, job, Translator(asker.locale)).ask_first()


class ApproveButton(JobButton, verb="card-approve", label=N_("Approve")):
    """**Approve**, for managers: the order that waits is made."""

    style = discord.ButtonStyle.success

    async def pressed(self, interaction: Interaction) -> None:
        """Ask a manager whether they mean it."""
        asker = asker_of(interaction)
        job = await interaction.client.services.approval.waiting(asker, self.job_id)
        await ApproveQuestion(interaction, job, Translator(asker.locale)).ask_first()


class DeclineButton(JobButton, verb="card-decline", label=N_("Decline")):
    """**Decline**, for managers: the order that waits is not made and costs nothing."""

    style = discord.ButtonStyle.danger

    async def pressed(self, interaction: Interaction) -> None:
        """Ask a manager whether they mean it."""
        asker = asker_of(interaction)
        job = await interaction.client.services.approval.waiting(asker, self.job_id)
        await DeclineQuestion(interaction, job, Translator(asker.locale)).ask_first()


LOG_BUTTONS = (CardRemoveButton, CardBlockButton, CardRefundButton, CardRetryButton, ApproveButton, DeclineButton)
