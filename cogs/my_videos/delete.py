"""Deleting the post of a video: the button below it, and the question that comes first."""

import re
from typing import Any, Self

import discord
import structlog

from bot.client.asker import asker_of
from bot.client.bot import ClapboardBot
from bot.client.reporter import ReportingView, reported
from bot.domain import ids
from bot.domain.errors import RefusalError
from bot.domain.sentence import N_
from bot.locales import Translator
from cogs.unsent import UNSENT

VERB = "delete"
ANSWER_WITHIN_SECONDS = 120

log = structlog.get_logger(__name__)


class CannotDeleteError(RefusalError):
    """Discord does not let the bot delete the post."""

    message = N_("Discord doesn't let me delete this post. Please ask a moderator.")


class DeleteButton(
    discord.ui.DynamicItem["discord.ui.Button[discord.ui.View]"],
    template=rf"cb:{VERB}:(?P<job>{ids.PATTERN})",
):
    """**Delete** below a finished video, for its author and for moderators."""

    def __init__(self, job_id: str, label: str) -> None:
        super().__init__(discord.ui.Button(label=label, custom_id=ids.custom_id(VERB, job_id)))
        self.job_id = job_id

    @classmethod
    async def from_custom_id(
        cls, _interaction: discord.Interaction[Any], item: discord.ui.Item[Any], match: re.Match[str], /
    ) -> Self:
        """The button that was pressed."""
        label = item.label if isinstance(item, discord.ui.Button) else None
        return cls(match["job"], label or VERB)

    @reported
    async def callback(self, interaction: discord.Interaction[Any]) -> None:
        """Ask whoever may delete the post whether they mean it."""
        asker = asker_of(interaction)
        await interaction.client.services.following.post_to_delete(asker, self.job_id)
        translator = Translator(asker.locale)
        question = translator.text(N_("Delete this video's post? It can't be posted again."))
        view = ConfirmDelete(interaction, self.job_id, translator)
        await interaction.response.send_message(question, view=view, ephemeral=True)


class ConfirmDelete(ReportingView):
    """The question, seen only by the person who pressed **Delete**."""

    def __init__(self, opened_by: discord.Interaction[ClapboardBot], job_id: str, translator: Translator) -> None:
        super().__init__(timeout=ANSWER_WITHIN_SECONDS)
        self._opened_by = opened_by
        self._job_id = job_id
        self._translator = translator
        self.delete.label = translator.text(N_("Delete"))
        self.keep.label = translator.text(N_("Keep"))

    @discord.ui.button(style=discord.ButtonStyle.danger)
    async def delete(
        self, interaction: discord.Interaction[ClapboardBot], _button: "discord.ui.Button[ConfirmDelete]"
    ) -> None:
        """Delete the post; the right is checked anew."""
        place = await interaction.client.services.following.post_to_delete(asker_of(interaction), self._job_id)
        post = interaction.client.get_partial_messageable(place.channel_id).get_partial_message(place.message_id)
        try:
            await post.delete()
        except discord.NotFound:
            # Somebody else was first, which is what was wanted.
            pass
        except discord.Forbidden as error:
            raise CannotDeleteError from error
        await self._end(interaction, N_("Deleted."))

    @discord.ui.button(style=discord.ButtonStyle.secondary)
    async def keep(
        self, interaction: discord.Interaction[ClapboardBot], _button: "discord.ui.Button[ConfirmDelete]"
    ) -> None:
        """Leave everything as it is."""
        await self._end(interaction, N_("Nothing was deleted."))

    async def on_timeout(self) -> None:
        """Take the buttons away, which would not be answered any more."""
        text = self._translator.text(N_("Nothing was deleted: you did not answer in time."))
        try:
            await self._opened_by.edit_original_response(content=text, view=None)
        except UNSENT as error:
            # The person may have dismissed the question.
            log.info("question not closed", job=self._job_id, error=repr(error))

    async def _end(self, interaction: discord.Interaction[ClapboardBot], text: str) -> None:
        self.stop()
        await interaction.response.edit_message(content=self._translator.text(text), view=None)
