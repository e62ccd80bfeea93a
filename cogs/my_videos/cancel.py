"""Stopping a video: the button on its status message, and what the command answers."""

import re
from typing import Any, Self

import discord

from bot.client.asker import asker_of
from bot.client.bot import ClapboardBot
from bot.client.reporter import reported
from bot.domain import ids
from bot.locales import Translator
from cogs.cards.telling import stopped

VERB = "cancel"


async def stop(interaction: discord.Interaction[ClapboardBot], job_id: str) -> None:
    """Cancel a job or remember not to post it, and answer as the status message will; the worker brings it in line."""
    asker = asker_of(interaction)
    following = interaction.client.services.following
    await following.cancel(asker, job_id)
    answer = stopped(*await following.get(asker, job_id))
    await interaction.response.send_message(Translator(asker.locale).text(answer), ephemeral=True)


class CancelButton(
    discord.ui.DynamicItem["discord.ui.Button[discord.ui.LayoutView]"],
    template=rf"cb:{VERB}:(?P<job>{ids.PATTERN})",
):
    """**Cancel** until a video is ordered, **Don't post** from then on."""

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
        """Stop the job, if the presser may."""
        await stop(interaction, self.job_id)
