"""Whether the columns can bear what is to be written: asked before anything is, of the schema as it stands and of the very rows to come.

Type, length, NOT NULL, enum, keys, generated columns and rights by the catalogue; CHECK constraints, domains, expressions of indexes and
UNIQUE by the server, over rows in which the new values take the old ones' place (`rehearsal`), so that no refusal of a statement quotes
one into a log. Works in a transaction that the caller rolls back; changes no row.
"""

# ruff: noqa: S608 - building SQL is this module's job; names are quoted, expressions are those of the schema, values stand in tables

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

import sqlalchemy as sa

from governance.adapters.choke_corrections import send
from governance.adapters.corrected_values import in_column
from governance.adapters.rehearsal import constraint_breaches
from governance.adapters.rehearsal_rows import PARTITION, RowsToCome
from governance.adapters.schema_facts import Index, Relation, relations
from governance.adapters.schema_mending import quote
from governance.adapters.trying import Uncomputable, tried
from governance.catalogue.governed import Collection, GovernedDataset
from governance.requests.corrections import Change, CorrectionStep, steps_of
from governance.requests.fields import Fault, FieldFault

_REFERRED = sa.text(
    "SELECT count(*) FROM pg_constraint k JOIN pg_attribute a ON a.attrelid = k.confrelid AND a.attnum = ANY (k.confkey)"
    " WHERE k.contype = 'f' AND k.confrelid = :oid AND a.attname = :column"
)
_MAY = sa.text("SELECT has_column_privilege(CAST(:oid AS oid), :column, 'UPDATE')")


def faults_of(
    connection: sa.Connection, dataset: GovernedDataset, tables: Mapping[str, sa.Table], changes: Sequence[tuple[int, Change]]
) -> list[Fault]:
    """Every fault, by the number of the correction and the place; none repeats a value."""
    standing = relations(connection, {change.collection for _, change in changes})
    places = {(change.collection, change.field, change.new): n for n, change in changes}
    found: list[Fault] = []
    for (collection, field, new), n in places.items():
        place = f"corrections.{n}.new at {dataset.name}.{collection}.{field}"
        found += _of_column(connection, tables[collection], standing[collection], field, new, place)
    if found:  # else the server would be asked of values that the column cannot hold
        return list(dict.fromkeys(found))
    numbers = {(change.collection, change.field): n for n, change in changes}
    for step in steps_of(change for _, change in changes):
        n = numbers[step.collection, step.fields[0]]
        place = f"corrections.{n}.new at {dataset.name}.{step.collection}.{'+'.join(step.fields)}"
        found += _of_rows(connection, dataset.collections[step.collection], tables[step.collection], standing[step.collection], step, place)
    return list(dict.fromkeys(found))


def _of_column(connection: sa.Connection, table: sa.Table, relation: Relation, field: str, new: str | None, place: str) -> Iterator[Fault]:
    column, facts, at = table.c[field], relation.columns[field], {"oid": relation.oid, "column": field}
    if column.primary_key or facts.partitions:
        yield Fault(place, "a column that is no part of a key", "one by which rows are found" if column.primary_key else "a partition key")
    foreign = next((key for key in relation.foreign_keys if field in key.columns), None)
    if foreign is not None or connection.scalar(_REFERRED, at):
        yield Fault(place, "a column that no foreign key leads from or to", f"one of {foreign.name if foreign else 'another table'}")
    if facts.expression is not None or facts.identity_always:
        yield Fault(place, "a column that can be written", f"one that is generated from {', '.join(sorted(facts.bases)) or 'a sequence'}")
    if not connection.scalar(_MAY, at):
        yield Fault(place, "a column that lethe_engine may write", f"none: GRANT UPDATE ON {relation.name} TO lethe_engine")
    if new is None and not facts.nullable:
        yield Fault(place, "a value, for the column is NOT NULL", "none")
    if any(index.exclusion and field in index.columns for index in relation.indexes):
        yield Fault(place, "a column of no exclusion constraint", "one of such a constraint")
    try:
        in_column(new, column.type, place)
    except FieldFault as error:
        yield error.fault


def _of_rows(
    connection: sa.Connection, collection: Collection, table: sa.Table, relation: Relation, step: CorrectionStep, place: str
) -> Iterator[Fault]:
    temporary = send(connection, collection, table, step)
    replaced = {name: f"c.value_{n} AS {quote(name)}" for n, name in enumerate(step.fields, 1)}
    columns = ", ".join(replaced.get(name, f"t.{quote(name)}") for name in relation.columns)
    own = " AND ".join(f"c.key_{n} = t.{quote(name)}" for n, name in enumerate(collection.key, 1))
    written = f"SELECT t.tableoid AS {PARTITION}, {columns} FROM {quote(table.name)} t JOIN {temporary.name} c ON {own}"
    coming = RowsToCome(relation, written, frozenset(step.fields), len(step.rows))
    for misfit in constraint_breaches(connection, coming, place):
        yield Fault(place, misfit.expected, "a value with which they do not")
    for index in relation.indexes:
        if index.unique and index.columns & {*step.fields, *coming.following}:
            yield from _collisions(connection, collection, coming, index, temporary.name, place)


def _collisions(
    connection: sa.Connection, collection: Collection, coming: RowsToCome, index: Index, temporary: str, place: str
) -> Iterator[Fault]:
    """A row to come that equals another one to come, or one that stands and does not change."""
    parts = ", ".join(f"({expression}) AS part_{n}" for n, expression in enumerate(index.expressions, 1))
    keys = ", ".join(f"{quote(name)} AS key_{n}" for n, name in enumerate(collection.key, 1))
    where = f" WHERE ({index.predicate})" if index.predicate is not None else ""
    equals = "IS NOT DISTINCT FROM" if index.nulls_equal else "="
    numbers = range(1, len(index.expressions) + 1)
    equal = " AND ".join(f"s.part_{n} {equals} r.part_{n}" for n in numbers)
    other = " AND ".join(f"c.key_{n} = s.key_{n}" for n in range(1, len(collection.key) + 1))
    same = " AND ".join(f"s.key_{n} = r.key_{n}" for n in range(1, len(collection.key) + 1))
    rows = f"(SELECT {keys}, {parts} FROM {coming.whole()}{where})"
    stands = f"(SELECT {keys}, {parts} FROM {quote(coming.relation.name)}{where})"
    try:
        (number,) = tried(
            connection,
            f"SELECT count(*) FROM {rows} r WHERE EXISTS (SELECT FROM {rows} s WHERE {equal} AND NOT ({same}))"
            f" OR EXISTS (SELECT FROM {stands} s WHERE {equal} AND NOT EXISTS (SELECT FROM {temporary} c WHERE {other}))",
        )
    except Uncomputable:
        number = 1
    if number:
        yield Fault(place, f"a value that stands once, by {index.name}", "one that another row has")
