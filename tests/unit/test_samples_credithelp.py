"""The generated lender without a database: reproducible, consistent, realistic, frozen at `as_of`, with rows on every edge."""

from __future__ import annotations

from collections import defaultdict
from datetime import date
from typing import Any

import pytest
from dateutil.relativedelta import relativedelta
from simulators import sample_books
from simulators.sample_books import AS_OF, DAY, TODAYS, Tables, day, days_of, is_due, sides
from stdnum.bg import egn

from governance.samples.credithelp import cases, rows


def book(clients: int = 3000, as_of: date = AS_OF, seed: int = 1) -> Tables:
    return sample_books.book("credithelp", clients, as_of, seed)


def test_most_egns_are_valid_and_a_few_are_not() -> None:
    clients = book(20_000)[rows.Client]
    bad = [client for client in clients if not egn.is_valid(client.egn)]
    assert 0.001 < len(bad) / len(clients) < 0.006
    assert len({client.egn for client in clients}) == len(clients)
    assert all(egn.get_birth_date(client.egn) == client.birth_date for client in clients)


def test_a_loan_is_a_consistent_story() -> None:
    tables = book()
    applications = {application.application_id: application for application in tables[rows.Application]}
    born = {client.client_id: client.birth_date for client in tables[rows.Client]}
    transactions = defaultdict(list)
    for transaction in tables[rows.Transaction]:
        transactions[transaction.contract_id].append(transaction)
    contracted = set()
    for contract in tables[rows.Contract]:
        application = applications[contract.application_id]
        contracted.add(application.application_id)
        assert application.status == "contracted"
        assert application.client_id == contract.client_id
        assert day(application.submitted_at) <= contract.signed_on
        assert born[contract.client_id] + relativedelta(years=18) <= contract.signed_on
        days = [day(transaction.executed_at) for transaction in transactions[contract.contract_id]]
        assert contract.signed_on == min(days)
        assert max(days) <= (contract.terminated_on or AS_OF)
        paid = sum(float(item.amount) for item in transactions[contract.contract_id] if item.kind == "repayment")
        assert (contract.status == "repaid") <= (paid >= float(contract.principal))
        assert (contract.limitation_ends_on is not None) == (contract.status == "defaulted")
        assert (contract.status == "active") <= (contract.terminated_on is None)
    assert contracted == {number for number, application in applications.items() if application.status == "contracted"}


def test_an_inquiry_closes_with_the_first_application() -> None:
    tables = book()
    first: dict[int, date] = {}
    for application in tables[rows.Application]:
        first.setdefault(application.client_id, day(application.submitted_at))
    leads = [client for client in tables[rows.Client] if client.client_id not in first]
    assert all(client.inquiry_closed_on == first[client.client_id] for client in tables[rows.Client] if client.client_id in first)
    assert 0.02 < len(leads) / len(tables[rows.Client]) < 0.07
    assert {client.inquiry_closed_on is None for client in leads} == {True, False}


def starts(tables: Tables) -> dict[str, tuple[list[date], relativedelta | int]]:
    """Start dates by deletion class, with the period: a relativedelta from the event, or years from the next 1 January."""
    year, term = relativedelta(months=12), relativedelta(years=5)
    sixty, at_once = relativedelta(days=60), relativedelta()
    refused = [row for row in tables[rows.Application] if row.status in {"refused", "withdrawn"}]
    with_application = {row.client_id for row in tables[rows.Application]}
    leads = [row for row in tables[rows.Client] if row.client_id not in with_application]

    def column(kind: type[Any], field: str) -> list[date]:
        return days_of(tables[kind], field)

    return {
        "claims of disputes": (column(rows.Dispute, "limitation_ends_on"), term),
        "claims of defaulted contracts": (column(rows.Contract, "limitation_ends_on"), term),
        "granted-loan": (column(rows.Contract, "terminated_on"), 5),
        "refused-loan": ([day(row.submitted_at) for row in refused], year),
        "accounting": (column(rows.AccountingEntry, "posted_on"), 10),
        "authority": (column(rows.AuthorityRequest, "obligation_on"), term),
        "aml-relation": (column(rows.AmlFile, "relation_ended_on"), 5),
        "aml-operation": (column(rows.Transaction, "executed_at"), 5),
        "nssi": (column(rows.NssiReport, "purpose_achieved_on"), year),
        "tax-control": (column(rows.TaxDocument, "claim_limitation_on"), term),
        "cctv footage": (column(rows.VideoFootage, "recorded_at"), sixty),
        "cctv access": (column(rows.AccessLogEntry, "entered_at"), sixty),
        "calls": (column(rows.CallRecording, "recorded_at"), sixty),
        "other consents": (column(rows.MarketingConsent, "withdrawn_at"), at_once),
        "other applicants": (column(rows.JobApplicant, "decided_on"), at_once),
        "other leads": ([row.inquiry_closed_on for row in leads if row.inquiry_closed_on], at_once),
    }


@pytest.mark.parametrize("as_of", TODAYS)
def test_every_class_has_rows_on_both_sides_of_its_cut_off(as_of: date) -> None:
    for name, (days, period) in starts(book(200, as_of)).items():
        due, kept = sides(name, days, period, as_of)
        if isinstance(period, int) or period.years:
            assert any((start.month, start.day) == (2, 29) for start in due), name
        if isinstance(period, int) or period.years == 5:  # twelve months need not hold a leap day
            assert any((start.month, start.day) == (2, 29) for start in kept), name
    years = {row.reporting_year for row in book(200, as_of)[rows.AuditFile]}
    assert {as_of.year - 11, as_of.year - 10} <= years


def test_edges_near_midnight() -> None:
    tables = book(200)
    cut_off = AS_OF - 60 * DAY
    for kind, field in ((rows.VideoFootage, "recorded_at"), (rows.AccessLogEntry, "entered_at"), (rows.CallRecording, "recorded_at")):
        moments = {getattr(row, field) for row in tables[kind]}
        assert {f"{cut_off + step * DAY} {clock}" for step in (-1, 0, 1) for clock in ("00:00:00", "00:20:00", "23:59:59")} <= moments
    withdrawn = {row.withdrawn_at for row in tables[rows.MarketingConsent]}
    assert {f"{AS_OF} 00:00:00", f"{AS_OF - DAY} 23:59:59"} <= withdrawn
    year = AS_OF.year - 5
    assert {f"{year - 1}-12-31 23:59:59", f"{year}-01-01 00:20:00"} <= {row.executed_at for row in tables[rows.Transaction]}
    month = AS_OF - relativedelta(months=12)
    assert {f"{month - DAY} 23:59:59", f"{month} 00:20:00"} <= {row.submitted_at for row in tables[rows.Application]}


def test_shares_due_at_the_default_size() -> None:
    tables = book(20_000)
    for name, (days, period) in starts(tables).items():
        due = sum(is_due(start, period, AS_OF) for start in days)
        table = {
            "claims of disputes": rows.Dispute, "claims of defaulted contracts": rows.Contract, "granted-loan": rows.Contract,
            "refused-loan": rows.Application, "accounting": rows.AccountingEntry, "authority": rows.AuthorityRequest,
            "aml-relation": rows.AmlFile,
            "aml-operation": rows.Transaction, "nssi": rows.NssiReport, "tax-control": rows.TaxDocument,
            "cctv footage": rows.VideoFootage,
            "cctv access": rows.AccessLogEntry, "calls": rows.CallRecording, "other consents": rows.MarketingConsent,
            "other applicants": rows.JobApplicant, "other leads": rows.Client,
        }[name]  # fmt: skip
        share = due / len(tables[table])
        lowest = 0.0005 if name == "claims of defaulted contracts" else 0.02
        assert lowest < share < 0.30, (name, share)


class Client:
    """Everything the book holds about the client of a named case."""

    def __init__(self, name: str, as_of: date = AS_OF) -> None:
        tables, number = book(200, as_of), cases.CASES[name].key
        self.row = tables[rows.Client][number - 1]
        self.applications = [row for row in tables[rows.Application] if row.client_id == number]
        self.contracts = [row for row in tables[rows.Contract] if row.client_id == number]
        mine = {row.contract_id for row in self.contracts}
        self.entries = [row for row in tables[rows.AccountingEntry] if row.contract_id in mine]
        self.transactions = [row for row in tables[rows.Transaction] if row.contract_id in mine]
        self.tax = [row for row in tables[rows.TaxDocument] if row.contract_id in mine]
        self.aml = [row for row in tables[rows.AmlFile] if row.client_id == number]
        self.disputes = [row for row in tables[rows.Dispute] if row.client_id == number]
        self.requests = [row for row in tables[rows.AuthorityRequest] if row.client_id == number]
        self.consents = [row for row in tables[rows.MarketingConsent] if row.client_id == number]
        applied = {row.application_id for row in self.applications}
        self.reports = [row for row in tables[rows.NssiReport] if row.application_id in applied]
        self.calls = [row for row in tables[rows.CallRecording] if row.client_id == number]

    def loans_due(self, as_of: date) -> list[bool]:
        return [row.terminated_on is not None and is_due(row.terminated_on, 5, as_of) for row in self.contracts]


@pytest.mark.parametrize("as_of", TODAYS)
def test_cases_of_expired_loans(as_of: date) -> None:
    live = Client("live-loan-beside-expired", as_of)
    assert live.loans_due(as_of) == [True, False]
    assert [row.status for row in live.contracts] == ["repaid", "active"]
    gone = Client("fully-expired", as_of)
    assert gone.loans_due(as_of) == [True]
    assert all(is_due(row.posted_on, 10, as_of) for row in gone.entries)
    assert all(is_due(row.claim_limitation_on, relativedelta(years=5), as_of) for row in gone.tax)
    assert all(is_due(day(row.executed_at), 5, as_of) for row in gone.transactions)
    assert all(is_due(row.relation_ended_on, 5, as_of) for row in gone.aml)
    assert gone.entries
    assert [*gone.disputes, *gone.requests, *gone.consents, *gone.reports, *gone.calls] == []
    inside = Client("expired-inside-accounting", as_of)
    assert inside.loans_due(as_of) == [True]
    assert not any(is_due(row.posted_on, 10, as_of) for row in inside.entries)


@pytest.mark.parametrize("as_of", TODAYS)
def test_cases_of_holds_and_unknown_starts(as_of: date) -> None:
    disputed = Client("expired-open-dispute", as_of)
    assert disputed.loans_due(as_of) == [True]
    assert [row.closed_on for row in disputed.disputes] == [None]
    requested = Client("expired-open-authority-request", as_of)
    assert requested.loans_due(as_of) == [True]
    assert [row.closed_on for row in requested.requests] == [None]
    [unknown] = Client("repaid-unknown-end", as_of).contracts
    assert (unknown.status, unknown.terminated_on) == ("repaid", None)
    assert [(row.status, row.purpose_achieved_on) for row in Client("nssi-unknown-purpose-end", as_of).reports] == [("used", None)]


@pytest.mark.parametrize("as_of", TODAYS)
def test_cases_of_refusal_default_lead_and_consent(as_of: date) -> None:
    for name, due in (("refused-expired", True), ("refused-inside", False)):
        client = Client(name, as_of)
        assert not client.contracts
        assert [is_due(day(row.submitted_at), relativedelta(months=12), as_of) for row in client.applications] == [due]
    for name, due in (("defaulted", False), ("defaulted-claim-expired", True)):
        [contract] = Client(name, as_of).contracts
        assert contract.status == "defaulted"
        assert is_due(contract.limitation_ends_on, relativedelta(years=5), as_of) == due
    assert Client("lead-open", as_of).row.inquiry_closed_on is None
    assert not Client("lead-open", as_of).applications
    assert is_due(Client("lead-closed", as_of).row.inquiry_closed_on, relativedelta(), as_of)
    withdrawn = Client("consent-withdrawn", as_of)
    assert [day(row.withdrawn_at) < as_of for row in withdrawn.consents] == [True]
    assert [row.status for row in withdrawn.contracts] == ["active"]


def test_cases_of_incidents() -> None:
    tables = book(200)
    closed = {row.incident_id: row.closed_on is not None for row in tables[rows.Incident]}
    for kind, word in ((rows.CallRecording, "recording"), (rows.VideoFootage, "footage")):
        for state in ("open", "closed"):
            row = tables[kind][cases.CASES[f"{word}-{state}-incident"].key - 1]
            assert is_due(day(row.recorded_at), relativedelta(days=60), AS_OF)
            assert closed[row.incident_id] == (state == "closed")
