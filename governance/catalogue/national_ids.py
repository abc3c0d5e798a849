"""Are national identification numbers well-formed? By country, with the checksums of python-stdnum where it knows the number."""

from __future__ import annotations

from collections.abc import Callable

from stdnum.bg import egn, pnf
from stdnum.ee import ik

from governance.catalogue.kazakhstan import is_valid_iin


def _bulgarian(value: str) -> bool:
    return bool(egn.is_valid(value) or pnf.is_valid(value))


def _estonian(value: str) -> bool:
    return bool(ik.is_valid(value))


#: Validators by ISO 3166 country code. A country without an entry is not checked, and a scan says nothing about it.
VALIDATORS: dict[str, Callable[[str], bool]] = {"BG": _bulgarian, "EE": _estonian, "KZ": is_valid_iin}

CATEGORY = "user.government_id.national_identification_number"
