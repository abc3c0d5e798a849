"""Large objects of PostgreSQL (its manual, chapter 33): what a column of oids refers to, and how it goes with its row or its field.

A large object is no part of the row that refers to it: neither DELETE nor NULL takes it along. So whatever a step lets go is unlinked in
the chunk's own transaction, after the rows were changed, and counted in the chunk's event; of a chunk that is undone nothing is lost. One
to which a row refers that stays is left, until that row goes too. Called by the choke point alone.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import OID
from sqlalchemy.sql import ColumnElement

from governance.adapters.keysets import WORK, Columns, Key, KeySet, among, tuples
from governance.adapters.schema_mending import quote
from governance.catalogue.governed import Collection, GovernedDataset
from governance.errors import Misfit, PlanMismatch
from governance.planning.plan import Step, StepAction

_EXISTING = sa.table("pg_largeobject_metadata", sa.column("oid", OID()), sa.column("lomowner", OID()))
# Two chunks whose rows share an object would each see the other's row and leave it.
_ONE_AT_A_TIME = sa.text("SELECT pg_advisory_xact_lock(hashtext('lethe'), hashtext('large objects'))")
_UNLINK = sa.text("SELECT lo_unlink(m.oid) FROM pg_largeobject_metadata m WHERE m.oid = ANY (CAST(:oids AS oid[]))")


def columns_of(collection: Collection, step: Step) -> tuple[str, ...]:
    """The columns whose large objects a step lets go: all where it deletes rows, else those it empties."""
    return tuple(name for name in collection.large_objects if step.action is StepAction.DELETE or name in step.emptied)


class LargeObjects:
    """The large objects of one loan database."""

    def __init__(self, dataset: GovernedDataset, tables: Mapping[str, sa.Table]) -> None:
        self._dataset, self._tables = dataset, tables

    def concerned(self, step: Step) -> bool:
        """The step may let some go."""
        return bool(columns_of(self._dataset.collections[step.collection], step))

    def going(self, connection: sa.Connection, step: Step, keys: KeySet) -> dict[Key, list[int]]:
        """By key the large objects that go with the rows of these keys, each once. Waits for other chunks that let some go."""
        collection = self._dataset.collections[step.collection]
        names = columns_of(collection, step)
        if not names or not keys:
            return {}
        connection.execute(_ONE_AT_A_TIME)
        table = self._tables[collection.name]
        own = [table.c[name] for name in collection.key]
        found: dict[Key, list[int]] = {}
        seen: set[int] = set()
        for name in names:
            column = table.c[name]
            exists = sa.select(sa.literal(1)).select_from(_EXISTING).where(_EXISTING.c.oid == column).exists()
            kept = [sa.not_(self._stays(column, other, item, names, collection, keys)) for other, item in self._columns()]
            rows = connection.execute(sa.select(*own, column).where(among(own, keys), exists, *kept).order_by(*own))
            for *key, oid in tuples(rows):
                if oid not in seen:
                    seen.add(oid)
                    found.setdefault(tuple(key), []).append(oid)
        return found

    def unlink(self, connection: sa.Connection, going: Mapping[Key, Sequence[int]]) -> None:
        """Unlink what `going` found; what a trigger of the table has unlinked by itself is gone already. Raises PlanMismatch."""
        oids = [oid for some in going.values() for oid in some]
        if not oids:
            return
        connection.execute(_UNLINK, {"oids": oids})
        left = connection.scalar(sa.select(sa.func.count()).select_from(_EXISTING).where(_EXISTING.c.oid.in_(oids)))
        if left:
            raise PlanMismatch(f"{left} large objects stand although they were unlinked; the chunk was rolled back")

    def _columns(self) -> Iterator[tuple[Collection, str]]:
        for collection in self._dataset.collections.values():
            yield from ((collection, name) for name in collection.large_objects)

    def _stays(
        self, column: ColumnElement[int], other: Collection, name: str, going: Sequence[str], own: Collection, keys: KeySet
    ) -> ColumnElement[bool]:
        """A row that keeps its reference leads to the same object."""
        holder = self._tables[other.name].alias()
        wanted: list[ColumnElement[bool]] = [holder.c[name] == column]
        if other.name == own.name and name in going:
            those: Columns = [holder.c[part] for part in own.key]
            wanted.append(sa.not_(among(those, keys)))
        return sa.select(sa.literal(1)).select_from(holder).where(*wanted).exists()


def large_object_misfits(dataset: GovernedDataset, tables: Mapping[str, sa.Table]) -> Iterator[Misfit]:
    """Columns that are said to hold large objects and cannot, and personal oids of which nobody says what they lead to."""
    for name, table in tables.items():
        collection = dataset.collections[name]
        for column in table.columns:
            is_oid, said = isinstance(column.type, OID), column.name in collection.large_objects
            at = f"bindings.collections.{name}.large_objects"
            if said and not is_oid:
                yield Misfit(at, "a column of type oid", f"{name}.{column.name} {column.type}")
            field = collection.fields.get(column.name)
            if is_oid and not said and field is not None and field.personal:
                yield Misfit(at, f"{column.name!r}, for without its large object going with it an oid is not erased", "not among them")


def unowned(connection: sa.Connection, collection: Collection, step: Step) -> Iterator[Misfit]:
    """Large objects of due rows that this session may not unlink, being neither their owner nor a member of it."""
    key = " AND ".join(f"t.{quote(name)} = w.key_{n}" for n, name in enumerate(collection.key, 1))
    for name in columns_of(collection, step):
        found = connection.exec_driver_sql(
            f"SELECT pg_get_userbyid(m.lomowner), current_user, count(*) FROM {WORK}.step_{step.number} w"  # noqa: S608 - names, quoted
            f" JOIN {quote(collection.name)} t ON {key} JOIN pg_largeobject_metadata m ON m.oid = t.{quote(name)}"
            " WHERE NOT pg_has_role(m.lomowner, 'USAGE') GROUP BY 1 ORDER BY 1",
            execution_options={"no_parameters": True},
        )
        for owner, role, count in found:
            expected = f"large objects of {collection.name}.{name} that the role {role!r} may unlink, as their owner or a member of it"
            mend = f"GRANT {quote(owner)} TO {quote(role)}"
            yield Misfit(f"bindings.collections.{collection.name}.large_objects", expected, f"{count} owned by {owner!r}", mend)
