"""Words, dates, numbers and plural forms of the languages in which paper is made.

The words stand in `words/<language>.yaml`, those of letters beside them in `letters/`, the same keys in each. Plural forms are those of
Unicode CLDR for whole numbers. Categories are put into words by the nearest category above that has one; the taxonomy's own names are
English alone.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from datetime import date, datetime
from functools import cache
from importlib.resources import files
from typing import Any
from zoneinfo import ZoneInfo

from governance.errors import ConfigurationError
from governance.policy.loading import parse_yaml
from governance.policy.period import Period

LANGUAGES = ("bg", "en", "et", "kk", "ru")


class Words:
    """The words of one language."""

    def __init__(self, language: str, words: Mapping[str, Any]) -> None:
        self.language, self._words = language, words

    def __call__(self, key: str, **values: object) -> str:
        """A word or sentence with its values; `a.b` looks into a group. An unknown word of a group stands for itself."""
        group, _, member = key.partition(".")
        found = self._words[group]
        text = str(found.get(member, member)) if member else str(found)
        return text.format(**values) if values else text

    def within(self, group: str) -> Words:
        """The words of one group, before all others."""
        return Words(self.language, {**self._words, **self._words[group]})

    def period(self, text: str) -> str:
        """An ISO 8601 period as the packs write it, in words."""
        period = Period.parse(text)
        parts = (("year", period.years), ("month", period.months), ("day", period.days), ("hour", period.hours or 0))
        return ", ".join(self.count(unit, number) for unit, number in parts if number) or self.count("day", 0)

    def sentences(self, key: str) -> list[str]:
        """A list of sentences."""
        return [str(sentence) for sentence in self._words[key]]

    def day(self, day: date | str) -> str:
        """A date in words."""
        moment = date.fromisoformat(day) if isinstance(day, str) else day
        return self("date", day=moment.day, month=self._words["months"][moment.month - 1], year=moment.year)

    def instant(self, text: str, zone: ZoneInfo) -> str:
        """An instant on a wall clock, with the offset from UTC."""
        moment = datetime.fromisoformat(text).astimezone(zone)
        offset = f"{moment:%z}"
        return f"{self.day(moment.date())}, {moment:%H:%M} (UTC{offset[:3]}:{offset[3:5]})"

    def number(self, number: int) -> str:
        """A whole number with its thousands apart."""
        return f"{number:,}".replace(",", self._words["thousands"])

    def count(self, what: str, number: int) -> str:
        """A number of something."""
        forms = self._words["plurals"][what]
        return f"{self.number(number)} {forms.get(plural(self.language, number), forms.get('other', ''))}"

    def category(self, category: str) -> str:
        """A data category in words."""
        known = self._words["categories"]
        while category not in known:
            category = category.rpartition(".")[0] or "user"
        return str(known[category])

    def categories(self, categories: Iterable[str]) -> str:
        """Several, each word once; the general "other" last."""
        words = dict.fromkeys(self.category(category) for category in categories)
        other = self.category("user")
        return ", ".join(sorted(words, key=lambda word: (word == other, word)))


def plural(language: str, number: int) -> str:
    """The plural category of a whole number (Unicode CLDR, "Language Plural Rules")."""
    if language == "ru":
        if number % 10 == 1 and number % 100 != 11:
            return "one"
        return "few" if number % 10 in (2, 3, 4) and number % 100 not in (12, 13, 14) else "many"
    return "one" if number == 1 else "other"


@cache
def words_of(language: str) -> Words:
    """The words of a language. Raises ConfigurationError naming the languages there are."""
    return Words(language, _read("words", language))


@cache
def letter_words_digest(language: str) -> str:
    """SHA-256, hex, of the words a letter in that language is made with: which edition of the template it was."""
    return hashlib.sha256(b"".join(_text(folder, language).encode() for folder in ("words", "letters"))).hexdigest()


@cache
def letter_words_of(language: str) -> Words:
    """The words of a language with those of letters to persons. Raises ConfigurationError naming the languages there are."""
    return Words(language, {**_read("words", language), **_read("letters", language)})


def _read(folder: str, language: str) -> Mapping[str, Any]:
    if language not in LANGUAGES:
        raise ConfigurationError(f"expected a language of {', '.join(LANGUAGES)}, found {language[:20]!r}")
    words = parse_yaml(_text(folder, language), f"{folder}/{language}.yaml")
    assert isinstance(words, dict)  # noqa: S101 - a file of ours
    return words


def _text(folder: str, language: str) -> str:
    return files(__package__).joinpath(folder, f"{language}.yaml").read_text(encoding="utf-8")
