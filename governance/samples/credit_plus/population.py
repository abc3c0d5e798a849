"""The ordinary clients: each lives one plausible story, whatever the size of the company.

People who only registered (4 %), people who were refused or never got an answer within 48 hours (18 %), and borrowers, over the last dozen
years, recent years more. Codes reach back three days only and clear values in scores a few weeks: a lender that had never erased anything
would put most of such a table beyond its term, and no cap would let a first run pass. Edges and special cases: `cases.py`.
"""

from __future__ import annotations

from datetime import date

from governance.samples.bulgarian import YOUNGEST, Person, between, birth_date
from governance.samples.credit_plus import credit, records
from governance.samples.credit_plus.book import INVALID_EGN_SHARE, Book
from governance.samples.credit_plus.rows import Client
from governance.samples.dates import DAY, add_months, moment

YEARS_OF_BUSINESS = 12  # before the year of `as_of`
CODES_KEPT = 3  # days


def founded(as_of: date) -> date:
    """The company's first day."""
    return date(as_of.year - YEARS_OF_BUSINESS, 1, 1)


def live(book: Book) -> None:
    """Write the next client's whole story into the book."""
    kind = book.r()
    invalid = book.r() < INVALID_EGN_SHARE
    if kind < 0.04:
        _lead(book, invalid)
    elif kind < 0.22:
        _declined(book, invalid)
    else:
        _borrower(book, invalid)


def decline(book: Book, client: int, who: Person, day: date) -> int:
    """An application of that day which was refused, or not answered within 48 hours, or waits still; its number."""
    r = book.r
    fresh = (book.as_of - day).days < 2
    decision = "chaka" if fresh else "otkazano" if r() < 0.75 else "bez_otgovor"
    application = book.application(client, who, day, book.at(day), decision, between(r, 4, 20) * 5000)
    if decision == "otkazano":
        book.notice(application, who, day + DAY)
    _code(book, application, who, day)
    return application


def _lead(book: Book, invalid: bool) -> None:
    if book.r() < 0.25:  # still looking
        book.client(max(book.recent(20), _of_age(book)), None, invalid_egn=invalid)
        return
    left = max(book.recent(400), _of_age(book))
    book.client(max(left - between(book.r, 0, 9) * DAY, _of_age(book)), left, invalid_egn=invalid)


def _declined(book: Book, invalid: bool) -> None:
    r, day = book.r, _first_day(book)
    again = day + between(r, 20, 500) * DAY
    comes_back = r() < 0.15 and again <= book.as_of - 2 * DAY
    last = again if comes_back else day
    over = min(last + 2 * DAY, book.as_of) if (book.as_of - last).days >= 2 else None
    client, who = book.client(day, over, invalid_egn=invalid)
    for asked in (day, again) if comes_back else (day,):
        application = decline(book, client, who, asked)
        if r() < 0.05 and over:
            _longer_term(book, client, application, asked)
    _marketing(book, client, who, day, over)


def _borrower(book: Book, invalid: bool) -> None:
    r, signed = book.r, _first_day(book)
    courses = [credit.imagine(r, signed, book.as_of)]
    while (over := courses[-1].over) is not None and r() < 0.35:
        signed = over + between(r, 20, 500) * DAY
        if signed > book.as_of:
            break
        courses.append(credit.imagine(r, signed, book.as_of))
    client, who = book.client(courses[0].signed, courses[-1].over, invalid_egn=invalid)
    contract = 0
    for course in courses:
        contract = records.write(book, client, who, course)
        _code(book, records.last_application(book), who, course.signed)
    last = courses[-1]
    if last.over is None and r() < 0.07:  # asks for a tranche today, confirmed by a code
        book.code(records.last_application(book), who, moment(book.as_of, between(r, 60, 5400)))
    if r() < 0.01:
        asked = last.years[-1].ended or last.signed
        _longer_term(book, client, records.last_application(book), asked)
    _marketing(book, client, who, courses[0].signed, last.over)
    _trouble(book, client, contract, last.signed)


def _first_day(book: Book) -> date:
    """The company grows: more clients came lately than long ago; none came before coming of age."""
    u = 1 - book.r()
    span = (book.as_of - max(founded(book.as_of), _of_age(book))).days
    return book.as_of - int(span * (1 - u ** (1 / 3))) * DAY


def _of_age(book: Book) -> date:
    """The day the client that is written next comes of age; no lender deals with anybody younger."""
    return add_months(birth_date(book.last(Client) + 1, book.as_of, book.seed), 12 * YOUNGEST)


def _code(book: Book, application: int, who: Person, day: date) -> None:
    if (book.as_of - day).days < CODES_KEPT:
        at = book.at(day)
        book.code(application, who, at, at if book.r() < 0.9 else None)


def _longer_term(book: Book, client: int, application: int, given: date) -> None:
    r = book.r
    until = add_months(given, 12 * between(r, 6, 9))
    withdrawn = given + between(r, 200, 2500) * DAY if r() < 0.2 else None
    ended = book.at(withdrawn) if withdrawn and withdrawn < min(until, book.as_of) else None
    book.longer_term(client, application, given, until, ended)


def _marketing(book: Book, client: int, who: Person, since: date, over: date | None) -> None:
    """A contact for marketing; most were taken off the list by hand when the relation was over."""
    r = book.r
    if r() < (0.06 if over else 0.35):
        given = since + int(r() * min(400, (book.as_of - since).days + 1)) * DAY
        ended = book.recent(250) if r() < 0.15 else None
        if ended and ended > given:
            book.contact(client, who, given, "vazrazenie" if r() < 0.5 else "otteglyane", book.at(ended))
        else:
            book.contact(client, who, given)


def _trouble(book: Book, client: int, contract: int, signed: date) -> None:
    r, age = book.r, (book.as_of - signed).days
    if r() < 0.012:
        opened = signed + int(r() * min(age, 900)) * DAY
        closed = opened + between(r, 90, 500) * DAY
        book.dispute(client, contract, opened, None if closed > book.as_of or r() < 0.05 else closed)
    if r() < 0.008:
        received = signed + int(r() * age) * DAY
        answered = received + between(r, 5, 60) * DAY
        book.authority_request(client, received, None if answered > book.as_of or r() < 0.04 else answered)
    if r() < 0.008:
        asked = signed + int(r() * age) * DAY
        lifted = asked + between(r, 10, 200) * DAY
        book.restriction(client, asked, None if lifted > book.as_of or r() < 0.05 else lifted)
