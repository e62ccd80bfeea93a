"""What managers decide about a video, each asked once, and told in the place of the question."""

from abc import ABC, abstractmethod
from typing import ClassVar

import discord

from bot.client.asker import asker_of, author_of
from bot.client.bot import ClapboardBot
from bot.domain.errors import RefusalError
from bot.domain.job import Job
from bot.domain.sentence import N_, Mention, Money, Sentence
from bot.locales import Translator
from bot.policy.asker import Asker
from cogs.question import Question
from cogs.video.confirm import ordering_of
from cogs.video.errors import AuthorGoneError, NoDirectMessagesError, NotShownForError, StatusNotPostedError

SILENT = discord.AllowedMentions.none()

Interaction = discord.Interaction[ClapboardBot]


class Decision(Question, ABC):
    """A question about a job. A subclass says what is asked, and in `decide` what *yes* does."""

    question: ClassVar[str]
    declined = N_("Nothing was changed.")
    missed = N_("Nothing was changed: you did not answer in time.")

    def __init__(self, opened_by: Interaction, job: Job, translator: Translator) -> None:
        super().__init__(opened_by, translator)
        self.job_id = job.id
        self._about = {"member": Mention("user", job.author_id), "price": Money(job.price)}

    async def ask_first(self) -> None:
        """Ask."""
        await self.ask(self.translator.text(self.question, **self._about))

    @abstractmethod
    async def decide(self, interaction: Interaction) -> Sentence:
        """Do it, with the right checked anew; what to tell."""

    async def agreed(self, interaction: Interaction) -> None:
        """Do it; what came of it, or why not, takes the place of the question."""
        self.stop()
        await interaction.response.defer()
        try:
            told = await self.decide(interaction)
        except RefusalError as error:
            told = error.sentence
        text = self.translator.text(told)
        await interaction.edit_original_response(content=text, view=None, allowed_mentions=SILENT)


class RefundQuestion(Decision):
    """Asked of a manager who is about to give a video back."""

    question = N_(
        "Give {member} this video and {price} back? "
        "What the video service was paid for it still counts for this server's budget."
    )
    yes_label = N_("Refund")
    no_label = N_("Not now")

    async def decide(self, interaction: Interaction) -> Sentence:
        """Refund."""
        return await refund(interaction, self.job_id)


class RetryQuestion(Decision):
    """Asked of a manager who is about to have something ordered again that may be on its way."""

    question = N_("This may be paid twice. Order again?")
    yes_label = N_("Order again")
    no_label = N_("Not now")
    style = discord.ButtonStyle.danger

    async def decide(self, interaction: Interaction) -> Sentence:
        """Order again."""
        return await order_again(interaction, self.job_id)


class ApproveQuestion(Decision):
    """Asked of a manager who is about to let an order through."""

    question = N_("Let this video of {member} be made, for {price}?")
    yes_label = N_("Approve")
    no_label = N_("Not now")
    style = discord.ButtonStyle.success

    async def decide(self, interaction: Interaction) -> Sentence:
        """Approve."""
        asker, approval = asker_of(interaction), interaction.client.services.approval
        job = await approval.waiting(asker, self.job_id)
        await approval.approve(asker, job.id, await _author(interaction.client, job))
        return Sentence(N_("Approved: it is in line now."))


class DeclineQuestion(Decision):
    """Asked of a manager who is about to turn an order down."""

    question = N_("Decline this video? {member} is told, and gets everything back.")
    yes_label = N_("Decline")
    no_label = N_("Not now")
    style = discord.ButtonStyle.danger

    async def decide(self, interaction: Interaction) -> Sentence:
        """Decline."""
        await interaction.client.services.approval.decline(asker_of(interaction), self.job_id)
        return Sentence(N_("Declined: it costs nothing, and its member is told."))


async def refund(interaction: Interaction, job_id: str, reason: str = "") -> Sentence:
    """Give a video back to its member; what to tell the manager. Raises what `Settling.refund` raises."""
    job = await interaction.client.services.settling.refund(asker_of(interaction), job_id, reason)
    told = N_("{member} has the video and {price} back.")
    return Sentence(told, {"member": Mention("user", job.author_id), "price": Money(job.price)})


async def order_again(interaction: Interaction, job_id: str) -> Sentence:
    """Close an order of unknown outcome and make it anew for its author; what to tell the manager.

    Raises what `Settling.unsure` raises, AuthorGoneError, and whatever keeps the author from ordering it.
    """
    asker, settling = asker_of(interaction), interaction.client.services.settling
    job = await settling.unsure(asker, job_id)
    author = await author_of(interaction.client, job)
    if author is None:
        raise AuthorGoneError
    try:
        ordered = await ordering_of(interaction).order_for(interaction, author, job, settling.settle(asker, job_id))
    except (NoDirectMessagesError, StatusNotPostedError) as error:
        raise NotShownForError from error
    told = N_("Ordered again for {member} as `{id}`.")
    return Sentence(told, {"member": Mention("user", job.author_id), "id": ordered.id})


async def _author(bot: ClapboardBot, job: Job) -> Asker:
    """Whoever asked for a video, with their roles if they are still here."""
    there = await author_of(bot, job)
    return there or Asker(job.author_id, job.guild_id, job.channel_id, job.locale)
