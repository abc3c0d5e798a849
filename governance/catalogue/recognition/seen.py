"""A column's values as looked at: what leaves are shares and counts.

Pseudonyms of ours are left out, they stand for values. Of many values some are looked at, spread over the sample; what takes long is looked
at in fewer, and what a few of them do not promise in no more than these. Leaves to others: the checks (`values`), and what a share is worth
(`judging`).
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property

from governance.catalogue.inventory import ColumnKind, Sample
from governance.catalogue.recognition import numbers, shapes

LOOKED_AT = 120  # values a check looks at at most
LOOKED_AT_FOR_IDS = 80  # the same for national ids
LOOKED_AT_SLOWLY = 40  # the same where a library takes long over each: phone numbers, IBANs
_FEW = 20  # values looked at to see whether the others are worth it


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

    def __init__(self, sample: Sample, kind: ColumnKind, as_of: date, checks: Mapping[str, Callable[[Seen], Evidence]]) -> None:
        stripped = [value.strip() for value in sample.values]
        kept = [value for value in stripped if value and not shapes.is_token(value)]
        filled = sum(1 for value in stripped if value)
        self.tokens = 1 - len(kept) / filled if filled else 0.0
        self.different = len(kept)
        self.filled = sample.rows - sample.nulls
        self.values: Sequence[str] = _spread(kept, LOOKED_AT)
        self.numeric = kind in (ColumnKind.INTEGER, ColumnKind.NUMBER)
        self.as_of = as_of
        self._kind = kind
        self._checks = checks
        self.brief = False  # only what passes is asked for, not what has the shape
        self._phones: dict[str, str | None] = {}
        self._few: Seen | None = None
        self._evidence: dict[str, Evidence] = {}

    @property
    def count(self) -> int:
        """How many different values there are to look at."""
        return len(self.values)

    def evidence(self, check: str) -> Evidence:
        """What a check found."""
        found = self._evidence.get(check)
        if found is None:
            found = self._evidence[check] = self._checks[check](self)
        return found

    def promises(self, check: str, share: float) -> bool:
        """A few of the values pass a check often enough for it to be worth asking all of them."""
        if self.count <= _FEW:
            return True
        if self._few is None:
            self._few = Seen(Sample(_FEW, 0, _spread(self.values, _FEW)), self._kind, self.as_of, self._checks)
            self._few._phones, self._few.brief = self._phones, True
        return self._few.evidence(check).valid >= share / 2

    def share(self, test: Callable[[str], bool], most: int = LOOKED_AT) -> tuple[float, int]:
        """The share of values that pass, and of how many."""
        values = _spread(self.values, most)
        return (sum(map(test, values)) / len(values), len(values)) if values else (0.0, 0)

    def shaped(self, valid: float, shape: Callable[[str], bool], most: int = LOOKED_AT) -> float:
        """The share of values that have the shape of what `valid` of them are."""
        return valid if self.brief or valid == 1.0 else max(valid, self.share(shape, most)[0])

    def phone(self, value: str) -> str | None:
        """`numbers.phone` of a value, or of what it begins with, worked out once."""
        if value not in self._phones:
            self._phones[value] = numbers.phone(numbers.leading_phone(value))
        return self._phones[value]

    @cached_property
    def yes_or_no(self) -> bool:
        """Every value is a way of writing yes or no."""
        return 0 < len(self.values) <= 4 and all(map(shapes.is_yes_or_no, self.values))

    @cached_property
    def digits(self) -> Counter[int]:
        """How many values have how many digits and nothing else; under 0 those that have something else."""
        plain = map(numbers.whole if self.numeric else numbers.bare, self.values)
        return Counter(map(shapes.digits_in, plain))

    @cached_property
    def national_ids(self) -> Counter[str | None]:
        """How many of the values looked at are which national id."""
        if not any(self.digits[length] for length in range(8 if self.numeric else 10, 13)):
            return Counter({None: self.count})
        looked_at = _spread(self.values, LOOKED_AT_FOR_IDS)
        return Counter(numbers.national_id(value, self.as_of, numeric=self.numeric) for value in looked_at)

    @cached_property
    def _letters(self) -> frozenset[str]:
        return frozenset("".join(self.values))

    @cached_property
    def ascii(self) -> bool:
        """No letter is outside the Latin alphabet of English."""
        return all(map(str.isascii, self._letters))

    @cached_property
    def with_letters(self) -> bool:
        """Some value has a letter: what has none is no name, address or word."""
        return any(map(str.isalpha, self._letters))

    def some(self, letters: str) -> bool:
        """One of these letters stands in some value."""
        return not self._letters.isdisjoint(letters)

    @cached_property
    def coded(self) -> bool:
        """Nearly all values are numbers or codes: they have a digit and no blank."""
        return self.share(lambda value: " " not in value and not value.isalpha() and any(map(str.isdigit, value)))[0] >= 0.95

    @cached_property
    def worded(self) -> bool:
        """Every value is one to three words of letters."""
        return all(value.count(" ") <= 2 and all(map(str.isalpha, re.split(r"[ _\-]", value))) for value in self.values)

    @cached_property
    def in_small_letters(self) -> bool:
        """No value has a capital letter."""
        return all(value == value.lower() for value in self.values)

    @cached_property
    def all_digits(self) -> bool:
        """No value has anything but digits."""
        return not self.digits[0]

    @cached_property
    def short_codes(self) -> float:
        """The share of values of four to six digits and nothing else."""
        return sum(many for length, many in self.digits.items() if 4 <= length <= 6) / self.count if self.count else 0.0

    @cached_property
    def longest(self) -> int:
        """How many characters the longest value has."""
        return max(map(len, self.values), default=0)


def _spread(values: Sequence[str], most: int) -> Sequence[str]:
    """At most so many of the values, from all parts of them."""
    return values if len(values) <= most else [values[place * len(values) // most] for place in range(most)]
