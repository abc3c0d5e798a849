"""Foreign keys into declared tables, from wherever they come: another schema, a partition, a table nobody declared.

One that is not declared would be missed by delete order, holds and end of purpose alike, and ON DELETE or ON UPDATE CASCADE would change
rows behind everybody's back. Reads the catalogue only.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

import sqlalchemy as sa

from governance.catalogue.governed import GovernedDataset
from governance.catalogue.inventory import path_of
from governance.errors import DatabaseUnfit, Misfit


@dataclass(frozen=True)
class Incoming:
    """A foreign key to a declared table; of a partition it is told as that of the partitioned table. `schema` is None for the default.
    `refuses`: the database itself refuses at once to delete a row to which one leads, see `watched`."""

    name: str
    schema: str | None
    table: str
    columns: tuple[str, ...]
    target: str
    target_columns: tuple[str, ...]
    refuses: bool = False

    def fields_to(self, key: Sequence[str]) -> tuple[str, ...] | None:
        """The own columns in the order of the target's key; None where they lead to something else."""
        own = dict(zip(self.target_columns, self.columns, strict=True))
        return tuple(own[name] for name in key) if set(own) == set(key) else None


def incoming(connection: sa.Connection, targets: Iterable[str]) -> Sequence[Incoming]:
    """Every foreign key to one of these tables."""
    rows = connection.execute(_INCOMING, {"names": sorted(targets)})
    return [
        Incoming(name, schema, table, tuple(own), target, tuple(other), refuses)
        for name, schema, table, own, target, other, refuses in rows
    ]


def reference_misfits(dataset: GovernedDataset, keys: Sequence[Incoming]) -> Iterator[Misfit]:
    """Foreign keys between declared tables that are not declared, or lead to something else than a key."""
    for key in keys:
        collection = dataset.collections.get(key.table) if key.schema is None else None
        if collection is None:
            continue
        target = dataset.collections[key.target]
        fields = key.fields_to(target.key)
        if fields is not None and any((item.fields, item.collection) == (fields, target.name) for item in collection.references):
            continue
        at = f"dataset.collections.{collection.name}.fields.{(fields or key.columns)[0]}.fides_meta.references"
        if fields is None:
            expected = f"the foreign key {key.name} to lead to the key of {target.name!r}, {', '.join(target.key)}"
            yield Misfit(at, expected, ", ".join(key.target_columns))
            continue
        declared = collection.reference("+".join(fields))
        expected = f"{', '.join(f'{target.name}.{name}' for name in target.key)}, the foreign key {key.name}"
        yield Misfit(at, expected, declared.collection if declared else "none")


def require_declared_references(connection: sa.Connection, dataset: GovernedDataset) -> None:
    """Raises DatabaseUnfit for undeclared tables that reference a governed collection: their rows would hold up every delete there, or go
    with it unasked."""
    found = strangers(dataset, incoming(connection, dataset.collections))
    if found:
        raise DatabaseUnfit(dataset.file, found)


def strangers(dataset: GovernedDataset, keys: Sequence[Incoming]) -> list[Misfit]:
    """Undeclared tables that reference a governed collection."""
    found = []
    for key in keys:
        declared = key.schema is None and key.table in dataset.collections
        if not declared and dataset.collections[key.target].governed:
            stranger = f"the table {path_of(key.schema, key.table)!r}, which references {key.target!r}"
            found.append(Misfit("dataset.collections", "every table that references a governed collection", f"none for {stranger}"))
    return found


# conparentid: what a reference from or to a partitioned table makes for each partition is none of its own.
# refuses: a trigger of the constraint that DELETE sets off (pg_trigger.tgtype, bit 8) does it; one that is disabled, or a constraint that
# is not enforced, does nothing, and what is deferred, cascades or sets NULL does not refuse. Partitioned tables are not asked.
_INCOMING = sa.text("""
SELECT k.conname, nullif(n.nspname, current_schema()) AS schema, c.relname,
    ARRAY(SELECT a.attname::text FROM unnest(k.conkey) WITH ORDINALITY u (number, position)
        JOIN pg_attribute a ON a.attrelid = k.conrelid AND a.attnum = u.number ORDER BY u.position) AS own,
    t.relname AS target,
    ARRAY(SELECT a.attname::text FROM unnest(k.confkey) WITH ORDINALITY u (number, position)
        JOIN pg_attribute a ON a.attrelid = k.confrelid AND a.attnum = u.number ORDER BY u.position) AS other,
    t.relkind = 'r' AND c.relkind = 'r' AND NOT k.condeferrable AND k.confdeltype IN ('a', 'r')
        AND current_setting('session_replication_role') <> 'replica'
        AND EXISTS (SELECT FROM pg_trigger g
            WHERE g.tgconstraint = k.oid AND g.tgrelid = k.confrelid AND g.tgtype & 8 > 0 AND g.tgenabled IN ('O', 'A')) AS refuses
FROM pg_constraint k
JOIN pg_class t ON t.oid = coalesce(pg_partition_root(k.confrelid), k.confrelid)
JOIN pg_namespace tn ON tn.oid = t.relnamespace AND tn.nspname = current_schema()
JOIN pg_class c ON c.oid = coalesce(pg_partition_root(k.conrelid), k.conrelid)
JOIN pg_namespace n ON n.oid = c.relnamespace
WHERE k.contype = 'f' AND k.conparentid = 0 AND t.relname = ANY (:names)
ORDER BY n.nspname <> current_schema(), n.nspname, c.relname, k.conname""")
