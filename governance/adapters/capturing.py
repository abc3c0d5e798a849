"""Reads to whom the rows of a frozen plan belong, before they go: keyed references for the certificate of a person, names for the annex of
the destruction protocol. On every dialect; how a session and the work tables come about is handed in.

Rows come in a stream, over one snapshot. Names leave this module for the encryption alone; keys do not leave it but inside the annex, and
none is bound into a query. Rows of collections without a subject, and rows whose path leads to nobody, belong to nobody here.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager
from itertools import groupby
from operator import itemgetter

import sqlalchemy as sa

from governance.adapters.keysets import WORK, Columns, current_plan, keys_of, same, text_of, texts_of, work_table
from governance.adapters.schema_check import reflect
from governance.adapters.sources import Source
from governance.catalogue.governed import GovernedDataset
from governance.connections import open_engine, translated
from governance.planning.plan import Plan, Step, require_current
from governance.policy.document import covered
from governance.ports import Belonging, KeySource, NamedSubject
from governance.pseudonym.tokens import Referencer

_ROWS = 10_000  # read at a time

Standing = Callable[[Plan], AbstractContextManager[tuple[sa.Connection, Mapping[str, sa.Table]]]]
"""Opens one snapshot of the database in which the keys of a plan stand, with the declared tables. Raises PlanMismatch where those of
another plan stand."""


class PlanSubjects:
    """Port SubjectSource; to be asked while the work tables of the plan are whole. `work` gives the keys of a step. Raises PlanMismatch
    where those of another plan stand."""

    def __init__(
        self,
        dataset: GovernedDataset,
        keys: KeySource,
        standing: Standing,
        work: Callable[[Step, Columns], sa.FromClause] = lambda step, key: work_table(step.number, key),
    ) -> None:
        self._dataset, self._keys, self._standing, self._work = dataset, keys, standing, work

    @property
    def name_fields(self) -> tuple[str, ...]:
        """The columns of the subjects' collection that hold names, in alphabetical order; none where nobody declared any."""
        if self._dataset.subjects is None:
            return ()
        subjects = self._dataset.collections[self._dataset.subjects]
        fields = ((name, subjects.fields[name]) for name in subjects.columns)
        return tuple(name for name, field in fields if any(covered(category, "user.name") for category in field.categories))

    def belongings(self, plan: Plan) -> Iterator[Belonging]:
        """For each subject and collection the rows of the plan, all by keyed reference."""
        if self._dataset.subjects is None:
            return
        refer_subject = self._referencer(plan, self._dataset.subjects)
        with self._standing(plan) as (connection, tables):
            for collection in self._owned(plan):
                refer, rows = self._referencer(plan, collection), self._rows(connection, tables, plan, collection)
                for subject, grouped in groupby(rows, key=itemgetter(0)):
                    keys = [tuple(row[1:]) for row in grouped]
                    yield Belonging(refer_subject(text_of((subject,))), collection, tuple(refer.column(texts_of(keys))))

    def named(self, plan: Plan) -> Iterator[NamedSubject]:
        """Every subject to whom a row of the plan belongs, once, with the names that stand there."""
        if self._dataset.subjects is None or not (owned := self._owned(plan)):
            return
        refer = self._referencer(plan, self._dataset.subjects)
        with self._standing(plan) as (connection, tables):
            table = tables[self._dataset.subjects]
            (key,) = (table.c[name] for name in self._dataset.collections[self._dataset.subjects].key)
            concerned = sa.union(*(self._query(tables, plan, collection, subject_only=True) for collection in owned)).subquery()
            query = sa.select(key, *(sa.cast(table.c[name], sa.Text) for name in self.name_fields)).where(
                key.in_(sa.select(concerned.c[0]))
            )
            for subject, *names in connection.execute(query.order_by(key), execution_options={"yield_per": _ROWS}):
                text = text_of((subject,))
                yield NamedSubject(refer(text), text, tuple(name or "" for name in names))

    def _owned(self, plan: Plan) -> list[str]:
        collections = dict.fromkeys(step.collection for step in plan.steps)
        return [name for name in collections if self._dataset.collections[name].subject is not None]

    def _rows(self, connection: sa.Connection, tables: Mapping[str, sa.Table], plan: Plan, collection: str) -> Iterator[Sequence[object]]:
        query = self._query(tables, plan, collection, subject_only=False)
        with connection.execute(query, execution_options={"yield_per": _ROWS}) as rows:
            yield from rows

    def _query(self, tables: Mapping[str, sa.Table], plan: Plan, collection: str, *, subject_only: bool) -> sa.Select[*tuple[object, ...]]:
        """Subject and key of every different row that the steps of a collection name, by subject."""
        source = Source(self._dataset, tables, collection)
        subject = source.column(source.collection.subject or "")
        key = [tables[collection].c[name] for name in source.collection.key]
        works = [self._work(step, key) for step in plan.steps if step.collection == collection]
        chosen = sa.union(*(sa.select(*keys_of(work)) for work in works)).subquery()
        columns = [subject] if subject_only else [subject, *source.key]
        query = sa.select(*columns).select_from(source.joined.join(chosen, same(source.key, keys_of(chosen)))).where(subject.is_not(None))
        return query if subject_only else query.order_by(subject, *source.key)

    def _referencer(self, plan: Plan, collection: str) -> Referencer:
        return Referencer(self._keys.root(plan.key_version), plan.key_version, self._dataset.name, collection)


def standing_on_postgres(url: str, dataset: GovernedDataset, keys: KeySource) -> Standing:
    """`Standing` over PostgreSQL; `url` is the engine role's."""

    @contextmanager
    def standing(plan: Plan) -> Iterator[tuple[sa.Connection, Mapping[str, sa.Table]]]:
        with translated(url), open_engine(url, read_only=True).connect() as connection:
            connection.exec_driver_sql("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
            frozen = None
            if sa.inspect(connection).has_table("current_plan", schema=WORK):
                frozen = connection.scalar(sa.select(current_plan().c.digest))
            require_current(plan, frozen, dataset)  # another plan's work tables tell of other rows
            yield connection, reflect(connection, dataset, keys.current_version())

    return standing
