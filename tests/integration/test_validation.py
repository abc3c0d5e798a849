"""The declared suites on a real PostgreSQL with the sample lender: what passes, what fails and by how much, and that no value gets out.

`sample` holds the generated rows as they are; the reference evaluator's verdicts on them are what the suites must find without sharing a
line with it. `clean` is the same database after those verdicts were carried out by plain SQL. Each test works on a copy.
"""

from __future__ import annotations

import itertools
import json
import logging
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import psycopg
import pytest
import sqlalchemy as sa
from psycopg import sql
from psycopg.rows import dict_row

from embedded.postgres import EmbeddedPostgres
from governance.adapters.great_expectations.runner import run_suites
from governance.adapters.install import LOGIN_ROLES, install_loan_schema
from governance.audit.events import ChunkEnforced, Event, PlannedStep, ValidationCompleted, new_event, to_canonical
from governance.audit.validation import PlanCounts, ValidationResult
from governance.catalogue.governed import GovernedDataset
from governance.catalogue.resolve import govern
from governance.errors import ConfigurationError, DatabaseLoginRefused, DatabaseUnavailable, DocumentError, ValidationFailed
from governance.planning.evaluate import Evaluator, Fate, depersonalised
from governance.pseudonym.tokens import tokeniser
from governance.run.validate import validate
from governance.samples.credithelp.generate import load

CHECKOUT = Path(__file__).resolve().parents[2]
SUITES = CHECKOUT / "expectations" / "credithelp"
AS_OF = datetime(2026, 3, 1, 1, tzinfo=UTC)  # three in the morning of 1 March in Sofia
TOKEN = "psn1." + "a" * 32
CANARY = "КАНАРЧЕ7b1f"
_numbers = itertools.count(1)


@pytest.fixture(scope="module")
def dataset() -> GovernedDataset:
    data, pack = CHECKOUT / "governance/catalogue/datasets/credithelp.yaml", CHECKOUT / "governance/policy/packs/credithelp.yaml"
    return govern(data.read_text(), data.name, pack.read_text(), pack.name)


def connect(postgres: EmbeddedPostgres, database: str, **how: Any) -> psycopg.Connection[Any]:
    return psycopg.connect(sa.make_url(postgres.url(database)).set(drivername="postgresql").render_as_string(hide_password=False), **how)


def rows_of(connection: psycopg.Connection[Any], dataset: GovernedDataset) -> dict[str, dict[Any, Any]]:
    found = {}
    for name, collection in dataset.collections.items():
        with connection.cursor(row_factory=dict_row) as cursor:
            rows = cursor.execute(sql.SQL("SELECT * FROM {}").format(sql.Identifier(name))).fetchall()
        found[name] = {row[collection.key]: row for row in rows}
    return found


@pytest.fixture(scope="module")
def sample(postgres: EmbeddedPostgres, dataset: GovernedDataset) -> Iterator[str]:
    for role in LOGIN_ROLES:
        postgres.create_role(role)
    postgres.create_database("validation_sample")
    load(postgres.url("validation_sample"), clients=260, seed=3, as_of=AS_OF.date())
    install_loan_schema(postgres.url("validation_sample"), dataset)
    yield "validation_sample"
    postgres.drop_database("validation_sample")


@pytest.fixture(scope="module")
def evaluator(postgres: EmbeddedPostgres, dataset: GovernedDataset, sample: str) -> Evaluator:
    with connect(postgres, sample) as connection:
        return Evaluator(dataset, rows_of(connection, dataset), AS_OF)


@pytest.fixture(scope="module")
def clean(postgres: EmbeddedPostgres, dataset: GovernedDataset, sample: str, evaluator: Evaluator) -> Iterator[str]:
    copy(postgres, sample, "validation_clean")
    tokenise = tokeniser(bytes(32), 1, "credithelp", "lending", "any")
    with connect(postgres, "validation_clean") as connection:
        for name, collection in dataset.collections.items():  # children first
            for key in evaluator.rows[name]:
                verdict = evaluator.row(name, key)
                table, by = sql.Identifier(name), sql.Identifier(collection.key)
                if verdict.fate is Fate.DELETE:
                    connection.execute(sql.SQL("DELETE FROM {} WHERE {} = %s").format(table, by), [key])
                for field in verdict.fields:
                    token = tokenise(f"{field} {key}") if collection.on_due[field].value == "pseudonymise" else None
                    statement = sql.SQL("UPDATE {} SET {} = %s WHERE {} = %s").format(table, sql.Identifier(field), by)
                    connection.execute(statement, [token, key])
    yield "validation_clean"
    postgres.drop_database("validation_clean")


def copy(postgres: EmbeddedPostgres, template: str, name: str) -> None:
    postgres.drop_database(name)
    with connect(postgres, "postgres", autocommit=True) as connection:
        connection.execute(sql.SQL("CREATE DATABASE {} TEMPLATE {}").format(sql.Identifier(name), sql.Identifier(template)))


@pytest.fixture
def database(postgres: EmbeddedPostgres, clean: str) -> Iterator[str]:
    name = f"validation_{next(_numbers)}"
    copy(postgres, clean, name)
    yield name
    postgres.drop_database(name)


@pytest.fixture
def run(postgres: EmbeddedPostgres, dataset: GovernedDataset) -> Callable[..., ValidationResult]:
    def run_on(database: str, plan: PlanCounts | None = None, folder: Path = SUITES, **how: Any) -> ValidationResult:
        return run_suites(postgres.url(database, "lethe_validator"), folder, dataset, AS_OF, plan, **how)

    return run_on


def failing(result: ValidationResult) -> dict[str, int | str | None]:
    """`suite.expectation` (numbered by position where a suite has several) -> rows found, or the name of the exception."""
    return {
        f"{item.suite}[{item.position}] {item.expectation.removeprefix('expect_')}": item.exception_type or item.unexpected
        for item in result.failures
    }


# -- agreement with the reference evaluator, which shares nothing with the suites ---------------------------------------------------


def test_the_suites_find_exactly_what_the_evaluator_finds(run: Callable[..., ValidationResult], sample: str, evaluator: Evaluator) -> None:
    counted: Counter[tuple[str, str]] = Counter()
    for name, collection in evaluator.dataset.collections.items():
        for key, row in evaluator.rows[name].items():
            verdict = evaluator.row(name, key)
            pointed_to = any(evaluator._pointing_here(child.name, ref.field).get(key) for child, ref in evaluator.dataset.children[name])
            if collection.governed and all(group.due for group in verdict.groups) and not pointed_to:
                counted[name, "gone"] += 1
            for group in verdict.groups:
                clear = sorted(field for field in group.group.fields if field in collection.on_due)
                if group.due and any(not depersonalised(collection.on_due[field], row[field]) for field in clear):
                    counted[name, clear[0]] += 1
    document = {path.stem: json.loads(path.read_text()) for path in SUITES.glob("*.json")}
    found: Counter[tuple[str, str]] = Counter()
    for item in run(sample).outcomes:
        kwargs = document[item.suite]["expectations"][item.position]["kwargs"]
        if item.expectation == "expect_no_overdue_identity":
            found[item.table, min(kwargs["columns"])] = item.unexpected or 0
        elif item.expectation == "expect_overdue_rows_gone":
            found[item.table, "gone"] = item.unexpected or 0
        else:
            assert item.success, str(item)
    assert +found == +counted
    assert len(+found) > 18  # the sample has something due nearly everywhere, or this proves little


def test_a_compliant_database_passes_and_says_so_the_same_way_twice(run: Callable[..., ValidationResult], clean: str) -> None:
    first, second = run(clean), run(clean)
    assert failing(first) == {}
    assert first.success
    assert first.evaluated == sum(len(json.loads(path.read_text())["expectations"]) for path in SUITES.glob("*.json"))
    assert (first, first.digest) == (second, second.digest)


def test_the_next_morning_what_became_due_overnight_is_found(
    postgres: EmbeddedPostgres, dataset: GovernedDataset, clean: str, run: Callable[..., ValidationResult]
) -> None:
    # 2026-03-01T22:30Z is already 2 March in Sofia; half an hour earlier than midnight there it still is 1 March.
    url = postgres.url(clean, "lethe_validator")
    assert run_suites(url, SUITES, dataset, datetime(2026, 3, 1, 21, 30, tzinfo=UTC)).success
    tomorrow = failing(run_suites(url, SUITES, dataset, datetime(2026, 3, 1, 22, 30, tzinfo=UTC)))
    assert {"access_log[3] overdue_rows_gone", "marketing_consents[2] overdue_rows_gone"} <= tomorrow.keys()


# -- one violation each --------------------------------------------------------------------------------------------------------------

OLD_CONTRACT = """(SELECT min(contract_id) FROM contracts JOIN clients USING (client_id)
                    WHERE egn ~ '^psn' AND contract_number ~ '^psn' AND status = 'repaid' AND terminated_on < '2019-01-01')"""
GONE_CLIENT = "(SELECT min(client_id) FROM clients WHERE egn ~ '^psn' AND phone ~ '^psn')"
LIVE_CLIENT = "(SELECT min(client_id) FROM contracts WHERE status = 'active')"
HELD_CLIENT = "(SELECT min(client_id) FROM disputes WHERE closed_on IS NULL)"

# name -> (SQL behind the engine's back, what must fail and with which count). Where two rows are put in, one is still lawful today.
VIOLATIONS: dict[str, tuple[str, Mapping[str, int | str]]] = {
    "access log 60 days": (
        """INSERT INTO access_log VALUES (900001, 1, '2025-12-30 23:59:59 Europe/Sofia', 'x'),
                                         (900002, 1, '2025-12-31 00:00:00 Europe/Sofia', 'x')""",
        {"access_log[3] overdue_rows_gone": 1},
    ),
    "access log, incident closed": (
        """INSERT INTO incidents VALUES (9001, 1, 'theft', '2025-12-01', NULL), (9002, 1, 'theft', '2025-12-01', '2025-12-02');
           INSERT INTO access_log VALUES (900001, 1, '2025-12-01', 'x', NULL, 9001), (900002, 1, '2025-12-01', 'x', NULL, 9002)""",
        {"access_log[3] overdue_rows_gone": 1},
    ),
    "video 60 days": (
        """INSERT INTO video_footage VALUES (900001, 1, 'c', '2025-12-30 12:00+02', 'x'), (900002, 1, 'c', '2025-12-31 12:00+02', 'x')""",
        {"video_footage[3] overdue_rows_gone": 1},
    ),
    "calls 60 days, of nobody and of a person in dispute": (
        f"""INSERT INTO call_recordings VALUES (900001, NULL, 'x', '2025-12-01', 1, 'x'),
                                               (900002, {HELD_CLIENT}, 'x', '2025-12-01', 1, 'x')""",
        {"call_recordings[3] overdue_rows_gone": 1},
    ),
    "job applicants at once": (
        """INSERT INTO job_applicants VALUES (900001, 'x', NULL, NULL, 'x', NULL, '2026-01-01', 'rejected', '2026-02-28'),
             (900002, 'x', NULL, NULL, 'x', NULL, '2026-01-01', 'rejected', '2026-03-01'),
             (900003, 'x', NULL, NULL, 'x', NULL, '2019-01-01', 'open', '2020-01-01'),
             (900004, 'x', NULL, NULL, 'x', NULL, '2019-01-01', 'rejected', NULL),
             (900005, 'x', NULL, NULL, 'x', NULL, '2019-01-01', 'rejected', '1900-01-01'),
             (900006, 'x', NULL, NULL, 'x', NULL, '2019-01-01', 'rejected', 'infinity')""",
        {"job_applicants[1] overdue_rows_gone": 1},
    ),
    "audit files ten years": (
        "INSERT INTO audit_files VALUES (900001, 2015, 'x'), (900002, 2016, 'x'), (900003, 0, 'x'), (900004, 2147483647, 'x')",
        {"audit_files[1] overdue_rows_gone": 1},
    ),
    "institute's reports twelve months": (
        f"""INSERT INTO nssi_reports SELECT gen_random_uuid(), (SELECT min(application_id) FROM contracts WHERE client_id = {LIVE_CLIENT}),
              '2025-01-01', given.status, day, 'x'
            FROM (VALUES ('used', DATE '2025-02-28'), ('used', '2025-03-01'), ('pending', '2020-01-01'), ('used', NULL)) AS given(status, day)""",
        {"nssi_reports[2] overdue_rows_gone": 1},
    ),
    "consent withdrawn yesterday": (
        f"""INSERT INTO marketing_consents VALUES
             (900001, {LIVE_CLIENT}, 'p', 'sms', 'x', '2024-01-01', '2026-02-28 23:59:59 Europe/Sofia'),
             (900002, {LIVE_CLIENT}, 'p', 'sms', 'x', '2024-01-01', '2026-03-01 00:00:00 Europe/Sofia'),
             (900003, {LIVE_CLIENT}, 'p', 'sms', 'x', '2024-01-01', NULL)""",
        {"marketing_consents[2] overdue_rows_gone": 1},
    ),
    "dispute beyond claims": (
        f"""INSERT INTO disputes VALUES (900001, {LIVE_CLIENT}, NULL, '2010-01-01', '2015-01-01', '2021-02-28'),
                                        (900002, {LIVE_CLIENT}, NULL, '2010-01-01', '2015-01-01', '2021-03-01')""",
        {"disputes[3] overdue_rows_gone": 1},
    ),
    "authority's request beyond five years": (
        f"""INSERT INTO authority_requests VALUES (900001, {LIVE_CLIENT}, 'x', '2021-01-01', '2021-02-28', '2021-03-01'),
                                                  (900002, {LIVE_CLIENT}, 'x', '2021-01-01', '2021-03-01', '2021-03-01')""",
        {"authority_requests[2] overdue_rows_gone": 1},
    ),
    "laundering file of an ended relation": (
        f"""INSERT INTO aml_files VALUES (900001, {LIVE_CLIENT}, '2015-01-01', 'ended', '2020-12-31', NULL, NULL, 'low'),
              (900002, {LIVE_CLIENT}, '2015-01-01', 'ended', '2021-01-01', NULL, NULL, 'low'),
              (900003, {LIVE_CLIENT}, '2015-01-01', 'open', '2015-12-31', NULL, NULL, 'low')""",
        {"aml_files[2] overdue_rows_gone": 1},
    ),
    "tax document": (
        """INSERT INTO tax_documents VALUES (900001, NULL, 'x', '2015-01-01', '2021-02-28', NULL, NULL, 1),
                                            (900002, NULL, 'x', '2015-01-01', '2021-03-01', NULL, NULL, 1)""",
        {"tax_documents[2] overdue_rows_gone": 1},
    ),
    "transaction of an old loan": (
        f"INSERT INTO transactions VALUES (900001, {OLD_CONTRACT}, '2018-01-01', 'fee', 1)",
        {"transactions[2] overdue_rows_gone": 1},
    ),
    "a late operation on an old loan keeps itself and the name": (
        f"""INSERT INTO transactions VALUES (900002, {OLD_CONTRACT}, '2021-01-01 00:00 Europe/Sofia', 'fee', 1);
            UPDATE clients SET first_name = 'x', last_name = 'x', egn = 'x9' WHERE client_id = (
              SELECT client_id FROM contracts WHERE contract_id = {OLD_CONTRACT})""",
        {},
    ),
    "the name without any operation to keep it": (
        f"""UPDATE clients SET first_name = 'x', last_name = 'x', egn = 'x9' WHERE client_id = (
              SELECT client_id FROM contracts WHERE contract_id = {OLD_CONTRACT})""",
        {"clients[3] no_overdue_identity": 1},
    ),
    "posting beyond ten years": (
        """INSERT INTO accounting_entries VALUES (900001, NULL, '2015-12-31', '1', '1', 1, NULL),
                                                (900002, NULL, '2016-01-01', '1', '1', 1, 'x')""",
        {"accounting_entries[4] overdue_rows_gone": 1},
    ),
    "payer's name put back": (
        f"""UPDATE accounting_entries SET payer_name = 'x' WHERE entry_id = (
              SELECT min(entry_id) FROM accounting_entries WHERE contract_id = {OLD_CONTRACT} AND payer_name IS NOT NULL)""",
        {"accounting_entries[3] no_overdue_identity": 1},
    ),
    "contract number put back": (
        f"UPDATE contracts SET contract_number = 'x', iban = NULL WHERE contract_id = {OLD_CONTRACT}",
        {"contracts[4] no_overdue_identity": 1},
    ),
    "address of an old application put back": (
        f"""UPDATE applications SET ip_address = 'x' WHERE application_id = (
              SELECT application_id FROM contracts WHERE contract_id = {OLD_CONTRACT})""",
        {"applications[3] no_overdue_identity": 1},
    ),
    "telephone and mail put back": (
        f"UPDATE clients SET phone = 'x', email = 'x' WHERE client_id = {GONE_CLIENT}",
        {"clients[4] no_overdue_identity": 1},
    ),
    "birth date put back": (
        f"UPDATE clients SET birth_date = '1990-01-01' WHERE client_id = {GONE_CLIENT}",
        {"clients[5] no_overdue_identity": 1},
    ),
    "an old inquiry put back whole": (
        """INSERT INTO clients (client_id, egn, first_name, last_name, phone, birth_date, inquiry_closed_on, created_at)
             VALUES (900001, 'x1', 'x', 'x', 'x', '1990-01-01', '2026-02-28', now()),
                    (900002, 'x2', 'x', 'x', 'x', '1990-01-01', '2026-03-01', now()), (900003, 'x3', 'x', 'x', 'x', NULL, NULL, now())""",
        {f"clients[{n}] no_overdue_identity": 1 for n in (3, 4, 5)} | {"clients[6] overdue_rows_gone": 1},
    ),
    "a token on a live client": (
        f"UPDATE clients SET phone = '{TOKEN}' WHERE client_id = {LIVE_CLIENT}",
        {"clients[2] token_form": 1},
    ),
    "a cut token": (
        f"UPDATE clients SET email = '{TOKEN[:-1]}' WHERE client_id = {LIVE_CLIENT}",
        {"clients[2] token_form": 1},
    ),
    "orphans": (
        """ALTER TABLE marketing_consents DROP CONSTRAINT marketing_consents_client_id_fkey;
           INSERT INTO marketing_consents VALUES (900001, 999999, 'p', 'sms', 'x', '2026-01-01'),
                                                 (900002, 999999, 'p', 'sms', 'x', '2026-01-01')""",
        {"marketing_consents[1] references_intact": 2},
    ),
    "undeclared column": ("ALTER TABLE offices ADD COLUMN owner_egn text", {"dataset[2] columns_declared": 1}),
    "renamed column": ("ALTER TABLE call_recordings RENAME phone TO caller", {"call_recordings[0] columns_declared": 2}),
    "renamed column that a duty reads": (
        "ALTER TABLE job_applicants RENAME decided_on TO decided",
        {"job_applicants[0] columns_declared": 2, "job_applicants[1] overdue_rows_gone": "UndefinedColumn"},
    ),
    "undeclared table": ("CREATE TABLE clients_old AS SELECT * FROM clients", {"dataset[0] tables_declared": 1}),
    "missing table": (
        "DROP TABLE audit_files",
        {"dataset[0] tables_declared": 1, "audit_files[0] columns_declared": 5, "audit_files[1] overdue_rows_gone": "UndefinedTable"},
    ),
    "nothing left at all": (
        "TRUNCATE clients, applications, contracts, transactions, accounting_entries CASCADE",
        {"dataset[1] not_all_empty": 1},
    ),
    "rows hidden from the validator": (
        "ALTER TABLE audit_files ENABLE ROW LEVEL SECURITY",
        {"audit_files[1] overdue_rows_gone": "InsufficientPrivilege"},
    ),
}


@pytest.mark.parametrize("name", VIOLATIONS)
def test_a_violation_fails_its_expectation_with_its_count_and_no_other(
    name: str, postgres: EmbeddedPostgres, database: str, run: Callable[..., ValidationResult]
) -> None:
    statements, expected = VIOLATIONS[name]
    with connect(postgres, database) as connection:
        connection.execute(statements)
    assert failing(run(database)) == expected


# -- nothing of a value gets out -----------------------------------------------------------------------------------------------------


def test_values_never_reach_results_logs_or_console(
    postgres: EmbeddedPostgres,
    database: str,
    run: Callable[..., ValidationResult],
    caplog: pytest.LogCaptureFixture,
    capfd: pytest.CaptureFixture[str],
) -> None:
    """A view whose rows cannot be cast makes the server quote the value in its error; text in odd places makes other queries fail."""
    with connect(postgres, database) as connection:
        connection.execute(
            f"""ALTER TABLE audit_files RENAME TO audit_files_real; ALTER TABLE audit_files_real RENAME reporting_year TO year;
                UPDATE audit_files_real SET body = '{CANARY}';
                CREATE VIEW audit_files AS SELECT *, CAST(body AS integer) AS reporting_year FROM audit_files_real;
                GRANT SELECT ON audit_files TO lethe_validator;
                UPDATE clients SET phone = '{CANARY}', first_name = 'psn1.{CANARY}' WHERE client_id = {LIVE_CLIENT};
                ALTER TABLE job_applicants ALTER decided_on TYPE text USING '{CANARY}';
                INSERT INTO job_applicants
                VALUES (900001, '{CANARY}', '{CANARY}', NULL, '{CANARY}', NULL, '2020-01-01', 'rejected', '{CANARY}')"""
        )
    caplog.set_level(logging.DEBUG)
    result = run(database)
    found = failing(result)
    assert found["audit_files[1] overdue_rows_gone"] == "InvalidTextRepresentation"
    assert found["job_applicants[1] overdue_rows_gone"] == "UndefinedFunction"
    assert found["clients[1] token_form"] == 1
    console = capfd.readouterr()
    for text in (json.dumps(result.to_document(), ensure_ascii=False), str(result.failures), caplog.text, console.out, console.err):
        assert CANARY not in text
    allowed = {"suite", "position", "expectation", "table", "success", "unexpected", "raised", "exception_type"}
    assert all(item.keys() == allowed for item in result.to_document()["outcomes"])


def test_a_query_that_takes_too_long_fails_and_is_named(
    postgres: EmbeddedPostgres, database: str, run: Callable[..., ValidationResult]
) -> None:
    with connect(postgres, database) as connection:
        connection.execute(
            """ALTER TABLE audit_files RENAME TO slow; CREATE VIEW audit_files AS SELECT slow.* FROM slow, pg_sleep(60);
               GRANT SELECT ON audit_files TO lethe_validator"""
        )
    assert failing(run(database, statement_timeout_s=1))["audit_files[1] overdue_rows_gone"] == "QueryCanceled"


# -- what is refused -----------------------------------------------------------------------------------------------------------------


def test_a_role_that_may_write_is_refused(postgres: EmbeddedPostgres, clean: str, dataset: GovernedDataset) -> None:
    for role in ("postgres", "lethe_engine"):
        with pytest.raises(ConfigurationError, match="a role that can only read"):
            run_suites(postgres.url(clean, role), SUITES, dataset, AS_OF)


def test_a_database_that_is_down_or_refuses_us_is_said_plainly(
    postgres: EmbeddedPostgres, dataset: GovernedDataset, tmp_path: Path
) -> None:
    address = sa.make_url(postgres.url("validation_clean", "lethe_validator"))
    with pytest.raises(DatabaseUnavailable):
        run_suites(address.set(port=1).render_as_string(), SUITES, dataset, AS_OF)
    empty = tmp_path / "pgpass"
    empty.touch(mode=0o600)
    with pytest.raises(DatabaseLoginRefused):
        run_suites(address.update_query_dict({"passfile": str(empty)}).render_as_string(), SUITES, dataset, AS_OF)


@pytest.mark.parametrize(
    ("change", "place"),
    [
        ({"type": "unexpected_rows_expectation", "kwargs": {"unexpected_rows_query": "SELECT * FROM clients"}}, r"expectations\.0\.type"),
        ({"type": "expect_tables_declared", "kwargs": {"tables": []}}, r"expectations\.0\.kwargs\.tables"),
        ({"type": "expect_tables_declared", "kwargs": {"tables": ['x"; COMMIT; --']}}, r"expectations\.0\.kwargs\.tables"),
        ({"type": "expect_tables_declared", "kwargs": {"tables": ["a"], "query": "x"}}, r"expectations\.0\.kwargs\.query"),
        ({"type": "expect_tables_declared", "kwargs": {"tables": ["a"], "as_of": "1900-01-01"}}, r"kwargs\.as_of.*run time"),
    ],
)
def test_a_suite_can_name_nothing_but_our_expectations_and_typed_words(
    change: dict[str, Any], place: str, tmp_path: Path, clean: str, run: Callable[..., ValidationResult]
) -> None:
    for path in SUITES.glob("*.json"):
        (tmp_path / path.name).write_text(path.read_text())
    document = json.loads((SUITES / "dataset.json").read_text())
    document["expectations"][0] = change
    (tmp_path / "dataset.json").write_text(json.dumps(document))
    with pytest.raises(DocumentError, match=place):
        run(clean, folder=tmp_path)


# -- counts equal the plan -----------------------------------------------------------------------------------------------------------

DIGEST = "ab" * 32
PLAN = PlanCounts(
    DIGEST,
    (PlannedStep(step=1, collection="clients", action="nullify", rows=3), PlannedStep(step=2, collection="x", action="delete", rows=0)),
)


def chunk(number: int, changed: int, skipped: Mapping[str, int] = {}, **other: Any) -> Event:
    values: dict[str, Any] = {
        "plan_digest": DIGEST,
        "step": 1,
        "chunk": number,
        "collection": "clients",
        "action": "nullify",
        "fields": ("phone",),
        "rules": (),
        "planned": changed + sum(skipped.values()),
        "changed": changed,
        "skipped": skipped,
        "refs_digest": DIGEST,
    }
    return new_event(ChunkEnforced(**values | other), at=AS_OF, controller="credithelp", dataset="credithelp", run_id="r")


@pytest.mark.parametrize(
    ("chunks", "missing_ledger_rows", "mismatches"),
    [
        ([chunk(0, 2), chunk(1, 0, {"extended": 1})], 0, 0),
        ([chunk(0, 2)], 0, 1),
        ([], 0, 1),
        ([chunk(0, 3), chunk(0, 3)], 0, 1),
        ([chunk(0, 3)], 1, 1),
        ([chunk(0, 3, planned=4)], 0, 1),
        ([chunk(0, 3), chunk(1, 1, step=3, collection="contracts")], 0, 1),
        ([chunk(0, 3), chunk(0, 2, plan_digest="cd" * 32)], 0, 0),
    ],
    ids=["adds up", "chunk missing", "nothing done", "done twice", "ledger short", "chunk unequal", "nobody's step", "another plan"],
)
def test_outbox_and_ledger_must_account_for_the_plan(
    chunks: list[Event],
    missing_ledger_rows: int,
    mismatches: int,
    postgres: EmbeddedPostgres,
    database: str,
    run: Callable[..., ValidationResult],
) -> None:
    with connect(postgres, database) as connection:
        for event in chunks:
            assert isinstance(event.body, ChunkEnforced)
            connection.execute("INSERT INTO lethe.outbox (event_id, event) VALUES (%s, %s)", [event.event_id, to_canonical(event).decode()])
            for number in range(event.body.changed - missing_ledger_rows):
                values = [event.event_id, event.body.collection, event.body.action, f"ref1.{number:032x}"]
                connection.execute("INSERT INTO lethe.ledger VALUES (%s, %s, %s, %s)", values)
    assert failing(run(database, PLAN)) == ({"dataset[5] plan_counts": mismatches} if mismatches else {})
    assert run(database).success  # without a plan nothing is asked about one


# -- the use case --------------------------------------------------------------------------------------------------------------------


def test_a_record_put_back_fails_the_run_after_its_evidence_was_kept(
    postgres: EmbeddedPostgres, database: str, dataset: GovernedDataset, run: Callable[..., ValidationResult]
) -> None:
    kept: list[tuple[str, ValidationResult]] = []
    events: list[Event] = []

    def go() -> ValidationResult:
        return validate(
            dataset,
            as_of=AS_OF,
            now=AS_OF,
            run_id="nightly-1",
            plan=None,
            validator=lambda _, __, plan: run(database, plan),
            record=lambda run_id, result: kept.append((run_id, result)),
            emit=events.append,
        )

    assert go().success
    with connect(postgres, database) as connection:
        connection.execute(
            f"INSERT INTO job_applicants VALUES (900001, '{CANARY}', '{CANARY}', '1', 'x', NULL, '2020-01-01', 'rejected', '2020-01-02')"
        )
    with pytest.raises(
        ValidationFailed, match=r"1 of 66 expectations fail: job_applicants\[1\] expect_overdue_rows_gone on job_applicants: 1 found"
    ) as caught:
        go()
    assert CANARY not in str(caught.value)
    bodies = [event.body for event in events]
    assert [isinstance(body, ValidationCompleted) and body.success for body in bodies] == [True, False]
    assert bodies[1] == ValidationCompleted(
        plan_digest=None,
        success=False,
        evaluated=66,
        unsuccessful=("job_applicants[1] expect_overdue_rows_gone",),
        results_digest=kept[1][1].digest,
    )
    assert [run_id for run_id, _ in kept] == ["nightly-1", "nightly-1"]
    assert CANARY.encode() not in to_canonical(events[1])
