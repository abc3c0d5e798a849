"""Numbers that carry a check of their own: national ids, accounts, cards, phone numbers; is a value one, and what is its one spelling?

Checksums are those of python-stdnum and `catalogue.kazakhstan`, phone numbers those of phonenumbers. A check passes by chance (EGN 1.1 % of
random digits, LNCh and Luhn 10 %, isikukood 0.3 %, IIN 0.2 %), so one number that passes proves nothing; shares are judged elsewhere.
Says nothing about whether a number was ever given to anybody.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import date

import phonenumbers
from stdnum import iban as iban_
from stdnum import luhn
from stdnum.bg import egn as egn_
from stdnum.bg import pnf
from stdnum.ee import ik

from governance.catalogue.kazakhstan import is_valid_iin

_BLANKS = re.compile(r"[\s\u00a0\-]")
_FRACTION = re.compile(r"\.0+\Z")
#: What stands before a national id where a column or a smart card says whose system it is (ETSI EN 319 412-1: PNOEE-38001085718).
_ANNOUNCED = re.compile(r"\A(?:PNO[A-Z]{2}-?|(?:EE|ЕГН|ЛНЧ|ИИН|ЖСН|EGN|LNCH?|IIN|IK)[\s:.№-]*)(?=\d{10,12}\Z)", re.IGNORECASE)
_FLOATED = re.compile(r"\d{8,12}\.0")  # a whole number that went through a spreadsheet
_PIECE = re.compile(r"\+?\(?\d[\d\s\u00a0().\-]{5,18}\d")
_BEHIND = re.compile(r"\s*[,;/|(].*|\s+[^\W\d_].*")
#: A caller as exchanges write it: "Ivan Petrov" <+359888123456>; and the address forms of SIP and of links (RFC 3261, RFC 3966).
_CALLER = re.compile(r"(?:\"?[^\"<>]{0,60}\"?\s*<)?(?:sips?:|tel:)?(\+?\d[\d\s().\-]{4,20}\d)(?:@[^>\s]+)?>?", re.IGNORECASE)
_MOST_BEHIND = 40  # characters after a phone number that still belong to it
#: The least that must be there before the library is asked, which takes a hundred times longer.
_PHONE = re.compile(r"(?:tel[.:]?|тел[.:]?)?\s*[+(]{0,2}\d[\d\s\u00a0().\-/]{5,21}\d", re.IGNORECASE)
_NO_PHONE = re.compile(r"\d{4}-\d\d-\d\d|\d\d?[./]\d\d?[./]\d{4}|\d+\.\d{1,2}|\d{1,3}(?:\.\d{1,3}){3}")
_STYLED = re.compile(r"(?:\+|00|0|8|7|359|372)[\d\s\u00a0().\-/]+|\(?\d{2,4}\)?(?:[\s\u00a0\-/]\d{2,4}){1,4}")
_IBAN = re.compile(r"[A-Z]{2}\d{2}[A-Z0-9]{11,30}")
_MOBILE = re.compile(r"0[89]\d{8}|[87]7\d{9}|359[89]\d{8}|3725\d{6,7}")
_CARD = re.compile(r"(?:4\d{12}(?:\d{3})?|5[0-9]\d{14}|2[2-7]\d{14}|6\d{15}|3[47]\d{13}|9704\d{12})")


def compact(value: str) -> str:
    """A number without blanks and hyphens."""
    return _BLANKS.sub("", value)


def whole(value: str) -> str:
    """A number without the fraction that a numeric column writes: 8001011234.0."""
    return _FRACTION.sub("", value)


def bare(value: str) -> str:
    """A national id without blanks, without what announces it and without the fraction that a spreadsheet gave it."""
    text = compact(value)
    if _FLOATED.fullmatch(text) is not None:
        return text[:-2]
    return text if text[:1].isdigit() else _ANNOUNCED.sub("", text)


def is_egn(digits: str, today: date | None) -> bool:
    """Bulgaria's uniform civil number: ten digits, a birth date that exists and, where `today` is given, has been."""
    return (
        len(digits) == 10
        and digits.isascii()
        and digits.isdigit()
        and bool(egn_.is_valid(digits))
        and _born(egn_.get_birth_date(digits), today)
    )


def is_lnch(digits: str) -> bool:
    """Bulgaria's personal number of a foreigner: ten digits with a check digit and nothing else that could be wrong."""
    return len(digits) == 10 and digits.isascii() and digits.isdigit() and bool(pnf.is_valid(digits))


def is_isikukood(digits: str, today: date | None) -> bool:
    """Estonia's personal identification code: eleven digits, a birth date that exists and has been."""
    return (
        len(digits) == 11
        and digits.isascii()
        and digits.isdigit()
        and bool(ik.is_valid(digits))
        and _born(ik.get_birth_date(digits), today)
    )


def is_iin(digits: str, today: date | None) -> bool:
    """Kazakhstan's individual identification number: twelve digits, a birth date that exists and has been."""
    if not is_valid_iin(digits):
        return False
    century = 1800 + (int(digits[6]) - 1) // 2 * 100
    return _born(date(century + int(digits[:2]), int(digits[2:4]), int(digits[4:6])), today)


def _born(birth: date, today: date | None) -> bool:
    return birth.year >= 1890 and (today is None or birth <= today)


def national_id(value: str, today: date | None, *, numeric: bool = False) -> str | None:
    """Which national id a value is: `egn`, `lnch`, `isikukood`, `iin`, or None. `numeric`: it comes from a column of numbers, which keeps
    no leading zeros. LNCh comes last, because every tenth number is one."""
    digits = compact(whole(value)) if numeric else bare(value)
    if not digits.isascii() or not digits.isdigit() or not 8 <= len(digits) <= 12:
        return None
    lost = 4 if numeric else 0
    if 10 - min(lost, 2) <= len(digits) <= 10 and is_egn(digits.zfill(10), today):
        return "egn"
    if is_isikukood(digits, today):
        return "isikukood"
    if 12 - lost <= len(digits) <= 12 and is_iin(digits.zfill(12), today):
        return "iin"
    if 10 - min(lost, 2) <= len(digits) <= 10 and is_lnch(digits.zfill(10)):
        return "lnch"
    return None


def is_iban(value: str) -> bool:
    """An IBAN of any country, with its structure and its check digits (ISO 13616)."""
    plain = compact(value).upper()
    return _IBAN.fullmatch(plain) is not None and bool(iban_.is_valid(plain))


def is_card(value: str) -> bool:
    """The number of a payment card: an issuer's first digits, a length in use, Luhn's check digit (ISO/IEC 7812)."""
    digits = compact(value)
    return _CARD.fullmatch(digits) is not None and bool(luhn.is_valid(digits))


def phone(value: str) -> str | None:
    """A phone number in its international form (E.164), None if it is none.

    A number without a country's code is read as one of Bulgaria where it begins with 0, of Kazakhstan where it has ten or eleven digits and
    begins with 7 or 8, of Estonia where it has seven or eight digits.
    """
    text = value.strip()
    if _PHONE.fullmatch(text) is None or _NO_PHONE.fullmatch(text) is not None:
        return None
    digits = re.sub(r"\D", "", text)
    for region, written in _readings(text, digits):
        try:
            parsed = phonenumbers.parse(written, region)
        except phonenumbers.NumberParseException:
            continue
        if phonenumbers.is_valid_number(parsed):
            return phonenumbers.format_number(parsed, phonenumbers.PhoneNumberFormat.E164)
    return None


def _readings(text: str, digits: str) -> list[tuple[str | None, str]]:
    """Region and spelling, in the order to be tried."""
    if "+" in text:
        return [(None, f"+{digits}")]
    if digits.startswith("00"):
        return [(None, f"+{digits[2:]}")]
    readings: list[tuple[str | None, str]] = []
    if digits.startswith("0"):
        readings.append(("BG", digits))
    if len(digits) == 11 and digits[0] in "78":
        readings.append((None, f"+7{digits[1:]}"))
    if len(digits) == 10 and digits[0] == "7":
        readings.append((None, f"+7{digits}"))
    if len(digits) in (9,) and digits[0] in "89":
        readings.append(("BG", digits))
    if digits.startswith(("359", "372", "77")) and 10 <= len(digits) <= 12:
        readings.append((None, f"+{digits}"))
    if 7 <= len(digits) <= 8 and digits[0] in "34567":
        readings.append(("EE", digits))
    return readings


def begins_internationally(value: str) -> bool:
    """Begins with a country's code, as no other number does."""
    return value.lstrip("( ").startswith(("+", "00"))


def is_international(value: str) -> bool:
    """A valid phone number with its country's code before it."""
    return begins_internationally(value) and phone(value) is not None


def is_mobile(value: str, read: Callable[[str], str | None] = phone) -> bool:
    """A valid number of a mobile phone, long enough not to be one by chance: in the national form of Bulgaria or Kazakhstan, or with the
    code of one of the three countries and no sign before it. `read` is `phone`, or what remembers it."""
    digits = re.sub(r"\D", "", value)
    return _MOBILE.fullmatch(digits) is not None and read(value) is not None


def leading_phone(value: str) -> str:
    """The phone number that a value begins with, where another or a word about it follows: `0888 123 456 (майка)`; else the value."""
    if ("<" in value or ":" in value) and (caller := _CALLER.fullmatch(value)) is not None:
        return caller[1]
    found = _PIECE.match(value)
    if found is None or len(value) - found.end() > _MOST_BEHIND:
        return value
    return found.group() if _BEHIND.fullmatch(value, found.end()) is not None else value


def is_written_as_phone(value: str) -> bool:
    """In a style that phone numbers have and few other numbers: with a country's code or a trunk prefix, or in groups."""
    return _STYLED.fullmatch(value) is not None and sum(map(str.isdigit, value)) >= 7


def _normal_national_id(value: str) -> str | None:
    return bare(value) if national_id(value, None) else None


def _normal_email(value: str) -> str | None:
    text = value.strip().removeprefix("mailto:").lower()
    return text if EMAIL.fullmatch(text) else None


#: An address of electronic mail, as far as one is told from other text (RFC 5321, without quoted local parts).
EMAIL = re.compile(r"[\w.!#$%&'*+/=?^`{|}~-]{1,64}@(?:[\w](?:[\w-]{0,61}[\w])?\.)+[^\W\d_][\w-]{1,23}")

#: Several addresses, or one behind the name of whose it is.
_ADDRESSES = re.compile(rf"(?:[^@,;<>]{{0,60}}<)?{EMAIL.pattern}>?(?:\s*[,;/ ]\s*(?:[^@,;<>]{{0,60}}<)?{EMAIL.pattern}>?){{0,4}}")


def is_email(value: str) -> bool:
    """An e-mail address, a few of them, or one behind its owner's name."""
    return EMAIL.fullmatch(value) is not None or ("@" in value and len(value) <= 200 and _ADDRESSES.fullmatch(value) is not None)


_NORMAL: Mapping[str, Callable[[str], str | None]] = {
    "user.government_id.national_identification_number": _normal_national_id,
    "user.contact.email": _normal_email,
    "user.contact.phone_number": phone,
    "user.financial.bank_account": lambda value: compact(value).upper() if is_iban(value) else None,
    "user.financial.credit_card": lambda value: compact(value) if is_card(value) else None,
}


def normalise(category: str, value: str) -> str | None:
    """The one spelling of an identifier, so that it can be compared wherever it stands: digits of a national id or card, lower case of an
    e-mail address, E.164 of a phone number, an IBAN without blanks. None where the value is none, or the category has no such spelling."""
    normal = _NORMAL.get(category)
    return normal(value) if normal is not None else None
