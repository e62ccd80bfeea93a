"""Who asks, and what belongs to them."""

from sqlalchemy import Column, ForeignKey, Index, Integer, Table, Text, UniqueConstraint

from bot.store.columns import BIG, Timestamp
from bot.store.tables.metadata import metadata

members = Table(
    "members",
    metadata,
    Column("id", BIG, primary_key=True),
    Column("first_used_at", Timestamp, nullable=False),
    sqlite_strict=True,
)

facts = Table(
    "facts",
    metadata,
    Column("name", Text, primary_key=True),
    Column("value", Text, nullable=False),
    sqlite_strict=True,
)

people = Table(
    "people",
    metadata,
    Column("id", BIG, primary_key=True),
    Column("preferences", Text, nullable=False, server_default="{}"),
    Column("erase_before", Timestamp),
    sqlite_strict=True,
)

characters = Table(
    "characters",
    metadata,
    Column("id", Text, primary_key=True),
    Column("owner_id", BIG, nullable=False),
    Column("guild_id", BIG),
    Column("name", Text, nullable=False),
    Column("folded_name", Text, nullable=False),
    Column("file", Text, nullable=False),
    Column("milliseconds", Integer, nullable=False),
    Column("sharing", Text, nullable=False),
    Column("confirmed_at", Timestamp, nullable=False),
    Column("created_at", Timestamp, nullable=False),
    UniqueConstraint("owner_id", "folded_name"),
    Index("ix_characters_guild", "guild_id", "sharing"),
    sqlite_strict=True,
)

character_grants = Table(
    "character_grants",
    metadata,
    Column("character_id", Text, ForeignKey("characters.id", ondelete="CASCADE"), primary_key=True),
    Column("kind", Text, primary_key=True),
    Column("subject_id", BIG, primary_key=True),
    sqlite_strict=True,
)

blocks = Table(
    "blocks",
    metadata,
    Column("guild_id", BIG, primary_key=True),
    Column("user_id", BIG, primary_key=True),
    Column("actor_id", BIG, nullable=False),
    Column("until", Timestamp),
    Column("reason", Text, nullable=False),
    Column("created_at", Timestamp, nullable=False),
    sqlite_strict=True,
)

declines = Table(
    "declines",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("guild_id", BIG, nullable=False),
    Column("user_id", BIG, nullable=False),
    Column("at", Timestamp, nullable=False),
    Column("interaction_id", BIG, unique=True),
    Index("ix_declines_member", "guild_id", "user_id", "at"),
    Index("ix_declines_at", "at"),
    sqlite_strict=True,
)
