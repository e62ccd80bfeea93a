"""Taking our messages about a video away, and telling its author that a moderator did."""

from collections.abc import Collection, Iterable

import discord
import structlog

from bot.client.bot import ClapboardBot
from bot.client.escape import escape
from bot.client.threads import delete_message
from bot.client.troubles import telling
from bot.domain.job import Job, MessagePlace
from bot.domain.sentence import N_, Sentence
from bot.locales import Translator
from bot.worker.herald import PlaceClosedError, TellError

SECONDS = 10.0
LONGEST_REASON = 500
LONGEST_NAME = 100

log = structlog.get_logger(__name__)


async def take_down(bot: ClapboardBot, places: Iterable[MessagePlace]) -> Collection[MessagePlace]:
    """Delete messages of ours; those that stand no more, whoever deleted them."""
    gone = []
    for place in places:
        try:
            async with telling(SECONDS):
                await delete_message(bot, place)
        except PlaceClosedError as error:
            if isinstance(error.__cause__, discord.NotFound):
                gone.append(place)
            else:
                log.warning("message not deleted", channel=place.channel_id, error=repr(error.__cause__))
        except TellError as error:
            log.warning("message not deleted", channel=place.channel_id, error=repr(error.__cause__))
        else:
            gone.append(place)
    return gone


async def tell_author(bot: ClapboardBot, job: Job, reason: str, charge: Sentence) -> None:
    """Tell somebody that a moderator has removed their video, if they take direct messages; `charge`: what it cost."""
    translator = Translator(job.locale)
    guild = bot.get_guild(job.guild_id or 0)
    if guild is None:
        lines = [translator.text(N_("A moderator has removed your video `{id}`."), id=job.id)]
    else:
        name = escape(guild.name, LONGEST_NAME, max_lines=1)
        lines = [translator.text(N_("A moderator of {server} has removed your video `{id}`."), server=name, id=job.id)]
    lines.append(translator.text(charge))
    if reason.strip():
        lines.append(translator.text(N_("Reason: {reason}"), reason=escape(reason, LONGEST_REASON)))
    try:
        async with telling(SECONDS):
            channel = await bot.create_dm(discord.Object(job.author_id))
            await channel.send("\n".join(lines), allowed_mentions=discord.AllowedMentions.none())
    except TellError as error:
        log.info("author not told of the removal", job=job.id, error=repr(error.__cause__))
