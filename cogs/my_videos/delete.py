"""Deleting the post of a video: the button below it, and the question that comes first."""

import discord

from bot.client.asker import asker_of
from bot.client.bot import ClapboardBot
from bot.domain.errors import RefusalError
from bot.domain.sentence import N_
from bot.locales import Translator
from cogs.buttons import JobButton
from cogs.question import Question
from cogs.removing import remove

Interaction = discord.Interaction[ClapboardBot]


class CannotDeleteError(RefusalError):
    """Discord does not let the bot delete the post."""

    message = N_("Discord doesn't let me delete this post. Please ask a moderator.")


class DeleteButton(JobButton, verb="delete", label=N_("Delete")):
    """**Delete** below a finished video, for its author and for moderators, whose word is final."""

    async def pressed(self, interaction: Interaction) -> None:
        """Ask whoever may delete the post whether they mean it."""
        asker = asker_of(interaction)
        job, _place = await interaction.client.services.following.to_delete(asker, self.job_id)
        translator = Translator(asker.locale)
        if job.author_id == asker.user_id:
            question = translator.text(N_("Delete this video's post? It can't be posted again."))
            await ConfirmDelete(interaction, self.job_id, translator).ask(question)
            return
        question = N_("Remove this video? Its posts are deleted, and nobody can get it back. Its author is told.")
        await ConfirmRemove(interaction, self.job_id, translator).ask(translator.text(question))


class ConfirmDelete(Question):
    """The question, seen only by the author who pressed **Delete**."""

    yes_label = N_("Delete")
    no_label = N_("Keep")
    style = discord.ButtonStyle.danger
    declined = N_("Nothing was deleted.")
    missed = N_("Nothing was deleted: you did not answer in time.")

    def __init__(self, opened_by: Interaction, job_id: str, translator: Translator) -> None:
        super().__init__(opened_by, translator)
        self.job_id = job_id

    async def agreed(self, interaction: Interaction) -> None:
        """Delete the post; the right is checked anew."""
        _job, place = await interaction.client.services.following.to_delete(asker_of(interaction), self.job_id)
        post = interaction.client.get_partial_messageable(place.channel_id).get_partial_message(place.message_id)
        try:
            await post.delete()
        except discord.NotFound:
            # Somebody else was first, which is what was wanted.
            pass
        except discord.Forbidden as error:
            raise CannotDeleteError from error
        await self.end(interaction, N_("Deleted."))


class ConfirmRemove(ConfirmDelete):
    """The question, seen only by the moderator who pressed **Delete** below somebody else's video."""

    async def agreed(self, interaction: Interaction) -> None:
        """Remove the video with all its copies; the right is checked anew."""
        self.stop()
        await interaction.response.defer()
        told = await remove(interaction, self.job_id)
        await interaction.edit_original_response(content=self.translator.text(told), view=None)
