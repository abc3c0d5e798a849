"""The rehearsal of a plan: every constraint of the database is asked of every row as the plan will write it, before anything is written.

CHECK constraints of tables, partitions and domains (all of them, for PostgreSQL checks a row whole, NOT VALID ones too), generated columns,
expressions of indexes, and UNIQUE over several columns, expressions or part of the rows. The server itself evaluates the constraints'
own expressions over the very values to come (`rehearsal_rows`), so there is no second reading of them that could be another.

Not rehearsed: triggers, and what others write between plan and enforcement; there the transaction of the chunk fails whole. UNIQUE of one
plain column needs no rehearsal, see `replacing`. Runs in the transaction that freezes the plan, and changes no row.
"""

# ruff: noqa: S608 - building SQL is this module's job; names are quoted, expressions are those of the schema, values stand in tables

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import count

import sqlalchemy as sa

from governance.adapters.keysets import WORK
from governance.adapters.large_objects import unowned
from governance.adapters.rehearsal_rows import PARTITION, Rehearsing, RowsToCome
from governance.adapters.replacing import Replacements
from governance.adapters.schema_facts import Check, Index, Relation, relations
from governance.adapters.schema_mending import admitting_tokens, quote
from governance.adapters.trying import Uncomputable, tried, trying
from governance.catalogue.actions import ActionKind, Coarseness, FieldAction
from governance.catalogue.governed import Collection, GovernedDataset
from governance.errors import DatabaseUnfit, Misfit
from governance.planning.order import DeleteOrder
from governance.planning.plan import Step, StepAction
from governance.ports import KeySource


def rehearse(
    connection: sa.Connection,
    dataset: GovernedDataset,
    tables: Mapping[str, sa.Table],
    keys: KeySource,
    order: DeleteOrder,
    steps: Sequence[Step],
) -> None:
    """Raises DatabaseUnfit with every constraint that a step would break and for how many rows. The work tables of `steps` are filled."""
    standing = relations(connection, dataset.collections.keys())
    replacements = Replacements(dataset, tables, keys, keys.current_version())
    misfits: list[Misfit] = []
    changing = {name: Rehearsing(connection, dataset.collections[name], tables[name], standing[name], replacements) for name in standing}
    for step in steps:
        misfits += unowned(connection, dataset.collections[step.collection], step)
        if step.action is StepAction.DELETE:
            for cut in order.cuts_to(step.collection):
                coming = changing[cut.collection].cut(cut, step)
                at = f"dataset.collections.{cut.collection}.fields.{cut.fields[0]}"
                misfits += _Rehearsal(connection, coming, at, {}).misfits()
            continue
        deleted = next((other for other in steps if (other.collection, other.action) == (step.collection, StepAction.DELETE)), None)
        misfits += _of_change(connection, dataset.collections[step.collection], changing[step.collection], standing, step, deleted)
    if misfits:
        raise DatabaseUnfit(dataset.file, list(dict.fromkeys(misfits)))


def constraint_breaches(connection: sa.Connection, coming: RowsToCome, at: str) -> Iterator[Misfit]:
    """What rows to come, however they were made, would break: CHECK constraints, domains, generated columns, expressions of indexes. Leaves
    UNIQUE to the caller."""
    yield from _Rehearsal(connection, coming, at, {}).misfits()


def _of_change(
    connection: sa.Connection,
    collection: Collection,
    rehearsing: Rehearsing,
    standing: Mapping[str, Relation],
    step: Step,
    deleted: Step | None,
) -> Iterator[Misfit]:
    relation = standing[collection.name]
    at = f"bindings.collections.{collection.name}.on_due"
    actions = step.columns
    try:
        with trying(connection):
            coming = rehearsing.step(step, _read(relation, actions))
    except Uncomputable as error:
        found = f"values of {collection.name} that would go beyond it (SQLSTATE {error.state})"
        yield Misfit(at, f"columns whose range holds what {', '.join(map(str, actions.values()))} makes of every due row", found)
        return
    rehearsal = _Rehearsal(connection, coming, at, actions)
    yield from rehearsal.misfits()
    for index in relation.indexes:
        if index.unique and _may_collide(index, coming, actions):
            yield from rehearsal.collisions(index, collection.key, step, deleted)


def _read(relation: Relation, actions: Mapping[str, FieldAction]) -> frozenset[str]:
    """The fields whose values to come some constraint reads, and those that may leave the column's range: bands, and longer texts."""
    read = {name for check in relation.checks for name in check.columns}
    read |= {name for name in actions if relation.columns[name].checks}
    read |= {name for index in relation.indexes if _asked(index) for name in index.columns}
    read |= {name for column in relation.columns.values() for name in column.bases}
    read |= {name for name, action in actions.items() if action.to is Coarseness.BAND}
    limited = {name for name in actions if relation.columns[name].length is not None}
    read |= {name for name in limited if actions[name].to is Coarseness.REGION or actions[name].kind is ActionKind.EDIT}
    return frozenset(read & actions.keys())


def _asked(index: Index) -> bool:
    """An expression, part of the rows, or UNIQUE over several columns."""
    return not index.plain or (index.unique and len(index.expressions) > 1)


def _may_collide(index: Index, coming: RowsToCome, actions: Mapping[str, FieldAction]) -> bool:
    written = {name for name, action in actions.items() if action.kind is not ActionKind.NULLIFY}
    written |= {name for name in coming.following if coming.relation.columns[name].bases & written}
    # Generalised fields of a UNIQUE index were refused by the schema alone.
    return bool(index.columns & written) and (_asked(index) or bool(index.columns & set(coming.following)))


class _Rehearsal:
    """Asks what there is to ask of the rows of one statement."""

    _numbers = count(1)

    def __init__(self, connection: sa.Connection, coming: RowsToCome, at: str, actions: Mapping[str, FieldAction]) -> None:
        self._connection, self._coming, self._at, self._actions = connection, coming, at, actions
        self._relation, self._broken = coming.relation, list[str]()

    def misfits(self) -> Iterator[Misfit]:
        yield from self._generated()
        yield from self._computed()
        yield from self._checked()

    # -- what follows a change --------------------------------------------------------------------------------------------------

    def _generated(self) -> Iterator[Misfit]:
        """By assignment to a column of the very type, which casts, measures and refuses as the table will."""
        for name in self._coming.following:
            column, temporary = self._relation.columns[name], f"lethe_generated_{next(self._numbers)}"
            kind = f"{column.domain or column.base}{'' if column.nullable else ' NOT NULL'}"
            self._connection.exec_driver_sql(f"CREATE TEMPORARY TABLE {temporary} (value {kind}) ON COMMIT DROP")
            try:
                tried(self._connection, f"INSERT INTO {temporary} SELECT {column.expression} FROM {self._coming.bare}")
            except Uncomputable as error:
                self._broken.append(name)
                yield self._not_computable(f"the generated column {name}", column.bases, error)

    def _computed(self) -> Iterator[Misfit]:
        """Expressions and predicates of indexes, which fail a write where they cannot be computed."""
        reach = self._coming.changed | set(self._coming.following)
        for index in self._relation.indexes:
            if index.plain or not index.columns & reach or index.columns & set(self._broken):
                continue
            parts = [*index.expressions, *([index.predicate] if index.predicate is not None else [])]
            counted = ", ".join(f"count(({part}))" for part in parts)
            try:
                tried(self._connection, f"SELECT {counted} FROM {self._whole()}")
            except Uncomputable as error:
                yield self._not_computable(f"the index {index.name}", index.columns, error)

    def _not_computable(self, what: str, columns: frozenset[str], error: Uncomputable) -> Misfit:
        expected = f"{what} of {self._relation.name} to be computable of the values to come"
        return Misfit(self._place(columns), expected, f"SQLSTATE {error.state}")

    # -- CHECK ------------------------------------------------------------------------------------------------------------------

    def _checked(self) -> Iterator[Misfit]:
        broken = frozenset(self._broken)
        checks = [(check, self._violated(check)) for check in self._relation.checks if not check.columns & broken]
        for name in self._coming.changed:
            for check in self._relation.columns[name].checks:  # VALUE is a column of the innermost row
                inner = f"(SELECT coalesce(({check.expression}), true) FROM (SELECT {quote(name)} AS VALUE) AS lethe_domain)"
                checks.append((check, f"NOT {inner}"))
        if not checks:
            return
        try:
            found = self._counts([violated for _, violated in checks])
        except Uncomputable:  # one of them; by itself each says which
            for check, violated in checks:
                try:
                    (number,) = self._counts([violated])
                except Uncomputable as error:
                    yield self._not_computable(f"the constraint {check.name}", check.columns, error)
                else:
                    yield from self._breach(check, number)
            return
        for (check, _), number in zip(checks, found, strict=True):
            yield from self._breach(check, number)

    def _violated(self, check: Check) -> str:
        violated = f"NOT coalesce(({check.expression}), true)"
        return violated if check.partition is None else f"{PARTITION} = {check.partition} AND {violated}"

    def _counts(self, conditions: Sequence[str]) -> Sequence[int]:
        counts = ", ".join(f"count(*) FILTER (WHERE {condition})" for condition in conditions)
        return tried(self._connection, f"SELECT {counts} FROM {self._whole()}")

    def _breach(self, check: Check, number: int) -> Iterator[Misfit]:
        if not number:
            return
        changed = sorted(check.columns & (self._coming.changed | set(self._coming.following)))
        table = self._relation.name
        if not changed:
            why = "" if check.valid else ", being NOT VALID"
            expected = f"every due row of {table} to meet the constraint {check.name}, for a row that is changed is checked whole"
            yield Misfit(f"dataset.collections.{table}", expected, f"{number} of {self._coming.rows} that do not{why}")
            return
        mend = ""
        if len(changed) == 1 and changed[0] in self._actions and self._actions[changed[0]].kind is ActionKind.PSEUDONYMISE:
            mend = admitting_tokens(table, self._relation.columns[changed[0]], check)
        expected = f"rows of {table} that meet the constraint {check.name} once {', '.join(changed)} changed"
        yield Misfit(self._place(check.columns), expected, f"{number} of {self._coming.rows} due rows that would not", mend)

    # -- UNIQUE -----------------------------------------------------------------------------------------------------------------

    def collisions(self, index: Index, key: Sequence[str], step: Step, deleted: Step | None) -> Iterator[Misfit]:
        """Rows to come that equal each other, or rows that stand and are neither changed by the same step nor deleted before it."""
        if index.columns & set(self._broken):
            return
        keys = [f"{quote(name)} AS key_{n}" for n, name in enumerate(key, 1)]
        parts = [f"({expression}) AS part_{n}" for n, expression in enumerate(index.expressions, 1)]
        limits = [f"({index.predicate})"] if index.predicate is not None else []
        if not index.nulls_equal:
            limits += [f"({expression}) IS NOT NULL" for expression in index.expressions]
        partition = [f"{PARTITION} = {index.partition}"] if index.partition is not None else []
        place = [f"tableoid = {index.partition}"] if index.partition is not None else []
        listed = ", ".join([*keys, *parts])
        coming = f"SELECT {listed} FROM {self._whole()}{_where([*limits, *partition])}"
        stands = f"SELECT {listed} FROM {quote(self._relation.name)}{_where([*limits, *place])}"
        grouped = ", ".join(f"part_{n}" for n in range(1, len(parts) + 1))
        equals = "IS NOT DISTINCT FROM" if index.nulls_equal else "="  # which an index serves
        equal = " AND ".join(f"s.part_{n} {equals} c.part_{n}" for n in range(1, len(parts) + 1))
        gone = [other for other in (step, deleted) if other is not None]
        same = " AND ".join(f"w.key_{n} = s.key_{n}" for n in range(1, len(keys) + 1))
        left = "".join(f" AND NOT EXISTS (SELECT FROM {WORK}.step_{other.number} w WHERE {same})" for other in gone)
        (number,) = tried(
            self._connection,
            f"SELECT (SELECT coalesce(sum(n - 1), 0) FROM (SELECT count(*) AS n FROM ({coming}) c GROUP BY {grouped}) g)"
            f" + (SELECT count(*) FROM ({coming}) c WHERE EXISTS (SELECT FROM ({stands}) s WHERE {equal}{left}))",
        )
        if number:
            expected = f"rows of {self._relation.name} that are UNIQUE by {index.name} once they are changed"
            yield Misfit(self._place(index.columns), expected, f"{number} of {self._coming.rows} due rows that would equal another")

    def _whole(self) -> str:
        return self._coming.whole(self._broken)

    def _place(self, columns: frozenset[str]) -> str:
        """The field of the dataset, where it is one."""
        fields = [name for name in self._actions if name in columns]
        return f"{self._at}.{fields[0]}" if len(fields) == 1 else self._at


def _where(conditions: Sequence[str]) -> str:
    return f" WHERE {' AND '.join(conditions)}" if conditions else ""
