"""People of Kazakhstan who do not exist: names in the right gender, IIN, identity card, phone, IBAN, address, employer.

Everything is a function of a die (`random.Random(...).random`) and a person's number, so that the same seed always gives the same
people. IINs never repeat: a number is mapped one to one on (birth day, sex, serial), which needs no memory of those given.
Leaves to others: what these people do (the samples' own stories).
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from functools import lru_cache
from typing import Literal, NamedTuple

from governance.catalogue import kazakhstan as iins
from governance.samples import kazakhstan_words as words
from governance.samples.bulgarian import between, pick
from governance.samples.dates import add_months
from governance.samples.words import parts

Dice = Callable[[], float]  # the next number in [0, 1)

YOUNGEST, OLDEST = 18, 76  # years of age on `as_of`
RESERVED = 300  # people up to this number have IIN serials of their own and are all some fifty years old
_RESERVED_SERIALS = 4950  # of 5000 pairs of serials, this and those after it
_STRIDE = 15_485_863  # prime, so that its multiples visit every slot once; far apart, so that neighbours do not look alike
_KAZAKH_SHARE = 0.7
# Our own simple transliteration, lower case; the soft and the hard sign are left out.
_CYRILLIC = "абвгдежзийклмнопрстуфхцчшщыэюяёәғқңөұүһі"
_LATIN = parts("a b v g d e zh z i y k l m n o p r s t u f kh ts ch sh shch y e yu ya yo a g q n o u u h i")
_TRANSLITERATION = {ord("ь"): "", ord("ъ"): ""} | {ord(letter): latin for letter, latin in zip(_CYRILLIC, _LATIN, strict=True)}


class Person(NamedTuple):
    """One natural person; `patronymic` is None for those who bear none, `language` the one they are written to in."""

    female: bool
    family: str
    given: str
    patronymic: str | None
    birth: date
    iin: str
    language: Literal["kk", "ru"]

    @property
    def full_name(self) -> str:
        """Family name, given name, patronymic: the order of official papers."""
        return " ".join(part for part in (self.family, self.given, self.patronymic) if part)


class Address(NamedTuple):
    """Where somebody lives; the post code has six digits."""

    region: str
    city: str
    street: str
    postcode: str

    @property
    def line(self) -> str:
        """The address in one line."""
        return f"{self.postcode}, {self.region}, {self.city}, {self.street}"


def capacity(as_of: date) -> int:
    """How many different people the IINs of adults of `as_of` suffice for."""
    return _birth_days(as_of) * 2 * _RESERVED_SERIALS


def person(dice: Dice, number: int, as_of: date) -> Person:
    """The person of this number, from 1. Does not check `number` against `capacity`."""
    birth, female, pair = _birth_slot(number, as_of)
    if dice() < _KAZAKH_SHARE:
        language: Literal["kk", "ru"] = "kk" if dice() < 0.75 else "ru"
        family, given, patronymic = _kazakh_name(dice, female)
    else:
        language = "ru"
        family, given, patronymic = _russian_name(dice, female)
    return Person(female, family, given, patronymic, birth, iin(birth, female, pair), language)


def birth_date(number: int, as_of: date) -> date:
    """The day the person of this number was born, known before the person is made."""
    return _birth_slot(number, as_of)[0]


def feminine(family: str) -> str:
    """The form a woman bears: Оспанов - Оспанова, Высоцкий - Высоцкая, Коваленко - Коваленко."""
    if family.endswith("ий"):
        return family[:-2] + "ая"
    return family if family.endswith("о") else family + "а"


def iin(birth: date, female: bool, pair: int) -> str:
    """The IIN of the `pair`-th (0-4999) man or woman born that day, 1900 or later.

    Each pair stands for two serials, 2n and 2n + 1. Where the first has no check digit the second has one: the last digit of the serial
    weighs 11 in the first sum and 2 in the second, so that it moves the second from 10 to 1.
    """
    century = (5 if birth.year >= 2000 else 3) + female
    for serial in (2 * pair, 2 * pair + 1):
        digits = f"{birth:%y%m%d}{century}{serial:04}"
        check = iins.check_digit(digits)
        if check is not None:
            return f"{digits}{check}"
    raise AssertionError(digits)


def broken_iin(good: str) -> str:
    """The same number with a check digit that cannot be right."""
    return f"{good[:-1]}{(int(good[-1]) + 1) % 10}"


def phone(dice: Dice) -> str:
    """A mobile number in international form, in groups: +7 7.. ... .. .."""
    rest = f"{between(dice, 2_000_000, 9_999_999)}"
    return f"+7 {pick(dice, words.MOBILE_CODES)} {rest[:3]} {rest[3:5]} {rest[5:]}"


def iban(dice: Dice) -> str:
    """An account of 20 characters with a made-up bank; the check digits are right (ISO 13616, mod 97-10 of ISO 7064)."""
    account = f"{pick(dice, words.BANKS)}{between(dice, 0, 9_999_999_999_999):013}"
    return f"KZ{98 - int(f'{account}203500') % 97:02}{account}"  # 20 and 35 stand for K and Z


def id_card(dice: Dice) -> str:
    """The number of an identity card: nine digits."""
    return f"0{between(dice, 10_000_000, 59_999_999)}"


def address(dice: Dice) -> Address:
    """An address in a town of Kazakhstan."""
    region, city, postcode = pick(dice, words.TOWNS)
    return Address(region, city, f"{pick(dice, words.STREETS)}, {between(dice, 1, 140)}-{between(dice, 1, 90)}", postcode)


def employer(dice: Dice) -> str:
    """A firm that does not exist."""
    return f"{pick(dice, words.FIRM_FORMS)} «{pick(dice, words.FIRMS)} {between(dice, 2, 99)}»"


def email(dice: Dice, who: Person) -> str:
    """An address below .example, where no mail can arrive (RFC 2606); two people may share one only by rare chance."""
    return f"{_latin(who.given)}.{_latin(who.family)}{between(dice, 1, 999_999)}@poshta.example"


@lru_cache(maxsize=2_000)
def _latin(name: str) -> str:
    return name.lower().translate(_TRANSLITERATION)


def _kazakh_name(dice: Dice, female: bool) -> tuple[str, str, str | None]:
    family = pick(dice, words.KAZAKH_FAMILIES)
    father = pick(dice, words.KAZAKH_FATHERS) if dice() < 0.85 else None
    if female:
        return feminine(family), pick(dice, words.KAZAKH_WOMEN), father and f"{father}қызы"
    return family, pick(dice, words.KAZAKH_MEN), father and f"{father}ұлы"


def _russian_name(dice: Dice, female: bool) -> tuple[str, str, str]:
    family, patronymic = pick(dice, words.RUSSIAN_FAMILIES), pick(dice, words.RUSSIAN_PATRONYMICS)
    if female:
        return feminine(family), pick(dice, words.RUSSIAN_WOMEN), f"{patronymic[:-2]}на"
    return family, pick(dice, words.RUSSIAN_MEN), patronymic


@lru_cache(maxsize=8)
def _birth_days(as_of: date) -> int:
    return (add_months(as_of, -12 * YOUNGEST) - add_months(as_of, -12 * OLDEST)).days


def _birth_slot(number: int, as_of: date) -> tuple[date, bool, int]:
    """Birth day, sex and pair of IIN serials of a person: different for every number."""
    if number <= RESERVED:
        return add_months(as_of, -12 * 50) + timedelta(days=37 * (number // 20)), number % 2 == 1, _RESERVED_SERIALS + number % 20
    days = _birth_days(as_of)
    slot, female = divmod(number * _STRIDE % (days * 2 * _RESERVED_SERIALS), 2)
    return add_months(as_of, -12 * OLDEST) + timedelta(days=1 + slot % days), female == 1, slot // days
