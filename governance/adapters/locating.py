"""Finds persons in one loan database: in which rows they are the subject, beside which they stand, and where others are spoken of.

One transaction for all the persons of a search, however many: what takes long is reading columns, and they are read once. Columns with an
index are asked first; only for persons of whom nothing certain turns up that way are they read from end to end, because a spelling that
nobody foresaw is found in no index. Values are compared in memory and leave it in no statement, log or message; keys of rows found do, as
they do wherever rows are worked on.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from typing import Any, Protocol

import sqlalchemy as sa

from governance.adapters.asked import Asked
from governance.adapters.keysets import Key, text_of
from governance.adapters.lookups import Form, Hit, PostgresLookups, subject_of
from governance.adapters.lookups_inside import InsideLookups, looked_for
from governance.adapters.portable.dialect import dialect_of, is_portable
from governance.adapters.portable.fitness import fit_tables
from governance.adapters.portable.lookups import PortableLookups
from governance.adapters.postgres import limit
from governance.adapters.schema_check import reflect
from governance.adapters.sources import Source
from governance.catalogue.governed import GovernedDataset
from governance.connections import open_engine, translated
from governance.ports import KeySource
from governance.pseudonym.tokens import Referencer
from governance.requests.columns import IdentityColumn, identity_columns, identity_paths
from governance.requests.elsewhere import elsewhere_of, texts_of
from governance.requests.located import Candidate, Certainty, Located, MatchReason, ThirdParty
from governance.requests.matching import MATCHES, Judgement, Value, judge, settled
from governance.requests.others import OwnValues, is_own, names_somebody, own_values, third_party_values
from governance.requests.request import Person
from governance.requests.spelling import Identifier

_KEYS = 500  # bound into one query
_PERSONAL = frozenset({Identifier.NATIONAL_ID, Identifier.PHONE, Identifier.EMAIL})


class Lookups(Protocol):
    """What a dialect finds by forms; see `lookups`."""

    def indexed(self, column: IdentityColumn) -> bool:
        """Whether an index can find a spelling in it."""
        ...

    def prepare(self, forms: Sequence[Form]) -> None:
        """Take what is asked, once."""
        ...

    def by_index(self, columns: Iterable[IdentityColumn]) -> Iterator[Hit]:
        """Rows that hold a spelling in an indexed column."""
        ...

    def by_reading(self, columns: Sequence[IdentityColumn]) -> Iterator[Hit]:
        """Rows of one collection that have a form that is asked for."""
        ...


class DatabaseFinder:
    """Port PersonFinder over any kind of loan database. `url` is the engine role's."""

    def __init__(self, url: str, dataset: GovernedDataset, keys: KeySource) -> None:
        self._url, self._dataset, self._keys = url, dataset, keys

    @property
    def dataset(self) -> GovernedDataset:
        """What is declared about it."""
        return self._dataset

    def find(self, persons: Sequence[Person]) -> list[Located]:
        """What is found of each person, in their order. Raises DatabaseUnfit, and SurroundingsError as every reading does."""
        with searching(self._url, self._dataset, self._keys) as (connection, tables):
            return _Search(connection, self._dataset, tables, self._keys, persons, is_portable(self._url)).all()

    def third_parties(self, person: Person, keys: Sequence[str]) -> tuple[ThirdParty, ...]:
        """Whom else the records of these subjects speak of; keys as text. For a match that a person picked."""
        with searching(self._url, self._dataset, self._keys) as (connection, tables):
            search = _Search(connection, self._dataset, tables, self._keys, [person], is_portable(self._url))
            search.prepare()
            return search.own_third_parties({0: search.typed(keys)})[0]


@contextmanager
def searching(url: str, dataset: GovernedDataset, keys: KeySource) -> Iterator[tuple[sa.Connection, dict[str, sa.Table]]]:
    """A transaction for reading, and the declared tables, found fit. It is rolled back at the end. On PostgreSQL it may make a temporary
    table first and has to be made read-only then."""
    with translated(url):
        if is_portable(url):
            dialect = dialect_of(url)
            with dialect.reading() as connection:
                standing = fit_tables(connection, dataset, dialect.typed, keys.current_version())
                yield connection, {name: item.table for name, item in standing.items()}
            return
        engine = open_engine(url).execution_options(isolation_level="REPEATABLE READ")  # one state of the database
        with engine.connect() as connection, connection.begin() as transaction:
            limit(connection)
            try:
                yield connection, reflect(connection, dataset, keys.current_version())
            finally:
                if transaction.is_active:
                    transaction.rollback()


class _Search:
    """One search. Subjects go by their keys as the driver gives them."""

    def __init__(
        self,
        connection: sa.Connection,
        dataset: GovernedDataset,
        tables: Mapping[str, sa.Table],
        keys: KeySource,
        persons: Sequence[Person],
        portable: bool,
    ) -> None:
        self._connection, self._dataset, self._tables, self._persons = connection, dataset, tables, persons
        self._columns, self._paths = identity_columns(dataset), identity_paths(dataset)
        self._asked = Asked(persons, dataset.controller, keys)
        self._lookups: Lookups = (PortableLookups if portable else PostgresLookups)(connection, dataset, tables)
        self._inside = InsideLookups(connection, dataset, tables)
        self._version = keys.current_version()
        self._root = keys.root(self._version)
        self._references: dict[str, Referencer] = {}
        self._hits: list[dict[tuple[IdentityColumn, Key], tuple[Any, str]]] = [{} for _ in persons]

    def prepare(self, columns: Sequence[IdentityColumn] = ()) -> None:
        """Hand over what is asked of these columns; nothing can be written after this."""
        forms = [*self._asked.exact, *self._asked.signs, *self._asked.coarse, *self._asked.tokens(columns)] if columns else []
        self._lookups.prepare(forms)
        self._inside.prepare(forms)

    def all(self) -> list[Located]:
        """What is found of each person."""
        columns = [column for group in self._columns.values() for column in group if column.identifier in self._asked.identifiers]
        indexed = [column for column in columns if self._lookups.indexed(column)]
        others = [column for column in columns if not self._lookups.indexed(column)]
        asked = self._asked.identifiers
        inside = [[path for path in group if path.identifier in asked and looked_for(path)] for group in self._paths.values()]
        self.prepare([*columns, *(path for group in inside for path in group)])
        self._note(self._lookups.by_index(indexed))
        for group in filter(None, inside):
            self._note(self._inside.by_reading(group))
        # A birth date is no way to a person of whom something better is known, and leads to hundreds of others.
        by_birth = [column for column in others if column.identifier is Identifier.BIRTH_DATE]
        self._read([column for column in others if column not in by_birth])
        found = self._judged()
        unsure = frozenset(n for n, judged in enumerate(found) if not any(item.certainty is Certainty.CERTAIN for item in judged.values()))
        if unsure:
            # Tokens have one spelling, which the index knows.
            self._read([*(replace(column, pseudonymised=False) for column in indexed), *by_birth], only=unsure)
            found = self._judged(found, unsure)
        beside = [self._beside(n) for n in range(len(self._persons))]
        certain = {
            n: [subject for subject, item in judged.items() if item.certainty is Certainty.CERTAIN] for n, judged in enumerate(found)
        }
        own = self.own_third_parties(certain)
        elsewhere, texts = elsewhere_of(self._dataset), texts_of(self._dataset)
        read = (*others, *(path for group in inside for path in group))
        unindexed = tuple(sorted({f"{self._dataset.name}.{column.place}" for column in read}))
        return [
            Located(
                candidates=tuple(self._candidate(str(self._dataset.subjects), (subject,), item) for subject, item in judged.items()),
                third_parties=(*own[n], *self._of_others(n, judged)),
                elsewhere=(*elsewhere, *texts) if judged or beside[n] else texts,
                searched=(self._dataset.name,),
                beside=beside[n],
                unindexed=unindexed,
            )
            for n, judged in enumerate(found)
        ]

    # -- hits -----------------------------------------------------------------------------------------------------------------

    def _read(self, columns: Sequence[IdentityColumn], only: frozenset[int] | None = None) -> None:
        groups: dict[str, list[IdentityColumn]] = defaultdict(list)
        for column in columns:
            groups[column.collection].append(column)
        for group in groups.values():
            self._note(hit for hit in self._lookups.by_reading(group) if only is None or hit.n in only)

    def _note(self, hits: Iterable[Hit]) -> None:
        for hit in hits:
            how = self._asked.how(hit.n, hit.column, hit.value)
            if how is not None:
                self._hits[hit.n][hit.column, hit.key] = hit.subject, how

    # -- subjects -------------------------------------------------------------------------------------------------------------

    def _judged(
        self, before: Sequence[dict[Any, Judgement]] | None = None, only: frozenset[int] | None = None
    ) -> list[dict[Any, Judgement]]:
        """For each person the subjects that remain, by key; of those not in `only` what was found `before`."""
        led: list[dict[Any, list[MatchReason]]] = [defaultdict(list) for _ in self._persons]
        for n, hits in enumerate(self._hits):
            if only is None or n in only:
                for (column, _), (subject, how) in hits.items():
                    if subject is not None and not column.third_party:
                        led[n][subject] += self._reason(column, how)
        records = self._records({subject for one in led for subject in one})
        found: list[dict[Any, Judgement]] = []
        for n, person in enumerate(self._persons):
            if only is not None and n not in only and before is not None:
                found.append(before[n])
                continue
            judged = {
                subject: item
                for subject, reasons in led[n].items()
                if (item := judge(person, records.get(subject, ()), reasons, self._tokens(n))) is not None
            }
            found.append(settled(judged))
        return found

    def _reason(self, column: IdentityColumn, how: str) -> list[MatchReason]:
        """What leads to a subject from elsewhere, or from within a document; what stands in a column of the subject's own row is compared
        there, and a birth date is no lead."""
        own = column.collection == self._dataset.subjects and not column.steps
        if own or column.identifier is Identifier.BIRTH_DATE:
            return []
        return [MatchReason(column.identifier, column.place, how)]

    def _records(self, subjects: Iterable[Any]) -> dict[Any, tuple[Value, ...]]:
        """The identity values of subjects, by key."""
        if self._dataset.subjects is None:
            return {}
        columns = self._columns.get(self._dataset.subjects, ())
        rows = self._rows(self._dataset.subjects, subjects)
        return {row["subject"]: _values(columns, row) for row in rows}

    def _rows(self, collection: str, subjects: Iterable[Any], more: Sequence[str] = ()) -> list[dict[str, Any]]:
        """Identity columns, and `more`, of the rows of a collection that belong to subjects; `subject` is whose."""
        source = Source(self._dataset, self._tables, collection)
        subject = subject_of(self._dataset, source)
        names = dict.fromkeys((*(column.field for column in self._columns.get(collection, ())), *more))
        query = sa.select(subject, *(source.table.c[name].label(f"f{n}") for n, name in enumerate(names))).select_from(source.joined)
        found, keys = list[dict[str, Any]](), sorted(subjects, key=str)
        path = self._dataset.collections[collection].subject
        if path is None:
            return found
        for start in range(0, len(keys), _KEYS):
            for row in self._connection.execute(query.where(source.column(path).in_(keys[start : start + _KEYS]))):
                found.append({"subject": row[0], **dict(zip(names, row[1:], strict=True))})
        return found

    def _tokens(self, n: int) -> Any:
        columns = {column.place: column for group in (*self._columns.values(), *self._paths.values()) for column in group}

        def tokens(place: str) -> frozenset[str]:
            column = columns[place]
            return self._asked.tokens_of(n, column.domain, column.category, column.identifier)

        return tokens

    def _candidate(self, collection: str, key: Key, item: Judgement) -> Candidate:
        text = text_of(key)
        if collection not in self._references:
            self._references[collection] = Referencer(self._root, self._version, self._dataset.name, collection)
        reference = self._references[collection](text)
        return Candidate(self._dataset.name, collection, text, reference, item.certainty, item.share, item.reasons)

    def typed(self, keys: Sequence[str]) -> list[Any]:
        """Keys of subjects, given as text, as the driver gives them."""
        source = Source(self._dataset, self._tables, str(self._dataset.subjects))
        found: list[Any] = []
        for start in range(0, len(keys), _KEYS):
            found += self._connection.scalars(keyed(source, keys[start : start + _KEYS], [source.key[0]]))
        return found

    # -- beside and others ----------------------------------------------------------------------------------------------------

    def _beside(self, n: int) -> tuple[Candidate, ...]:
        """Rows that belong to no subject, by what stands in themselves."""
        rows: dict[tuple[str, Key], None] = {}
        for (column, key), (subject, _) in self._hits[n].items():
            if subject is None and not column.third_party:
                rows[column.collection, key] = None
        found = []
        for collection, key in rows:
            item = judge(self._persons[n], self._record(collection, key), (), self._tokens(n))
            if item is not None:
                found.append(self._candidate(collection, key, item))
        return tuple(found)

    def _record(self, collection: str, key: Key) -> tuple[Value, ...]:
        source, columns = Source(self._dataset, self._tables, collection), self._columns.get(collection, ())
        inside = self._inside.values(collection, key, self._paths.get(collection, ()))
        names = dict.fromkeys(column.field for column in columns)
        if not names:
            return inside
        same = sa.and_(*(part == value for part, value in zip(source.key, key, strict=True)))
        row = self._connection.execute(sa.select(*(source.table.c[name] for name in names)).where(same)).first()
        return (*_values(columns, dict(zip(names, row, strict=True))), *inside) if row is not None else ()

    def _of_others(self, n: int, judged: Mapping[Any, Judgement]) -> Iterator[ThirdParty]:
        """Rows of other subjects in which the person stands as a third party."""
        rows: dict[str, set[Key]] = defaultdict(set)
        fields: dict[str, set[str]] = defaultdict(set)
        for (column, key), (subject, how) in self._hits[n].items():
            if column.third_party and column.identifier in _PERSONAL and how in MATCHES and subject not in judged:
                rows[column.collection].add(key)
                fields[column.collection].add(column.field)
        for collection in rows:
            yield ThirdParty(self._dataset.name, collection, tuple(sorted(fields[collection])), len(rows[collection]), own=False)

    def own_third_parties(self, subjects: Mapping[int, Sequence[Any]]) -> dict[int, tuple[ThirdParty, ...]]:
        """For each person, whom else the records of their subjects speak of."""
        every = {subject for some in subjects.values() for subject in some}
        records = self._records(every)
        own: dict[Any, list[tuple[int, OwnValues]]] = defaultdict(list)
        for n, some in subjects.items():
            for subject in some:
                own[subject].append((n, own_values(self._persons[n], records.get(subject, ()))))
        found: dict[int, list[ThirdParty]] = {n: [] for n in subjects}
        for name, collection in self._dataset.collections.items():
            if not collection.third_party or not every:
                continue
            counts: dict[int, int] = defaultdict(int)
            fields: dict[int, set[str]] = defaultdict(set)
            columns = self._columns.get(name, ())
            for row in self._rows(name, every, [field for field in collection.third_party if field in collection.columns]):
                held = third_party_values(collection, row) if names_somebody(columns, row) else ()
                for n, values in own.get(row["subject"], ()) if held else ():
                    if not is_own(values, collection, columns, row):
                        counts[n] += 1
                        fields[n].update(held)
            for n, count in counts.items():
                found[n].append(ThirdParty(self._dataset.name, name, tuple(sorted(fields[n])), count, own=True))
        return {n: tuple(items) for n, items in found.items()}


def keyed(source: Source, keys: Sequence[str], columns: Sequence[sa.ColumnElement[Any]]) -> sa.Select[*tuple[Any, ...]]:
    """Columns of the rows of a collection with a key of one column, given as text; by its index where text can be made into its type."""
    (key,) = source.key
    try:
        same = key.in_([key.type.python_type(text) for text in keys])
    except (TypeError, ValueError, NotImplementedError):
        same = sa.cast(key, sa.Text).in_(list(keys))
    return sa.select(*columns).select_from(source.joined).where(same)


def _values(columns: Iterable[IdentityColumn], row: Mapping[str, Any]) -> tuple[Value, ...]:
    return tuple(Value(column.identifier, column.place, row[column.field], column.precise) for column in columns)
