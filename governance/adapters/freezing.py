"""Planning on PostgreSQL: fills the work tables and returns the frozen Plan.

One REPEATABLE READ transaction sees one state of the database. For each step a work table `lethe_work.step_<n>` receives the keys with
their chunk numbers; the plan commits to each chunk by the digest of its keyed references. Work tables hold keys, nothing else; there
is one frozen plan per loan database, and freezing the next replaces it. No row of the lender is touched here.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date, datetime

import sqlalchemy as sa

from governance.adapters.predicates import Bool, Predicates, Source
from governance.adapters.schema_check import require_declared_references
from governance.audit.events import instant_text
from governance.catalogue.binding import FieldAction
from governance.catalogue.governed import Collection, Duty, FieldGroup, GovernedDataset
from governance.planning.evaluate import Standing
from governance.planning.plan import FieldChange, Kept, Plan, RuleReference, Step, StepAction
from governance.policy.calendar import start_of_day
from governance.ports import KeySource
from governance.pseudonym.tokens import referencer, references_digest

WORK = "lethe_work"


def work_table(number: int, key: sa.Column[object]) -> sa.Table:
    """The work table of a step: `key` has the type of the collection's own key."""
    return sa.Table(f"step_{number}", sa.MetaData(), sa.Column("chunk", sa.Integer), sa.Column("key", key.type), schema=WORK)


def current_plan() -> sa.Table:
    """The one-row table that says which plan's keys the work tables hold."""
    return sa.Table("current_plan", sa.MetaData(), sa.Column("digest", sa.Text, primary_key=True), schema=WORK)


def freeze(
    connection: sa.Connection, dataset: GovernedDataset, tables: Mapping[str, sa.Table], keys: KeySource, as_of: datetime, chunk_size: int
) -> Plan:
    """Plan everything due at `as_of`. `connection` is in a REPEATABLE READ transaction of the engine's role; the caller commits.

    Raises DocumentError for an undeclared table that references a governed collection.
    """
    require_declared_references(connection, dataset)
    return _Freezing(connection, dataset, tables, keys, as_of, chunk_size).plan()


class _Freezing:
    def __init__(
        self,
        connection: sa.Connection,
        dataset: GovernedDataset,
        tables: Mapping[str, sa.Table],
        keys: KeySource,
        as_of: datetime,
        chunk_size: int,
    ) -> None:
        self.connection, self.dataset, self.tables, self.keys = connection, dataset, tables, keys
        self.as_of, self.chunk_size = as_of, chunk_size
        self.predicates = Predicates(dataset, tables, as_of)
        self.deleting: dict[str, sa.Table] = {}
        self.steps: list[Step] = []

    def plan(self) -> Plan:
        self._drop_work()
        governed = [collection for collection in self.dataset.collections.values() if collection.governed]
        for collection in governed:  # children first
            self._plan_deletes(collection)
        for collection in governed:
            for group in collection.groups:
                self._plan_depersonalising(collection, group)
        plan = Plan(
            dataset=self.dataset.name,
            controller=self.dataset.controller,
            policy_version=self.dataset.pack.version,
            policy_digest=self.dataset.policy_digest,
            dataset_digest=self.dataset.dataset_digest,
            key_version=self.keys.current_version(),
            as_of=instant_text(self.as_of),
            chunk_size=self.chunk_size,
            scanned={collection.name: self._count(collection) for collection in governed},
            steps=tuple(self.steps),
            kept=tuple(kept for collection in governed for kept in self._kept(collection)),
        )
        current = current_plan()
        current.create(self.connection)
        self.connection.execute(current.insert().values(digest=plan.digest))
        return plan

    # -- steps ----------------------------------------------------------------------------------------------------------------

    def _plan_deletes(self, collection: Collection) -> None:
        source = self.predicates.source(collection.name)
        stays = [self._child_stays(source, child.name, reference.field) for child, reference in self.dataset.children[collection.name]]
        due = sa.and_(self.predicates.row_due(source), *(sa.not_(condition) for condition in stays))
        work = self._add_step(collection, StepAction.DELETE, (), collection.groups, source, due)
        if work is not None:
            self.deleting[collection.name] = work

    def _plan_depersonalising(self, collection: Collection, group: FieldGroup) -> None:
        changes = tuple(FieldChange(name, collection.on_due[name].value) for name in group.fields if _changes(collection, name))
        if not changes:
            return
        source = self.predicates.source(collection.name)
        due = [self.predicates.unfinished(group, source), self.predicates.group_due(group, source)]
        if collection.name in self.deleting:
            due.append(sa.not_(self._in_work(self.deleting[collection.name], source)))
        tokens = any(change.action == FieldAction.PSEUDONYMISE for change in changes)
        action = StepAction.PSEUDONYMISE if tokens else StepAction.NULLIFY
        self._add_step(collection, action, changes, (group,), source, sa.and_(*due))

    def _child_stays(self, source: Source, child: str, field: str) -> Bool:
        other, points_here = self.predicates.pointing_here(child, field, source)
        stays = [points_here]
        if child in self.deleting:
            stays.append(sa.not_(self._in_work(self.deleting[child], other)))
        return sa.select(sa.literal(1)).select_from(other.joined).where(*stays).correlate(source.table).exists()

    def _in_work(self, work: sa.Table, source: Source) -> Bool:
        return sa.select(sa.literal(1)).where(work.c.key == source.key).correlate(source.table).exists()

    def _add_step(
        self,
        collection: Collection,
        action: StepAction,
        changes: tuple[FieldChange, ...],
        groups: tuple[FieldGroup, ...],
        source: Source,
        due: Bool,
    ) -> sa.Table | None:
        number = len(self.steps) + 1
        work = work_table(number, self.tables[collection.name].c[collection.key])
        work.create(self.connection)
        chunk = (sa.func.row_number().over(order_by=source.key) - 1) // sa.literal(self.chunk_size, sa.Integer)
        doomed = sa.select(sa.cast(chunk, sa.Integer), source.key).select_from(source.joined).where(due)
        rows = self.connection.execute(
            work.insert().from_select(["chunk", "key"], doomed), execution_options={"preserve_rowcount": True}
        ).rowcount
        if rows == 0:
            work.drop(self.connection)
            return None
        sa.Index(f"step_{number}_chunk", work.c.chunk, work.c.key).create(self.connection)
        self.connection.exec_driver_sql(f"ANALYZE {WORK}.step_{number}")
        self.steps.append(
            Step(
                number=number,
                collection=collection.name,
                action=action,
                fields=changes,
                rules=tuple(self._rules(groups)),
                rows=rows,
                chunks=tuple(self._chunk_digests(work, collection)),
            )
        )
        return work

    def _rules(self, groups: tuple[FieldGroup, ...]) -> Iterator[RuleReference]:
        seen: dict[str, Duty] = {}
        for group in groups:
            for duty in (*group.direct, *(item.duty for item in group.inherited)):
                seen.setdefault(duty.class_id, duty)
        for duty in seen.values():
            yield RuleReference(duty.class_id, duty.clause, duty.provenance, cutoff_text(self.predicates.cutoff(duty), self.dataset))

    def _chunk_digests(self, work: sa.Table, collection: Collection) -> Iterator[str]:
        version = self.keys.current_version()
        refer = referencer(self.keys.root(version), version, self.dataset.name, collection.name)
        query = sa.select(work.c.chunk, work.c.key).order_by(work.c.chunk, work.c.key)
        current = 0
        references: list[str] = []
        for chunk, key in self.connection.execute(query, execution_options={"yield_per": 10_000}):
            if chunk != current:
                yield references_digest(references)
                current, references = chunk, []
            references.append(refer(str(key)))
        yield references_digest(references)

    # -- what stays, and why --------------------------------------------------------------------------------------------------

    def _kept(self, collection: Collection) -> Iterator[Kept]:
        source = self.predicates.source(collection.name)
        labelled = [(duty, standing, self._stands(duty, standing, source)) for duty in collection.duties for standing in _REASONS]
        if not labelled:
            return
        counts = [sa.func.count().filter(condition) for _, _, condition in labelled]
        row = self.connection.execute(sa.select(*counts).select_from(source.joined)).one()
        for (duty, standing, _), rows in zip(labelled, row, strict=True):
            if rows:
                yield Kept(collection.name, duty.class_id, duty.clause, standing.value, rows)

    def _stands(self, duty: Duty, standing: Standing, source: Source) -> Bool:
        predicates = self.predicates
        applies, started, known = predicates.applies(duty, source), predicates.started(duty, source), predicates.known(duty, source)
        over = predicates.over(duty, source)
        return {
            Standing.NOT_STARTED: sa.and_(applies, sa.not_(started)),
            Standing.UNKNOWN: sa.and_(applies, started, sa.not_(known)),
            Standing.RUNNING: sa.and_(applies, started, known, sa.not_(over)),
            Standing.EXTENDED: sa.and_(applies, over, predicates.extended(duty, source)),
        }[standing]

    def _count(self, collection: Collection) -> int:
        return self.connection.scalar(sa.select(sa.func.count()).select_from(self.tables[collection.name])) or 0

    def _drop_work(self) -> None:
        quote = self.connection.dialect.identifier_preparer.quote_identifier
        for name in sa.inspect(self.connection).get_table_names(schema=WORK):
            self.connection.exec_driver_sql(f"DROP TABLE {WORK}.{quote(name)}")


_REASONS = (Standing.NOT_STARTED, Standing.UNKNOWN, Standing.RUNNING, Standing.EXTENDED)


def cutoff_text(cutoff: object, dataset: GovernedDataset) -> str:
    """A cut-off as people read it, in the controller's time zone: a date or year; an instant only where it is not a day's first."""
    if isinstance(cutoff, datetime):
        local = cutoff.astimezone(dataset.zone)
        whole_day = start_of_day(local.date(), dataset.zone) == cutoff
        return local.date().isoformat() if whole_day else local.isoformat(timespec="microseconds")
    return cutoff.isoformat() if isinstance(cutoff, date) else str(cutoff)


def _changes(collection: Collection, name: str) -> bool:
    return collection.on_due.get(name, FieldAction.WITH_ROW) is not FieldAction.WITH_ROW
