"""The clients with reserved numbers: named cases that tests look for, and clients on the edges of every cut-off.

`CASES` says where each named case lies; the numbers are the same for every size, seed and date. The edge clients follow. None of
them is random in what decides about retention; names and amounts are. Edges of recordings, access log, job applicants: `premises.py`.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from functools import partial

from governance.samples.bulgarian import Person
from governance.samples.credithelp import loans
from governance.samples.credithelp.book import Book
from governance.samples.credithelp.population import write_authority_request
from governance.samples.credithelp.rows import Application, Incident
from governance.samples.dates import AFTER_MIDNIGHT, DAY, LAST_SECOND, NEAR_MIDNIGHT, add_months, around_event, around_year, edge_moments

Story = Callable[[Book], object]  # writes one client


@dataclass(frozen=True)
class Case:
    """Where a named case lies (table and primary key) and what must become of it."""

    table: str
    key: int
    meaning: str


CASES = {
    "live-loan-beside-expired": Case("clients", 1, "an old expired loan and a running one: identity stays"),
    "fully-expired": Case("clients", 2, "the only loan is beyond every term, accounting included: everything goes"),
    "expired-inside-accounting": Case("clients", 3, "loan beyond 5 years, postings inside 10: identity goes, amounts stay"),
    "expired-open-dispute": Case("clients", 4, "beyond the term, but a lawsuit is pending: kept"),
    "expired-open-authority-request": Case("clients", 5, "beyond the term, but an authority's request is open: kept"),
    "repaid-unknown-end": Case("clients", 6, "repaid long ago, terminated_on missing: unknown start event, reported, kept"),
    "nssi-unknown-purpose-end": Case(
        "clients", 7, "used institute report without purpose_achieved_on: unknown start event, reported, kept"
    ),
    "refused-expired": Case("clients", 8, "refused only, more than 12 months ago: goes"),
    "refused-inside": Case("clients", 9, "refused only, less than 12 months ago: kept"),
    "defaulted": Case("clients", 10, "defaulted; the claim's limitation term still runs: kept"),
    "defaulted-claim-expired": Case("clients", 11, "defaulted; limitation and the 5 years after it are over"),
    "lead-open": Case("clients", 12, "a fresh inquiry that nobody answered yet: kept, not an unknown start event of a loan"),
    "lead-closed": Case("clients", 13, "an answered inquiry that led to nothing: goes at once"),
    "consent-withdrawn": Case("clients", 14, "marketing consent withdrawn, loan running: the consent goes, the client stays"),
    "recording-open-incident": Case("call_recordings", 1, "older than 60 days, part of an open incident: kept"),
    "recording-closed-incident": Case("call_recordings", 2, "older than 60 days, the incident is closed: goes"),
    "footage-open-incident": Case("video_footage", 1, "older than 60 days, part of an open incident: kept"),
    "footage-closed-incident": Case("video_footage", 2, "older than 60 days, the incident is closed: goes"),
}

OPEN_INCIDENT, CLOSED_INCIDENT = 1, 2  # incident numbers of the four cases above
INCIDENT_DAYS_AGO = 70
EXPIRED_YEARS, ACCOUNTED_YEARS = 7, 12  # beyond the 5-year and the 10-year term, whatever the day of the year


def incidents(book: Book) -> list[Incident]:
    """The two incidents that the recordings and footage of `CASES` belong to."""
    opened = book.as_of - INCIDENT_DAYS_AGO * DAY
    still_open = Incident(book.number(Incident), 1, "fraud", opened, None)
    return [still_open, Incident(book.number(Incident), 1, "complaint", opened, opened + 9 * DAY)]


def stories() -> list[Story]:
    """One function for each named client of `CASES`, in the order of their numbers."""
    return [
        lambda book: _borrower(book, loans.repaid(_years_ago(book, EXPIRED_YEARS)), loans.running(book.as_of)),
        lambda book: _borrower(book, loans.repaid(date(book.as_of.year - ACCOUNTED_YEARS, 11, 20))),
        lambda book: _borrower(book, loans.repaid(_years_ago(book, EXPIRED_YEARS))),
        _expired_with_open_dispute,
        _expired_with_open_authority_request,
        _repaid_without_end,
        _report_without_purpose_end,
        lambda book: _refused(book, add_months(book.as_of, -14)),
        lambda book: _refused(book, add_months(book.as_of, -5)),
        lambda book: _borrower(book, loans.defaulted(_years_ago(book, 3), _years_ago(book, -2))),
        lambda book: _borrower(book, loans.defaulted(_years_ago(book, 11), _years_ago(book, 6))),
        lambda book: _lead(book, book.as_of - DAY, None),
        lambda book: _lead(book, book.as_of - 40 * DAY, book.as_of - 30 * DAY),
        _withdrawn_consent_and_calls,
    ]


def edge_stories(as_of: date) -> list[Story]:
    """One function for each client on an edge, in a fixed order for a given `as_of`."""
    years, months, terms = around_year(as_of, years=5), around_event(as_of, months=12), around_event(as_of, months=60)
    told: list[Story] = []
    for day in years:  # granted-loan, aml-relation, aml-operation
        told.append(partial(_ended_on, day=day, clock=_hardest(day, date(as_of.year - 5, 1, 1))))
    for day in months:  # refused-loan, nssi
        told.append(partial(_refused, day=day, clock=_hardest(day, add_months(as_of, -12))))
    for day in terms:  # claims, authority
        told.append(partial(_defaulted, limitation_ends=day))
        told.append(partial(_disputed, day=day))
    told += [_posted_around_the_accounting_edge, _taxed_around_the_edge, _consents_around_the_edge]
    return told + [partial(_lead, seen=as_of - 5 * DAY, closed=as_of - days * DAY) for days in (0, 1, 2)]


def _hardest(day: date, first_lawful: date) -> str:
    """The clock time that a wrong time zone moves to the other side of a cut-off: the last second before it, the first minutes after."""
    return LAST_SECOND if day < first_lawful else AFTER_MIDNIGHT


def _years_ago(book: Book, years: int) -> date:
    return add_months(book.as_of, -12 * years)


def _borrower(book: Book, *courses: loans.Course) -> tuple[int, int]:
    """A client with these loans, one after the other, and a money-laundering file; client and last contract."""
    first = courses[0].signed
    client, who = book.client(first, first)
    contract = 0
    for course in courses:
        contract = loans.write(book, client, who, course)
    book.aml(client, who, first, courses[-1].terminated)
    return client, contract


def _expired_with_open_dispute(book: Book) -> None:
    client, contract = _borrower(book, loans.repaid(_years_ago(book, EXPIRED_YEARS)))
    book.dispute(client, contract, _years_ago(book, 6), None, None)


def _expired_with_open_authority_request(book: Book) -> None:
    client, _ = _borrower(book, loans.repaid(_years_ago(book, EXPIRED_YEARS)))
    write_authority_request(book, client, book.as_of - 20 * DAY, None)


def _repaid_without_end(book: Book) -> None:
    course = loans.repaid(_years_ago(book, EXPIRED_YEARS))
    client, who = book.client(course.signed, course.signed)
    loans.write(book, client, who, loans.without_end(course))
    book.aml(client, who, course.signed, None)


def _report_without_purpose_end(book: Book) -> None:
    course = loans.running(book.as_of, months=10)
    client, who = book.client(course.signed, course.signed)
    loans.write(book, client, who, course)
    book.nssi(book.last(Application), who, course.signed, None)
    book.aml(client, who, course.signed, None)


def _refused(book: Book, day: date, clock: str = "11:30:00") -> None:
    client, who = book.client(day, day)
    application = book.application(client, who, f"{day} {clock}", "refused", 1500, 12)
    book.nssi(application, who, day, day)


def _lead(book: Book, seen: date, closed: date | None) -> None:
    book.client(seen, closed)


def _withdrawn_consent_and_calls(book: Book) -> None:
    """Also the client of the reserved recordings: those of the two incidents, then those on the edges of the 60 days."""
    client, who = _running_client(book)
    book.consent(client, who, book.as_of - 40 * DAY, book.at(book.as_of - 15 * DAY))
    for incident in (OPEN_INCIDENT, CLOSED_INCIDENT):
        book.call(client, who, book.at(book.as_of - INCIDENT_DAYS_AGO * DAY), incident)
    for at in edge_moments(book.as_of, days=60):
        book.call(client, who, at)


def _running_client(book: Book) -> tuple[int, Person]:
    course = loans.running(book.as_of)
    client, who = book.client(course.signed, course.signed)
    loans.write(book, client, who, course)
    book.aml(client, who, course.signed, None)
    return client, who


def _ended_on(book: Book, day: date, clock: str) -> None:
    """Contract, relation and last payment all end on the edge, the payment near midnight."""
    _borrower(book, loans.repaid(day, last_paid_at=f"{day} {clock}"))


def _defaulted(book: Book, limitation_ends: date) -> None:
    """A claim whose limitation term ends on the edge."""
    _borrower(book, loans.defaulted(add_months(limitation_ends, -loans.LIMITATION_MONTHS), limitation_ends))


def _disputed(book: Book, day: date) -> None:
    """A running loan; an earlier lawsuit whose limitation term, and an authority's request whose duty, lie on the edge.

    And one of each from last year, or a small company would have little but edges in these tables and run into every cap.
    """
    client, contract = _borrower(book, loans.repaid(add_months(day, -40)), loans.running(book.as_of, months=11))
    closed = add_months(day, -36)
    book.dispute(client, None, closed - 100 * DAY, closed, day)
    write_authority_request(book, client, day, min(day + 10 * DAY, book.as_of))
    lately = book.as_of - 200 * DAY
    book.dispute(client, contract, lately, lately + 90 * DAY, add_months(lately + 90 * DAY, 36))
    write_authority_request(book, client, lately, lately + 10 * DAY)


def _posted_around_the_accounting_edge(book: Book) -> None:
    """A running loan beside a long-gone one, whose postings lie on both sides of the ten-year cut-off."""
    edges = around_year(book.as_of, years=10)
    course = loans.repaid(edges[-1], months=96, every=12)
    client, who = book.client(course.signed, course.signed)
    contract = loans.write(book, client, who, course)
    for day in edges:
        loans.posting(book, contract, day, "501", 5000, who.full_name)
    loans.write(book, client, who, loans.running(book.as_of, months=11))
    book.aml(client, who, course.signed, None)


def _taxed_around_the_edge(book: Book) -> None:
    course = loans.repaid(_years_ago(book, 9), months=24)
    client, who = book.client(course.signed, course.signed)
    contract = loans.write(book, client, who, course)
    for day in around_event(book.as_of, months=60):
        loans.tax_document(book, contract, who, add_months(day, -66), day, 1200)
    loans.write(book, client, who, loans.running(book.as_of, months=11))
    book.aml(client, who, course.signed, None)


def _consents_around_the_edge(book: Book) -> None:
    """Consents withdrawn today, yesterday and the day before, near midnight: with no period at all, yesterday's are due."""
    client, who = _running_client(book)
    for days in (0, 1, 2):
        for clock in NEAR_MIDNIGHT:
            book.consent(client, who, book.as_of - 40 * DAY, f"{book.as_of - days * DAY} {clock}")
