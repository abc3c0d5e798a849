"""What the company keeps apart from its clients: offices, incidents, recordings at the doors, job applicants, audit files.

Sizes follow the number of clients, slowly: a company with ten times the clients has ten times the offices. Recordings reach back
some ten weeks, with rows on the edges of the 60 days near local midnight.
"""

from __future__ import annotations

from datetime import date

from governance.samples import words
from governance.samples.bulgarian import between, email, full_name, phone, pick
from governance.samples.credithelp import cases
from governance.samples.credithelp.book import Book
from governance.samples.credithelp.population import KEPT_RECORDED, founded
from governance.samples.credithelp.rows import AccessLogEntry, AuditFile, Incident, JobApplicant, Local, Office, VideoFootage
from governance.samples.dates import DAY, edge_moments

CLIENTS_PER_OFFICE, CLIENTS_PER_INCIDENT, CLIENTS_PER_APPLICANT = 1000, 500, 80
FEWEST_OFFICES, FEWEST_INCIDENTS, FEWEST_APPLICANTS = 3, 12, 60
AUDIT_KINDS = ("годишен финансов отчет", "одиторски доклад", "данъчна ревизия", "счетоводен регистър")


def offices_for(clients: int) -> int:
    """How many offices a company of that size has."""
    return max(FEWEST_OFFICES, clients // CLIENTS_PER_OFFICE)


def open_up(book: Book, clients: int) -> None:
    """Offices, incidents, audit files, the first job applicants. Writes `book.incidents`, which later recordings refer to."""
    for _ in range(book.offices):
        _, town, _ = pick(book.r, words.TOWNS)
        number = book.number(Office)
        street = f"ул. „{pick(book.r, words.STREETS)}“ {between(book.r, 1, 140)}"
        book.rows.append(Office(number, f"Офис {number:03} {town}", town, street))
    book.incidents += cases.incidents(book)
    while len(book.incidents) < max(FEWEST_INCIDENTS, clients // CLIENTS_PER_INCIDENT):
        book.incidents.append(_incident(book))
    book.rows += book.incidents
    _audit_files(book)
    for ago in (0, 1, 2):  # no period at all: decided yesterday is due today, decided today is not
        _job_applicant(book, book.as_of - 30 * DAY, "rejected", book.as_of - ago * DAY)


def applicants_for(clients: int) -> int:
    """How many people ask a company of that size for work within the time it keeps their papers."""
    return max(FEWEST_APPLICANTS, clients // CLIENTS_PER_APPLICANT)


def apply_for_work(book: Book) -> None:
    """One more job applicant of the last months."""
    applied, fate = book.recent(240), book.r()
    decided = applied + between(book.r, 5, 60) * DAY
    if fate < 0.72 or decided > book.as_of:
        _job_applicant(book, applied, "open", None)
    else:
        _job_applicant(book, applied, "hired" if fate > 0.95 else "rejected", decided)


def reserved_recordings(book: Book) -> None:
    """The footage of `cases.CASES`, and footage and entries on the edges of the 60 days."""
    day = book.as_of - cases.INCIDENT_DAYS_AGO * DAY
    for incident in (cases.OPEN_INCIDENT, cases.CLOSED_INCIDENT):
        _footage(book, 1, book.at(day), incident)
    for at in edge_moments(book.as_of, days=60):
        _footage(book, 1, at, None)
        _entry(book, 1, at, None)


def keep_watch(book: Book, office: int) -> None:
    """Ten weeks of cameras and doors of one office."""
    for ago in range(KEPT_RECORDED):
        day = book.as_of - ago * DAY
        incident = book.incident_of((day,)) if book.r() < 0.03 else None
        number = incident.incident_id if incident and incident.office_id == office else None
        _footage(book, office, book.at(day), number)
        _footage(book, office, book.at(day), None)
        for _ in range(between(book.r, 2, 9)):
            _entry(book, office, book.at(day), number)


def _incident(book: Book) -> Incident:
    r = book.r
    opened = book.as_of - between(r, 1, 300) * DAY
    closed = opened + between(r, 2, 60) * DAY
    kind = pick(r, ("theft", "fraud", "complaint", "accident"))
    is_open = closed > book.as_of or r() < 0.15
    return Incident(book.number(Incident), between(r, 1, book.offices), kind, opened, None if is_open else closed)


def _footage(book: Book, office: int, at: Local, incident: int | None) -> None:
    camera = pick(book.r, ("вход", "каса", "паркинг"))
    book.rows.append(VideoFootage(book.number(VideoFootage), office, camera, at, book.random.randbytes(64), incident))


def _entry(book: Book, office: int, at: Local, incident: int | None) -> None:
    r, number = book.r, book.number(AccessLogEntry)
    name = " ".join(full_name(r, r() < 0.5))
    book.rows.append(AccessLogEntry(number, office, at, name, f"P{between(r, 1000, 9999)}" if r() < 0.4 else None, incident))


def _audit_files(book: Book) -> None:
    for year in range(founded(book.as_of).year, book.as_of.year):
        for kind in AUDIT_KINDS:
            name = " ".join(full_name(book.r, book.r() < 0.5))
            book.rows.append(AuditFile(book.number(AuditFile), year, kind, name, f"{kind.capitalize()} за {year} г., изготвил {name}."))


def _job_applicant(book: Book, applied: date, status: str, decided: date | None) -> None:
    r, number = book.r, book.number(JobApplicant)
    first, middle, last = full_name(r, r() < 0.5)
    name, years = f"{first} {middle} {last}", between(r, 1, 25)
    cv = f"{name}. {years} години трудов стаж. Живее в {pick(r, words.TOWNS)[1]}."
    position = pick(r, words.POSITIONS)
    book.rows.append(JobApplicant(number, name, email(first, last, number), phone(r), position, cv, applied, status, decided))
