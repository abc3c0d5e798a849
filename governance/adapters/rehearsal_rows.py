"""The rows that a step of a plan will write, as a subquery: what stands now, and over it the values to come.

The values are those of enforcement, computed by the same code and sent by COPY into temporary tables that end with the transaction; only
fields that some constraint reads are computed. Steps before it on the same collection are taken as done. Changes no row.
"""

# ruff: noqa: S608 - building SQL is this module's job; names are quoted, expressions are those of the schema, values stand in tables

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import sqlalchemy as sa

from governance.adapters.copying import copy_text
from governance.adapters.keysets import WORK, KeySet, chunk_keys, tuples, work_table
from governance.adapters.replacing import Replacements, values_table
from governance.adapters.schema_facts import Relation
from governance.adapters.schema_mending import quote
from governance.catalogue.actions import ActionKind, FieldAction
from governance.catalogue.governed import Collection
from governance.planning.order import Cut
from governance.planning.plan import Step

PARTITION = "lethe_partition"  # the column of a row's tableoid
_AT_ONCE = 10  # chunks


@dataclass(frozen=True)
class RowsToCome:
    """`written` is SQL of the rows as the statement writes them, before generated columns follow; it has the columns of the table and
    `PARTITION`. `changed` are the columns that differ, `key` matches a row of the work table under the alias w."""

    relation: Relation
    written: str
    changed: frozenset[str]
    rows: int

    @property
    def following(self) -> tuple[str, ...]:
        """Generated columns that follow the change."""
        return tuple(name for name, column in self.relation.columns.items() if column.bases & self.changed)

    def whole(self, without: Sequence[str] = ()) -> str:
        """A FROM item, named as the table, with the generated columns computed; those `without` are NULL."""
        columns = [f"{quote(PARTITION)}"]
        for name, column in self.relation.columns.items():
            value = quote(name)
            if name in self.following:
                value = f"CAST({'NULL' if name in without else f'({column.expression})'} AS {column.base}) AS {quote(name)}"
            columns.append(value)
        return f"(SELECT {', '.join(columns)} FROM {self.bare}) AS {quote(self.relation.name)}"

    @property
    def bare(self) -> str:
        """A FROM item, named as the table, before generated columns follow."""
        return f"({self.written}) AS {quote(self.relation.name)}"


class Rehearsing:
    """Makes the rows to come of one collection's steps, in the order of the plan."""

    def __init__(
        self, connection: sa.Connection, collection: Collection, table: sa.Table, relation: Relation, replacements: Replacements
    ) -> None:
        self._connection, self._collection, self._table, self._relation = connection, collection, table, relation
        self._replacements = replacements
        self._key = [table.c[name] for name in collection.key]
        self._done: list[tuple[Step, Mapping[str, FieldAction], Sequence[str]]] = []

    def step(self, step: Step, wanted: frozenset[str]) -> RowsToCome:
        """Of a step that changes fields; values are computed for those `wanted`. Raises Uncomputable for one its column cannot hold."""
        actions = step.columns
        sent = [name for name, action in actions.items() if action.kind is not ActionKind.NULLIFY and name in wanted]
        if sent:
            self._send(step, {name: actions[name] for name in sent})
        self._done.append((step, actions, sent))
        values: dict[str, str] = {}
        joins = [f"JOIN {_work(step)} AS w{step.number} ON {self._same(f'w{step.number}')}"]
        for before, its, computed in self._done:
            number, now = before.number, before is step
            if not now:
                joins.append(f"LEFT JOIN {_work(before)} AS w{number} ON {self._same(f'w{number}')}")
            if computed:
                joins.append(f"LEFT JOIN {_values(before)} AS v{number} ON {self._same(f'v{number}')}")
            for name, action in its.items():
                base = self._relation.columns[name].base
                if action.kind is ActionKind.NULLIFY:
                    value = f"CAST(NULL AS {base})"
                elif name in computed:
                    value = f"CAST(v{number}.value_{computed.index(name) + 1} AS {base})"
                else:
                    continue
                values[name] = value if now else f"CASE WHEN w{number}.chunk IS NULL THEN t.{quote(name)} ELSE {value} END"
        return RowsToCome(self._relation, self._select(values, joins), frozenset(actions), step.rows)

    def cut(self, cut: Cut, step: Step) -> RowsToCome:
        """Of rows that lose their reference to the rows that `step` deletes."""
        pairs = enumerate(cut.reference.fields, 1)
        matches = " AND ".join(f"t.{quote(field)} = w.key_{n}" for n, field in pairs)
        values = {name: f"CAST(NULL AS {self._relation.columns[name].base})" for name in cut.fields}
        written = self._select(values, [f"JOIN {_work(step)} AS w ON {matches}"])
        return RowsToCome(self._relation, written, frozenset(cut.fields), step.rows)

    def _select(self, values: Mapping[str, str], joins: Sequence[str]) -> str:
        columns = [f"{values.get(name, f't.{quote(name)}')} AS {quote(name)}" for name in self._relation.columns]
        listed = ", ".join([f"t.tableoid AS {quote(PARTITION)}", *columns])
        return f"SELECT {listed} FROM {quote(self._relation.name)} AS t {' '.join(joins)}"

    def _same(self, alias: str) -> str:
        return " AND ".join(f"t.{quote(column.name)} = {alias}.key_{n}" for n, column in enumerate(self._key, 1))

    def _send(self, step: Step, actions: Mapping[str, FieldAction]) -> None:
        temporary = values_table(_values(step), self._table, self._collection.key, actions)
        temporary.create(self._connection)
        work = work_table(step.number, self._key)
        every = range(len(step.chunks))
        for chunks in (every[first : first + _AT_ONCE] for first in every[::_AT_ONCE]):
            keys = KeySet(tuples(self._connection.execute(chunk_keys(work, chunks))))
            copy_text(self._connection, temporary, self._replacements.compute(self._connection, self._collection, actions, keys).text)
        self._connection.exec_driver_sql(f"ANALYZE {temporary.name}")


def _work(step: Step) -> str:
    return f"{WORK}.step_{step.number}"


def _values(step: Step) -> str:
    return f"lethe_rehearsal_{step.number}"
