"""Clients on the edges of every cut-off: the days around it, and the minutes around midnight where a start event is an instant.

They follow the named cases, in a fixed order for a given `as_of`. The days come from `governance.samples.dates`, never from the calculus.
"""

from __future__ import annotations

from datetime import date
from functools import partial

from governance.samples.dates import DAY, NEAR_MIDNIGHT, add_months, around_event, around_year, edge_moments
from governance.samples.koduliising import contracts, marketing
from governance.samples.koduliising.book import OFFER_VALID_DAYS, Book
from governance.samples.koduliising.cases import Story, client
from governance.samples.koduliising.population import decline, refuse


def edge_stories(as_of: date) -> list[Story]:
    """One function for each client on an edge."""
    told: list[Story] = []
    for months in (12, 36, 60):  # segment; claims, creditworthiness, objection-record; identification and transactions
        told += [partial(_ended, day=day, months=months) for day in around_event(as_of, months=months)]
    told += [partial(_ended, day=day, months=84) for day in around_year(as_of, years=7)]  # accounting
    for days in (0, 1, 2):  # applicant
        told += [partial(_applied, ended=as_of - days * DAY, how=how) for how in ("refused", "declined", "expired")]
    for day in around_event(as_of, months=24):  # marketing
        told.append(partial(_active, day=day))
    for purpose in marketing.PURPOSES:  # objection
        for days in (0, 1):
            told += [partial(_forbade, day=as_of - days * DAY, purpose=purpose, clock=clock) for clock in NEAR_MIDNIGHT]
    return [*told, _claims, _heard, _checked, _minimised]


def subscribers(book: Book) -> None:
    """Newsletters last opened around the cut-off, and consents withdrawn around the last midnights."""
    for day in around_event(book.as_of, months=24):
        marketing.subscribe(book, day, None)
    for days in (0, 1, 2):
        for clock in NEAR_MIDNIGHT:
            marketing.subscribe(book, add_months(book.as_of, -1), f"{book.as_of - days * DAY} {clock}")


def _ended(book: Book, day: date, months: int) -> None:
    """Contract and relation end on the edge; a segment and a choice beside the shorter terms."""
    life, _ = client(book, contracts.finished(day))
    if months == 12:
        marketing.segment(book, life, life.since, whole_date=False)
    if months == 36:
        marketing.choice(book, life, marketing.GAMES, day)
    book.close(life)


def _applied(book: Book, ended: date, how: str) -> None:
    made = ended - OFFER_VALID_DAYS * DAY if how == "expired" else ended
    life = book.open(made)
    life.application_ended = ended
    if how == "refused":
        refuse(book, life, ended)
    else:
        decline(book, life, made, ended, answered=how == "declined")
    book.close(life)


def _active(book: Book, day: date) -> None:
    """A client since long; one choice, last used on the edge."""
    life, _ = client(book, contracts.finished(add_months(book.as_of, -40)), contracts.running(book.as_of))
    marketing.take_part(book, marketing.choice(book, life, marketing.GAMES, day), book.at(day))
    life.active_on, life.habits = day, "võrdleb hindu"
    book.close(life)


def _forbade(book: Book, day: date, purpose: str, clock: str) -> None:
    life, _ = client(book, contracts.running(book.as_of))
    marketing.choice(book, life, purpose, life.since, f"{day} {clock}")
    life.social_account, life.habits = f"@klient{life.number}", "võrdleb hindu"
    book.close(life)


def _claims(book: Book) -> None:
    """A running contract; claims out of breaches, plain and intentional, that fell due on the edges."""
    life, contract = client(book, contracts.running(book.as_of))
    for months, intentional in ((36, False), (120, True)):
        for day in around_event(book.as_of, months=months):
            contracts.breach(book, contract, day, intentional=intentional)
        contracts.breach(book, contract, add_months(book.as_of, -6), intentional=intentional)
    book.close(life)


def _heard(book: Book) -> None:
    """A running contract; complaints, queries of authorities and court cases that ended on the edges."""
    life, contract = client(book, contracts.running(book.as_of))
    for day in around_event(book.as_of, months=36):
        book.complaint(life, day - 20 * DAY, day)
        book.authority_query(life, day - 20 * DAY, day)
        book.court_case(life, contract, day - 200 * DAY, day)
        book.notice(life, None, f"{day} {NEAR_MIDNIGHT[1]}", "maksegraafik")
    book.close(life)


def _checked(book: Book) -> None:
    """A running contract; queries and checks of legal capacity on the edges, and people who want it stopped."""
    life, _ = client(book, contracts.running(book.as_of))
    offer = book.offer(life, life.since, "vastu_võetud", life.since, 50_000, 12)
    application = book.application(life, book.at(life.since), "lepinguga", offer=offer)
    for day in around_event(book.as_of, months=36):
        for clock in NEAR_MIDNIGHT:
            book.credit_query(application, f"{day} {clock}")
    for days in (0, 1, 2):
        book.capacity_check(application, book.as_of - 9 * DAY, book.as_of - days * DAY)
        book.third_person(life, "kontaktisik", book.as_of - days * DAY)
    book.close(life)


def _minimised(book: Book) -> None:
    """A running contract; answers, page views and segments on the edges of what is coarsened early."""
    life, _ = client(book, contracts.running(book.as_of, months=9))
    researched = marketing.choice(book, life, marketing.RESEARCH, book.as_of - DAY)
    for at in edge_moments(book.as_of, days=30):
        marketing.answer(book, researched, at, life.who.email)
    advertised = marketing.choice(book, life, marketing.ADVERTISING, book.as_of - DAY)
    for at in edge_moments(book.as_of, days=90):
        marketing.view(book, advertised, at, "198.51.100.9")
    for days in (0, 1, 2):
        marketing.segment(book, life, book.as_of - days * DAY, whole_date=True)
    book.close(life)
