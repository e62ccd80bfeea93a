"""What the file of a finished video is: its codecs, sides, length and size."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Leave room for it; of earlier videos it is not known."""
    op.add_column("jobs", sa.Column("film", sa.Text()))
