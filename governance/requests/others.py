"""Is what stands in a field for somebody else the person's own after all? A payer is mostly the client, and sometimes a relative.

Pure. Decides row by row, over all fields that the collection declares as those of third parties: a name, a national id, a phone or an
e-mail of the person makes the row's fields theirs, another one makes them somebody else's; where there is neither, an account of theirs
does. Whatever is in doubt is taken for somebody else's (GDPR 15(4), 20(4)).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from governance.catalogue.governed import Collection
from governance.policy.document import covered
from governance.pseudonym.tokens import is_token
from governance.requests.columns import ACCOUNT, IdentityColumn
from governance.requests.matching import Value, asked_values, how_equal
from governance.requests.request import Person
from governance.requests.spelling import PUNCTUATION, Identifier, compare_names

_TELLING = (Identifier.NATIONAL_ID, Identifier.PHONE, Identifier.EMAIL)


@dataclass(frozen=True)
class OwnValues:
    """What is known to be the person's: what they gave, and what stands in their own row. Names whole."""

    names: tuple[str, ...] = field(repr=False)
    values: Mapping[Identifier, frozenset[str]] = field(repr=False)
    accounts: frozenset[str] = field(default=frozenset(), repr=False)


def own_values(person: Person, record: Iterable[Value], accounts: Iterable[object] = ()) -> OwnValues:
    """Of a person and the identity values of their row in the subjects' collection."""
    items = [item for item in record if item.value is not None]
    named = " ".join(str(item.value) for item in items if item.identifier is Identifier.NAME)
    asked = asked_values(person)
    values = {
        identifier: frozenset((*asked.get(identifier, ()), *(str(item.value) for item in items if item.identifier is identifier)))
        for identifier in _TELLING
    }
    return OwnValues(tuple(filter(None, (person.name, named))), values, frozenset(map(account, accounts)))


def account(value: object) -> str:
    """An account's number without its blanks."""
    return str(value).translate(str.maketrans("", "", PUNCTUATION)).upper()


def is_own(own: OwnValues, collection: Collection, columns: Iterable[IdentityColumn], row: Mapping[str, object]) -> bool:
    """The third-party fields of this row are the person's own."""
    told = [column for column in columns if column.third_party and row.get(column.field) is not None]
    names = [str(row[column.field]) for column in told if column.identifier is Identifier.NAME]
    verdicts: list[bool] = []
    if names:
        verdicts.append(any(compare_names(name, names) in ("exact", "normalised") for name in own.names))
    for column in told:
        if column.identifier in _TELLING and column.precise:
            verdicts.append(how_equal(column.identifier, own.values[column.identifier], row[column.field]) is not None)
    if verdicts:
        return all(verdicts)
    bank = [name for name in collection.third_party if any(covered(own_, ACCOUNT) for own_ in collection.fields[name].categories)]
    held = [account(row[name]) for name in bank if row.get(name) is not None]
    return bool(held) and own.accounts.issuperset(held)


def names_somebody(columns: Iterable[IdentityColumn], row: Mapping[str, object]) -> bool:
    """The third-party fields of this row say who it is: a name, a national id, a phone or an e-mail, and no token. An account alone does
    not: it is counted as nobody's, and withheld from a package unless it is the person's own."""
    told = (column for column in columns if column.third_party and column.identifier in (Identifier.NAME, *_TELLING))
    return any(row.get(column.field) is not None and not is_token(row[column.field]) for column in told)


def third_party_values(collection: Collection, row: Mapping[str, object]) -> tuple[str, ...]:
    """The third-party columns of a row that hold something."""
    return tuple(name for name in collection.third_party if name in collection.columns and row.get(name) is not None)
