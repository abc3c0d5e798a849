"""Decisions about requests, with who drafted, approved or rejected them; and of plans, for which kind of request they were made."""

import sqlalchemy as sa
from alembic import op

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None


def upgrade() -> None:
    instant, text = sa.DateTime(timezone=True), sa.Text()
    op.create_table(
        "request_decision",
        sa.Column("request", sa.Uuid(), nullable=False),
        sa.Column("digest", text, nullable=False),
        sa.Column("number", sa.BigInteger(), nullable=False),
        sa.Column("batch", sa.Uuid(), nullable=False),
        sa.Column("document", text, nullable=False),
        sa.Column("subjects", text, nullable=False),
        sa.Column("drafted_by", text, nullable=False),
        sa.Column("drafted_at", instant, nullable=False),
        sa.Column("approved_by", text, nullable=True),
        sa.Column("approved_at", instant, nullable=True),
        sa.Column("rejected_by", text, nullable=True),
        sa.Column("rejected_at", instant, nullable=True),
        sa.PrimaryKeyConstraint("request", "digest", name="pk_request_decision"),
    )
    op.create_index("ix_request_decision_batch", "request_decision", ["batch"])
    op.add_column("plan", sa.Column("asked", text, nullable=True))
