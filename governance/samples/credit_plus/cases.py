"""The clients with reserved numbers: named cases that tests look for. Clients on the edges of every cut-off: `edges.py`.

`CASES` says where each named case lies; the numbers are the same for every size, seed and date. Nothing is random in what decides about
retention; names and amounts are. "Goes" and "kept" are meant for a first night, before anything was erased.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date

from governance.samples.bulgarian import Person
from governance.samples.credit_plus import credit, records
from governance.samples.credit_plus.book import Book
from governance.samples.dates import DAY, add_months, moment

Story = Callable[[Book], object]  # writes one client


@dataclass(frozen=True)
class Case:
    """Where a named case lies (table and primary key, composite as a tuple) and what must become of it."""

    table: str
    key: int | tuple[int, int]
    meaning: str


CASES = {
    "live-beside-expired": Case("litsa", 1, "an expired contract and a running one without debt: identity stays"),
    "fully-expired": Case("litsa", 2, "a contract and its renewal beyond every term, accounting included: everything goes"),
    "expired-inside-accounting": Case("litsa", 3, "application beyond 5 years, postings inside 10: identity goes, amounts stay"),
    "expired-open-debt": Case("litsa", 4, "application beyond 5 years, the claim not paid: kept (XII 1.5)"),
    "expired-open-enforcement": Case("litsa", 5, "application beyond 5 years, enforcement not closed: kept (XII 1.5)"),
    "enforcement-paid": Case("litsa", 6, "application beyond 5 years, enforcement closed by payment: goes"),
    "expired-open-dispute": Case("litsa", 7, "beyond the term, but a dispute is pending: kept"),
    "expired-open-authority-request": Case("litsa", 8, "beyond the term, but an authority's request is open: kept"),
    "expired-restricted": Case("litsa", 9, "beyond the term, but processing is restricted: only stored (8.3.2)"),
    "restriction-lifted": Case("litsa", 10, "beyond the term, the restriction was lifted: goes"),
    "end-unknown": Case("litsa", 11, "the contract ended, nobody noted when: unknown start event, reported, kept"),
    "application-placeholder": Case("litsa", 12, "application dated 1900-01-01 by some import: unknown start event, reported, kept"),
    "refused-expired": Case("litsa", 13, "refused 6 years ago: goes (XII 1.6)"),
    "refused-inside": Case("litsa", 14, "refused 4 years ago: kept"),
    "unanswered-expired": Case("litsa", 15, "not answered within 48 hours, 6 years ago: goes (XII 1.6)"),
    "renewed-live": Case(
        "litsa", 16, "renewed every year for 7 years, no debt: the years over lose identity, their rows and the client stay"
    ),
    "lead-open": Case("litsa", 17, "registered, still looking: kept"),
    "lead-closed": Case("litsa", 18, "registered, never applied, relation over: goes"),
    "marketing-objected": Case("litsa", 19, "objected to marketing, contract runs: contact becomes a token, interests go, the rest stays"),
    "marketing-withdrawn": Case("litsa", 20, "withdrew consent to marketing, contract running: as for an objection"),
    "longer-term-running": Case("litsa", 21, "refused 6 years ago, consented to a term that still runs: kept (4.4)"),
    "longer-term-over": Case("litsa", 22, "refused 7 years ago, consented to a term that is over: goes (4.4)"),
    "longer-term-withdrawn": Case("litsa", 23, "refused 6 years ago, consent to a longer term withdrawn: goes (4.4)"),
    "longer-term-withdrawn-early": Case("litsa", 24, "consent to a longer term withdrawn while the 5 years still run: conflict, kept"),
    "third-persons-untold": Case("litsa", 25, "a beneficiary and a guarantor who were never told (4.3): two findings"),
    "overdue-not-ended": Case("litsa", 26, "120 days overdue and still in force (IX 2.2): a finding"),
    "codes": Case("litsa", 27, "codes around the 24 hours"),
    "scores": Case("litsa", 28, "scores that still name the person, older and younger than the 30 days"),
    "expired-to-be-held": Case("litsa", 29, "as expired-inside-accounting, for a hold that somebody places"),
    "marketing-after-relation": Case("litsa", 30, "refused 2 years ago, marketing never stopped: contact and interests go"),
    "tranche-expired": Case("transhove", (1, 1), "tranche of the expired contract of the first client: goes with its payments"),
    "tranche-live": Case("transhove", (2, 1), "tranche of the running contract of the first client: kept"),
    "code-void": Case("ednokratni_kodove", 1, "sent three days ago: goes (IV.15)"),
    "code-fresh": Case("ednokratni_kodove", 2, "sent today: kept"),
    "employee-taken-over": Case("sluzhiteli", 1, "left half a century ago: contact goes; name and EGN stay with payroll inside 50 years"),
    "employee-left": Case("sluzhiteli", 2, "left a month ago: contact and health data go, name and EGN stay with the payroll"),
    "employee-current": Case("sluzhiteli", 6, "works here: kept"),
    "payroll-expired": Case("vedomosti", 1, "the last reporting year beyond 50 years: goes"),
    "payroll-inside": Case("vedomosti", 2, "the first reporting year inside 50 years: kept"),
    "candidate-expired": Case("kandidati", 1, "turned down 8 months ago: goes"),
    "candidate-inside": Case("kandidati", 2, "turned down a month ago: kept"),
    "counterparty-ended": Case("kontragenti", 1, "relation over, invoices inside 10 years: the contact person goes, the firm stays"),
    "counterparty-current": Case("kontragenti", 2, "relation lasts: kept"),
    "video-expired": Case("videozapisi", 1, "70 days old: goes"),
    "video-inside": Case("videozapisi", 2, "10 days old: kept"),
}

EXPIRED_YEARS = 7  # beyond the 5 years, inside the 10 years of accounting, whatever the day of the year
PLACEHOLDER = "1900-01-01 00:00:00"


def stories() -> list[Story]:
    """One function for each named client of `CASES`, in the order of their numbers."""
    return [
        lambda book: borrower(book, _expired(book), credit.running(book.as_of)),
        lambda book: borrower(book, credit.finished(date(book.as_of.year - 13, 11, 20), years=2)),
        lambda book: borrower(book, _expired(book)),
        lambda book: borrower(book, credit.defaulted(_years_ago(book, EXPIRED_YEARS))),
        _enforced,
        lambda book: borrower(book, _paid_under_enforcement(book)),
        _disputed,
        _asked_by_authority,
        lambda book: _restricted(book, None),
        lambda book: _restricted(book, _years_ago(book, 3)),
        _without_end,
        _imported,
        lambda book: declined(book, _years_ago(book, 6)),
        lambda book: declined(book, _years_ago(book, 4)),
        lambda book: declined(book, _years_ago(book, 6), decision="bez_otgovor"),
        lambda book: borrower(book, credit.renewed_until(_years_ago(book, 7) - 20 * DAY, book.as_of)),
        lambda book: book.client(book.as_of - DAY, None, interests=False),
        lambda book: book.client(book.as_of - 40 * DAY, book.as_of - 30 * DAY, interests=False),
        lambda book: _stopped_marketing(book, "vazrazenie"),
        lambda book: _stopped_marketing(book, "otteglyane"),
        lambda book: _longer_term(book, 6, add_months(book.as_of, 12), None),
        lambda book: _longer_term(book, 7, book.as_of - 30 * DAY, None),
        lambda book: _longer_term(book, 6, add_months(book.as_of, 12), book.as_of - 20 * DAY),
        lambda book: _longer_term(book, 3, add_months(book.as_of, 48), book.as_of - 20 * DAY),
        _third_persons,
        _overdue,
        _codes,
        _scores,
        lambda book: borrower(book, _expired(book)),
        _marketing_after_relation,
    ]


def borrower(book: Book, *courses: credit.Credit) -> tuple[int, Person, int]:
    """A client with these credits, one after the other: number, person, last contract."""
    client, who = book.client(courses[0].signed, courses[-1].over, interests=False)
    contract = 0
    for course in courses:
        contract = records.write(book, client, who, course)
    return client, who, contract


def declined(book: Book, day: date, clock: str = "11:30:00", *, decision: str = "otkazano") -> tuple[int, Person, int]:
    """Somebody who was refused, or not answered: number, person, application."""
    client, who = book.client(day, min(day + 2 * DAY, book.as_of), interests=False)
    application = book.application(client, who, day, f"{day} {clock}", decision, 50_000)
    if decision == "otkazano":
        book.notice(application, who, min(day + DAY, book.as_of))
    return client, who, application


def _years_ago(book: Book, years: int) -> date:
    return add_months(book.as_of, -12 * years)


def _expired(book: Book) -> credit.Credit:
    return credit.finished(_years_ago(book, EXPIRED_YEARS))


def _paid_under_enforcement(book: Book) -> credit.Credit:
    return credit.defaulted(_years_ago(book, 8), opened=_years_ago(book, 7), closed=_years_ago(book, 6))


def _enforced(book: Book) -> None:
    """The claim itself is paid; the bailiff's costs are not, so the case is open."""
    course = _paid_under_enforcement(book)
    borrower(book, replace(course, enforcement=(_years_ago(book, 7), None)))


def _disputed(book: Book) -> None:
    client, _, contract = borrower(book, _expired(book))
    book.dispute(client, contract, _years_ago(book, 6), None)


def _asked_by_authority(book: Book) -> None:
    client, _, _ = borrower(book, _expired(book))
    book.authority_request(client, book.as_of - 20 * DAY, None)


def _restricted(book: Book, lifted: date | None) -> None:
    client, _, _ = borrower(book, _expired(book))
    book.restriction(client, _years_ago(book, 4), lifted)


def _without_end(book: Book) -> None:
    course = _expired(book)
    client, who = book.client(course.signed, course.over, interests=False)
    records.write(book, client, who, course, closes=False)


def _imported(book: Book) -> None:
    day = _years_ago(book, 9)
    client, who = book.client(day, day + 2 * DAY, interests=False)
    book.application(client, who, day, PLACEHOLDER, "otkazano", 50_000)


def _stopped_marketing(book: Book, how: str) -> None:
    course = credit.running(book.as_of)
    client, who = book.client(course.signed, None, interests=True)
    records.write(book, client, who, course)
    book.contact(client, who, book.as_of - 90 * DAY, how, book.at(book.as_of - 10 * DAY))


def _longer_term(book: Book, years: int, until: date, withdrawn: date | None) -> None:
    client, _, application = declined(book, _years_ago(book, years))
    book.longer_term(client, application, _years_ago(book, years), until, book.at(withdrawn) if withdrawn else None)


def _third_persons(book: Book) -> None:
    _, _, contract = borrower(book, credit.running(book.as_of))
    records.beneficiary(book, contract, None)
    records.guarantor(book, contract, book.as_of - 150 * DAY, None)


def _overdue(book: Book) -> None:
    """A payment was missed 120 days ago, and nobody ended the contract."""
    course = credit.running(book.as_of, owing=True)
    year = replace(course.years[0], overdue=120)
    borrower(book, replace(course, years=(year,)))


def _codes(book: Book) -> None:
    """One code long void, one fresh, and one for every full hour of yesterday, so that any time of a run has one on each side."""
    day = book.as_of - 3 * DAY
    client, who = book.client(day, None, interests=False)
    application = book.application(client, who, day, f"{day} 11:00:00", "chaka", 50_000)
    book.code(application, who, f"{day} 11:05:00", f"{day} 11:06:00")
    book.code(application, who, f"{book.as_of} 00:05:00")
    for hour in range(24):
        book.code(application, who, moment(book.as_of - DAY, hour * 3600))


def _scores(book: Book) -> None:
    """Both scores hold clear values; only the first is older than the 30 days. One more was computed again, also clear."""
    client, who, application = declined(book, book.as_of - 60 * DAY)
    old = f"{book.as_of - 60 * DAY} 11:40:00"
    book.score(application, who, old, clear=True, ip=book.address(clear=True))
    fresh = book.as_of - 10 * DAY
    book.application(client, who, fresh, f"{fresh} 11:30:00", "otkazano", 50_000)


def _marketing_after_relation(book: Book) -> None:
    day = _years_ago(book, 2)
    client, who = book.client(day, day + 2 * DAY, interests=True)
    application = book.application(client, who, day, f"{day} 11:30:00", "otkazano", 50_000)
    book.notice(application, who, day + DAY)
    book.contact(client, who, day)
