"""Installing over what an earlier version left in a loan database."""

from __future__ import annotations

from simulators.lender import Lender

from governance.adapters.install import install_loan_schema


def test_a_ledger_by_row_becomes_one_by_event_and_loses_nothing(lender: Lender) -> None:
    """An entry was a row with one reference once; what stood then stands after, and is as hard to change."""
    plan = lender.approved_plan()
    lender.enforce(plan)
    written = "SELECT event_id::text, collection, action, unnest(key_refs) FROM lethe.ledger ORDER BY 1, 4"
    before = lender.ask(written)
    assert len(before) == plan.rows
    with lender.connect() as connection:
        connection.execute("CREATE TABLE kept AS SELECT event_id, collection, action, unnest(key_refs) AS key_ref FROM lethe.ledger")
        connection.execute("DROP TABLE lethe.ledger")
        connection.execute(
            "CREATE TABLE lethe.ledger (event_id uuid NOT NULL, collection text NOT NULL, action text NOT NULL, key_ref text NOT NULL,"
            " PRIMARY KEY (event_id, key_ref))"
        )
        connection.execute("ALTER TABLE lethe.ledger OWNER TO lethe_owner")
        connection.execute("CREATE FUNCTION lethe.announced() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NULL; END'")
        connection.execute("CREATE TRIGGER announced AFTER INSERT ON lethe.ledger FOR EACH STATEMENT EXECUTE FUNCTION lethe.announced()")
        connection.execute(
            "CREATE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON lethe.ledger FOR EACH STATEMENT"
            " EXECUTE FUNCTION lethe.refuse()"
        )
        connection.execute("INSERT INTO lethe.ledger SELECT * FROM kept")
        connection.execute("DROP TABLE kept")
    for _ in range(2):  # and again, with nothing left to bring over
        install_loan_schema(lender.admin, lender.dataset)
        assert lender.ask(written) == before
    assert lender.ask("SELECT tgname FROM pg_trigger WHERE tgrelid = 'lethe.ledger'::regclass AND NOT tgisinternal") == [("append_only",)]
    assert lender.value("SELECT pg_get_userbyid(relowner) FROM pg_class WHERE oid = 'lethe.ledger'::regclass") == "lethe_owner"
