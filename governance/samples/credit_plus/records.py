"""Puts one credit into the book: application and score, contracts that renew each other, tranches, payments, postings, securities.

What happens to a credit is decided in `credit.py`; here are the records it leaves.
"""

from __future__ import annotations

from datetime import date, timedelta

from governance.samples.bulgarian import Person, between, iban, pick
from governance.samples.credit_plus.book import Book
from governance.samples.credit_plus.credit import Credit, Draw, Year
from governance.samples.credit_plus.rows import (
    Application,
    Beneficiary,
    Contract,
    Enforcement,
    Guarantor,
    Insurance,
    Payment,
    Posting,
    PromissoryNote,
    Tranche,
    money,
)
from governance.samples.dates import DAY, add_months, moment

INSURERS = ("ЗД „Чадърът“ АД", "ЗАД „Тиха вода“", "ЗК „Крепост“ АД")


def write(book: Book, client: int, who: Person, credit: Credit, *, applied_at: str | None = None, closes: bool = True) -> int:
    """Everything one credit leaves behind; the number of its last contract.

    `applied_at` overrides when the application was made. Not `closes`: nobody noted when the last contract ended.
    """
    r, first = book.r, credit.years[0]
    at = applied_at or moment(first.signed, between(r, 8 * 3600, 11 * 3600))
    application = book.application(client, who, first.signed, at, "sklyucheno", first.limit)
    account, renewed, number = iban(r), None, 0
    for year in credit.years:
        ended = year.ended if closes or year.state == "podnoven" else None
        number = _contract(book, client, application, renewed, year, account, ended)
        _securities(book, number, who, year)
        for count, draw in enumerate(year.draws, 1):
            _draw(book, number, count, draw, who, account)
        _post(book, number, year, who.full_name)
        renewed = number
    if credit.enforcement:
        opened, closed = credit.enforcement
        claim = sum(cents for _, cents in credit.years[-1].draws[-1].payments[-1:]) + credit.years[-1].debt
        case = f"{opened.year}{between(r, 1000, 9999)}040{between(r, 1000, 9999)}"
        book.rows.append(Enforcement(book.number(Enforcement), number, case, opened, closed, money(claim)))
    return number


def posting(book: Book, contract: int | None, counterparty: int | None, day: date, account: str, cents: int, name: str) -> int:
    """One accounting posting; its number. 4981 is what clients owe, 501 the cash desk, 602 services bought."""
    number = book.number(Posting)
    book.rows.append(Posting(number, contract, counterparty, day, account, f"СО-{day.year}-{number:09}", money(cents), name))
    return number


def guarantor(book: Book, contract: int, day: date, told: date | None) -> int:
    """A guarantor or third obligor of a contract, and the day this person was told; its number."""
    number, third = book.number(Guarantor), book.third_person()
    role = "poracitel" if book.r() < 0.8 else "treto_zadalzheno"
    book.rows.append(Guarantor(number, contract, role, third.name, third.egn, third.address, third.phone, told))
    return number


def beneficiary(book: Book, contract: int, told: date | None) -> int:
    """A third person to whom money is paid out; its number."""
    number, third = book.number(Beneficiary), book.third_person()
    book.rows.append(Beneficiary(number, contract, third.name, third.egn, third.address, third.account, told))
    return number


def last_application(book: Book) -> int:
    """The number of the application written last."""
    return book.last(Application)


def _contract(book: Book, client: int, application: int, renewed: int | None, year: Year, account: str, ended: date | None) -> int:
    number = book.number(Contract)
    book.rows.append(
        Contract(
            number, f"РК-{year.signed.year}-{number:08}", client, application, renewed, year.signed, add_months(year.signed, 12),
            year.state, ended, money(year.limit), money(year.debt), year.overdue, account,
        )
    )  # fmt: skip
    return number


def _draw(book: Book, contract: int, count: int, draw: Draw, who: Person, account: str) -> None:
    r, rows = book.r, book.rows
    to_third = beneficiary(book, contract, draw.drawn) if r() < 0.04 else None
    out = moment(draw.drawn, between(r, 12 * 3600, 16 * 3600))
    rows.append(
        Tranche(contract, count, out, money(draw.principal), money(draw.left), draw.repaid, None if to_third else account, to_third)
    )
    for day, cents in draw.payments:
        at = moment(day, 28_800 + int(r() * 43_200))
        rows.append(Payment(book.number(Payment), contract, count, at, money(cents), who.full_name, account))
    if draw.payments and r() < 0.03:
        fee = moment(draw.payments[-1][0], 20 * 3600)
        rows.append(Payment(book.number(Payment), contract, None, fee, "5.00", who.full_name, None))


def _post(book: Book, contract: int, year: Year, name: str) -> None:
    """What was paid out and what came back under one contract, each once."""
    posting(book, contract, None, year.signed, "4981", sum(draw.principal for draw in year.draws), name)
    paid = [(day, cents) for draw in year.draws for day, cents in draw.payments]
    if paid:
        posting(book, contract, None, max(day for day, _ in paid), "501", sum(cents for _, cents in paid), name)


def _securities(book: Book, contract: int, who: Person, year: Year) -> None:
    r, day = book.r, year.signed
    if r() < 0.06:
        guarantor(book, contract, day, day + timedelta(days=between(r, 0, 3)) if day < book.as_of - 3 * DAY else day)
    if r() < 0.08:
        note = PromissoryNote(book.number(PromissoryNote), contract, day, money(year.limit), who.full_name, who.egn)
        book.rows.append(note)
    if r() < 0.1:
        number, premium = book.number(Insurance), money(between(r, 20, 90) * 100)
        policy = f"ЗП{number:09}"
        book.rows.append(Insurance(number, contract, policy, pick(r, INSURERS), who.full_name, premium, add_months(day, 12)))
