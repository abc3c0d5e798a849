"""Corrections that persons ask for (GDPR 16), and what was changed by them: old and new values, encrypted, going with their request."""

import sqlalchemy as sa
from alembic import op

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None


def upgrade() -> None:
    instant, text, sealed = sa.DateTime(timezone=True), sa.Text(), sa.LargeBinary()
    op.create_table(
        "request_correction",
        sa.Column("request", sa.Uuid(), nullable=False),
        sa.Column("entered_at", instant, nullable=False),
        sa.Column("entered_by", text, nullable=False),
        sa.Column("document", sealed, nullable=False),
        sa.PrimaryKeyConstraint("request", name="pk_request_correction"),
    )
    op.create_table(
        "request_corrected",
        sa.Column("request", sa.Uuid(), nullable=False),
        sa.Column("decision", text, nullable=False),
        sa.Column("dataset", text, nullable=False),
        sa.Column("drafted_at", instant, nullable=False),
        sa.Column("corrected_at", instant, nullable=True),
        sa.Column("document", sealed, nullable=False),
        sa.PrimaryKeyConstraint("request", "decision", "dataset", name="pk_request_corrected"),
    )
    # What was never carried out may go; what was is history, and goes with its request.
    op.execute(
        "CREATE TRIGGER with_its_request BEFORE DELETE ON request_corrected FOR EACH ROW WHEN (OLD.corrected_at IS NOT NULL)"
        " EXECUTE FUNCTION refuse_act_of_request()"
    )
    op.execute("CREATE TRIGGER no_truncate BEFORE TRUNCATE ON request_corrected FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()")
