"""One hire-purchase contract from signature to its end: the course it takes, and the records it leaves.

`Course` is the plan (dates and amounts, nothing written yet); `write` puts it into the book. Interest is flat, in whole cents, so that no
result hangs on a floating-point library. A course never passes `as_of`.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date

from governance.samples.bulgarian import Dice, between, pick
from governance.samples.dates import DAY, add_months, moment
from governance.samples.estonian import iban
from governance.samples.koduliising import words
from governance.samples.koduliising.book import Book, Life
from governance.samples.koduliising.rows import (
    NO,
    YES,
    Algdokument,
    Kaup,
    Leping,
    Local,
    Makse,
    Registriteade,
    Rikkumine,
    money,
)

TERMS = (3, 4, 6, 6, 9, 9, 12, 12, 18)  # months, the common ones more than once
CANCELLED_AFTER = 90  # days overdue
KEPT_QUERIES = 1300  # days that credit queries reach back; older ones went long ago
KEPT_NOTICES = 1250  # days after the end of a contract that its notices and disclosures reach back
EVENING = 20 * 3600


@dataclass(frozen=True)
class Course:
    """What happens to one contract. Amounts in cents; `payments` ascending by date; `last_paid_at` overrides the clock of the last one."""

    signed: date
    price: int
    term: int
    rate: int  # thousandths of a percent a year
    state: str
    payments: tuple[tuple[date, int], ...]
    ended: date | None
    last_paid_at: Local | None = None
    debt: int = 0  # of a cancelled contract, still not paid

    @property
    def owed(self) -> int:
        """Price and interest."""
        return self.price + self.price * self.rate * self.term // (12 * 100_000)

    @property
    def balance(self) -> int:
        """What is still to be paid."""
        return self.owed - sum(cents for _, cents in self.payments) if self.state == "kehtiv" else self.debt


def imagine(r: Dice, signed: date, as_of: date) -> Course:
    """A contract signed that day as chance has it: paid on time, early or not at all, or still running on `as_of`."""
    blank = Course(signed, between(r, 4, 60) * 5000, pick(r, TERMS), between(r, 90, 289) * 100, "kehtiv", (), None)
    fate, term, whole = r(), blank.term, blank.owed
    stops_after = between(r, 0, term - 1) if fate < 0.06 else None
    closes_early = between(r, 1, term) if 0.06 <= fate < 0.2 else term
    instalment = whole // term
    payments: list[tuple[date, int]] = []
    for month in range(1, closes_early + 1):
        fallen_due = add_months(signed, month)
        if stops_after is not None and month > stops_after:
            ended = fallen_due + CANCELLED_AFTER * DAY
            if ended > as_of:
                break
            debt = whole - instalment * (month - 1) if r() < 0.35 else 0
            return replace(blank, state="üles_öeldud", payments=tuple(payments), ended=ended, debt=debt)
        paid = fallen_due + int(6 * r()) * DAY
        if paid > as_of:
            break
        if month == closes_early:
            payments.append((paid, whole - instalment * (month - 1)))
            return replace(blank, state="lõppenud", payments=tuple(payments), ended=paid)
        payments.append((paid, instalment))
    return replace(blank, payments=tuple(payments))


def finished(ended: date, *, months: int = 6, last_paid_at: Local | None = None) -> Course:
    """Goods of 1000 euros paid off month by month, the last time on `ended`."""
    blank = Course(add_months(ended, -months), 100_000, months, 15_000, "lõppenud", (), ended, last_paid_at)
    days = [*(add_months(ended, step - months) for step in range(1, months)), ended]
    instalment = blank.owed // months
    payments = [(day, instalment) for day in days[:-1]] + [(ended, blank.owed - instalment * (months - 1))]
    return replace(blank, payments=tuple(payments))


def cancelled(ended: date, *, debt: int = 0) -> Course:
    """A contract of which three instalments were paid before it was cancelled; `debt` is what is still not paid."""
    paid = finished(ended, months=12)
    return replace(paid, state="üles_öeldud", payments=paid.payments[:3], debt=debt)


def running(as_of: date, *, months: int = 5) -> Course:
    """A contract of twelve months on which `months` instalments were paid; the last of them some days before `as_of`."""
    signed = add_months(as_of - 10 * DAY, -months)
    blank = Course(signed, 100_000, 12, 15_000, "kehtiv", (), None)
    return replace(blank, payments=tuple((add_months(signed, month), blank.owed // 12) for month in range(1, months + 1)))


def write(book: Book, life: Life, course: Course) -> str:
    """Application, offer, contract, goods, payments, source documents and notices of one contract; the contract's number."""
    r, signed = book.r, course.signed
    offer = book.offer(life, signed - between(r, 0, 5) * DAY, "vastu_võetud", signed, course.price, course.term)
    applied_at = moment(signed, between(r, 9 * 3600, 11 * 3600))
    application = book.application(life, applied_at, "lepinguga", offer=offer, cents=course.price)
    if (book.as_of - signed).days < KEPT_QUERIES:
        book.credit_query(application, applied_at)
    number, account = f"KL-{signed.year}-{book.number(Leping):06}", iban(r)
    book.rows.append(
        Leping(
            number, life.number, application, signed, course.state, course.ended, money(course.price),
            f"{course.rate // 1000}.{course.rate % 1000:03}", money(course.balance), account,
        )
    )  # fmt: skip
    _hand_over(book, life, number, course)
    _pay(book, life, number, course, account)
    _post(book, life, number, course)
    if r() < 0.7 and (course.ended is None or (book.as_of - course.ended).days < KEPT_NOTICES):
        book.notice(life, number, book.at(signed), pick(r, words.NOTICES))
    return number


def document(book: Book, life: Life, contract: str | None, year: int, cents: int) -> int:
    """One accounting source document of that financial year; its number."""
    number = book.number(Algdokument)
    who = life.who
    book.rows.append(Algdokument(number, contract, f"A-{year}-{number:08}", year, money(cents), who.full_name, who.isikukood))
    return number


def breach(book: Book, contract: str, fell_due: date | None, *, intentional: bool = False) -> int:
    """A breach and the claim out of it; its number."""
    number = book.number(Rikkumine)
    text = words.BREACHES[between(book.r, 1, 2)] if intentional else words.BREACHES[0]
    claim = money(between(book.r, 5_000, 90_000))
    book.rows.append(Rikkumine(number, contract, fell_due, YES if intentional else NO, text, claim))
    return number


def disclosure(book: Book, life: Life, contract: str, day: date, overdue: int | None) -> int:
    """The debt is reported to the debt register, `overdue` days after it fell due; its number."""
    number = book.number(Registriteade)
    book.rows.append(Registriteade(number, contract, day, overdue, money(between(book.r, 5_000, 90_000)), life.who.isikukood))
    return number


def _hand_over(book: Book, life: Life, contract: str, course: Course) -> None:
    r, who = book.r, life.who
    parts = 2 if r() < 0.15 else 1
    for _ in range(parts):
        book.rows.append(
            Kaup(
                book.number(Kaup), contract, pick(r, words.GOODS), f"SN{between(r, 10**8, 10**9 - 1)}", money(course.price // parts),
                f"{who.street}, {who.town} {who.postcode}" if r() < 0.5 else None, course.signed,
            )
        )  # fmt: skip


def _pay(book: Book, life: Life, contract: str, course: Course, account: str) -> None:
    r, rows, name = book.r, book.rows, life.who.full_name
    out = moment(course.signed, between(r, 12 * 3600, 16 * 3600))
    rows.append(Makse(book.number(Makse), contract, out, "väljamakse", money(course.price), None, None))  # to the shop
    last = len(course.payments) - 1
    for index, (day, cents) in enumerate(course.payments):
        at = course.last_paid_at if index == last and course.last_paid_at else moment(day, 28_800 + int(r() * 43_200))
        rows.append(Makse(book.number(Makse), contract, at, "tagasimakse", money(cents), name, account))
        if r() < 0.02:
            rows.append(Makse(book.number(Makse), contract, moment(day, EVENING), "tasu", "5.00", name, account))


def _post(book: Book, life: Life, contract: str, course: Course) -> None:
    """The invoice for the goods, and one document for what was paid in each year."""
    document(book, life, contract, course.signed.year, course.price)
    years: dict[int, int] = {}
    for day, cents in course.payments:
        years[day.year] = years.get(day.year, 0) + cents
    for year, cents in years.items():
        document(book, life, contract, year, cents)
