"""What owners expect: tiers and budgets in the choices, grants in the books, notices, a record of acts, declines."""

import sqlalchemy as sa
from alembic import op

from bot.store.columns import BIG, Flag, Timestamp

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def _jobs() -> None:
    op.add_column("jobs", sa.Column("videos_a_day", BIG))
    op.create_index("ix_jobs_guild", "jobs", ["guild_id", "created_at"])
    op.create_index("ix_jobs_guild_state", "jobs", ["guild_id", "state", "created_at"])


def _books() -> None:
    op.drop_index("ix_ledger_account", "ledger")
    op.create_index("ix_ledger_account", "ledger", ["account_id", "counts_at", "videos", "amount"])


def _spend() -> None:
    op.create_table(
        "spend",
        sa.Column("guild_id", BIG, nullable=False),
        sa.Column("slot", BIG, nullable=False),
        sa.Column("amount", BIG, nullable=False),
        sa.PrimaryKeyConstraint("guild_id", "slot", name=op.f("pk_spend")),
        sqlite_strict=True,
    )
    op.create_index("ix_spend_slot", "spend", ["slot", "amount"])
    op.execute(
        "INSERT INTO spend (guild_id, slot, amount) SELECT guild_id, counts_at / 900000, sum(amount) FROM ledger"
        " WHERE amount != 0 GROUP BY 1, 2"
    )


def _guilds() -> None:
    op.add_column("guilds", sa.Column("declined", Flag, nullable=False, server_default="0"))
    op.add_column("guilds", sa.Column("left_at", Timestamp))


def _posts() -> None:
    op.add_column("posts", sa.Column("guild_id", BIG))
    op.create_index("ix_posts_guild", "posts", ["guild_id"])
    op.execute("UPDATE posts SET guild_id = (SELECT guild_id FROM jobs WHERE jobs.id = posts.job_id)")


def _notices() -> None:
    op.create_table(
        "notices",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("guild_id", BIG, nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("about", sa.Text(), nullable=False),
        sa.Column("once", sa.Text()),
        sa.Column("created_at", Timestamp, nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False, server_default="0"),
        sa.Column("reached", sa.Text(), nullable=False, server_default="[]"),
        sa.Column("next_at", Timestamp),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_notices")),
        sa.UniqueConstraint("once", name=op.f("uq_notices_once")),
        sqlite_strict=True,
        sqlite_autoincrement=True,
    )
    op.create_index("ix_notices_due", "notices", ["next_at"], sqlite_where=sa.text("next_at IS NOT NULL"))
    op.create_index("ix_notices_told", "notices", ["created_at"], sqlite_where=sa.text("next_at IS NULL"))


def _waiting() -> None:
    """Put before the operators each server that was set up and is not approved; else only a new setup would."""
    op.execute(
        "INSERT INTO notices (guild_id, kind, about, once, created_at, next_at)"
        " SELECT 0, 'approve_server',"
        " json_object('guild_id', id, 'name', CAST(id AS TEXT), 'members', NULL, 'actor', COALESCE(changed_by, 0)),"
        " 'approve:' || id, set_up_at, set_up_at FROM guilds WHERE approved = 0 AND set_up_at IS NOT NULL"
    )


def _acts() -> None:
    op.create_table(
        "acts",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("at", Timestamp, nullable=False),
        sa.Column("guild_id", BIG, nullable=False),
        sa.Column("actor_id", BIG, nullable=False),
        sa.Column("action", sa.Text(), nullable=False),
        sa.Column("member_id", BIG),
        sa.Column("job_id", sa.Text()),
        sa.Column("before", sa.Text()),
        sa.Column("after", sa.Text()),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_acts")),
        sqlite_strict=True,
    )
    op.create_index("ix_acts_guild", "acts", ["guild_id", "id"])
    op.create_index("ix_acts_job", "acts", ["job_id"], sqlite_where=sa.text("job_id IS NOT NULL"))


def _declines() -> None:
    op.create_table(
        "declines",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("guild_id", BIG, nullable=False),
        sa.Column("user_id", BIG, nullable=False),
        sa.Column("at", Timestamp, nullable=False),
        sa.Column("interaction_id", BIG),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_declines")),
        sa.UniqueConstraint("interaction_id", name=op.f("uq_declines_interaction_id")),
        sqlite_strict=True,
    )
    op.create_index("ix_declines_member", "declines", ["guild_id", "user_id", "at"])
    op.create_index("ix_declines_at", "declines", ["at"])


def upgrade() -> None:
    """Add the columns, indexes and tables."""
    _jobs()
    _books()
    _spend()
    _guilds()
    _posts()
    _notices()
    _waiting()
    _acts()
    _declines()
