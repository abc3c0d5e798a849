"""In which loan databases marks stand because of a request: it stays while they do."""

import sqlalchemy as sa
from alembic import op

revision = "0020"
down_revision = "0019"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "request_mark",
        sa.Column("request", sa.Uuid(), nullable=False),
        sa.Column("dataset", sa.Text(), nullable=False),
        sa.Column("placed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("request", "dataset", name="pk_request_mark"),
        sa.ForeignKeyConstraint(["request"], ["request.id"], name="fk_request_mark_request", ondelete="CASCADE"),
    )
