"""The lender's book while it is being written: keys, the die of the borrower at hand, and the rows not yet handed on.

A `Book` knows the frozen today (`as_of`). Its methods write one record with its plausible details; which records, and when, is decided
by `loans.py`, `population.py` and `cases.py`. Memory: the rows of one borrower.

Keys are made from the seed and a number, those of a named case from the case's name alone: the same for every size, seed and date.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from hashlib import blake2b

from governance.samples import kazakhstan
from governance.samples.bulgarian import between, pick
from governance.samples.dates import moment
from governance.samples.kazakhstan import Address, Person
from governance.samples.kredit_seven import words
from governance.samples.kredit_seven.rows import (
    AdvertisingProfile,
    AmlCheck,
    Borrower,
    ConsentRecord,
    CreditApplication,
    Key,
    Local,
    Row,
    WebAccount,
    money,
)
from governance.samples.telling import SampleBook

INVALID_IIN_SHARE = 0.003
FIRST_SALARY, LAST_SALARY = 85, 620  # thousands of tenge a month
#: Tables whose key is a code and not a UUID, with what the code begins with.
CODES = {"WebAccount": "AC", "CreditOffer": "OF", "Payment": "PM", "PensionReport": "PR", "CourierParcel": "CP"}


def case_key(case: str, table: str, number: int = 1) -> Key:
    """The key of the `number`-th record of a table that a named case writes."""
    return _key(table, f"case {case} {table} {number}")


def _key(table: str, source: str) -> Key:
    """A UUID of version 8 (RFC 9562: made as the application likes) or, for tables with text keys, a code."""
    h = blake2b(source.encode(), digest_size=16).hexdigest()
    if table in CODES:
        return f"{CODES[table]}-{h[:20].upper()}"
    return f"{h[:8]}-{h[8:12]}-8{h[13:16]}-a{h[17:20]}-{h[20:]}"


@dataclass
class Life:
    """A borrower of whom not everything is known yet; the row is written last, by `Book.close`."""

    key: Key
    who: Person
    home: Address
    phone: str
    email: str
    card: str
    registered: Local
    without_loan_since: date | None
    current: Key | None = None
    consent_withdrawn_at: Local | None = None
    segment: str | None = None

    @property
    def registered_on(self) -> date:
        """The day of the registration."""
        return date.fromisoformat(self.registered[:10])


class Book(SampleBook[Row]):
    """See the module."""

    def __init__(self, seed: int, as_of: date) -> None:
        super().__init__(seed, as_of)
        self._borrowers = 0
        self._case: str | None = None
        self._numbers: Counter[str] = Counter()
        self._case_numbers: Counter[str] = Counter()

    @property
    def persons(self) -> int:
        """How many borrowers were written."""
        return self._borrowers

    def key(self, table: type[Row]) -> Key:
        """The next key of a table."""
        name = table.__name__
        if self._case is not None:
            self._case_numbers[name] += 1
            return case_key(self._case, name, self._case_numbers[name])
        self._numbers[name] += 1
        return _key(name, f"{self.seed} {name} {self._numbers[name]}")

    @contextmanager
    def named(self, case: str) -> Iterator[None]:
        """Within, keys are those of this named case."""
        self._case, self._case_numbers = case, Counter()
        yield
        self._case = None

    def at(self, day: date) -> Local:
        """Some moment of the day between seven and eleven in the evening; never later than `as_of`'s own day."""
        return moment(day, between(self.r, 7 * 3600, 23 * 3600))

    def ip(self) -> str:
        """Nobody's address (RFC 5737)."""
        return f"203.0.113.{between(self.r, 1, 254)}"

    # -- a person ------------------------------------------------------------------------------------------------------------

    def open(self, registered: Callable[[Person], date], *, clock: str = "", broken_iin: bool = False) -> Life:
        """The next person, registered on the day that `registered` chooses for them; without a loan since then."""
        self._borrowers += 1
        r = self.r
        who = kazakhstan.person(r, self._borrowers, self.as_of)
        if broken_iin:
            who = who._replace(iin=kazakhstan.broken_iin(who.iin))
        day = registered(who)
        return Life(
            self.key(Borrower), who, kazakhstan.address(r), kazakhstan.phone(r), kazakhstan.email(r, who), kazakhstan.id_card(r),
            f"{day} {clock}" if clock else self.at(day), day,
        )  # fmt: skip

    def close(self, life: Life) -> None:
        """Write the borrower's own row."""
        r, who, home = self.r, life.who, life.home
        working = r() < 0.86
        self.rows.append(
            Borrower(
                life.key, who.iin, who.family, who.given, who.patronymic, who.birth, life.card, life.phone,
                kazakhstan.phone(r) if r() < 0.3 else None, kazakhstan.phone(r) if working else None, life.email,
                home.region, home.city, home.street, home.postcode, home.line if r() < 0.7 else kazakhstan.address(r).line,
                kazakhstan.employer(r) if working else None, money(between(r, FIRST_SALARY, LAST_SALARY) * 1000 + between(r, 1, 999)),
                between(r, 1, 28) if working else None, pick(r, words.MARITAL_STATES), pick(r, words.PROPERTIES),
                money(between(r, 0, 90) * 10_000), who.language, life.segment, life.registered, life.without_loan_since,
                life.consent_withdrawn_at, life.current,
            )
        )  # fmt: skip

    def account(self, life: Life, closed: date | None, state: str = "") -> None:
        """The person's account on the site; open while `closed` is None, unless `state` says otherwise."""
        digest = self.random.getrandbits(128)
        state = state or ("open" if closed is None else "closed")
        self.rows.append(WebAccount(self.key(WebAccount), life.key, life.phone, f"{digest:032x}", state, life.registered, closed))

    def consent(
        self, life: Life, purpose: str, given: date, *, withdrawn_at: Local | None = None, lapsed: date | None = None
    ) -> Key:  # fmt: skip
        """A consent for one purpose."""
        contact = life.phone if self.r() < 0.7 else life.email
        key = self.key(ConsentRecord)
        self.rows.append(ConsentRecord(key, life.key, purpose, self.at(given), withdrawn_at, lapsed, contact, self.ip()))
        return key

    def advertise(self, life: Life, consent: Key, refreshed: date) -> None:
        """What advertising knows about the person: a profile built on a consent, and the segment beside the name."""
        r = self.r
        life.segment = pick(r, words.SEGMENTS)
        cookie = f"{self.random.getrandbits(64):016x}" if r() < 0.8 else None
        self.rows.append(
            AdvertisingProfile(
                self.key(AdvertisingProfile), life.key, consent, life.segment, pick(r, words.INTERESTS), cookie, self.at(refreshed)
            )
        )

    def application(
        self, life: Life, submitted_at: Local, state: str, decided: date | None, amount: int, days: int
    ) -> Key:  # fmt: skip
        """An application for `amount` tenge over `days` days."""
        r, key = self.r, self.key(CreditApplication)
        product = "PDL" if days <= 45 else "INST" if r() < 0.9 else "BIZ"
        self.rows.append(
            CreditApplication(
                key, life.key, product, submitted_at, state, decided, money(amount), days, self.ip(),
                pick(r, words.REFUSALS) if state == "refused" else None, between(r, 300, 850),
            )
        )  # fmt: skip
        return key

    def aml(self, life: Life, checked: date, ended: date | None) -> None:
        """The money-laundering check of a borrower who got a microcredit; the relation is open while `ended` is None."""
        r, state = self.r, "open" if ended is None else "ended"
        grade = "high" if r() < 0.03 else pick(r, ("low", "low", "medium"))
        self.rows.append(AmlCheck(self.key(AmlCheck), life.key, self.at(checked), state, ended, life.card, pick(r, words.FUNDS), grade))
