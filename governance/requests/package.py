"""What goes into a package for a person, and what stays out of it. Pure.

Access (GDPR 15(3); Kazakhstan 7.1; koduliising 6.3): everything that is the person's, whatever its source. Portability (GDPR 20(1);
credithelp art. 18-20): only what the person gave or made by using the service, on the ground of consent or a contract, and only and exactly
what was asked. Kept out of both: what is somebody else's (GDPR 15(4), 20(4)), secrets by which one logs in, and what the data-protection
officer withheld. What is kept out is told by field and reason, never silently.
"""

from __future__ import annotations

from collections.abc import Collection as Several
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, Literal

from governance.catalogue.governed import Collection, GovernedDataset
from governance.catalogue.recognition.texts import ACCOUNT as TEXT_ACCOUNT
from governance.catalogue.recognition.texts import CARD, identifiers_in
from governance.policy.document import covered
from governance.pseudonym.tokens import is_token
from governance.requests.columns import ACCOUNT, identity_columns, is_structured
from governance.requests.matching import Value
from governance.requests.others import OwnValues, account, is_own, own_values
from governance.requests.request import Person

PackageKind = Literal["access", "portability"]
_SECRET = "user.authorization"  # noqa: S105 - a category
_PORTABLE = frozenset({"consent", "contract"})
_GIVEN = frozenset({"person", "use"})


class Kept(StrEnum):
    """Why something stays out of a package."""

    OTHERS = "others"  # it is, or may be, somebody else's
    SECRET = "secret"  # noqa: S105 - it opens an account
    NOT_PORTABLE = "not-portable"  # not given by the person, or neither by consent nor for a contract
    NOT_ASKED = "not-asked"
    OFFICER = "officer"  # the data-protection officer said so
    MISSING = "missing"  # a file that is not where the record says
    TOO_LARGE = "too-large"  # a file beyond what a package holds
    UNREADABLE = "unreadable"  # a reference that leads out of its store, or to no file


@dataclass(frozen=True)
class Withheld:
    """A field of a collection that stays out, in so many rows."""

    dataset: str
    collection: str
    field: str
    reason: Kept
    rows: int


@dataclass(frozen=True)
class Section:
    """The rows of one collection as the person gets them; fields in the order of the dataset."""

    dataset: str
    collection: str
    fields: tuple[str, ...]
    categories: Mapping[str, tuple[str, ...]]
    rows: tuple[Mapping[str, Any], ...] = field(repr=False)


@dataclass(frozen=True)
class Contents:
    """A package before it is written."""

    kind: PackageKind
    sections: tuple[Section, ...]
    withheld: tuple[Withheld, ...]

    @property
    def rows(self) -> int:
        """How many rows there are in it."""
        return sum(len(section.rows) for section in self.sections)

    @property
    def personal(self) -> frozenset[str]:
        """The categories of what is in it."""
        return frozenset(one for section in self.sections for own in section.categories.values() for one in own if covered(one, "user"))


def contents(
    kind: PackageKind,
    person: Person,
    gathered: Sequence[tuple[GovernedDataset, Mapping[str, Sequence[Mapping[str, Any]]]]],
    *,
    asked: Several[str] = (),
    kept_back: Several[tuple[str, str, str]] = (),
) -> Contents:
    """Make a package of rows by dataset and collection. `asked` are the categories that were asked for (all that may be, where empty);
    `kept_back` are (dataset, collection, field) that the officer withheld."""
    sections: list[Section] = []
    withheld: list[Withheld] = []
    for dataset, rows in gathered:
        own = _own(dataset, person, rows)
        for name, some in rows.items():
            section, out = _section(kind, dataset, dataset.collections[name], some, own, frozenset(asked), frozenset(kept_back))
            withheld += out
            if section is not None:
                sections.append(section)
    return Contents(kind, tuple(sections), tuple(withheld))


def _own(dataset: GovernedDataset, person: Person, rows: Mapping[str, Sequence[Mapping[str, Any]]]) -> OwnValues:
    """What is the person's beyond doubt: what they gave, and what stands in fields of their rows that speak of nobody else."""
    columns = identity_columns(dataset)
    record = [
        Value(column.identifier, column.place, row[column.field])
        for name, some in rows.items()
        if name == dataset.subjects
        for row in some
        for column in columns.get(name, ())
    ]
    accounts = [
        row[name]
        for place, some in rows.items()
        for name in _of_category(dataset.collections[place], ACCOUNT)
        if name not in dataset.collections[place].third_party
        for row in some
        if row[name] is not None
    ]
    return own_values(person, record, accounts)


def _section(
    kind: PackageKind,
    dataset: GovernedDataset,
    collection: Collection,
    rows: Sequence[Mapping[str, Any]],
    own: OwnValues,
    asked: frozenset[str],
    kept_back: frozenset[tuple[str, str, str]],
) -> tuple[Section | None, list[Withheld]]:
    out: dict[tuple[str, Kept], int] = {}
    fields: list[str] = []
    for name in collection.columns:
        reason = _whole_field(kind, dataset, collection, name, asked, kept_back)
        if reason is None:
            fields.append(name)
        elif _told(collection, name) and (held := sum(row[name] is not None for row in rows)):
            out[name, reason] = held
    made: list[dict[str, Any]] = []
    known = _known(own)
    columns = identity_columns(dataset).get(collection.name, ())
    for row in rows:
        theirs = not collection.third_party or is_own(own, collection, columns, row)
        shown: dict[str, Any] = {}
        for name in fields:
            value = row[name]
            others = name in collection.third_party and not theirs
            if value is not None and (others or _speaks_of_others(collection, name, value, known)):
                out[name, Kept.OTHERS] = out.get((name, Kept.OTHERS), 0) + 1
                value = None
            shown[name] = value
        made.append(shown)
    told = [Withheld(dataset.name, collection.name, name, reason, count) for (name, reason), count in sorted(out.items())]
    if not any(_told(collection, name) for name in fields) and (kind == "portability" or asked):
        return None, told
    categories = {name: collection.fields[name].categories for name in fields}
    return Section(dataset.name, collection.name, tuple(fields), categories, tuple(made)), told


def _whole_field(
    kind: PackageKind,
    dataset: GovernedDataset,
    collection: Collection,
    name: str,
    asked: frozenset[str],
    kept_back: frozenset[tuple[str, str, str]],
) -> Kept | None:
    """Why a field stays out in every row; None where it goes in."""
    inside = collection.inside(name)
    categories = {*collection.fields[name].categories, *(one for item in inside for one in item.categories)}
    if (dataset.name, collection.name, name) in kept_back:
        return Kept.OFFICER
    if any(covered(one, _SECRET) for one in categories):
        return Kept.SECRET
    if not _told(collection, name):
        # Dates and states say what the rest is about; who asked for certain categories gets those, and the key that tells rows apart.
        return Kept.NOT_ASKED if asked and name not in collection.key else None
    if asked and not any(covered(one, wanted) for one in categories for wanted in asked):
        return Kept.NOT_ASKED
    if kind == "portability" and not portable(dataset, collection, name):
        return Kept.NOT_PORTABLE
    return None


def _told(collection: Collection, name: str) -> bool:
    """Personal data, or a way to a file, which is taken for that."""
    return collection.personal_inside(name) or name in collection.files or name in collection.large_objects


def portable(dataset: GovernedDataset, collection: Collection, name: str) -> bool:
    """GDPR 20(1): provided by the person, also by using the service, and processed on consent or for a contract with them."""
    names = {name, *(item.name for item in collection.inside(name))}
    purposes = {one for group in collection.groups if names & set(group.fields) for one in purposes_of(group.direct, group.inherited)}
    grounds = {found.legal_basis for one in purposes if (found := dataset.pack.purpose(one)) is not None}
    return collection.origin in _GIVEN and bool(grounds & _PORTABLE)


def purposes_of(direct: Iterable[Any], inherited: Iterable[Any]) -> Iterable[str]:
    """The purposes of the duties of a group."""
    return (purpose for duty in (*direct, *(item.duty for item in inherited)) for purpose in duty.purposes)


def _known(own: OwnValues) -> frozenset[str]:
    values = (value for some in own.values.values() for value in some)
    return frozenset(normal for value in values for _, normal in identifiers_in(value)) | own.accounts


def _speaks_of_others(collection: Collection, name: str, value: object, known: frozenset[str]) -> bool:
    """A free text in which an identifier stands that is not known to be the person's: it may be of the spouse who called, and is left out
    until the officer has read it. Names in texts are not recognised."""
    field_ = collection.fields[name]
    if not isinstance(value, str) or not field_.personal or is_structured(field_) or is_token(value):
        return False
    found = ((category, normal) for category, normal in identifiers_in(value) if category != CARD)
    return any((account(normal) if category == TEXT_ACCOUNT else normal) not in known for category, normal in found)


def _of_category(collection: Collection, base: str) -> list[str]:
    return [name for name in collection.columns if any(covered(own, base) for own in collection.fields[name].categories)]
