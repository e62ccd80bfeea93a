"""Removing a video for a moderator: by the button on a report, or by the command."""

import discord

from bot.client.asker import asker_of
from bot.client.bot import ClapboardBot
from bot.client.removal import take_down, tell_author
from bot.domain.sentence import N_, Sentence


async def remove(interaction: discord.Interaction[ClapboardBot], job_id: str, reason: str = "") -> Sentence:
    """Remove a video with every message about it, and tell its author; what to tell the moderator.

    Raises ModeratorsOnlyError and JobGoneError.
    """
    asker, bot = asker_of(interaction), interaction.client
    removal = await bot.services.moderation.remove(asker, job_id)
    gone = await take_down(bot, removal.places)
    await bot.services.moderation.taken_down(job_id, gone)
    if removal.is_first and removal.job.author_id != asker.user_id:
        await tell_author(bot, removal.job, reason)
    left = tuple(removal.job.link(place) for place in removal.places if place not in gone)
    if left:
        told = N_(
            "Removed: nobody can get it back. But Discord doesn't let me delete {messages}. Please do it by hand."
        )
        return Sentence(told, {"messages": left})
    return Sentence(N_("Removed: its posts are deleted, and nobody can get it back."))
