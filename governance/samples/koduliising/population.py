"""The ordinary clients: each lives one plausible story, whatever the size of the company.

Applicants (9 %) and people with one or more contracts over the last dozen years, recent years more. Refusals, queries, notices and the
like reach back only a little past their term: a lender that never erased anything would put most of a table beyond its term, and no cap
would let a first run pass. Edges: `edges.py`; special cases: `cases.py`.
"""

from __future__ import annotations

from datetime import date
from math import sqrt

from governance.samples.bulgarian import between, pick
from governance.samples.dates import DAY, add_months
from governance.samples.estonian import YOUNGEST, birth_date
from governance.samples.koduliising import contracts, marketing, words
from governance.samples.koduliising.book import OFFER_VALID_DAYS, Book, Life
from governance.samples.koduliising.rows import Klient

YEARS_OF_BUSINESS = 11  # before the year of `as_of`
INVALID_SHARE = 0.003
ENDED_DAYS = 60  # that applications without a contract reach back


def live(book: Book) -> None:
    """Write the next client's whole story into the book."""
    kind, invalid = book.r(), book.r() < INVALID_SHARE
    if kind < 0.03:
        _asks(book, invalid)
    elif kind < 0.09:
        _leaves(book, invalid)
    else:
        _buys(book, invalid)


def refuse(book: Book, life: Life, day: date) -> int:
    """An application of that day that the lender refuses the same day; its number."""
    application = book.application(life, book.at(day), "keeldutud", refused=day, cents=between(book.r, 3, 60) * 5000)
    book.credit_query(application, book.at(day))
    return application


def decline(book: Book, life: Life, made: date, ended: date, *, answered: bool) -> int:
    """An application whose offer the person declined that day, or did not answer while it was valid; its number."""
    offer = book.offer(life, made, "tagasi_lükatud" if answered else "aegunud", ended if answered else None, 90_000, 12)
    application = book.application(life, book.at(made), "loobutud" if answered else "aegunud", offer=offer)
    book.credit_query(application, book.at(made))
    return application


def _asks(book: Book, invalid: bool) -> None:
    """An applicant who waits for the decision, or thinks about the offer."""
    day = max(book.recent(OFFER_VALID_DAYS), _of_age(book))
    life = book.open(day, invalid_isikukood=invalid)
    if book.r() < 0.5 and day + OFFER_VALID_DAYS * DAY >= book.as_of:
        application = book.application(life, book.at(day), "pakutud", offer=book.offer(life, day, "avatud", None, 90_000, 12))
    else:
        application = book.application(life, book.at(day), "esitatud")
        book.capacity_check(application, day, None)
    book.credit_query(application, book.at(day))
    book.close(life)


def _leaves(book: Book, invalid: bool) -> None:
    """An applicant who gets no contract."""
    r = book.r
    ended = max(book.recent(ENDED_DAYS), _of_age(book))
    refused, waited = r() < 0.6, between(r, 1, OFFER_VALID_DAYS - 1)
    made = ended if refused else max(ended - waited * DAY, _of_age(book))
    life = book.open(made, invalid_isikukood=invalid)
    life.application_ended = ended
    if refused:
        application = refuse(book, life, ended)
        if (book.as_of - ended).days < 3:
            book.capacity_check(application, ended, ended)
        if r() < 0.02:  # refused for what the identification found, so the law keeps the file
            book.identification(life, ended, ended)
    elif r() < 0.5 or ended >= book.as_of:
        decline(book, life, made, ended, answered=True)
    else:
        life.application_ended = min(made + OFFER_VALID_DAYS * DAY, book.as_of)
        decline(book, life, life.application_ended - OFFER_VALID_DAYS * DAY, life.application_ended, answered=False)
    if r() < 0.3:
        book.notice(life, None, book.at(min(ended + DAY, book.as_of)), "otsus")
    book.close(life)


def _buys(book: Book, invalid: bool) -> None:
    r = book.r
    signed = _first_day(book)
    life = book.open(signed, invalid_isikukood=invalid)
    life.state = "klient"
    while True:
        course = contracts.imagine(r, signed, book.as_of)
        number = contracts.write(book, life, course)
        _trouble(book, life, number, course)
        if course.ended is None or course.state == "üles_öeldud" or r() > 0.35:
            break
        signed = course.ended + between(r, 15, 500) * DAY
        if signed > book.as_of:
            break
    if course.ended is not None:
        life.state, life.relation_ended = "endine", course.ended
    book.identification(life, life.since, life.relation_ended)
    if r() < 0.03 and life.state == "klient":
        refuse(book, life, max(book.recent(ENDED_DAYS), life.since))
    _named(book, life)
    _courted(book, life)
    _heard(book, life)
    book.close(life)


def _first_day(book: Book) -> date:
    """The company grows: more clients came lately than long ago; none came before coming of age."""
    u = sqrt(book.r())
    founded = date(book.as_of.year - YEARS_OF_BUSINESS, 1, 1)
    span = (book.as_of - max(founded, _of_age(book))).days
    return book.as_of - int(span * u**8) * DAY


def _of_age(book: Book) -> date:
    """The day the client that is written next comes of age; no lender deals with anybody younger."""
    return add_months(birth_date(book.last(Klient) + 1, book.as_of, book.seed), 12 * YOUNGEST)


def _trouble(book: Book, life: Life, contract: str, course: contracts.Course) -> None:
    """A cancelled contract leaves a claim, perhaps a disclosure and a court case."""
    r, ended = book.r, course.ended
    if course.state != "üles_öeldud" or ended is None:
        return
    contracts.breach(book, contract, ended, intentional=r() < 0.1)
    if (book.as_of - ended).days < contracts.KEPT_NOTICES:
        overdue = between(r, 46, 75)
        contracts.disclosure(book, life, contract, ended - (contracts.CANCELLED_AFTER - overdue) * DAY, overdue)
    if r() < 0.25:
        opened = min(ended + between(r, 30, 200) * DAY, book.as_of)
        final = opened + between(r, 90, 400) * DAY
        book.court_case(life, contract, opened, None if final > book.as_of else final)


def _named(book: Book, life: Life) -> None:
    if book.r() < 0.04:
        role = pick(book.r, ("tegelik_kasusaaja", "äripartner", "kontaktisik"))
        stopped = book.recent(90) if book.r() < 0.1 else None
        book.third_person(life, role, stopped if stopped and stopped > life.since else None)


def _courted(book: Book, life: Life) -> None:
    """Segment, advertising, games and research: of people whom the company still deals with, or did lately."""
    r, until = book.r, life.relation_ended
    gone = 0 if until is None else (book.as_of - until).days
    if r() < (0.5 if until is None else 0.1):
        old = r() < 0.1
        marketing.segment(book, life, life.since if old else max(life.since, book.recent(400)), whole_date=old)
    if gone > 900 or r() > 0.35:
        return
    last = until or book.as_of
    purposes = [purpose for purpose in marketing.PURPOSES if r() < 0.5] or [marketing.ADVERTISING]
    for purpose in purposes:
        active = max(life.since, last - int(500 * r() * r()) * DAY)
        life.active_on = max(life.active_on or active, active)
        forbidden = book.recent(50) if r() < 0.05 else None
        at = book.at(forbidden) if forbidden and forbidden > active else None
        _leave_traces(book, life, purpose, marketing.choice(book, life, purpose, active, at), active)


def _leave_traces(book: Book, life: Life, purpose: str, chosen: int, active: date) -> None:
    r = book.r
    if purpose == marketing.GAMES:
        marketing.take_part(book, chosen, book.at(active))
    elif purpose == marketing.RESEARCH:
        # Whoever answered lately may still be asked back.
        lately = (book.as_of - active).days < 30 or r() < 0.08
        marketing.answer(book, chosen, book.at(active), life.who.email if lately else None)
        life.habits = pick(r, words.HABITS) if r() < 0.5 else None
        if r() < 0.3:
            marketing.preferences(book, chosen, active)
    else:
        life.social_account = f"@{life.who.email.partition('@')[0]}" if r() < 0.3 else None
        for _ in range(between(r, 1, 2)):
            marketing.view(book, chosen, book.at(active), f"198.51.100.{between(r, 1, 254)}" if r() < 0.2 else None)


def _heard(book: Book, life: Life) -> None:
    """Complaints, and authorities that ask; both reach back four years."""
    r = book.r
    if r() < 0.02:
        made = max(life.since, book.recent(1300))
        solved = made + between(r, 2, 60) * DAY
        book.complaint(life, made, None if solved > book.as_of else solved)
    if r() < 0.01:
        received = max(life.since, book.recent(1300))
        closed = received + between(r, 2, 40) * DAY
        book.authority_query(life, received, None if closed > book.as_of else closed)
