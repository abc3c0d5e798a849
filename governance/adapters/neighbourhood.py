"""Reads one row and everything the calculus needs to decide it, for `explain`.

Down: rows that point to it, and rows that point to those. Up: every row a reference leads to. Beside: rows that may extend a subject.
Values stay in the process of the person who asked.
"""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from typing import Any

import sqlalchemy as sa

from governance.adapters.predicates import Predicates
from governance.adapters.sources import Bool
from governance.catalogue.governed import Collection, GovernedDataset, Reference
from governance.planning.evaluate import Row, Rows


class Neighbourhood:
    """Collects rows by collection and key."""

    def __init__(self, connection: sa.Connection, dataset: GovernedDataset, tables: Mapping[str, sa.Table], predicates: Predicates) -> None:
        self._connection, self._dataset, self._tables, self._predicates = connection, dataset, tables, predicates
        self._rows: dict[str, dict[Hashable, Row]] = {name: {} for name in dataset.collections}
        self._descended: set[tuple[str, Hashable]] = set()
        self._subjects: set[Hashable] = set()

    def around(self, collection: str, key: str) -> Rows:
        """See the module; `key` is the row's key as text. Raises KeyError if there is no such collection or row."""
        source = self._predicates.source(collection)
        found = self._fetch(collection, sa.select(source.table).where(source.key_text == key))
        if not found:
            raise KeyError(key)
        waiting = [(collection, found[0])]
        while waiting:
            name, own = waiting.pop()
            if (name, own) not in self._descended:
                self._descended.add((name, own))
                self._up(name, own)
                for child, reference in self._dataset.children[name]:
                    waiting += [(child.name, child_key) for child_key in self._pointing(child, reference, own)]
        return self._rows

    def _pointing(self, child: Collection, reference: Reference, key: Hashable) -> list[Hashable]:
        table = self._tables[child.name]
        return self._fetch(child.name, sa.select(table).where(_is(table, reference.fields, key)))

    def _up(self, collection: str, key: Hashable) -> None:
        waiting = [(collection, key)]
        while waiting:
            name, own = waiting.pop()
            if name == self._dataset.subjects:
                waiting += self._beside(own)
            for reference in self._dataset.collections[name].references:
                target = reference.key_in(self._rows[name][own])
                if target is not None and target not in self._rows[reference.collection]:
                    table = self._tables[reference.collection]
                    where = _is(table, self._dataset.collections[reference.collection].key, target)
                    waiting += [(reference.collection, found) for found in self._fetch(reference.collection, sa.select(table).where(where))]

    def _beside(self, subject: Hashable) -> list[tuple[str, Hashable]]:
        """Rows that may extend a subject; those not seen before."""
        if subject in self._subjects:
            return []
        self._subjects.add(subject)
        found: list[tuple[str, Hashable]] = []
        for condition in self._dataset.subject_conditions:
            source = self._predicates.source(condition.collection)
            same = source.column(condition.path) == subject
            query = sa.select(source.table).select_from(source.joined).where(same)
            found += [(condition.collection, key) for key in self._fetch(condition.collection, query)]
        return found

    def _fetch(self, collection: str, query: sa.Select[Any]) -> list[Hashable]:
        own = self._dataset.collections[collection]
        found = [dict[str, object](row) for row in self._connection.execute(query).mappings()]
        rows: dict[Hashable, Row] = {own.key_of(row): row for row in found}
        self._rows[collection].update(rows)
        return list(rows)


def _is(table: sa.Table, fields: tuple[str, ...], key: Hashable) -> Bool:
    parts = key if isinstance(key, tuple) else (key,)
    return sa.and_(*(table.c[field] == part for field, part in zip(fields, parts, strict=True)))
