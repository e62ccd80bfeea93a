"""What members expect: kept inputs, characters, preferences, lineage, blocks, and where copies of a job stand."""

import sqlalchemy as sa
from alembic import op

from bot.store.columns import BIG, Flag, Timestamp

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def _jobs() -> None:
    for column in (
        sa.Column("server_id", BIG),
        sa.Column("remix_of", sa.Text()),
        sa.Column("repeats", sa.Text()),
        sa.Column("inputs", sa.Text()),
        sa.Column("spoiler", Flag, nullable=False, server_default="0"),
        sa.Column("removed_at", Timestamp),
        sa.Column("fingerprint", sa.Text()),
        sa.Column("replied_at", Timestamp),
    ):
        op.add_column("jobs", column)
    op.create_index("ix_jobs_inputs", "jobs", ["created_at", "id"], sqlite_where=sa.text("inputs IS NOT NULL"))
    op.execute("UPDATE jobs SET server_id = guild_id")


def _people() -> None:
    op.create_table(
        "people",
        sa.Column("id", BIG, nullable=False),
        sa.Column("preferences", sa.Text(), nullable=False, server_default="{}"),
        sa.Column("erase_before", Timestamp),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_people")),
        sqlite_strict=True,
    )


def _characters() -> None:
    op.create_table(
        "characters",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("owner_id", BIG, nullable=False),
        sa.Column("guild_id", BIG),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("folded_name", sa.Text(), nullable=False),
        sa.Column("file", sa.Text(), nullable=False),
        sa.Column("milliseconds", sa.Integer(), nullable=False),
        sa.Column("sharing", sa.Text(), nullable=False),
        sa.Column("confirmed_at", Timestamp, nullable=False),
        sa.Column("created_at", Timestamp, nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_characters")),
        sa.UniqueConstraint("owner_id", "folded_name", name=op.f("uq_characters_owner_id_folded_name")),
        sqlite_strict=True,
    )
    op.create_index("ix_characters_guild", "characters", ["guild_id", "sharing"])
    op.create_table(
        "character_grants",
        sa.Column("character_id", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("subject_id", BIG, nullable=False),
        sa.PrimaryKeyConstraint("character_id", "kind", "subject_id", name=op.f("pk_character_grants")),
        sa.ForeignKeyConstraint(
            ["character_id"],
            ["characters.id"],
            name=op.f("fk_character_grants_character_id"),
            ondelete="CASCADE",
        ),
        sqlite_strict=True,
    )


def _blocks() -> None:
    op.create_table(
        "blocks",
        sa.Column("guild_id", BIG, nullable=False),
        sa.Column("user_id", BIG, nullable=False),
        sa.Column("actor_id", BIG, nullable=False),
        sa.Column("until", Timestamp),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("created_at", Timestamp, nullable=False),
        sa.PrimaryKeyConstraint("guild_id", "user_id", name=op.f("pk_blocks")),
        sqlite_strict=True,
    )


def _posts() -> None:
    op.create_table(
        "posts",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("job_id", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("author_id", BIG, nullable=False),
        sa.Column("channel_id", BIG, nullable=False),
        sa.Column("message_id", BIG, nullable=False),
        sa.Column("blank", Flag, nullable=False, server_default="0"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_posts")),
        sa.UniqueConstraint("job_id", "kind", name=op.f("uq_posts_job_id_kind")),
        sqlite_strict=True,
    )
    op.create_index("ix_posts_author", "posts", ["author_id"])


def _loans() -> None:
    op.create_table(
        "loans",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("job_id", sa.Text(), nullable=False),
        sa.Column("channel_id", BIG, nullable=False),
        sa.Column("message_id", BIG),
        sa.Column("token", sa.Text()),
        sa.Column("token_expires_at", Timestamp),
        sa.Column("created_at", Timestamp, nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_loans")),
        sqlite_strict=True,
    )
    op.create_index(op.f("ix_loans_job_id"), "loans", ["job_id"])


def upgrade() -> None:
    """Add the columns and tables."""
    _jobs()
    _people()
    _characters()
    _blocks()
    _posts()
    _loans()
