"""Replaying on PostgreSQL: what was erased after a backup was taken is erased again in the database restored from it.

Rows are found by what the ledger kept of them, keyed references: every key of a collection is referred to until the references are met.
For each plan of the lost period a **replay plan** is frozen: its steps with their fields, rules and reference time, its key version, and a
chunk for each lost event that has rows here again. It goes through the choke point like any plan, so that each row is locked and asked once
more whether the rule finds it due at the plan's own time: a row that merely bears the key of an erased one - a restored sequence hands out
the same numbers again - began later and is not, and is left alone. In the transaction of a chunk the event and the ledger entry of the
first time are put back, byte for byte: where the event stands, its change is done, as everywhere else.

`connection`s are the engine's. Does not decide what was lost; `governance.run.replay` does.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from uuid import UUID

import sqlalchemy as sa

from governance.adapters import outbox
from governance.adapters.asking import identities
from governance.adapters.freezing import Freezing
from governance.adapters.keysets import Key, KeySet, among, key_columns, keys_of, same, texts_of, tuples, work_table
from governance.adapters.postgres import PostgresLoanDatabase, limit
from governance.adapters.predicates import Predicates, asking_of
from governance.adapters.question import groups_of
from governance.audit.ledger_entry import LedgerEntry
from governance.connections import translated
from governance.errors import PlanMismatch
from governance.planning.asked import Asked
from governance.planning.plan import ChunkOutcome, Plan, Step, StepAction
from governance.ports import Perform
from governance.pseudonym.tokens import Referencer

#: Keys of rows that stand here again, by the event that changed them.
Found = Mapping[UUID, Sequence[Key]]

_ROWS = 10_000  # keys read at a time
_AT_ONCE = 1_000  # events written at a time


class ReplayDatabase(PostgresLoanDatabase):
    """A restored loan database, under the dataset and policy of the plans that are replayed."""

    def find(self, entries: Sequence[LedgerEntry]) -> Found:
        """The keys of rows that stand here under references of these entries. Reads every key of their collections once.

        Raises KeyUnavailable for a reference made under a key that the keyring has no more.
        """
        wanted: dict[str, dict[str, list[UUID]]] = {}
        for entry in entries:
            of_collection = wanted.setdefault(entry.collection, {})
            for reference in entry.key_refs:
                of_collection.setdefault(reference, []).append(entry.event_id)
        found: dict[UUID, list[Key]] = {}
        with self._reading() as connection:
            tables = self._tables(connection)
            for collection, references in wanted.items():
                for reference, key in self._referred(connection, tables, collection, references):
                    for event_id in references.get(reference, ()):
                        found.setdefault(event_id, []).append(key)
        return found

    def _referred(
        self, connection: sa.Connection, tables: Mapping[str, sa.Table], collection: str, references: Mapping[str, object]
    ) -> Iterator[tuple[str, Key]]:
        """Every key of a collection, in order, with its reference under each key version that the references are of."""
        versions = sorted({int(reference[3 : reference.index(".")]) for reference in references})
        refer = [Referencer(self._keys.root(version), version, self._dataset.name, collection) for version in versions]
        columns = [tables[collection].c[name] for name in self._dataset.collections[collection].key]
        query = sa.select(*columns).order_by(*columns)
        with connection.execute(query, execution_options={"yield_per": _ROWS}) as rows:
            for some in rows.partitions():
                keys = [tuple(row) for row in some]
                texts = texts_of(keys)
                for one in refer:
                    yield from zip(one.column(texts), keys, strict=True)

    def standing(self, plan: Plan, step: Step, keys: Sequence[Key]) -> set[Key]:
        """Those of these rows that are not as the step left them: they stand, or hold again what it took from them."""
        if not keys:
            return set()
        with self._reading() as connection:
            predicates = Predicates(self._dataset, self._tables(connection), plan.as_of_instant)
            source = predicates.source(step.collection)
            wanted = [among(source.key, KeySet(list(keys)))]
            if step.action is not StepAction.DELETE:
                wanted.append(sa.or_(*(predicates.unfinished(group, source) for group in groups_of(self._dataset, step))))
            return set(tuples(connection.execute(sa.select(*source.key).select_from(source.joined).where(*wanted))))

    def freeze_replay(self, plan: Plan, chunks: Mapping[int, Sequence[Sequence[Key]]]) -> Plan:
        """Freeze the replay plan of `plan`: for each step by number, the rows of each chunk. Replaces the frozen plan before it.

        Raises DatabaseUnfit where the restored tables do not bear the plan, DatabaseBusy.
        """
        with (
            translated(self._url),
            self._engine.connect().execution_options(isolation_level="REPEATABLE READ") as connection,
            connection.begin(),
        ):
            limit(connection)
            tables = self._tables(connection)
            return _Refreezing(connection, self._dataset, tables, self._keys, plan.as_of_instant, plan.chunk_size).again(plan, chunks)

    def prepare_replay(self, plan: Plan, step: Step, chunks: range, entries: Sequence[LedgerEntry]) -> Perform:
        """As `prepare`, for chunks of a replay plan; `entries` are those of the first time, one for each chunk of the step."""

        def announce(connection: sa.Connection, outcomes: Sequence[ChunkOutcome]) -> list[UUID]:
            again = [entries[outcome.chunk] for outcome in outcomes]
            outbox.put_back(connection, {entry.event_id: entry.event for entry in again}, again)
            return [entry.event_id for entry in again]

        return self._prepared(plan, step, chunks, announce)

    def put_back(self, events: Mapping[UUID, bytes], entries: Sequence[LedgerEntry]) -> None:
        """Write events of the first time, in this order, and ledger entries of theirs. What stands there stays as it is."""
        ids = list(events)
        of_event = {entry.event_id: entry for entry in entries}
        for first in range(0, len(ids), _AT_ONCE):
            some = ids[first : first + _AT_ONCE]
            with translated(self._url), self._engine.begin() as connection:
                outbox.put_back(connection, {event_id: events[event_id] for event_id in some}, [of_event[i] for i in some if i in of_event])


class _Refreezing(Freezing):
    """Fills work tables with rows that are known, where planning would look for due ones."""

    def again(self, plan: Plan, chunks: Mapping[int, Sequence[Sequence[Key]]]) -> Plan:
        self.clear()
        if plan.asked is not None:
            self._ask_again(plan, plan.asked, chunks)
        for step in plan.steps:
            if chunks.get(step.number):
                self.steps.append(self._again(plan, step, chunks[step.number]))
        self.rehearse()
        frozen = replace(
            plan,
            steps=tuple(self.steps),
            kept=(),
            rung=None,
            touched={name: self._touched(name) for name in dict.fromkeys(step.collection for step in self.steps)},
        )
        return self.mark_current(frozen)

    def _ask_again(self, plan: Plan, asked: Asked, chunks: Mapping[int, Sequence[Sequence[Key]]]) -> None:
        """Note again who asked: of the persons whose rows were found, those who are still who they were. For nobody else a class ends;
        their rows are left to a person."""
        asking = asking_of(plan, self.dataset, self.tables)
        if asking is None:
            raise AssertionError(plan.digest)
        asking.table.create(self.connection)
        for step in plan.steps:
            source = self.predicates.source(step.collection)
            keys = [key for some in chunks.get(step.number, ()) for key in some]
            if not keys or source.collection.subject is None:
                continue
            subject = source.column(source.collection.subject)
            whose = sa.select(subject).select_from(source.joined).where(among(source.key, KeySet(keys)), subject.is_not(None))
            known = identities(self.connection, self.predicates, self.keys, plan.key_version, whose)
            standing = set(self.connection.scalars(sa.select(asking.table.c.subject)))
            who = [{"subject": key} for key, reference in known.items() if reference in asked.identities and key not in standing]
            if who:
                self.connection.execute(asking.table.insert(), who)
        self.predicates = Predicates(self.dataset, self.tables, self.as_of, asking=asking)

    def _again(self, plan: Plan, step: Step, chunks: Sequence[Sequence[Key]]) -> Step:
        collection = self.dataset.collections[step.collection]
        key = self._key(collection)
        listed = sa.Table(
            f"lethe_again_{step.number}",
            sa.MetaData(),
            sa.Column("chunk", sa.Integer),
            *key_columns(key),
            prefixes=["TEMPORARY"],
            postgresql_on_commit="DROP",
        )
        listed.create(self.connection)
        names = [column.name for column in keys_of(listed)]
        rows = [dict(zip(names, one, strict=True)) | {"chunk": n} for n, keys in enumerate(chunks) for one in keys]
        self.connection.execute(listed.insert(), rows)
        work = work_table(step.number, key)
        work.create(self.connection)
        source = self.predicates.source(collection.name)
        leans = self.predicates.leans(source) if step.action is StepAction.DELETE else sa.false()
        joined = source.joined.join(listed, same(source.key, keys_of(listed)))
        query = sa.select(listed.c.chunk, *keys_of(listed), leans).select_from(joined)
        filled = self.connection.execute(
            work.insert().from_select(["chunk", *names, "leans"], query), execution_options={"preserve_rowcount": True}
        )
        if filled.rowcount != len(rows):
            raise PlanMismatch(f"{self.dataset.name}: rows of {collection.name} went while they were looked for; replay again")
        sa.Index(f"step_{step.number}_chunk", work.c.chunk, *keys_of(work)).create(self.connection)
        sa.Index(f"step_{step.number}_key", *keys_of(work)).create(self.connection)
        self.keys_of_steps[step.number] = work
        return replace(step, rows=len(rows), chunks=tuple(self.chunk_digests(work, collection, plan.key_version)))
