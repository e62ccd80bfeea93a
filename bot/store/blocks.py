"""Members whom moderators keep from making videos."""

from datetime import datetime

from sqlalchemy import delete, or_, select
from sqlalchemy.dialects.sqlite import insert as upsert

from bot.domain.block import Block
from bot.store.database import Transaction
from bot.store.tables import blocks


async def active(tx: Transaction, guild_id: int, user_id: int, now: datetime) -> Block | None:
    """The block that holds for a member now."""
    query = select(blocks).where(blocks.c.guild_id == guild_id, blocks.c.user_id == user_id)
    row = (await tx.execute(query.where(or_(blocks.c.until.is_(None), blocks.c.until > now)))).mappings().first()
    if row is None:
        return None
    return Block(row["guild_id"], row["user_id"], row["actor_id"], row["until"], row["reason"])


async def put(tx: Transaction, block: Block, at: datetime) -> None:
    """Block a member, or change the block there is."""
    values = {"actor_id": block.actor_id, "until": block.until, "reason": block.reason, "created_at": at}
    row = upsert(blocks).values(guild_id=block.guild_id, user_id=block.user_id, **values)
    await tx.execute(row.on_conflict_do_update(index_elements=["guild_id", "user_id"], set_=values))


async def lift(tx: Transaction, guild_id: int, user_id: int) -> bool:
    """End a block. False: there was none."""
    mine = (blocks.c.guild_id == guild_id, blocks.c.user_id == user_id)
    return (await tx.execute(delete(blocks).where(*mine))).rowcount > 0


async def forget(tx: Transaction, before: datetime) -> None:
    """Delete those that ended before a moment."""
    await tx.execute(delete(blocks).where(blocks.c.until < before))
