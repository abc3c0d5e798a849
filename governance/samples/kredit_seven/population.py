"""The ordinary persons: each lives one plausible story, whatever the size of the company.

Who only registered (5 %), who was refused or gave up (15 %), and borrowers with one or more microcredits over the last years, recent
years more. Refusals, reports, visits, recordings and letters reach back only a little past their term: a lender that never erased
anything would put most of a table beyond its term, and no cap would let a first run pass. Edges and special cases: `cases.py`.
"""

from __future__ import annotations

from datetime import date
from functools import partial

from governance.samples.bulgarian import between
from governance.samples.dates import DAY, add_months
from governance.samples.kazakhstan import Person
from governance.samples.kredit_seven import loans, records
from governance.samples.kredit_seven.book import INVALID_IIN_SHARE, Book, Life
from governance.samples.kredit_seven.rows import Key

YEARS_OF_BUSINESS = 8
ADULT = 12 * 18  # months
KEPT_REFUSED = 480  # days that refusals, registrations, visits, complaints and letters reach back
KEPT_REPORTED = 225  # most bureau and pension-centre reports; a few reach back as far as the refusals
KEPT_RECORDED = 222
IDLE = 365  # days without a loan after which the company closes an account


def founded(as_of: date) -> date:
    """The company's first day."""
    return date(as_of.year - YEARS_OF_BUSINESS, 1, 1)


def live(book: Book) -> None:
    """Write the next person's whole story into the book."""
    kind, broken = book.r(), book.r() < INVALID_IIN_SHARE
    if kind < 0.05:
        _registered(book, broken)
    elif kind < 0.2:
        _turned_down(book, broken)
    else:
        _borrower(book, broken)


def stranger(book: Book) -> None:
    """Somebody looks at the site without logging in."""
    records.visit(book, None, book.at(book.recent(KEPT_REFUSED)))


def turned_down(book: Book, life: Life, day: date) -> None:
    """An application of that day which the lender refuses or the person gives up; undecided when it is only days old."""
    r = book.r
    fresh = (book.as_of - day).days < 3
    state = "submitted" if fresh else "abandoned" if r() < 0.3 else "refused"
    amount, days = between(r, 2, 40) * 10_000, between(r, 7, 180)
    application = book.application(life, book.at(day), state, None if fresh else day, amount, days)
    if state == "abandoned" and r() < 0.6:  # the offer was made and lapsed
        loans.offered(book, application, amount, days, day, None)
    _reports(book, life, application, day, None if fresh else day)


def _reports(book: Book, life: Life, application: Key, day: date, decided: date | None) -> None:
    age, r = (book.as_of - day).days, book.r
    if age < KEPT_REPORTED or (age < KEPT_REFUSED and r() < 0.06):
        records.bureau_report(book, application, day, decided, used=decided is not None)
        if r() < 0.8:
            records.pension_report(book, life, application, day, decided, used=decided is not None)


def _registered(book: Book, broken: bool) -> None:
    life = book.open(lambda who: _since_adult(book, who, book.recent(KEPT_REFUSED)), broken_iin=broken)
    _leave(book, life, advertised=0.2)


def _turned_down(book: Book, broken: bool) -> None:
    life = book.open(lambda who: _since_adult(book, who, book.recent(KEPT_REFUSED)), broken_iin=broken)
    day = life.without_loan_since or book.as_of
    turned_down(book, life, day)
    again = day + between(book.r, 20, 200) * DAY
    if book.r() < 0.15 and again <= book.as_of:
        turned_down(book, life, again)
    _leave(book, life, advertised=0.2)


def _borrower(book: Book, broken: bool) -> None:
    r, as_of = book.r, book.as_of
    life = book.open(partial(_first_day, book), broken_iin=broken)
    signed = first = life.without_loan_since or as_of
    while True:
        course = loans.imagine(r, signed, as_of)
        application, microcredit = loans.write(book, life, course)
        _reports(book, life, application, signed, signed)
        _collect(book, microcredit, course)
        if course.settled is None or course.state == "assigned" or r() > 0.6:
            break
        signed = course.settled + int(240 * r() * r() + 1) * DAY
        if signed > as_of:
            break
    book.aml(life, first, life.without_loan_since)
    if life.without_loan_since and r() < 0.05:
        day = book.recent(KEPT_REFUSED)
        if day > life.without_loan_since:
            turned_down(book, life, day)
    if r() < 0.004:
        records.inquiry(book, life, *_handled(book, first))
    if r() < 0.003:
        records.blocking(book, life, *_handled(book, first))
    _leave(book, life, advertised=0.4)


def _collect(book: Book, microcredit: Key, course: loans.Course) -> None:
    """Collection of what was not paid in time; mostly by telephone, some of it in court and with a bailiff."""
    if len(course.payments) < len(course.schedule):
        start = course.schedule[len(course.payments)][0]
    elif course.payments[-1][0] > course.schedule[-1][0] + 30 * DAY:
        start = course.schedule[-1][0]
    else:
        return
    opened = start + between(book.r, 20, 50) * DAY
    end = course.settled or book.as_of
    if opened < end and course.state != "running":
        kind = "call-centre" if book.r() < 0.85 else "court" if book.r() < 0.5 else "bailiff"
        records.collection(book, microcredit, kind, opened, course.settled, course.principal)


def _leave(book: Book, life: Life, *, advertised: float) -> None:
    """Account, consents, visits, calls and letters of a person, and the row itself."""
    r, as_of = book.r, book.as_of
    registered, idle_since = life.registered_on, life.without_loan_since
    closed = idle_since + IDLE * DAY if idle_since and idle_since + IDLE * DAY <= as_of else None
    if idle_since and closed is None and r() < 0.02:
        closed = min(idle_since + between(r, 0, 90) * DAY, as_of)
    book.account(life, closed)
    withdrawn = None
    if idle_since and r() < 0.012:
        withdrawn = max(book.recent(200), idle_since)
        life.consent_withdrawn_at = book.at(withdrawn)
    book.consent(life, "processing", registered, withdrawn_at=life.consent_withdrawn_at, lapsed=closed or withdrawn)
    if r() < advertised:
        gone = book.recent(200) if r() < 0.06 else None
        gone_at = book.at(gone) if gone and gone > registered else None
        consent = book.consent(life, "advertising", registered, withdrawn_at=gone_at, lapsed=closed or (gone if gone_at else None))
        book.advertise(life, consent, max(book.recent(300), registered))
    if r() < 0.018:
        day = max(book.recent(60 * 31), registered)
        lifted = day + between(r, 30, 900) * DAY
        records.barred(book, life, day, lifted if r() < 0.1 and lifted <= as_of else None, linked=r() < 0.8)
    _contacts(book, life, registered)
    book.close(life)


def _contacts(book: Book, life: Life, since: date) -> None:
    r = book.r
    if r() < 0.7:
        records.visit(book, life, book.at(max(book.recent(KEPT_REFUSED), since)))
    if r() < 0.25:
        records.recording(book, life, book.at(max(book.recent(KEPT_RECORDED), since)))
    if r() < 0.06:
        sent, delivered = _handled(book, since)
        records.parcel(book, life, sent, delivered)
    if r() < 0.03:
        received, answered = _handled(book, since)
        complaint = records.complaint(book, life, received, answered)
        if r() < 0.4:
            records.recording(book, life, book.at(max(received, book.as_of - KEPT_RECORDED * DAY)), complaint)


def _handled(book: Book, since: date) -> tuple[date, date | None]:
    """When something came in, and when it was done with, if it is."""
    came = max(book.recent(KEPT_REFUSED), since)
    done = came + between(book.r, 1, 25) * DAY
    return came, None if done > book.as_of or book.r() < 0.02 else done


def _since_adult(book: Book, who: Person, day: date) -> date:
    """No lender deals with anybody younger than eighteen (every sample person is older today)."""
    return min(max(day, add_months(who.birth, ADULT)), book.as_of)


def _first_day(book: Book, who: Person) -> date:
    """The company grows: far more borrowers came lately than long ago."""
    begin = max(founded(book.as_of), add_months(who.birth, ADULT))
    u = book.r()
    return max(book.as_of - int((book.as_of - begin).days * u**5) * DAY, begin)
