"""Which gateways have said that they know an endpoint no more, and since when."""

import sqlalchemy as sa
from alembic import op

from bot.store.columns import Timestamp

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Leave room for them; until now each process found it out anew."""
    op.create_table(
        "retirements",
        sa.Column("gateway", sa.Text(), nullable=False),
        sa.Column("slug", sa.Text(), nullable=False),
        sa.Column("since", Timestamp(), nullable=False),
        sa.PrimaryKeyConstraint("gateway", "slug", name=op.f("pk_retirements")),
        sqlite_strict=True,
    )
