"""Clients on the edges of every cut-off: the last lawful day and the first that is not, leap days, ends of years, midnight.

They follow the named clients of `cases.py`. Edges of payroll, job applicants, invoices and video: `premises.py`; of codes: `cases.py`.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from functools import partial

from governance.samples.credit_plus import credit, records
from governance.samples.credit_plus.book import Book
from governance.samples.credit_plus.cases import Story, borrower, declined
from governance.samples.dates import AFTER_MIDNIGHT, DAY, LAST_SECOND, NEAR_MIDNIGHT, add_months, around_event

RULES_DAYS = 30  # early pseudonymisation


def edge_stories(as_of: date) -> list[Story]:
    """One function for each client on an edge, in a fixed order for a given `as_of`."""
    told: list[Story] = []
    for day in around_event(as_of, months=60):  # XII 1.5 and 1.6, and the five years of proceedings
        clock = _hardest(day, add_months(as_of, -60))
        told += [partial(declined, day=day, clock=clock), partial(_contracted, day=day, clock=clock), partial(_proceedings, day=day)]
    for ago in (0, 1, 2):  # no period at all: over yesterday is due today
        day = as_of - ago * DAY
        told.append(partial(_lead, day=day))
        told.append(partial(_relation_over, day=day))
        told.append(partial(_term_over, day=day))
    told.append(_marketing_around_the_edge)
    return [*told, _scores_around_the_edge]


def _hardest(day: date, first_lawful: date) -> str:
    """The clock time that a wrong time zone moves to the other side of a cut-off: the last second before it, the first minutes after."""
    return LAST_SECOND if day < first_lawful else AFTER_MIDNIGHT


def _contracted(book: Book, day: date, clock: str) -> None:
    """An application on the edge that became a contract of one year."""
    course = credit.finished(day)
    client, who = book.client(day, course.over)
    records.write(book, client, who, course, applied_at=f"{day} {clock}")


def _proceedings(book: Book, day: date) -> None:
    """A running contract; a dispute, an authority's request and a restriction that ended on the edge, and the same last year."""
    client, _, contract = borrower(book, credit.finished(add_months(day, -8)), credit.running(book.as_of))
    lately = book.as_of - 200 * DAY
    writers: tuple[Callable[[date, date], object], ...] = (
        lambda opened, closed: book.dispute(client, contract, opened, closed),
        lambda opened, closed: book.authority_request(client, opened, closed),
        lambda opened, closed: book.restriction(client, opened, closed),
    )
    for write in writers:
        write(day - 100 * DAY, day)
        write(lately, lately + 60 * DAY)


def _lead(book: Book, day: date) -> None:
    book.client(book.as_of - 9 * DAY, day)


def _relation_over(book: Book, day: date) -> None:
    """An application long expired, a contract renewed until this day."""
    course = credit.finished(add_months(day, -72), years=6)
    last = replace(course.years[-1], ended=day)  # not the last of February of some other year
    borrower(book, replace(course, years=(*course.years[:-1], last)))


def _term_over(book: Book, day: date) -> None:
    """A consent to a longer term which ends on the edge."""
    asked = add_months(day, -72)
    client, _, application = declined(book, asked)
    book.longer_term(client, application, asked, day)


def _marketing_around_the_edge(book: Book) -> None:
    client, who, _ = borrower(book, credit.running(book.as_of))
    for ago in (0, 1, 2):
        for clock in NEAR_MIDNIGHT:
            how = "vazrazenie" if ago else "otteglyane"
            book.contact(client, who, book.as_of - 40 * DAY, how, f"{book.as_of - ago * DAY} {clock}")


def _scores_around_the_edge(book: Book) -> None:
    """Scores that still name the person, on both sides of the 30 days."""
    client, who, application = declined(book, book.as_of - 35 * DAY)
    for day in around_event(book.as_of, days=RULES_DAYS):
        clock = _hardest(day, book.as_of - RULES_DAYS * DAY)
        book.score(application, who, f"{day} {clock}", clear=True, ip=book.address(clear=True))
    fresh = book.as_of - 5 * DAY
    book.application(client, who, fresh, f"{fresh} 10:00:00", "otkazano", 40_000)
