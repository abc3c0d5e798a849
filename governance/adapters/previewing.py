"""Looks at a frozen plan on PostgreSQL without carrying it out: whose rows its work tables name, and a few of them by keyed reference.

Ask before the first chunk is done, in a transaction that sees one snapshot. Keys stay here; counts and references come out.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping

import sqlalchemy as sa

from governance.adapters.keysets import Columns, chunk_keys, keys_of, same, text_of, tuples, work_table
from governance.adapters.sources import Source, counted
from governance.catalogue.governed import GovernedDataset
from governance.planning.plan import Plan, Step
from governance.planning.preview import StepPreview
from governance.ports import KeySource
from governance.pseudonym.tokens import Referencer

EXAMPLES = 3


def preview_of(
    connection: sa.Connection,
    dataset: GovernedDataset,
    tables: Mapping[str, sa.Table],
    keys: KeySource,
    plan: Plan,
    work: Callable[[Step, Columns], sa.FromClause] = lambda step, key: work_table(step.number, key),
) -> tuple[int, tuple[StepPreview, ...]]:
    """The different persons over all steps, and each step; by the work tables of a plan that is whole."""
    found = _Looking(connection, dataset, tables, keys, plan, work)
    return found.subjects(), tuple(found.steps())


class _Looking:
    def __init__(
        self,
        connection: sa.Connection,
        dataset: GovernedDataset,
        tables: Mapping[str, sa.Table],
        keys: KeySource,
        plan: Plan,
        work: Callable[[Step, Columns], sa.FromClause],
    ) -> None:
        self._work_of = work
        self._connection, self._dataset, self._tables, self._keys, self._plan = connection, dataset, tables, keys, plan

    def subjects(self) -> int:
        owned = [self._owned(step) for step in self._plan.steps if self._dataset.collections[step.collection].subject is not None]
        if not owned:
            return 0
        persons = sa.union(*(sa.select(query.c.person).where(query.c.person.is_not(None)) for query in owned)).subquery()
        return self._connection.scalar(sa.select(sa.func.count()).select_from(persons)) or 0

    def steps(self) -> Iterator[StepPreview]:
        for step in self._plan.steps:
            persons, without = self._persons(step)
            yield StepPreview(
                step=step.number,
                collection=step.collection,
                action=step.action.value,
                rows=step.rows,
                present=self._plan.scanned[step.collection],
                subjects=persons,
                without=without,
                examples=tuple(self._examples(step)),
            )

    def _persons(self, step: Step) -> tuple[int | None, int]:
        if self._dataset.collections[step.collection].subject is None:
            return None, step.rows
        owned = self._owned(step)
        counts = sa.select(sa.func.count(owned.c.person.distinct()), counted(owned.c.person.is_(None)))
        persons, without = self._connection.execute(counts).one()
        return persons, without

    def _owned(self, step: Step) -> sa.Subquery:
        """For each row of a step the person it belongs to, as text."""
        source, work = Source(self._dataset, self._tables, step.collection), self._work(step)
        person = source.column(source.collection.subject or "")
        query = sa.select(sa.cast(person, sa.Text).label("person"))
        return query.select_from(source.joined.join(work, same(source.key, keys_of(work)))).subquery()

    def _examples(self, step: Step) -> Iterator[str]:
        version = self._plan.key_version
        refer = Referencer(self._keys.root(version), version, self._plan.dataset, step.collection)
        for key in tuples(self._connection.execute(chunk_keys(self._work(step), range(1)).limit(EXAMPLES))):
            yield refer(text_of(key))

    def _work(self, step: Step) -> sa.FromClause:
        collection = self._dataset.collections[step.collection]
        return self._work_of(step, [self._tables[step.collection].c[name] for name in collection.key])
