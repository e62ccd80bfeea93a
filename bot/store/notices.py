"""What has to be told that is about no job; each line is written in the transaction that made it true."""

import json
from collections.abc import Mapping, Sequence
from datetime import datetime

from sqlalchemy import delete, func, select, update
from sqlalchemy.dialects.sqlite import insert as upsert

from bot.domain.notice import Notice, NoticeKind
from bot.store.database import Transaction
from bot.store.tables import notices


async def put(
    tx: Transaction,
    guild_id: int,
    kind: NoticeKind,
    about: Mapping[str, object],
    at: datetime,
    *,
    once: str | None = None,
) -> bool:
    """Note something to tell. False: what is told only once (by its name in `once`) was noted before."""
    values = {"guild_id": guild_id, "kind": kind, "about": json.dumps(about), "created_at": at, "next_at": at}
    row = upsert(notices).values(once=once, **values).on_conflict_do_nothing().returning(notices.c.id)
    return (await tx.execute(row)).first() is not None


async def is_known(tx: Transaction, once: str) -> bool:
    """Whether what is told only once was noted before."""
    return (await tx.execute(select(notices.c.id).where(notices.c.once == once))).first() is not None


async def due(tx: Transaction, now: datetime, *, limit: int) -> Sequence[Notice]:
    """What is to be told by now, oldest first."""
    query = select(notices).where(notices.c.next_at <= now).order_by(notices.c.id).limit(limit)
    names = ("id", "guild_id", "attempts", "created_at")
    return [
        Notice(kind=NoticeKind(row["kind"]), about=json.loads(row["about"]), **{name: row[name] for name in names})
        for row in (await tx.execute(query)).mappings()
    ]


async def next_due(tx: Transaction) -> datetime | None:
    """When the next one is to be told."""
    moment: datetime | None = (await tx.execute(select(func.min(notices.c.next_at)))).scalar_one()
    return moment


async def later(tx: Transaction, notice_id: int, at: datetime) -> None:
    """It could not be told yet."""
    row = update(notices).where(notices.c.id == notice_id)
    await tx.execute(row.values(attempts=notices.c.attempts + 1, next_at=at))


async def done(tx: Transaction, notice_id: int) -> None:
    """It was told, or never will be; what is told once only stays known."""
    await tx.execute(update(notices).where(notices.c.id == notice_id).values(next_at=None))
    await tx.execute(delete(notices).where(notices.c.id == notice_id, notices.c.once.is_(None)))
