"""The microfinance organisation from end to end on a real PostgreSQL: loaded, judged, one whole night, validated by its own suites.

What each named case must come to is written down here a third time, by hand: `FATES` knows neither the calculus nor the suites.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import UTC, date, datetime
from typing import Any

import pytest
from psycopg import sql
from simulators import sample_night
from simulators.lender import Lender, drop_lender
from simulators.sample_night import GONE, KEPT, FirstNight, Forms, absent

from embedded.postgres import EmbeddedPostgres
from governance.catalogue.findings import FindingKind
from governance.pseudonym.tokens import is_token
from governance.samples.kredit_seven.cases import CASES
from governance.samples.kredit_seven.generate import generate
from governance.samples.kredit_seven.rows import TABLES

CLIENTS, SEED, TODAY = 250, 3, date(2026, 3, 1)
AS_OF = datetime(2026, 3, 1, 1, tzinfo=UTC)  # six in the morning of 1 March in Almaty

# -- what the named cases must come to -------------------------------------------------------------------------------------------------


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


@pytest.fixture(scope="module")
def lender(postgres: EmbeddedPostgres, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Lender]:
    made = sample_night.sample_lender(postgres, tmp_path_factory.mktemp("kredit-seven"), "kredit-seven", clients=CLIENTS, seed=SEED)
    yield made
    drop_lender(made)


@pytest.fixture(scope="module")
def night(lender: Lender) -> FirstNight:
    return FirstNight(lender, AS_OF)


# -- the sample in the database --------------------------------------------------------------------------------------------------------


def test_keys_references_and_statistics_are_there(lender: Lender) -> None:
    sample_night.check_constraints(lender, TABLES.values(), {"p": 22, "f": 25, "u": 3})


def test_times_are_local_to_almaty(lender: Lender) -> None:
    """Who closed the day of the edge at 23:59:59 did so at 18:59:59 Greenwich time."""
    [(found,)] = lender.ask('SELECT count(*) FROM "SiteVisit" WHERE "VisitedAt" = \'2025-02-28 18:59:59+00\'')
    assert found == 1


def test_cells_arrive_as_they_were_made(night: FirstNight) -> None:
    sample_night.check_cells(night, generate(clients=CLIENTS, seed=SEED, as_of=TODAY), TABLES, "Asia/Almaty")


# -- the policy over it ----------------------------------------------------------------------------------------------------------------


def test_the_policy_holds_together(lender: Lender) -> None:
    sample_night.check_pack(lender)


def test_the_evaluator_gives_every_case_its_fate(night: FirstNight) -> None:
    sample_night.check_verdicts_of_cases(night, CASES, FATES)


def test_what_is_in_conflict_and_what_is_not(night: FirstNight) -> None:
    """Withdrawal against the statutory five years: for whom something is still owed it has not begun to count."""
    conflicts = {
        name for name, case in CASES.items() for group in night.evaluator.row(case.table, case.key).groups if group.conflict
    }  # fmt: skip
    assert conflicts == {"withdrawn-in-conflict"}


# -- one night -------------------------------------------------------------------------------------------------------------------------


def test_the_suites_fail_before_the_first_night(night: FirstNight) -> None:
    assert {item.suite for item in night.failures_before} == night.governed
    assert all(item.exception_type is None and item.unexpected > 0 for item in night.failures_before)


def test_the_scan_reports_what_a_person_must_look_at(night: FirstNight) -> None:
    """Conflicts of 7.1 with the five years, unknown start events, collection without a breach (2.3); nothing undeclared or in excess."""
    found, evaluator = night.found, night.evaluator
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


def test_every_named_case_meets_its_fate(night: FirstNight) -> None:
    sample_night.check_fates_of_cases(night, CASES, FATES)


def test_every_row_meets_the_fate_the_evaluator_gives_it(night: FirstNight) -> None:
    sample_night.check_every_row(night, gone=500, changed=100)
    assert "LoanProduct" not in night.changes


def test_withdrawing_advertising_takes_the_advertising_data_and_nothing_else(night: FirstNight) -> None:
    borrower = CASES["advertising-withdrawn"].key
    changed = {
        (table, field)
        for table, rows in night.before.items()
        for key, was in rows.items()
        if was.get("BorrowerId") == borrower
        for field in was
        if (now := night.after[table].get(key)) is None or now[field] != was[field]
    }
    assert {field for table, field in changed if table == "Borrower"} == {"AdvertisingSegment"}
    assert {table for table, _ in changed} == {"Borrower", "AdvertisingProfile", "ConsentRecord"}


def test_a_borrower_and_a_microcredit_that_point_to_each_other_go_together(night: FirstNight) -> None:
    borrower = CASES["fully-expired"].key
    assert not [row for rows in night.after.values() for row in rows.values() if row.get("BorrowerId") == borrower]


def test_the_suites_hold_afterwards(night: FirstNight) -> None:
    result = night.validated()
    assert result.success, result.failures


def test_a_second_night_finds_nothing_due(night: FirstNight) -> None:
    sample_night.check_second_night(night)


def test_the_suites_notice_what_is_put_back(night: FirstNight) -> None:
    for name in ("visit-expired", "barred-expired"):
        night.put_back(CASES[name])
    with night.lender.connect() as connection:
        for field, value in (("AdvertisingSegment", "сезонный"), ("MonthlySalary", 123_456)):
            statement = sql.SQL('UPDATE "Borrower" SET {} = %s WHERE "BorrowerId" = %s').format(sql.Identifier(field))
            key = CASES["advertising-withdrawn" if field == "AdvertisingSegment" else "salary-to-band"].key
            assert connection.execute(statement, [value, key]).rowcount == 1
    found = [(item.suite, item.expectation, item.unexpected) for item in night.validated().failures]
    assert found == [
        ("BarredPerson", "expect_overdue_rows_gone", 1),
        ("Borrower", "expect_no_overdue_identity", 1),
        ("Borrower", "expect_no_overdue_identity", 1),
        ("SiteVisit", "expect_overdue_rows_gone", 1),
    ]
