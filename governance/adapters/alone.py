"""What a transaction has changed in the lender's tables, as the server counts it: that a chunk changed its own rows and nobody else's.

A trigger or a cascade may change rows that no statement of ours names, and the count of our statement does not tell. PostgreSQL counts
every row that a transaction updates or deletes, table by table, whoever's code does it (`pg_stat_xact_user_tables`); a row of ours counts
once. So what is counted beyond ours is others'. TRUNCATE is not counted, but gives its table another file.

Rows that are inserted change nobody's. A declared collection that holds nothing personal may change: a counter, a sum. Asks deferred
constraints and triggers at once, for nothing may come after the look. Reads only, inside the chunk's transaction; the caller rolls back.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import sqlalchemy as sa

from governance.catalogue.governed import GovernedDataset
from governance.errors import PlanMismatch

# What an attempt changed that was rolled back to a savepoint stays counted: only the difference of two looks tells. A partition counts as
# its table.
_CHANGED = sa.text("""
SELECT current_setting('track_counts') = 'on', n.nspname, c.relname, pg_table_is_visible(c.oid), f.changed, f.files
FROM (SELECT coalesce(pg_partition_root(relid), relid) AS root, CAST(sum(n_tup_upd + n_tup_del) AS bigint) AS changed,
        string_agg(CAST(pg_relation_filenode(relid) AS text), ' ' ORDER BY relid) AS files
    FROM pg_stat_xact_user_tables WHERE schemaname NOT IN ('lethe', 'lethe_work') AND schemaname NOT LIKE 'pg\\_temp%' GROUP BY 1) f
JOIN pg_class c ON c.oid = f.root JOIN pg_namespace n ON n.oid = c.relnamespace""")


@dataclass(frozen=True)
class Counted:
    """By table - schema and name, the schema empty where the name alone finds it - rows changed so far, and the files that hold it."""

    rows: Mapping[tuple[str, str], int]
    files: Mapping[tuple[str, str], str | None]


def counted(connection: sa.Connection) -> Counted:
    """Look. Raises PlanMismatch where the server does not count."""
    rows, files = dict[tuple[str, str], int](), dict[tuple[str, str], str | None]()
    for counts, schema, name, visible, changed, own in connection.execute(_CHANGED):
        if not counts:
            raise PlanMismatch("track_counts is off: the server counts no changes, and nobody could say whose rows changed; switch it on")
        table = ("" if visible else schema, name)
        rows[table], files[table] = changed, own
    return Counted(rows, files)


def require_alone(connection: sa.Connection, dataset: GovernedDataset, before: Counted, ours: Mapping[str, int]) -> None:
    """Raises PlanMismatch if more rows changed since `before` than `ours`, by collection, or a table was emptied at once."""
    connection.exec_driver_sql("SET CONSTRAINTS ALL IMMEDIATE")
    after = counted(connection)
    for table in sorted(before.rows.keys() | after.rows.keys()):
        collection = dataset.collections.get(table[1]) if not table[0] else None
        if collection is not None and not collection.governed and collection.subject is None:
            continue
        beyond = after.rows.get(table, 0) - before.rows.get(table, 0) - (ours.get(table[1], 0) if not table[0] else 0)
        name = ".".join(filter(None, table))
        if beyond:
            told = f"{abs(beyond)} {'more' if beyond > 0 else 'fewer'} rows changed than the plan names, by a trigger or a cascade"
            raise PlanMismatch(f"{name}: {told}; the chunk was rolled back: others' rows do not change for a request")
        # Of declared ones alone: others' sessions come and go with tables of their own.
        if collection is not None and before.files.get(table) != after.files.get(table):
            raise PlanMismatch(f"{name}: the table was emptied or made anew meanwhile, by a trigger; the chunk was rolled back")
