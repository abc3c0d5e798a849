"""Records beside the loans: reports on applicants, recordings, visits, complaints, parcels, collection, inquiries, blocking, the barred.

One function a record; each takes its dates from the caller and makes up the rest. Decides nothing about what is due.
"""

from __future__ import annotations

import json
from datetime import date

from governance.samples.bulgarian import between, pick
from governance.samples.kredit_seven import words
from governance.samples.kredit_seven.book import Book, Life
from governance.samples.kredit_seven.rows import (
    AuthorityInquiry,
    BarredPerson,
    BlockingOrder,
    BureauReport,
    CollectionCase,
    Complaint,
    CourierParcel,
    Key,
    Local,
    PensionReport,
    QualityRecording,
    SiteVisit,
    money,
)


def bureau_report(book: Book, application: Key, queried: date, reached: date | None, *, used: bool = True) -> None:
    """What a credit bureau said of the applicant, as it came: a JSON document."""
    r, key = book.r, book.key(BureauReport)
    contents = {
        "score": between(r, 300, 850),
        "activeLoans": between(r, 0, 4),
        "worstArrearsDays": pick(r, (0, 0, 0, 7, 31, 94)),
        "lenders": [{"kind": pick(r, ("bank", "mfo", "pawnshop")), "balance": between(r, 0, 60) * 10_000} for _ in range(between(r, 0, 2))],
    }
    state, reference = "used" if used else "pending", f"BR-{book.random.getrandbits(48):012X}"
    text = json.dumps(contents, sort_keys=True)
    book.rows.append(BureauReport(key, application, pick(r, words.BUREAUS), book.at(queried), state, reached, reference, text))


def pension_report(book: Book, life: Life, application: Key, queried: date, reached: date | None, *, used: bool = True) -> None:
    """What the pension-payment centre said of the applicant's contributions."""
    r = book.r
    state, contribution = "used" if used else "pending", money(between(r, 8, 60) * 1000 + between(r, 1, 999))
    employer = f"БИН {book.random.getrandbits(39):012}"
    book.rows.append(
        PensionReport(
            book.key(PensionReport), application, book.at(queried), state, reached, life.who.iin, employer, contribution
        )
    )  # fmt: skip


def barred(book: Book, life: Life, day: date, lifted: date | None = None, *, linked: bool = True) -> None:
    """An entry of the list of persons barred from microcredit; without a link when it came from elsewhere."""
    ground, key = pick(book.r, words.BARRINGS), book.key(BarredPerson)
    book.rows.append(BarredPerson(key, life.key if linked else None, life.who.iin, life.who.full_name, ground, day, lifted))


def visit(book: Book, life: Life | None, at: Local) -> None:
    """One page of the site seen, by a person who is logged in or by anybody."""
    r = book.r
    cookie = f"{book.random.getrandbits(64):016x}" if r() < 0.9 else None
    browser, page, provider = pick(r, words.BROWSERS), pick(r, words.PAGES), pick(r, words.PROVIDERS) if r() < 0.8 else None
    borrower = life.key if life else None
    book.rows.append(SiteVisit(book.key(SiteVisit), borrower, at, book.ip(), cookie, browser, page, provider))


def recording(book: Book, life: Life, at: Local, complaint: Key | None = None) -> None:
    """A call recorded for its quality; the sound is a few random bytes."""
    seconds, sound = between(book.r, 15, 900), book.random.randbytes(48)
    book.rows.append(QualityRecording(book.key(QualityRecording), life.key, complaint, at, seconds, life.phone, sound))


def complaint(book: Book, life: Life, received: date, answered: date | None) -> Key:
    """A complaint in the person's own words; open while `answered` is None."""
    r, key = book.r, book.key(Complaint)
    text, reply = pick(r, words.COMPLAINT_TEXTS), pick(r, words.REPLIES) if answered else None
    book.rows.append(Complaint(key, life.key, pick(r, words.COMPLAINTS), received, answered, text, reply))
    return key


def parcel(book: Book, life: Life, sent: date, delivered: date | None) -> None:
    """A letter or the agreement on paper, by courier; under way while `delivered` is None."""
    state = "sent" if delivered is None else "delivered" if book.r() < 0.9 else "returned"
    courier = pick(book.r, words.COURIERS)
    book.rows.append(CourierParcel(book.key(CourierParcel), life.key, courier, state, sent, delivered, life.who.full_name, life.home.line))


def collection(book: Book, microcredit: Key, kind: str, opened: date, closed: date | None, claimed: int) -> None:
    """A case of collection: by an agency, before a court, or with a bailiff."""
    r = book.r
    by = {"call-centre": words.COLLECTORS, "court": words.COURTS, "bailiff": words.BAILIFFS}[kind]
    note = pick(r, words.CASE_NOTES)
    book.rows.append(CollectionCase(book.key(CollectionCase), microcredit, kind, opened, closed, pick(r, by), money(claimed), note))


def inquiry(book: Book, life: Life, received: date, answered: date | None) -> None:
    """An authority asks about a person; open while `answered` is None."""
    reply, body = "Предоставлены запрошенные сведения." if answered else None, pick(book.r, words.AUTHORITIES)
    book.rows.append(AuthorityInquiry(book.key(AuthorityInquiry), life.key, body, received, answered, reply))


def blocking(book: Book, life: Life, blocked: date, lifted: date | None) -> None:
    """The person's data are blocked: neither used nor changed until the order is lifted."""
    ground = pick(book.r, words.BLOCKINGS)
    book.rows.append(BlockingOrder(book.key(BlockingOrder), life.key, blocked, lifted, ground))
