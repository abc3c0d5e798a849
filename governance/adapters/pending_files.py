"""Files that rows refer to: which have to go with a chunk, and the list of those that are still to be deleted.

A file is no part of a transaction, so it is deleted in three steps that can each be repeated. The intention stands in
`lethe.pending_files`, written in the chunk's own transaction; after its commit the file is examined, and what was found is committed too;
then it is deleted, and the event that says so and the end of the entry commit together. Killed anywhere, the next run goes on where this
one stopped, and the event stands once. The list holds the reference as long as it is needed and no longer; events have a keyed one.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from governance.adapters import outbox
from governance.adapters.keysets import Key, KeySet, among, text_of, tuples
from governance.audit.events import Event, derived_id
from governance.catalogue.actions import ActionKind
from governance.catalogue.governed import Collection, GovernedDataset
from governance.connections import open_engine, translated
from governance.planning.plan import Plan, Step, StepAction
from governance.ports import Examined, KeySource, PendingFile
from governance.pseudonym.tokens import Referencer

PENDING = sa.Table(
    "pending_files",
    sa.MetaData(),
    sa.Column("entry_id", sa.Uuid, primary_key=True),
    *(sa.Column(name, sa.Text) for name in ("plan_digest", "collection", "field", "key_ref", "store", "reference", "file_ref")),
    sa.Column("step", sa.Integer),
    sa.Column("noted_at", sa.DateTime(timezone=True)),
    sa.Column("versions", sa.Integer),
    sa.Column("size", sa.BigInteger),
    sa.Column("digest", sa.Text),
    schema="lethe",
)


class FileReferences:
    """Notes the files that the chunks of one plan let go. Called by the choke point alone."""

    def __init__(self, dataset: GovernedDataset, tables: Mapping[str, sa.Table], keys: KeySource, plan: Plan) -> None:
        self._dataset, self._tables, self._plan = dataset, tables, plan
        self._root, self._version = keys.root(plan.key_version), plan.key_version

    def concerned(self, step: Step) -> bool:
        """The step may let some go."""
        return bool(self._fields(step))

    def going(self, connection: sa.Connection, step: Step, keys: KeySet) -> dict[Key, list[dict[str, Any]]]:
        """By key the entries for the files that the rows of these keys refer to by fields that the step takes away."""
        collection, fields = self._dataset.collections[step.collection], self._fields(step)
        if not fields or not keys:
            return {}
        table = self._tables[collection.name]
        own = [table.c[name] for name in collection.key]
        rows = tuples(connection.execute(sa.select(*own, *(table.c[name] for name in fields)).where(among(own, keys)).order_by(*own)))
        refer = Referencer(self._root, self._version, self._dataset.name, collection.name)
        found = {}
        for row in rows:
            key, values = row[: len(own)], row[len(own) :]
            key_ref = refer(text_of(key))
            entries = [self._entry(collection, step, key_ref, name, value) for name, value in zip(fields, values, strict=True) if value]
            found[key] = [entry for entry in entries if entry is not None]
        return found

    def note(self, connection: sa.Connection, going: Mapping[Key, Sequence[dict[str, Any]]]) -> None:
        """Write the entries; they stand if and only if the chunk's transaction commits."""
        entries = [entry for some in going.values() for entry in some]
        if entries:
            connection.execute(PENDING.insert(), entries)

    def _fields(self, step: Step) -> tuple[str, ...]:
        collection = self._dataset.collections[step.collection]
        return tuple(name for name in collection.files if step.action is StepAction.DELETE or name in step.columns)

    def _entry(self, collection: Collection, step: Step, key_ref: str, field: str, value: str) -> dict[str, Any] | None:
        action = collection.action(field)
        if action.kind is ActionKind.CONSTANT and value == action.text:
            return None  # its file went when the field fell due
        store = collection.files[field]
        return {
            "entry_id": derived_id(self._plan.digest, step.number, key_ref, field),
            "plan_digest": self._plan.digest,
            "step": step.number,
            "collection": collection.name,
            "field": field,
            "key_ref": key_ref,
            "store": store,
            "reference": value,
            "file_ref": Referencer(self._root, self._version, self._dataset.name, f"file {store}")(value),
        }


class PendingFiles:
    """The FileQueue of one loan database, under the engine's role. Raises SurroundingsError."""

    def __init__(self, url: str, dataset: GovernedDataset) -> None:
        self._url, self._dataset, self._engine = url, dataset, open_engine(url)

    def waiting(self) -> list[PendingFile]:
        """See the port."""
        with translated(self._url), self._engine.connect() as connection:
            return [_pending(row) for row in connection.execute(sa.select(PENDING).order_by(PENDING.c.noted_at, PENDING.c.entry_id))]

    def needed(self, entries: Sequence[PendingFile]) -> frozenset[UUID]:
        """See the port; asked of every declared field that leads into the same store, each read once."""
        found: set[tuple[str, str]] = set()
        with translated(self._url), self._engine.connect() as connection:
            for store in {entry.store for entry in entries}:
                references = sa.cast([entry.reference for entry in entries if entry.store == store], sa.ARRAY(sa.Text))
                for collection, field in self._fields(store):
                    column = sa.table(collection, sa.column(field, sa.Text)).c[field]
                    query = sa.select(column).where(column == sa.func.any(references)).distinct()
                    found |= {(store, reference) for reference in connection.scalars(query)}
        return frozenset(entry.entry_id for entry in entries if (entry.store, entry.reference) in found)

    def examined(self, entry: PendingFile, found: Examined) -> None:
        """See the port."""
        values = {"versions": found.versions, "size": found.size, "digest": found.digest}
        with translated(self._url), self._engine.begin() as connection:
            connection.execute(PENDING.update().where(PENDING.c.entry_id == entry.entry_id).values(values))

    def done(self, entry: PendingFile, event: Event) -> None:
        """See the port."""
        with translated(self._url), self._engine.begin() as connection:
            outbox.append_once(connection, event)
            connection.execute(PENDING.delete().where(PENDING.c.entry_id == entry.entry_id))

    def _fields(self, store: str) -> Iterator[tuple[str, str]]:
        for collection in self._dataset.collections.values():
            yield from ((collection.name, field) for field, name in collection.files.items() if name == store)


def _pending(row: sa.Row[Any]) -> PendingFile:
    examined = Examined(row.versions, row.size, row.digest) if row.versions is not None else None
    return PendingFile(
        UUID(str(row.entry_id)), row.plan_digest, row.step, row.collection, row.field, row.key_ref, row.store, row.reference, row.file_ref,
        examined,
    )  # fmt: skip
