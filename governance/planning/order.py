"""In which order collections are deleted from, and which references are cut where they refer to each other in a circle. Pure.

A row may go once nothing refers to it. In a circle - a loan that names the loan it refinanced, a person who names a current loan - nothing
could ever be first, so one reference of every circle is cut: it is emptied in the doomed rows that hold it, in the transaction that deletes
the row it leads to, as ON DELETE SET NULL does. The choice follows from the dataset and the database's NOT NULL alone.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from graphlib import CycleError, TopologicalSorter
from itertools import pairwise

from governance.catalogue.checks import conditions_of
from governance.catalogue.governed import Collection, GovernedDataset, Reference
from governance.errors import DocumentError

#: Target -> referencing collection -> its references there.
Edges = dict[str, dict[str, list[Reference]]]

#: Whether a column of a collection may be NULL.
Nullable = Callable[[str, str], bool]


@dataclass(frozen=True)
class Cut:
    """When a row is deleted, rows of `collection` that lead to it by `reference` lose the values of `fields`."""

    collection: str
    reference: Reference
    fields: tuple[str, ...]

    @property
    def name(self) -> str:
        """How plans and events name it: collection and reference."""
        return f"{self.collection}.{self.reference.step}"


@dataclass(frozen=True)
class DeleteOrder:
    """Governed collections, referencing before referenced, cut references aside."""

    collections: tuple[str, ...]
    cuts: tuple[Cut, ...]

    def cuts_to(self, collection: str) -> tuple[Cut, ...]:
        """The cut references that lead to rows of a collection."""
        return tuple(cut for cut in self.cuts if cut.reference.collection == collection)

    def is_cut(self, collection: str, reference: Reference) -> bool:
        """Whether that reference of a collection is cut."""
        return any((cut.collection, cut.reference) == (collection, reference) for cut in self.cuts)


def delete_order(dataset: GovernedDataset, nullable: Nullable) -> DeleteOrder:
    """The order and the cuts. Raises DocumentError naming a circle in which no reference can be cut.

    Of a circle the first reference is cut that has a column to empty: one that may be NULL, belongs neither to the key nor to another
    reference, and that no start, condition, subject or further step of a path is read through. Rows of collections that nothing governs
    are never deleted, so circles through them need no cut.
    """
    read = _read(dataset)
    governed = [collection.name for collection in dataset.collections.values() if collection.governed]
    uncut: Edges = {name: {} for name in governed}
    for target in governed:
        for own, reference in dataset.children[target]:
            if own.governed:
                uncut[target].setdefault(own.name, []).append(reference)
    cuts: list[Cut] = []
    while circle := _circle(uncut):
        for child, target in pairwise(circle):
            own = dataset.collections[child]
            found = [Cut(child, item, _emptied(own, item, nullable, read)) for item in uncut[target][child]]
            if all(cut.fields for cut in found):
                cuts += found
                del uncut[target][child]
                break
        else:
            expected = "in every circle a reference with a column that may be NULL and through which nothing is decided"
            raise DocumentError(dataset.file, "dataset.collections", expected, f"none in {' -> '.join(circle)}")
    return DeleteOrder(tuple(_sorted(uncut)), tuple(cuts))


def _circle(edges: Edges) -> list[str]:
    """A circle, each collection referring to the next; empty if there is none."""
    try:
        TopologicalSorter(edges).prepare()
    except CycleError as error:
        circle: list[str] = error.args[1]
        return circle
    return []


def _sorted(edges: Edges) -> Iterator[str]:
    """Referencing before referenced, and else as the dataset has them."""
    waiting = list(edges)
    while waiting:
        first = next(name for name in waiting if not edges[name].keys() & set(waiting))
        waiting.remove(first)
        yield first


def _emptied(collection: Collection, reference: Reference, nullable: Nullable, read: set[tuple[str, str]]) -> tuple[str, ...]:
    shared = {field for other in collection.references if other != reference for field in other.fields} | set(collection.key)
    return tuple(
        field
        for field in reference.fields
        if field not in shared and (collection.name, field) not in read and nullable(collection.name, field)
    )


def _read(dataset: GovernedDataset) -> set[tuple[str, str]]:
    """(collection, field) of all that decides over rows elsewhere too, or over a row for longer than what it refers to stands.

    A duty's reach in one step is not among them: with the row it reaches, the reach has lost its object.
    """
    paths = {(collection, path) for collection, condition, _ in conditions_of(dataset) for path in condition.paths()}
    paths |= {(item.collection, item.path) for item in dataset.subject_conditions}
    prefixes: set[tuple[str, str]] = set()
    for name, collection in dataset.collections.items():
        paths |= {(name, collection.subject)} if collection.subject else set()
        paths |= {(name, duty.start) for duty in collection.duties}
        prefixes |= {(name, reach.path.rpartition(".")[0]) for duty in collection.duties for reach in duty.reaches if "." in reach.path}
    prefixes |= {(name, path.rpartition(".")[0]) for name, path in paths if "." in path}
    found = {dataset.target_of(name, path) for name, path in paths}
    for name, path in prefixes:
        for step in path.split("."):
            reference = dataset.collections[name].reference(step)
            if reference is None:  # the dataset was resolved, so this cannot be
                raise AssertionError(path)
            found |= {(name, field) for field in reference.fields}
            name = reference.collection
    return found
