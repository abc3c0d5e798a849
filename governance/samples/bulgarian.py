"""Bulgarian people who do not exist: names in the right gender, EGN, identity card, phone, IBAN, address, employer, income.

Everything is a function of a die (`random.Random(...).random`) and a client number, so that the same seed always gives the same
people. EGNs never repeat: a client's number is mapped one to one on (birth day, serial), which needs no memory of those given.
Leaves to others: what these people do (the sample's own stories).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date, timedelta
from functools import lru_cache
from typing import NamedTuple, TypeVar

from governance.samples import words
from governance.samples.dates import add_months

Dice = Callable[[], float]  # the next number in [0, 1)
T = TypeVar("T")

YOUNGEST, OLDEST = 18, 76  # years of age on `as_of`
RESERVED = 120  # clients up to this number have EGN serials of their own and are all some fifty years old
_RESERVED_SERIALS = 990
_STRIDE = 15_485_863  # prime, so that its multiples visit every slot once; far apart, so that neighbours do not look alike
_WEIGHTS = (2, 4, 8, 5, 10, 9, 7, 3, 6)
# The official transliteration (Bulgarian Transliteration Act, 2009), lower case, a dot for a blank.
_CYRILLIC = "абвгдежзийклмнопрстуфхцчшщъьюя "
_LATIN = "a,b,v,g,d,e,zh,z,i,y,k,l,m,n,o,p,r,s,t,u,f,h,ts,ch,sh,sht,a,y,yu,ya,."
_TRANSLITERATION = {ord(letter): latin for letter, latin in zip(_CYRILLIC, words.parts(_LATIN, ","), strict=True)}


class Person(NamedTuple):
    """One natural person; `income` is a month's net income in whole leva."""

    female: bool
    first: str
    middle: str
    last: str
    birth: date
    egn: str
    id_card: str
    phone: str
    email: str
    region: str
    city: str
    street: str
    postcode: str
    employer: str
    income: int

    @property
    def full_name(self) -> str:
        return f"{self.first} {self.middle} {self.last}"


def pick(r: Dice, choices: Sequence[T]) -> T:
    """One of the choices, each as likely."""
    return choices[int(r() * len(choices))]


def between(r: Dice, low: int, high: int) -> int:
    """A whole number from low to high, both included."""
    return low + int(r() * (high - low + 1))


def capacity(as_of: date) -> int:
    """How many different clients the EGNs of adults of `as_of` suffice for."""
    return _birth_days(as_of) * _RESERVED_SERIALS


def person(r: Dice, number: int, as_of: date, seed: int, *, invalid_egn: bool = False) -> Person:
    """The client of this number. Does not check `number` against `capacity`. An invalid EGN has a wrong check digit only."""
    birth, serial = _birth_slot(number, as_of, seed)
    female = serial % 2 == 1  # the ninth digit of an EGN: even for men, odd for women
    first, middle, last = full_name(r, female)
    region, city, postcode = pick(r, words.TOWNS)
    good = egn(birth, serial)
    return Person(
        female, first, middle, last, birth, spoil_check_digit(r, good) if invalid_egn else good,
        f"{between(r, 600_000_000, 659_999_999)}",
        phone(r), email(first, last, number),
        region, city, f"ул. „{pick(r, words.STREETS)}“ {between(r, 1, 140)}", postcode,
        f"„{pick(r, words.FIRMS)} {between(r, 2, 99)}“ {pick(r, words.FIRM_FORMS)}",
        700 + 10 * int(330 * r() * r()),
    )  # fmt: skip


def birth_date(number: int, as_of: date, seed: int) -> date:
    """The day the client of this number was born, known before the person is made."""
    return _birth_slot(number, as_of, seed)[0]


def full_name(r: Dice, female: bool) -> tuple[str, str, str]:
    """Given name, patronymic and family name, agreeing in gender."""
    if female:
        return pick(r, words.WOMEN), feminine(pick(r, words.PATRONYMICS)), feminine(pick(r, words.FAMILIES))
    return pick(r, words.MEN), pick(r, words.PATRONYMICS), pick(r, words.FAMILIES)


def feminine(surname: str) -> str:
    """The form a woman bears: Петров - Петрова, Полски - Полска."""
    return surname[:-1] + "а" if surname.endswith("и") else surname + "а"


def egn(birth: date, serial: int) -> str:
    """The uniform civil number of the `serial`-th (0-999) person born that day; from 2000 on the month is counted from 41."""
    month = birth.month + (40 if birth.year >= 2000 else 0)
    digits = f"{birth.year % 100:02}{month:02}{birth.day:02}{serial:03}"
    return f"{digits}{sum(weight * int(digit) for weight, digit in zip(_WEIGHTS, digits, strict=True)) % 11 % 10}"


def spoil_check_digit(r: Dice, good: str) -> str:
    """The same number with a check digit that cannot be right."""
    return f"{good[:-1]}{(int(good[-1]) + between(r, 1, 9)) % 10}"


def phone(r: Dice) -> str:
    """A mobile number in international form."""
    return f"+3598{between(r, 7, 9)}{between(r, 2_000_000, 9_999_999)}"


def iban(r: Dice) -> str:
    """An account with a made-up bank; the check digits are right (ISO 13616, mod 97-10 of ISO 7064)."""
    bank, rest = pick(r, words.BANKS), f"{between(r, 8000, 9999)}10{between(r, 0, 99_999_999):08}"
    letters = "".join(str(ord(letter) - 55) for letter in bank)
    return f"BG{98 - int(f'{letters}{rest}111600') % 97:02}{bank}{rest}"  # 11 and 16 stand for B and G


@lru_cache(maxsize=20_000)
def _address(first: str, last: str) -> str:
    return f"{first} {last}".lower().translate(_TRANSLITERATION)


def email(first: str, last: str, number: int) -> str:
    """An address below .example, where no mail can arrive (RFC 2606)."""
    return f"{_address(first, last)}{number}@poshta.example"


@lru_cache(maxsize=8)
def _birth_days(as_of: date) -> int:
    return (add_months(as_of, -12 * YOUNGEST) - add_months(as_of, -12 * OLDEST)).days


def _birth_slot(number: int, as_of: date, seed: int) -> tuple[date, int]:
    """Birth day and EGN serial of a client: different for every number."""
    if number <= RESERVED:
        return add_months(as_of, -12 * 50) + timedelta(days=37 * (number // 10)), _RESERVED_SERIALS + number % 10
    days = _birth_days(as_of)
    slot = (number * _STRIDE + seed * 7919) % (days * _RESERVED_SERIALS)
    return add_months(as_of, -12 * OLDEST) + timedelta(days=1 + slot % days), slot // days
