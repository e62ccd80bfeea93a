"""Deleting the post of a video: the button below it, and the question that comes first."""

import discord

from bot.client.asker import asker_of
from bot.client.bot import ClapboardBot
from bot.client.removal import take_down
from bot.domain.job import MessagePlace
from bot.domain.sentence import N_
from bot.locales import Translator
from cogs.buttons import JobButton
from cogs.question import Question
from cogs.removing import RemoveQuestion

Interaction = discord.Interaction[ClapboardBot]


class DeleteButton(JobButton, verb="delete", label=N_("Delete")):
    """**Delete** below a finished video, for its author and for moderators, whose word is final."""

    async def pressed(self, interaction: Interaction) -> None:
        """Ask whoever may delete the post whether they mean it."""
        asker = asker_of(interaction)
        job, _place = await interaction.client.services.following.to_delete(asker, self.job_id)
        translator = Translator(asker.locale)
        if job.author_id == asker.user_id:
            question = N_(
                "Delete this video's post? I can't post it again; /my-videos show gives it to you as long as the video "
                "service has it."
            )
            await ConfirmDelete(interaction, self.job_id, translator).ask(translator.text(question))
            return
        await RemoveQuestion(interaction, self.job_id, translator).ask_to_remove()


class ConfirmDelete(Question):
    """The question, seen only by the author who pressed **Delete**.

    It is asked beside the post, whose press is answered by deleting it: that works where the bot is no member too.
    """

    yes_label = N_("Delete")
    no_label = N_("Keep")
    style = discord.ButtonStyle.danger
    declined = N_("Nothing was deleted.")
    missed = N_("Nothing was deleted: you did not answer in time.")

    def __init__(self, opened_by: Interaction, job_id: str, translator: Translator) -> None:
        super().__init__(opened_by, translator)
        self._job_id = job_id
        self._asked: discord.WebhookMessage | None = None

    async def ask(self, text: str) -> None:
        """Ask by a follow-up: what stands for the answer is the post."""
        await self.opened_by.response.defer()
        self._asked = await self.opened_by.followup.send(text, view=self, ephemeral=True, wait=True)

    async def replace(self, text: str) -> None:
        """Put a text in the place of the follow-up."""
        if self._asked is not None:
            await self._asked.edit(content=text, view=None)

    async def agreed(self, interaction: Interaction) -> None:
        """Delete the post; the right is checked anew."""
        services = interaction.client.services
        job, place = await services.following.to_delete(asker_of(interaction), self._job_id)
        self.stop()
        await interaction.response.defer()
        told = N_("Deleted.")
        if await self._delete(interaction.client, place):
            await services.following.deleted(job, place)
        else:
            told = N_("Discord doesn't let me delete this post. Please ask a moderator.")
        await interaction.edit_original_response(content=self.translator.text(told), view=None)

    async def _delete(self, bot: ClapboardBot, place: MessagePlace) -> bool:
        """Whether the post that was pressed stands no more, nor the one in the records if that is another."""
        pressed = self.opened_by.message
        try:
            await self.opened_by.delete_original_response()
        except discord.NotFound:
            # Somebody else was first, which is what was wanted.
            pass
        except discord.Forbidden:
            return False
        return (pressed is not None and pressed.id == place.message_id) or bool(await take_down(bot, [place]))
