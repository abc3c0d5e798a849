"""Identifiers inside free text: national ids, e-mail addresses, phone numbers, IBANs, card numbers.

Judged by checksum, by plausible birth date, by what stands on either side and by the words before. A number of which every tenth passes
(LNCh, and phone numbers without a code) is taken only after a word that announces it. Leaves to others: whose identifiers they are.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date

from governance.catalogue.recognition import numbers

NATIONAL_ID = "user.government_id.national_identification_number"
EMAIL, PHONE = "user.contact.email", "user.contact.phone_number"
ACCOUNT, CARD = "user.financial.bank_account", "user.financial.credit_card"

_EMAIL = re.compile(rf"(?<![\w.+-]){numbers.EMAIL.pattern}")
_IBAN = re.compile(r"(?<![A-Za-z0-9])[A-Za-z]{2}\d{2}(?:[ \u00a0]?[A-Za-z0-9]){11,30}(?![A-Za-z0-9])")
_CARD = re.compile(r"(?<![\w.,/-])\d(?:[ -]?\d){12,18}(?![\w/-])")
_ID = re.compile(r"(?<![\w.,/+-])\d{10,12}(?![\w/]|[.,-]\d)")
_PHONE = re.compile(r"(?<![\w.,/])(?:\+|00)?\(?\d(?:[\s().\-/]{0,2}\d){6,14}(?![\w/]|[.,-]\d)")
_LNCH_WORD = re.compile(r"(?:лнч|лч|lnch|lnc|личен номер|foreigner|чужденец)\W{0,12}\Z", re.IGNORECASE)
_PHONE_WORD = re.compile(
    r"(?:\bтел|\btel|phone|\bмоб|\bmob|\bgsm|звън|звон|\bсот|viber|whats|helista|ұялы|call|набер|\bконтакт)[\w.]*\W{0,8}(?:\w{1,10}\W{1,3})?\Z",
    re.IGNORECASE,
)
_BEFORE = 30  # characters before a number that are looked at for a word


def identifiers_in(text: str, today: date | None = None) -> Iterator[tuple[str, str]]:
    """(category, normalised identifier) for each one found, in the order of kinds; an identifier found twice comes twice. What is taken as
    one kind is not looked at for the next. With `today`, birth dates in the future are no national ids."""
    taken = [False] * len(text)
    for category, pattern, read in (
        (EMAIL, _EMAIL, _email),
        (ACCOUNT, _IBAN, _iban),
        (CARD, _CARD, _card),
        (NATIONAL_ID, _ID, _national_id),
        (PHONE, _PHONE, _phone),
    ):
        for found in pattern.finditer(text):
            begin, end = found.span()
            if any(taken[begin:end]):
                continue
            normal, length = read(found.group(), text[max(0, begin - _BEFORE) : begin], today)
            if normal is not None:
                taken[begin : begin + length] = [True] * length
                yield category, normal


def _email(text: str, before: str, today: date | None) -> tuple[str | None, int]:
    return numbers.normalise(EMAIL, text), len(text)


def _iban(text: str, before: str, today: date | None) -> tuple[str | None, int]:
    """Words may follow an IBAN that is written in groups: the longest beginning that is one counts."""
    for end in range(len(text), 14, -1):
        if text[end - 1].isalnum() and (end == len(text) or not text[end].isalnum()):
            normal = numbers.normalise(ACCOUNT, text[:end])
            if normal is not None:
                return normal, end
    return None, 0


def _card(text: str, before: str, today: date | None) -> tuple[str | None, int]:
    return numbers.normalise(CARD, text), len(text)


def _national_id(text: str, before: str, today: date | None) -> tuple[str | None, int]:
    which = numbers.national_id(text, today)
    if which is None or (which == "lnch" and _LNCH_WORD.search(before) is None):
        return None, 0
    return text, len(text)


def _phone(text: str, before: str, today: date | None) -> tuple[str | None, int]:
    text = text.rstrip()
    sure = numbers.is_international(text) or numbers.is_mobile(text) or _PHONE_WORD.search(before) is not None
    return (numbers.phone(text), len(text)) if sure else (None, 0)
