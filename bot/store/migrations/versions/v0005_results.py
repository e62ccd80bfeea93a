"""Originals of videos that are given as a link of the bot's own: which file, and until when."""

import sqlalchemy as sa
from alembic import op

from bot.store.columns import Timestamp

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Leave room for them; until now there were none."""
    op.add_column("jobs", sa.Column("kept_file", sa.Text()))
    op.add_column("jobs", sa.Column("kept_until", Timestamp()))
    kept = sa.text("kept_file IS NOT NULL")
    op.create_index("ix_jobs_kept_file", "jobs", ["kept_file"], sqlite_where=kept)
