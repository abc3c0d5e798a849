"""Which plans are rungs of the backlog ladder; what each phase of a run took and how it ended, for reports and for the alarm."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("plan", sa.Column("rung", sa.BigInteger(), nullable=True))
    op.create_table(
        "phase",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        sa.Column("dataset", sa.Text(), nullable=False),
        sa.Column("run_id", sa.Text(), nullable=False),
        sa.Column("phase", sa.Text(), nullable=False),
        sa.Column("plan_digest", sa.Text(), nullable=True),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("outcome", sa.Text(), nullable=True),
        sa.Column("wal_bytes", sa.BigInteger(), nullable=True),
        sa.Column("steps", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_phase")),
    )
    op.create_index("ix_phase_dataset_phase", "phase", ["dataset", "phase"], unique=False)
    op.create_index("ix_phase_dataset_run_id", "phase", ["dataset", "run_id"], unique=False)
