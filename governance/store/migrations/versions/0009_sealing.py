"""Sealing a million events: the platform's outbox is read on by position, and the spool's bundles are not compressed once more."""

from alembic import op

revision = "0009"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_index(op.f("ix_outbox_position"), "outbox", ["position"], unique=False)
    # Bundles of a round are megabytes; compressing them takes as long as sealing their events.
    op.execute("ALTER TABLE spool ALTER COLUMN content SET STORAGE EXTERNAL")
