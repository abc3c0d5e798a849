"""The schema of a PostgreSQL database, read in four queries over its catalogue whatever the number of tables.

Nothing here takes a lock on a table: one that somebody holds exclusively is described like the others.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable
from typing import Any

import sqlalchemy as sa

from governance.adapters.discovery.readings import Reading, Reason, Unreadable
from governance.adapters.keysets import WORK
from governance.catalogue.inventory import ColumnFacts, ColumnKind, ForeignKeyFacts, TableFacts, path_of

_OURS = ("lethe", WORK)

# Rows alive by the statistics of use, which inserts and deletes keep fresh; else by the last VACUUM or ANALYZE, -1 before the first. Those
# of a partitioned table are those of its leaves. A foreign table is a table, whoever keeps its rows.
_TABLES = """
WITH leaves AS (
    SELECT pg_partition_root(c.oid) AS root, sum(pg_stat_get_live_tuples(c.oid)) AS live,
        sum(c.reltuples) AS counted, min(c.reltuples) AS least
    FROM pg_class c WHERE c.relispartition AND c.relkind IN ('r', 'f') GROUP BY 1)
SELECT c.oid, n.nspname, c.relname, c.relkind, c.relispopulated, d.description,
    coalesce(leaves.live, pg_stat_get_live_tuples(c.oid)) AS live,
    coalesce(CASE WHEN leaves.least < 0 THEN -1 ELSE leaves.counted END, c.reltuples) AS counted,
    has_schema_privilege(n.oid, 'USAGE') AND has_any_column_privilege(c.oid, 'SELECT') AS readable,
    row_security_active(c.oid) AS secured
FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
LEFT JOIN pg_description d ON d.objoid = c.oid AND d.classoid = 'pg_class'::regclass AND d.objsubid = 0
LEFT JOIN leaves ON leaves.root = c.oid
WHERE c.relkind IN ('r', 'p', 'f', 'v', 'm') AND NOT c.relispartition
    AND n.nspname !~ '^pg_' AND n.nspname <> 'information_schema' AND n.nspname <> ALL (:ours)
    AND pg_get_userbyid(n.nspowner) <> 'lethe_owner'
    AND (CAST(:schemas AS text[]) IS NULL OR n.nspname = ANY (:schemas))
ORDER BY n.nspname IS DISTINCT FROM :default, n.nspname, c.relname"""

_COLUMNS = """
WITH RECURSIVE domains AS (
    SELECT t.oid, t.typbasetype AS base, t.typtypmod AS modifier, t.typnotnull AS filled FROM pg_type t WHERE t.typtype = 'd'
    UNION ALL
    SELECT d.oid, t.typbasetype, CASE WHEN d.modifier < 0 THEN t.typtypmod ELSE d.modifier END, d.filled OR t.typnotnull
    FROM domains d JOIN pg_type t ON t.oid = d.base AND t.typtype = 'd')
SELECT a.attrelid, a.attnum, a.attname, format_type(a.atttypid, a.atttypmod) AS type_text, x.description,
    NOT (a.attnotnull OR coalesce(d.filled, false)) AS nullable, t.typname, t.typtype, t.typcategory,
    CASE WHEN d.oid IS NULL THEN a.atttypmod ELSE d.modifier END AS modifier,
    has_column_privilege(a.attrelid, a.attnum, 'SELECT') AS readable
FROM pg_attribute a
LEFT JOIN domains d ON d.oid = a.atttypid AND EXISTS (SELECT FROM pg_type b WHERE b.oid = d.base AND b.typtype <> 'd')
JOIN pg_type t ON t.oid = coalesce(d.base, a.atttypid)
LEFT JOIN pg_description x ON x.objoid = a.attrelid AND x.classoid = 'pg_class'::regclass AND x.objsubid = a.attnum
WHERE a.attnum > 0 AND NOT a.attisdropped AND a.attrelid = ANY (:tables)
ORDER BY a.attrelid, a.attnum"""

# Keys of an index in their order; 0 stands for an expression. A partial or invalid index proves nothing and serves no reference.
_INDEXES = """
SELECT i.indrelid, i.indisprimary, i.indisunique, (string_to_array(i.indkey::text, ' ')::int[])[1:i.indnkeyatts] AS keys
FROM pg_index i
WHERE i.indpred IS NULL AND i.indisvalid AND i.indrelid = ANY (:tables)
ORDER BY i.indrelid, i.indexrelid"""

# conparentid: what a reference to a partitioned table makes for each partition is none of its own.
_REFERENCES = """
SELECT k.conrelid, k.conname, k.conkey, tn.nspname AS target_schema, t.relname AS target_name,
    ARRAY(SELECT a.attname::text FROM unnest(k.confkey) WITH ORDINALITY AS u (number, position)
        JOIN pg_attribute a ON a.attrelid = k.confrelid AND a.attnum = u.number ORDER BY u.position) AS target_columns
FROM pg_constraint k
JOIN pg_class t ON t.oid = k.confrelid JOIN pg_namespace tn ON tn.oid = t.relnamespace
WHERE k.contype = 'f' AND k.conparentid = 0 AND k.conrelid = ANY (:tables)
ORDER BY k.conrelid, k.conname"""

_KINDS = {
    **dict.fromkeys(("int2", "int4", "int8", "oid"), ColumnKind.INTEGER),
    **dict.fromkeys(("numeric", "float4", "float8", "money"), ColumnKind.NUMBER),
    **dict.fromkeys(("timestamp", "timestamptz"), ColumnKind.INSTANT),
    **dict.fromkeys(("time", "timetz"), ColumnKind.TIME),
    **dict.fromkeys(("json", "jsonb"), ColumnKind.JSON),
    **dict.fromkeys(("inet", "cidr", "macaddr", "macaddr8"), ColumnKind.NETWORK),
    "date": ColumnKind.DATE,
    "bool": ColumnKind.BOOLEAN,
    "bytea": ColumnKind.BINARY,
    "uuid": ColumnKind.UUID,
    "xml": ColumnKind.TEXT,
}
_LENGTHENED = {"varchar", "bpchar"}  # their modifier is the length and the four bytes of a header


def read_postgres(connection: sa.Connection, schemas: Collection[str] | None) -> Reading:
    """See `governance.adapters.discovery.reflection.read_schema`."""
    default = connection.dialect.default_schema_name
    given = {"ours": list(_OURS), "schemas": None if schemas is None else sorted(schemas), "default": default}
    tables = connection.execute(sa.text(_TABLES), given).all()
    of_these = {"tables": [row.oid for row in tables]}
    columns, indexes, references = (_by_table(connection.execute(sa.text(query), of_these)) for query in (_COLUMNS, _INDEXES, _REFERENCES))
    facts = [_facts(row, default, columns[row.oid], indexes[row.oid], references[row.oid]) for row in tables]
    unreadable: list[Unreadable] = []
    for row, table in zip(tables, facts, strict=True):
        unreadable += _unreadable(row, table, columns[row.oid])
    return Reading(tuple(facts), tuple(unreadable))


def _by_table(rows: Iterable[sa.Row[Any]]) -> dict[int, list[sa.Row[Any]]]:
    found: dict[int, list[sa.Row[Any]]] = defaultdict(list)
    for row in rows:
        found[row[0]].append(row)
    return found


def _facts(
    row: sa.Row[Any], default: str | None, columns: list[sa.Row[Any]], indexes: list[sa.Row[Any]], references: list[sa.Row[Any]]
) -> TableFacts:
    names = {column.attnum: column.attname for column in columns}
    keys = [(index, tuple(names.get(number) for number in index.keys)) for index in indexes]
    whole = [(index, tuple(name for name in key if name is not None)) for index, key in keys if None not in key]
    primary = next((key for index, key in whole if index.indisprimary), ())
    return TableFacts(
        schema=None if row.nspname == default else row.nspname,
        name=row.relname,
        view=row.relkind in ("v", "m"),
        columns=tuple(_column(column) for column in columns),
        primary_key=primary,
        unique=tuple(dict.fromkeys(key for index, key in whole if index.indisunique and not index.indisprimary)),
        foreign_keys=tuple(
            ForeignKeyFacts(
                columns=tuple(names[number] for number in reference.conkey),
                target=path_of(None if reference.target_schema == default else reference.target_schema, reference.target_name),
                target_columns=tuple(reference.target_columns),
                name=reference.conname,
            )
            for reference in references
        ),
        indexed=tuple(dict.fromkeys(key[0] for _, key in keys if key[0] is not None)),
        rows=_estimate(row),
        comment=row.description,
        stored=row.relkind == "m",
    )


def _estimate(row: sa.Row[Any]) -> int | None:
    if row.relkind == "v" or (row.live == 0 and row.counted < 0):
        return None
    return int(row.live or row.counted)


def _column(row: sa.Row[Any]) -> ColumnFacts:
    return ColumnFacts(
        name=row.attname,
        kind=_kind(row),
        type_text=row.type_text,
        nullable=row.nullable,
        comment=row.description,
        length=row.modifier - 4 if row.typname in _LENGTHENED and row.modifier > 4 else None,
    )


def _kind(row: sa.Row[Any]) -> ColumnKind:
    if row.typcategory == "A":
        return ColumnKind.ARRAY
    if row.typtype == "c":  # a composite value is a document with named paths
        return ColumnKind.JSON
    if row.typtype == "e" or row.typcategory == "S":
        return ColumnKind.TEXT
    return _KINDS.get(row.typname, ColumnKind.OTHER)


def _unreadable(row: sa.Row[Any], table: TableFacts, columns: list[sa.Row[Any]]) -> list[Unreadable]:
    if not row.readable:
        return [Unreadable(table.path, Reason.NO_PRIVILEGE)]
    if not row.relispopulated:
        return [Unreadable(table.path, Reason.NOT_POPULATED)]
    found = [Unreadable(table.path, Reason.ROW_SECURITY)] if row.secured else []
    return found + [Unreadable(table.path, Reason.NO_PRIVILEGE, column.attname) for column in columns if not column.readable]
