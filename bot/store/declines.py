"""How often a member's prompts were declined, for a while."""

from datetime import datetime

from sqlalchemy import delete, func, insert, select

from bot.store.database import Transaction
from bot.store.tables import declines


async def add(tx: Transaction, guild_id: int, user_id: int, at: datetime) -> None:
    """A prompt was declined."""
    await tx.execute(insert(declines).values(guild_id=guild_id, user_id=user_id, at=at))


async def since(tx: Transaction, guild_id: int, user_id: int, moment: datetime) -> int:
    """How many of a member's prompts were declined since a moment."""
    theirs = (declines.c.guild_id == guild_id, declines.c.user_id == user_id, declines.c.at >= moment)
    return int((await tx.execute(select(func.count()).where(*theirs))).scalar_one())


async def forget(tx: Transaction, before: datetime) -> None:
    """Delete what is older than a moment."""
    await tx.execute(delete(declines).where(declines.c.at < before))
