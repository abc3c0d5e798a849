"""The inventory of columns with the history of its verdicts; findings with gravity, owner, acceptance and end."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "inventory",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        sa.Column("dataset", sa.Text(), nullable=False),
        sa.Column("table_path", sa.Text(), nullable=False),
        sa.Column("column_name", sa.Text(), nullable=False),
        sa.Column("label", sa.Text(), nullable=False),
        sa.Column("type_text", sa.Text(), nullable=False),
        sa.Column("nulls", sa.Float(), nullable=True),
        sa.Column("declared", sa.Text(), nullable=True),
        sa.Column("recogniser", sa.Text(), nullable=False),
        sa.Column("category", sa.Text(), nullable=True),
        sa.Column("certainty", sa.Text(), nullable=False),
        sa.Column("score", sa.Float(), nullable=False),
        sa.Column("direct", sa.Boolean(), nullable=False),
        sa.Column("reasons", sa.Text(), nullable=False),
        sa.Column("rules", sa.Text(), nullable=False),
        sa.Column("since", sa.DateTime(timezone=True), nullable=False),
        sa.Column("last_seen", sa.DateTime(timezone=True), nullable=False),
        sa.Column("until", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_inventory")),
    )
    op.create_index("ix_inventory_dataset_table_path_label", "inventory", ["dataset", "table_path", "label"], unique=False)
    op.create_index(
        "uq_inventory_standing",
        "inventory",
        ["dataset", "table_path", "label"],
        unique=True,
        postgresql_where=sa.text("until IS NULL"),
    )
    op.add_column("finding", sa.Column("gravity", sa.Text(), nullable=False, server_default="warning"))
    op.alter_column("finding", "gravity", server_default=None)
    op.add_column("finding", sa.Column("owner", sa.Text(), nullable=False, server_default="data-protection-officer"))
    op.alter_column("finding", "owner", server_default=None)
    op.add_column("finding", sa.Column("detail", sa.Text(), nullable=True))
    op.add_column("finding", sa.Column("gone_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column("finding", sa.Column("accepted_until", sa.Date(), nullable=True))
    op.add_column("finding", sa.Column("accepted_by", sa.Text(), nullable=True))
    op.add_column("finding", sa.Column("accepted_reason", sa.Text(), nullable=True))
