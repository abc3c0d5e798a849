"""What SQLite and MariaDB cannot do is refused before the run: every place named, nothing planned, no row changed.

Each case is a schema, a setting or a value as a lender might have it. What is refused on PostgreSQL for the same reason is told in the same
words.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from simulators.lender import AS_OF, DATASET, Lender, changed, governed
from simulators.portable import MariaServer, PortableLender, maria_copy, sqlite_copy

from governance.adapters.portable.outbox import PortableOutbox
from governance.errors import ConfigurationError, DatabaseLoginRefused, DatabaseUnavailable, DatabaseUnfit

pytestmark = pytest.mark.slow

APPLICANTS = (
    "DROP TABLE job_applicants;CREATE TABLE job_applicants (applicant_id INTEGER PRIMARY KEY, full_name TEXT NOT NULL, email TEXT, "
    "phone TEXT, position TEXT NOT NULL, cv TEXT, applied_on DATE NOT NULL, status TEXT NOT NULL, decided_on DATE)"
)


def applicants(old: str, new: str) -> str:
    assert APPLICANTS.count(old) == 1
    return APPLICANTS.replace(old, new)


SQLITE = {
    "a view": (
        "DROP TABLE job_applicants;CREATE VIEW job_applicants AS SELECT 1 AS applicant_id",
        "at dataset.collections.job_applicants: expected a table of that name in the database, found a view",
    ),
    "no table": (
        "DROP TABLE job_applicants",
        "at dataset.collections.job_applicants: expected a table of that name in the database, found none",
    ),
    "no column": (applicants(" cv TEXT,", ""), "expected a column of the table 'job_applicants', found none"),
    "a key that may be NULL": (
        applicants("applicant_id INTEGER PRIMARY KEY", "applicant_id TEXT PRIMARY KEY"),
        "applicant_id: expected texts, found 1 rows of job_applicants that hold something else",
    ),
    "another key": (
        applicants(
            "applicant_id INTEGER PRIMARY KEY, full_name TEXT NOT NULL", "applicant_id INTEGER NOT NULL, full_name TEXT PRIMARY KEY"
        ),
        "expected the primary key of the table, full_name, found applicant_id",
    ),
    "a key of numbers with a fraction": (
        applicants("applicant_id INTEGER", "applicant_id NUMERIC(10, 2)"),
        "expected a key of integers, texts, dates or, on MariaDB, UUIDs, found job_applicants.applicant_id NUMERIC(10, 2)",
    ),
    "a start that is text": (
        applicants("decided_on DATE", "decided_on TEXT"),
        "expected job_applicants.decided_on to be a date column, found TEXT",
    ),
    "a collation": (applicants("status TEXT", "status TEXT COLLATE NOCASE"), "a table whose columns compare as written"),
    "a virtual table": (
        "DROP TABLE job_applicants;CREATE VIRTUAL TABLE job_applicants USING fts5(applicant_id, full_name, email,"
        " phone, position, cv, applied_on,"
        " status, decided_on)",
        "expected a table that is stored as rows, found a virtual table",
    ),
    "a day that is none": (
        "UPDATE job_applicants SET decided_on = '2020-02-30' WHERE applicant_id = 1",
        "decided_on: expected days as text, 2026-03-01, found 1 rows of job_applicants that hold something else",
    ),
    "a day as a number": ("UPDATE job_applicants SET decided_on = 1583020800", "expected days as text, 2026-03-01, found 3 rows"),
    "an instant with a zone": (
        "UPDATE video_footage SET recorded_at = '2020-01-01 00:00:00+02:00'",
        "recorded_at: expected instants in UTC as text, 2026-03-01 12:30:00 with at most six digits of a fraction,"
        " found 2 rows of video_footage",
    ),
    "an instant in another form": ("UPDATE video_footage SET recorded_at = '2020-01-01T00:00:00'", "expected instants in UTC as text"),
    "an instant that is none": ("UPDATE video_footage SET recorded_at = '2020-01-01 24:00:00'", "expected instants in UTC as text"),
    "bytes in a text": ("UPDATE clients SET last_name = x'00ff' WHERE client_id = 1", "last_name: expected texts, found 1 rows of clients"),
    "an integer that is none": ("UPDATE accounting_entries SET contract_id = 'two'", "contract_id: expected integers, found"),
    "a stranger that refers": (
        "CREATE TABLE notes (id INTEGER PRIMARY KEY, client INTEGER REFERENCES clients)",
        "expected every table that references a governed collection, found none for the table 'notes', which references 'clients'",
    ),
    "a token that a CHECK forbids": (
        "ALTER TABLE clients ADD COLUMN short TEXT CHECK (length(last_name) < 30)",
        "expected rows of clients that can be changed as the plan would change them, found the constraint length(last_name) < 30",
    ),
    "not installed": ("DROP TABLE lethe_gate", "expected the table lethe_gate; run `governance install`, found none"),
    "work tables of another dataset": (
        "DROP TABLE lethe_keys_clients;CREATE TABLE lethe_keys_clients (step INTEGER)",
        "expected the table lethe_keys_clients; run `governance install`, found a table of other columns",
    ),
}

MARIADB = {
    "an engine without transactions": (
        "ALTER TABLE access_log DROP FOREIGN KEY access_log_ibfk_1, DROP FOREIGN KEY access_log_ibfk_2;ALTER TABLE"
        " access_log ENGINE = MyISAM",
        "at dataset.collections.access_log: expected an InnoDB table, for its changes must come with their evidence or"
        " not at all, found engine"
        " MyISAM (to mend: ALTER TABLE `access_log` ENGINE = InnoDB)",
    ),
    "a table that keeps its history": (
        "ALTER TABLE job_applicants ADD SYSTEM VERSIONING",
        "expected a table that forgets what is deleted, found a system-versioned table, which keeps every row for its history",
    ),
    "a key without regard for case": (
        "ALTER TABLE nssi_reports MODIFY report_id CHAR(36) CHARACTER SET utf8mb4 COLLATE utf8mb4_general_ci",
        "expected a key or reference that compares as written, so a collation that ends in _bin, found"
        " nssi_reports.report_id utf8mb4_general_ci",
    ),
    "an instant without a zone": (
        "ALTER TABLE video_footage MODIFY recorded_at DATETIME(6) NOT NULL",
        "expected video_footage.recorded_at to be a timestamp with time zone column, found DATETIME",
    ),
    "no room for a token": (
        "UPDATE clients SET phone = NULL;ALTER TABLE clients MODIFY phone VARCHAR(20)",
        "on_due.phone: expected room for a token of 37 characters, found clients.phone VARCHAR",
    ),
    "NOT NULL": (
        "UPDATE clients SET birth_date = '1990-01-01';ALTER TABLE clients MODIFY birth_date DATE NOT NULL",
        "on_due.birth_date: expected a column that may be NULL, found clients.birth_date NOT NULL",
    ),
    "a generated column": (
        "ALTER TABLE clients DROP COLUMN employer;ALTER TABLE clients ADD COLUMN employer VARCHAR(100) AS (city)",
        "on_due.employer: expected a column that can be written, found clients.employer GENERATED",
    ),
    "a trigger beside a table that cannot roll back": (
        "CREATE TABLE history (egn TEXT) ENGINE = MyISAM;"
        "CREATE TRIGGER keep BEFORE DELETE ON clients FOR EACH ROW INSERT INTO history VALUES (OLD.egn)",
        "expected triggers whose writing can be rolled back, so no table of another engine than InnoDB in the database,"
        " found the trigger keep on"
        " DELETE, and history",
    ),
    "a token that a CHECK forbids": (
        "ALTER TABLE clients ADD CONSTRAINT short_names CHECK (char_length(last_name) < 30)",
        "found the constraint short_names (code 4025)",
    ),
    "a right that is missing": (
        "REVOKE DELETE ON {database}.clients FROM lethe_engine@localhost",
        "at dataset.collections.clients: expected a role that may change and delete its rows, found one that may not;"
        " run `governance install`",
    ),
    "a blank at the end of a key": (
        "UPDATE nssi_reports SET report_id = 'with-a-blank ' LIMIT 1;"
        "ALTER TABLE nssi_reports MODIFY report_id VARCHAR(36) CHARACTER SET utf8mb4 COLLATE utf8mb4_nopad_bin;"
        "UPDATE nssi_reports SET report_id = 'with-a-blank ' WHERE report_id LIKE 'with-a-blank%'",
        "report_id: expected keys and references without a trailing blank, found 1 rows of nssi_reports",
    ),
}

SETTINGS = {
    "a log of every statement": ("general_log", "ON", "OFF", "general_log = OFF, for it keeps the text of every statement"),
    "commits that may be lost": ("innodb_flush_log_at_trx_commit", "2", "1", "innodb_flush_log_at_trx_commit = 1, for an event"),
    "a log of statements": ("binlog_format", "'STATEMENT'", "'ROW'", "binlog_format = ROW or MIXED"),
    "a replica": ("read_only", "ON", "OFF", "a server that may be written to, found read_only = ON"),
}


def refused(other: PortableLender, words: str) -> None:
    """Planning is refused in these words, before any row is touched, and there is no plan to enforce."""
    before = other.contents()
    with pytest.raises(DatabaseUnfit) as caught:
        other.plan()
    assert words in str(caught.value), str(caught.value)
    assert other.contents() == before
    assert other.current_plan() == []
    assert other.events("chunk.enforced", "plan.frozen") == []


@pytest.mark.parametrize(("statements", "words"), SQLITE.values(), ids=SQLITE)
def test_on_sqlite(lender: Lender, tmp_path: Path, statements: str, words: str) -> None:
    other = sqlite_copy(lender, tmp_path)
    for statement in statements.split(";"):
        other.ask(statement)
    if statements.startswith("DROP TABLE job_applicants;CREATE TABLE"):
        names = "applicant_id, full_name, position, applied_on, status, decided_on"
        key = "NULL" if "TEXT PRIMARY KEY, full_name" in statements else "1"
        other.ask(f"INSERT INTO job_applicants ({names}) VALUES ({key}, 'x', 'x', '2020-01-01', 'rejected', '2020-01-01')")
    refused(other, words)


@pytest.mark.slow
@pytest.mark.parametrize(("statements", "words"), MARIADB.values(), ids=MARIADB)
def test_on_mariadb(lender: Lender, tmp_path: Path, maria: MariaServer, statements: str, words: str) -> None:
    other = maria_copy(lender, tmp_path, maria)
    database = other.value("SELECT database()")
    for statement in statements.split(";"):
        other.ask(statement.format(database=database))
    refused(other, words)


@contextmanager
def setting(maria: MariaServer, name: str, value: str, usual: str) -> Iterator[None]:
    maria.ask(f"SET GLOBAL {name} = {value}")
    try:
        yield
    finally:
        maria.ask(f"SET GLOBAL {name} = {usual}")


@pytest.mark.slow
@pytest.mark.parametrize(("name", "value", "usual", "words"), SETTINGS.values(), ids=SETTINGS)
def test_a_server_as_it_must_not_be(
    lender: Lender, tmp_path: Path, maria: MariaServer, name: str, value: str, usual: str, words: str
) -> None:
    other = maria_copy(lender, tmp_path, maria)
    with setting(maria, name, value, usual):
        refused(other, words)
    other.plan()


def test_everything_that_does_not_fit_is_told_at_once(lender: Lender, tmp_path: Path) -> None:
    other = sqlite_copy(lender, tmp_path)
    for name in ("clients", "tax_documents"):
        for row in other.ask(f"SELECT sql FROM sqlite_master WHERE name = '{name}'"):
            made = (
                row[0].replace("payer_name TEXT", "payer_name TEXT COLLATE NOCASE").replace("birth_date DATE", "birth_date DATE NOT NULL")
            )
            _rewrite(other, name, made)
    with pytest.raises(DatabaseUnfit) as caught:
        other.plan()
    assert [misfit.path for misfit in caught.value.misfits] == [
        "bindings.collections.clients.on_due.birth_date",
        "dataset.collections.tax_documents",
    ]


def _rewrite(other: PortableLender, name: str, made: str) -> None:
    """Give a table another definition, as `PRAGMA writable_schema` allows whoever may write the file."""
    connection = sqlite3.connect(other.admin.removeprefix("sqlite:///"))
    connection.execute("PRAGMA writable_schema = ON")
    connection.execute("UPDATE sqlite_master SET sql = ? WHERE name = ?", (made, name))
    connection.commit()
    connection.close()


def test_what_only_postgresql_carries_out(lender: Lender, tmp_path: Path) -> None:
    field = "          - {name: statement, data_categories: [user.dispute], fides_meta: {data_type: string}}\n"
    nested = "          - {name: statement, fields: [{name: who, data_categories: [user.dispute], fides_meta: {data_type: string}}]}\n"
    lender.dataset = governed(dataset=changed(DATASET, field, nested))
    refused(sqlite_copy(lender, tmp_path), "expected whole columns, for documents are looked into on PostgreSQL only, found a path into")


def test_the_scan_refuses_what_planning_refuses(lender: Lender, tmp_path: Path) -> None:
    other = sqlite_copy(lender, tmp_path)
    other.ask("UPDATE video_footage SET recorded_at = '1.1.2020'")
    with pytest.raises(DatabaseUnfit, match="instants in UTC as text"):
        other.database().scan(AS_OF)


def test_a_lock_file_that_cannot_be_opened(lender: Lender, tmp_path: Path) -> None:
    other = sqlite_copy(lender, tmp_path)
    Path(f"{other.admin.removeprefix('sqlite:///')}.lethe-lock").mkdir()
    with pytest.raises(DatabaseLoginRefused, match="the lock file beside it cannot be opened"):
        other.plan()
    assert other.current_plan() == []


def _nothing(other: PortableLender, path: Path) -> None:
    path.unlink()


def _another_file(other: PortableLender, path: Path) -> None:
    path.write_bytes(b"no database" * 1_000)


@pytest.mark.parametrize(
    ("spoil", "error", "words"),
    [(_nothing, DatabaseUnavailable, "there is no such file"), (_another_file, DatabaseUnavailable, "the file is no SQLite database")],
)
def test_a_file_that_is_none(
    lender: Lender, tmp_path: Path, spoil: Callable[[PortableLender, Path], None], error: type[Exception], words: str
) -> None:
    other = sqlite_copy(lender, tmp_path)
    path = Path(other.admin.removeprefix("sqlite:///"))
    spoil(other, path)
    with pytest.raises(error, match=words):
        other.database().scan(AS_OF)
    if spoil is _nothing:
        assert not path.exists()


@pytest.mark.slow
def test_users_and_their_rights_on_mariadb(lender: Lender, tmp_path: Path, maria: MariaServer) -> None:
    other = maria_copy(lender, tmp_path, maria)
    other.enforce(other.approved_plan())
    for url in (other.engine, other.sealer):
        role = PortableLender(lender, url, url, url, other.dataset, tmp_path)
        for statement in (
            "DROP TABLE lethe_outbox",
            "TRUNCATE lethe_ledger",
            "UPDATE lethe_outbox SET event = ''",
            "DELETE FROM lethe_ledger",
        ):
            with pytest.raises(Exception, match=r"command denied|append-only"):
                role.ask(statement)
    sealer: Any = PortableLender(lender, other.sealer, other.sealer, other.sealer, other.dataset, tmp_path)
    with pytest.raises(Exception, match="SELECT command denied"):
        sealer.ask("SELECT * FROM clients")
    maria.ask("DROP USER lethe_sealer@localhost")
    try:
        with pytest.raises(ConfigurationError, match="create the login users first: lethe_sealer"):
            other.install()
        with pytest.raises(DatabaseLoginRefused):
            PortableOutbox(other.sealer).last_sealed()
    finally:
        maria.ask("CREATE USER lethe_sealer@localhost")
