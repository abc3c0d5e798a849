"""Validation as a part of the run: no value gets out, who is refused, outbox and ledger against the plan, and the use case."""

# ruff: noqa: F811 - fixtures are imported by name and then asked for by name
from __future__ import annotations

import json
import logging
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from validation_support import AS_OF, LIVE_CLIENT, SUITES, clean, connect, database, dataset, evaluator, failing, run, sample  # noqa: F401

from embedded.postgres import EmbeddedPostgres
from governance.adapters.great_expectations.runner import _quiet, run_suites
from governance.audit.bodies_enforcement import ChunkEnforced, ValidationCompleted
from governance.audit.bodies_plan import PlannedStep
from governance.audit.events import Event, new_event, to_canonical
from governance.audit.validation import PlanCounts, ValidationResult
from governance.catalogue.findings import Finding, FindingKind
from governance.catalogue.governed import GovernedDataset
from governance.errors import ConfigurationError, DatabaseLoginRefused, DatabaseUnavailable, DocumentError, ValidationFailed
from governance.run.validate import validate

CANARY = "КАНАРЧЕ7b1f"

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


def test_great_expectations_own_log_lines_reach_no_handler(caplog: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str]) -> None:
    caplog.set_level(logging.DEBUG)
    stubborn = logging.getLogger("great_expectations.data_context.types.base")  # sets a level of its own when imported
    with _quiet():
        stubborn.setLevel(logging.DEBUG)
        stubborn.error(CANARY)
        logging.getLogger("great_expectations.validator").error(CANARY)
    assert CANARY not in caplog.text + "".join(capfd.readouterr())
    stubborn.warning("heard again")
    assert "heard again" in caplog.text


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


@pytest.mark.slow
@pytest.mark.parametrize(
    ("chunks", "missing_references", "mismatches"),
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
    missing_references: int,
    mismatches: int,
    postgres: EmbeddedPostgres,
    database: str,
    run: Callable[..., ValidationResult],
) -> None:
    with connect(postgres, database) as connection:
        for event in chunks:
            assert isinstance(event.body, ChunkEnforced)
            connection.execute("INSERT INTO lethe.outbox (event_id, event) VALUES (%s, %s)", [event.event_id, to_canonical(event).decode()])
            references = [f"ref1.{number:032x}" for number in range(event.body.changed - missing_references)]
            if references:
                values = [event.event_id, event.body.collection, event.body.action, references]
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


def test_grave_findings_fail_a_validation_whose_suites_all_hold(
    clean: str, dataset: GovernedDataset, run: Callable[..., ValidationResult]
) -> None:
    kept: list[ValidationResult] = []
    events: list[Event] = []

    def go(*grave: Finding) -> ValidationResult:
        return validate(
            dataset,
            as_of=AS_OF,
            now=AS_OF,
            run_id="nightly-1",
            plan=None,
            validator=lambda _, __, plan: run(clean, plan),
            record=lambda _, result: kept.append(result),
            emit=events.append,
            grave=grave,
        )

    assert go().success
    with pytest.raises(ValidationFailed, match=r"2 of 68 expectations fail") as caught:
        go(
            Finding(FindingKind.UNDECLARED_COLUMN, "offices", "note", 0),
            Finding(FindingKind.UNDECLARED_COLUMN, "offices", "owner", 0),
            Finding(FindingKind.FORBIDDEN_CATEGORY, "clients", "faith", 12),
        )
    assert "credithelp.catalogue[0] expect_no_forbidden_category on clients: 1 found" in str(caught.value)
    assert "credithelp.catalogue[1] expect_no_undeclared_column on offices: 2 found" in str(caught.value)
    (body,) = [event.body for event in events[1:]]
    assert isinstance(body, ValidationCompleted)
    assert not body.success
    assert body.unsuccessful == (
        "credithelp.catalogue[0] expect_no_forbidden_category",
        "credithelp.catalogue[1] expect_no_undeclared_column",
    )
    assert body.results_digest == kept[1].digest != kept[0].digest


# -- holds and forms, all the way through Great Expectations ---------------------------------------------------------------------------


def test_a_placed_hold_is_respected_until_it_is_released(
    postgres: EmbeddedPostgres, database: str, run: Callable[..., ValidationResult]
) -> None:
    with connect(postgres, database) as connection:
        found = connection.execute("SELECT min(client_id) FROM clients WHERE egn ~ '^psn' AND phone ~ '^psn'").fetchone()
        assert found is not None
        connection.execute("UPDATE clients SET phone = 'x', email = 'x' WHERE client_id = %s", found)
        values = [str(found[0]), AS_OF]
        connection.execute("INSERT INTO lethe.holds VALUES (gen_random_uuid(), 'clients', %s, 'restriction', 'x', NULL, %s, NULL)", values)
    assert failing(run(database)) == {}
    with connect(postgres, database) as connection:
        connection.execute("UPDATE lethe.holds SET released_at = now()")
    assert failing(run(database)) == {"clients[4] no_overdue_identity": 1}


def test_generalised_forms_pass_through_great_expectations(
    tmp_path: Path, postgres: EmbeddedPostgres, database: str, run: Callable[..., ValidationResult]
) -> None:
    """Their patterns hold braces and colons, which Great Expectations and SQLAlchemy would read as theirs."""
    for path in SUITES.glob("*.json"):
        (tmp_path / path.name).write_text(path.read_text().replace('"birth_date": "empty"', '"birth_date": "year"'))
    applications = (tmp_path / "applications.json").read_text()
    assert '"ip_address": "empty"' in applications
    (tmp_path / "applications.json").write_text(applications.replace('"ip_address": "empty"', '"ip_address": "network"'))
    with connect(postgres, database) as connection:
        connection.execute(
            """UPDATE clients SET birth_date = '1980-01-01' WHERE birth_date IS NULL;
               UPDATE applications SET ip_address = '192.0.2.0' WHERE ip_address IS NULL"""
        )
    assert failing(run(database, folder=tmp_path)) == {}
    with connect(postgres, database) as connection:
        connection.execute("UPDATE clients SET birth_date = '1980-01-02'; UPDATE applications SET ip_address = '192.0.2.1'")
    found = failing(run(database, folder=tmp_path))
    assert found.keys() == {"clients[5] no_overdue_identity", "applications[3] no_overdue_identity"}
