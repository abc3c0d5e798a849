"""The named cases: borrowers whose records have fixed keys and whose fate is known, whatever the size, seed and date.

`CASES` says where each lies and what must become of it; `stories()` writes them, one borrower each. Nothing random decides about
retention here; names and amounts are made up. The days around every cut-off: `edges.py`.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from governance.samples.dates import DAY, add_months
from governance.samples.kredit_seven import loans, records
from governance.samples.kredit_seven.book import CODES, Book, Life, case_key
from governance.samples.kredit_seven.rows import Key

EXPIRED = 72  # months: beyond the five years, whatever the day
PLACEHOLDER = date(1900, 1, 1)  # what some import writes for an unknown day


@dataclass(frozen=True)
class Case:
    """Where a named case lies (table and primary key) and what must become of it."""

    table: str
    key: UUID | str
    meaning: str


def _case(story: str, table: str, meaning: str, number: int = 1) -> Case:
    key = case_key(story, table, number)
    return Case(table, key if table in CODES else UUID(key), meaning)


CASES = {
    "live-loan-beside-expired": _case("live-beside-expired", "Borrower", "an old expired microcredit and a running one: identity stays"),
    "expired-loan-of-live-borrower": _case("live-beside-expired", "Microcredit", "the old one of the two: goes"),
    "fully-expired": _case("fully-expired", "Borrower", "all beyond its term: goes, though borrower and loan point to each other"),
    "fully-expired-loan": _case("fully-expired", "Microcredit", "the borrower's current microcredit, six years settled: goes"),
    "expired-open-account": _case("open-account", "Borrower", "microcredit expired, site account open: name and contact stay"),
    "current-loan-of-open-account": _case("open-account", "Microcredit", "expired, but a borrower who stays points to it: tokens"),
    "expired-beside-barred": _case("expired-beside-barred", "Borrower", "identity goes; the row stays for the entry that points to it"),
    "barred-running": _case("expired-beside-barred", "BarredPerson", "barred two years ago: the list keeps its own name and IIN"),
    "barred-expired": _case("barred-expired", "BarredPerson", "barred more than five years ago: goes"),
    "barred-lifted": _case("barred-lifted", "BarredPerson", "barred two years ago, lifted last month: goes"),
    "barred-unlinked": _case("barred-lifted", "BarredPerson", "barred, never a borrower, no reference: stays", 2),
    "expired-open-lawsuit": _case("lawsuit", "Borrower", "beyond every term, but a lawsuit is pending: kept"),
    "expired-with-bailiff": _case("bailiff", "Borrower", "beyond every term, but enforcement has not ended: kept"),
    "expired-open-inquiry": _case("inquiry", "Borrower", "beyond every term, but an authority's inquiry is open: kept"),
    "expired-blocked": _case("blocked", "Borrower", "beyond every term, but the data are blocked: kept"),
    "settled-unknown-end": _case("unknown-end", "Microcredit", "settled long ago, end not noted: unknown start event, reported, kept"),
    "settled-placeholder-end": _case("placeholder-end", "Microcredit", "settled on 1 January 1900: not plausible, reported, kept"),
    "overdue-for-years": _case("overdue", "Borrower", "never paid back: the relation has not ended, nothing begins"),
    "collected-without-breach": _case("unbreached", "CollectionCase", "collection of a loan that is paid in time (2.3): kept, a finding"),
    "claim-assigned": _case("assigned", "Cession", "assigned two years ago: kept"),
    "claim-assigned-expired": _case("assigned-expired", "Cession", "assigned six years ago: goes, and the microcredit with it"),
    "refused-expired": _case("refused-expired", "CreditApplication", "refused more than 12 months ago: goes"),
    "refused-inside": _case("refused-inside", "CreditApplication", "refused less than 12 months ago: kept"),
    "offer-lapsed": _case("offer-lapsed", "CreditOffer", "application abandoned, offer lapsed more than 12 months ago: goes"),
    "registered-only": _case(
        "registered-only",
        "Borrower",
        "never applied: identity goes, the advertising term holds the row",
    ),
    "registered-lately": _case("registered-lately", "Borrower", "registered last month: kept"),
    "account-closed": _case("account-closed", "WebAccount", "closed last week: goes at once; the borrower's identity stays"),
    "account-closed-unknown": _case("account-unknown", "WebAccount", "closed, day not noted: unknown start event, reported, kept"),
    "salary-to-band": _case("salary-to-band", "Borrower", "14 months without a loan: salary becomes a band, identity stays"),
    "bureau-contents-early": _case("reports", "BureauReport", "granted 8 months ago: the contents go, row and application stay"),
    "pension-contents-early": _case("reports", "PensionReport", "the same of the pension centre's report"),
    "bureau-unknown-purpose-end": _case("reports", "BureauReport", "used, purpose's end not noted: unknown start event, reported, kept", 2),
    "withdrawn-open-debt": _case("withdrawn-open-debt", "Borrower", "consent withdrawn, microcredit not paid back: kept (7.1)"),
    "withdrawn-obligations-met": _case("withdrawn-met", "Borrower", "refused, withdrawn, nothing owed: identity goes before its time"),
    "withdrawn-in-conflict": _case("withdrawn-conflict", "Borrower", "withdrawn, paid back 2 years ago: the law keeps identity, a finding"),
    "advertising-withdrawn": _case("advertising-withdrawn", "Borrower", "advertising withdrawn, nothing owed: only the segment goes"),
    "advertising-profile-withdrawn": _case("advertising-withdrawn", "AdvertisingProfile", "the profile built on that consent: goes"),
    "advertising-consent-withdrawn": _case("advertising-withdrawn", "ConsentRecord", "the proof stays, without the contact", 2),
    "advertising-withdrawn-open-debt": _case("advertising-debt", "AdvertisingProfile", "withdrawn, microcredit not paid back: kept (7.1)"),
    "advertising-expired": _case("advertising-expired", "AdvertisingProfile", "26 months without a loan: goes"),
    "advertising-inside": _case("salary-to-band", "AdvertisingProfile", "14 months without a loan: kept"),
    "recording-open-complaint": _case("recordings", "QualityRecording", "older than six months, evidence of an open complaint: kept"),
    "recording-closed-complaint": _case("recordings", "QualityRecording", "older than six months, the complaint was answered: goes", 2),
    "visit-expired": _case("recordings", "SiteVisit", "a page seen 13 months ago: goes"),
    "visit-inside": _case("recordings", "SiteVisit", "a page seen eleven months ago: kept", 2),
    "parcel-expired": _case("recordings", "CourierParcel", "delivered 13 months ago: goes"),
    "parcel-under-way": _case("recordings", "CourierParcel", "sent 13 months ago, never delivered: not begun, kept", 2),
}

Story = Callable[[Book], None]


def stories() -> dict[str, Story]:
    """The functions that write the cases, by the name their keys are made from; one borrower each."""
    return {
        "live-beside-expired": _live_beside_expired,
        "fully-expired": lambda book: finish(book, expired(book)),
        "open-account": lambda book: finish(book, expired(book), closed=None),
        "expired-beside-barred": lambda book: _barred(book, expired(book), 24, None),
        "barred-expired": lambda book: _barred(book, borrower(book, loans.running(book.as_of)), 61, None),
        "barred-lifted": _barred_lifted,
        "lawsuit": lambda book: _held(book, kind="court"),
        "bailiff": lambda book: _held(book, kind="bailiff"),
        "inquiry": _inquired,
        "blocked": _blocked,
        "unknown-end": lambda book: finish(book, borrower(book, loans.without_end(loans.settled(ago(book, EXPIRED))))),
        "placeholder-end": lambda book: finish(book, borrower(book, loans.without_end(loans.settled(ago(book, EXPIRED)), PLACEHOLDER))),
        "overdue": lambda book: finish(book, borrower(book, loans.overdue(ago(book, 80))), closed=None),
        "unbreached": _collected_without_breach,
        "assigned": lambda book: finish(book, borrower(book, loans.assigned(ago(book, 24)))),
        "assigned-expired": lambda book: finish(book, borrower(book, loans.assigned(ago(book, EXPIRED)))),
        "refused-expired": lambda book: _refused(book, 14),
        "refused-inside": lambda book: _refused(book, 5),
        "offer-lapsed": _offer_lapsed,
        "registered-only": lambda book: finish(book, registered(book, ago(book, 14)), closed=ago(book, 13)),
        "registered-lately": lambda book: finish(book, registered(book, book.as_of - 30 * DAY), closed=None),
        "account-closed": lambda book: finish(book, borrower(book, loans.settled(ago(book, 20))), closed=book.as_of - 7 * DAY),
        "account-unknown": _account_unknown,
        "salary-to-band": lambda book: _advertised(book, 14, closed=None),
        "reports": _reports,
        "withdrawn-open-debt": _withdrawn_open_debt,
        "withdrawn-met": _withdrawn_met,
        "withdrawn-conflict": _withdrawn_conflict,
        "advertising-withdrawn": lambda book: _advertising_withdrawn(book, loans.settled(ago(book, 2))),
        "advertising-debt": lambda book: _advertising_withdrawn(book, loans.running(book.as_of)),
        "advertising-expired": lambda book: _advertised(book, 26, closed=ago(book, 14)),
        "recordings": _recordings,
    }


def ago(book: Book, months: int) -> date:
    return add_months(book.as_of, -months)


def registered(book: Book, day: date) -> Life:
    return book.open(lambda _: day)


def borrower(book: Book, *courses: loans.Course) -> Life:
    """A person with these microcredits, one after the other, and a money-laundering check; the row is not yet written."""
    life = registered(book, courses[0].signed)
    for course in courses:
        loans.write(book, life, course)
    last = courses[-1]
    book.aml(life, courses[0].signed, last.settled if last.state not in loans.LIVE else None)
    return life


def expired(book: Book) -> Life:
    """A borrower whose only microcredit was paid back six years ago."""
    return borrower(book, loans.settled(ago(book, EXPIRED)))


_CLOSED_LONG_AGO = date.min


def finish(book: Book, life: Life, *, closed: date | None = _CLOSED_LONG_AGO) -> None:
    """Account, consent to processing, and the row. Unless told otherwise the account was closed, and the consent lapsed, two years ago."""
    day = ago(book, 24) if closed is _CLOSED_LONG_AGO else closed
    book.account(life, day)
    lapsed = day or (date.fromisoformat(life.consent_withdrawn_at[:10]) if life.consent_withdrawn_at else None)
    book.consent(life, "processing", life.registered_on, withdrawn_at=life.consent_withdrawn_at, lapsed=lapsed)
    book.close(life)


def _live_beside_expired(book: Book) -> None:
    finish(book, borrower(book, loans.settled(ago(book, EXPIRED)), loans.running(book.as_of)), closed=None)


def _barred(book: Book, life: Life, months: int, lifted: date | None) -> None:
    records.barred(book, life, ago(book, months), lifted)
    finish(book, life)


def _barred_lifted(book: Book) -> None:
    life = borrower(book, loans.running(book.as_of))
    records.barred(book, life, ago(book, 24), ago(book, 1))
    records.barred(book, life, ago(book, 24), linked=False)
    finish(book, life, closed=None)


def _held(book: Book, *, kind: str) -> None:
    life = expired(book)
    records.collection(book, _current(life), kind, ago(book, EXPIRED + 2), None, 90_000)
    finish(book, life)


def _current(life: Life) -> Key:
    if life.current is None:
        raise ValueError("a borrower without a microcredit")
    return life.current


def _collected_without_breach(book: Book) -> None:
    life = borrower(book, loans.running(book.as_of))
    records.collection(book, _current(life), "call-centre", book.as_of - 8 * DAY, None, 120_000)
    finish(book, life, closed=None)


def _inquired(book: Book) -> None:
    life = expired(book)
    records.inquiry(book, life, book.as_of - 20 * DAY, None)
    finish(book, life)


def _blocked(book: Book) -> None:
    life = expired(book)
    records.blocking(book, life, book.as_of - 20 * DAY, None)
    finish(book, life)


def _refused(book: Book, months: int) -> None:
    life = registered(book, ago(book, months))
    book.application(life, book.at(ago(book, months)), "refused", ago(book, months), 150_000, 30)
    finish(book, life, closed=ago(book, 1))


def _offer_lapsed(book: Book) -> None:
    life, day = registered(book, ago(book, 14)), ago(book, 14)
    application = book.application(life, book.at(day), "abandoned", day, 150_000, 30)
    loans.offered(book, application, 150_000, 30, day, None)
    finish(book, life, closed=ago(book, 1))


def _account_unknown(book: Book) -> None:
    life = borrower(book, loans.settled(ago(book, 20)))
    book.account(life, None, state="closed")
    book.close(life)


def _advertised(book: Book, months: int, *, closed: date | None) -> None:
    """Nobody withdrew anything; the person simply has had no loan for so long."""
    life = borrower(book, loans.settled(ago(book, months)))
    consent = book.consent(life, "advertising", life.registered_on, lapsed=closed)
    book.advertise(life, consent, ago(book, months))
    finish(book, life, closed=closed)


def _reports(book: Book) -> None:
    """A running microcredit, granted eight months ago."""
    course = loans.running(book.as_of, months=8)
    life = registered(book, course.signed)
    application, _ = loans.write(book, life, course)
    records.bureau_report(book, application, course.signed, course.signed)
    records.bureau_report(book, application, course.signed, None)
    records.pension_report(book, life, application, course.signed, course.signed)
    book.aml(life, course.signed, None)
    finish(book, life, closed=None)


def _withdrawn_open_debt(book: Book) -> None:
    life = borrower(book, loans.running(book.as_of))
    life.consent_withdrawn_at = book.at(book.as_of - 20 * DAY)
    finish(book, life, closed=None)


def _withdrawn_met(book: Book) -> None:
    life = registered(book, ago(book, 5))
    book.application(life, book.at(ago(book, 5)), "refused", ago(book, 5), 150_000, 30)
    life.consent_withdrawn_at = book.at(book.as_of - 20 * DAY)
    finish(book, life, closed=None)


def _withdrawn_conflict(book: Book) -> None:
    life = borrower(book, loans.settled(ago(book, 24)))
    life.consent_withdrawn_at = book.at(book.as_of - 20 * DAY)
    finish(book, life, closed=None)


def _advertising_withdrawn(book: Book, course: loans.Course) -> None:
    """Of two consents one is withdrawn."""
    life = borrower(book, course)
    book.consent(life, "bureau-query", life.registered_on)
    consent = book.consent(life, "advertising", life.registered_on, withdrawn_at=book.at(book.as_of - 15 * DAY))
    book.advertise(life, consent, life.registered_on)
    finish(book, life, closed=None)


def _recordings(book: Book) -> None:
    """Calls, visits and parcels of somebody with a running microcredit."""
    life = borrower(book, loans.running(book.as_of, months=14))
    seen = ago(book, 7)
    for answered in (None, seen + 10 * DAY):
        records.recording(book, life, book.at(seen), records.complaint(book, life, seen, answered))
    for months in (13, 11):
        records.visit(book, life, book.at(ago(book, months)))
    records.parcel(book, life, ago(book, 13) - 2 * DAY, ago(book, 13))
    records.parcel(book, life, ago(book, 13), None)
    finish(book, life, closed=None)
