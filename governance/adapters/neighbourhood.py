"""Reads one row and everything the calculus needs to decide it, for `explain`.

Down: rows that point to it, and rows that point to those. Up: every row a reference leads to. Beside: rows that may extend a subject.
Values stay in the process of the person who asked.
"""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from typing import Any

import sqlalchemy as sa

from governance.adapters.predicates import Predicates
from governance.catalogue.governed import GovernedDataset
from governance.planning.evaluate import Row, Rows


class Neighbourhood:
    """Collects rows by collection and key."""

    def __init__(self, connection: sa.Connection, dataset: GovernedDataset, tables: Mapping[str, sa.Table], predicates: Predicates) -> None:
        self._connection, self._dataset, self._tables, self._predicates = connection, dataset, tables, predicates
        self._rows: dict[str, dict[Hashable, Row]] = {name: {} for name in dataset.collections}
        self._descended: set[tuple[str, Hashable]] = set()

    def around(self, collection: str, key: str) -> Rows:
        """See the module. Raises KeyError if there is no such collection or row."""
        table = self._tables[collection]
        column = table.c[self._dataset.collections[collection].key]
        found = self._fetch(collection, sa.cast(column, sa.Text) == key)
        if not found:
            raise KeyError(key)
        self._down(collection, found[0])
        return self._rows

    def _down(self, collection: str, key: Hashable) -> None:
        if (collection, key) in self._descended:
            return
        self._descended.add((collection, key))
        self._up(collection, self._rows[collection][key])
        for child, reference in self._dataset.children[collection]:
            for child_key in self._fetch(child.name, self._tables[child.name].c[reference.field] == key):
                self._down(child.name, child_key)

    def _up(self, collection: str, row: Row) -> None:
        if collection == self._dataset.subjects:
            self._beside(row[self._dataset.collections[collection].key])
        for reference in self._dataset.collections[collection].references:
            key = row[reference.field]
            if key is not None and key not in self._rows[reference.collection]:
                target = self._dataset.collections[reference.collection]
                if self._fetch(reference.collection, self._tables[reference.collection].c[target.key] == key):
                    self._up(reference.collection, self._rows[reference.collection][key])

    def _beside(self, subject: object) -> None:
        for condition in self._dataset.subject_conditions:
            source = self._predicates.source(condition.collection)
            same = source.column(condition.path) == subject
            for row in self._connection.execute(sa.select(source.table).select_from(source.joined).where(same)).mappings():
                self._keep(condition.collection, dict(row))
                self._up(condition.collection, dict(row))

    def _fetch(self, collection: str, condition: sa.ColumnElement[bool]) -> list[Any]:
        query = sa.select(self._tables[collection]).where(condition)
        return [self._keep(collection, dict(row)) for row in self._connection.execute(query).mappings()]

    def _keep(self, collection: str, row: dict[str, Any]) -> Any:
        key = row[self._dataset.collections[collection].key]
        self._rows[collection][key] = row
        return key
