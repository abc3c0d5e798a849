"""Which texts the fields of a request may hold: letters, lengths, forms. Says what was expected and what was found, never the value.

Fields with a form of their own - ids, names, numbers, addresses for mail - take only the letters of that form, so that what is meant for a
database, a shell or a template does not get in. Free text takes what a person can write on paper. It is bound, encrypted and escaped
wherever it goes, and means nothing to a database; marks of template languages are refused in it all the same, for letters are made of
templates.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

import phonenumbers

#: Longest texts, in characters after normalisation (NFC).
LIMITS = {
    "name": 200,
    "national_id": 20,
    "emails": 254,  # RFC 5321 4.5.3.1.3
    "phones": 32,
    "contracts": 64,
    "address": 500,
    "representative_name": 200,
    "power_of_attorney": 300,
    "description": 10_000,
    "answer": 10_000,
    "corrections": 500,
    "reason": 2_000,
    "detail": 300,
    "clause": 200,
}
MOST = 20  # of anything that may be given several times

_TEMPLATE = re.compile(r"\{\{|\}\}|\{%|%\}|\$\{|#\{|<%|%>|<\s*/?\s*(script|iframe|object|img|svg|style)\b", re.IGNORECASE)
_EMAIL = re.compile(r"[^\s@<>()\[\],;:\\\"']+@[^\W_]([\w-]*\.)+[^\W\d_]{2,}", re.UNICODE)
_NUMBER = re.compile(r"[^\W_]([\w№#/. \-]*[^\W_])?", re.UNICODE)


@dataclass(frozen=True)
class Fault:
    """One field that is wrong."""

    field: str
    expected: str
    found: str

    def __str__(self) -> str:
        return f"{self.field}: expected {self.expected}, found {self.found}"


class FieldFault(ValueError):
    """Raised by what reads one field."""

    def __init__(self, field: str, expected: str, found: str) -> None:
        super().__init__(f"{field}: expected {expected}, found {found}")
        self.fault = Fault(field, expected, found)


def text_of(field: str, value: object, *, lines: bool = False) -> str:
    """A text of printable letters within its limit, trimmed, in NFC; with `lines` it may break. Raises FieldFault."""
    if not isinstance(value, str):
        raise FieldFault(field, "a text in quotes", f"a {type(value).__name__}")
    limit = LIMITS[field.partition(".")[0]]
    if len(value) > 4 * limit:  # before work is done that grows with it
        raise FieldFault(field, f"at most {limit:,} characters", f"{len(value):,}")
    text = unicodedata.normalize("NFC", value).strip()
    if lines:
        text = text.replace("\r\n", "\n")
    allowed = "\n\t" if lines else ""
    for place, letter in enumerate(text):
        # Controls, directions, surrogates, private and unassigned letters, separators of lines: nothing of these is seen on paper.
        if letter not in allowed and (unicodedata.category(letter) in {"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"}):
            raise FieldFault(field, "letters that can be printed", f"the character U+{ord(letter):04X} at position {place + 1}")
    if len(text) > limit:
        raise FieldFault(field, f"at most {limit:,} characters", f"{len(text):,}")
    if not text:
        raise FieldFault(field, "a text", "none")
    return text


def free_text(field: str, value: object) -> str:
    """What a person wrote: any number of lines, no marks of a template language. Raises FieldFault."""
    text = text_of(field, value, lines=True)
    if _TEMPLATE.search(text):
        raise FieldFault(field, "text without marks of a template or of HTML, such as {{, ${ or <script", "such a mark")
    return text


def person_name(field: str, value: object) -> str:
    """A person's name in any script. Raises FieldFault."""
    text = text_of(field, value)
    if not all(unicodedata.category(letter)[0] in "LM" or letter in " -.'’" for letter in text) or not any(map(str.isalpha, text)):
        raise FieldFault(field, "letters, blanks, hyphens, points and apostrophes", "another character")
    return text


def number(field: str, value: object) -> str:
    """The number of a contract or document. Raises FieldFault."""
    text = text_of(field, value)
    if not _NUMBER.fullmatch(text):
        raise FieldFault(field, "letters, digits, blanks and the marks - . / _ # №", "another character")
    return text


def line_of_words(field: str, value: object) -> str:
    """An address or the description of a paper, on one line. Raises FieldFault."""
    text = text_of(field, value)
    if any(unicodedata.category(letter)[0] not in "LMNZ" and letter not in "-–.,:/'’\"„“”«»()№#&+_" for letter in text):
        raise FieldFault(field, "letters, digits and the marks of an address", "another character")
    return text


def email(field: str, value: object) -> str:
    """An address for mail. Raises FieldFault."""
    text = text_of(field, value)
    if not _EMAIL.fullmatch(text):
        raise FieldFault(field, "an address like name@example.org", "another form")
    return text


def phone(field: str, value: object, country: str) -> str:
    """A telephone number that can be one, in its country or with a country code. Raises FieldFault."""
    text = text_of(field, value)
    try:
        if re.fullmatch(r"[\d+()/ .\-]+", text) and phonenumbers.is_possible_number(phonenumbers.parse(text, country)):
            return text
    except phonenumbers.NumberParseException:
        pass
    raise FieldFault(field, "a telephone number", "another form")


def day(field: str, value: object) -> date:
    """A day, as YAML reads one or as YYYY-MM-DD. Raises FieldFault."""
    if isinstance(value, date) and type(value) is date:
        return value
    if isinstance(value, str) and re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", value.strip()):
        try:
            return date.fromisoformat(value.strip())
        except ValueError:
            raise FieldFault(field, "a day of the calendar as YYYY-MM-DD", "one that no calendar has") from None
    raise FieldFault(field, "a day as YYYY-MM-DD", "another form")


def several(field: str, value: object, one: Callable[[str, object], str]) -> tuple[str, ...]:
    """A list of which each is read by `one`; a text stands for one, separated by semicolons for several. Raises FieldFault."""
    items = value.split(";") if isinstance(value, str) else value
    if not isinstance(items, list | tuple):
        raise FieldFault(field, "a list", f"a {type(value).__name__}")
    if len(items) > MOST:
        raise FieldFault(field, f"at most {MOST}", f"{len(items):,}")
    kept = [item for item in items if not (isinstance(item, str) and not item.strip())]
    return tuple(dict.fromkeys(one(field if len(kept) == 1 else f"{field}.{n}", item) for n, item in enumerate(kept, 1)))
