"""The rows of the sample database `credithelp`, one NamedTuple a table, fields in the order of schema.sql.

`Local` is a wall-clock time as text (see `governance.samples.dates.moment`), `Money` an amount as text with two decimals; both
are what COPY takes, made once. Holds no rules.
"""

from __future__ import annotations

from datetime import date
from typing import NamedTuple
from uuid import UUID

Local = str
Money = str


def money(cents: int) -> Money:
    """An amount in leva, from stotinki."""
    return f"{cents // 100}.{cents % 100:02}"


class Office(NamedTuple):
    office_id: int
    name: str
    city: str
    street: str


class Incident(NamedTuple):
    incident_id: int
    office_id: int | None
    kind: str
    opened_on: date
    closed_on: date | None


class Client(NamedTuple):
    client_id: int
    egn: str
    first_name: str
    middle_name: str | None
    last_name: str
    birth_date: date | None
    id_card_number: str | None
    phone: str | None
    email: str | None
    region: str | None
    city: str | None
    street: str | None
    postcode: str | None
    employer: str | None
    monthly_income: Money | None
    inquiry_closed_on: date | None
    created_at: Local


class Application(NamedTuple):
    application_id: int
    client_id: int
    office_id: int | None
    submitted_at: Local
    status: str
    amount: Money
    term_months: int
    declared_income: Money | None
    ip_address: str | None
    refusal_reason: str | None


class Contract(NamedTuple):
    contract_id: int
    contract_number: str
    client_id: int
    application_id: int
    signed_on: date
    status: str
    terminated_on: date | None
    limitation_ends_on: date | None
    principal: Money
    annual_rate: str
    iban: str | None


class Transaction(NamedTuple):
    transaction_id: int
    contract_id: int
    executed_at: Local
    kind: str
    amount: Money
    counterparty_name: str | None
    counterparty_iban: str | None


class AccountingEntry(NamedTuple):
    entry_id: int
    contract_id: int | None
    posted_on: date
    account: str
    document_number: str
    amount: Money
    payer_name: str | None


class TaxDocument(NamedTuple):
    document_id: int
    contract_id: int | None
    kind: str
    issued_on: date
    claim_limitation_on: date | None
    payer_name: str | None
    payer_egn: str | None
    amount: Money


class AuditFile(NamedTuple):
    file_id: int
    reporting_year: int
    kind: str
    prepared_by: str | None
    body: str | None


class NssiReport(NamedTuple):
    report_id: UUID
    application_id: int
    requested_at: Local
    status: str
    purpose_achieved_on: date | None
    egn: str
    employer: str | None
    insured_income: Money | None


class AmlFile(NamedTuple):
    aml_file_id: int
    client_id: int
    opened_on: date
    relation_status: str
    relation_ended_on: date | None
    id_card_number: str | None
    source_of_funds: str | None
    risk_level: str


class CallRecording(NamedTuple):
    recording_id: int
    client_id: int | None
    phone: str
    recorded_at: Local
    duration_s: int
    audio: bytes
    incident_id: int | None


class VideoFootage(NamedTuple):
    footage_id: int
    office_id: int
    camera: str
    recorded_at: Local
    frames: bytes
    incident_id: int | None


class AccessLogEntry(NamedTuple):
    entry_id: int
    office_id: int
    entered_at: Local
    visitor_name: str | None
    badge_number: str | None
    incident_id: int | None


class MarketingConsent(NamedTuple):
    consent_id: int
    client_id: int
    purpose: str
    channel: str
    contact: str
    given_at: Local
    withdrawn_at: Local | None


class Dispute(NamedTuple):
    dispute_id: int
    client_id: int
    contract_id: int | None
    opened_on: date
    closed_on: date | None
    limitation_ends_on: date | None
    court_case: str | None
    statement: str | None


class AuthorityRequest(NamedTuple):
    request_id: int
    client_id: int
    authority: str
    received_on: date
    obligation_on: date | None
    closed_on: date | None
    answer: str | None


class JobApplicant(NamedTuple):
    applicant_id: int
    full_name: str
    email: str | None
    phone: str | None
    position: str
    cv: str | None
    applied_on: date
    status: str
    decided_on: date | None


Row = (
    Office | Incident | Client | Application | Contract | Transaction | AccountingEntry | TaxDocument | AuditFile | NssiReport
    | AmlFile | CallRecording | VideoFootage | AccessLogEntry | MarketingConsent | Dispute | AuthorityRequest | JobApplicant
)  # fmt: skip

TABLES: dict[type[Row], str] = {
    Office: "offices",
    Incident: "incidents",
    Client: "clients",
    Application: "applications",
    Contract: "contracts",
    Transaction: "transactions",
    AccountingEntry: "accounting_entries",
    TaxDocument: "tax_documents",
    AuditFile: "audit_files",
    NssiReport: "nssi_reports",
    AmlFile: "aml_files",
    CallRecording: "call_recordings",
    VideoFootage: "video_footage",
    AccessLogEntry: "access_log",
    MarketingConsent: "marketing_consents",
    Dispute: "disputes",
    AuthorityRequest: "authority_requests",
    JobApplicant: "job_applicants",
}
