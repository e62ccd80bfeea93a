"""The video that a message is about, for the entries of its context menu."""

import discord

from bot.client.bot import ClapboardBot
from bot.client.search import job_of
from bot.domain.errors import RefusalError
from bot.domain.sentence import N_


class NotMyVideoError(RefusalError):
    """The message carries no mark of a job."""

    message = N_("This is not one of my videos.")


def target(interaction: discord.Interaction[ClapboardBot], message: discord.Message) -> str:
    """The id of the job that the message is about. Raises NotMyVideoError."""
    user = interaction.client.user
    job_id = None if user is None else job_of(message, user.id)
    if job_id is None:
        raise NotMyVideoError
    return job_id
