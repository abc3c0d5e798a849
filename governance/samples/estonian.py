"""People of Estonia who do not exist: names of both large language groups, isikukood, document, phone, IBAN, address, employer.

Everything is a function of a die (`random.Random(...).random`) and a person's number, so that the same seed always gives the same
people. Personal codes never repeat: a number is mapped one to one on (birth day, serial), which needs no memory of those given.
Leaves to others: what these people do (the sample's own stories).
"""

from __future__ import annotations

from datetime import date, timedelta
from functools import lru_cache
from typing import Literal, NamedTuple

from governance.samples import estonian_words as words
from governance.samples.bulgarian import Dice, between, pick
from governance.samples.dates import add_months

YOUNGEST, OLDEST = 18, 76  # years of age on `as_of`
RESERVED = 300  # people up to this number have serials of their own and are all some fifty years old
_RESERVED_SERIALS = 990
_STRIDE = 15_485_863  # prime, so that its multiples visit every slot once; far apart, so that neighbours do not look alike
_RUSSIAN_SHARE = 0.27
_FIRST_WEIGHTS, _SECOND_WEIGHTS = (1, 2, 3, 4, 5, 6, 7, 8, 9, 1), (3, 4, 5, 6, 7, 8, 9, 1, 2, 3)
_ACCOUNT_WEIGHTS = (7, 3, 1)
_TRANSLITERATION = str.maketrans("õäöüšž ", "oaousz.")


class Person(NamedTuple):
    """One natural person; `income` is a month's net income in whole euros, `language` the one they are written to in."""

    female: bool
    first: str
    last: str
    birth: date
    isikukood: str
    document: str
    language: Literal["et", "ru"]
    phone: str
    email: str
    county: str
    town: str
    street: str
    postcode: str
    schooling: str
    position: str
    employer: str
    income: int

    @property
    def full_name(self) -> str:
        """Given name and family name: the order of everyday papers."""
        return f"{self.first} {self.last}"


def capacity(as_of: date) -> int:
    """How many different people the personal codes of adults of `as_of` suffice for."""
    return _birth_days(as_of) * _RESERVED_SERIALS


def person(r: Dice, number: int, as_of: date, seed: int, *, invalid_isikukood: bool = False) -> Person:
    """The person of this number. Does not check `number` against `capacity`. An invalid code has a wrong check digit only."""
    birth, serial = _birth_slot(number, as_of, seed)
    female, russian = r() < 0.52, r() < _RUSSIAN_SHARE
    first, last = full_name(r, female=female, russian=russian)
    county, town, postcode = pick(r, words.TOWNS)
    good = isikukood(birth, serial, female=female)
    return Person(
        female, first, last, birth, spoil_check_digit(r, good) if invalid_isikukood else good,
        f"{pick(r, 'NPTXZ')}{pick(r, 'ABEHK')}{between(r, 1_000_000, 9_999_999)}", "ru" if russian else "et",
        phone(r), email(first, last, number),
        county, town, f"{pick(r, words.STREETS)} {between(r, 1, 90)}-{between(r, 1, 60)}", postcode,
        pick(r, words.SCHOOLING), pick(r, words.POSITIONS),
        f"{pick(r, words.FIRMS)} {between(r, 2, 99)} {pick(r, words.FIRM_FORMS)}",
        680 + 10 * int(360 * r() * r()),
    )  # fmt: skip


def birth_date(number: int, as_of: date, seed: int) -> date:
    """The day the person of this number was born, known before the person is made."""
    return _birth_slot(number, as_of, seed)[0]


def full_name(r: Dice, *, female: bool, russian: bool) -> tuple[str, str]:
    """Given name and family name; Russian family names agree in gender, Estonian ones know none."""
    if russian:
        family = pick(r, words.RUSSIAN_FAMILIES)
        return (pick(r, words.RUSSIAN_WOMEN), f"{family}a") if female else (pick(r, words.RUSSIAN_MEN), family)
    return pick(r, words.WOMEN if female else words.MEN), pick(r, words.FAMILIES)


def isikukood(birth: date, serial: int, *, female: bool) -> str:
    """The personal code of the `serial`-th (0-999) person born that day. The first digit tells century and sex: 3/4, from 2000 on 5/6."""
    digits = f"{3 + female + 2 * (birth.year >= 2000)}{birth:%y%m%d}{serial:03}"
    return f"{digits}{_check_digit(digits)}"


def _check_digit(digits: str) -> int:
    """Standard EVS 585: two rows of weights modulo 11; where both leave 10, the digit is 0."""
    for weights in (_FIRST_WEIGHTS, _SECOND_WEIGHTS):
        rest = sum(weight * int(digit) for weight, digit in zip(weights, digits, strict=True)) % 11
        if rest < 10:
            return rest
    return 0


def spoil_check_digit(r: Dice, good: str) -> str:
    """The same code with a check digit that cannot be right."""
    return f"{good[:-1]}{(int(good[-1]) + between(r, 1, 9)) % 10}"


def phone(r: Dice) -> str:
    """A mobile number in international form, eight digits behind the country's code."""
    return f"+3725{between(r, 0, 2)}{between(r, 100_000, 799_999)}"


def iban(r: Dice) -> str:
    """An account with a made-up bank: ISO 13616 check digits, and the 7-3-1 check digit of Estonian account numbers."""
    account = f"{pick(r, words.BANKS)}{between(r, 10, 99)}{between(r, 0, 99_999_999_999):011}"
    weighted = sum(_ACCOUNT_WEIGHTS[n % 3] * int(digit) for n, digit in enumerate(reversed(account[2:])))
    account = f"{account}{-weighted % 10}"
    return f"EE{98 - int(f'{account}141400') % 97:02}{account}"  # 14 stands for E


@lru_cache(maxsize=20_000)
def _address(first: str, last: str) -> str:
    return f"{first} {last}".lower().translate(_TRANSLITERATION)


def email(first: str, last: str, number: int) -> str:
    """An address below .example, where no mail can arrive (RFC 2606)."""
    return f"{_address(first, last)}{number}@kiri.example"


@lru_cache(maxsize=8)
def _birth_days(as_of: date) -> int:
    return (add_months(as_of, -12 * YOUNGEST) - add_months(as_of, -12 * OLDEST)).days


def _birth_slot(number: int, as_of: date, seed: int) -> tuple[date, int]:
    """Birth day and serial of a person: different for every number."""
    if number <= RESERVED:
        return add_months(as_of, -12 * 50) + timedelta(days=37 * (number // 10)), _RESERVED_SERIALS + number % 10
    days = _birth_days(as_of)
    slot = (number * _STRIDE + seed * 7919) % (days * _RESERVED_SERIALS)
    return add_months(as_of, -12 * OLDEST) + timedelta(days=1 + slot % days), slot // days
