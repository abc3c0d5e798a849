"""What was found of the persons of requests, and the packages made for them."""

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None


def upgrade() -> None:
    instant, text = sa.DateTime(timezone=True), sa.Text()
    op.create_table(
        "request_located",
        sa.Column("request", sa.Uuid(), nullable=False),
        sa.Column("located_at", instant, nullable=False),
        sa.Column("document", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("request", name="pk_request_located"),
        sa.ForeignKeyConstraint(["request"], ["request.id"], name="fk_request_located_request", ondelete="CASCADE"),
    )
    op.create_table(
        "request_package",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("request", sa.Uuid(), nullable=False),
        sa.Column("kind", text, nullable=False),
        sa.Column("digest", text, nullable=False),
        sa.Column("size", sa.BigInteger(), nullable=False),
        sa.Column("opened_by", text, nullable=False),
        sa.Column("made_at", instant, nullable=False),
        sa.Column("expires_at", instant, nullable=False),
        sa.Column("purged_at", instant, nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_request_package"),
        sa.ForeignKeyConstraint(["request"], ["request.id"], name="fk_request_package_request", ondelete="CASCADE"),
    )
    op.create_index("ix_request_package_request", "request_package", ["request"])
