"""Which kinds of relations Lethe changes rows in: plain and partitioned tables whose every row it sees and whose changes arrive as written.

Refused are what would let a change miss, or a row escape: views, foreign tables, partitions declared for themselves, inheritance, rules
on UPDATE and DELETE, row security that may hide rows. Reads the catalogue only.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import sqlalchemy as sa
from sqlalchemy.types import TypeEngine

from governance.adapters.schema_facts import Relation
from governance.adapters.schema_mending import seeing
from governance.catalogue.governed import Collection, GovernedDataset
from governance.errors import Misfit

_KINDS = {"v": "a view", "m": "a materialized view", "f": "a foreign table"}
#: Types of a key whose values are compared and written as text exactly.
_EXACT = (sa.Integer, sa.Numeric, sa.String, sa.Uuid, sa.Date, sa.DateTime, sa.Time, sa.Boolean)


def usable(relation: Relation | None) -> bool:
    """Whether the columns of what stands there can be looked at as those of a table."""
    return relation is not None and relation.kind in ("r", "p")


def kind_misfits(dataset: GovernedDataset, standing: Mapping[str, Relation], role: str) -> Iterator[Misfit]:
    """For every declared collection, why what stands under its name is no table to work on. `role` is the session's."""
    for collection in dataset.collections.values():
        at, relation = f"dataset.collections.{collection.name}", standing.get(collection.name)
        if relation is None or not usable(relation):
            yield Misfit(at, "a table of that name in the database", _KINDS[relation.kind] if relation is not None else "none")
            continue
        if relation.partition:
            yield Misfit(at, f"the whole partitioned table, {relation.parent!r}", f"one of its partitions, {relation.name!r}")
        elif relation.parent is not None:
            yield Misfit(at, "a table without inheritance", f"an heir of {relation.parent!r}, whose rows are also those of that table")
        if relation.inherited:
            yield Misfit(at, "a table without inheritance", "tables that inherit from it, whose rows its key does not tell apart")
        if collection.governed and relation.rules:
            found = f"rules that rewrite UPDATE or DELETE: {', '.join(relation.rules)}"
            yield Misfit(at, "a table whose changes reach it as written", found)
        if relation.hidden & ({"r", "w", "d"} if collection.governed else {"r"}):
            expected = f"every row to be visible to the role {role!r}, for a hidden row is neither erased nor heard"
            yield Misfit(at, expected, f"row level security on {relation.name!r} that may hide some", seeing(role))


def key_misfits(collection: Collection, table: sa.Table) -> Iterator[Misfit]:
    """Why the declared key is not the table's, or cannot name a row."""
    at = f"dataset.collections.{collection.name}.fields.{collection.key[0]}.fides_meta.primary_key"
    key = [column.name for column in table.primary_key]
    if set(key) != set(collection.key):  # fideslang orders fields by name
        yield Misfit(at, f"the primary key of the table, {', '.join(key) or 'none'}", ", ".join(collection.key))
    for column in table.primary_key:
        if not _exact(column.type):
            yield Misfit(at, "a key of numbers, texts, dates, times or UUIDs", f"{collection.name}.{column.name} {_named(column.type)}")


def _exact(kind: TypeEngine[object]) -> bool:
    return isinstance(kind, _EXACT) and not isinstance(kind, sa.Float)  # a float is written in more than one way


def _named(kind: TypeEngine[object]) -> str:
    return "of a type unknown to Lethe" if isinstance(kind, sa.types.NullType) else str(kind)
