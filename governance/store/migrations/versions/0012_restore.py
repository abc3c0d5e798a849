"""The ledger outside the loan databases, and the losses of loan databases with their replays."""

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "ledger",
        sa.Column("event_id", sa.Uuid(), nullable=False),
        sa.Column("dataset", sa.Text(), nullable=False),
        sa.Column("seq", sa.BigInteger(), nullable=True),
        sa.Column("collection", sa.Text(), nullable=False),
        sa.Column("action", sa.Text(), nullable=False),
        sa.Column("key_refs", sa.ARRAY(sa.Text()), nullable=False),
        sa.Column("event", sa.Text(), nullable=False),
        sa.Column("restore_id", sa.BigInteger(), nullable=True),
        sa.PrimaryKeyConstraint("event_id", name=op.f("pk_ledger")),
    )
    op.create_index("ix_ledger_dataset_seq", "ledger", ["dataset", "seq"])
    op.create_index("ix_ledger_restore_id", "ledger", ["restore_id"], postgresql_where=sa.text("restore_id IS NOT NULL"))
    op.create_table(
        "restore",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        sa.Column("dataset", sa.Text(), nullable=False),
        sa.Column("detected_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("missing", sa.BigInteger(), nullable=False),
        sa.Column("replayed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("report", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_restore")),
    )
    op.create_index(op.f("ix_restore_dataset"), "restore", ["dataset"])
    op.create_index("uq_restore_open", "restore", ["dataset"], unique=True, postgresql_where=sa.text("replayed_at IS NULL"))
