"""The microfinance organisation from end to end on a real PostgreSQL: loaded, judged, one whole night, validated by its own suites.

What each named case must come to is written down here a third time, by hand: `FATES` knows neither the calculus nor the suites.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from psycopg import sql
from psycopg.rows import dict_row
from simulators.lender import Lender, create_roles, write_keyring

from embedded.postgres import EmbeddedPostgres
from governance.adapters.great_expectations.runner import run_suites
from governance.adapters.install import install_loan_schema
from governance.audit.validation import ValidationResult
from governance.catalogue.findings import FindingKind
from governance.catalogue.governed import GovernedDataset
from governance.catalogue.resolve import govern
from governance.planning.evaluate import Evaluator, Fate
from governance.planning.plan import Plan
from governance.pseudonym.tokens import is_token
from governance.run.check import check_policy
from governance.run.enforce import StepResult
from governance.run.scan import scan
from governance.samples import SAMPLES
from governance.samples.copying import connect
from governance.samples.kredit_seven.cases import CASES
from governance.samples.kredit_seven.generate import generate
from governance.samples.kredit_seven.rows import TABLES
from governance.store.migrate import upgrade

CHECKOUT = Path(__file__).resolve().parents[2]
SUITES = CHECKOUT / "expectations" / "kredit-seven"
CLIENTS, SEED, TODAY = 250, 3, date(2026, 3, 1)
AS_OF = datetime(2026, 3, 1, 1, tzinfo=UTC)  # six in the morning of 1 March in Almaty

ALMATY = ZoneInfo("Asia/Almaty")

Table = dict[Any, dict[str, Any]]
Forms = dict[str, Callable[[Any], bool]]

# -- what the named cases must come to -------------------------------------------------------------------------------------------------

GONE, KEPT = "gone", "kept"


def absent(value: object) -> bool:
    return value is None


def band(value: Any) -> bool:
    return bool(value % 50_000 == 0)


IDENTITY: Forms = {"Iin": is_token, "FamilyName": is_token, "GivenName": is_token, "PatronymicName": absent, "IdentityCardNumber": absent}
REACH: Forms = {"MobilePhone": is_token, "EmailAddress": is_token, "HomePhone": absent, "WorkPhone": absent}
RESIDENCE: Forms = {
    "BirthDate": lambda value: (value.month, value.day) == (1, 1),
    "RegisteredPostcode": lambda value: len(value) == 2,
    **dict.fromkeys(("RegisteredRegion", "RegisteredCity", "RegisteredStreet", "ResidentialAddress"), absent),
}
SOLVENCY: Forms = dict.fromkeys(
    ("EmployerName", "SalaryDay", "MaritalState", "PropertyKinds", "OtherLiabilities", "PreferredLanguage"), absent
)
SALARY: Forms = {"MonthlySalary": band}
SEGMENT: Forms = {"AdvertisingSegment": absent}
COARSE = {"BirthDate", "RegisteredPostcode", "MonthlySalary", "GivenFromIp"}  # may have been coarse by chance

#: Gone, kept as it was, or kept with these columns cleared and no other column changed.
FATES: Mapping[str, str | Forms] = {
    "live-loan-beside-expired": KEPT,
    "expired-loan-of-live-borrower": GONE,
    "fully-expired": GONE,
    "fully-expired-loan": GONE,
    "expired-open-account": RESIDENCE | SOLVENCY | SALARY,
    "current-loan-of-open-account": {"AgreementNumber": is_token, "DisbursementIban": is_token, "DisbursementBank": absent},
    "expired-beside-barred": IDENTITY | REACH | RESIDENCE | SOLVENCY | SALARY,
    "barred-running": KEPT,
    "barred-expired": GONE,
    "barred-lifted": GONE,
    "barred-unlinked": KEPT,
    "expired-open-lawsuit": KEPT,
    "expired-with-bailiff": KEPT,
    "expired-open-inquiry": KEPT,
    "expired-blocked": KEPT,
    "settled-unknown-end": KEPT,
    "settled-placeholder-end": KEPT,
    "overdue-for-years": KEPT,
    "collected-without-breach": KEPT,
    "claim-assigned": KEPT,
    "claim-assigned-expired": GONE,
    "refused-expired": GONE,
    "refused-inside": KEPT,
    "offer-lapsed": GONE,
    "registered-only": IDENTITY | REACH | RESIDENCE | SOLVENCY | SALARY,
    "registered-lately": KEPT,
    "account-closed": GONE,
    "account-closed-unknown": KEPT,
    "salary-to-band": SOLVENCY | SALARY,
    "bureau-contents-early": {"ReportContents": absent},
    "pension-contents-early": {"ContributingEmployer": absent, "AverageContribution": absent},
    "bureau-unknown-purpose-end": KEPT,
    "withdrawn-open-debt": KEPT,
    "withdrawn-obligations-met": IDENTITY | REACH | RESIDENCE | SOLVENCY | SALARY | SEGMENT,
    "withdrawn-in-conflict": REACH | SOLVENCY | SALARY,
    "advertising-withdrawn": SEGMENT,
    "advertising-profile-withdrawn": GONE,
    "advertising-consent-withdrawn": {"ContactUsed": absent, "GivenFromIp": lambda value: value.endswith(".0")},
    "advertising-withdrawn-open-debt": KEPT,
    "advertising-expired": GONE,
    "advertising-inside": KEPT,
    "recording-open-complaint": KEPT,
    "recording-closed-complaint": GONE,
    "visit-expired": GONE,
    "visit-inside": KEPT,
    "parcel-expired": GONE,
    "parcel-under-way": KEPT,
}


def rows_of(url: str, dataset: GovernedDataset) -> dict[str, Table]:
    """Every row of every table by its key."""
    found: dict[str, Table] = {}
    with connect(url) as connection, connection.cursor(row_factory=dict_row) as cursor:
        for name, collection in dataset.collections.items():
            cursor.execute(sql.SQL("SELECT * FROM {}").format(sql.Identifier(name)))
            found[name] = {collection.key_of(row): row for row in cursor.fetchall()}
    return found


def ask(url: str, statement: str, *parameters: object) -> list[tuple[Any, ...]]:
    with connect(url) as connection:
        cursor = connection.execute(statement.encode(), parameters or None)
        return cursor.fetchall() if cursor.description else []


@pytest.fixture(scope="module")
def dataset() -> GovernedDataset:
    data, pack = CHECKOUT / "governance/catalogue/datasets/kredit-seven.yaml", CHECKOUT / "governance/policy/packs/kredit-seven.yaml"
    return govern(data.read_text(encoding="utf-8"), data.name, pack.read_text(encoding="utf-8"), pack.name)


@pytest.fixture(scope="module")
def lender(postgres: EmbeddedPostgres, dataset: GovernedDataset, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Lender]:
    """The sample with Lethe installed, before its first night."""
    create_roles(postgres)
    lender = Lender(postgres, tmp_path_factory.mktemp("kredit_seven"), "kredit_seven", "kredit_seven_store", dataset)
    write_keyring(lender.keyring)
    postgres.create_database(lender.name)
    postgres.create_database(lender.store_name, owner="lethe_store")
    upgrade(lender.store)
    counts = SAMPLES["kredit-seven"](lender.admin, clients=CLIENTS, seed=SEED, as_of=TODAY)
    assert counts["Borrower"] == CLIENTS
    install_loan_schema(lender.admin, dataset)
    yield lender
    for name in (lender.name, lender.store_name):
        postgres.drop_database(name)


@pytest.fixture(scope="module")
def before(lender: Lender, dataset: GovernedDataset) -> dict[str, Table]:
    return rows_of(lender.admin, dataset)


@pytest.fixture(scope="module")
def evaluator(before: dict[str, Table], dataset: GovernedDataset) -> Evaluator:
    return Evaluator(dataset, before, AS_OF)


def validated(lender: Lender) -> ValidationResult:
    return run_suites(lender.server.url(lender.name, "lethe_validator"), SUITES, lender.dataset, AS_OF)


class Night:
    """One whole night: failures of the suites before it, what the scan saw, the plan, what was done, the rows after it."""

    def __init__(self, lender: Lender) -> None:
        self.lender = lender
        self.failures_before = {
            (item.suite, item.expectation): item.exception_type or item.unexpected for item in validated(lender).failures
        }
        database = lender.database()
        self.facts = scan(database, database, lender.registers(), as_of=AS_OF, now=AS_OF, run_id="run-1")
        self.plan: Plan = lender.plan(as_of=AS_OF)
        lender.resolve(self.plan.digest)  # a small lender has large shares; the resolution lets it pass the caps
        self.results: tuple[StepResult, ...] = lender.enforce(self.plan)
        self.after = rows_of(lender.admin, lender.dataset)


@pytest.fixture(scope="module")
def night(lender: Lender, before: dict[str, Table], evaluator: Evaluator) -> Night:
    return Night(lender)


# -- the sample in the database --------------------------------------------------------------------------------------------------------


def test_keys_references_and_statistics_are_there(lender: Lender) -> None:
    keys = ask(
        lender.admin,
        """SELECT contype::text, count(*) FROM pg_constraint
           WHERE convalidated AND contype IN ('p', 'f', 'u') AND connamespace = 'public'::regnamespace GROUP BY 1""",
    )
    assert dict(keys) == {"p": 22, "f": 25, "u": 3}
    for table in TABLES.values():
        [(counted, estimated)] = ask(
            lender.admin, f'SELECT count(*), (SELECT reltuples::int FROM pg_class WHERE relname = %s) FROM "{table}"', table
        )
        assert counted == estimated > 0, table


def test_cells_arrive_as_they_were_made(before: dict[str, Table]) -> None:
    found = {table: {str(key): cells for key, cells in rows.items()} for table, rows in before.items()}
    for group in generate(clients=CLIENTS, seed=SEED, as_of=TODAY):
        for row in group:
            cells = found[type(row).__name__][row[0]]
            for name, wanted in row._asdict().items():
                assert as_made(cells[name], wanted) == wanted, (type(row), name)


def as_made(cell: Any, wanted: Any) -> Any:
    """A cell in the form in which the sample made it."""
    if isinstance(cell, datetime):
        return cell.astimezone(ALMATY).strftime("%Y-%m-%d %H:%M:%S")
    if isinstance(cell, dict):
        return wanted if cell == json.loads(wanted) else cell
    return wanted if isinstance(wanted, str) and not isinstance(cell, str) and cell == type(cell)(wanted) else cell


def test_times_are_local_to_almaty(lender: Lender) -> None:
    """Who closed the day of the edge at 23:59:59 did so at 18:59:59 Greenwich time."""
    [(found,)] = ask(lender.admin, 'SELECT count(*) FROM "SiteVisit" WHERE "VisitedAt" = \'2025-02-28 18:59:59+00\'')
    assert found == 1


# -- the policy over it ----------------------------------------------------------------------------------------------------------------


def test_the_policy_holds_together(dataset: GovernedDataset) -> None:
    found = check_policy(dataset.pack, [dataset])
    assert found.passed
    assert [remark.place for remark in found.remarks] == ["residency"]
    assert all(rule.fields for rule in found.rules)


def test_every_named_case_has_a_fate() -> None:
    assert FATES.keys() == CASES.keys()


def test_the_evaluator_gives_every_case_its_fate(evaluator: Evaluator) -> None:
    fates = {GONE: Fate.DELETE, KEPT: Fate.KEEP}
    for name, fate in FATES.items():
        verdict = evaluator.row(CASES[name].table, CASES[name].key)
        wanted = fates[fate] if isinstance(fate, str) else Fate.DEPERSONALISE
        assert verdict.fate is wanted, name
        if not isinstance(fate, str):  # a column that was empty before has nothing to lose
            assert set(verdict.fields) == {field for field in fate if evaluator.rows[CASES[name].table][CASES[name].key][field] is not None}


def test_what_is_in_conflict_and_what_is_not(evaluator: Evaluator) -> None:
    """Withdrawal against the statutory five years: for whom something is still owed it has not begun to count."""
    conflicts = {
        name for name, case in CASES.items() for group in evaluator.row(case.table, case.key).groups if group.conflict
    }  # fmt: skip
    assert conflicts == {"withdrawn-in-conflict"}


# -- one night -------------------------------------------------------------------------------------------------------------------------


def test_the_suites_fail_before_the_first_night(night: Night, dataset: GovernedDataset) -> None:
    assert {suite for suite, _ in night.failures_before} == {name for name, item in dataset.collections.items() if item.governed}
    assert all(isinstance(found, int) and found > 0 for found in night.failures_before.values())


def test_the_scan_reports_what_a_person_must_look_at(night: Night, evaluator: Evaluator) -> None:
    """Conflicts of 7.1 with the five years, unknown start events, collection without a breach (2.3); nothing undeclared or in excess."""
    found = {(item.kind, item.collection, item.field): item.rows for item in night.facts.findings}
    conflicts = {(collection, field): rows for (kind, collection, field), rows in found.items() if kind is FindingKind.DUTY_CONFLICT}
    assert conflicts.keys() == {
        ("Borrower", "BirthDate"), ("Borrower", "FamilyName"), ("CreditApplication", "RefusalGround"), ("CreditOffer", "OfferedAmount"),
    }  # fmt: skip
    in_conflict = [key for key in evaluator.rows["Borrower"] if any(group.conflict for group in evaluator.row("Borrower", key).groups)]
    assert conflicts["Borrower", "FamilyName"] == len(in_conflict) > 0
    assert found[FindingKind.RECORD_CHECK, "CollectionCase", "collection-after-breach"] == 1
    assert found[FindingKind.UNKNOWN_START, "Microcredit", "SettledOn"] == 2
    assert found[FindingKind.UNKNOWN_START, "WebAccount", "ClosedOn"] == 1
    assert found[FindingKind.UNKNOWN_START, "BureauReport", "PurposeReachedOn"] == 1
    kinds = {kind for kind, _, _ in found}
    assert kinds <= {
        FindingKind.DUTY_CONFLICT, FindingKind.RECORD_CHECK, FindingKind.UNKNOWN_START, FindingKind.INVALID_IDENTIFIER,
    }  # fmt: skip


def test_every_named_case_meets_its_fate(night: Night, before: dict[str, Table]) -> None:
    for name, fate in FATES.items():
        case = CASES[name]
        was, now = before[case.table][case.key], night.after[case.table].get(case.key)
        if fate == GONE:
            assert now is None, name
            continue
        assert now is not None, name
        forms: Forms = {} if isinstance(fate, str) else fate
        for field, value in now.items():
            if field in forms:
                assert was[field] is None or forms[field](value), (name, field)
                assert was[field] is None or value != was[field] or field in COARSE, (name, field)
            else:
                assert value == was[field], (name, field)


def test_every_row_meets_the_fate_the_evaluator_gives_it(night: Night, evaluator: Evaluator, dataset: GovernedDataset) -> None:
    counted = dict.fromkeys(Fate, 0)
    for table in (name for name, item in dataset.collections.items() if item.governed):
        for key, was in evaluator.rows[table].items():
            verdict, now = evaluator.row(table, key), night.after[table].get(key)
            counted[verdict.fate] += 1
            assert (now is None) == (verdict.fate is Fate.DELETE), (table, key)
            if now is not None:
                assert {field for field in was if was[field] != now[field]} == set(verdict.fields), (table, key)
    assert counted[Fate.DELETE] > 500
    assert counted[Fate.DEPERSONALISE] > 100
    assert night.after["LoanProduct"] == evaluator.rows["LoanProduct"]


def test_withdrawing_advertising_takes_the_advertising_data_and_nothing_else(night: Night, before: dict[str, Table]) -> None:
    borrower = CASES["advertising-withdrawn"].key
    changed = {
        (table, field)
        for table, rows in before.items()
        for key, was in rows.items()
        if was.get("BorrowerId") == borrower
        for field in was
        if (now := night.after[table].get(key)) is None or now[field] != was[field]
    }
    assert {field for table, field in changed if table == "Borrower"} == {"AdvertisingSegment"}
    assert {table for table, _ in changed} == {"Borrower", "AdvertisingProfile", "ConsentRecord"}


def test_a_borrower_and_a_microcredit_that_point_to_each_other_go_together(night: Night) -> None:
    borrower = CASES["fully-expired"].key
    assert not [row for rows in night.after.values() for row in rows.values() if row.get("BorrowerId") == borrower]


def test_the_suites_hold_afterwards(night: Night) -> None:
    assert validated(night.lender).failures == ()


def test_a_second_night_finds_nothing_due(night: Night) -> None:
    assert night.lender.plan(as_of=AS_OF, run_id="run-2").steps == ()


def test_the_suites_notice_what_is_put_back(night: Night, before: dict[str, Table]) -> None:
    with connect(night.lender.admin) as connection:
        for name in ("visit-expired", "barred-expired"):
            table, was = CASES[name].table, before[CASES[name].table][CASES[name].key]
            names, values = sql.SQL(", ").join(map(sql.Identifier, was)), sql.SQL(", ").join(sql.Placeholder() * len(was))
            connection.execute(sql.SQL("INSERT INTO {} ({}) VALUES ({})").format(sql.Identifier(table), names, values), [*was.values()])
        for field, value in (("AdvertisingSegment", "сезонный"), ("MonthlySalary", 123_456)):
            statement = sql.SQL('UPDATE "Borrower" SET {} = %s WHERE "BorrowerId" = %s').format(sql.Identifier(field))
            key = CASES["advertising-withdrawn" if field == "AdvertisingSegment" else "salary-to-band"].key
            assert connection.execute(statement, [value, key]).rowcount == 1
    found = [(item.suite, item.expectation, item.unexpected) for item in validated(night.lender).failures]
    assert found == [
        ("BarredPerson", "expect_overdue_rows_gone", 1),
        ("Borrower", "expect_no_overdue_identity", 1),
        ("Borrower", "expect_no_overdue_identity", 1),
        ("SiteVisit", "expect_overdue_rows_gone", 1),
    ]
