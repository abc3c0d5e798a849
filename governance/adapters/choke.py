"""The choke point: the only code of Lethe that deletes or changes rows of a lender, and only under an announced, frozen plan.

A chunk is one transaction: lock, look again, change, ledger, audit event, work rows gone - all or nothing. Killed anywhere, a
chunk is wholly done or wholly undone, and a second attempt finds either its work rows or none.

Nothing here decides what is due: `look` evaluates the plan's own predicate again under locks, so that a hold placed or a contract
reopened after planning still wins; such rows are skipped and counted.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from governance.adapters.aftermath import require_gone, require_written, triggered
from governance.adapters.keysets import WORK, Columns, Key, KeySet, among, chunk_keys, keys_of, same, text_of, tuples, work_table
from governance.adapters.look import Look
from governance.adapters.replacing import NewValues, Replacements, copy_rows
from governance.catalogue.actions import ActionKind, FieldAction
from governance.catalogue.governed import Collection, GovernedDataset
from governance.errors import PlanMismatch
from governance.planning.order import Cut
from governance.planning.plan import ChunkOutcome, Plan, Step, StepAction
from governance.ports import KeySource
from governance.pseudonym.tokens import referencer, references_digest

#: Records the chunk's outcome as an audit event inside the chunk's transaction and returns the event's id.
Announce = Callable[[sa.Connection, ChunkOutcome], str]

_LOCK_TIMEOUT, _STATEMENT_TIMEOUT = "10s", "300s"


@dataclass(frozen=True)
class Ahead:
    """What was read and computed for a chunk before its transaction; used where it still holds."""

    keys: KeySet
    references: Sequence[str]
    new: NewValues | None


class ChokePoint:
    """Carries out chunks of one plan on one loan database. Several threads may, each with a connection of its own."""

    def __init__(self, dataset: GovernedDataset, tables: Mapping[str, sa.Table], keys: KeySource, plan: Plan) -> None:
        self._dataset, self._tables, self._keys, self._plan = dataset, tables, keys, plan
        self._look = Look(dataset, tables, plan)
        self._replacements = Replacements(dataset, tables, keys, plan.key_version)
        self._refer = {name: self._referencer(name) for name in {step.collection for step in plan.steps}}

    def prepare(self, connection: sa.Connection, step: Step, chunk: int) -> Ahead:
        """Read a chunk and compute its references and new values, while others change theirs. Locks nothing and promises nothing."""
        collection = self._dataset.collections[step.collection]
        work = work_table(step.number, self._key(collection))
        keys = KeySet(tuples(connection.execute(chunk_keys(work, chunk))))
        actions = _replacing(step)
        new = self._replacements.compute(connection, collection, actions, keys) if keys and actions else None
        return Ahead(keys, self._references(step, keys), new)

    def perform(self, connection: sa.Connection, step: Step, chunk: int, announce: Announce, ahead: Ahead) -> ChunkOutcome | None:
        """Carry out one chunk inside the caller's transaction; the caller commits, or rolls everything back.

        Returns None if the chunk was done before. Raises PlanMismatch if the work table does not hold what the plan committed to, or
        the database changed another number of rows than were locked.
        """
        connection.exec_driver_sql(f"SET LOCAL lock_timeout = '{_LOCK_TIMEOUT}'")
        connection.exec_driver_sql(f"SET LOCAL statement_timeout = '{_STATEMENT_TIMEOUT}'")
        connection.exec_driver_sql("SET LOCAL random_page_cost = 1.1")  # keys come as arrays: index scans, not hash joins over the table
        collection = self._dataset.collections[step.collection]
        work = work_table(step.number, self._key(collection))
        claimed = self._claim(connection, step, chunk, work, ahead)
        if claimed is None:
            return None
        keys, references = claimed
        # Whoever places a hold writes this table first: it waits for our commit, or we wait for it and then see it. Other chunks may go on.
        connection.exec_driver_sql("LOCK TABLE lethe.holds IN SHARE MODE")
        standing = self._look.lock(connection, step, keys)
        due = self._look.still_due(connection, step, keys, set_aside=lambda skipped: self._set_aside(connection, work, chunk, skipped))
        cuts = self._look.cuts(step) if due else ()
        outcome = ChunkOutcome(
            plan_digest=self._plan.digest,
            step=step,
            chunk=chunk,
            planned=len(keys),
            skipped=_without_zeros({"no longer there": len(keys) - len(standing), "no longer due": len(standing) - len(due)}),
            unlinked=_without_zeros({cut.name: self._linked(connection, cut, due) for cut in cuts}),
            references=_those(references, keys, due),
        )
        event_id = announce(connection, outcome)  # the event first: no change without its announcement
        for cut in cuts:
            self._require(collection, outcome.unlinked.get(cut.name, 0), self._unlink(connection, cut, due))
        if step.action is StepAction.DELETE:
            changed = self._delete(connection, collection, due)
        else:
            # What was computed ahead is of these very versions of the rows, or it is computed again.
            new = ahead.new if ahead.new is not None and ahead.new.versions == standing else None
            changed = self._change(connection, step, due, new)
        self._require(collection, len(due), changed)
        self._note_in_ledger(connection, event_id, outcome)
        connection.execute(work.delete().where(work.c.chunk == chunk))
        return outcome

    # -- before the change ----------------------------------------------------------------------------------------------------

    def _claim(
        self, connection: sa.Connection, step: Step, chunk: int, work: sa.Table, ahead: Ahead
    ) -> tuple[KeySet, Sequence[str]] | None:
        """The chunk's keys, locked in the work table, in their order, with their keyed references; None if there are none left."""
        found = tuples(connection.execute(chunk_keys(work, chunk).with_for_update()))
        if not found:
            return None
        same = ahead.keys.same_as(found)
        keys = ahead.keys if same else KeySet(found)
        references = ahead.references if same else self._references(step, keys)
        if references_digest(references) != step.chunks[chunk]:  # over every row: a doubled key is another plan
            place = f"{WORK}.step_{step.number} chunk {chunk}"
            raise PlanMismatch(f"{place}: the keys are not those of plan {self._plan.digest[:12]}; nothing of the chunk was done")
        return keys, references

    def _references(self, step: Step, keys: Iterable[Key]) -> list[str]:
        refer = self._refer[step.collection]
        return [refer(text_of(key)) for key in keys]

    def _set_aside(self, connection: sa.Connection, work: sa.Table, chunk: int, keys: Sequence[Key]) -> None:
        """Take keys that are skipped out of the work table, where they would say that their rows are to go."""
        connection.execute(work.delete().where(work.c.chunk == chunk, among(keys_of(work), keys)))

    # -- the change -----------------------------------------------------------------------------------------------------------

    def _linked(self, connection: sa.Connection, cut: Cut, keys: Sequence[Key]) -> int:
        return connection.scalar(sa.select(sa.func.count()).select_from(self._tables[cut.collection]).where(self._links(cut, keys))) or 0

    def _unlink(self, connection: sa.Connection, cut: Cut, keys: Sequence[Key]) -> int:
        table = self._tables[cut.collection]
        changes = {table.c[field]: sa.null() for field in cut.fields}
        return connection.execute(table.update().where(self._links(cut, keys)).values(changes)).rowcount

    def _links(self, cut: Cut, keys: Sequence[Key]) -> sa.ColumnElement[bool]:
        return among([self._tables[cut.collection].c[field] for field in cut.reference.fields], keys)

    def _delete(self, connection: sa.Connection, collection: Collection, keys: KeySet) -> int:
        if not keys:
            return 0
        table, key = self._tables[collection.name], self._key(collection)
        deleted = connection.execute(table.delete().where(among(key, keys))).rowcount
        if deleted == len(keys) and triggered(connection, table):
            require_gone(connection, table, key, keys)
        return deleted

    def _change(self, connection: sa.Connection, step: Step, keys: KeySet, new: NewValues | None) -> int:
        """New values are computed here, sent by COPY into a temporary table and applied by one join: no value in any query text."""
        if not keys:
            return 0
        collection, table = self._dataset.collections[step.collection], self._tables[step.collection]
        key = self._key(collection)
        replaced = _replacing(step)
        values: dict[sa.Column[Any], sa.ColumnElement[Any]] = {
            table.c[change.field]: sa.null() for change in step.fields if change.field not in replaced
        }
        rows = among(key, keys)
        if replaced:
            if new is None:
                new = self._replacements.compute(connection, collection, replaced, keys)
            temporary = self._replacements.send(connection, collection, replaced, new, keys)
            values |= {table.c[name]: temporary.c[f"value_{n}"] for n, name in enumerate(replaced, 1)}
            rows = same(key, keys_of(temporary))
        changed = connection.execute(table.update().where(rows).values(values)).rowcount
        if changed == len(keys) and triggered(connection, table):
            require_written(connection, table, rows, values)
        return changed

    def _note_in_ledger(self, connection: sa.Connection, event_id: str, outcome: ChunkOutcome) -> None:
        names = ("event_id", "collection", "action", "key_ref")
        ledger = sa.Table("ledger", sa.MetaData(), *(sa.Column(name, sa.Text) for name in names), schema="lethe")
        step = outcome.step
        copy_rows(connection, ledger, ((event_id, step.collection, step.action.value, reference) for reference in outcome.references))

    # -- small helpers --------------------------------------------------------------------------------------------------------

    def _require(self, collection: Collection, expected: int, changed: int) -> None:
        if changed != expected:
            raise PlanMismatch(f"{collection.name}: locked {expected} due rows and changed {changed}; the chunk was rolled back")

    def _key(self, collection: Collection) -> Columns:
        return [self._tables[collection.name].c[name] for name in collection.key]

    def _referencer(self, collection: str) -> Callable[[str], str]:
        version = self._plan.key_version
        return referencer(self._keys.root(version), version, self._dataset.name, collection)


def _replacing(step: Step) -> dict[str, FieldAction]:
    """The fields of a step that get another value, rather than none."""
    actions = {change.field: FieldAction.parse(change.action) for change in step.fields}
    return {name: action for name, action in actions.items() if action.kind is not ActionKind.NULLIFY}


def _those(references: Sequence[str], keys: KeySet, due: KeySet) -> tuple[str, ...]:
    """The references of the keys that are due, in key order."""
    if due is keys:
        return tuple(references)
    by_key = dict(zip(keys, references, strict=True))
    return tuple(by_key[key] for key in due)


def _without_zeros(counts: dict[str, int]) -> dict[str, int]:
    return {reason: rows for reason, rows in counts.items() if rows}
