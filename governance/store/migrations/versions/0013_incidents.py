"""Incidents, with what the register of them must hold, and every act on them."""

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None


def upgrade() -> None:
    instant, text, count = sa.DateTime(timezone=True), sa.Text(), sa.BigInteger()
    op.create_table(
        "incident",
        sa.Column("id", count, sa.Identity(always=True), nullable=False),
        sa.Column("controller", text, nullable=False),
        sa.Column("dataset", text, nullable=False),
        sa.Column("kind", text, nullable=False),
        sa.Column("cause", text, nullable=False),
        sa.Column("run_id", text, nullable=False),
        sa.Column("detail", text, nullable=False),
        sa.Column("opened_at", instant, nullable=False),
        sa.Column("seen", count, nullable=False),
        sa.Column("last_seen_at", instant, nullable=False),
        sa.Column("over_at", instant, nullable=True),
        sa.Column("supposed_at", instant, nullable=True),
        sa.Column("found_at", instant, nullable=False),
        sa.Column("reported_at", instant, nullable=False),
        sa.Column("reported_by", text, nullable=False),
        sa.Column("aware_at", instant, nullable=False),
        sa.Column("clock_hours", count, nullable=False),
        sa.Column("due_at", instant, nullable=False),
        sa.Column("nature", text, nullable=True),
        sa.Column("person_categories", text, nullable=True),
        sa.Column("persons", count, nullable=True),
        sa.Column("record_categories", text, nullable=True),
        sa.Column("records", count, nullable=True),
        sa.Column("consequences", text, nullable=True),
        sa.Column("measures", text, nullable=True),
        sa.Column("authority_notified_at", instant, nullable=True),
        sa.Column("authority_not_notified", text, nullable=True),
        sa.Column("delay_reason", text, nullable=True),
        sa.Column("persons_notified_at", instant, nullable=True),
        sa.Column("persons_not_notified", text, nullable=True),
        sa.Column("closed_at", instant, nullable=True),
        sa.Column("closed_by", text, nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_incident"),
    )
    op.create_index("ix_incident_dataset", "incident", ["dataset"])
    standing = sa.text("closed_at IS NULL AND cause <> 'reported'")
    op.create_index("uq_incident_open", "incident", ["cause", "dataset"], unique=True, postgresql_where=standing)
    op.create_table(
        "incident_act",
        sa.Column("id", count, sa.Identity(always=True), nullable=False),
        sa.Column("incident", count, nullable=False),
        sa.Column("at", instant, nullable=False),
        sa.Column("act", text, nullable=False),
        sa.Column("by", text, nullable=False),
        sa.Column("entries", text, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_incident_act"),
    )
    op.create_index("ix_incident_act_incident", "incident_act", ["incident"])
    op.execute(
        "CREATE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON incident_act FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()"
    )
