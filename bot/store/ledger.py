"""The ledger: append-only entries; what is used is their sum, kept by server and time in the same transactions."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import BindParameter, Column, ColumnElement, Row, Table, and_, bindparam, func, select
from sqlalchemy.dialects.sqlite import insert as upsert

from bot.domain.job import Job
from bot.domain.ledger import EntryKind, Settlement
from bot.store.columns import Timestamp
from bot.store.database import Transaction
from bot.store.tables import accounts, ledger, spend

PROCESS = ("process", 0, 0)
SLOT = timedelta(minutes=15)
"""Sums are kept by these: the days of every zone of the world begin with one."""
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def _member_total(column: Column[int], since: BindParameter[datetime]) -> ColumnElement[int]:
    account = select(accounts.c.id).where(
        accounts.c.kind == "member", accounts.c.guild_id == bindparam("guild"), accounts.c.user_id == bindparam("user")
    )
    own = (ledger.c.account_id == account.scalar_subquery(), ledger.c.counts_at >= since)
    return select(func.coalesce(func.sum(column), 0)).where(*own).scalar_subquery()


def _slots_total(*which: ColumnElement[bool]) -> ColumnElement[int]:
    return select(func.coalesce(func.sum(spend.c.amount), 0)).where(*which).scalar_subquery()


_OF_GUILD = spend.c.guild_id == bindparam("guild")
_USAGE = select(
    _member_total(ledger.c.videos, bindparam("day", type_=Timestamp)),
    _member_total(ledger.c.amount, bindparam("month", type_=Timestamp)),
    _slots_total(_OF_GUILD, spend.c.slot >= bindparam("day_slot")),
    _slots_total(_OF_GUILD, spend.c.slot >= bindparam("month_slot")),
    _slots_total(_OF_GUILD, spend.c.slot >= bindparam("process_month_slot")),
    _slots_total(spend.c.slot >= bindparam("process_slot")),
)


@dataclass(frozen=True, slots=True)
class Accounts:
    """The accounts that an order counts against, locked in this order."""

    process: int
    guild: int
    member: int


async def _account(tx: Transaction, kind: str, guild_id: int, user_id: int) -> int:
    """The id of an account, opened on first use; the update that changes nothing locks its row."""
    key = {"kind": kind, "guild_id": guild_id, "user_id": user_id}
    opened = upsert(accounts).values(key).on_conflict_do_update(index_elements=list(key), set_={"kind": kind})
    return int((await tx.execute(opened.returning(accounts.c.id))).scalar_one())


async def lock(tx: Transaction, guild_id: int | None, user_id: int) -> Accounts:
    """Open and lock the accounts of an order; direct messages count for guild 0."""
    process = await _account(tx, *PROCESS)
    guild = await _account(tx, "guild", guild_id or 0, 0)
    return Accounts(process, guild, await _account(tx, "member", guild_id or 0, user_id))


async def spent_since(tx: Transaction, since: datetime, guild_id: int | None = None) -> int:
    """Units spent and reserved since a moment, by one server or by all."""
    slot = _slot(since)
    whole = slot if _begins(slot) == since else slot + 1
    total = await _sum(tx, spend, guild_id, spend.c.slot >= whole)
    if whole != slot:
        # The part of the slot in which the moment lies.
        part = and_(ledger.c.counts_at >= since, ledger.c.counts_at < _begins(whole))
        total += await _sum(tx, ledger, guild_id, part)
    return total


@dataclass(frozen=True, slots=True)
class Usage:
    """What an order is held against: a member's videos of the day and units of the month, their server's units of the
    day, the month and the process's month, and the units of the process's day."""

    videos: int
    member_month: int
    guild_day: int
    guild_month: int
    guild_process_month: int
    process_day: int


async def usage(
    tx: Transaction,
    guild_id: int | None,
    user_id: int,
    *,
    day: datetime,
    month: datetime,
    process_day: datetime,
    process_month: datetime,
) -> Usage:
    """The sums since the beginnings of a server's day and month and of the process's, by one statement.

    Days begin with a slot in every zone, so the sums by slots are enough.
    """
    row = await tx.execute(
        _USAGE,
        {
            "guild": guild_id or 0,
            "user": user_id,
            "day": day,
            "month": month,
            "day_slot": _slot(day),
            "month_slot": _slot(month),
            "process_slot": _slot(process_day),
            "process_month_slot": _slot(process_month),
        },
    )
    return Usage(*(int(value) for value in row.one()))


async def _sum(tx: Transaction, table: Table, guild_id: int | None, which: ColumnElement[bool]) -> int:
    query = select(func.coalesce(func.sum(table.c.amount), 0)).where(which)
    if guild_id is not None:
        query = query.where(table.c.guild_id == guild_id)
    return int((await tx.execute(query)).scalar_one())


async def grown(tx: Transaction, since_id: int) -> tuple[Sequence[int], int]:
    """The servers with entries after the one with this id, and the id of the newest entry."""
    newest = int((await tx.execute(select(func.coalesce(func.max(ledger.c.id), 0)))).scalar_one())
    # A sum, so that SQLite reads what came since, and not the whole index of servers.
    guild_id = ledger.c.guild_id + 0
    query = select(guild_id).where(ledger.c.id > since_id, ledger.c.guild_id != 0).distinct()
    return (await tx.execute(query)).scalars().all(), newest


def _slot(at: datetime) -> int:
    return int((at - _EPOCH) / SLOT)


def _begins(slot: int) -> datetime:
    return _EPOCH + slot * SLOT


async def videos_since(tx: Transaction, since: datetime, guild_id: int | None, user_id: int) -> int:
    """Videos that count for a member since a moment, refunded ones not."""
    query = (
        select(func.coalesce(func.sum(ledger.c.videos), 0))
        .join(accounts, accounts.c.id == ledger.c.account_id)
        .where(accounts.c.kind == "member", accounts.c.guild_id == (guild_id or 0), accounts.c.user_id == user_id)
        .where(ledger.c.counts_at >= since)
    )
    return int((await tx.execute(query)).scalar_one())


@dataclass(frozen=True, slots=True)
class Gift:
    """What a manager gives a member on top of their limits: videos that count for the day, and units for the month.

    `id` names both entries, as a job's id names those of a job.
    """

    id: str
    guild_id: int
    user_id: int
    actor_id: int
    videos: int
    amount: int
    reason: str


async def grant(tx: Transaction, gift: Gift, at: datetime) -> None:
    """Write a gift, balanced by the server's account: what server and process have spent does not change."""
    held = await lock(tx, gift.guild_id, gift.user_id)
    shared = {"at": at, "counts_at": at, "guild_id": gift.guild_id, "actor_id": gift.actor_id, "job_id": gift.id}
    for kind, account_id, sign in ((EntryKind.GRANT, held.member, -1), (EntryKind.CONTRA, held.guild, 1)):
        entry = {"kind": kind, "account_id": account_id, "amount": sign * gift.amount, "videos": sign * gift.videos}
        await _write(tx, shared | entry | {"reason": gift.reason})


async def _write(tx: Transaction, entry: dict[str, Any]) -> bool:
    """Write an entry and add it to its server's slot. False: there was such an entry before."""
    rows = await tx.execute(upsert(ledger).values(entry).on_conflict_do_nothing().returning(ledger.c.id))
    if rows.first() is None:
        return False
    if entry["amount"]:
        key = {"guild_id": entry["guild_id"], "slot": _slot(entry["counts_at"])}
        row = upsert(spend).values(amount=entry["amount"], **key)
        more = {"amount": spend.c.amount + row.excluded.amount}
        await tx.execute(row.on_conflict_do_update(index_elements=list(key), set_=more))
    return True


async def reserve(tx: Transaction, job: Job, account_id: int, at: datetime) -> None:
    """Reserve a job's price on its member's account."""
    await _write(tx, _entry(job, EntryKind.RESERVE, account_id, at, at, job.price, 1, "ordered"))


async def refund(tx: Transaction, job: Job, at: datetime, reason: str, *, actor_id: int = 0) -> bool:
    """Take a reservation back. False: it had been refunded before, or nothing was reserved.

    The entry counts at the reservation's own time, so that a refund never lengthens another day's allowance.
    """
    row = await _reservation(tx, job.id)
    if row is None:
        return False
    entry = _entry(job, EntryKind.REFUND, row.account_id, at, row.counts_at, -row.amount, -row.videos, reason)
    return await _write(tx, entry | {"actor_id": actor_id})


async def hold(tx: Transaction, job: Job, at: datetime, reason: str, *, actor_id: int = 0) -> bool:
    """Refund the member of an order that the gateway may bill or has billed; its server goes on carrying the price.

    It counts at the reservation's own time: what the budgets had left before, they have left now. False: it had been
    refunded before, or nothing was reserved.
    """
    row = await _reservation(tx, job.id)
    if row is None or not await refund(tx, job, at, reason, actor_id=actor_id):
        return False
    guild = await _account(tx, "guild", job.guild_id or 0, 0)
    entry = _entry(job, EntryKind.HOLD, guild, at, row.counts_at, row.amount, 0, reason)
    return await _write(tx, entry | {"actor_id": actor_id})


async def release(tx: Transaction, job: Job, at: datetime, reason: str) -> None:
    """Give a server back what it carried for an order that came to nothing."""
    row = await _entry_of(tx, job.id, EntryKind.HOLD)
    if row is not None:
        await _write(tx, _entry(job, EntryKind.RELEASE, row.account_id, at, row.counts_at, -row.amount, 0, reason))


async def commit(tx: Transaction, job: Job, at: datetime) -> bool:
    """Settle a finished job: its reservation stands; one that was refunded is booked to the server instead."""
    if await settlement(tx, job.id) is Settlement.RESERVED:
        row = await _reservation(tx, job.id)
        return row is not None and await _write(
            tx, _entry(job, EntryKind.COMMIT, row.account_id, at, row.counts_at, 0, 0, "delivered")
        )
    guild = await _account(tx, "guild", job.guild_id or 0, 0)
    carried = await _entry_of(tx, job.id, EntryKind.HOLD) is not None
    return await _write(tx, _entry(job, EntryKind.COMMIT, guild, at, at, 0 if carried else job.price, 1, "late"))


def _entry(
    job: Job, kind: EntryKind, account_id: int, at: datetime, counts_at: datetime, amount: int, videos: int, reason: str
) -> dict[str, Any]:
    return {
        "at": at,
        "counts_at": counts_at,
        "kind": kind,
        "account_id": account_id,
        "guild_id": job.guild_id or 0,
        "actor_id": job.author_id if kind is EntryKind.RESERVE else 0,
        "job_id": job.id,
        "amount": amount,
        "videos": videos,
        "reason": reason,
    }


async def _reservation(tx: Transaction, job_id: str) -> Row[Any, Any, Any, Any] | None:
    return await _entry_of(tx, job_id, EntryKind.RESERVE)


async def _entry_of(tx: Transaction, job_id: str, kind: EntryKind) -> Row[Any, Any, Any, Any] | None:
    columns = (ledger.c.account_id, ledger.c.counts_at, ledger.c.amount, ledger.c.videos)
    return (await tx.execute(select(*columns).where(ledger.c.job_id == job_id, ledger.c.kind == kind))).first()


async def settlement(tx: Transaction, job_id: str) -> Settlement:
    """How a job's money stands, from its entries and never by assumption."""
    entries = await tx.execute(select(ledger.c.kind, ledger.c.videos).where(ledger.c.job_id == job_id))
    videos = {EntryKind(row.kind): row.videos for row in entries}
    # A commit that settles a reservation adds nothing to it; one that nobody had reserved is a video of the server's.
    if videos.get(EntryKind.COMMIT):
        return Settlement.SERVER
    if EntryKind.REFUND in videos:
        return Settlement.REFUNDED
    if EntryKind.COMMIT in videos:
        return Settlement.CHARGED
    return Settlement.RESERVED if EntryKind.RESERVE in videos else Settlement.NONE


async def is_carried(tx: Transaction, job_id: str) -> bool:
    """Whether a server still carries the price that its member has back."""
    kinds = set(await tx.scalars(select(ledger.c.kind).where(ledger.c.job_id == job_id)))
    return EntryKind.HOLD in kinds and EntryKind.RELEASE not in kinds
