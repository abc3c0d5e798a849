"""The ordinary clients: each lives one plausible story, whatever the size of the company.

Leads (4 %), people who were refused (12 %) and borrowers with one or more loans over the last dozen years, recent years more. Refused
applications, institute reports and recordings reach back only a little past their term: a lender that never erased anything
would put most of a table beyond its term, and no cap would let a first run pass. Edges and special cases: `cases.py`.
"""

from __future__ import annotations

from datetime import date
from math import sqrt

from governance.samples import words
from governance.samples.bulgarian import YOUNGEST, Person, between, birth_date, pick
from governance.samples.credithelp import loans
from governance.samples.credithelp.book import INVALID_EGN_SHARE, Book
from governance.samples.credithelp.rows import Application, AuthorityRequest, Client
from governance.samples.dates import DAY, add_months

YEARS_OF_BUSINESS = 12  # before the year of `as_of`
KEPT_REFUSED = 500  # days that refused applications and institute reports reach back
KEPT_RECORDED = 74  # days that recordings of any kind reach back


def founded(as_of: date) -> date:
    """The company's first day."""
    return date(as_of.year - YEARS_OF_BUSINESS, 1, 1)


def live(book: Book) -> None:
    """Write the next client's whole story into the book."""
    kind = book.r()
    invalid = book.r() < INVALID_EGN_SHARE
    if kind < 0.04:
        _lead(book, invalid)
    elif kind < 0.16:
        _refused(book, invalid)
    else:
        _borrower(book, invalid)


def decline(book: Book, client: int, who: Person, day: date) -> None:
    """An application of that day which the lender refuses or the client withdraws; undecided when it is only days old."""
    r = book.r
    fresh = (book.as_of - day).days < 3
    status = "submitted" if fresh else "withdrawn" if r() < 0.2 else "refused"
    application = book.application(client, who, book.at(day), status, between(r, 3, 80) * 50, pick(r, loans.TERMS))
    if r() < 0.8:
        book.nssi(application, who, day, None if fresh else day + between(r, 0, 2) * DAY, used=not fresh)


def _lead(book: Book, invalid: bool) -> None:
    if book.r() < 0.25:  # still open
        book.client(max(book.recent(20), _of_age(book)), None, invalid_egn=invalid)
        return
    closed = max(book.recent(400), _of_age(book))
    book.client(max(closed - between(book.r, 0, 9) * DAY, _of_age(book)), closed, invalid_egn=invalid)


def _refused(book: Book, invalid: bool) -> None:
    day = max(book.recent(KEPT_REFUSED), _of_age(book))
    client, who = book.client(day, day, invalid_egn=invalid)
    decline(book, client, who, day)
    again = day + between(book.r, 20, 200) * DAY
    if book.r() < 0.15 and again <= book.as_of:
        decline(book, client, who, again)
    _side_stories(book, client, who, day)


def _borrower(book: Book, invalid: bool) -> None:
    r = book.r
    signed = _first_loan_day(book)
    client, who = book.client(signed, signed, invalid_egn=invalid)
    first, contract = signed, 0
    while True:
        course = loans.imagine(r, signed, book.as_of)
        contract = loans.write(book, client, who, course)
        if (book.as_of - signed).days < KEPT_REFUSED:
            book.nssi(book.last(Application), who, signed, signed)
        ended = course.over
        if ended is None or course.status == "defaulted" or r() > 0.4:
            break
        later = ended + between(r, 15, 700) * DAY
        if later > book.as_of:
            break
        signed = later
    book.aml(client, who, first, ended)
    if ended is not None and r() < 0.06:
        day = book.recent(KEPT_REFUSED)
        if day > ended:
            decline(book, client, who, day)
    _side_stories(book, client, who, first)
    _trouble(book, client, contract, signed)


def _first_loan_day(book: Book) -> date:
    """The company grows: more clients came lately than long ago; none came before coming of age."""
    u = book.r()
    span = (book.as_of - max(founded(book.as_of), _of_age(book))).days
    return book.as_of - int(span * u * u * u * sqrt(u)) * DAY


def _of_age(book: Book) -> date:
    """The day the client that is written next comes of age; no lender deals with anybody younger."""
    return add_months(birth_date(book.last(Client) + 1, book.as_of, book.seed), 12 * YOUNGEST)


def _side_stories(book: Book, client: int, who: Person, since: date) -> None:
    r = book.r
    if r() < 0.3:
        given = since + int(r() * min(400, (book.as_of - since).days + 1)) * DAY
        withdrawn = book.recent(250) if r() < 0.15 else None
        book.consent(client, who, given, book.at(withdrawn) if withdrawn and withdrawn > given else None)
    if r() < 0.3:
        for _ in range(between(r, 1, 2)):
            day = book.recent(KEPT_RECORDED)
            if day < since:
                continue
            incident = book.incident_of((day,)) if r() < 0.02 else None
            book.call(client, who, book.at(day), incident.incident_id if incident else None)


def _trouble(book: Book, client: int, contract: int, signed: date) -> None:
    r, age = book.r, (book.as_of - signed).days
    if r() < 0.012:
        opened = signed + int(r() * min(age, 900)) * DAY
        closed = opened + between(r, 90, 500) * DAY
        if closed > book.as_of or r() < 0.05:
            book.dispute(client, contract, opened, None, None)
        else:
            book.dispute(client, contract, opened, closed, add_months(closed, 36))
    if r() < 0.008:
        received = signed + int(r() * age) * DAY
        answered = received + between(r, 5, 60) * DAY
        write_authority_request(book, client, received, None if answered > book.as_of or r() < 0.04 else answered)


def write_authority_request(book: Book, client: int, received: date, closed: date | None) -> None:
    """A court or authority asks about a client; the duty to answer arises with the request."""
    number, answer = book.number(AuthorityRequest), "Предоставени са исканите данни." if closed else None
    book.rows.append(AuthorityRequest(number, client, pick(book.r, words.AUTHORITIES), received, received, closed, answer))
