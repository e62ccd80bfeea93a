"""Removing a video for a moderator: by the button on a report or below a video, or by the command."""

import discord

from bot.client.asker import asker_of
from bot.client.bot import ClapboardBot
from bot.client.removal import take_down, tell_author
from bot.domain.sentence import N_, Sentence
from bot.locales import Translator
from cogs.cards.telling import charge
from cogs.question import Question

Interaction = discord.Interaction[ClapboardBot]


async def remove(interaction: Interaction, job_id: str, reason: str = "") -> Sentence:
    """Remove a video with every message about it, and tell its author; what to tell the moderator.

    Raises ModeratorsOnlyError and JobGoneError.
    """
    asker, bot = asker_of(interaction), interaction.client
    removal = await bot.services.moderation.remove(asker, job_id, reason)
    gone = await take_down(bot, removal.places)
    await bot.services.moderation.taken_down(job_id, gone)
    if removal.is_first and removal.job.author_id != asker.user_id:
        standing = await bot.services.following.standing(removal.job)
        await tell_author(bot, removal.job, reason, charge(standing))
    left = tuple(removal.job.link(place) for place in removal.places if place not in gone)
    if left:
        told = N_(
            "Removed: nobody can get it back. But Discord doesn't let me delete {messages}. Please do it by hand."
        )
        return Sentence(told, {"messages": left})
    return Sentence(N_("Removed: its posts are deleted, and nobody can get it back."))


class RemoveQuestion(Question):
    """Asked once, of a moderator who is about to remove somebody's video."""

    yes_label = N_("Remove")
    no_label = N_("Keep")
    style = discord.ButtonStyle.danger
    declined = N_("Nothing was removed.")
    missed = N_("Nothing was removed: you did not answer in time.")

    def __init__(self, opened_by: Interaction, job_id: str, translator: Translator) -> None:
        super().__init__(opened_by, translator)
        self._job_id = job_id

    async def ask_to_remove(self) -> None:
        """Ask."""
        question = N_("Remove this video? Its posts are deleted, and nobody can get it back. Its author is told.")
        await self.ask(self.translator.text(question))

    async def agreed(self, interaction: Interaction) -> None:
        """Remove the video with all its copies; the right is checked anew."""
        await interaction.client.services.moderation.job(asker_of(interaction), self._job_id)
        self.stop()
        await interaction.response.defer()
        told = await remove(interaction, self._job_id)
        await self.removed(interaction)
        await interaction.edit_original_response(content=self.translator.text(told), view=None)

    async def removed(self, interaction: Interaction) -> None:
        """What else is done when the video is gone; nothing, unless a subclass says so."""
