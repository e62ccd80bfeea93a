"""Declined prompts: five in a day of the server's pause their member until the next, and the log channel is told."""

import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import datetime

import structlog

from bot.domain.audit import Act, Action
from bot.domain.block import BY_THE_BOT, Block
from bot.domain.errors import StoreUnavailableError
from bot.domain.failure import FailureKind
from bot.domain.guild import Guild
from bot.domain.notice import NoticeKind
from bot.domain.sentence import Instant
from bot.policy import calendar
from bot.policy.asker import Asker
from bot.policy.errors import DeclinedPromptError, PausedByDeclinesError
from bot.store import acts, blocks, declines, guilds, notices
from bot.store.database import Database, Transaction

MOST = 5
"""Declined prompts of one member in one day; so many again pause anew whom a moderator has let back."""
DECLINES = frozenset({FailureKind.MODERATION, FailureKind.REAL_PERSON})
"""What the gateways say of prompts and pictures that they decline."""

log = structlog.get_logger(__name__)


@asynccontextmanager
async def counting(database: Database, asker: Asker, now: datetime) -> AsyncIterator[None]:
    """Around what may decline a prompt: count that after it was rolled back, once for each interaction.

    Raises PausedByDeclinesError in the place of a refusal that pauses the asker, or that comes after one that did.
    """
    try:
        yield
    except DeclinedPromptError as refusal:
        until = await _counted(database, asker, now)
        if until is None:
            raise
        raise PausedByDeclinesError(why=refusal.sentence, count=MOST, again=Instant(until)) from refusal


async def _counted(database: Database, asker: Asker, now: datetime) -> datetime | None:
    if asker.guild_id is None:
        return None
    try:
        async with database.write() as tx:
            guild = await guilds.get(tx, asker.guild_id)
            return await count(tx, guild, asker.user_id, now, interaction_id=asker.interaction_id)
    except StoreUnavailableError:
        # The prompt is refused whether or not that is written down.
        log.exception("declined prompt not counted", guild=asker.guild_id, member=asker.user_id)
        return None


async def count(
    tx: Transaction, guild: Guild, user_id: int, now: datetime, *, interaction_id: int | None = None
) -> datetime | None:
    """A member's prompt was declined; until when that keeps them from making videos, if it does.

    An interaction that was counted before is not counted again.
    """
    counted = await declines.add(tx, guild.id, user_id, now, interaction_id)
    today, tomorrow = calendar.day(now, guild.choices.time_zone)
    number = await declines.since(tx, guild.id, user_id, today)
    block = await blocks.active(tx, guild.id, user_id, now)
    if block is not None:
        return block.until if block.actor_id == BY_THE_BOT else None
    if not counted or number % MOST:
        return None
    await _pause(tx, guild, user_id, now, tomorrow)
    return tomorrow


async def _pause(tx: Transaction, guild: Guild, user_id: int, now: datetime, until: datetime) -> None:
    reason = f"{MOST} declined prompts"
    await blocks.put(tx, Block(guild.id, user_id, BY_THE_BOT, until, reason), now)
    given = json.dumps({"until": until.isoformat()})
    await acts.add(tx, Act(now, guild.id, BY_THE_BOT, Action.BLOCK, user_id, after=given, reason=reason))
    about = {"member": user_id, "count": MOST, "until": until.isoformat()}
    once = f"declined:{guild.id}:{user_id}:{until.isoformat()}"
    await notices.put(tx, guild.id, NoticeKind.DECLINED_PROMPTS, about, now, once=once)
    log.info("member paused", guild=guild.id, member=user_id, until=until)
