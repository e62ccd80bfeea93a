"""Threads that begin with a status message and hold its video."""

from contextlib import suppress
from typing import Literal

import discord
import structlog

from bot.client.bot import ClapboardBot
from bot.client.escape import plain
from bot.client.troubles import telling
from bot.domain.job import Job, MessagePlace
from bot.domain.standing import Standing
from bot.worker.herald import PlaceClosedError, TellError

LONGEST_NAME = 100
A_DAY_MINUTES: Literal[1440] = 1440
ARCHIVED = 50083
HAS_A_THREAD = 160004
OPEN_SECONDS = 1.5
"""An answer has to come within 3."""

log = structlog.get_logger(__name__)


async def open_thread(bot: ClapboardBot, job: Job, standing: Standing) -> None:
    """Make the thread, if it was not made before; it has the id of the status message.

    Raises PlaceClosedError where there can be none, or where the video could not be posted into it.
    """
    channel = None if job.status is None else bot.get_channel(job.status.channel_id)
    if job.private or job.status is None or not isinstance(channel, discord.TextChannel) or not _may(channel):
        raise PlaceClosedError
    start = channel.get_partial_message(job.status.message_id)
    try:
        await start.create_thread(name=_name(job, standing), auto_archive_duration=A_DAY_MINUTES)
    except discord.HTTPException as error:
        if error.code != HAS_A_THREAD:
            raise


async def close_thread(bot: ClapboardBot, job: Job) -> None:
    """Take the words of the prompt from the thread, if there is one; what people have written there stays theirs."""
    if job.status is None or job.private or job.server_id is None:
        return
    # Where there is none, or somebody else has made it, there is nothing of ours to be taken away.
    with suppress(discord.NotFound, discord.Forbidden):
        # An archived thread has to be opened to be changed.
        await bot.http.edit_channel(job.status.message_id, name=job.id, archived=False)


async def open_archived(channel: object) -> None:
    """Open an archived thread in which somebody has pressed something: no answer there could be changed later."""
    if not isinstance(channel, discord.Thread) or not channel.archived:
        return
    try:
        async with telling(OPEN_SECONDS):
            await channel.edit(archived=False)
    except TellError as error:
        log.info("thread not opened", channel=channel.id, error=repr(error.__cause__))


async def delete_message(bot: ClapboardBot, place: MessagePlace) -> None:
    """Delete a message of ours; a thread that was archived meanwhile is opened for that."""
    message = bot.get_partial_messageable(place.channel_id).get_partial_message(place.message_id)
    try:
        await message.delete()
    except discord.HTTPException as error:
        if error.code != ARCHIVED:
            raise
        await bot.http.edit_channel(place.channel_id, archived=False)
        await message.delete()


def _name(job: Job, standing: Standing) -> str:
    return job.id if standing.hides_prompt else plain(job.request.prompt, LONGEST_NAME) or job.id


def _may(channel: discord.TextChannel) -> bool:
    may = channel.permissions_for(channel.guild.me)
    return may.view_channel and may.create_public_threads and may.send_messages_in_threads and may.attach_files
