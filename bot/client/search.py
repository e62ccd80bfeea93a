"""Finding our own post of a job again, by its mark: the file's name or a button's id."""

import re
from collections.abc import Callable, Iterable, Iterator
from datetime import datetime, timedelta
from functools import partial

import discord

from bot.domain.ids import PATTERN, file_name
from bot.domain.job import Job
from bot.worker.herald import PlaceClosedError

PAGES = 5
PAGE = 100
CLOCKS_DIFFER = timedelta(minutes=5)
"""How far our clock may be ahead of Discord's."""
CARD_BUTTONS = "cb:card-"
"""With this the ids of the buttons on a log channel's cards begin; every card has one."""
_MARKS = re.compile(rf"(?:SPOILER_)?clapboard-(?P<file>{PATTERN})\.mp4|cb:[a-z-]+:(?P<button>{PATTERN})")
_NAMED = re.compile(rf"(?<!\\)`({PATTERN})`")


def job_of(message: discord.Message, own_id: int) -> str | None:
    """The id of the job that a message of ours is about; None for the messages of others."""
    if message.author.id != own_id:
        return None
    marks = (*(attachment.filename for attachment in message.attachments), *_button_ids(message.components))
    found = next(filter(None, map(_MARKS.fullmatch, marks)), None)
    if found is not None:
        return found["file"] or found["button"]
    # A card without buttons names its job in its last small line; in prompts, backticks are escaped.
    named = _NAMED.findall("\n".join((message.content, *texts(message.components))))
    return named[-1] if named else None


async def find_post(channel: discord.abc.Messageable, job: Job, own_id: int) -> discord.Message | None:
    """The newest post of the job's result among the last messages of a channel, none from before its delivery.

    Raises PlaceClosedError if the history can't be read.
    """
    return await _find(channel, job, own_id, _is_result)


async def find_copy(channel: discord.abc.Messageable, job: Job, own_id: int) -> discord.Message | None:
    """The copy of a job's result in a channel of copies, by its file or the id in its last line.

    Raises PlaceClosedError if the history can't be read.
    """
    return await _find(channel, job, own_id, partial(_is_copy, own_id))


async def find_status(channel: discord.abc.Messageable, job: Job, own_id: int) -> discord.Message | None:
    """The status message of a job whose place was never written down, by its button.

    Raises PlaceClosedError if the history can't be read.
    """
    return await _find(channel, job, own_id, _is_status)


async def find_card(channel: discord.abc.Messageable, job: Job, own_id: int) -> discord.Message | None:
    """The log channel's card about a job, by its buttons; it may be older than the first delivery.

    Raises PlaceClosedError if the history can't be read.
    """
    return await _find(channel, job, own_id, _is_card, job.created_at)


async def _find(
    channel: discord.abc.Messageable,
    job: Job,
    own_id: int,
    is_sought: Callable[[discord.Message, Job], bool],
    earliest: datetime | None = None,
) -> discord.Message | None:
    since = (earliest or job.deliver_first_at or job.created_at) - CLOCKS_DIFFER
    seen = False
    async for message in channel.history(limit=PAGES * PAGE, oldest_first=False):
        seen = True
        if message.created_at < since:
            return None
        if message.author.id == own_id and is_sought(message, job):
            return message
    if not seen:
        # To those who may not read a history Discord shows an empty one.
        raise PlaceClosedError
    return None


def _is_result(message: discord.Message, job: Job) -> bool:
    """Results are classic messages; the status of a job has its buttons too, but is a layout."""
    if message.flags.components_v2:
        return False
    names = {file_name(job.id), f"SPOILER_{file_name(job.id)}"}
    if any(attachment.filename in names for attachment in message.attachments):
        return True
    return any(job.id in custom_id for custom_id in _button_ids(message.components))


def _is_copy(own_id: int, message: discord.Message, job: Job) -> bool:
    """Copies are classic messages too; in the log channel, the cards about a job are layouts."""
    return not message.flags.components_v2 and job_of(message, own_id) == job.id


def _is_status(message: discord.Message, job: Job) -> bool:
    return message.flags.components_v2 and any(job.id in custom_id for custom_id in _button_ids(message.components))


def _is_card(message: discord.Message, job: Job) -> bool:
    ids = _button_ids(message.components)
    return any(custom_id.startswith(CARD_BUTTONS) and job.id in custom_id for custom_id in ids)


def texts(components: Iterable[discord.Component]) -> Iterator[str]:
    """What is written on a layout, part by part."""
    for component in components:
        if isinstance(component, discord.TextDisplay):
            yield component.content
        yield from texts(getattr(component, "children", ()))


def _button_ids(components: Iterable[discord.Component]) -> Iterator[str]:
    for component in components:
        if isinstance(component, discord.Button):
            yield component.custom_id or ""
        yield from _button_ids(getattr(component, "children", ()))
