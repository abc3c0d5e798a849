"""The suppression list: erased persons by keyed tokens, and the plans of whom it is not settled yet whether they erased them."""

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None


def upgrade() -> None:
    instant, text, count, texts = sa.DateTime(timezone=True), sa.Text(), sa.BigInteger(), sa.ARRAY(sa.Text())
    op.create_table(
        "suppression_plan",
        sa.Column("plan_digest", text, nullable=False),
        sa.Column("dataset", text, nullable=False),
        sa.Column("captured_at", instant, nullable=False),
        sa.Column("settled_at", instant, nullable=True),
        sa.PrimaryKeyConstraint("plan_digest", name="pk_suppression_plan"),
    )
    unsettled = sa.text("settled_at IS NULL")
    op.create_index("ix_suppression_plan_unsettled", "suppression_plan", ["dataset"], postgresql_where=unsettled)
    op.create_table(
        "suppression",
        sa.Column("id", count, sa.Identity(always=True), nullable=False),
        sa.Column("dataset", text, nullable=False),
        sa.Column("plan_digest", text, nullable=False),
        sa.Column("subject_ref", text, nullable=False),
        sa.Column("needs", texts, nullable=False),
        sa.Column("tokens", texts, nullable=False),
        sa.Column("key_version", count, nullable=False),
        sa.Column("erased_at", instant, nullable=True),
        sa.Column("lifted_at", instant, nullable=True),
        sa.Column("lifted_by", text, nullable=True),
        sa.Column("lifted_reason", text, nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_suppression"),
        sa.UniqueConstraint("plan_digest", "subject_ref", name="uq_suppression_plan_digest_subject_ref"),
    )
    op.create_index("ix_suppression_dataset_erased_at", "suppression", ["dataset", "erased_at"])
