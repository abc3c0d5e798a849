"""Letters to persons, encrypted as the rest of a request, and going with it."""

import sqlalchemy as sa
from alembic import op

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None


def upgrade() -> None:
    text = sa.Text()
    op.create_table(
        "request_letter",
        sa.Column("letter", text, nullable=False),
        sa.Column("request", sa.Uuid(), nullable=False),
        sa.Column("kind", text, nullable=False),
        sa.Column("language", text, nullable=False),
        sa.Column("words", text, nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("issued_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("issued_by", text, nullable=False),
        sa.Column("page", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("letter", name="pk_request_letter"),
    )
    op.create_index("ix_request_letter_request", "request_letter", ["request"])
    op.execute("CREATE TRIGGER append_only BEFORE UPDATE OR TRUNCATE ON request_letter FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()")
    op.execute("CREATE TRIGGER with_its_request BEFORE DELETE ON request_letter FOR EACH ROW EXECUTE FUNCTION refuse_act_of_request()")
