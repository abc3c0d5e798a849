"""The choke point of MariaDB, MySQL and SQLite: the only code that deletes or changes rows of a lender there, under a frozen plan.

A chunk is one transaction, as in `governance.adapters.choke`: lock, look again, event, change, ledger, keys gone - all or nothing. What is
due is decided by the shared `Question`. A key that is due no longer leaves the work table before the change, so that what is left of the
chunk there is what is changed, and no statement needs to carry a key. What was changed is looked at once more: a trigger may have undone
it, and MariaDB shows a session that has no right to make triggers none of them.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import sqlalchemy as sa

from governance.adapters.keysets import Key, keys_of, same, texts_of, tuples
from governance.adapters.portable.dialect import Dialect, undone
from governance.adapters.portable.look import PortableLook
from governance.adapters.portable.own_tables import GATE, LEDGER, keys_table
from governance.adapters.portable.values import PortableReplacements
from governance.catalogue.actions import ActionKind, FieldAction
from governance.catalogue.governed import Collection, GovernedDataset
from governance.errors import PlanMismatch
from governance.planning.order import Cut
from governance.planning.plan import ChunkOutcome, Plan, Step, StepAction
from governance.ports import KeySource
from governance.pseudonym.tokens import Referencer, references_digest

Announce = Callable[[sa.Connection, ChunkOutcome], str]


class PortableChokePoint:
    """Carries out chunks of one plan on one loan database. Several threads may, each with a connection of its own."""

    def __init__(self, dialect: Dialect, dataset: GovernedDataset, tables: Mapping[str, sa.Table], keys: KeySource, plan: Plan) -> None:
        self._dialect, self._dataset, self._tables, self._plan = dialect, dataset, tables, plan
        self._look = PortableLook(dataset, tables, plan)
        self._replacements = PortableReplacements(dataset, tables, keys, plan.key_version)
        self._refer = {
            name: Referencer(keys.root(plan.key_version), plan.key_version, dataset.name, name)
            for name in {step.collection for step in plan.steps}
        }

    def perform(self, connection: sa.Connection, step: Step, chunk: int, announce: Announce) -> ChunkOutcome | None:
        """Carry out one chunk inside the caller's transaction; the caller commits, or rolls everything back.

        Returns None if the chunk was done before. Raises PlanMismatch if the work table does not hold what the plan committed to, or
        the database changed another number of rows than were locked, or something else stands in them than was written.
        """
        collection = self._dataset.collections[step.collection]
        work = keys_table(step.collection, self._key(collection))
        keys = self._claim(connection, step, chunk, work)
        if not keys:
            return None
        references = self._references(step, list(keys.values()))
        if references_digest(references) != step.chunks[chunk]:  # over every row: a doubled key is another plan
            place = f"{work.name} step {step.number} chunk {chunk}"
            raise PlanMismatch(f"{place}: the keys are not those of plan {self._plan.digest[:12]}; nothing of it was done")
        connection.execute(sa.select(GATE.c.passed).with_for_update(read=True)).all()  # no hold is placed from here on
        chosen = sa.select(work).where(work.c.step == step.number, work.c.chunk == chunk).subquery()
        standing = self._look.lock(connection, step, chosen)
        due = self._still_due(connection, step, chunk, work, chosen, keys)
        cuts = self._look.cuts(step) if due else ()
        outcome = ChunkOutcome.looked_at(
            self._plan.digest,
            step,
            chunk,
            planned=len(keys),
            standing=standing,
            unlinked={cut.name: self._linked(connection, cut, chosen) for cut in cuts},
            references=tuple(reference for reference, position in zip(references, keys, strict=True) if position in due),
        )
        event_id = announce(connection, outcome)  # the event first: no change without its announcement
        for cut in cuts:
            self._require(collection, outcome.unlinked.get(cut.name, 0), self._unlink(connection, cut, chosen))
        if due and step.action is StepAction.DELETE:
            self._delete(connection, collection, chosen, len(due))
        elif due:
            self._change(connection, step, collection, chosen, len(due))
        if outcome.references:
            listed = json.dumps(outcome.references, separators=(",", ":"))
            entry = {"event_id": event_id, "collection": step.collection, "action": step.action.value, "key_refs": listed}
            connection.execute(LEDGER.insert().values(entry))
        connection.execute(work.delete().where(work.c.step == step.number, work.c.chunk == chunk))
        return outcome

    def rehearse(self, step: Step, chunk: int) -> None:
        """Make the change of one chunk of rows as they stand, and undo it. Raises what the database refuses it with."""
        collection = self._dataset.collections[step.collection]
        work = keys_table(step.collection, self._key(collection))
        chosen = sa.select(work).where(work.c.step == step.number, work.c.chunk == chunk).subquery()
        with undone(self._dialect) as connection:
            if step.action is not StepAction.DELETE:
                self._change(connection, step, collection, chosen, None)
            for cut in self._look.cuts(step):
                self._unlink(connection, cut, chosen)

    def may_change(self, connection: sa.Connection, collection: str) -> None:
        """Ask the database to delete and change no row of a collection. Raises what it refuses that with."""
        table = self._tables[collection]
        column = table.c[self._dataset.collections[collection].key[0]]
        connection.execute(table.delete().where(sa.false()))
        connection.execute(table.update().where(sa.false()).values({column: column}))

    # -- before the change ----------------------------------------------------------------------------------------------------

    def _claim(self, connection: sa.Connection, step: Step, chunk: int, work: sa.Table) -> dict[int, Key]:
        """The chunk's keys by their positions, locked in the work table, in their order."""
        query = sa.select(work.c.position, *keys_of(work)).where(work.c.step == step.number, work.c.chunk == chunk)
        return {row[0]: row[1:] for row in tuples(connection.execute(query.order_by(work.c.position).with_for_update()))}

    def _references(self, step: Step, keys: Sequence[Key]) -> list[str]:
        return self._refer[step.collection].column(texts_of(keys))

    def _still_due(
        self, connection: sa.Connection, step: Step, chunk: int, work: sa.Table, chosen: sa.FromClause, keys: Mapping[int, Key]
    ) -> frozenset[int]:
        """The positions of the rows still due; the others leave the work table. A row that stays keeps those it leads to over cut
        references, also within the chunk, so the look is repeated until it skips no more."""
        left = frozenset(keys)
        while True:
            due = self._look.still_due(connection, step, chosen)
            gone = left - due
            if not gone:
                return due
            here = sa.and_(work.c.step == step.number, work.c.chunk == chunk)
            connection.execute(work.delete().where(here, work.c.position.in_(sorted(gone))))
            left = due
            if not due or not self._look.cuts(step):
                return due

    # -- the change -----------------------------------------------------------------------------------------------------------

    def _links(self, cut: Cut, chosen: sa.FromClause) -> sa.ColumnElement[bool]:
        columns = [self._tables[cut.collection].c[field] for field in cut.reference.fields]
        return sa.select(sa.literal(1)).select_from(chosen).where(same(columns, keys_of(chosen))).exists()

    def _linked(self, connection: sa.Connection, cut: Cut, chosen: sa.FromClause) -> int:
        return connection.scalar(sa.select(sa.func.count()).select_from(self._tables[cut.collection]).where(self._links(cut, chosen))) or 0

    def _unlink(self, connection: sa.Connection, cut: Cut, chosen: sa.FromClause) -> int:
        table = self._tables[cut.collection]
        columns = [table.c[field] for field in cut.reference.fields]
        changes: dict[Any, Any] = {table.c[field]: sa.null() for field in cut.fields}
        kept = self._dialect.kept_as_they_are(connection, table) - set(cut.fields)
        changes |= {table.c[name]: table.c[name] for name in kept}
        return connection.execute(table.update().where(same(columns, keys_of(chosen))).values(changes)).rowcount

    def _delete(self, connection: sa.Connection, collection: Collection, chosen: sa.FromClause, expected: int) -> None:
        table, key = self._tables[collection.name], self._key(collection)
        rows = self._dialect.chosen(table, key, chosen, keys_of(chosen))
        self._require(collection, expected, connection.execute(table.delete().where(rows)).rowcount)
        left = connection.scalar(sa.select(sa.func.count()).select_from(table.join(chosen, same(key, keys_of(chosen)))))
        if left:
            raise PlanMismatch(f"{table.name}: {left} deleted rows stand again, by a trigger; the chunk was rolled back")

    def _change(self, connection: sa.Connection, step: Step, collection: Collection, chosen: sa.FromClause, expected: int | None) -> None:
        table, key = self._tables[collection.name], self._key(collection)
        actions = {change.field: FieldAction.parse(change.action) for change in step.fields}
        replaced = {name: action for name, action in actions.items() if action.kind is not ActionKind.NULLIFY}
        values: dict[sa.Column[Any], sa.ColumnElement[Any]] = {table.c[name]: sa.null() for name in actions if name not in replaced}
        rows: list[sa.ColumnElement[bool]] = [same(key, keys_of(chosen))]
        if replaced:
            sent = self._replacements.send_chunk(connection, collection, table, replaced, chosen)
            values |= {table.c[name]: sent.c[f"value_{n}"] for n, name in enumerate(replaced, 1)}
            rows.append(sent.c.position == chosen.c.position)
        left_alone = self._dialect.kept_as_they_are(connection, table) - actions.keys()
        written = {**values, **{table.c[name]: table.c[name] for name in left_alone}}
        changed = connection.execute(table.update().where(*rows).values(written)).rowcount
        if expected is not None:
            self._require(collection, expected, changed)
        other = sa.or_(*(column.is_distinct_from(value) for column, value in values.items()))
        left = connection.scalar(sa.select(sa.func.count()).where(*rows, other))
        if left:
            raise PlanMismatch(f"{table.name}: {left} due rows do not hold what was written, by a trigger; the chunk was rolled back")

    # -- small helpers --------------------------------------------------------------------------------------------------------

    def _require(self, collection: Collection, expected: int, changed: int) -> None:
        if changed != expected:
            raise PlanMismatch(f"{collection.name}: locked {expected} due rows and changed {changed}; the chunk was rolled back")

    def _key(self, collection: Collection) -> list[sa.Column[Any]]:
        return [self._tables[collection.name].c[name] for name in collection.key]
