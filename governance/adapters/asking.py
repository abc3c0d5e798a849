"""Planning for persons who ask, on PostgreSQL: an ordinary frozen plan of their rows alone, in which the released classes are over.

Driven by the persons' keys: they stand in the work table `lethe_work.asking`, and each collection is read from there over its references,
so that one person in a database of millions costs as much as their rows. Who asks stays as long as the plan is frozen, for the choke point
asks again under locks. What others refer to stays, as in every plan.
"""

from __future__ import annotations

import json
from collections.abc import Hashable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import replace
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from governance.adapters.freezing import Freezing
from governance.adapters.keysets import WORK, Key, KeySet, among, keys_of, text_of, texts_of
from governance.adapters.narrowing import Narrowing
from governance.adapters.predicates import ASKING, AskingTable, Predicates, asking_table, held_collections
from governance.adapters.sources import Bool, Source
from governance.catalogue.governed import Collection, Duty, GovernedDataset
from governance.errors import ConfigurationError
from governance.planning.asked import Asked, Release, by_class
from governance.planning.plan import Kept, Plan, RuleReference
from governance.policy.document import covered
from governance.ports import KeySource
from governance.pseudonym.tokens import Referencer, references_digest


class AskedFreezing(Freezing):
    """One planning for persons who ask. `subjects` are keys of the subjects' collection as text; `kind` is the kind of their requests.

    Raises ConfigurationError for a dataset that knows no persons.
    """

    def __init__(
        self,
        connection: sa.Connection,
        dataset: GovernedDataset,
        tables: Mapping[str, sa.Table],
        keys: KeySource,
        as_of: datetime,
        chunk_size: int,
        *,
        kind: str,
        releases: Sequence[Release],
        subjects: Sequence[str],
    ) -> None:
        if dataset.subjects is None:
            raise ConfigurationError(f"{dataset.file}: at bindings.subjects: expected a collection of persons, found none; nobody can ask")
        self._kind, self._releases, self._wanted = kind, tuple(releases), sorted(set(subjects))
        self._persons = dataset.collections[dataset.subjects]
        (self._key_column,) = (tables[dataset.subjects].c[name] for name in self._persons.key)
        self._asking = asking_table(self._key_column)
        super().__init__(connection, dataset, tables, keys, as_of, chunk_size)

    def make_predicates(self) -> Predicates:
        """Whom an extension extends is found out by each query: they are few."""
        self.narrowing = Narrowing(self.connection)
        held, asking = held_collections(self.connection), AskingTable(by_class(self._releases), self._asking)
        self.standing = Predicates(self.dataset, self.tables, self.as_of, held, asking=asking)
        return self.standing

    def clear(self) -> None:
        """Remove the plan before this one, and note who asks: those who stand there."""
        super().clear()
        self._asking.create(self.connection)
        standing = subjects_standing(self.connection, self.predicates, self._wanted)
        if standing:
            self.connection.execute(self._asking.insert(), [{"subject": key} for key in standing.values()])
        sa.Index("asking_subject", self._asking.c.subject, unique=True).create(self.connection)
        self.connection.exec_driver_sql(f"ANALYZE {WORK}.{ASKING}")

    def rows(self, source: Source, terms: Sequence[Bool]) -> sa.FromClause:
        """From the persons to their rows, never through all rows."""
        return self.narrowing.rows(source, terms, self._of_them(source))

    def rule(self, duty: Duty) -> RuleReference:
        """With the right's clause, where the class ends by it."""
        reference, release = super().rule(duty), by_class(self._releases).get(duty.class_id)
        if release is None:
            return reference
        return replace(reference, clause=f"{duty.clause}; {self._kind}: {release.clause}")

    def count(self, collection: Collection) -> int:
        """Rows of the persons alone."""
        source = self.predicates.source(collection.name)
        return self.connection.scalar(sa.select(sa.func.count()).select_from(self._of_them(source))) or 0

    def kept(self, collection: Collection) -> Iterator[Kept]:
        """Nothing: what stays is told person by person."""
        return iter(())

    def made(self, governed: Sequence[Collection]) -> Plan:
        """With who asks, and what ends for them."""
        query = sa.select(self._asking.c.subject).order_by(self._asking.c.subject)
        persons = texts_of([tuple(row) for row in self.connection.execute(query)])
        version = self.keys.current_version()
        refer = Referencer(self.keys.root(version), version, self.dataset.name, self._persons.name)
        known = identities(self.connection, self.predicates, self.keys, version, sa.select(self._asking.c.subject))
        committed = references_digest(refer.column(persons))
        asked = Asked(self._kind, self._releases, len(persons), committed, tuple(sorted(known.values())))
        return replace(super().made(governed), asked=asked)

    def named(self) -> dict[str, frozenset[str]]:
        """The rows that the plan just made names, by collection: their keys as text."""
        found: dict[str, set[str]] = {}
        for step in self.steps:
            rows = self.connection.execute(sa.select(*keys_of(self.keys_of_steps[step.number])))
            found.setdefault(step.collection, set()).update(texts_of([tuple(row) for row in rows]))
        return {name: frozenset(keys) for name, keys in found.items()}

    def _of_them(self, source: Source) -> sa.FromClause:
        """The rows of `source` that are theirs; none of what belongs to nobody."""
        if source.collection.subject is None:
            return source.joined.join(self._asking, sa.false())
        subject, asking = source.column(source.collection.subject), self._asking
        return source.joined.join(asking, asking.c.subject == subject)


def subjects_standing(connection: sa.Connection, predicates: Predicates, subjects: Sequence[str]) -> Mapping[str, Hashable]:
    """The keys of those of these persons who stand in the database, by their text."""
    name = predicates.dataset.subjects
    if name is None or not subjects:
        return {}
    source = predicates.source(name)
    found = connection.scalars(sa.select(*source.key).where(among(source.key, _typed(subjects, source.key[0]))))
    return {text_of((key,)): key for key in found}


def identities(
    connection: sa.Connection, predicates: Predicates, keys: KeySource, version: int, subjects: sa.Select[Any]
) -> dict[Hashable, str]:
    """Keyed references of who these persons are, by key: over the key and every column that says who somebody is. Another national id,
    name or birth date under the same key is another reference."""
    dataset = predicates.dataset
    source = predicates.source(str(dataset.subjects))
    telling = [name for name in source.collection.columns if _tells_who(source.collection.fields[name].categories)]
    refer = Referencer(keys.root(version), version, dataset.name, f"identity of {source.collection.name}")
    columns: list[sa.ColumnElement[Any]] = [*source.key, *(sa.cast(source.table.c[name], sa.Text) for name in telling)]
    rows = connection.execute(sa.select(*columns).select_from(source.table).where(source.key[0].in_(subjects))).all()
    return {row[0]: refer(json.dumps([text_of((row[0],)), *row[1:]], ensure_ascii=False)) for row in rows}


def _tells_who(categories: Sequence[str]) -> bool:
    return any(covered(category, by) for category in categories for by in _WHO)


_WHO = ("user.government_id.national_identification_number", "user.name", "user.demographic.date_of_birth")


def _typed(subjects: Sequence[str], column: sa.ColumnElement[Any]) -> KeySet:
    """Keys as the database's own type has them. What cannot be one names nobody."""
    keys: list[Key] = []
    for text in subjects:
        with suppress(ValueError, ArithmeticError):
            keys.append((column.type.python_type(text),))
    return KeySet(keys)
