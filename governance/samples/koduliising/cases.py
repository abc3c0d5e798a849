"""The clients with reserved numbers: named cases that tests look for.

`CASES` says where each lies; the keys are the same for every size, seed and date, for each table the cases come first and in this order.
None of them is random in what decides about retention; names and amounts are. Clients on the edges of cut-offs: `edges.py`.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from governance.samples.dates import DAY, add_months
from governance.samples.koduliising import contracts, marketing
from governance.samples.koduliising.book import OFFER_VALID_DAYS, Book, Life
from governance.samples.koduliising.population import decline, refuse
from governance.samples.koduliising.rows import VolitatudTöötleja

Story = Callable[[Book], None]  # writes one client


@dataclass(frozen=True)
class Case:
    """Where a named case lies (table and primary key) and what must become of it."""

    table: str
    key: int | str
    meaning: str


CASES = {
    "applicant-refused": Case("klient", 1, "refused yesterday: gone today, with application and query (8.2.3, 0 days)"),
    "applicant-refused-today": Case("klient", 2, "refused today: the day is not over, kept"),
    "applicant-offer-expired": Case("klient", 3, "the offer was valid until yesterday and not accepted: gone"),
    "applicant-offer-valid": Case("klient", 4, "the offer is valid until the end of today: kept"),
    "applicant-declined": Case("klient", 5, "declined the offer a week ago: gone, although it would still be valid"),
    "applicant-undecided": Case("klient", 6, "waits for the decision: kept"),
    "applicant-identified": Case("klient", 7, "refused, but the law keeps the identification file 5 years: a conflict; the rest goes"),
    "applicant-in-dispute": Case("klient", 8, "refused, and sues: everything kept"),
    "applicant-authority-asks": Case("klient", 9, "refused, and an authority asks: everything kept"),
    "client-live": Case("klient", 10, "a running contract beside one that ended nine years ago: identity stays"),
    "client-refused-again": Case("klient", 11, "a client whose other application was refused: the application goes, the client stays"),
    "former-gone": Case("klient", 12, "relation ended nine years ago: beyond every term, everything goes"),
    "former-inside-accounting": Case("klient", 13, "ended six years ago: identity becomes tokens, the books keep contract and documents"),
    "former-inside-aml": Case("klient", 14, "ended four years ago: identity stays, contact, work and income go"),
    "former-inside-claims": Case("klient", 15, "ended two years ago: kept"),
    "former-unknown-end": Case("klient", 16, "former client without the day on which it ended: unknown start, kept and reported"),
    "breach-lapsed": Case("klient", 17, "cancelled seven years ago, paid since; the claim lapsed after three: identity becomes tokens"),
    "breach-intentional": Case("klient", 18, "the same, but the breach was intentional: name, code, address, contact stay for ten years"),
    "open-debt": Case("klient", 19, "cancelled seven years ago and still not paid: kept"),
    "dispute-open": Case("klient", 20, "ended six years ago, a court case is pending: kept"),
    "authority-open": Case("klient", 21, "ended six years ago, an authority asks: kept"),
    "objection-advertising": Case("klient", 22, "forbade 4.1.11 yesterday: social account, contact, views go; habits and notices stay"),
    "objection-games": Case("klient", 23, "forbade 4.1.12 yesterday: contact and games go, social account and habits stay"),
    "objection-research": Case("klient", 24, "forbade 4.1.13 yesterday: habits and preferences go, social account stays"),
    "objection-today": Case("klient", 25, "forbade everything today: the day is not over, kept"),
    "marketing-inactive": Case("klient", 26, "no activity for 25 months: marketing data go, the client stays"),
    "marketing-active": Case("klient", 27, "active 23 months ago: kept"),
    "code-broken": Case("klient", 29, "the personal code has a wrong check digit: reported (4.1.10), kept"),
    "refusal-unknown-day": Case("taotlused", 10, "refused application of a client without the day: unknown start, kept and reported"),
    "capacity-decided": Case("teovõime_kontrollid", 1, "the decision was made yesterday: gone"),
    "capacity-pending": Case("teovõime_kontrollid", 2, "the decision is pending: kept"),
    "contact-person-stopped": Case("kolmandad_isikud", 1, "a contact person wants it stopped: gone"),
    "owner-stopped": Case("kolmandad_isikud", 2, "a beneficial owner wants it stopped, the law keeps it: kept"),
    "partner-not-stopped": Case("kolmandad_isikud", 3, "nobody asked: kept"),
    "answer-old": Case("uuringuvastused", 1, "answered 31 days ago with an address: the address becomes a token"),
    "answer-fresh": Case("uuringuvastused", 2, "answered 30 days ago: kept"),
    "segment-whole-date": Case("sihtgrupid", 1, "holds the day of birth: generalised to the year"),
    "segment-year": Case("sihtgrupid", 2, "holds 1 January for the year: nothing to do"),
    "view-with-device": Case("lehevaatamised", 7, "page viewed 100 days ago: of the device's address the network stays"),
    "disclosed-too-early": Case("registriteated", 1, "reported when 45 days overdue: a violation of 5.4.1"),
    "disclosed-in-time": Case("registriteated", 2, "reported when 46 days overdue: lawful"),
    "query-not-told": Case("krediidiparingud", 10, "the person was not told of the query: a violation of 6.3"),
    "processor-published-late": Case("volitatud_töötlejad", 1, "published 32 days after the change: a violation of 4.3"),
    "processor-published-in-time": Case("volitatud_töötlejad", 2, "published 31 days after the change: lawful"),
    "newsletter-withdrawn": Case("uudiskirja_tellijad", 1, "consent withdrawn yesterday: gone"),
    "newsletter-withdrawn-today": Case("uudiskirja_tellijad", 2, "consent withdrawn today: kept"),
    "newsletter-unopened": Case("uudiskirja_tellijad", 3, "no letter opened for 25 months: gone"),
    "newsletter-read": Case("uudiskirja_tellijad", 4, "a letter opened last month: kept"),
}  # fmt: skip


def company(book: Book) -> None:
    """What belongs to no client: two processors on the public list, four subscribers of the newsletter."""
    changed = add_months(book.as_of, -6)
    for name, delay in (("Trükikoda Sinilill", 32), ("Kõnekeskus Ööbik", 31)):
        number = book.number(VolitatudTöötleja)
        book.rows.append(VolitatudTöötleja(number, name, "EE", changed, changed, changed + delay * DAY, delay))
    yesterday, last_month = book.as_of - DAY, add_months(book.as_of, -1)
    marketing.subscribe(book, last_month, book.at(yesterday))
    marketing.subscribe(book, last_month, f"{book.as_of} 00:20:00")
    marketing.subscribe(book, add_months(book.as_of, -25), None)
    marketing.subscribe(book, last_month, None)


def stories() -> list[Story]:
    """One function for each named client of `CASES`, in the order of their numbers."""
    return [
        lambda book: _refused(book, book.as_of - DAY),
        lambda book: _refused(book, book.as_of),
        lambda book: _unanswered(book, book.as_of - DAY),
        _thinking,
        _declined,
        _undecided,
        _identified,
        _in_dispute,
        _asked_about,
        _live_beside_ended,
        _refused_again,
        lambda book: _former(book, contracts.finished(ago(book, 108))),
        lambda book: _former(book, contracts.finished(ago(book, 72))),
        lambda book: _former(book, contracts.finished(ago(book, 48))),
        lambda book: _former(book, contracts.finished(ago(book, 24))),
        _without_end,
        lambda book: _breached(book, intentional=False),
        lambda book: _breached(book, intentional=True),
        lambda book: _former(book, contracts.cancelled(ago(book, 84), debt=45_000)),
        _sued,
        _queried,
        lambda book: _objected(book, marketing.ADVERTISING),
        lambda book: _objected(book, marketing.GAMES),
        lambda book: _objected(book, marketing.RESEARCH),
        _objected_today,
        lambda book: _courted(book, ago(book, 25)),
        lambda book: _courted(book, ago(book, 23)),
        _minimised,
        _miscoded,
    ]


def ago(book: Book, months: int) -> date:
    """The day so many months before today."""
    return add_months(book.as_of, -months)


def client(book: Book, *courses: contracts.Course) -> tuple[Life, str]:
    """A client with these contracts, one after the other, and an identification file; the life, still open, and the last contract."""
    life = book.open(courses[0].signed)
    number = ""
    for course in courses:
        number = contracts.write(book, life, course)
    last = courses[-1].ended
    life.state, life.relation_ended = ("klient", None) if last is None else ("endine", last)
    book.identification(life, life.since, last)
    return life, number


def _former(book: Book, course: contracts.Course) -> None:
    book.close(client(book, course)[0])


def _applicant(book: Book, since: date, ended: date | None) -> Life:
    life = book.open(since)
    life.application_ended = ended
    return life


def _refused(book: Book, day: date) -> None:
    life = _applicant(book, day, day)
    refuse(book, life, day)
    book.close(life)


def _unanswered(book: Book, until: date) -> None:
    made = until - OFFER_VALID_DAYS * DAY
    life = _applicant(book, made, until)
    decline(book, life, made, until, answered=False)
    book.close(life)


def _thinking(book: Book) -> None:
    """The register says open until the day is over; the day on which it ends is noted already."""
    made = book.as_of - OFFER_VALID_DAYS * DAY
    life = _applicant(book, made, book.as_of)
    application = book.application(life, book.at(made), "pakutud", offer=book.offer(life, made, "avatud", None, 90_000, 12))
    book.credit_query(application, book.at(made))
    book.close(life)


def _declined(book: Book) -> None:
    made, ended = book.as_of - 9 * DAY, book.as_of - 7 * DAY
    life = _applicant(book, made, ended)
    book.capacity_check(decline(book, life, made, ended, answered=True), made, book.as_of - DAY)
    book.notice(life, None, book.at(ended), "otsus")
    book.close(life)


def _undecided(book: Book) -> None:
    life = _applicant(book, book.as_of - 2 * DAY, None)
    application = book.application(life, book.at(life.since), "esitatud")
    book.capacity_check(application, life.since, None)
    book.credit_query(application, book.at(life.since))
    book.close(life)


def _identified(book: Book) -> None:
    day = book.as_of - 20 * DAY
    life = _applicant(book, day, day)
    refuse(book, life, day)
    book.identification(life, day, day)
    book.close(life)


def _in_dispute(book: Book) -> None:
    day = book.as_of - 40 * DAY
    life = _applicant(book, day, day)
    refuse(book, life, day)
    book.court_case(life, None, book.as_of - 10 * DAY, None)
    book.close(life)


def _asked_about(book: Book) -> None:
    day = book.as_of - 40 * DAY
    life = _applicant(book, day, day)
    refuse(book, life, day)
    book.authority_query(life, book.as_of - 5 * DAY, None)
    book.close(life)


def _live_beside_ended(book: Book) -> None:
    """Before the contracts, an application whose refusal nobody dated, and a query nobody was told of."""
    ended, course = contracts.finished(ago(book, 108)), contracts.running(book.as_of)
    life = book.open(ended.signed)
    refused = book.application(life, book.at(ago(book, 3)), "keeldutud")
    book.credit_query(refused, book.at(ago(book, 3)), told=False)
    for each in (ended, course):
        contracts.write(book, life, each)
    life.state = "klient"
    book.identification(life, life.since, None)
    book.close(life)


def _refused_again(book: Book) -> None:
    life, _ = client(book, contracts.running(book.as_of))
    refuse(book, life, book.as_of - 30 * DAY)
    book.close(life)


def _without_end(book: Book) -> None:
    course = contracts.finished(ago(book, 96))
    life, _ = client(book, course)
    life.relation_ended = None
    book.close(life)


def _breached(book: Book, *, intentional: bool) -> None:
    course = contracts.cancelled(ago(book, 84))
    life, contract = client(book, course)
    contracts.breach(book, contract, course.ended, intentional=intentional)
    book.close(life)


def _sued(book: Book) -> None:
    life, contract = client(book, contracts.finished(ago(book, 72)))
    book.court_case(life, contract, ago(book, 70), None)
    book.close(life)


def _queried(book: Book) -> None:
    life, _ = client(book, contracts.finished(ago(book, 72)))
    book.authority_query(life, book.as_of - 20 * DAY, None)
    book.close(life)


def _courted(book: Book, active: date, forbidden: dict[str, str] | None = None) -> None:
    """A client since three years, with a choice for each purpose and everything that hangs on it; the advertising choice comes first."""
    life, contract = client(book, contracts.finished(ago(book, 30)), contracts.running(book.as_of))
    chosen = {purpose: marketing.choice(book, life, purpose, active, (forbidden or {}).get(purpose)) for purpose in marketing.PURPOSES}
    marketing.view(book, chosen[marketing.ADVERTISING], book.at(active), None)
    marketing.take_part(book, chosen[marketing.GAMES], book.at(active))
    marketing.preferences(book, chosen[marketing.RESEARCH], active)
    life.active_on, life.social_account, life.habits = active, f"@klient{life.number}", "ostab sügisel"
    book.notice(life, contract, book.at(book.as_of - DAY), "meeldetuletus")
    book.close(life)


def _objected(book: Book, purpose: str) -> None:
    _courted(book, ago(book, 2), {purpose: f"{book.as_of - DAY} 23:59:59"})


def _objected_today(book: Book) -> None:
    _courted(book, ago(book, 2), dict.fromkeys(marketing.PURPOSES, f"{book.as_of} 00:20:00"))


def _minimised(book: Book) -> None:
    """A client with what is coarsened early, with other people named, and with debts reported too early and in time."""
    life, contract = client(book, contracts.running(book.as_of, months=9))
    researched = marketing.choice(book, life, marketing.RESEARCH, book.as_of - 30 * DAY)
    marketing.answer(book, researched, f"{book.as_of - 31 * DAY} 23:59:59", life.who.email)
    marketing.answer(book, researched, f"{book.as_of - 30 * DAY} 00:20:00", life.who.email)
    advertised = marketing.choice(book, life, marketing.ADVERTISING, book.as_of - 10 * DAY)
    marketing.view(book, advertised, book.at(book.as_of - 100 * DAY), "198.51.100.77")
    marketing.segment(book, life, life.since, whole_date=True)
    marketing.segment(book, life, life.since, whole_date=False)
    book.third_person(life, "kontaktisik", book.as_of - 3 * DAY)
    book.third_person(life, "tegelik_kasusaaja", book.as_of - 3 * DAY)
    book.third_person(life, "äripartner")
    for overdue in (45, 46):
        contracts.disclosure(book, life, contract, book.as_of - 60 * DAY, overdue)
    book.close(life)


def _miscoded(book: Book) -> None:
    course = contracts.running(book.as_of)
    life = book.open(course.signed, invalid_isikukood=True)
    contracts.write(book, life, course)
    life.state = "klient"
    book.identification(life, life.since, None)
    book.close(life)
