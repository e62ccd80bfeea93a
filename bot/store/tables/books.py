"""What has been spent: accounts, the ledger, and its sums."""

from sqlalchemy import Column, ForeignKey, Index, Integer, Table, Text, UniqueConstraint

from bot.store.columns import BIG, Timestamp
from bot.store.tables.metadata import metadata

accounts = Table(
    "accounts",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("kind", Text, nullable=False),
    Column("guild_id", BIG, nullable=False),
    Column("user_id", BIG, nullable=False),
    UniqueConstraint("kind", "guild_id", "user_id"),
    sqlite_strict=True,
)

ledger = Table(
    "ledger",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("at", Timestamp, nullable=False),
    Column("counts_at", Timestamp, nullable=False),
    Column("kind", Text, nullable=False),
    Column("account_id", Integer, ForeignKey("accounts.id"), nullable=False),
    Column("guild_id", BIG, nullable=False),
    Column("actor_id", BIG, nullable=False),
    Column("job_id", Text, nullable=False),
    Column("amount", BIG, nullable=False),
    Column("videos", Integer, nullable=False),
    Column("reason", Text, nullable=False),
    UniqueConstraint("job_id", "kind"),
    # Each holds all that its sum needs, so that the table itself is not read.
    Index("ix_ledger_account", "account_id", "counts_at", "videos", "amount"),
    Index("ix_ledger_guild", "guild_id", "counts_at", "amount"),
    Index("ix_ledger_process", "counts_at", "amount"),
    sqlite_strict=True,
)

# The ledger's amounts by server and quarter of an hour since the epoch, kept with each entry (docs/decisions/0010).
spend = Table(
    "spend",
    metadata,
    Column("guild_id", BIG, primary_key=True),
    Column("slot", BIG, primary_key=True),
    Column("amount", BIG, nullable=False),
    Index("ix_spend_slot", "slot", "amount"),
    sqlite_strict=True,
)
