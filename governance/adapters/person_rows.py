"""Reads the rows of persons with every row the calculus needs to decide them, for many persons at once.

Theirs: over the references that lead to a person. Around them: rows that point to one of theirs or keep it by a duty, whatever a reference
leads to, and rows that may extend a person met on the way. A query for each collection and round, never one for each row; driven by keys,
so that it costs as much as the rows it finds. Values stay in the process. Decides nothing.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Mapping, Sequence

import sqlalchemy as sa

from governance.adapters.keysets import Key, KeySet, among
from governance.adapters.predicates import Predicates
from governance.adapters.sources import Source
from governance.catalogue.governed import GovernedDataset
from governance.planning.evaluate import Row, Rows


class PersonRows:
    """Collects rows by collection and key. `connection` sees one state of the database."""

    def __init__(self, connection: sa.Connection, dataset: GovernedDataset, tables: Mapping[str, sa.Table], predicates: Predicates) -> None:
        self._connection, self._dataset, self._tables, self._predicates = connection, dataset, tables, predicates
        self._rows: dict[str, dict[Hashable, Row]] = {name: {} for name in dataset.collections}
        self._extended: set[object] = set()

    def of(self, subjects: Sequence[object]) -> Rows:
        """See the module; `subjects` are keys of the subjects' collection in its own type."""
        own = {name: self._of_subjects(name, str(collection.subject), subjects)
               for name, collection in self._dataset.collections.items() if collection.subject is not None}  # fmt: skip
        around: list[tuple[str, Hashable]] = [(name, key) for name, keys in own.items() for key in keys]
        for name, keys in own.items():
            around += self._leading_to(name, keys)
        self._up(around)
        self._beside(subjects)
        return self._rows

    def _of_subjects(self, name: str, path: str, subjects: Sequence[object]) -> list[Hashable]:
        source = self._predicates.source(name)
        column = source.column(path)
        return self._fetch(name, source, among([column], KeySet([(subject,) for subject in subjects])))

    def _leading_to(self, name: str, keys: Sequence[Hashable]) -> list[tuple[str, Hashable]]:
        """Rows whose reference points to one of these, or whose duty reaches it; with the persons they belong to, what extends these."""
        if not keys:
            return []
        paths = {(child.name, reference.step) for child, reference in self._dataset.children[name]}
        paths |= {(item.duty.collection, item.path) for group in self._dataset.collections[name].groups for item in group.inherited}
        found: list[tuple[str, Hashable]] = []
        for child, path in sorted(paths):
            source, target = self._predicates.source(child), self._predicates.source(name)
            leads = source.leads_to(path, target)
            joined = source.joined.join(target.table, leads)
            found += [(child, key) for key in self._fetch(child, source, among(target.key, _keys(keys)), joined)]
        return found

    def _up(self, rows: Iterable[tuple[str, Hashable]]) -> None:
        """What the references of these lead to, and so on."""
        waiting = list(rows)
        while waiting:
            wanted: dict[str, dict[Hashable, None]] = {}
            for name, key in waiting:
                for reference in self._dataset.collections[name].references:
                    target = reference.key_in(self._rows[name][key])
                    if target is not None and target not in self._rows[reference.collection]:
                        wanted.setdefault(reference.collection, {})[target] = None
            waiting = []
            for name, keys in wanted.items():
                source = self._predicates.source(name)
                waiting += [(name, key) for key in self._fetch(name, source, among(source.key, _keys(list(keys))))]

    def _beside(self, subjects: Iterable[object]) -> None:
        """What may extend these persons, and all others whose rows were met."""
        met = {*subjects, *(self._rows[self._dataset.subjects] if self._dataset.subjects is not None else ())}
        keys = KeySet([(subject,) for subject in met])
        for condition in self._dataset.subject_conditions:
            source = self._predicates.source(condition.collection)
            column = source.column(condition.path)
            self._up([(condition.collection, key) for key in self._fetch(condition.collection, source, among([column], keys))])

    def _fetch(self, name: str, source: Source, where: sa.ColumnElement[bool], joined: sa.FromClause | None = None) -> list[Hashable]:
        query = sa.select(source.table).select_from(joined if joined is not None else source.joined).where(where)
        own = self._dataset.collections[name]
        found = {own.key_of(row): row for row in (dict[str, object](row) for row in self._connection.execute(query).mappings())}
        self._rows[name].update(found)
        return list(found)


def _keys(keys: Sequence[Hashable]) -> KeySet:
    plain: list[Key] = [key if isinstance(key, tuple) else (key,) for key in keys]
    return KeySet(plain)
