"""Servers that the bot was removed from: when that was, and the end of what is kept about them.

What forgets may be repeated at any time, and takes so many rows at once that nobody else waits for long.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Column, and_, delete, exists, or_, select, union, update
from sqlalchemy.dialects.sqlite import insert as upsert

from bot.domain.character import Sharing
from bot.domain.job import AT_REST
from bot.store.database import Transaction
from bot.store.erasure import account_of_nobody
from bot.store.tables import (
    accounts,
    acts,
    blocks,
    character_grants,
    characters,
    declines,
    guilds,
    jobs,
    ledger,
    loans,
    notices,
    posts,
    tasks,
)

_MEMBERS = and_(accounts.c.kind == "member", accounts.c.user_id > 0, accounts.c.guild_id != 0)
_WITH_A_SERVER = (acts, blocks, declines, notices)
"""Tables of which a server's rows go as they are."""


@dataclass(frozen=True, slots=True)
class Chunk:
    """How many rows are forgotten at once."""

    jobs: int = 500
    members: int = 50
    entries: int = 2000


CHUNK = Chunk()


async def note_left(tx: Transaction, guild_id: int, at: datetime) -> bool:
    """The bot was removed from a server. False: that was known."""
    row = upsert(guilds).values(id=guild_id, choices="{}", left_at=at)
    noted = row.on_conflict_do_update(index_elements=["id"], set_={"left_at": at}, where=guilds.c.left_at.is_(None))
    return (await tx.execute(noted.returning(guilds.c.id))).first() is not None


async def note_back(tx: Transaction, guild_ids: Collection[int]) -> int:
    """The bot is in these servers; of how many it was thought that it had left."""
    back = update(guilds).where(guilds.c.id.in_(guild_ids), guilds.c.left_at.is_not(None))
    return (await tx.execute(back.values(left_at=None))).rowcount


async def known(tx: Transaction) -> frozenset[int]:
    """Every server of which anything is kept and from which the bot was not removed."""
    left = select(guilds.c.id).where(guilds.c.left_at.is_not(None))
    named: list[Column[int]] = [jobs.c.guild_id, characters.c.guild_id, acts.c.guild_id, blocks.c.guild_id]
    everything = union(
        select(guilds.c.id),
        select(accounts.c.guild_id).where(_MEMBERS),
        *(select(column).where(column.is_not(None)) for column in named),
    ).subquery()
    column = everything.c[0]
    rows = await tx.execute(select(column).where(column != 0, column.not_in(left)))
    return frozenset(rows.scalars())


async def left(tx: Transaction, before: datetime | None = None) -> Sequence[int]:
    """The servers that the bot was removed from, all of them or those before a moment."""
    query = select(guilds.c.id).where(guilds.c.left_at.is_not(None) if before is None else guilds.c.left_at < before)
    return list((await tx.execute(query.order_by(guilds.c.left_at))).scalars())


async def forget(tx: Transaction, guild_id: int, chunk: Chunk = CHUNK) -> bool:
    """Forget a server, or a part of it; True once nothing is left but the sums of its books.

    Whatever still runs there is let go on: then it is not forgotten yet.
    """
    if await _forget_jobs(tx, guild_id, chunk.jobs) or await _forget_members(tx, guild_id, chunk):
        return False
    await tx.execute(delete(posts).where(posts.c.guild_id == guild_id))
    await _forget_characters(tx, guild_id)
    for table in _WITH_A_SERVER:
        await tx.execute(delete(table).where(table.c.guild_id == guild_id))
    await tx.execute(delete(notices).where(notices.c.once == f"approve:{guild_id}"))
    await tx.execute(delete(guilds).where(guilds.c.id == guild_id))
    return True


async def _forget_jobs(tx: Transaction, guild_id: int, limit: int) -> bool:
    """Delete jobs with everything about them; whether there are more."""
    of_guild = jobs.c.guild_id == guild_id
    query = select(jobs.c.id).where(of_guild, jobs.c.state.in_(AT_REST)).limit(limit)
    ids = list((await tx.execute(query)).scalars())
    for table in (tasks, posts, loans):
        await tx.execute(delete(table).where(table.c.job_id.in_(ids)))
    await tx.execute(delete(jobs).where(jobs.c.id.in_(ids)))
    return (await tx.execute(select(jobs.c.id).where(of_guild).limit(1))).first() is not None


async def _forget_members(tx: Transaction, guild_id: int, chunk: Chunk) -> bool:
    """Take people out of the books, whose sums stay; whether there are more."""
    query = select(accounts.c.id).where(_MEMBERS, accounts.c.guild_id == guild_id).limit(chunk.members)
    for account_id in list((await tx.execute(query)).scalars()):
        nobody = await account_of_nobody(tx, account_id, guild_id)
        await tx.execute(update(ledger).where(ledger.c.account_id == account_id).values(account_id=nobody))
        await tx.execute(delete(accounts).where(accounts.c.id == account_id))
    names = (ledger.c.guild_id == guild_id, or_(ledger.c.actor_id != 0, ledger.c.reason != ""))
    entries = select(ledger.c.id).where(*names).limit(chunk.entries).scalar_subquery()
    emptied = await tx.execute(update(ledger).where(ledger.c.id.in_(entries)).values(actor_id=0, reason=""))
    more = select(accounts.c.id).where(_MEMBERS, accounts.c.guild_id == guild_id).limit(1)
    return emptied.rowcount == chunk.entries or (await tx.execute(more)).first() is not None


async def _forget_characters(tx: Transaction, guild_id: int) -> None:
    """Delete the characters of people who have used the bot nowhere else; those of the others are shared no more."""
    elsewhere = exists().where(
        accounts.c.kind == "member", accounts.c.user_id == characters.c.owner_id, accounts.c.guild_id != guild_id
    )
    here = characters.c.guild_id == guild_id
    await tx.execute(delete(characters).where(here, ~elsewhere))
    ids = select(characters.c.id).where(here).scalar_subquery()
    await tx.execute(delete(character_grants).where(character_grants.c.character_id.in_(ids)))
    await tx.execute(update(characters).where(here).values(guild_id=None, sharing=Sharing.ME))
