"""Requests of persons: the register, what was done with each, who has to be told, and by which tokens the same person is known again."""

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None


def upgrade() -> None:
    instant, text, count, sealed = sa.DateTime(timezone=True), sa.Text(), sa.BigInteger(), sa.LargeBinary()
    op.create_table(
        "request",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("number", count, nullable=False),
        sa.Column("controller", text, nullable=False),
        sa.Column("kind", text, nullable=False),
        sa.Column("received", sa.Date(), nullable=False),
        sa.Column("registered_at", instant, nullable=False),
        sa.Column("registered_by", text, nullable=False),
        sa.Column("channel", text, nullable=False),
        sa.Column("reply_form", text, nullable=False),
        sa.Column("language", text, nullable=False),
        sa.Column("purposes", sa.ARRAY(text), nullable=False),
        sa.Column("zone", text, nullable=False),
        sa.Column("stage", text, nullable=False),
        sa.Column("due", sa.Date(), nullable=False),
        sa.Column("extended", sa.Boolean(), nullable=False),
        sa.Column("paused_on", sa.Date(), nullable=True),
        sa.Column("suspended", count, nullable=False),
        sa.Column("repeats", count, nullable=True),
        sa.Column("decision", text, nullable=True),
        sa.Column("reply", text, nullable=True),
        sa.Column("closed_at", instant, nullable=True),
        sa.Column("half_time_told_at", instant, nullable=True),
        sa.Column("last_days_told_at", instant, nullable=True),
        sa.Column("overdue_told_at", instant, nullable=True),
        sa.Column("person", sealed, nullable=False),
        sa.Column("representative", sealed, nullable=True),
        sa.Column("description", sealed, nullable=False),
        sa.Column("corrections", sealed, nullable=False),
        sa.Column("identity", sealed, nullable=True),
        sa.Column("extension", sealed, nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_request"),
        sa.UniqueConstraint("controller", "number", name="uq_request_controller_number"),
    )
    op.create_index("ix_request_open", "request", ["due"], postgresql_where=sa.text("closed_at IS NULL"))
    op.create_table(
        "request_number",
        sa.Column("controller", text, nullable=False),
        sa.Column("last", count, nullable=False),
        sa.PrimaryKeyConstraint("controller", name="pk_request_number"),
    )
    op.create_table(
        "request_token",
        sa.Column("request", sa.Uuid(), nullable=False),
        sa.Column("kind", text, nullable=False),
        sa.Column("token", text, nullable=False),
        sa.PrimaryKeyConstraint("request", "kind", "token", name="pk_request_token"),
    )
    op.create_index("ix_request_token_token", "request_token", ["token"])
    op.create_table(
        "request_recipient",
        sa.Column("request", sa.Uuid(), nullable=False),
        sa.Column("recipient", text, nullable=False),
        sa.Column("told_at", instant, nullable=True),
        sa.Column("told_by", text, nullable=True),
        sa.PrimaryKeyConstraint("request", "recipient", name="pk_request_recipient"),
    )
    op.create_table(
        "request_act",
        sa.Column("id", count, sa.Identity(always=True), nullable=False),
        sa.Column("request", sa.Uuid(), nullable=False),
        sa.Column("at", instant, nullable=False),
        sa.Column("act", text, nullable=False),
        sa.Column("by", text, nullable=False),
        sa.Column("entries", sealed, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_request_act"),
    )
    op.create_index("ix_request_act_request", "request_act", ["request"])
    op.execute("CREATE TRIGGER append_only BEFORE UPDATE OR TRUNCATE ON request_act FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()")
    # The register itself has a term: what is closed may go as a whole, acts last; nothing that is open, and no act alone.
    op.execute(
        "CREATE FUNCTION refuse_open_request() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN"
        " IF OLD.closed_at IS NULL THEN RAISE EXCEPTION 'request % is open and is not deleted', OLD.id; END IF;"
        " RETURN OLD; END $$"
    )
    op.execute("CREATE TRIGGER closed_only BEFORE DELETE ON request FOR EACH ROW EXECUTE FUNCTION refuse_open_request()")
    op.execute("CREATE TRIGGER no_truncate BEFORE TRUNCATE ON request FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()")
    op.execute(
        "CREATE FUNCTION refuse_act_of_request() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN"
        " IF EXISTS (SELECT FROM request WHERE id = OLD.request) THEN"
        " RAISE EXCEPTION 'an act of request % is not deleted while the request stands', OLD.request; END IF;"
        " RETURN OLD; END $$"
    )
    op.execute("CREATE TRIGGER with_its_request BEFORE DELETE ON request_act FOR EACH ROW EXECUTE FUNCTION refuse_act_of_request()")
