"""Servers: what their managers chose and whether the operator has approved them."""

from functools import lru_cache

from pydantic import TypeAdapter
from sqlalchemy import select
from sqlalchemy.dialects.sqlite import insert as upsert

from bot.domain.guild import Guild, GuildChoices
from bot.store.database import Transaction
from bot.store.tables import guilds

_CHOICES = TypeAdapter(GuildChoices)


async def get(tx: Transaction, guild_id: int) -> Guild:
    """A server; one that nobody has set up has the safe defaults."""
    row = (await tx.execute(select(guilds).where(guilds.c.id == guild_id))).mappings().first()
    if row is None:
        return Guild(guild_id)
    return Guild(
        guild_id,
        _choices(row["choices"]),
        row["approved"],
        row["set_up_at"],
        declined=row["declined"],
        left_at=row["left_at"],
    )


@lru_cache(maxsize=256)
def _choices(text: str) -> GuildChoices:
    """A server's choices. Read for every order, and nearly always the same text as before."""
    return _CHOICES.validate_json(text)


async def save(tx: Transaction, guild: Guild, changed_by: int) -> None:
    """Write a server's choices and standing."""
    values: dict[str, object] = {
        "choices": _CHOICES.dump_json(guild.choices).decode(),
        "approved": guild.approved,
        "set_up_at": guild.set_up_at,
        "declined": guild.declined,
        "left_at": guild.left_at,
        "changed_by": changed_by,
    }
    row = upsert(guilds).values(id=guild.id, **values)
    await tx.execute(row.on_conflict_do_update(index_elements=["id"], set_=values))
