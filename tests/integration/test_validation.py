"""The declared suites on a real PostgreSQL with the sample lender: what passes, what fails, and by how much."""

# ruff: noqa: F811 - fixtures are imported by name and then asked for by name
from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Mapping
from datetime import UTC, datetime

import pytest
from validation_support import LIVE_CLIENT, SUITES, clean, connect, database, dataset, evaluator, failing, run, sample  # noqa: F401

from embedded.postgres import EmbeddedPostgres
from governance.adapters.great_expectations.runner import run_suites
from governance.audit.validation import ValidationResult
from governance.catalogue.governed import GovernedDataset
from governance.planning.evaluate import Evaluator, depersonalised

TOKEN = "psn1." + "a" * 32
OLD_CONTRACT = """(SELECT min(contract_id) FROM contracts JOIN clients USING (client_id)
                    WHERE egn ~ '^psn' AND contract_number ~ '^psn' AND status = 'repaid' AND terminated_on < '2019-01-01')"""
GONE_CLIENT = "(SELECT min(client_id) FROM clients WHERE egn ~ '^psn' AND phone ~ '^psn')"
HELD_CLIENT = "(SELECT min(client_id) FROM disputes WHERE closed_on IS NULL)"


# -- agreement with the reference evaluator, which shares nothing with the suites ---------------------------------------------------


def test_the_suites_find_exactly_what_the_evaluator_finds(run: Callable[..., ValidationResult], sample: str, evaluator: Evaluator) -> None:
    counted: Counter[tuple[str, str]] = Counter()
    for name, collection in evaluator.dataset.collections.items():
        for key, row in evaluator.rows[name].items():
            verdict = evaluator.row(name, key)
            pointed_to = any(evaluator._reaching(child.name, ref.step).get(key) for child, ref in evaluator.dataset.children[name])
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
            FROM (VALUES ('used', DATE '2025-02-28'), ('used', '2025-03-01'), ('pending', '2020-01-01'), ('used', NULL)
              ) AS given(status, day)""",
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


@pytest.mark.slow
@pytest.mark.parametrize("name", VIOLATIONS)
def test_a_violation_fails_its_expectation_with_its_count_and_no_other(
    name: str, postgres: EmbeddedPostgres, database: str, run: Callable[..., ValidationResult]
) -> None:
    statements, expected = VIOLATIONS[name]
    with connect(postgres, database) as connection:
        connection.execute(statements)
    assert failing(run(database)) == expected
