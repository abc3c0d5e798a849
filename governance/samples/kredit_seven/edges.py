"""Borrowers on the edges of every cut-off: the days around it, and the minutes around midnight where a start event is an instant.

They follow the named cases, in a fixed order for a given `as_of`. The days come from `governance.samples.dates`, never from the calculus.
"""

from __future__ import annotations

from datetime import date
from functools import partial

from governance.samples.dates import AFTER_MIDNIGHT, DAY, LAST_SECOND, NEAR_MIDNIGHT, add_months, around_event
from governance.samples.kredit_seven import loans, records
from governance.samples.kredit_seven.book import Book
from governance.samples.kredit_seven.cases import Story, ago, borrower, finish
from governance.samples.kredit_seven.rows import Key


def edge_stories(as_of: date) -> list[Story]:
    """One function for each borrower on an edge."""
    told: list[Story] = []
    for day in around_event(as_of, months=60):  # aml-relation, aml-operation
        told.append(partial(_settled, day=day, clock=_hardest(day, add_months(as_of, -60))))
        told.append(partial(_assigned, day=day))
    for day in around_event(as_of, months=12):  # refused-application
        told.append(partial(_refused, day=day, clock=_hardest(day, add_months(as_of, -12))))
    for months in (12, 24):  # salary-band, advertising
        told += [partial(_without_loan, day=day) for day in around_event(as_of, months=months)]
    for ago_days, clock in ((1, LAST_SECOND), (0, "00:00:00"), (0, AFTER_MIDNIGHT)):  # processing-withdrawn
        told.append(partial(_withdrawn, at=f"{as_of - ago_days * DAY} {clock}"))
    told += [partial(_account_closed, day=as_of - days * DAY) for days in (0, 1, 2)]  # relation-ended
    return [*told, _contacts, _reports, _papers, _consents]


def _hardest(day: date, first_lawful: date) -> str:
    """The clock time that a wrong time zone moves to the other side of a cut-off: the last second before it, the first minutes after."""
    return LAST_SECOND if day < first_lawful else AFTER_MIDNIGHT


def _near_midnight(days: list[date]) -> list[str]:
    return [f"{day} {clock}" for day in days for clock in NEAR_MIDNIGHT]


def _settled(book: Book, day: date, clock: str) -> None:
    finish(book, borrower(book, loans.settled(day, last_paid_at=f"{day} {clock}")))


def _assigned(book: Book, day: date) -> None:
    finish(book, borrower(book, loans.assigned(day)))


def _refused(book: Book, day: date, clock: str) -> None:
    """Registered, refused and never seen again, all on the edge."""
    life = book.open(lambda _: day, clock=clock)
    book.application(life, f"{day} {clock}", "refused", day, 150_000, 30)
    finish(book, life, closed=min(day + 60 * DAY, book.as_of - 3 * DAY))


def _without_loan(book: Book, day: date) -> None:
    life = borrower(book, loans.settled(day))
    book.advertise(life, book.consent(life, "advertising", life.registered_on), day)
    finish(book, life, closed=None)


def _withdrawn(book: Book, at: str) -> None:
    """Refused last month; who withdraws today may think again until the day is over."""
    life = book.open(lambda _: ago(book, 1))
    book.application(life, book.at(ago(book, 1)), "refused", ago(book, 1), 150_000, 30)
    life.consent_withdrawn_at = at
    finish(book, life, closed=None)


def _account_closed(book: Book, day: date) -> None:
    finish(book, borrower(book, loans.settled(ago(book, 18))), closed=day)


def _contacts(book: Book) -> None:
    """A running microcredit; calls and visits around midnight on the days of their cut-offs, and entries of the barred on theirs."""
    life = borrower(book, loans.running(book.as_of, months=15))
    for at in _near_midnight(around_event(book.as_of, months=12)):
        records.visit(book, life, at)
    for at in _near_midnight(around_event(book.as_of, months=6)):
        records.recording(book, life, at)
    for day in around_event(book.as_of, months=60):
        records.barred(book, life, day)
    for days in (0, 1, 2):
        records.barred(book, life, ago(book, 9), book.as_of - days * DAY)
    finish(book, life, closed=None)


def _reports(book: Book) -> None:
    """A running microcredit whose reports reached their purpose on the days of both cut-offs, and offers that lapsed on those of one."""
    course = loans.running(book.as_of, months=16)
    life = book.open(lambda _: course.signed)
    application, _ = loans.write(book, life, course)
    for day in (*around_event(book.as_of, months=6), *around_event(book.as_of, months=12)):
        records.bureau_report(book, application, day, day)
        records.pension_report(book, life, application, day, day)
    for day in around_event(book.as_of, months=12):
        _lapsed(book, application, day)
    book.aml(life, course.signed, None)
    finish(book, life, closed=None)


def _lapsed(book: Book, application: Key, day: date) -> None:
    loans.offered(book, application, 50_000, 30, day - loans.OFFER_VALID_DAYS * DAY, None)


def _papers(book: Book) -> None:
    """A running microcredit; letters, complaints, inquiries and blocking orders that were done with on the days of their cut-off."""
    life = borrower(book, loans.running(book.as_of, months=15))
    for day in around_event(book.as_of, months=12):
        records.parcel(book, life, day - 2 * DAY, day)
        records.complaint(book, life, day - 9 * DAY, day)
        records.inquiry(book, life, day - 9 * DAY, day)
        records.blocking(book, life, day - 9 * DAY, day)
    finish(book, life, closed=None)


def _consents(book: Book) -> None:
    """Nothing owed any more; advertising consents withdrawn around the last midnights, others lapsed on the days of their cut-off."""
    life = borrower(book, loans.settled(ago(book, 2), months=12))
    for at in _near_midnight([book.as_of - days * DAY for days in (0, 1, 2)]):
        book.advertise(life, book.consent(life, "advertising", life.registered_on, withdrawn_at=at), life.registered_on)
    for day in around_event(book.as_of, months=12):
        book.consent(life, "pension-query", life.registered_on, lapsed=day)
    finish(book, life, closed=None)
