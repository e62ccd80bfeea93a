"""The first schema: jobs, tasks, ledger, outbox, guilds, members."""

import sqlalchemy as sa
from alembic import op

from bot.store.columns import BIG, Flag, Timestamp

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def _accounts() -> None:
    op.create_table(
        "accounts",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("guild_id", BIG, nullable=False),
        sa.Column("user_id", BIG, nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_accounts")),
        sa.UniqueConstraint("kind", "guild_id", "user_id", name=op.f("uq_accounts_kind_guild_id_user_id")),
        sqlite_strict=True,
    )


def _facts() -> None:
    op.create_table(
        "facts",
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("value", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_facts")),
        sqlite_strict=True,
    )


def _guilds() -> None:
    op.create_table(
        "guilds",
        sa.Column("id", BIG, nullable=False),
        sa.Column("choices", sa.Text(), nullable=False),
        sa.Column("approved", Flag(), server_default="0", nullable=False),
        sa.Column("set_up_at", Timestamp(), nullable=True),
        sa.Column("changed_by", BIG, nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_guilds")),
        sqlite_strict=True,
    )


def _jobs() -> None:
    op.create_table(
        "jobs",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("fence", sa.Integer(), server_default="0", nullable=False),
        sa.Column("interaction_id", BIG, nullable=False),
        sa.Column("guild_id", BIG, nullable=True),
        sa.Column("channel_id", BIG, nullable=False),
        sa.Column("author_id", BIG, nullable=False),
        sa.Column("locale", sa.Text(), nullable=False),
        sa.Column("model_id", sa.Text(), nullable=False),
        sa.Column("request", sa.Text(), nullable=False),
        sa.Column("private", Flag(), nullable=False),
        sa.Column("price", BIG, nullable=False),
        sa.Column("size_limit", BIG, nullable=False),
        sa.Column("created_at", Timestamp(), nullable=False),
        sa.Column("deadline_at", Timestamp(), nullable=False),
        sa.Column("acknowledged_at", Timestamp(), nullable=True),
        sa.Column("status_channel_id", BIG, nullable=True),
        sa.Column("status_message_id", BIG, nullable=True),
        sa.Column("reply_token", sa.Text(), nullable=True),
        sa.Column("reply_expires_at", Timestamp(), nullable=True),
        sa.Column("attempt", sa.Integer(), server_default="0", nullable=False),
        sa.Column("gateway", sa.Text(), nullable=True),
        sa.Column("task_id", sa.Text(), nullable=True),
        sa.Column("submit_started_at", Timestamp(), nullable=True),
        sa.Column("ordered_at", Timestamp(), nullable=True),
        sa.Column("finished_at", Timestamp(), nullable=True),
        sa.Column("result_url", sa.Text(), nullable=True),
        sa.Column("result_expires_at", Timestamp(), nullable=True),
        sa.Column("deliver_first_at", Timestamp(), nullable=True),
        sa.Column("message_channel_id", BIG, nullable=True),
        sa.Column("message_id", BIG, nullable=True),
        sa.Column("dont_post", Flag(), server_default="0", nullable=False),
        sa.Column("late", Flag(), server_default="0", nullable=False),
        sa.Column("failure", sa.Text(), nullable=True),
        sa.Column("failure_detail", sa.Text(), nullable=True),
        sa.Column("next_at", Timestamp(), nullable=True),
        sa.Column("lease_owner", sa.Text(), nullable=True),
        sa.Column("lease_until", Timestamp(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_jobs")),
        sa.UniqueConstraint("gateway", "task_id", name=op.f("uq_jobs_gateway_task_id")),
        sa.UniqueConstraint("interaction_id", name=op.f("uq_jobs_interaction_id")),
        sqlite_strict=True,
    )
    op.create_index("ix_jobs_author", "jobs", ["author_id", "guild_id", "created_at"], unique=False)
    op.create_index("ix_jobs_due", "jobs", ["next_at"], unique=False, sqlite_where=sa.text("next_at IS NOT NULL"))
    op.create_index("ix_jobs_model", "jobs", ["model_id", "created_at"], unique=False)
    op.create_index("ix_jobs_state", "jobs", ["state", "created_at"], unique=False)


def _members() -> None:
    op.create_table(
        "members",
        sa.Column("id", BIG, nullable=False),
        sa.Column("first_used_at", Timestamp(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_members")),
        sqlite_strict=True,
    )


def _tasks() -> None:
    op.create_table(
        "tasks",
        sa.Column("gateway", sa.Text(), nullable=False),
        sa.Column("task_id", sa.Text(), nullable=False),
        sa.Column("job_id", sa.Text(), nullable=False),
        sa.Column("learned_at", Timestamp(), nullable=False),
        sa.PrimaryKeyConstraint("gateway", "task_id", name=op.f("pk_tasks")),
        sqlite_strict=True,
    )
    op.create_index(op.f("ix_tasks_job_id"), "tasks", ["job_id"], unique=False)


def _ledger() -> None:
    op.create_table(
        "ledger",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("at", Timestamp(), nullable=False),
        sa.Column("counts_at", Timestamp(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("guild_id", BIG, nullable=False),
        sa.Column("actor_id", BIG, nullable=False),
        sa.Column("job_id", sa.Text(), nullable=False),
        sa.Column("amount", BIG, nullable=False),
        sa.Column("videos", sa.Integer(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["account_id"], ["accounts.id"], name=op.f("fk_ledger_account_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_ledger")),
        sa.UniqueConstraint("job_id", "kind", name=op.f("uq_ledger_job_id_kind")),
        sqlite_strict=True,
    )
    op.create_index("ix_ledger_account", "ledger", ["account_id", "counts_at", "videos"], unique=False)
    op.create_index("ix_ledger_process", "ledger", ["counts_at", "amount"], unique=False)
    op.create_index("ix_ledger_guild", "ledger", ["guild_id", "counts_at", "amount"], unique=False)


def _outbox() -> None:
    op.create_table(
        "outbox",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("job_id", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("created_at", Timestamp(), nullable=False),
        sa.Column("attempts", sa.Integer(), server_default="0", nullable=False),
        sa.Column("done_at", Timestamp(), nullable=True),
        sa.ForeignKeyConstraint(["job_id"], ["jobs.id"], name=op.f("fk_outbox_job_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_outbox")),
        sa.UniqueConstraint("job_id", "kind", name=op.f("uq_outbox_job_id_kind")),
        sqlite_strict=True,
    )


def upgrade() -> None:
    """Create every table."""
    _accounts()
    _facts()
    _guilds()
    _jobs()
    _members()
    _tasks()
    _ledger()
    _outbox()
