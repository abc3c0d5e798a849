"""What the company keeps apart from its clients: personnel and payroll, job applicants, counterparties with their invoices, video.

Sizes follow the number of clients, slowly. Payroll of a company that was taken over reaches back beyond fifty years. Video reaches back
some ten weeks, with rows on the edges of the 60 days near local midnight. Each story yields wherever its rows may be handed on.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from governance.samples import words
from governance.samples.bulgarian import between, email, full_name, phone, pick
from governance.samples.credit_plus.book import Book
from governance.samples.credit_plus.population import founded
from governance.samples.credit_plus.records import posting
from governance.samples.credit_plus.rows import Candidate, Counterparty, Employee, Footage, Local, PayrollLine, money
from governance.samples.dates import DAY, add_months, around_event, around_year, edge_moments

CLIENTS_PER_EMPLOYEE, FEWEST_EMPLOYEES = 500, 30
CLIENTS_PER_CANDIDATE, FEWEST_CANDIDATES = 80, 60
CLIENTS_PER_COUNTERPARTY, FEWEST_COUNTERPARTIES = 500, 30
CLIENTS_PER_CAMERA, FEWEST_CAMERAS = 2000, 3
KEPT_RECORDED = 74  # days that video reaches back
PAYROLL_YEARS = 50
SICK_NOTES = ("болничен лист, 5 дни", "трудоустроен до края на годината", "предварителен медицински преглед: годен", None, None)


def open_up(book: Book, clients: int) -> Iterator[None]:
    """Personnel with payroll and counterparties with invoices; first the named ones and those on an edge."""
    _predecessor(book)
    _employee(book, book.as_of - 400 * DAY, book.as_of - 30 * DAY)
    for left in (book.as_of, book.as_of - DAY, book.as_of - 2 * DAY, None):  # no period at all: left yesterday is due today
        _employee(book, add_months(book.as_of, -40), left)
    while book.last(Employee) < max(FEWEST_EMPLOYEES, clients // CLIENTS_PER_EMPLOYEE):
        hired = book.recent((book.as_of - founded(book.as_of)).days)
        left_on = hired + between(book.r, 100, 3000) * DAY
        _employee(book, hired, left_on if left_on <= book.as_of and book.r() < 0.5 else None)
        yield
    _counterparty(book, book.as_of - 90 * DAY)
    _counterparty(book, None)
    for day in around_year(book.as_of, years=10):  # a counterparty that stays, with invoices around the ten years
        posting(book, None, book.last(Counterparty), day, "602", 12_000, _contact_name(book))
    while book.last(Counterparty) < max(FEWEST_COUNTERPARTIES, clients // CLIENTS_PER_COUNTERPARTY):
        _counterparty(book, book.recent(900) if book.r() < 0.2 else None)
        yield


def hire(book: Book, clients: int) -> Iterator[None]:
    """Job applicants of the last months; first those on the edges of the six months."""
    edges = [day for day in around_event(book.as_of, months=6) if day > add_months(book.as_of, -8)]
    for decided in (add_months(book.as_of, -8), book.as_of - 30 * DAY, *edges):
        _candidate(book, decided - 20 * DAY, "otkazan", decided)
    while book.last(Candidate) < max(FEWEST_CANDIDATES, clients // CLIENTS_PER_CANDIDATE):
        applied, fate = book.recent(240), book.r()
        decided = applied + between(book.r, 5, 60) * DAY
        if fate < 0.4 or decided > book.as_of:
            _candidate(book, applied, "prodalzhava", None)
        else:
            _candidate(book, applied, "naet" if fate > 0.95 else "otkazan", decided)
        yield


def keep_watch(book: Book, clients: int) -> Iterator[None]:
    """Ten weeks of cameras; first two named recordings and those near the edge."""
    for day in (book.as_of - 70 * DAY, book.as_of - 10 * DAY):
        _footage(book, "вход", book.at(day))
    for at in edge_moments(book.as_of, days=60):
        _footage(book, "вход", at)
    for camera in range(max(FEWEST_CAMERAS, clients // CLIENTS_PER_CAMERA)):
        for ago in range(KEPT_RECORDED):
            for _ in range(3):
                _footage(book, f"камера {camera + 1}", book.at(book.as_of - ago * DAY))
        yield


def _predecessor(book: Book) -> None:
    """An employee of the company that was taken over, with payroll on both sides of the fifty years; the first employee."""
    year = book.as_of.year - PAYROLL_YEARS - 1  # the last year that is due
    _person(book, date(year - 6, 3, 1), date(year + 2, 4, 30), None)
    for reporting_year in (year, year + 1, year - 1, year + 2):
        _payroll(book, reporting_year, 18_000)


def _employee(book: Book, hired: date, left: date | None) -> None:
    _person(book, hired, left, pick(book.r, SICK_NOTES))
    monthly = between(book.r, 12, 40) * 10_000
    for year in range(hired.year, (left or book.as_of).year + 1):
        _payroll(book, year, 12 * monthly)


def _person(book: Book, hired: date, left: date | None, health: str | None) -> None:
    third, position = book.third_person(), pick(book.r, words.POSITIONS)
    number = book.number(Employee)
    row = Employee(number, third.name, third.egn, third.address, third.phone, third.account, position, health, hired, left)
    book.rows.append(row)


def _payroll(book: Book, year: int, cents: int) -> None:
    row = PayrollLine(book.number(PayrollLine), book.last(Employee), year, money(cents), money(cents * 9 // 10))
    book.rows.append(row)


def _candidate(book: Book, applied: date, outcome: str, decided: date | None) -> None:
    r, number = book.r, book.number(Candidate)
    first, middle, last = full_name(r, r() < 0.5)
    name = f"{first} {middle} {last}"
    cv = f"{name}. {between(r, 1, 25)} години трудов стаж. Живее в {pick(r, words.TOWNS)[1]}."
    book.rows.append(Candidate(number, name, email(first, last, number), phone(r), pick(r, words.POSITIONS), cv, applied, outcome, decided))


def _counterparty(book: Book, ended: date | None) -> None:
    r, number = book.r, book.number(Counterparty)
    firm, form = pick(r, words.FIRMS), pick(r, words.FIRM_FORMS)
    first, middle, last = full_name(r, r() < 0.5)
    eik, name = f"{between(r, 200_000_000, 209_999_999)}", f"{first} {middle} {last}"
    book.rows.append(Counterparty(number, f"„{firm}“ {form}", eik, name, phone(r), email(first, last, number), ended))
    day = ended or book.as_of
    for _ in range(between(r, 4, 40)):
        posting(book, None, number, day, "602", between(r, 50, 900) * 100, name)
        day -= between(r, 20, 120) * DAY


def _contact_name(book: Book) -> str:
    return " ".join(full_name(book.r, book.r() < 0.5))


def _footage(book: Book, camera: str, at: Local) -> None:
    book.rows.append(Footage(book.number(Footage), camera, at, book.random.randbytes(64)))
