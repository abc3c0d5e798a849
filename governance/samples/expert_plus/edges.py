"""Debtors and records on both sides of every cut-off, in a fixed order for a given `as_of`. The calculus is not asked: see `dates`."""

from __future__ import annotations

from datetime import date
from functools import partial

from governance.samples.dates import DAY, NEAR_MIDNIGHT, add_months, around_event
from governance.samples.expert_plus.book import IP_KEPT_DAYS, PLACE_KEPT_DAYS, SALARY_KEPT_MONTHS, Book
from governance.samples.expert_plus.cases import Story, debtor, paid, running

FILE_MONTHS, ADVERTISING_MONTHS, RECORDING_MONTHS, WEB_MONTHS, REQUEST_MONTHS = 60, 24, 6, 12, 36


def edge_stories(as_of: date) -> list[Story]:
    """One function for each debtor on an edge."""
    told: list[Story] = [partial(_ended_on, day=day) for day in around_event(as_of, months=FILE_MONTHS)]
    told += [partial(_advertised_to, day=day) for day in around_event(as_of, months=ADVERTISING_MONTHS)]
    return [*told, _recorded, _browsing, _salaries_and_places, _inquiries, _at_once, _withdrawals]


def _ended_on(book: Book, day: date) -> None:
    """Relation, claim and last payment all end on the edge."""
    life = debtor(book, paid(day))
    book.disclosure(life, "kreditor", "usluga", day, None)


def _advertised_to(book: Book, day: date) -> None:
    book.consent(debtor(book, paid(day)), "rassylka", add_months(day, -4))


def _recorded(book: Book) -> None:
    life = debtor(book, running(book.as_of))
    for day in around_event(book.as_of, months=RECORDING_MONTHS):
        for clock in NEAR_MIDNIGHT:
            book.recording(life, f"{day} {clock}")


def _browsing(book: Book) -> None:
    life = debtor(book, running(book.as_of))
    for day in [*around_event(book.as_of, months=WEB_MONTHS), *around_event(book.as_of, days=IP_KEPT_DAYS)]:
        for clock in NEAR_MIDNIGHT:
            book.web_visit(life, f"{day} {clock}")


def _salaries_and_places(book: Book) -> None:
    life = debtor(book, running(book.as_of))
    for day in around_event(book.as_of, months=SALARY_KEPT_MONTHS):
        book.job(life, day)
    for day in around_event(book.as_of, days=PLACE_KEPT_DAYS):
        book.site_visit(life, book.last_claim, day)


def _inquiries(book: Book) -> None:
    life = debtor(book, running(book.as_of))
    for day in around_event(book.as_of, months=REQUEST_MONTHS):
        book.inquiry(life, "svedeniya", day - 2 * DAY, day)


def _at_once(book: Book) -> None:
    """Final decisions, objections of third persons, unlawful data: today, yesterday and the day before; nothing is owed any more."""
    for ago in (0, 1, 2):
        day = book.as_of - ago * DAY
        life = debtor(book, paid(book.as_of - 9 * DAY), relation_lasts=True)
        book.court_case(life, book.last_claim, day - 60 * DAY, day)
        book.contact_person(life, day - 60 * DAY, day)
        book.inquiry(life, "unichtozhenie", day, day, unlawful=day)


def _withdrawals(book: Book) -> None:
    """Advertising consents withdrawn today, yesterday and the day before, near midnight; nothing is owed any more."""
    life = debtor(book, paid(book.as_of - 9 * DAY), relation_lasts=True)
    for ago in (0, 1, 2):
        for clock in NEAR_MIDNIGHT:
            book.consent(life, "rassylka", book.as_of - 40 * DAY, f"{book.as_of - ago * DAY} {clock}")
