"""Sealing a million events: the platform's outbox is read by position, bundles are not compressed. Signing keys hand over."""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_index(op.f("ix_outbox_position"), "outbox", ["position"], unique=False)
    # Bundles of a round are megabytes; compressing them takes as long as sealing their events.
    op.execute("ALTER TABLE spool ALTER COLUMN content SET STORAGE EXTERNAL")
    op.create_table(
        "signer_rotation",
        sa.Column("old_key_id", sa.Text(), nullable=False),
        sa.Column("new_key_id", sa.Text(), nullable=False),
        sa.Column("size", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("old_key_id", name=op.f("pk_signer_rotation")),
        sa.UniqueConstraint("new_key_id", name=op.f("uq_signer_rotation_new_key_id")),
    )
