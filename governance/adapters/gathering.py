"""Gathers every row of a person from one loan database, for a package: their own and nobody else's.

Whose a row is says its collection's path to the subject. Rows of collections that have none are gathered where they refer to gathered rows,
or were found beside. Rows that gathered rows refer to, without being the person's, stay out: an office, a creditor, another client. Whole
rows, but for what binary columns hold: that, large objects and files are read piece by piece, by whoever packs them. What of all this goes
into a package is for `governance.requests.package`. Changes nothing.
"""

from __future__ import annotations

from collections.abc import Hashable, Mapping, Sequence
from contextlib import AbstractContextManager
from typing import Any

import sqlalchemy as sa

from governance.adapters.enclosing import Enclosures, is_content
from governance.adapters.keysets import text_of
from governance.adapters.locating import keyed, searching
from governance.adapters.portable.dialect import is_portable
from governance.adapters.sources import Source
from governance.catalogue.governed import GovernedDataset
from governance.ports import Content, FileStore, KeySource, PersonRows
from governance.requests.enclosures import Binary, Enclosure
from governance.requests.located import Candidate

_KEYS = 500  # bound into one query


class DatabaseGatherer:
    """Port PersonGatherer over any kind of loan database. `url` is the engine role's; `stores` are those of files, by name."""

    def __init__(self, url: str, dataset: GovernedDataset, keys: KeySource, stores: Mapping[str, FileStore] | None = None) -> None:
        self._url, self._dataset, self._keys, self._stores = url, dataset, keys, stores or {}
        self._tables: Mapping[str, sa.Table] = {}  # as they were when it gathered

    @property
    def dataset(self) -> GovernedDataset:
        """What is declared about it."""
        return self._dataset

    def gather(self, rows: Sequence[Candidate]) -> PersonRows:
        """By collection, each row by its columns, in the order of keys. `rows` are the person's: subjects, and rows beside. Raises
        DatabaseUnfit, SurroundingsError."""
        with searching(self._url, self._dataset, self._keys) as (connection, tables):
            if not is_portable(self._url):
                connection.exec_driver_sql("SET TRANSACTION READ ONLY")
            self._tables = tables
            return _Gathering(connection, self._dataset, tables).all(rows)

    def opened(self, enclosure: Enclosure) -> AbstractContextManager[Content | None]:
        """See the port; of rows that this one has gathered."""
        return Enclosures(self._url, self._dataset, self._tables, self._stores).opened(enclosure)


class _Gathering:
    def __init__(self, connection: sa.Connection, dataset: GovernedDataset, tables: Mapping[str, sa.Table]) -> None:
        self._connection, self._dataset, self._tables = connection, dataset, tables
        self._found: dict[str, dict[Hashable, Mapping[str, Any]]] = {name: {} for name in dataset.collections}

    def all(self, rows: Sequence[Candidate]) -> PersonRows:
        """See `DatabaseGatherer.gather`."""
        subjects = [row.key for row in rows if row.collection == self._dataset.subjects]
        waiting: list[tuple[str, Hashable]] = []
        for row in rows:
            if row.collection != self._dataset.subjects:
                waiting += self._keep(row.collection, self._by_text(row.collection, [row.key]))
        if subjects and self._dataset.subjects is not None:
            found = self._by_text(self._dataset.subjects, subjects)
            keys = [row[self._dataset.collections[self._dataset.subjects].key[0]] for row in found]
            for name, collection in self._dataset.collections.items():
                if collection.subject is not None:
                    source = Source(self._dataset, self._tables, name)
                    waiting += self._keep(name, self._where_in(source, source.column(collection.subject), keys))
        while waiting:
            name, key = waiting.pop()
            for child, reference in self._dataset.children[name]:
                if child.subject is None:
                    source, parts = Source(self._dataset, self._tables, child.name), key if isinstance(key, tuple) else (key,)
                    same = [source.table.c[field] == part for field, part in zip(reference.fields, parts, strict=True)]
                    waiting += self._keep(child.name, self._rows(source, sa.and_(*same)))
        return {name: [own[key] for key in sorted(own, key=str)] for name, own in self._found.items() if own}

    def _keep(self, name: str, rows: Sequence[Mapping[str, Any]]) -> list[tuple[str, Hashable]]:
        """Those that were not there before."""
        collection, own = self._dataset.collections[name], self._found[name]
        fresh = {collection.key_of(row): row for row in rows if collection.key_of(row) not in own}
        own.update(fresh)
        return [(name, key) for key in fresh]

    def _by_text(self, name: str, keys: Sequence[str]) -> list[Mapping[str, Any]]:
        source, collection = Source(self._dataset, self._tables, name), self._dataset.collections[name]
        if len(collection.key) == 1:
            return self._read(source, keyed(source, keys, self._columns(source)))
        found = self._rows(source, source.key_text.in_(list(keys)))
        return [row for row in found if text_of(tuple(row[part] for part in collection.key)) in keys]

    def _where_in(self, source: Source, column: Any, keys: Sequence[Any]) -> list[Mapping[str, Any]]:
        found: list[Mapping[str, Any]] = []
        for start in range(0, len(keys), _KEYS):
            found += self._rows(source, column.in_(keys[start : start + _KEYS]))
        return found

    def _rows(self, source: Source, where: sa.ColumnElement[bool]) -> list[Mapping[str, Any]]:
        return self._read(source, sa.select(*self._columns(source)).select_from(source.joined).where(where))

    def _columns(self, source: Source) -> list[sa.ColumnElement[Any]]:
        columns = ((name, source.table.c[name]) for name in source.collection.columns)
        long = self._long(source)
        return [(sa.func.length(column) if name in long else column).label(f"f{n}") for n, (name, column) in enumerate(columns)]

    def _long(self, source: Source) -> list[str]:
        """Columns whose content is told by its length alone."""
        own = source.collection
        return [name for name in own.columns if is_content(source.table.c[name].type, own, name)]

    def _read(self, source: Source, query: sa.Select[*tuple[Any, ...]]) -> list[Mapping[str, Any]]:
        own, long, found = source.collection, self._long(source), list[Mapping[str, Any]]()
        for values in self._connection.execute(query):
            row: dict[str, Any] = dict(zip(own.columns, values, strict=True))
            key = tuple(row[part] for part in own.key)
            found.append(row | {name: Binary(key, row[name]) for name in long if row[name] is not None})
        return found
