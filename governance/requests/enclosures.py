"""What of a package is a file of its own: a file that a row refers to, a large object, the content of a binary column. Pure.

Says which of them go in, of what `governance.requests.package` has left in: what is withheld there is no value here, and so no file of
somebody else's is fetched. Fetches nothing.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum

from governance.catalogue.actions import ActionKind
from governance.catalogue.governed import Collection, GovernedDataset
from governance.pseudonym.tokens import is_token
from governance.requests.package import Contents


class Origin(StrEnum):
    """Where the content lies."""

    FILE = "file"
    LARGE_OBJECT = "large-object"
    COLUMN = "column"


@dataclass(frozen=True)
class Binary:
    """Stands in a gathered row for the content of a binary column: the row's key, as the driver gives it, and how many bytes there are."""

    key: tuple[object, ...] = dataclasses.field(repr=False)
    size: int


@dataclass(frozen=True)
class Enclosure:
    """One of them. `row` is the row's number in its section, from 1; `place` is the reference of a file, the oid of a large object, or
    what stands for a column's content."""

    dataset: str
    collection: str
    field: str
    row: int
    origin: Origin
    place: object = dataclasses.field(repr=False)


def enclosures(contents: Contents, datasets: Mapping[str, GovernedDataset]) -> Iterator[Enclosure]:
    """In the order of sections, rows and fields."""
    for section in contents.sections:
        collection = datasets[section.dataset].collections[section.collection]
        for number, row in enumerate(section.rows, 1):
            for name in section.fields:
                origin = _origin(collection, name, row[name])
                if origin is not None:
                    yield Enclosure(section.dataset, section.collection, name, number, origin, row[name])


def stores_of(found: Iterable[Enclosure], datasets: Mapping[str, GovernedDataset]) -> set[str]:
    """The stores in which the files among them lie."""
    return {datasets[one.dataset].collections[one.collection].files[one.field] for one in found if one.origin is Origin.FILE}


def _origin(collection: Collection, name: str, value: object) -> Origin | None:
    if value is None:
        return None
    if isinstance(value, Binary):
        return Origin.COLUMN
    if name in collection.large_objects:
        return Origin.LARGE_OBJECT
    if name in collection.files and value != "" and not _is_gone(collection, name, value):
        return Origin.FILE
    return None


def _is_gone(collection: Collection, name: str, value: object) -> bool:
    """What stands there is what was put in place of the reference when the file was erased."""
    action = collection.action(name)
    return is_token(value) or (action.kind is ActionKind.CONSTANT and value == action.text)
