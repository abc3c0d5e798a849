"""Databases that are not as declared, not there, or not for us: each ends with one clear message, and nothing is written anywhere."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa
from simulators.lender import AS_OF, NOW, Lender, SetClock, create_roles, governed, server_of_its_own

from embedded import processes
from embedded.files import Passfile
from embedded.postgres import EmbeddedPostgres
from governance.adapters.install import LOGIN_ROLES, install_loan_schema
from governance.adapters.keyring import FileKeyring
from governance.adapters.postgres import PostgresLoanDatabase
from governance.errors import (
    ConfigurationError,
    DatabaseLoginRefused,
    DatabaseUnavailable,
    DocumentError,
    KeyUnavailable,
    LetheError,
    NothingScanned,
    SurroundingsError,
)
from governance.run.enforce import enforce
from governance.run.plan import make_plan
from governance.run.scan import scan
from governance.samples.copying import connect
from governance.store.database import Store
from governance.store.findings import FindingRegister
from governance.store.registers import Registers

pytestmark = pytest.mark.slow


def everything(lender: Lender) -> object:
    return lender.contents(), lender.store_contents()


def refused(lender: Lender, error: type[LetheError], words: str, *acts: Callable[[], object]) -> None:
    """Every act ends with one line that has the words, and nothing is written by any."""
    before = everything(lender)
    for act in acts:
        with pytest.raises(error) as caught:
            act()
        message = str(caught.value)
        assert words in message, message
        assert "\n" not in message
    assert everything(lender) == before


def scanning(lender: Lender, database: PostgresLoanDatabase | None = None, findings: FindingRegister | None = None) -> Callable[[], object]:
    def act() -> object:
        found = database or lender.database()
        return scan(found, found, findings or lender.finding_register(), as_of=AS_OF, now=NOW, run_id="run-1")

    return act


# -- not as declared ------------------------------------------------------------------------------------------------------------

MISFITS = {
    "table": ("ALTER TABLE job_applicants RENAME TO staff", "at dataset.collections.job_applicants: expected a table of that name"),
    "table in another schema": (
        "CREATE SCHEMA hr; ALTER TABLE job_applicants SET SCHEMA hr",
        "at dataset.collections.job_applicants: expected a table of that name in the database, found none",
    ),
    "column": (
        "ALTER TABLE clients RENAME COLUMN phone TO mobile",
        "at dataset.collections.clients.fields.phone: expected a column of the table 'clients', found none",
    ),
    "start is an instant": (
        "ALTER TABLE clients ALTER inquiry_closed_on TYPE timestamptz",
        "bindings.collections.clients.duties.0.start_kind: expected clients.inquiry_closed_on to be a date column, found TIMESTAMP",
    ),
    "start without zone": (
        "ALTER TABLE applications ALTER submitted_at TYPE timestamp",
        "expected applications.submitted_at to be a timestamp with time zone column, found TIMESTAMP",
    ),
    "start is a date": ("ALTER TABLE applications ALTER submitted_at TYPE date", "a timestamp with time zone column, found DATE"),
    "start is a text": ("ALTER TABLE contracts ALTER terminated_on TYPE text", "contracts.terminated_on to be a date column, found TEXT"),
    "year is a text": ("ALTER TABLE audit_files ALTER reporting_year TYPE text", "audit_files.reporting_year to be an integer column"),
    "not null": (
        "UPDATE clients SET region = coalesce(region, ''); ALTER TABLE clients ALTER region SET NOT NULL",
        "at bindings.collections.clients.on_due.region: expected a column that may be NULL, found clients.region NOT NULL",
    ),
    "too narrow": (
        "ALTER TABLE contracts ALTER iban TYPE varchar(36)",
        "on_due.iban: expected room for a token of 37 characters, found contracts.iban VARCHAR(36)",
    ),
    "too narrow char": (
        "ALTER TABLE contracts ALTER iban TYPE char(30)",
        "expected a text column, found contracts.iban CHAR(30)",
    ),
    "no text": (
        "ALTER TABLE contracts ALTER iban TYPE bytea USING NULL",
        "on_due.iban: expected a text column, found contracts.iban BYTEA",
    ),
    "no primary key": (
        "ALTER TABLE job_applicants DROP CONSTRAINT job_applicants_pkey",
        "fields.applicant_id.fides_meta.primary_key: expected the primary key of the table, none, found applicant_id",
    ),
    "another primary key": (
        "ALTER TABLE job_applicants DROP CONSTRAINT job_applicants_pkey; ALTER TABLE job_applicants ADD PRIMARY KEY (full_name)",
        "expected the primary key of the table, full_name, found applicant_id",
    ),
    "wider primary key": (
        "ALTER TABLE job_applicants DROP CONSTRAINT job_applicants_pkey; ALTER TABLE job_applicants ADD PRIMARY KEY (applicant_id, status)",
        "expected the primary key of the table, applicant_id, status, found applicant_id",
    ),
    "a view": (
        "ALTER TABLE job_applicants RENAME TO staff; CREATE VIEW job_applicants AS SELECT * FROM staff;"
        " GRANT SELECT ON job_applicants TO lethe_engine",
        "at dataset.collections.job_applicants: expected a table of that name in the database, found a view",
    ),
}


@pytest.mark.parametrize(("change", "words"), MISFITS.values(), ids=MISFITS)
def test_a_database_that_does_not_fit(lender: Lender, change: str, words: str) -> None:
    plan = lender.approved_plan()
    lender.ask(change)
    refused(lender, DocumentError, "datasets/credithelp.yaml: at ", scanning(lender))
    acts = scanning(lender), lambda: lender.plan(), lambda: lender.enforce(plan), lambda: lender.database().rows_around("clients", "1")
    refused(lender, DocumentError, words, *acts)


def test_what_nobody_declared_is_a_finding(lender: Lender) -> None:
    lender.ask("CREATE TABLE notes (note_id integer PRIMARY KEY, body text); GRANT SELECT ON notes TO lethe_engine")
    lender.ask("ALTER TABLE clients ADD nickname text")
    facts = lender.database().scan(AS_OF)
    found = {(item.kind.value, item.collection, item.field) for item in facts.findings}
    assert {("undeclared-table", "notes", None), ("undeclared-column", "clients", "nickname")} <= found
    lender.enforce(lender.approved_plan())  # and does not stop a run


def test_a_reference_without_an_index_is_a_finding(lender: Lender) -> None:
    lender.ask("DROP INDEX transactions_contract_id")
    found = [(item.collection, item.field) for item in lender.database().scan(AS_OF).findings if item.kind.value == "missing-index"]
    assert found == [("transactions", "contract_id")]


def test_dates_beyond_the_calendar_are_planned_around(lender: Lender) -> None:
    """PostgreSQL knows dates that Python does not. Before all time is a placeholder, so unknown; after all time never ends."""
    ended = "UPDATE contracts SET terminated_on = '{}' WHERE client_id = 3"
    for value, reason in (("-infinity", "unknown-start"), ("0044-03-15 BC", "unknown-start"), ("infinity", "running")):
        lender.ask(ended.format(value))
        kept = {(item.collection, item.class_id, item.reason): item.rows for item in lender.plan().kept}
        assert kept["contracts", "granted-loan", reason] >= 1, value
        assert lender.database().scan(AS_OF).rows["contracts"] == 5


# -- empty --------------------------------------------------------------------------------------------------------------------------


def test_an_empty_database_is_a_fault(lender: Lender) -> None:
    lender.ask(f"TRUNCATE {', '.join(lender.dataset.collections)}")
    words = "credithelp: none of 16 governed collections holds a row; is this the right database?"
    refused(lender, NothingScanned, words, scanning(lender))


def test_rows_in_ungoverned_tables_only_are_a_fault_too(lender: Lender) -> None:
    lender.ask("CREATE TEMP TABLE x AS SELECT * FROM offices")
    governed_tables = [name for name, collection in lender.dataset.collections.items() if collection.governed]
    lender.ask(f"TRUNCATE {', '.join(governed_tables)}")
    assert lender.value("SELECT count(*) FROM offices") > 0
    refused(lender, NothingScanned, "none of 16 governed collections", scanning(lender))


# -- not there, or not for us ---------------------------------------------------------------------------------------------------


def at(lender: Lender, **changes: object) -> PostgresLoanDatabase:
    """The loan database at a changed address."""
    url = sa.make_url(lender.engine)
    if "passfile" in changes:
        url = url.update_query_dict({"passfile": str(changes.pop("passfile"))})
    address = url.set(**changes).render_as_string(hide_password=False)  # type: ignore[arg-type]
    return PostgresLoanDatabase(address, lender.dataset, FileKeyring(lender.keyring))


def all_stages(lender: Lender, database: PostgresLoanDatabase) -> list[Callable[[], object]]:
    plan = lender.approved_plan()
    return [
        scanning(lender, database),
        lambda: make_plan(database, database, lender.registers(), as_of=NOW, now=NOW, run_id="r"),
        lambda: enforce(plan, database, lender.registers(), SetClock(), run_id="r"),
        lambda: database.rows_around("clients", "1"),
        lambda: database.recorded([]),
    ]


def test_nothing_answers(lender: Lender) -> None:
    port = processes.free_port()
    words = f"lethe_engine@127.0.0.1:{port}/{lender.name}: no database answers there"
    refused(lender, DatabaseUnavailable, words, *all_stages(lender, at(lender, port=port)))


def test_no_such_database(lender: Lender) -> None:
    words = "/nowhere: the server answers, but there is no database of that name"
    refused(lender, DatabaseUnavailable, words, *all_stages(lender, at(lender, database="nowhere")))


def test_wrong_password_no_passfile_unknown_role(lender: Lender, tmp_path: Path) -> None:
    wrong = Passfile(tmp_path / "wrong.pgpass")
    wrong.put("lethe_engine", "n0t-the-passw0rd")
    words = "the database refused this role or its password (see the passfile)"
    for change in ({"passfile": wrong.path}, {"passfile": tmp_path / "nowhere"}, {"username": "nobody"}, {"username": "lethe_owner"}):
        refused(lender, DatabaseLoginRefused, words, *all_stages(lender, at(lender, **change)))


def test_a_role_that_may_not_connect_or_read(lender: Lender) -> None:
    stages = all_stages(lender, lender.database())
    lender.ask("REVOKE SELECT ON clients FROM lethe_engine")
    refused(lender, DatabaseLoginRefused, "the role lacks a privilege it needs; run `governance install` again", *stages[:1])
    lender.ask(f"REVOKE CONNECT ON DATABASE {lender.name} FROM PUBLIC")
    refused(lender, DatabaseLoginRefused, "the database refused this role", *stages)


def test_lethe_is_not_installed(lender: Lender) -> None:
    plan = lender.approved_plan()
    lender.ask("DROP SCHEMA lethe CASCADE")
    before = lender.contents("public")
    for act in (scanning(lender), lambda: lender.plan(), lambda: lender.enforce(plan)):
        with pytest.raises(SurroundingsError, match=r"SQLSTATE (42P01\): relation .lethe\.|3F000\))"):
            act()
    assert lender.contents("public") == before


def test_the_governance_database_is_down(lender: Lender) -> None:
    plan = lender.approved_plan()
    port = processes.free_port()
    store = Store(sa.make_url(lender.store).set(port=port).render_as_string(hide_password=False))
    registers = Registers(store)
    database = lender.database()
    acts = (
        scanning(lender, database, FindingRegister(store)),
        lambda: enforce(plan, database, registers, SetClock(), run_id="r"),
        lambda: registers.latest_plan("credithelp"),
    )
    refused(lender, DatabaseUnavailable, f"lethe_store@127.0.0.1:{port}/", *acts)


def test_no_keyring_no_run(lender: Lender) -> None:
    lender.keyring.chmod(0o644)
    refused(lender, KeyUnavailable, "expected a keyring of mode 0600, found 0644", lambda: lender.database())
    lender.keyring.unlink()
    refused(lender, KeyUnavailable, "expected a readable keyring", lambda: lender.database())


# -- installing ------------------------------------------------------------------------------------------------------------------------


@pytest.fixture
def bare_server() -> Iterator[EmbeddedPostgres]:
    """A cluster without any role of ours."""
    with server_of_its_own() as server:
        yield server


def test_installing_without_the_login_roles_and_over_missing_tables(bare_server: EmbeddedPostgres) -> None:
    bare_server.create_database("loans")
    url = bare_server.url("loans")
    with pytest.raises(ConfigurationError, match=f"create the login roles first: {', '.join(LOGIN_ROLES)}$"):
        install_loan_schema(url, governed())
    bare_server.create_role("lethe_engine")
    with pytest.raises(ConfigurationError, match=r"create the login roles first: lethe_sealer, lethe_validator$"):
        install_loan_schema(url, governed())
    create_roles(bare_server)
    with pytest.raises(LetheError) as caught:
        install_loan_schema(url, governed())
    assert "\n" not in str(caught.value)
    with connect(url) as connection:  # neither attempt left a schema or a role
        (schemas,) = connection.execute("SELECT count(*) FROM pg_namespace WHERE nspname LIKE 'lethe%'").fetchone() or (None,)
        (owners,) = connection.execute("SELECT count(*) FROM pg_roles WHERE rolname = 'lethe_owner'").fetchone() or (None,)
    assert (schemas, owners) == (0, 0)
    bare_server.stop()
    with pytest.raises(DatabaseUnavailable, match="no database answers there"):
        install_loan_schema(url, governed())


def test_installing_twice_changes_nothing(lender: Lender) -> None:
    lender.enforce(lender.approved_plan())
    grants = "SELECT string_agg(relname || coalesce(relacl::text, ''), ',' ORDER BY oid) FROM pg_class"
    before, access = lender.contents(), lender.value(grants)
    install_loan_schema(lender.admin, lender.dataset)
    assert lender.contents() == before
    assert lender.value(grants) == access


def test_installing_by_a_role_that_may_not(lender: Lender) -> None:
    with pytest.raises(DatabaseLoginRefused, match="lacks a privilege"):
        install_loan_schema(lender.engine, lender.dataset)
