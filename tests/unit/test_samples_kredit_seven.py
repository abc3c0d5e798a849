"""The generated microfinance organisation without a database: reproducible, consistent, frozen at `as_of`, with rows on every edge."""

from __future__ import annotations

import json
import re
from collections import defaultdict
from collections.abc import Iterable
from datetime import date
from importlib.resources import files
from typing import Any

import pytest
from dateutil.relativedelta import relativedelta
from simulators import sample_books
from simulators.sample_books import AS_OF, DAY, TODAYS, Tables, day, days_of, sides

from governance.catalogue import kazakhstan as iins
from governance.samples.kredit_seven import rows
from governance.samples.kredit_seven.book import CODES
from governance.samples.kredit_seven.cases import CASES
from governance.samples.kredit_seven.rows import TABLES


def book(clients: int = 2000, as_of: date = AS_OF, seed: int = 1) -> Tables:
    return sample_books.book("kredit-seven", clients, as_of, seed)


def case_row(name: str, as_of: date = AS_OF) -> Any:
    """The row that a named case says is there."""
    case = CASES[name]
    [found] = [row for row in book(200, as_of)[getattr(rows, case.table)] if row[0] == str(case.key)]
    return found


def of_borrower(row: Any, kind: type[Any], as_of: date = AS_OF) -> list[Any]:
    return [item for item in book(200, as_of)[kind] if item.BorrowerId == row.BorrowerId]


def before(as_of: date, **length: int) -> date:
    return as_of - relativedelta(**length)  # type: ignore[arg-type]


def test_every_reference_leads_somewhere_and_every_key_is_its_own() -> None:
    tables = book()
    keys = {kind: {row[0] for row in content} for kind, content in tables.items()}
    assert {kind: len(content) for kind, content in tables.items()} == {kind: len(found) for kind, found in keys.items()}
    schema = (files("governance.samples.kredit_seven") / "schema.sql").read_text(encoding="utf-8")
    references = re.findall(r'ALTER TABLE "(\w+)" ADD FOREIGN KEY \("(\w+)"\) REFERENCES "(\w+)"', schema)
    assert len(references) == 25
    for table, column, target in [*references, ("BarredPerson", "BorrowerId", "Borrower")]:
        found = {getattr(row, column) for row in tables[getattr(rows, table)]} - {None}
        assert found, (table, column)
        assert found <= keys[getattr(rows, target)], (table, column)


def test_every_identifier_needs_quotes_and_belongs_to_this_sample_alone() -> None:
    names = {name for kind in TABLES for name in (kind.__name__, *kind._fields)}
    assert all(name != name.lower() for name in names)
    other = (files("governance.samples.credithelp") / "schema.sql").read_text(encoding="utf-8")
    assert not names.intersection(re.findall(r"\w+", other))


def test_most_iins_are_valid_and_a_few_are_not() -> None:
    borrowers = book(20_000)[rows.Borrower]
    bad = [row for row in borrowers if not iins.is_valid_iin(row.Iin)]
    assert 0.001 < len(bad) / len(borrowers) < 0.006
    assert len({row.Iin for row in borrowers}) == len(borrowers)


def test_a_microcredit_is_a_consistent_story() -> None:
    tables = book()
    applications = {row.ApplicationId: row for row in tables[rows.CreditApplication]}
    born = {row.BorrowerId: row.BirthDate for row in tables[rows.Borrower]}
    owed: dict[str, float] = defaultdict(float)
    paid: dict[str, float] = defaultdict(float)
    last: dict[str, date] = {}
    for row in tables[rows.Instalment]:
        owed[row.MicrocreditId] += float(row.AmountDue)
    for row in tables[rows.Payment]:
        last[row.MicrocreditId] = max(day(row.BookedAt), last.get(row.MicrocreditId, date.min))
        paid[row.MicrocreditId] += float(row.PaidAmount) * (row.PaymentKind == "repayment")
    placeholders = {str(CASES[name].key) for name in ("settled-unknown-end", "settled-placeholder-end")}
    for row in tables[rows.Microcredit]:
        application = applications[row.ApplicationId]
        assert (application.ApplicationState, application.BorrowerId) == ("granted", row.BorrowerId)
        assert day(application.SubmittedAt) <= row.SignedOn
        assert born[row.BorrowerId] + relativedelta(years=18) <= row.SignedOn
        live = row.LoanState in ("running", "overdue")
        assert float(row.BalanceDue) == (owed[row.MicrocreditId] - paid[row.MicrocreditId] if live else 0)
        assert (row.LoanState == "settled") <= (owed[row.MicrocreditId] == paid[row.MicrocreditId])
        if row.MicrocreditId not in placeholders:
            assert live == (row.SettledOn is None)
            assert last[row.MicrocreditId] <= (row.SettledOn or AS_OF)
    ceded = {row.MicrocreditId for row in tables[rows.Cession]}
    assert ceded == {row.MicrocreditId for row in tables[rows.Microcredit] if row.LoanState == "assigned"}


def test_a_borrower_points_to_the_last_microcredit_and_is_without_a_loan_since_its_end() -> None:
    tables = book()
    mine: dict[str, list[Any]] = defaultdict(list)
    for row in tables[rows.Microcredit]:
        mine[row.BorrowerId].append(row)
    for row in tables[rows.Borrower]:
        latest = max(mine[row.BorrowerId], key=lambda loan: loan.SignedOn, default=None)
        assert row.CurrentMicrocreditId == (latest and latest.MicrocreditId)
        assert row.WithoutLoanSince == (latest.SettledOn if latest else day(row.RegisteredAt))


def test_reports_are_documents() -> None:
    for row in book(200)[rows.BureauReport]:
        assert json.loads(row.ReportContents).keys() == {"score", "activeLoans", "worstArrearsDays", "lenders"}


# -- edges ---------------------------------------------------------------------------------------------------------------------------


def starts(tables: Tables) -> dict[str, tuple[Iterable[date], relativedelta]]:
    """Start dates by rule, with the period."""

    def column(kind: type[Any], field: str) -> list[date]:
        return days_of(tables[kind], field)

    advertising = [row for row in tables[rows.ConsentRecord] if row.ConsentPurpose == "advertising" and row.WithdrawnAt]
    at_once, half, year, term = relativedelta(), relativedelta(months=6), relativedelta(months=12), relativedelta(years=5)
    return {
        "aml-relation": ([value for value in column(rows.Microcredit, "SettledOn") if value.year > 1900], term),
        "aml-relation of checks": ([value for value in column(rows.AmlCheck, "RelationEndedOn") if value.year > 1900], term),
        "aml-operation": (column(rows.Cession, "AssignedOn"), term),
        "relation-ended": (column(rows.WebAccount, "ClosedOn"), at_once),
        "refused-application": (column(rows.CreditApplication, "DecidedOn"), year),
        "refused-application of offers": (column(rows.CreditOffer, "ValidUntil"), year),
        "refused-application of registrations": (column(rows.Borrower, "RegisteredAt"), year),
        "refused-application of reports": (column(rows.BureauReport, "PurposeReachedOn"), year),
        "report-contents of bureaus": (column(rows.BureauReport, "PurposeReachedOn"), half),
        "report-contents of the centre": (column(rows.PensionReport, "PurposeReachedOn"), half),
        "correspondence": (column(rows.CourierParcel, "DeliveredOn"), year),
        "correspondence of complaints": (column(rows.Complaint, "AnsweredOn"), year),
        "correspondence of inquiries": (column(rows.AuthorityInquiry, "AnsweredOn"), year),
        "correspondence of orders": (column(rows.BlockingOrder, "LiftedOn"), year),
        "correspondence of consents": (column(rows.ConsentRecord, "LapsedOn"), year),
        "site-visits": (column(rows.SiteVisit, "VisitedAt"), year),
        "advertising": ([value for value in column(rows.Borrower, "WithoutLoanSince") if value.year > 1900], relativedelta(months=24)),
        "salary-band": ([value for value in column(rows.Borrower, "WithoutLoanSince") if value.year > 1900], year),
        "quality-recordings": (column(rows.QualityRecording, "RecordedAt"), half),
        "barred-list": (column(rows.BarredPerson, "BarredOn"), term),
        "bar-lifted": (column(rows.BarredPerson, "LiftedOn"), at_once),
        "processing-withdrawn": (column(rows.Borrower, "ConsentWithdrawnAt"), at_once),
        "advertising-withdrawn": ([day(row.WithdrawnAt) for row in advertising], at_once),
    }


@pytest.mark.parametrize("as_of", TODAYS)
def test_every_rule_has_rows_on_both_sides_of_its_cut_off(as_of: date) -> None:
    for name, (days, period) in starts(book(200, as_of)).items():
        sides(name, days, period, as_of)


def test_edges_near_midnight() -> None:
    tables, clocks = book(200), ("00:00:00", "00:20:00", "23:59:59")
    for kind, field, months in ((rows.SiteVisit, "VisitedAt", 12), (rows.QualityRecording, "RecordedAt", 6)):
        cut_off = before(AS_OF, months=months)
        assert {f"{cut_off + step * DAY} {clock}" for step in (-1, 0, 1) for clock in clocks} <= {
            getattr(row, field) for row in tables[kind]
        }
    withdrawn = {row.WithdrawnAt for row in tables[rows.ConsentRecord]}
    assert {f"{AS_OF} 00:00:00", f"{AS_OF - DAY} 23:59:59"} <= withdrawn
    year = before(AS_OF, months=12)
    assert {f"{year - DAY} 23:59:59", f"{year} 00:20:00"} <= {row.RegisteredAt for row in tables[rows.Borrower]}


# -- named cases ---------------------------------------------------------------------------------------------------------------------


def test_keys_of_cases_are_codes_where_the_table_has_codes() -> None:
    for name, case in CASES.items():
        assert isinstance(case.key, str) == (case.table in CODES), name


@pytest.mark.parametrize("as_of", TODAYS)
def test_cases_are_what_they_say(as_of: date) -> None:
    def mine(name: str, kind: type[Any]) -> list[Any]:
        return of_borrower(case_row(name, as_of), kind, as_of)

    term = before(as_of, years=5)
    loans = mine("live-loan-beside-expired", rows.Microcredit)
    assert [loan.LoanState for loan in loans] == ["settled", "running"]
    assert loans[0].SettledOn < term
    gone, loan = case_row("fully-expired", as_of), case_row("fully-expired-loan", as_of)
    assert (gone.CurrentMicrocreditId, loan.BorrowerId) == (loan.MicrocreditId, gone.BorrowerId)
    assert [row.AccountState for row in mine("expired-open-account", rows.WebAccount)] == ["open"]
    [barred] = mine("expired-beside-barred", rows.BarredPerson)
    assert term < barred.BarredOn
    for name, kind in (("expired-open-lawsuit", "court"), ("expired-with-bailiff", "bailiff")):
        [expired] = mine(name, rows.Microcredit)
        cases = [row for row in book(200, as_of)[rows.CollectionCase] if row.MicrocreditId == expired.MicrocreditId]
        assert expired.SettledOn < term
        assert [(row.CaseKind, row.ClosedOn) for row in cases] == [(kind, None)]
    assert [row.AnsweredOn for row in mine("expired-open-inquiry", rows.AuthorityInquiry)] == [None]
    assert [row.LiftedOn for row in mine("expired-blocked", rows.BlockingOrder)] == [None]
    assert case_row("settled-unknown-end", as_of).SettledOn is None
    assert case_row("settled-placeholder-end", as_of).SettledOn.year == 1900
    for name, debts in (("withdrawn-open-debt", [True]), ("withdrawn-obligations-met", []), ("withdrawn-in-conflict", [False])):
        assert day(case_row(name, as_of).ConsentWithdrawnAt) < as_of
        assert [float(row.BalanceDue) > 0 for row in mine(name, rows.Microcredit)] == debts
    [settled] = mine("withdrawn-in-conflict", rows.Microcredit)
    assert term < settled.SettledOn
    for name, owing in (("advertising-profile-withdrawn", False), ("advertising-withdrawn-open-debt", True)):
        profile = case_row(name, as_of)
        [consent] = [row for row in book(200, as_of)[rows.ConsentRecord] if row.ConsentId == profile.ConsentId]
        assert day(consent.WithdrawnAt) < as_of
        assert [float(row.BalanceDue) > 0 for row in of_borrower(profile, rows.Microcredit, as_of)] == [owing]
    for name, answered in (("recording-open-complaint", False), ("recording-closed-complaint", True)):
        recording = case_row(name, as_of)
        [complaint] = [row for row in book(200, as_of)[rows.Complaint] if row.ComplaintId == recording.ComplaintId]
        assert day(recording.RecordedAt) < before(as_of, months=6)
        assert (complaint.AnsweredOn is not None) == answered
