"""Finding our own post of a job again, by its mark: the file's name or a button's id."""

from datetime import timedelta

import discord

from bot.domain.ids import file_name
from bot.domain.job import Job
from bot.worker.herald import PlaceClosedError

PAGES = 5
PAGE = 100
CLOCKS_DIFFER = timedelta(minutes=5)
"""How far our clock may be ahead of Discord's."""


async def find_post(channel: discord.abc.Messageable, job: Job, own_id: int) -> discord.Message | None:
    """The newest post of the job's result among the last messages of a channel, none from before its delivery.

    Raises PlaceClosedError if the history can't be read.
    """
    since = (job.deliver_first_at or job.created_at) - CLOCKS_DIFFER
    seen = False
    async for message in channel.history(limit=PAGES * PAGE, oldest_first=False):
        seen = True
        if message.created_at < since:
            return None
        if message.author.id == own_id and _is_result(message, job):
            return message
    if not seen:
        # To those who may not read a history Discord shows an empty one.
        raise PlaceClosedError
    return None


def _is_result(message: discord.Message, job: Job) -> bool:
    """Results are classic messages; the status of a job has its buttons too, but is a layout."""
    if message.flags.components_v2:
        return False
    if any(attachment.filename == file_name(job.id) for attachment in message.attachments):
        return True
    return any(job.id in custom_id for custom_id in _button_ids(message))


def _button_ids(message: discord.Message) -> list[str]:
    rows = (row.children for row in message.components if isinstance(row, discord.ActionRow))
    return [item.custom_id or "" for row in rows for item in row if isinstance(item, discord.Button)]
