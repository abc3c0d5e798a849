"""Planning on PostgreSQL: fills the work tables and returns the frozen Plan.

One REPEATABLE READ transaction sees one state of the database. For each step a work table `lethe_work.step_<n>` receives the keys with
their chunk numbers; the plan commits to each chunk by the digest of its keyed references. Work tables hold keys, nothing else; there
is one frozen plan per loan database, and freezing the next replaces it. No row of the lender is touched here.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime
from itertools import groupby
from operator import itemgetter

import sqlalchemy as sa

from governance.adapters.doomed import Component
from governance.adapters.keysets import WORK, Columns, current_plan, in_work, key_columns, keys_of, same, texts_of, work_table
from governance.adapters.narrowing import Narrowing
from governance.adapters.predicates import Predicates, held_collections, standing_objections
from governance.adapters.rehearsal import rehearse
from governance.adapters.schema_check import order_of
from governance.adapters.schema_references import require_declared_references
from governance.adapters.sources import Bool, Source, counted
from governance.audit.body import instant_text
from governance.catalogue.actions import ActionKind
from governance.catalogue.governed import Collection, Duty, FieldGroup, GovernedDataset, Reference
from governance.planning.evaluate import Standing
from governance.planning.plan import FieldChange, Kept, Plan, RuleReference, Step, StepAction
from governance.policy.calendar import start_of_day
from governance.policy.rules import Effect
from governance.ports import KeySource
from governance.pseudonym.tokens import Referencer, references_digest


def freeze(
    connection: sa.Connection, dataset: GovernedDataset, tables: Mapping[str, sa.Table], keys: KeySource, as_of: datetime, chunk_size: int
) -> Plan:
    """Plan everything due at `as_of`. `connection` is in a REPEATABLE READ transaction of the engine's role; the caller commits.

    Raises DatabaseUnfit for an undeclared table that references a governed collection, and for constraints that the plan would break.
    """
    require_declared_references(connection, dataset)
    return Freezing(connection, dataset, tables, keys, as_of, chunk_size).plan()


def mark_current(connection: sa.Connection, plan: Plan) -> Plan:
    """Note whose keys the work tables hold now; the plan."""
    current = current_plan()
    current.drop(connection, checkfirst=True)
    current.create(connection)
    connection.execute(current.insert().values(digest=plan.digest))
    return plan


class Freezing:
    """One planning; `connection` as for `freeze`. `beyond` names whom the plan leaves alone, see `rungs`.

    What another dialect does otherwise are the methods under "on this dialect"; what is due is decided here alone.
    """

    def __init__(
        self,
        connection: sa.Connection,
        dataset: GovernedDataset,
        tables: Mapping[str, sa.Table],
        keys: KeySource,
        as_of: datetime,
        chunk_size: int,
        beyond: sa.Table | None = None,
    ) -> None:
        self.connection, self.dataset, self.tables, self.keys = connection, dataset, tables, keys
        self.as_of, self.chunk_size = as_of, chunk_size
        self.beyond = beyond
        self.predicates = self.make_predicates()
        self.order = order_of(dataset, tables)
        self.deleting: dict[str, sa.FromClause] = {}
        self.keys_of_steps: dict[int, sa.FromClause] = {}
        self.steps: list[Step] = []

    # -- on this dialect ------------------------------------------------------------------------------------------------------

    def make_predicates(self) -> Predicates:
        """The predicates of this plan. Called once, before anything else."""
        self.narrowing = Narrowing(self.connection)
        held, extended = held_collections(self.connection), self._extended_subjects()
        objections = standing_objections(self.connection, self.dataset)
        predicates = Predicates(self.dataset, self.tables, self.as_of, held, extended, self.beyond, objections=objections)
        whole = self.beyond is None
        self.standing = predicates if whole else Predicates(self.dataset, self.tables, self.as_of, held, extended, objections=objections)
        return predicates

    def clear(self) -> None:
        """Remove the plan before this one."""
        quote = self.connection.dialect.identifier_preparer.quote_identifier
        for name in sa.inspect(self.connection).get_table_names(schema=WORK):
            self.connection.exec_driver_sql(f"DROP TABLE {WORK}.{quote(name)}")

    def rows(self, source: Source, terms: Sequence[Bool]) -> sa.FromClause:
        """The keys of the rows of `source` that meet every term, as `keys_of` finds them."""
        return self.narrowing.rows(source, terms)

    def outside_circles(self, due: Mapping[str, sa.FromClause]) -> dict[str, sa.FromClause]:
        """Of the due rows of collections that refer to each other, those to which nothing leads that stays."""
        component = Component(self.connection, self.predicates, tuple(due))
        for name, rows in due.items():
            component.add_due(name, sa.select(*keys_of(rows)))
        component.settle()
        return {name: self.narrowing.keep(keys_of(rows), component.doomed(name)) for name, rows in due.items()}

    def keep_keys(
        self, number: int, collection: Collection, doomed: sa.FromClause, rows: sa.FromClause, leans: Bool
    ) -> tuple[sa.FromClause, int]:
        """Note the keys of a step in chunks: the table, or part of one, that holds them, and how many they are. `rows` are `doomed` with
        what `leans` reads. Nothing is left of a step without keys."""
        work = work_table(number, self._key(collection))
        work.create(self.connection)
        chunk = (sa.func.row_number().over(order_by=keys_of(doomed)) - 1) // sa.literal(self.chunk_size, sa.Integer)
        numbered = sa.select(sa.cast(chunk, sa.Integer), *keys_of(doomed), leans).select_from(rows)
        names = ["chunk", *(column.name for column in key_columns(self._key(collection))), "leans"]
        count = self.connection.execute(work.insert().from_select(names, numbered), execution_options={"preserve_rowcount": True}).rowcount
        if count == 0:
            work.drop(self.connection)
            return work, 0
        sa.Index(f"step_{number}_chunk", work.c.chunk, *keys_of(work)).create(self.connection)
        sa.Index(f"step_{number}_key", *keys_of(work)).create(self.connection)
        self.connection.exec_driver_sql(f"ANALYZE {WORK}.step_{number}")
        return work, count

    def rehearse(self) -> None:
        """Raise DatabaseUnfit for what the database would not bear."""
        rehearse(self.connection, self.dataset, self.tables, self.keys, self.order, self.steps)

    def mark_current(self, plan: Plan) -> Plan:
        """Say that the work tables hold the keys of this plan; the plan."""
        return mark_current(self.connection, plan)

    def _extended_subjects(self) -> sa.Table | None:
        """Whom which extension extends, found once: a temporary table, or None for a dataset without subjects."""
        if self.dataset.subjects is None:
            return None
        key = self.tables[self.dataset.subjects].c[self.dataset.collections[self.dataset.subjects].key[0]]
        columns = [sa.Column("extension", sa.Text), sa.Column("subject", key.type)]
        found = sa.Table("lethe_extended", sa.MetaData(), *columns, prefixes=["TEMPORARY"], postgresql_on_commit="DROP")
        found.create(self.connection)
        for query in Predicates(self.dataset, self.tables, self.as_of).subjects_extended():
            self.connection.execute(found.insert().from_select(["extension", "subject"], query))
        sa.Index("lethe_extended_subject", found.c.subject, found.c.extension).create(self.connection)
        self.connection.exec_driver_sql("ANALYZE lethe_extended")
        return found

    # -- the plan -------------------------------------------------------------------------------------------------------------

    def plan(self) -> Plan:
        """Everything due, frozen; see the module."""
        self.clear()
        governed = [collection for collection in self.dataset.collections.values() if collection.governed]
        for members in self.dataset.components:  # children first
            self._plan_deletes([self.dataset.collections[name] for name in self.order.collections if name in members])
        for collection in governed:
            for group in collection.groups:
                self._plan_depersonalising(collection, group)
        self.rehearse()
        return self.mark_current(self.made(governed))

    def made(self, governed: Sequence[Collection]) -> Plan:
        """The plan of the steps."""
        return Plan(
            dataset=self.dataset.name,
            controller=self.dataset.controller,
            policy_version=self.dataset.pack.version,
            policy_digest=self.dataset.policy_digest,
            dataset_digest=self.dataset.dataset_digest,
            key_version=self.keys.current_version(),
            as_of=instant_text(self.as_of),
            chunk_size=self.chunk_size,
            scanned={collection.name: self.count(collection) for collection in governed},
            steps=tuple(self.steps),
            kept=tuple(kept for collection in governed for kept in self.kept(collection)),
            touched={name: self._touched(name) for name in dict.fromkeys(step.collection for step in self.steps)},
        )

    # -- steps ----------------------------------------------------------------------------------------------------------------

    def _plan_deletes(self, members: list[Collection]) -> None:
        """Steps for collections that refer to each other, in the order in which they are deleted from."""
        names = tuple(collection.name for collection in members)
        due = {collection.name: self._due_for_all_others(collection, names) for collection in members}
        if any(child.name in names for name in names for child, _ in self.dataset.children[name]):
            due = self.outside_circles(due)
        for collection in members:
            unlinks = tuple(cut.name for cut in self.order.cuts_to(collection.name))
            work = self._add_step(collection, StepAction.DELETE, (), collection.groups, due[collection.name], unlinks)
            if work is not None:
                self.deleting[collection.name] = work

    def _due_for_all_others(self, collection: Collection, members: tuple[str, ...]) -> sa.FromClause:
        """Keys of due rows to which no row of a collection outside `members` leads that stays."""
        source = self.predicates.source(collection.name)
        children = [(child, reference) for child, reference in self.dataset.children[collection.name] if child.name not in members]
        stays = [self._child_stays(source, child, reference) for child, reference in children]
        return self.rows(source, [self.predicates.row_due(source), *(sa.not_(condition) for condition in stays)])

    def _plan_depersonalising(self, collection: Collection, group: FieldGroup) -> None:
        actions = {name: collection.action(name) for name in group.fields}
        changes = tuple(FieldChange(name, str(action)) for name, action in actions.items() if action.kind is not ActionKind.WITH_ROW)
        if not changes:
            return
        source = self.predicates.source(collection.name)
        due = [self.predicates.unfinished(group, source), self.predicates.group_due(group, source)]
        if collection.name in self.deleting:
            due.append(self._outlives_deleting(group, self.deleting[collection.name], source))
        kinds = {action.kind.value for action in actions.values()}
        step_action = next(action for action in StepAction if action.value in kinds)
        self._add_step(collection, step_action, changes, (group,), self.rows(source, due))

    def _outlives_deleting(self, group: FieldGroup, work: sa.FromClause, source: Source) -> Bool:
        """The row is not to be deleted. Or it is, but only for what rows elsewhere demand: these go before it does, and should it then be
        kept after all, their demand must have been met."""
        if any(item.duty.effect is Effect.MUST_ERASE for item in group.inherited):
            return sa.not_(in_work(work, source.key, source.table, sa.not_(work.c.leans)))
        return sa.not_(in_work(work, source.key, source.table))

    def _child_stays(self, source: Source, child: Collection, reference: Reference) -> Bool:
        other, points_here = self.predicates.pointing_here(child.name, reference, source)
        stays = [points_here]
        if child.name in self.deleting:
            stays.append(sa.not_(in_work(self.deleting[child.name], other.key, other.table)))
        return sa.select(sa.literal(1)).select_from(other.joined).where(*stays).correlate(source.table).exists()

    def _add_step(
        self,
        collection: Collection,
        action: StepAction,
        changes: tuple[FieldChange, ...],
        groups: tuple[FieldGroup, ...],
        doomed: sa.FromClause,
        unlinks: tuple[str, ...] = (),
    ) -> sa.FromClause | None:
        number = len(self.steps) + 1
        rows: sa.FromClause = doomed
        leans: Bool = sa.false()
        if action is StepAction.DELETE and any(group.inherited for group in groups):
            source = self.predicates.source(collection.name)
            leans = self.predicates.leans(source)
            rows = source.joined.join(doomed, same(source.key, keys_of(doomed)))
        work, count = self.keep_keys(number, collection, doomed, rows, leans)
        if count == 0:
            return None
        self.keys_of_steps[number] = work
        self.steps.append(
            Step(
                number=number,
                collection=collection.name,
                action=action,
                fields=changes,
                rules=tuple(self._rules(groups)),
                unlinks=unlinks,
                rows=count,
                chunks=tuple(self.chunk_digests(work, collection, self.keys.current_version())),
            )
        )
        return work

    def _touched(self, name: str) -> int:
        """Different rows of a collection over all its steps."""
        steps = [step for step in self.steps if step.collection == name]
        if len(steps) == 1:
            return steps[0].rows
        rows = sa.union(*(sa.select(*keys_of(self.keys_of_steps[step.number])) for step in steps)).subquery()
        return self.connection.scalar(sa.select(sa.func.count()).select_from(rows)) or 0

    def _key(self, collection: Collection) -> Columns:
        return [self.tables[collection.name].c[name] for name in collection.key]

    def _rules(self, groups: tuple[FieldGroup, ...]) -> Iterator[RuleReference]:
        seen: dict[str, Duty] = {}
        for group in groups:
            for duty in (*group.direct, *(item.duty for item in group.inherited)):
                seen.setdefault(duty.class_id, duty)
        for duty in seen.values():
            yield self.rule(duty)

    def rule(self, duty: Duty) -> RuleReference:
        """How a step refers to a duty's class."""
        cutoff = cutoff_text(self.predicates.cutoff(duty), self.dataset)
        objections = self.predicates.objections.get(duty.class_id, ())
        clause = "; ".join((duty.clause, *(f"{item.kind} that stands: {item.release.clause}" for item in objections)))
        return RuleReference(duty.class_id, clause, duty.provenance, duty.effect.value, cutoff)

    def chunk_digests(self, work: sa.FromClause, collection: Collection, version: int) -> Iterator[str]:
        """For each chunk of a work table, in order, the digest over the keyed references of its rows under that key version."""
        refer = Referencer(self.keys.root(version), version, self.dataset.name, collection.name)
        query = sa.select(work.c.chunk, *keys_of(work)).order_by(work.c.chunk, *keys_of(work))
        rows = self.connection.execute(query, execution_options={"yield_per": 10_000})
        for _, keys in groupby(map(tuple, rows), key=itemgetter(0)):
            yield references_digest(refer.column(texts_of([key[1:] for key in keys])))

    # -- what stays, and why --------------------------------------------------------------------------------------------------

    def kept(self, collection: Collection) -> Iterator[Kept]:
        """What keeps rows of a collection, and how many."""
        source = self.standing.source(collection.name)
        keeping = [duty for duty in collection.duties if duty.effect is not Effect.MUST_ERASE]  # a demand that waits keeps nothing
        labelled = [(duty, standing, self._stands(duty, standing, source)) for duty in keeping for standing in _REASONS]
        if not labelled:
            return
        counts = [counted(condition) for _, _, condition in labelled]
        row = self.connection.execute(sa.select(*counts).select_from(source.joined)).one()
        for (duty, standing, _), rows in zip(labelled, row, strict=True):
            if rows:
                yield Kept(collection.name, duty.class_id, duty.clause, standing.value, rows)

    def _stands(self, duty: Duty, standing: Standing, source: Source) -> Bool:
        predicates = self.standing  # what keeps a row keeps it also beyond a rung, and being beyond is no reason of the policy
        applies, started, known = predicates.applies(duty, source), predicates.started(duty, source), predicates.known(duty, source)
        over = predicates.over(duty, source)
        return {
            Standing.NOT_STARTED: sa.and_(applies, sa.not_(started)),
            Standing.UNKNOWN: sa.and_(applies, started, sa.not_(known)),
            Standing.RUNNING: sa.and_(applies, started, known, sa.not_(over)),
            Standing.EXTENDED: sa.and_(applies, over, predicates.extended(duty, source)),
        }[standing]

    def count(self, collection: Collection) -> int:
        """How many rows of a collection the plan looked at."""
        return self.connection.scalar(sa.select(sa.func.count()).select_from(self.tables[collection.name])) or 0


_REASONS = (Standing.NOT_STARTED, Standing.UNKNOWN, Standing.RUNNING, Standing.EXTENDED)


def cutoff_text(cutoff: object, dataset: GovernedDataset) -> str:
    """A cut-off as people read it, in the controller's time zone: a date or year; an instant only where it is not a day's first."""
    if isinstance(cutoff, datetime):
        local = cutoff.astimezone(dataset.zone)
        whole_day = start_of_day(local.date(), dataset.zone) == cutoff
        return local.date().isoformat() if whole_day else local.isoformat(timespec="microseconds")
    return cutoff.isoformat() if isinstance(cutoff, date) else str(cutoff)
