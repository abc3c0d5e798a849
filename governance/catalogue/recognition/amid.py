"""What a name says only together with the table it stands in, or with one word of it: a number among calls, whom somebody looks for on a
dating site, the account of a bank with another bank, an account or line that may be the house's own.

Leaves to others: what names say by themselves (`naming`), and what the values say (`judging`).
"""

from __future__ import annotations

from dataclasses import replace

from governance.catalogue.inventory import ColumnKind
from governance.catalogue.recognition.hints import Hint, Name
from governance.catalogue.recognition.meanings import CONCEPTS, Meaning
from governance.catalogue.recognition.spelling import speaks_of, stemmed, stems_of
from governance.catalogue.recognition.standing import UNSURE
from governance.catalogue.recognition.words.roles import CALLS, COURTING, HOUSE_OWN, LOOKING_FOR, NOSTRO

AMONG_CALLS = 0.62
OF_COURTING = 0.7
_REACHED_AT = (CONCEPTS[Meaning.IBAN], CONCEPTS[Meaning.ACCOUNT], CONCEPTS[Meaning.PHONE])


def amid(name: Name) -> Hint | None:
    """What the name says with its table; None where it says nothing more than by itself."""
    if _has_one_of(name, NOSTRO):
        return Hint(CONCEPTS[Meaning.ACCOUNT], UNSURE, ("name: the account of a bank with another",))
    table = name.around.parents[-1:]
    if any(speaks_of(COURTING, parent) for parent in name.around.parents) and (sought := _sought(name)) is not None:
        return sought
    numbered = bool(name.meanings) and name.meanings <= {Meaning.NUMBER} and all(found.meaning is not None for found in name.found)
    if numbered and name.column.kind is ColumnKind.TEXT and any(speaks_of(CALLS, parent) for parent in table):
        return Hint(CONCEPTS[Meaning.PHONE], AMONG_CALLS, (f"name: {name.words(Meaning.NUMBER)!r}, among calls",))
    return None


def may_be_the_house_s(said: Hint, name: Name) -> Hint:
    """A creditor's account and the line that was called are somebody's or the lender's own: how many different ones there are tells."""
    return replace(said, ambiguous=True) if said.concept in _REACHED_AT and _has_one_of(name, HOUSE_OWN) else said


def _sought(name: Name) -> Hint | None:
    """Whom somebody is interested in tells an orientation, what somebody looks for a sex life."""
    written = frozenset(one for found in name.found for one in found.keys)
    whom, what = (frozenset(words.split()) for words in LOOKING_FOR)
    meaning = Meaning.ORIENTATION if written & whom else Meaning.SEX_LIFE if written & what else None
    if meaning is None:
        return None
    return Hint(CONCEPTS[meaning], OF_COURTING, (f"name: whom or what somebody looks for is {meaning.value}",))


def _has_one_of(name: Name, listed: str) -> bool:
    telling = stems_of(listed)
    return any(not stemmed(found.keys).isdisjoint(telling) for found in name.found)
