"""A server's videos and the entries of its books as rows of tables, page by page."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import RowMapping, and_, case, func, select, tuple_

from bot.domain.job import JobState, MessagePlace
from bot.domain.ledger import EntryKind
from bot.domain.request import VideoRequest
from bot.store.database import Transaction
from bot.store.rows import load_request
from bot.store.tables import accounts, jobs, ledger, people


@dataclass(frozen=True, slots=True)
class Range:
    """A server's rows from one moment until before another."""

    guild_id: int
    start: datetime
    end: datetime


@dataclass(frozen=True, slots=True)
class VideoRow:
    """A video. `cost` is what the books carry for it, in units; `author_id` is None for whoever has asked to be erased;
    `message`: where it stands for everybody."""

    id: str
    created_at: datetime
    author_id: int | None
    model_id: str
    request_text: str
    state: JobState
    cost: int
    gateway: str | None
    failure: str | None
    private: bool
    server_id: int | None
    message: MessagePlace | None

    @property
    def request(self) -> VideoRequest:
        """What was asked for."""
        return load_request(self.request_text)


@dataclass(frozen=True, slots=True)
class EntryRow:
    """An entry of the books. `member_id` is None for the server's own account, and for whoever has asked to be erased;
    `actor_id` 0 is the bot itself, or somebody who was erased."""

    id: int
    at: datetime
    counts_at: datetime
    kind: EntryKind
    member_id: int | None
    job_id: str
    amount: int
    videos: int
    actor_id: int
    reason: str


_COST = select(func.coalesce(func.sum(ledger.c.amount), 0)).where(ledger.c.job_id == jobs.c.id).scalar_subquery()
_MEMBER = case((and_(accounts.c.kind == "member", accounts.c.user_id > 0), accounts.c.user_id))
"""None for the server's own account, and for those of nobody."""


async def videos(tx: Transaction, which: Range, after: VideoRow | None, *, limit: int) -> Sequence[VideoRow]:
    """The videos that were asked for within a range, oldest first, from behind a row."""
    names = ("id", "created_at", "model_id", "request", "state", "gateway", "failure", "private", "removed_at")
    places = ("server_id", "message_channel_id", "message_id")
    author = case((people.c.erase_before >= jobs.c.created_at, None), else_=jobs.c.author_id).label("author_id")
    query = select(*(jobs.c[name] for name in (*names, *places)), author, _COST.label("cost"))
    query = query.join(people, people.c.id == jobs.c.author_id, isouter=True).where(jobs.c.guild_id == which.guild_id)
    # From where the last page ended: the rows before it are not read once more.
    start = which.start if after is None else after.created_at
    query = query.where(jobs.c.created_at >= start, jobs.c.created_at < which.end).order_by(
        jobs.c.created_at, jobs.c.id
    )
    if after is not None:
        query = query.where(tuple_(jobs.c.created_at, jobs.c.id) > (after.created_at, after.id))
    return [_video(row) for row in (await tx.execute(query.limit(limit))).mappings()]


async def entries(tx: Transaction, which: Range, after: EntryRow | None, *, limit: int) -> Sequence[EntryRow]:
    """The entries of the books that count within a range, oldest first, from behind a row."""
    names = ("id", "at", "counts_at", "kind", "job_id", "amount", "videos", "actor_id", "reason")
    member = case((people.c.erase_before >= ledger.c.counts_at, None), else_=_MEMBER).label("member_id")
    query = select(*(ledger.c[name] for name in names), member).join(accounts, accounts.c.id == ledger.c.account_id)
    query = query.join(people, people.c.id == accounts.c.user_id, isouter=True)
    query = query.where(ledger.c.guild_id == which.guild_id)
    start = which.start if after is None else after.counts_at
    query = query.where(ledger.c.counts_at >= start, ledger.c.counts_at < which.end).order_by(
        ledger.c.counts_at, ledger.c.id
    )
    if after is not None:
        query = query.where(tuple_(ledger.c.counts_at, ledger.c.id) > (after.counts_at, after.id))
    rows = (await tx.execute(query.limit(limit))).mappings()
    return [EntryRow(**{**row, "kind": EntryKind(row["kind"])}) for row in rows]


def _video(row: RowMapping) -> VideoRow:
    shown = row["message_id"] and not row["private"] and row["removed_at"] is None
    names = ("id", "created_at", "author_id", "model_id", "cost", "gateway", "failure", "private", "server_id")
    return VideoRow(
        request_text=row["request"],
        state=JobState(row["state"]),
        message=MessagePlace(row["message_channel_id"], row["message_id"]) if shown else None,
        **{name: row[name] for name in names},
    )
