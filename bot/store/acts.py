"""The record of what was done in a server by those who run it; append-only."""

from collections.abc import Sequence
from dataclasses import fields

from sqlalchemy import func, insert, select

from bot.domain.audit import Act, Action
from bot.store.database import Transaction
from bot.store.tables import acts

_NAMES = tuple(field.name for field in fields(Act))


async def add(tx: Transaction, act: Act) -> None:
    """Write a line."""
    await tx.execute(insert(acts).values({name: getattr(act, name) for name in _NAMES}))


async def count(tx: Transaction, guild_id: int) -> int:
    """How many lines a server has."""
    return int((await tx.execute(select(func.count()).where(acts.c.guild_id == guild_id))).scalar_one())


async def of_guild(tx: Transaction, guild_id: int, *, offset: int, limit: int) -> Sequence[Act]:
    """A server's lines, newest first."""
    query = select(acts).where(acts.c.guild_id == guild_id).order_by(acts.c.id.desc())
    rows = (await tx.execute(query.offset(offset).limit(limit))).mappings()
    return [Act(**{**{name: row[name] for name in _NAMES}, "action": Action(row["action"])}) for row in rows]


async def on_job(tx: Transaction, job_id: str) -> Sequence[Act]:
    """What was done about a job, oldest first."""
    rows = (await tx.execute(select(acts).where(acts.c.job_id == job_id).order_by(acts.c.id))).mappings()
    return [Act(**{**{name: row[name] for name in _NAMES}, "action": Action(row["action"])}) for row in rows]
