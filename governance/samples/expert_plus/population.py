"""The ordinary debtors: each lives one plausible story, whatever the size of the agency.

Most still owe; about a quarter paid, were returned to the creditor or written off over the years, recent years more. What has to go with
the end of the relation (log, visits, third persons, employers, bureau reports) is thin for those: an agency that never erased anything
would put most of a table beyond its term, and no cap would let a first run pass. Edges and special cases: `edges.py`, `cases.py`.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from governance.samples import kazakhstan
from governance.samples.bulgarian import between, pick
from governance.samples.dates import DAY, add_months
from governance.samples.expert_plus import words
from governance.samples.expert_plus.book import BROKEN_IIN_SHARE, CLEANED_UP, IP_KEPT_DAYS, Book, Life
from governance.samples.expert_plus.rows import Cession, Creditor, Debtor

DAYS_OF_BUSINESS = 9 * 365
KEPT_VISITS, KEPT_RECORDED = 400, 200  # days that web visits and recordings reach back
DEBTORS_PER_CESSION, FEWEST_CESSIONS = 400, 10


def cessions_for(debtors: int) -> int:
    """Over how many agreements an agency of that size got its claims."""
    return max(FEWEST_CESSIONS, debtors // DEBTORS_PER_CESSION)


def creditors_and_cessions(book: Book) -> None:
    """Who sold or assigned claims, and the agreements about it."""
    r = book.r
    for name, trade in words.CREDITORS:
        number = book.number(Creditor)
        book.rows.append(Creditor(number, name, f"{between(r, 10, 24):02}{between(r, 1, 12):02}400{between(r, 0, 99_999):05}", trade))
    for _ in range(book.cessions):
        number, day = book.number(Cession), book.recent(DAYS_OF_BUSINESS)
        kind = "ustupka" if r() < 0.7 else "poruchenie"
        book.rows.append(Cession(number, between(r, 1, len(words.CREDITORS)), f"C-{day.year}/{number:04}", day, kind))


@dataclass(frozen=True)
class Course:
    """One claim: loan, passage to the agency, payments as (day, tenge), and how it ended. `ended` is None while it is worked on."""

    loan_of: date
    passed_on: date
    amount: int
    payments: tuple[tuple[date, int], ...]
    state: str
    ended: date | None

    @property
    def owed(self) -> int:
        """What is left to pay."""
        return self.amount - sum(paid for _, paid in self.payments)


def live(book: Book) -> None:
    """Write the next debtor's whole story into the book."""
    r = book.r
    broken = r() < BROKEN_IIN_SHARE
    of_age = add_months(kazakhstan.birth_date(book.last(Debtor) + 1, book.as_of), 12 * kazakhstan.YOUNGEST)
    u = r()
    courses = [_imagine(book, of_age, book.as_of - int(DAYS_OF_BUSINESS * u * u) * DAY, ends=r() < 0.4)]
    while r() < 0.12:
        courses.append(_imagine(book, of_age, book.recent(700), ends=courses[0].ended is not None))
    ends = [course.ended for course in courses if course.ended]
    ended = max(ends) if len(ends) == len(courses) else None
    first = min(course.passed_on for course in courses)
    life = book.debtor(first, "prekrashcheny" if ended else "aktivnye", ended, broken_iin=broken)
    claims = [write(book, life, course) for course in courses]
    for claim, course in zip(claims, courses, strict=True):
        _litigate(book, life, claim, course)
    _collect(book, life, claims[-1], first)
    _exchange(book, life, first)
    _ask(book, life, first)


def write(book: Book, life: Life, course: Course) -> int:
    """The claim and its payments; its number."""
    claim = book.claim(life, course.loan_of, course.passed_on, course.amount, course.owed, course.state, course.ended)
    for nth, (day, paid) in enumerate(course.payments, start=1):
        book.payment(life, claim, nth, book.at(day), paid)
    return claim


def _imagine(book: Book, of_age: date, passed_on: date, *, ends: bool) -> Course:
    """A claim as chance has it. Nobody borrows before coming of age, and nothing happens after `as_of`."""
    r, as_of = book.r, book.as_of
    passed_on = min(as_of, max(passed_on, of_age + 100 * DAY))
    loan_of = max(of_age, passed_on - between(r, 120, 900) * DAY)
    amount = between(r, 4, 160) * 5000
    over = passed_on + between(r, 60, 1100) * DAY
    ended = over if ends and over <= as_of else None
    state = "v_rabote" if ended is None else pick(r, ("pogasheno", "pogasheno", "pogasheno", "vozvrashcheno", "spisano"))
    last = ended or as_of
    instalments = between(r, 1, 7) if state == "pogasheno" else between(r, 0, 4)
    days = sorted({passed_on + int(r() * ((last - passed_on).days + 1)) * DAY for _ in range(instalments)})
    if state == "pogasheno":
        days = sorted({*days, last})
        parts = [amount // len(days)] * (len(days) - 1)
        return Course(loan_of, passed_on, amount, tuple(zip(days, [*parts, amount - sum(parts)], strict=True)), state, ended)
    return Course(loan_of, passed_on, amount, tuple((day, amount // 12) for day in days), state, ended)


def _litigate(book: Book, life: Life, claim: int, course: Course) -> None:
    r, last = book.r, course.ended or book.as_of
    filed = course.passed_on + between(r, 30, 400) * DAY
    if r() > 0.16 or filed > last:
        return
    final = filed + between(r, 40, 200) * DAY
    # A case about a claim that ended ended with it; a handful drags on.
    if final > last:
        final = last
    pending = (course.ended is None and final == book.as_of) or r() < 0.03
    case = book.court_case(life, claim, filed, None if pending else final)
    if pending or r() < 0.35:
        return
    opened = final + between(r, 5, 60) * DAY
    if opened > last:
        return
    closed = course.ended or opened + between(r, 90, 900) * DAY
    book.enforcement(life, case, opened, None if closed > book.as_of or r() < 0.03 else closed)


def _collect(book: Book, life: Life, claim: int, since: date) -> None:
    r, last = book.r, life.ended or book.as_of
    span = (last - since).days + 1
    thin = life.ended is not None
    for _ in range(between(r, 0, 3) if thin else between(r, 1, 5)):
        book.contact(life, book.at(since + int(r() * span) * DAY))
    if r() < (0.15 if thin else 0.3):
        book.site_visit(life, claim, since + int(r() * span) * DAY)
    for _ in range(2):
        if r() < (0.2 if thin else 0.4):
            entered = since + int(r() * span) * DAY
            objected = book.recent(40) if r() < 0.02 else None
            book.contact_person(life, entered, objected if objected and objected > entered else None)
    if r() < 0.35:
        day = book.recent(KEPT_RECORDED)
        if since <= day <= last:
            book.recording(life, book.at(day))
    for _ in range(between(r, 0, 2)):
        day = book.recent(KEPT_VISITS)
        if since <= day <= last or (day > last and r() < 0.1):
            cleaned = (book.as_of - day).days > IP_KEPT_DAYS * CLEANED_UP
            book.web_visit(life, book.at(day), network_only=cleaned)


def _exchange(book: Book, life: Life, since: date) -> None:
    r, last = book.r, life.ended or book.as_of
    span = (last - since).days + 1
    thin = life.ended is not None
    consent = None
    if r() < 0.6:
        withdrawn = book.recent(60) if r() < 0.03 else None
        book.consent(life, "obrabotka", since, book.at(withdrawn) if withdrawn and withdrawn > since else None)
    if r() < 0.4:
        consent = book.consent(life, "peredacha", since)
    if r() < 0.15 and (not thin or last > add_months(book.as_of, -36)):
        withdrawn = book.recent(90) if r() < 0.12 else None
        book.consent(life, "rassylka", since, book.at(withdrawn) if withdrawn and withdrawn > since else None)
    if r() < 0.7:
        to, ground = ("byuro", "soglasie") if consent else pick(r, (("sud", "zakon"), ("kreditor", "usluga"), ("pochta", "usluga")))
        book.disclosure(life, to, ground, since + int(r() * span) * DAY, consent if ground == "soglasie" else None)
    if r() < (0.3 if thin else 0.6):
        book.job(life, since + int(r() * span) * DAY)
    if r() < (0.2 if thin else 0.45):
        book.bureau_report(life, since + int(r() * span) * DAY)


def _ask(book: Book, life: Life, since: date) -> None:
    """Inquiries of the person and of authorities: rare, and answered within days."""
    r = book.r
    if r() < 0.03:
        received = max(since, book.recent(1250))
        answered = received + between(r, 1, 3) * DAY
        fresh = answered > book.as_of
        kind = pick(r, ("svedeniya", "svedeniya", "ispravlenie", "blokirovanie"))
        lifted = min(book.as_of, answered + between(r, 5, 30) * DAY) if kind == "blokirovanie" and r() < 0.9 else None
        book.inquiry(life, kind, received, None if fresh else answered, unblocked=lifted)
    if r() < 0.01:
        last = life.ended or book.as_of
        received = since + int(r() * ((last - since).days + 1)) * DAY
        closed = received + between(r, 3, 40) * DAY
        book.authority_request(life, received, None if closed > book.as_of else closed)
