"""What stands in the database and was not declared, makes deleting slow or is set off by it: findings for a person, errors for nobody."""

from __future__ import annotations

from collections.abc import Mapping

import sqlalchemy as sa

from governance.catalogue.copies import Deletion
from governance.catalogue.findings import WHOLE, Finding, FindingKind
from governance.catalogue.governed import GovernedDataset
from governance.catalogue.inventory import path_of

# As discovery counts them: a foreign table is a table, a partition is a part of one.
_TABLES = sa.text(
    "SELECT c.relname FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace"
    " WHERE n.nspname = current_schema() AND c.relkind IN ('r', 'p', 'f') AND NOT c.relispartition ORDER BY c.relname"
)

#: SQL of the triggers that a change of Lethe sets off, `g`, with their tables, `c`: enabled ones; of pg_trigger.tgtype bit 2 is BEFORE,
#: 8 DELETE, 16 UPDATE. A partitioned table has them with those of its partitions' own. Lethe's own trigger changes and keeps no row.
SET_OFF = """pg_trigger g JOIN pg_class c ON c.oid = coalesce(pg_partition_root(g.tgrelid), g.tgrelid)
    AND NOT g.tgisinternal AND g.tgenabled IN ('O', 'A') AND g.tgtype & 24 > 0
    AND g.tgfoid IS DISTINCT FROM CAST(to_regproc('lethe.require_announced') AS oid)
JOIN pg_namespace s ON s.oid = c.relnamespace AND s.nspname = current_schema()"""

_TRIGGERS = sa.text(f"""
SELECT DISTINCT c.relname, g.tgname, concat_ws(' ', CASE WHEN g.tgtype & 2 > 0 THEN 'BEFORE' ELSE 'AFTER' END,
    concat_ws(' OR ', CASE WHEN g.tgtype & 16 > 0 THEN 'UPDATE' END, CASE WHEN g.tgtype & 8 > 0 THEN 'DELETE' END)) AS what,
    n.nspname || '.' || p.proname AS function
FROM {SET_OFF} JOIN pg_proc p ON p.oid = g.tgfoid JOIN pg_namespace n ON n.oid = p.pronamespace
WHERE g.tgparentid = 0 AND c.relname = ANY (:names)
ORDER BY 1, 2""")  # noqa: S608 - as in aftermath, no value in it


_REPLICATED = sa.text(
    "SELECT slot_type || ' replication slot', CAST(slot_name AS text) FROM pg_replication_slots"
    " WHERE NOT temporary AND (database IS NULL OR database = current_database())"
    " UNION ALL SELECT 'publication', CAST(pubname AS text) FROM pg_publication ORDER BY 1, 2"
)


def undeclared(connection: sa.Connection, dataset: GovernedDataset, tables: Mapping[str, sa.Table]) -> list[Finding]:
    """Tables and columns nobody declared: the world is closed (credithelp art. 13(2), design section 3)."""
    names = connection.scalars(_TABLES)
    found = [Finding(FindingKind.UNDECLARED_TABLE, path_of(None, name), None, 0) for name in names if name not in dataset.collections]
    for name, table in tables.items():
        strangers = sorted({column.name for column in table.columns} - set(dataset.collections[name].columns))
        found.extend(Finding(FindingKind.UNDECLARED_COLUMN, name, column, 0) for column in strangers)
    return found


def unindexed(connection: sa.Connection, dataset: GovernedDataset) -> list[Finding]:
    """References into governed collections none of whose columns leads an index: deletes would scan the child table once a row."""
    inspector = sa.inspect(connection)
    found = []
    for parent, children in dataset.children.items():
        for child, reference in children if dataset.collections[parent].governed else ():
            leading = {index["column_names"][0] for index in inspector.get_indexes(child.name) if index["column_names"]}
            leading |= set(inspector.get_pk_constraint(child.name)["constrained_columns"][:1])
            leading |= {item["column_names"][0] for item in inspector.get_unique_constraints(child.name)}  # of SQLite these are no indexes
            if not leading & set(reference.fields):
                found.append(Finding(FindingKind.MISSING_INDEX, child.name, reference.step, 0))
    return found


def undeclared_copies(connection: sa.Connection, dataset: GovernedDataset) -> list[Finding]:
    """Replication out of this database, physical or logical, where no declared copy follows it. A physical slot is of the
    whole server, which may have other databases. Backups and exports leave no trace in a catalogue."""
    if any(copy.deletion is Deletion.FOLLOWS for copy in dataset.copies or ()):
        return []
    return [Finding(FindingKind.UNDECLARED_COPY, WHOLE, name, 0, what) for what, name in connection.execute(_REPLICATED)]


def triggers(connection: sa.Connection, dataset: GovernedDataset) -> list[Finding]:
    """Triggers of governed collections that UPDATE or DELETE sets off. What their functions do is not known: one may stamp a time, another
    write the row that is to go into a history, or keep it from going, which then stops the run."""
    names = [collection.name for collection in dataset.collections.values() if collection.governed]
    found = connection.execute(_TRIGGERS, {"names": names}).all()
    return [Finding(FindingKind.TRIGGER, table, name, 0, f"{what}, calls {function}") for table, name, what, function in found]
