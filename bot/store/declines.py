"""How often a member's prompts were declined, for a while."""

from datetime import datetime

from sqlalchemy import delete, func, select
from sqlalchemy.dialects.sqlite import insert as upsert

from bot.store.database import Transaction
from bot.store.tables import declines


async def add(tx: Transaction, guild_id: int, user_id: int, at: datetime, interaction_id: int | None = None) -> bool:
    """A prompt was declined. False: the same interaction has been noted before."""
    row = upsert(declines).values(guild_id=guild_id, user_id=user_id, at=at, interaction_id=interaction_id)
    return (await tx.execute(row.on_conflict_do_nothing().returning(declines.c.id))).first() is not None


async def since(tx: Transaction, guild_id: int, user_id: int, moment: datetime) -> int:
    """How many of a member's prompts were declined since a moment."""
    theirs = (declines.c.guild_id == guild_id, declines.c.user_id == user_id, declines.c.at >= moment)
    return int((await tx.execute(select(func.count()).where(*theirs))).scalar_one())


async def forget(tx: Transaction, before: datetime) -> None:
    """Delete what is older than a moment."""
    await tx.execute(delete(declines).where(declines.c.at < before))
