"""Objects on their way to the archive are kept as they are: compressing a bundle took a quarter of what the server does to seal it."""

from __future__ import annotations

from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute("ALTER TABLE spool ALTER COLUMN content SET STORAGE EXTERNAL")


def downgrade() -> None:
    op.execute("ALTER TABLE spool ALTER COLUMN content SET STORAGE EXTENDED")
