"""The choke point: the only code of Lethe that deletes or changes rows of a lender, and only under an announced, frozen plan - but for the
flag of restricted persons that a dataset may declare, which is set beside an announced mark (`set_flag`), and for what a person has
corrected, which goes through the one beside it (`choke_corrections`).

One transaction carries one chunk or several: lock, look again, change, ledger, audit events, work rows gone - all or nothing. Killed
anywhere, a chunk is wholly done or wholly undone, and a second attempt finds either its work rows or none.

Nothing here decides what is due: `look` evaluates the plan's own predicate again under locks, so that a hold placed or a contract
reopened after planning still wins; such rows are skipped and counted. Mostly there are none. So one statement looks and changes at once
what it finds due, announced as if it were everything; should it have found less, that is undone, and row by row it is found out why.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError

from governance.adapters.aftermath import require_gone, require_written, triggered
from governance.adapters.alone import Counted, counted, require_alone
from governance.adapters.keysets import (
    WORK,
    Columns,
    Key,
    KeySet,
    among,
    array_text,
    chunk_keys,
    chunks_left,
    columns_of,
    keys_of,
    of_chunks,
    same,
    texts_of,
    version_of,
    work_table,
)
from governance.adapters.large_objects import LargeObjects
from governance.adapters.look import Look
from governance.adapters.pending_files import FileReferences
from governance.adapters.replacing import NewValues, Replacements
from governance.adapters.watched import Watched, watched
from governance.catalogue.actions import ActionKind, FieldAction
from governance.catalogue.governed import Collection, GovernedDataset
from governance.errors import PlanMismatch
from governance.planning.order import Cut
from governance.planning.plan import ChunkOutcome, Plan, Step, StepAction
from governance.ports import KeySource
from governance.pseudonym.tokens import Referencer, references_digest

#: Records the outcomes of chunks as audit events inside their transaction and returns the ids of the events.
Announce = Callable[[sa.Connection, Sequence[ChunkOutcome]], Sequence[UUID]]

_CLAIM = sa.text(
    "SELECT count(pg_advisory_xact_lock(hashtext(:work), n)) FROM generate_series(CAST(:first AS int), CAST(:last AS int)) AS n"
)
_NOTE = sa.text(
    "INSERT INTO lethe.ledger (event_id, collection, action, key_refs) VALUES (:event_id, :collection, :action, CAST(:key_refs AS text[]))"
    " ON CONFLICT (event_id) DO NOTHING"  # a replay puts the entry of the first time back, with its event
)


# Queries are planned for a few keys, whatever is bound: keys come in arrays of ten thousand, which take longer to weigh than to look up,
# and would have whole tables read and hashed instead.
_FEW_KEYS = "SET LOCAL random_page_cost = 1.1; SET LOCAL plan_cache_mode = force_generic_plan"


@dataclass(frozen=True)
class Timeouts:
    """Of a transaction that changes rows, in seconds: of a wait for one lock, and of one statement. One whose worker has gone still between
    two statements is ended by the server after as long as a statement may take: its locks would stay."""

    lock: float = 10.0
    statement: float = 300.0

    @property
    def settings(self) -> str:
        """What sets them for one transaction, and how its queries are planned."""
        named = {"lock_timeout": self.lock, "statement_timeout": self.statement, "idle_in_transaction_session_timeout": self.statement}
        limits = "; ".join(f"SET LOCAL {name} = {round(seconds * 1000)}" for name, seconds in named.items())
        return f"{limits}; {_FEW_KEYS}"


@dataclass(frozen=True)
class Ahead:
    """What was read and computed for consecutive chunks before their transaction; used where it still holds.

    `keys` are those of all chunks that are left, in their order; `references` those of each chunk, by its number.
    """

    keys: KeySet
    references: Mapping[int, Sequence[str]]
    new: NewValues | None


class ChokePoint:
    """Carries out chunks of one plan on one loan database. Several threads may, each with a connection of its own."""

    def __init__(
        self, dataset: GovernedDataset, tables: Mapping[str, sa.Table], keys: KeySource, plan: Plan, timeouts: Timeouts | None = None
    ) -> None:
        self._dataset, self._tables, self._keys, self._plan = dataset, tables, keys, plan
        self._settings = (timeouts or Timeouts()).settings
        self._look = Look(dataset, tables, plan)
        self._replacements = Replacements(dataset, tables, keys, plan.key_version)
        self._large_objects = LargeObjects(dataset, tables)
        self._files = FileReferences(dataset, tables, keys, plan)
        self._refer = {name: self._referencer(name) for name in {step.collection for step in plan.steps}}

    def prepare(self, connection: sa.Connection, step: Step, chunks: range) -> Ahead:
        """Read chunks and compute their references and new values, while others change theirs. Locks nothing.

        Raises PlanMismatch if the work table does not hold what the plan committed to.
        """
        connection.exec_driver_sql(_FEW_KEYS)
        collection, work = self._dataset.collections[step.collection], self._work(step)
        *parts, numbers = columns_of(connection.execute(chunk_keys(work, chunks).add_columns(work.c.chunk)))
        keys, references = KeySet(list(zip(*parts, strict=True))), {}
        every, first = self._refer[step.collection].column(texts_of(keys)), 0
        for chunk, size in Counter(numbers).items():  # in their order
            references[chunk] = every[first : first + size]
            first += size
            if references_digest(references[chunk]) != step.chunks[chunk]:  # over every row: a doubled key is another plan
                raise self._not_as_planned(step, str(chunk))
        actions = _replacing(step)
        new = self._replacements.compute(connection, collection, actions, keys) if keys and actions else None
        return Ahead(keys, references, new)

    def perform(self, connection: sa.Connection, step: Step, chunks: range, announce: Announce, ahead: Ahead) -> list[ChunkOutcome | None]:
        """Carry out consecutive chunks inside the caller's transaction; the caller commits, or rolls everything back.

        Gives None for a chunk that was done before. Raises PlanMismatch if the work table does not hold what the plan committed to, or
        the database changed another number of rows than were locked; where persons asked for the plan, also if others' rows changed.
        """
        connection.exec_driver_sql(self._settings)
        ahead = self._claim(connection, step, chunks, ahead)
        if not ahead.keys:
            return [None] * len(chunks)
        # Whoever places a hold writes this table first: it waits for our commit, or we wait for it and then see it. Other chunks may go on.
        connection.exec_driver_sql("LOCK TABLE lethe.holds IN SHARE MODE")
        seen_to = self._watched(connection, step)
        self._look.lock_around(connection, step, ahead.keys, seen_to)
        before = self._counted(connection)
        outcomes = self._at_once(connection, step, announce, ahead, seen_to)
        if outcomes is None:
            before = self._counted(connection)
            outcomes = self._looking_closer(connection, step, chunks, announce, ahead)
        if before is not None:
            require_alone(connection, self._dataset, before, self._ours(step, outcomes.values()))
        work, changed = self._work(step), sum(outcome.changed for outcome in outcomes.values())
        done = connection.execute(work.delete().where(of_chunks(work, chunks))).rowcount
        if not changed <= done <= len(ahead.keys):  # the keys were read before the chunks were claimed
            raise self._not_as_planned(step, str(chunks[0]) if len(chunks) == 1 else f"{chunks[0]} to {chunks[-1]}")
        return [outcomes.get(chunk) for chunk in chunks]

    # -- whose rows change ----------------------------------------------------------------------------------------------------

    def _counted(self, connection: sa.Connection) -> Counted | None:
        """What was changed so far; asked only for a plan of persons who asked, for which nobody else's rows change."""
        return counted(connection) if self._plan.asked is not None else None

    def _ours(self, step: Step, outcomes: Iterable[ChunkOutcome]) -> Counter[str]:
        """Rows changed by the statements of a step, by collection."""
        changed, collections = Counter[str](), {cut.name: cut.collection for cut in self._look.cuts(step)}
        for outcome in outcomes:
            changed[step.collection] += outcome.changed
            for name, rows in outcome.unlinked.items():
                changed[collections[name]] += rows
        return changed

    # -- before the change ----------------------------------------------------------------------------------------------------

    def _claim(self, connection: sa.Connection, step: Step, chunks: range, ahead: Ahead) -> Ahead:
        """Exclude whoever else might be at these chunks, by a run that has lost its lock; then what is left of them, mostly `ahead`."""
        named = f"{self._plan.digest} {step.number}"
        connection.execute(_CLAIM, {"work": named, "first": chunks[0], "last": chunks[-1]})
        left = connection.scalars(chunks_left(self._work(step), chunks)).all()
        return ahead if left == list(ahead.references) else self.prepare(connection, step, chunks)

    def _watched(self, connection: sa.Connection, step: Step) -> Watched:
        """The references to the step's rows that the database watches over until the commit; where it deletes."""
        if step.action is not StepAction.DELETE:
            return frozenset()
        name = connection.dialect.identifier_preparer.format_table(self._tables[step.collection])
        connection.exec_driver_sql(f"LOCK TABLE {name} IN ROW EXCLUSIVE MODE")  # as the deletion will; its constraints stay as they are
        return watched(connection, self._dataset, step.collection)

    def _at_once(
        self, connection: sa.Connection, step: Step, announce: Announce, ahead: Ahead, seen_to: Watched
    ) -> dict[int, ChunkOutcome] | None:
        """Look and change in one statement; None, and nothing done, where not every row was found due, or not as it was read.

        The statement changes the very versions of rows that it finds due. It sees what was committed before it, under the locks on all
        that decides; whoever changes a row itself meanwhile makes another version of it, which the statement does not touch.
        """
        table = self._tables[step.collection]
        elsewhere = self._large_objects.concerned(step) or self._files.concerned(step)  # what has to be known before the rows change
        if elsewhere or self._look.cuts(step) or triggered(connection, table):
            return None
        outcomes = {
            chunk: ChunkOutcome(self._plan.digest, step, chunk, len(references), {}, {}, tuple(references))
            for chunk, references in ahead.references.items()
        }
        attempt = connection.begin_nested()
        try:
            events = announce(connection, list(outcomes.values()))  # no change without its announcement
            due = self._look.due_versions(connection, step, ahead.keys, seen_to)
            these = [same(self._key(step), keys_of(due)), same(version_of(table), [due.c.place, due.c.writer])]
            if step.action is StepAction.DELETE:
                changed = connection.execute(table.delete().where(*these)).rowcount
            else:
                values, temporary = self._values(connection, step, ahead.new)
                if temporary is not None:
                    these += [
                        same(keys_of(due), keys_of(temporary)),
                        same([due.c.place, due.c.writer], [temporary.c.place, temporary.c.writer]),
                    ]
                changed = connection.execute(table.update().where(*these).values(values)).rowcount
        except IntegrityError:  # a person who came back, a new row that leads here: found out and told apart by looking closer
            changed = -1
        if changed != len(ahead.keys):
            attempt.rollback()
            return None
        attempt.commit()
        _note_in_ledger(connection, events, list(outcomes.values()))
        return outcomes

    def _looking_closer(
        self, connection: sa.Connection, step: Step, chunks: range, announce: Announce, ahead: Ahead
    ) -> dict[int, ChunkOutcome]:
        """Lock every row, look which are due, and change these."""
        collection, keys = self._dataset.collections[step.collection], ahead.keys
        standing = self._look.lock(connection, step, keys)
        due = self._look.still_due(connection, step, keys, set_aside=lambda skipped: self._set_aside(connection, step, chunks, skipped))
        cuts = self._look.cuts(step) if due else ()
        large, files = self._large_objects.going(connection, step, due), self._files.going(connection, step, due)
        outcomes = self._outcomes(connection, step, ahead, {key[: len(collection.key)] for key in standing}, due, cuts, large, files)
        events = announce(connection, list(outcomes.values()))  # no change without its announcement
        for cut in cuts:
            told = sum(outcome.unlinked.get(cut.name, 0) for outcome in outcomes.values())
            self._require(collection, told, self._unlink(connection, cut, due))
        if step.action is StepAction.DELETE:
            changed = self._delete(connection, step, due)
        else:
            # What was computed ahead is of these very versions of the rows, or it is computed again.
            new = ahead.new if ahead.new is not None and ahead.new.are_of(standing) else None
            changed = self._change(connection, step, due, new)
        self._require(collection, len(due), changed)
        self._large_objects.unlink(connection, large)
        self._files.note(connection, files)
        _note_in_ledger(connection, events, list(outcomes.values()))
        return outcomes

    def _outcomes(
        self,
        connection: sa.Connection,
        step: Step,
        ahead: Ahead,
        standing: set[Key],
        due: KeySet,
        cuts: Sequence[Cut],
        large_objects: Mapping[Key, Sequence[int]],
        files: Mapping[Key, Sequence[object]],
    ) -> dict[int, ChunkOutcome]:
        """What each chunk comes to, now that it is known which of its rows stand and are due."""
        going, first = set(due), 0
        outcomes = {}
        for chunk, references in ahead.references.items():
            own = ahead.keys[first : first + len(references)]
            first += len(references)
            those = [key for key in own if key in going]
            outcomes[chunk] = ChunkOutcome.looked_at(
                self._plan.digest,
                step,
                chunk,
                planned=len(own),
                standing=sum(key in standing for key in own),
                unlinked={cut.name: self._linked(connection, cut, those) for cut in cuts},
                references=tuple(reference for key, reference in zip(own, references, strict=True) if key in going),
                large_objects=sum(len(large_objects.get(key, ())) for key in those),
                files=sum(len(files.get(key, ())) for key in those),
            )
        return outcomes

    def _set_aside(self, connection: sa.Connection, step: Step, chunks: range, keys: Sequence[Key]) -> None:
        """Take keys that are skipped out of the work table, where they would say that their rows are to go."""
        work = self._work(step)
        connection.execute(work.delete().where(of_chunks(work, chunks), among(keys_of(work), keys)))

    # -- the change -----------------------------------------------------------------------------------------------------------

    def _linked(self, connection: sa.Connection, cut: Cut, keys: Sequence[Key]) -> int:
        return connection.scalar(sa.select(sa.func.count()).select_from(self._tables[cut.collection]).where(self._links(cut, keys))) or 0

    def _unlink(self, connection: sa.Connection, cut: Cut, keys: Sequence[Key]) -> int:
        table = self._tables[cut.collection]
        changes = {table.c[field]: sa.null() for field in cut.fields}
        return connection.execute(table.update().where(self._links(cut, keys)).values(changes)).rowcount

    def _links(self, cut: Cut, keys: Sequence[Key]) -> sa.ColumnElement[bool]:
        return among([self._tables[cut.collection].c[field] for field in cut.reference.fields], keys)

    def _delete(self, connection: sa.Connection, step: Step, keys: KeySet) -> int:
        if not keys:
            return 0
        table, key = self._tables[step.collection], self._key(step)
        deleted = connection.execute(table.delete().where(among(key, keys))).rowcount
        if deleted == len(keys) and triggered(connection, table):
            require_gone(connection, table, key, keys)
        return deleted

    def _change(self, connection: sa.Connection, step: Step, keys: KeySet, new: NewValues | None) -> int:
        if not keys:
            return 0
        collection, table, key = self._dataset.collections[step.collection], self._tables[step.collection], self._key(step)
        actions = _replacing(step)
        if actions:
            new = new or self._replacements.compute(connection, collection, actions, keys)
            new = self._replacements.bearable(connection, collection, actions, new)
        values, temporary = self._values(connection, step, new)
        rows = among(key, keys)
        if temporary is not None:
            rows = sa.and_(rows, same(key, keys_of(temporary)))
        changed = connection.execute(table.update().where(rows).values(values)).rowcount
        if changed == len(keys) and triggered(connection, table):
            require_written(connection, table, rows, values)
        return changed

    def _values(
        self, connection: sa.Connection, step: Step, new: NewValues | None
    ) -> tuple[dict[sa.Column[Any], sa.ColumnElement[Any]], sa.Table | None]:
        """What an UPDATE of the step writes, and the temporary table to which the values that were computed have gone by COPY: none of
        them stands in a query text."""
        table, replaced = self._tables[step.collection], _replacing(step)
        values: dict[sa.Column[Any], sa.ColumnElement[Any]] = {table.c[name]: sa.null() for name in step.columns if name not in replaced}
        if new is None:
            return values, None
        temporary = self._replacements.send(connection, self._dataset.collections[step.collection], replaced, new)
        return values | {table.c[name]: temporary.c[f"value_{n}"] for n, name in enumerate(replaced, 1)}, temporary

    # -- small helpers --------------------------------------------------------------------------------------------------------

    def _not_as_planned(self, step: Step, chunks: str) -> PlanMismatch:
        place = f"{WORK}.step_{step.number} chunk {chunks}"
        return PlanMismatch(f"{place}: the keys are not those of plan {self._plan.digest[:12]}; nothing of it was done")

    def _require(self, collection: Collection, expected: int, changed: int) -> None:
        if changed != expected:
            raise PlanMismatch(f"{collection.name}: locked {expected} due rows and changed {changed}; the chunk was rolled back")

    def _key(self, step: Step) -> Columns:
        return [self._tables[step.collection].c[name] for name in self._dataset.collections[step.collection].key]

    def _work(self, step: Step) -> sa.Table:
        return work_table(step.number, self._key(step))

    def _referencer(self, collection: str) -> Referencer:
        version = self._plan.key_version
        return Referencer(self._keys.root(version), version, self._dataset.name, collection)


def _replacing(step: Step) -> dict[str, FieldAction]:
    """The columns of a step that get another value, rather than none."""
    return {name: action for name, action in step.columns.items() if action.kind is not ActionKind.NULLIFY}


def set_flag(connection: sa.Connection, flag: sa.Column[Any], whose: sa.ColumnElement[bool], value: sa.ColumnElement[bool]) -> None:
    """Write the truth value that a dataset declares for restrictions, in the transaction of the mark; only rows where it is another."""
    connection.execute(flag.table.update().where(whose, flag.is_distinct_from(value)).values({flag: value}))


def _note_in_ledger(connection: sa.Connection, events: Sequence[UUID], outcomes: Sequence[ChunkOutcome]) -> None:
    entries = [
        {
            "event_id": event,
            "collection": outcome.step.collection,
            "action": outcome.step.action.value,
            "key_refs": array_text(outcome.references),
        }
        for event, outcome in zip(events, outcomes, strict=True)
        if outcome.references
    ]
    if entries:
        connection.execute(_NOTE, entries)
