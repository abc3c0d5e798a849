"""The clock of an incident may be in working days of a country; those that stand keep their hours."""

import sqlalchemy as sa
from alembic import op

revision = "0021"
down_revision = "0020"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.alter_column("incident", "clock_hours", nullable=True)
    op.add_column("incident", sa.Column("clock_working_days", sa.BigInteger(), nullable=True))
    op.add_column("incident", sa.Column("clock_country", sa.Text(), nullable=True))
    op.add_column("incident", sa.Column("clock_zone", sa.Text(), nullable=True))
