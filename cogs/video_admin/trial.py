"""Trying the chosen channels out: a silent message with a tiny file is posted in each, and deleted at once."""

import asyncio
import io
from collections.abc import Mapping, Sequence

import discord
import structlog

from bot.client.bot import ClapboardBot
from bot.domain.sentence import N_, Sentence
from bot.locales import Translator
from cogs.unsent import UNSENT

MOST_TRIED = 10
POST_SECONDS, DELETE_SECONDS = 5.0, 4.0
"""Together below the 10 s for which a stop of the process waits, so that nothing is left behind."""
_FILE = b"Clapboard can attach files here."
_TEXT = N_("This is a test message of `/video-admin setup`. I delete it at once.")
_PERMISSION_MISSING = frozenset({50001, 50013})

log = structlog.get_logger(__name__)


async def try_out(bot: ClapboardBot, channel_ids: Sequence[int], locale: str) -> Mapping[int, Sentence | None]:
    """What went wrong in each channel, None where nothing did; at most ten channels are tried."""
    tried = channel_ids[:MOST_TRIED]
    text = Translator(locale).text(_TEXT)
    return dict(zip(tried, await asyncio.gather(*(_try(bot, id_, text) for id_ in tried)), strict=True))


async def _try(bot: ClapboardBot, channel_id: int, text: str) -> Sentence | None:
    channel, silent = bot.get_partial_messageable(channel_id), discord.AllowedMentions.none()
    file = discord.File(io.BytesIO(_FILE), "clapboard-test.txt")
    try:
        async with asyncio.timeout(POST_SECONDS):
            message = await channel.send(text, file=file, silent=True, allowed_mentions=silent)
    except UNSENT as error:
        log.info("test message not posted", channel=channel_id, error=repr(error))
        return _reason(error)
    try:
        async with asyncio.timeout(DELETE_SECONDS):
            await message.delete()
    except UNSENT as error:
        log.warning("test message not deleted", channel=channel_id, error=repr(error))
        return Sentence(N_("I could post it, but not delete it again. Please delete it."))
    return None


def _reason(error: Exception) -> Sentence:
    if not isinstance(error, discord.HTTPException):
        return Sentence(N_("Discord did not answer in time."))
    if error.code in _PERMISSION_MISSING:
        return Sentence(N_("Discord says that I lack a permission."))
    return Sentence(N_("Discord refused it (error {code})."), {"code": str(error.code or error.status)})
