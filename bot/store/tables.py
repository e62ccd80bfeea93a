"""The tables, as the newest migration leaves them."""

from sqlalchemy import Column, ForeignKey, Index, Integer, MetaData, Table, Text, UniqueConstraint, text

from bot.store.columns import BIG, Flag, Timestamp

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(column_0_N_label)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s",
        "pk": "pk_%(table_name)s",
    }
)

jobs = Table(
    "jobs",
    metadata,
    Column("id", Text, primary_key=True),
    Column("state", Text, nullable=False),
    Column("fence", Integer, nullable=False, server_default="0"),
    Column("interaction_id", BIG, nullable=False, unique=True),
    Column("guild_id", BIG),
    Column("channel_id", BIG, nullable=False),
    Column("author_id", BIG, nullable=False),
    Column("locale", Text, nullable=False),
    Column("model_id", Text, nullable=False),
    Column("request", Text, nullable=False),
    Column("private", Flag, nullable=False),
    Column("price", BIG, nullable=False),
    Column("size_limit", BIG, nullable=False),
    Column("created_at", Timestamp, nullable=False),
    Column("deadline_at", Timestamp, nullable=False),
    Column("acknowledged_at", Timestamp),
    Column("status_channel_id", BIG),
    Column("status_message_id", BIG),
    Column("reply_token", Text),
    Column("reply_expires_at", Timestamp),
    Column("attempt", Integer, nullable=False, server_default="0"),
    Column("gateway", Text),
    Column("task_id", Text),
    Column("submit_started_at", Timestamp),
    Column("ordered_at", Timestamp),
    Column("finished_at", Timestamp),
    Column("result_url", Text),
    Column("result_expires_at", Timestamp),
    Column("deliver_first_at", Timestamp),
    Column("message_channel_id", BIG),
    Column("message_id", BIG),
    Column("dont_post", Flag, nullable=False, server_default="0"),
    Column("late", Flag, nullable=False, server_default="0"),
    Column("failure", Text),
    Column("failure_detail", Text),
    Column("next_at", Timestamp),
    Column("lease_owner", Text),
    Column("lease_until", Timestamp),
    Column("server_id", BIG),
    Column("remix_of", Text),
    Column("repeats", Text),
    Column("inputs", Text),
    Column("spoiler", Flag, nullable=False, server_default="0"),
    Column("removed_at", Timestamp),
    Column("fingerprint", Text),
    Column("replied_at", Timestamp),
    Column("videos_a_day", BIG),
    Column("film", Text),
    Column("kept_file", Text),
    Column("kept_until", Timestamp),
    UniqueConstraint("gateway", "task_id"),
    Index("ix_jobs_due", "next_at", sqlite_where=text("next_at IS NOT NULL")),
    Index("ix_jobs_author", "author_id", "guild_id", "created_at"),
    Index("ix_jobs_guild", "guild_id", "created_at"),
    Index("ix_jobs_guild_state", "guild_id", "state", "created_at"),
    Index("ix_jobs_state", "state", "created_at"),
    Index("ix_jobs_model", "model_id", "created_at"),
    Index("ix_jobs_kept_file", "kept_file", sqlite_where=text("kept_file IS NOT NULL")),
    Index("ix_jobs_inputs", "created_at", "id", sqlite_where=text("inputs IS NOT NULL")),
    sqlite_strict=True,
)

tasks = Table(
    "tasks",
    metadata,
    Column("gateway", Text, primary_key=True),
    Column("task_id", Text, primary_key=True),
    Column("job_id", Text, nullable=False, index=True),
    Column("learned_at", Timestamp, nullable=False),
    sqlite_strict=True,
)

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

outbox = Table(
    "outbox",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("job_id", Text, ForeignKey("jobs.id", ondelete="CASCADE"), nullable=False),
    Column("kind", Text, nullable=False),
    Column("created_at", Timestamp, nullable=False),
    Column("attempts", Integer, nullable=False, server_default="0"),
    Column("done_at", Timestamp),
    UniqueConstraint("job_id", "kind"),
    sqlite_strict=True,
)

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

# Outlives the job: what stands in a channel has to be found again when its person wants it gone.
posts = Table(
    "posts",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("job_id", Text, nullable=False),
    Column("kind", Text, nullable=False),
    Column("author_id", BIG, nullable=False),
    Column("channel_id", BIG, nullable=False),
    Column("message_id", BIG, nullable=False),
    Column("blank", Flag, nullable=False, server_default="0"),
    Column("guild_id", BIG),
    UniqueConstraint("job_id", "kind"),
    Index("ix_posts_author", "author_id"),
    Index("ix_posts_guild", "guild_id"),
    sqlite_strict=True,
)

loans = Table(
    "loans",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("job_id", Text, nullable=False, index=True),
    Column("channel_id", BIG, nullable=False),
    Column("message_id", BIG),
    Column("token", Text),
    Column("token_expires_at", Timestamp),
    Column("created_at", Timestamp, nullable=False),
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
