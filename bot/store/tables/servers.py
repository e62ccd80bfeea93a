"""Servers, what they are told, and what was done in them."""

from sqlalchemy import Column, Index, Integer, Table, Text, text

from bot.store.columns import BIG, Flag, Timestamp
from bot.store.tables.metadata import metadata

guilds = Table(
    "guilds",
    metadata,
    Column("id", BIG, primary_key=True),
    Column("choices", Text, nullable=False),
    Column("approved", Flag, nullable=False, server_default="0"),
    Column("set_up_at", Timestamp),
    Column("changed_by", BIG),
    Column("declined", Flag, nullable=False, server_default="0"),
    Column("left_at", Timestamp),
    sqlite_strict=True,
)

# What has a name in `once` stays. An id is never given twice: Discord drops a message whose nonce it remembers.
notices = Table(
    "notices",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("guild_id", BIG, nullable=False),
    Column("kind", Text, nullable=False),
    Column("about", Text, nullable=False),
    Column("once", Text, unique=True),
    Column("created_at", Timestamp, nullable=False),
    Column("attempts", Integer, nullable=False, server_default="0"),
    Column("reached", Text, nullable=False, server_default="[]"),
    Column("next_at", Timestamp),
    Index("ix_notices_due", "next_at", sqlite_where=text("next_at IS NOT NULL")),
    Index("ix_notices_told", "created_at", sqlite_where=text("next_at IS NULL")),
    sqlite_strict=True,
    sqlite_autoincrement=True,
)

acts = Table(
    "acts",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("at", Timestamp, nullable=False),
    Column("guild_id", BIG, nullable=False),
    Column("actor_id", BIG, nullable=False),
    Column("action", Text, nullable=False),
    Column("member_id", BIG),
    Column("job_id", Text),
    Column("before", Text),
    Column("after", Text),
    Column("reason", Text, nullable=False),
    Index("ix_acts_guild", "guild_id", "id"),
    Index("ix_acts_job", "job_id", sqlite_where=text("job_id IS NOT NULL")),
    sqlite_strict=True,
)
