"""By how much each plan moves the shares of NULLs, for drift."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("plan", sa.Column("shifts", sa.Text(), nullable=True))
