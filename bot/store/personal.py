"""What the books hold about one person: sums over their accounts, and the entries themselves."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, and_, func, select

from bot.domain.job import AT_WORK
from bot.domain.ledger import EntryKind
from bot.store.database import Transaction
from bot.store.tables import accounts, jobs, ledger


@dataclass(frozen=True, slots=True)
class Sums:
    """Videos that count, how many were refunded, and what the others cost, in units.

    `given_videos` and `given_amount`: what managers have given on top of the limits.
    """

    videos: int
    refunded: int
    amount: int
    given_videos: int = 0
    given_amount: int = 0


@dataclass(frozen=True, slots=True)
class Spender:
    """What a member has spent in a server: videos that count, and their cost in units."""

    user_id: int
    videos: int
    amount: int


@dataclass(frozen=True, slots=True)
class Entry:
    """A line of the books as its person may see it; `amount` in units of a ten-thousandth of a dollar."""

    at: datetime
    kind: EntryKind
    job_id: str
    guild_id: int
    amount: int
    videos: int


def _account(user_id: int, guild_id: int | None) -> ColumnElement[bool]:
    """A person's account in one server (0 is where none pays), or with None all of them."""
    own = and_(accounts.c.kind == "member", accounts.c.user_id == user_id)
    return own if guild_id is None else and_(own, accounts.c.guild_id == guild_id)


_ENTRIES = ledger.join(accounts, accounts.c.id == ledger.c.account_id)


async def sums(tx: Transaction, user_id: int, since: datetime, guild_id: int | None = None) -> Sums:
    """What counts on a person's accounts since a moment, in one server or in all."""
    refunds = func.count().filter(ledger.c.kind == EntryKind.REFUND)
    given = ledger.c.kind == EntryKind.GRANT
    videos, amount = _total(ledger.c.videos, ~given), _total(ledger.c.amount, ~given)
    given_videos, given_amount = _total(-ledger.c.videos, given), _total(-ledger.c.amount, given)
    query = select(videos, refunds, amount, given_videos, given_amount).select_from(_ENTRIES)
    row = (await tx.execute(query.where(_account(user_id, guild_id), ledger.c.counts_at >= since))).one()
    return Sums(*(int(value) for value in row))


def _total(column: ColumnElement[int], which: ColumnElement[bool]) -> ColumnElement[int]:
    return func.coalesce(func.sum(column).filter(which), 0)


async def top_spenders(tx: Transaction, guild_id: int, since: datetime, *, limit: int) -> Sequence[Spender]:
    """Who has spent most in a server since a moment; what they were given changes nothing about it."""
    videos, amount = func.sum(ledger.c.videos), func.sum(ledger.c.amount)
    query = (
        select(accounts.c.user_id, videos, amount)
        .select_from(_ENTRIES)
        .where(accounts.c.kind == "member", accounts.c.guild_id == guild_id, accounts.c.user_id > 0)
        .where(ledger.c.counts_at >= since, ledger.c.kind != EntryKind.GRANT)
        .group_by(accounts.c.user_id)
        .having(videos > 0)
        .order_by(amount.desc(), videos.desc(), accounts.c.user_id)
    )
    return [Spender(*(int(value) for value in row)) for row in await tx.execute(query.limit(limit))]


async def at_work(tx: Transaction, user_id: int) -> int:
    """How many of a person's videos count as running, wherever they were asked for."""
    query = select(func.count()).where(jobs.c.author_id == user_id, jobs.c.state.in_(AT_WORK))
    return int((await tx.execute(query)).scalar_one())


async def entries(tx: Transaction, user_id: int, *, limit: int) -> Sequence[Entry]:
    """The newest entries on a person's accounts, newest first."""
    names = ("at", "kind", "job_id", "guild_id", "amount", "videos")
    query = select(*(ledger.c[name] for name in names)).select_from(_ENTRIES).where(_account(user_id, None))
    rows = (await tx.execute(query.order_by(ledger.c.id.desc()).limit(limit))).mappings()
    return [Entry(**{**row, "kind": EntryKind(row["kind"])}) for row in rows]
