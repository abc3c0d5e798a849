"""One revolving credit from its application to its end, as it might go: years, draws, payments. Dates and amounts only.

A contract runs for a year and is renewed automatically; a tranche may be drawn once the former is repaid in full; a contract ends by itself
after 90 days overdue (general terms IX 2.2). `records.py` puts a course into the book. Nothing passes `as_of`. Amounts in stotinki,
interest in whole stotinki, so that no result hangs on a floating-point library.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date

from governance.samples.bulgarian import Dice, between, pick
from governance.samples.dates import DAY, add_months

ENDED_AFTER = 90  # days overdue
SHARE_DEFAULTED = 0.025  # of tranches
LIMIT = 100_000  # the most a client may owe


@dataclass(frozen=True)
class Draw:
    """One tranche. `payments` ascending by date; `left` is still owed; `repaid` the day of the last payment, if that repaid it."""

    drawn: date
    principal: int
    payments: tuple[tuple[date, int], ...]
    left: int
    repaid: date | None


@dataclass(frozen=True)
class Year:
    """One contract of twelve months with its tranches."""

    signed: date
    limit: int
    draws: tuple[Draw, ...]
    state: str
    ended: date | None
    overdue: int = 0

    @property
    def debt(self) -> int:
        """What the client still owes under this contract."""
        return sum(draw.left for draw in self.draws)


@dataclass(frozen=True)
class Credit:
    """A contract and its renewals, and the enforcement of what was not repaid: opened, closed."""

    years: tuple[Year, ...]
    enforcement: tuple[date, date | None] | None = None

    @property
    def signed(self) -> date:
        """The day of the first contract."""
        return self.years[0].signed

    @property
    def over(self) -> date | None:
        """The day from which nothing more is owed or agreed, or None while the relation lasts."""
        last = self.years[-1]
        if last.ended is None or last.debt:
            return None
        return max([last.ended, *(draw.repaid for year in self.years for draw in year.draws if draw.repaid)])


def imagine(r: Dice, signed: date, as_of: date) -> Credit:
    """A credit taken that day as chance has it."""
    limit = between(r, 4, 20) * 5000
    years: list[Year] = []
    while True:
        year = _year(r, signed, limit, as_of)
        ends = add_months(signed, 12)
        if year.ended is not None or ends > as_of or year.debt:
            years.append(year)
            return Credit(tuple(years), _enforcement(year) if year.state == "predsrochen" else None)
        if r() < 0.4:
            return Credit((*years, replace(year, state="prekraten", ended=ends)))
        years.append(replace(year, state="podnoven", ended=ends))
        signed = ends


def finished(signed: date, *, years: int = 1) -> Credit:
    """A contract, `years` - 1 renewals, two payments a year, all repaid, ended at the end of the last year."""
    return Credit(tuple(_repaid_year(add_months(signed, 12 * n), "prekraten" if n == years - 1 else "podnoven") for n in range(years)))


def renewed_until(signed: date, as_of: date) -> Credit:
    """A contract renewed every year, and so the last of them runs on `as_of`; nothing is owed."""
    years: list[Year] = []
    while add_months(signed, 12 * (len(years) + 1)) <= as_of:
        years.append(_repaid_year(add_months(signed, 12 * len(years)), "podnoven"))
    return Credit((*years, Year(add_months(signed, 12 * len(years)), LIMIT, (), "deystvasht", None)))


def running(as_of: date, *, owing: bool = False) -> Credit:
    """A contract five months old with one tranche: repaid, or with one of two payments to come."""
    signed = add_months(as_of - 10 * DAY, -5)
    draw = _repaid_draw(signed)
    if owing:
        draw = _repaid_draw(as_of - 40 * DAY)
        draw = replace(draw, payments=draw.payments[:1], left=draw.payments[1][1], repaid=None)
    return Credit((Year(signed, LIMIT, (draw,), "deystvasht", None),))


def defaulted(signed: date, *, opened: date | None = None, closed: date | None = None) -> Credit:
    """A contract ended because half its tranche was not repaid; enforcement `opened` and perhaps `closed` by full payment."""
    ended = add_months(signed, 2) + ENDED_AFTER * DAY
    draw = _repaid_draw(signed)
    half = draw.payments[1][1]
    if closed is not None:
        draw = replace(draw, payments=(draw.payments[0], (closed, half)), repaid=closed)
    else:
        draw = replace(draw, payments=draw.payments[:1], left=half, repaid=None)
    year = Year(signed, LIMIT, (draw,), "predsrochen", ended, overdue=ENDED_AFTER if draw.left else 0)
    return Credit((year,), (opened, closed) if opened else None)


def _year(r: Dice, signed: date, limit: int, as_of: date) -> Year:
    ends, drawn = min(add_months(signed, 12), as_of), signed
    draws: list[Draw] = []
    if r() < 0.02:
        given_up = signed + between(r, 1, 14) * DAY  # 14 days to withdraw
        if given_up <= as_of:
            return Year(signed, limit, (Draw(signed, limit, ((given_up, limit),), 0, given_up),), "otkazan", given_up)
    while drawn <= ends and (not draws or add_months(drawn, 4) <= add_months(signed, 12)):
        draw, missed = _draw(r, drawn, limit, as_of)
        if missed is not None and (as_of - missed).days > ENDED_AFTER:
            return _called(r, Year(signed, limit, (*draws, draw), "predsrochen", missed + ENDED_AFTER * DAY), as_of)
        draws.append(draw)
        if draw.repaid is None:
            return Year(signed, limit, tuple(draws), "deystvasht", None, (as_of - missed).days if missed else 0)
        drawn = draw.repaid + between(r, 5, 240) * DAY
    last = draws[-1].repaid or signed
    ended = last + between(r, 5, 90) * DAY
    if r() < 0.12 and ended <= ends:
        return Year(signed, limit, tuple(draws), "prekraten", ended)
    return Year(signed, limit, tuple(draws), "deystvasht", None)


def _draw(r: Dice, drawn: date, limit: int, as_of: date) -> tuple[Draw, date | None]:
    """A tranche drawn that day, and the day on which a payment was missed, if one was."""
    principal, count = between(r, 2, limit // 5000) * 5000, pick(r, (1, 1, 2, 3, 3, 4))
    whole = _owed(principal, count)
    stops_after = between(r, 0, count - 1) if r() < SHARE_DEFAULTED else count
    payments: list[tuple[date, int]] = []
    for month in range(1, count + 1):
        fallen_due = add_months(drawn, month)
        if month > stops_after and fallen_due <= as_of:
            return Draw(drawn, principal, tuple(payments), whole - sum(cents for _, cents in payments), None), fallen_due
        paid = fallen_due + int(5 * r()) * DAY
        if paid > as_of:
            return Draw(drawn, principal, tuple(payments), whole - sum(cents for _, cents in payments), None), None
        payments.append((paid, whole // count if month < count else whole - whole // count * (count - 1)))
    return Draw(drawn, principal, tuple(payments), 0, payments[-1][0]), None


def _called(r: Dice, year: Year, as_of: date) -> Year:
    """What becomes of a contract that ended overdue: half of them are paid in the end."""
    if year.ended is None:
        raise ValueError("a contract that ended")
    paid = year.ended + between(r, 60, 1300) * DAY
    last = year.draws[-1]
    if paid > as_of or r() < 0.5:
        return replace(year, overdue=(as_of - year.ended).days + ENDED_AFTER)
    return replace(year, draws=(*year.draws[:-1], replace(last, payments=(*last.payments, (paid, last.left)), left=0, repaid=paid)))


def _enforcement(year: Year) -> tuple[date, date | None] | None:
    """The case against a debtor: opened a month after the end, closed when all is paid."""
    if year.ended is None:
        return None
    opened, paid = year.ended + 30 * DAY, year.draws[-1].repaid
    return (opened, paid) if paid or year.overdue > ENDED_AFTER + 30 else None


def _repaid_year(signed: date, state: str) -> Year:
    return Year(signed, LIMIT, (_repaid_draw(signed),), state, add_months(signed, 12))


def _repaid_draw(drawn: date) -> Draw:
    half = _owed(60_000, 2) // 2
    payments = ((add_months(drawn, 1), half), (add_months(drawn, 2), half))
    return Draw(drawn, 60_000, payments, 0, payments[-1][0])


def _owed(principal: int, months: int) -> int:
    return principal + principal * 3 * months // 100
