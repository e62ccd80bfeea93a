"""Small things the program remembers: who was told the first-use note, which commands Discord has."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.dialects.sqlite import insert as upsert

from bot.store.database import Transaction
from bot.store.tables import facts, members


async def is_known(tx: Transaction, user_id: int) -> bool:
    """Whether somebody has used the bot before."""
    return (await tx.execute(select(members.c.id).where(members.c.id == user_id))).first() is not None


async def first_use(tx: Transaction, user_id: int, at: datetime) -> bool:
    """Whether this is the first time that somebody uses the bot; true once."""
    row = upsert(members).values(id=user_id, first_used_at=at).on_conflict_do_nothing().returning(members.c.id)
    return (await tx.execute(row)).first() is not None


async def recall(tx: Transaction, name: str) -> str | None:
    """What was remembered under a name."""
    return (await tx.execute(select(facts.c.value).where(facts.c.name == name))).scalar_one_or_none()


async def remember(tx: Transaction, name: str, value: str) -> None:
    """Remember something under a name."""
    row = upsert(facts).values(name=name, value=value)
    await tx.execute(row.on_conflict_do_update(index_elements=["name"], set_={"value": value}))
