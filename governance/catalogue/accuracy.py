"""What a well-formed value of a category is (GDPR 5(1)(d); credithelp art. 2; 94-V clause 2.2), with the checks of kept libraries.

Well-formed, not true: whether a number was ever given to anybody is not known here. A category without a check is not judged.
"""

from __future__ import annotations

import re
from collections.abc import Callable

import phonenumbers
from stdnum import iban

from governance.catalogue.findings import FindingKind
from governance.catalogue.national_ids import CATEGORY as NATIONAL_ID
from governance.catalogue.national_ids import VALIDATORS

PHONE, ACCOUNT = "user.contact.phone_number", "user.financial.bank_account"
_IBAN = re.compile(r"\s*[A-Z]{2}\d\d", re.IGNORECASE)  # anything else is an account number of another kind

Check = Callable[[str], bool]


def checks(country: str) -> dict[str, tuple[FindingKind, Check]]:
    """By category: what an ill-formed value is called, and the check. `country` is that of the controller (ISO 3166)."""
    found: dict[str, tuple[FindingKind, Check]] = {
        PHONE: (FindingKind.INVALID_PHONE, lambda value: is_phone(value, country)),
        ACCOUNT: (FindingKind.INVALID_ACCOUNT, is_account),
    }
    if country in VALIDATORS:
        found[NATIONAL_ID] = (FindingKind.INVALID_IDENTIFIER, VALIDATORS[country])
    return found


def is_phone(value: str, country: str) -> bool:
    """A number that can be given out: of the country, or of any where it is written with +."""
    try:
        return phonenumbers.is_valid_number(phonenumbers.parse(value, country))
    except phonenumbers.NumberParseException:
        return False


def is_account(value: str) -> bool:
    """An IBAN with the right length and check digits (ISO 13616), or an account number of another kind."""
    return bool(iban.is_valid(value)) if _IBAN.match(value) else True
