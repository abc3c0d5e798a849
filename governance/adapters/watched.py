"""Which references the database itself watches over while a row is deleted to which they lead.

A foreign key that restricts at once refuses the deletion of a row to which another leads, also one that was inserted since anybody looked:
PostgreSQL asks with a snapshot of that moment, and whoever inserts one waits for the deletion or makes it wait. Nothing has to be locked
or asked for it beforehand. Reads the catalogue only; the caller keeps the table's shape from changing.
"""

from __future__ import annotations

import sqlalchemy as sa

from governance.catalogue.governed import GovernedDataset

#: Child collection and step of the reference.
Watched = frozenset[tuple[str, str]]

# A trigger of the constraint that DELETE sets off (pg_trigger.tgtype, bit 8) does the watching; one that is disabled, or a constraint that
# is not enforced, watches nothing, and what is deferred, cascades or sets NULL does not refuse. Partitioned tables are left to the look.
_WATCHED = sa.text("""
SELECT c.relname,
    ARRAY(SELECT a.attname::text FROM unnest(k.conkey) WITH ORDINALITY u (number, position)
        JOIN pg_attribute a ON a.attrelid = k.conrelid AND a.attnum = u.number ORDER BY u.position),
    ARRAY(SELECT a.attname::text FROM unnest(k.confkey) WITH ORDINALITY u (number, position)
        JOIN pg_attribute a ON a.attrelid = k.confrelid AND a.attnum = u.number ORDER BY u.position)
FROM pg_constraint k
JOIN pg_class t ON t.oid = k.confrelid AND t.relkind = 'r' AND NOT t.relispartition
JOIN pg_class c ON c.oid = k.conrelid AND c.relkind = 'r' AND NOT c.relispartition
JOIN pg_namespace s ON s.nspname = current_schema() AND s.oid = t.relnamespace AND s.oid = c.relnamespace
WHERE k.contype = 'f' AND t.relname = :name AND NOT k.condeferrable AND k.confdeltype IN ('a', 'r')
    AND current_setting('session_replication_role') <> 'replica'
    AND EXISTS (SELECT FROM pg_trigger g
        WHERE g.tgconstraint = k.oid AND g.tgrelid = k.confrelid AND g.tgtype & 8 > 0 AND g.tgenabled IN ('O', 'A'))""")


def watched(connection: sa.Connection, dataset: GovernedDataset, collection: str) -> Watched:
    """Those of the declared references to a collection that the database watches over."""
    key, found = dataset.collections[collection].key, set()
    for child, own, other in connection.execute(_WATCHED, {"name": collection}):
        if child in dataset.collections and set(other) == set(key):
            fields = dict(zip(other, own, strict=True))
            found.add((child, "+".join(fields[name] for name in key)))
    return frozenset(found)
