"""What the values of a column say: for each check, the share of different values that pass it and the share that at least have its shape.

Values are looked at here and nowhere after: what leaves are shares and counts. Pseudonyms of ours are left out, they stand for values. Of
many values some are looked at, spread over the sample. Leaves to others: what a share is worth (`judging`).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property

from governance.catalogue.inventory import ColumnKind, Sample
from governance.catalogue.recognition import numbers, people, shapes, vocabulary

LOOKED_AT = 240  # values a check looks at at most
_FEW = 24  # values looked at to see whether the others are worth it
LOOKED_AT_PHONES = 60  # phone numbers are slow to read


@dataclass(frozen=True)
class Evidence:
    """`valid` and `shaped` are shares of the `seen` different values; `what` names what passed. What is valid has the shape too."""

    valid: float
    shaped: float
    seen: int
    what: str

    def told(self) -> str:
        """For the reasons of a verdict."""
        if self.valid >= self.shaped - 0.005:
            return f"values: {self.valid:.0%} of {self.seen} are {self.what}"
        return f"values: {self.valid:.0%} of {self.seen} are {self.what}, {self.shaped:.0%} have the shape"


class Seen:
    """A column's values as looked at. Checks run once each, and only where the column can hold what they look for."""

    def __init__(self, sample: Sample, kind: ColumnKind, as_of: date) -> None:
        stripped = [value.strip() for value in sample.values]
        kept = [value for value in stripped if value and not shapes.is_token(value)]
        filled = sum(1 for value in stripped if value)
        self.tokens = 1 - len(kept) / filled if filled else 0.0
        if len(kept) > LOOKED_AT:
            kept = [kept[place * len(kept) // LOOKED_AT] for place in range(LOOKED_AT)]
        self.values: Sequence[str] = kept
        self.numeric = kind in (ColumnKind.INTEGER, ColumnKind.NUMBER)
        self.as_of = as_of
        self._kind = kind
        self._few: Seen | None = None
        self._evidence: dict[str, Evidence] = {}

    @property
    def count(self) -> int:
        """How many different values there are to look at."""
        return len(self.values)

    def evidence(self, check: str) -> Evidence:
        """What a check of `CHECKS` found."""
        found = self._evidence.get(check)
        if found is None:
            found = self._evidence[check] = CHECKS[check](self)
        return found

    def promises(self, check: str, share: float) -> bool:
        """A few of the values pass a check often enough for it to be worth asking all of them."""
        if self.count <= _FEW:
            return True
        if self._few is None:
            self._few = Seen(Sample(_FEW, 0, [self.values[place * self.count // _FEW] for place in range(_FEW)]), self._kind, self.as_of)
        return self._few.evidence(check).valid >= share / 2

    def share(self, test: Callable[[str], bool], most: int = LOOKED_AT) -> tuple[float, int]:
        """The share of values that pass, and of how many."""
        values = self.values
        if len(values) > most:
            values = [values[place * len(values) // most] for place in range(most)]
        return (sum(map(test, values)) / len(values), len(values)) if values else (0.0, 0)

    @cached_property
    def yes_or_no(self) -> bool:
        """Every value is a way of writing yes or no."""
        return 0 < len(self.values) <= 4 and all(map(shapes.is_yes_or_no, self.values))

    @cached_property
    def digits(self) -> Counter[int]:
        """How many values have how many digits and nothing else; under 0 those that have something else."""
        plain = map(numbers.whole, self.values) if self.numeric else self.values
        return Counter(map(shapes.digits_in, plain))

    @cached_property
    def national_ids(self) -> Counter[str | None]:
        """How many values are which national id."""
        if not any(self.digits[length] for length in range(8 if self.numeric else 10, 13)):
            return Counter({None: self.count})
        return Counter(numbers.national_id(value, self.as_of, numeric=self.numeric) for value in self.values)

    @cached_property
    def _letters(self) -> frozenset[str]:
        return frozenset("".join(self.values))

    @cached_property
    def with_letters(self) -> bool:
        """Some value has a letter: what has none is no name, address or word."""
        return any(map(str.isalpha, self._letters))

    def some(self, letters: str) -> bool:
        """One of these letters stands in some value."""
        return not self._letters.isdisjoint(letters)


def _national_id(seen: Seen) -> Evidence:
    found, count = seen.national_ids, seen.count
    valid = count - found[None]
    if not valid:
        what = "valid national ids"
    else:
        what = f"valid {' or '.join(sorted(str(name).upper() if name != 'isikukood' else name for name in found if name is not None))}"
    least = 8 if seen.numeric else 10
    shaped = sum(many for length, many in seen.digits.items() if least <= length <= 12)
    masked = seen.share(shapes.is_masked)[0]
    return _evidence(valid, max(valid, shaped, int(masked * count)), count, what)


def _phone(seen: Seen) -> Evidence:
    if not seen.numeric and not any(seen.digits[length] for length in range(5, 16)) and not seen.some("+()-/. *"):
        return Evidence(0.0, 0.0, seen.count, "valid phone numbers")
    valid, count = seen.share(lambda value: numbers.phone(numbers.whole(value)) is not None, LOOKED_AT_PHONES)
    shaped, _ = seen.share(
        lambda value: (5 <= sum(map(str.isdigit, value)) <= 15 and not any(map(str.isalpha, value))) or shapes.is_masked(value),
        LOOKED_AT_PHONES,
    )
    return Evidence(valid, max(valid, shaped), count, "valid phone numbers")


def _international_phone(seen: Seen) -> Evidence:
    if not seen.some("+0"):
        return Evidence(0.0, 0.0, seen.count, "phone numbers with a country's code")
    valid, count = seen.share(numbers.is_international, LOOKED_AT_PHONES)
    return Evidence(valid, valid, count, "phone numbers with a country's code")


def _mobile_phone(seen: Seen) -> Evidence:
    valid, count = seen.share(lambda value: numbers.is_mobile(numbers.whole(value)), LOOKED_AT_PHONES)
    return Evidence(valid, valid, count, "mobile phone numbers of Bulgaria or Kazakhstan")


def _iban(seen: Seen) -> Evidence:
    valid, count = seen.share(numbers.is_iban) if seen.with_letters else (0.0, seen.count)
    shaped, _ = seen.share(lambda value: (sum(map(str.isdigit, value)) >= 6 and " " not in value.strip(" ")[:4]) or shapes.is_masked(value))
    return Evidence(valid, max(valid, shaped), count, "valid IBANs")


def _card(seen: Seen) -> Evidence:
    valid, count = seen.share(lambda value: numbers.is_card(numbers.whole(value)))
    shaped, _ = seen.share(
        lambda value: 13 <= shapes.digits_in(value) <= 19 or shapes.digits_in(value) in (3, 4) or shapes.is_masked(value)
    )
    return Evidence(valid, max(valid, shaped), count, "card numbers with a right check digit")


def _email(seen: Seen) -> Evidence:
    if not seen.some("@"):
        return Evidence(0.0, 0.0, seen.count, "e-mail addresses")
    valid, count = seen.share(lambda value: numbers.EMAIL.fullmatch(value) is not None)
    shaped, _ = seen.share(lambda value: "@" in value or shapes.is_masked_email(value))
    return Evidence(valid, max(valid, shaped), count, "e-mail addresses")


def _birth_date(seen: Seen) -> Evidence:
    """Dates on which somebody was born who is then 14 to 110 years old; years alone have the shape."""
    years = [seen.as_of.year - found.year for found in map(shapes.date_of, seen.values) if found is not None]
    alone = [seen.as_of.year - int(value) for value in seen.values if len(value) == 4 and value.isdigit()]
    plausible = sum(14 <= age <= 110 for age in years)
    shaped = len(years) + sum(14 <= age <= 110 for age in alone)
    return _evidence(plausible, shaped, seen.count, "dates of people alive")


def _adult_birth_date(seen: Seen) -> Evidence:
    """As birth dates of a lender's clients lie: all of adults, over a generation. Nothing else that a lender dates does."""
    ages = [seen.as_of.year - found.year for found in map(shapes.date_of, seen.values) if found is not None]
    spread = bool(ages) and min(ages) >= 16 and max(ages) <= 105 and max(ages) - min(ages) >= 25
    return _evidence(len(ages) if spread else 0, len(ages), seen.count, "dates of adults, a generation apart")


def _free_text(seen: Seen) -> Evidence:
    valid, count = seen.share(shapes.is_prose)
    shaped, _ = seen.share(lambda value: " " in value)
    return Evidence(valid, max(valid, shaped), count, "sentences")


def _evidence(valid: int, shaped: int, count: int, what: str) -> Evidence:
    return Evidence(valid / count, shaped / count, count, what) if count else Evidence(0.0, 0.0, 0, what)


def _letters(test: Callable[[str], bool], shape: Callable[[str], bool], what: str) -> Callable[[Seen], Evidence]:
    """A check on values that have letters."""

    def check(seen: Seen) -> Evidence:
        if not seen.with_letters:
            return Evidence(0.0, 0.0, seen.count, what)
        valid, count = seen.share(test)
        return Evidence(valid, max(valid, seen.share(shape)[0]), count, what)

    return check


def _signs(signs: str, test: Callable[[str], bool], what: str, shape: Callable[[str], bool] | None = None) -> Callable[[Seen], Evidence]:
    """A check on values that have certain signs; all have it where `signs` is empty."""

    def check(seen: Seen) -> Evidence:
        if signs and not seen.some(signs):
            return Evidence(0.0, seen.share(shape)[0] if shape is not None else 0.0, seen.count, what)
        valid, count = seen.share(test)
        return Evidence(valid, max(valid, seen.share(shape)[0]) if shape is not None else valid, count, what)

    return check


def _terms(name: str, what: str) -> Callable[[Seen], Evidence]:
    return _letters(lambda value: vocabulary.is_term(name, value), lambda value: len(value) <= 60, what)


CHECKS: Mapping[str, Callable[[Seen], Evidence]] = {
    "national-id": _national_id,
    "phone": _phone,
    "international-phone": _international_phone,
    "mobile-phone": _mobile_phone,
    "iban": _iban,
    "card": _card,
    "email": _email,
    "personal-email": _signs("@", people.is_personal_email, "e-mail addresses with a given name"),
    "ip": _signs(".:", shapes.is_ip, "IP addresses", shapes.is_hex_digest),
    "mac": _signs(":-", shapes.is_mac, "hardware addresses"),
    "device": _signs("", shapes.is_device, "ids of devices", lambda value: len(value) >= 3),
    "user-agent": _signs("/", shapes.is_user_agent, "user agents", lambda value: len(value) >= 3),
    "coordinates": _signs(".", lambda value: shapes.is_point(value) or shapes.is_degrees(value), "coordinates", lambda value: "." in value),
    "point": _signs(".", shapes.is_point, "pairs of coordinates"),
    "password-digest": _signs("$:{", shapes.is_password_digest, "digests of passwords", lambda value: len(value) >= 4),
    "document": _signs("", shapes.is_document, "shaped like numbers of documents", lambda value: sum(map(str.isdigit, value)) >= 2),
    "full-name": _letters(people.is_full_name, people.is_name_like, "full names of persons"),
    "given-name": _letters(people.is_given_name, people.is_name_like, "given names"),
    "family-name": _letters(people.is_family_name, people.is_name_like, "family names by their ending"),
    "firm": _letters(shapes.is_firm, shapes.is_firm, "names of firms"),
    "address": _letters(shapes.is_address, shapes.is_address_like, "addresses"),
    "birth-date": _birth_date,
    "adult-birth-date": _adult_birth_date,
    "free-text": _free_text,
    "religion": _terms("religion", "religions"),
    "ethnicity": _terms("ethnicity", "ethnic groups"),
    "politics": _terms("politics", "parties or political views"),
    "union": _terms("union", "trade unions"),
    "orientation": _terms("orientation", "sexual orientations"),
    "health": _letters(vocabulary.is_diagnosis, lambda value: len(value) >= 2, "diagnoses"),
    "illness": _terms("health", "states of health"),
    "marital": _terms("marital", "marital statuses"),
    "gender": _signs("", lambda value: vocabulary.is_term("gender", value), "genders", lambda value: len(value) <= 12),
}
