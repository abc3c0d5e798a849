"""Are national identification numbers well-formed, and which day of birth do they say? By country, with the checksums of python-stdnum
where it knows the number."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

from stdnum.bg import egn, pnf
from stdnum.ee import ik
from stdnum.exceptions import ValidationError

from governance.catalogue.kazakhstan import birth_date_of_iin, is_valid_iin


def _bulgarian(value: str) -> bool:
    return bool(egn.is_valid(value) or pnf.is_valid(value))


def _estonian(value: str) -> bool:
    return bool(ik.is_valid(value))


#: Validators by ISO 3166 country code. A country without an entry is not checked, and a scan says nothing about it.
VALIDATORS: dict[str, Callable[[str], bool]] = {"BG": _bulgarian, "EE": _estonian, "KZ": is_valid_iin}

CATEGORY = "user.government_id.national_identification_number"


def birth_date_of(country: str, value: str) -> date | None:
    """The day of birth that a well-formed number says; None for one that says none, such as that of a foreigner in Bulgaria (LNCh)."""
    try:
        match country:
            case "BG":
                return egn.get_birth_date(value) if egn.is_valid(value) else None
            case "EE":
                return ik.get_birth_date(value)
            case "KZ":
                return birth_date_of_iin(value)
    except ValidationError:
        pass
    return None
