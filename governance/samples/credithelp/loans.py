"""One loan from signature to its end: the course it takes, and the contract, payments, postings and tax paper it leaves.

`Course` is the plan (dates and amounts, nothing written yet); `write` puts it into the book. Interest is flat, in whole stotinki, so
that no result hangs on a floating-point library. A course never passes `as_of`.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date

from governance.samples.bulgarian import Dice, Person, between, iban, pick
from governance.samples.credithelp.book import Book
from governance.samples.credithelp.rows import AccountingEntry, Contract, Local, TaxDocument, Transaction, money
from governance.samples.dates import DAY, add_months, moment

TERMS = (3, 4, 6, 6, 9, 9, 12, 12, 12, 18, 24)  # months, the common ones more than once
CALLED_AFTER = 90  # days overdue after which a contract is terminated
LIMITATION_MONTHS = 60  # of the lender's claim, from the termination
EVENING = 20 * 3600


@dataclass(frozen=True)
class Course:
    """What happens to one loan. Amounts in stotinki; `payments` ascending by date; `last_paid_at` overrides the clock of the last one."""

    signed: date
    principal: int
    term: int
    rate: int  # thousandths of a percent a year
    status: str
    payments: tuple[tuple[date, int], ...]
    terminated: date | None
    limitation_ends: date | None = None
    last_paid_at: Local | None = None

    @property
    def over(self) -> date | None:
        """The day from which nothing more happens, or None for a loan that still runs."""
        return None if self.status == "active" else self.terminated or self.payments[-1][0]


def imagine(r: Dice, signed: date, as_of: date) -> Course:
    """A loan signed that day as chance has it: repaid on time, early or not at all, or still running on `as_of`."""
    principal, term, rate = between(r, 6, 80) * 5000, pick(r, TERMS), between(r, 180, 399) * 100
    fate = r()
    stops_after = between(r, 0, term - 1) if fate < 0.07 else None
    closes_early = between(r, 1, term) if 0.07 <= fate < 0.22 else term
    whole = _owed(principal, term, rate)
    instalment = whole // term
    payments: list[tuple[date, int]] = []
    for month in range(1, closes_early + 1):
        fallen_due = add_months(signed, month)
        if stops_after is not None and month > stops_after:
            called = fallen_due + CALLED_AFTER * DAY
            if called > as_of:
                break
            return Course(
                signed, principal, term, rate, "defaulted", tuple(payments), called, add_months(called, LIMITATION_MONTHS)
            )  # fmt: skip
        paid = fallen_due + int(6 * r()) * DAY
        if paid > as_of:
            break
        if month == closes_early:
            payments.append((paid, whole - instalment * (month - 1)))
            return Course(signed, principal, term, rate, "repaid", tuple(payments), paid)
        payments.append((paid, instalment))
    return Course(signed, principal, term, rate, "active", tuple(payments), None)


def repaid(terminated: date, *, months: int = 6, every: int = 1, last_paid_at: Local | None = None) -> Course:
    """A loan of 1000 leva paid back `every` month or few, the last time on `terminated`; `every` divides `months`."""
    principal, rate, count = 100_000, 30_000, months // every
    whole = _owed(principal, months, rate)
    days = [add_months(terminated, every * (step - count)) for step in range(1, count)]
    payments = [(day, whole // count) for day in days] + [(terminated, whole - whole // count * (count - 1))]
    signed = add_months(terminated, -months)
    return Course(signed, principal, months, rate, "repaid", tuple(payments), terminated, last_paid_at=last_paid_at)


def defaulted(terminated: date, limitation_ends: date) -> Course:
    """A loan of which three instalments were paid before it was called in."""
    paid = repaid(terminated, months=12)
    return replace(paid, status="defaulted", payments=paid.payments[:3], limitation_ends=limitation_ends)


def without_end(course: Course) -> Course:
    """The same loan, but nobody noted the day on which the contract ended."""
    return replace(course, terminated=None)


def running(as_of: date, *, months: int = 5) -> Course:
    """A loan of twelve months on which `months` instalments were paid; the last of them some days before `as_of`."""
    signed = add_months(as_of - 10 * DAY, -months)
    instalment = _owed(100_000, 12, 30_000) // 12
    payments = tuple((add_months(signed, month), instalment) for month in range(1, months + 1))
    return Course(signed, 100_000, 12, 30_000, "active", payments, None)


def write(book: Book, client: int, who: Person, course: Course, *, applied_at: Local | None = None) -> int:
    """Application, contract, transactions, postings and tax paper of one loan; the contract's number."""
    r = book.r
    applied = applied_at or moment(course.signed, between(r, 9 * 3600, 11 * 3600))
    application = book.application(client, who, applied, "contracted", course.principal // 100, course.term)
    number, account = book.number(Contract), iban(r)
    book.rows.append(
        Contract(
            number, f"CH-{course.signed.year}-{number:08}", client, application, course.signed, course.status, course.terminated,
            course.limitation_ends, money(course.principal), f"{course.rate // 1000}.{course.rate % 1000:03}", account,
        )
    )  # fmt: skip
    _pay(book, number, course, who.full_name, account)
    _post(book, number, course, who.full_name)
    _tax(book, number, course, who)
    return number


def posting(book: Book, contract: int, posted_on: date, account: str, cents: int, payer: str) -> None:
    """One accounting entry. 4981 is what the borrower owes, 501 the cash desk."""
    number = book.number(AccountingEntry)
    book.rows.append(AccountingEntry(number, contract, posted_on, account, f"СО-{posted_on.year}-{number:09}", money(cents), payer))


def tax_document(book: Book, contract: int, who: Person, issued: date, limitation: date, cents: int) -> None:
    """One paper kept for tax control."""
    number = book.number(TaxDocument)
    book.rows.append(TaxDocument(number, contract, "справка за лихви", issued, limitation, who.full_name, who.egn, money(cents)))


def _owed(principal: int, term: int, rate: int) -> int:
    return principal + principal * rate * term // (12 * 100_000)


def _pay(book: Book, contract: int, course: Course, name: str, account: str) -> None:
    r, rows = book.r, book.rows
    out = moment(course.signed, between(r, 12 * 3600, 16 * 3600))
    rows.append(Transaction(book.number(Transaction), contract, out, "disbursement", money(course.principal), name, account))
    last = len(course.payments) - 1
    for index, (day, cents) in enumerate(course.payments):
        at = course.last_paid_at if index == last and course.last_paid_at else moment(day, 28_800 + int(r() * 43_200))
        rows.append(Transaction(book.number(Transaction), contract, at, "repayment", money(cents), name, account))
        if r() < 0.02:
            rows.append(Transaction(book.number(Transaction), contract, moment(day, EVENING), "fee", "10.00", name, None))


def _post(book: Book, contract: int, course: Course, payer: str) -> None:
    """The loan when it is paid out; what came back, once for each year: on its last day, or with the last payment."""
    posting(book, contract, course.signed, "4981", course.principal, payer)
    years: dict[int, int] = {}
    for day, cents in course.payments:
        years[day.year] = years.get(day.year, 0) + cents
    for year, cents in years.items():
        posting(book, contract, min(date(year, 12, 31), course.over or book.as_of, book.as_of), "501", cents, payer)


def _tax(book: Book, contract: int, course: Course, who: Person) -> None:
    # A public claim lapses five years after 1 January of the year that follows the one in which it was to be paid
    # (Bulgarian tax procedure code, art. 171); here that is the year of issue.
    limitation = date(course.signed.year + 6, 1, 1)
    tax_document(book, contract, who, course.signed, limitation, _owed(course.principal, course.term, course.rate) - course.principal)
