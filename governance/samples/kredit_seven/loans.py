"""One microcredit from signature to its end: the course it takes, and the application, offer, agreement and payments it leaves.

`Course` is the plan (dates and amounts, nothing written yet); `write` puts it into the book. Whole tenge throughout, so that no result
hangs on a floating-point library. No payment passes `as_of`; instalments fall due after it, as they do.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date

from governance.samples import kazakhstan
from governance.samples.bulgarian import Dice, between, pick
from governance.samples.dates import DAY, add_months, moment
from governance.samples.kredit_seven import words
from governance.samples.kredit_seven.book import Book, Life
from governance.samples.kredit_seven.rows import Cession, CreditOffer, Instalment, Key, Local, Microcredit, Payment, money

OFFER_VALID_DAYS = 3
LIVE = ("running", "overdue")
Amount = int  # tenge


@dataclass(frozen=True)
class Course:
    """What happens to one microcredit; `schedule` and `payments` ascend by date. `last_paid_at` overrides the clock of the last payment."""

    signed: date
    principal: Amount
    schedule: tuple[tuple[date, Amount], ...]
    payments: tuple[tuple[date, Amount], ...]
    state: str
    settled: date | None
    last_paid_at: Local | None = None

    @property
    def days(self) -> int:
        """From signature to the last instalment."""
        return (self.schedule[-1][0] - self.signed).days

    @property
    def balance(self) -> Amount:
        """What the borrower still owes this lender."""
        if self.state not in LIVE:
            return 0
        return sum(amount for _, amount in self.schedule) - sum(amount for _, amount in self.payments)


def imagine(r: Dice, signed: date, as_of: date) -> Course:
    """A microcredit signed that day as chance has it: paid back, overdue, assigned to a buyer, or still running on `as_of`."""
    principal = between(r, 2, 30) * 10_000
    schedule = _schedule(signed, principal, months=pick(r, (3, 4, 6, 6, 9, 12)) if r() < 0.3 else 0, days=between(r, 7, 45))
    fate, stops_at = r(), between(r, 0, len(schedule) - 1)
    payments: list[tuple[date, Amount]] = []
    for number, (due, amount) in enumerate(schedule):
        if fate < 0.06 and number == stops_at:
            return _stopped(r, signed, principal, schedule, tuple(payments), as_of)
        paid = due + between(r, -3, 4) * DAY
        if paid > as_of:
            return Course(signed, principal, schedule, tuple(payments), "running", None)
        payments.append((paid, amount))
    return Course(signed, principal, schedule, tuple(payments), "settled", payments[-1][0])


def _stopped(
    r: Dice, signed: date, principal: Amount, schedule: tuple[tuple[date, Amount], ...], paid: tuple[tuple[date, Amount], ...], as_of: date
) -> Course:  # fmt: skip
    """Payments ended early: the claim is assigned, collected after all, or stays open."""
    overdue_from, fate = schedule[len(paid)][0], r()
    over = overdue_from + between(r, 60, 400) * DAY
    if overdue_from >= as_of:
        return Course(signed, principal, schedule, paid, "running", None)
    if over > as_of or fate < 0.3:
        return Course(signed, principal, schedule, paid, "overdue", None)
    if fate < 0.6:
        return Course(signed, principal, schedule, paid, "assigned", over)
    rest = sum(amount for _, amount in schedule) - sum(amount for _, amount in paid)
    return Course(signed, principal, schedule, (*paid, (over, rest)), "settled", over)


def _schedule(signed: date, principal: Amount, *, months: int, days: int = 30) -> tuple[tuple[date, Amount], ...]:
    """One instalment after `days`, or one a month."""
    if not months:
        return ((signed + days * DAY, principal * (1000 + 3 * days) // 1000),)
    each = principal * (100 + 3 * months) // 100 // months
    return tuple((add_months(signed, month), each) for month in range(1, months + 1))


def settled(on: date, *, months: int = 3, last_paid_at: Local | None = None) -> Course:
    """A microcredit of 90 000 tenge paid back monthly, the last time on that day."""
    signed = add_months(on, -months)
    schedule = _schedule(signed, 90_000, months=months)
    payments = (*schedule[:-1], (on, schedule[-1][1]))
    return Course(signed, 90_000, schedule, payments, "settled", on, last_paid_at)


def running(as_of: date, *, months: int = 2) -> Course:
    """A microcredit with four monthly instalments to come; the last of the `months` already paid fell due some days before `as_of`."""
    signed = add_months(as_of - 10 * DAY, -months)
    schedule = _schedule(signed, 120_000, months=months + 4)
    return Course(signed, 120_000, schedule, schedule[:months], "running", None)


def overdue(signed: date) -> Course:
    """A microcredit on which only the first instalment was paid."""
    schedule = _schedule(signed, 90_000, months=3)
    return Course(signed, 90_000, schedule, schedule[:1], "overdue", None)


def assigned(on: date) -> Course:
    """A microcredit of whose three instalments one was paid; the claim was then assigned to a buyer."""
    return replace(overdue(add_months(on, -9)), state="assigned", settled=on)


def without_end(course: Course, placeholder: date | None = None) -> Course:
    """The same microcredit, but nobody noted the day on which it was paid back, or some import put a placeholder there."""
    return replace(course, settled=placeholder)


def write(book: Book, life: Life, course: Course, *, applied_at: Local | None = None) -> tuple[Key, Key]:
    """Application, offer, agreement, instalments, payments and a cession, if any; the keys of application and microcredit.

    The borrower's row then points to this microcredit, and is without a loan since its end.
    """
    r, rows = book.r, book.rows
    submitted = applied_at or moment(course.signed, between(r, 5 * 3600, 11 * 3600))
    application = book.application(life, submitted, "granted", course.signed, course.principal, course.days)
    offer, number = offered(book, application, course.principal, course.days, course.signed, course.signed), book.key(Microcredit)
    account = kazakhstan.iban(r)
    rows.append(
        Microcredit(
            number, f"KS-{course.signed.year}-{number[-12:].upper()}", life.key, application, offer, course.signed, course.state,
            course.settled, money(course.principal), money(course.balance), account, pick(r, words.BANKS),
        )
    )  # fmt: skip
    for n, (due, amount) in enumerate(course.schedule, 1):
        rows.append(Instalment(book.key(Instalment), number, n, due, money(amount)))
    _pay(book, number, course, life.who.full_name, account)
    if course.state == "assigned" and course.settled is not None:
        cede(book, number, course.settled, course.principal)
    life.current, life.without_loan_since = number, course.settled
    return application, number


def offered(book: Book, application: Key, amount: Amount, days: int, made: date, accepted: date | None) -> Key:
    """The offer made on an application."""
    key, rate = book.key(CreditOffer), f"{between(book.r, 30, 46)}.00"
    book.rows.append(CreditOffer(key, application, money(amount), days, rate, made + OFFER_VALID_DAYS * DAY, accepted))
    return key


def cede(book: Book, microcredit: Key, day: date, amount: Amount) -> None:
    """The claim goes to a buyer, and the debtor is told."""
    notice = f"Уведомление об уступке права требования от {day:%d.%m.%Y}."
    book.rows.append(Cession(book.key(Cession), microcredit, pick(book.r, words.BUYERS), day, money(amount), notice))


def _pay(book: Book, microcredit: Key, course: Course, name: str, account: str) -> None:
    r, rows = book.r, book.rows
    out = moment(course.signed, between(r, 12 * 3600, 23 * 3600))
    rows.append(Payment(book.key(Payment), microcredit, out, "disbursement", money(course.principal), name, account))
    last = len(course.payments) - 1
    for n, (day, amount) in enumerate(course.payments):
        at = course.last_paid_at if n == last and course.last_paid_at else book.at(day)
        rows.append(Payment(book.key(Payment), microcredit, at, "repayment", money(amount), name, account))
        if r() < 0.02:
            rows.append(Payment(book.key(Payment), microcredit, book.at(day), "penalty", "1500.00", name, None))
