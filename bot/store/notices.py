"""What has to be told that is about no job; each line is written in the transaction that made it true."""

import json
from collections.abc import Mapping, Sequence
from datetime import datetime

from sqlalchemy import RowMapping, delete, select, update
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
    # What another version has noted is left to it.
    mine = (notices.c.next_at.is_not(None), notices.c.next_at <= now, notices.c.kind.in_(NoticeKind))
    query = select(notices).where(*mine).order_by(notices.c.id).limit(limit)
    return [_notice(row) for row in (await tx.execute(query)).mappings()]


async def named(tx: Transaction, once: str) -> Notice | None:
    """What is told only once, by its name, whether it has been told or not."""
    row = (await tx.execute(select(notices).where(notices.c.once == once))).mappings().first()
    return None if row is None else _notice(row)


async def later(tx: Transaction, notice_id: int, at: datetime) -> None:
    """It could not be told yet."""
    row = update(notices).where(notices.c.id == notice_id)
    await tx.execute(row.values(attempts=notices.c.attempts + 1, next_at=at))


async def reach(tx: Transaction, notice_id: int, user_id: int) -> None:
    """One of those who have to be told has been told."""
    row = notices.c.id == notice_id
    reached = (await tx.execute(select(notices.c.reached).where(row))).scalar_one_or_none()
    if reached is not None:
        everybody = sorted({*json.loads(reached), user_id})
        await tx.execute(update(notices).where(row).values(reached=json.dumps(everybody)))


async def done(tx: Transaction, notice_id: int) -> None:
    """It was told, or never will be; what is told once only stays known."""
    await tx.execute(update(notices).where(notices.c.id == notice_id).values(next_at=None))
    await tx.execute(delete(notices).where(notices.c.id == notice_id, notices.c.once.is_(None)))


async def forget(tx: Transaction, before: datetime) -> None:
    """Delete what was told only once before a moment; nobody would tell it again."""
    await tx.execute(delete(notices).where(notices.c.next_at.is_(None), notices.c.created_at < before))


def _notice(row: RowMapping) -> Notice:
    about, reached = json.loads(row["about"]), frozenset(json.loads(row["reached"]))
    names = ("id", "guild_id", "attempts", "created_at")
    return Notice(kind=NoticeKind(row["kind"]), about=about, reached=reached, **{name: row[name] for name in names})
