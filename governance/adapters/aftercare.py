"""After-care on PostgreSQL: reads the statistics of the tables a run has worked, and vacuums or analyzes where the operator lets it.

Takes no lock that keeps others from reading or writing, waits for none longer than a few seconds, and touches no row. A table that is
busy, or not ours, is told and left: no run fails for its after-care.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace

import sqlalchemy as sa

from governance.catalogue.aftercare import (
    Advice,
    Care,
    IndexState,
    Mode,
    OpenKey,
    Outcome,
    TableState,
    allowed,
    indexes,
    left_over,
    permission,
    wanted,
)
from governance.connections import open_engine, translated
from governance.errors import DatabaseBusy, DatabaseLoginRefused

_LOCK_TIMEOUT, _STATEMENT_TIMEOUT = "5s", "2h"
_MAINTAIN = 17  # PostgreSQL 17 knows the privilege MAINTAIN

#: The parts of each collection that hold rows: itself, or its partitions.
_PARTS = """
SELECT root.oid AS root, root.relname AS collection, format('%I.%I', n.nspname, root.relname) AS name, root.relowner AS owner,
    coalesce(leaf.relid, root.oid) AS part
FROM pg_class root JOIN pg_namespace n ON n.oid = root.relnamespace AND n.nspname = current_schema()
LEFT JOIN LATERAL (SELECT t.relid FROM pg_partition_tree(root.oid) t WHERE t.isleaf) leaf ON root.relkind = 'p'
WHERE root.relkind IN ('r', 'p') AND root.relname = ANY(:names)
"""

# A row takes 23 bytes before its values, in steps of 8, and 4 in the page, of which 24 are the page's own (PostgreSQL manual, 66.6).
_TABLES = f"""
WITH part AS ({_PARTS}), measured AS (
    SELECT part.*, s.n_live_tup AS live, s.n_dead_tup AS dead, s.n_mod_since_analyze AS modified,
        greatest(s.last_vacuum, s.last_autovacuum) AS vacuumed_at, greatest(s.last_analyze, s.last_autoanalyze) AS analyzed_at,
        pg_relation_size(part.part) AS size, current_setting('block_size')::bigint AS page, w.width,
        coalesce((SELECT option_value::float FROM pg_options_to_table(c.reloptions) WHERE option_name = 'fillfactor'), 100) / 100 AS fill
    FROM part JOIN pg_class c ON c.oid = part.part JOIN pg_namespace n ON n.oid = c.relnamespace
    LEFT JOIN pg_stat_all_tables s ON s.relid = part.part
    LEFT JOIN LATERAL (
        SELECT sum((1 - p.null_frac) * p.avg_width) AS width FROM pg_stats p
        WHERE p.schemaname = n.nspname AND p.tablename = c.relname AND NOT p.inherited
    ) w ON true
)
SELECT collection, name, coalesce(sum(live), 0)::bigint AS rows, coalesce(sum(dead), 0)::bigint AS dead,
    coalesce(sum(modified), 0)::bigint AS modified,
    CASE WHEN bool_and(vacuumed_at IS NOT NULL) THEN min(vacuumed_at) END AS vacuumed_at,
    CASE WHEN bool_and(analyzed_at IS NOT NULL) THEN min(analyzed_at) END AS analyzed_at,
    coalesce(sum(size), 0)::bigint AS size,
    CASE WHEN bool_and(width IS NOT NULL OR size = 0) THEN coalesce(sum(greatest(
        0, size - ceil(live * (28 + ceil(coalesce(width, 0) / 8) * 8) / ((page - 24) * fill)) * page)), 0)::bigint END AS unused,
    pg_has_role(owner, 'USAGE') OR pg_has_role((SELECT datdba FROM pg_database WHERE datname = current_database()), 'USAGE')
        OR {{maintain}} AS ours
FROM measured GROUP BY root, collection, name, owner ORDER BY collection
"""  # noqa: S608 - no value in it

_INDEXES = sa.text(f"""
WITH part AS ({_PARTS})
SELECT part.collection, format('%I.%I', n.nspname, x.relname) AS name, x.relname AS bare_name, i.indisvalid AND i.indisready AS valid,
    i.indisunique OR i.indisreplident OR EXISTS (SELECT FROM pg_constraint k WHERE k.conindid = i.indexrelid)
        OR EXISTS (SELECT FROM pg_constraint k WHERE k.contype = 'f' AND k.conrelid = i.indrelid AND k.conkey[1] = i.indkey[0]) AS needed,
    coalesce(s.idx_scan, 0) AS scans, pg_relation_size(i.indexrelid) AS size,
    (SELECT stats_reset FROM pg_stat_database WHERE datname = current_database()) AS counted_since
FROM part JOIN pg_index i ON i.indrelid = part.part JOIN pg_class x ON x.oid = i.indexrelid JOIN pg_namespace n ON n.oid = x.relnamespace
LEFT JOIN pg_stat_all_indexes s ON s.indexrelid = i.indexrelid
ORDER BY 1, 2
""")  # noqa: S608 - no value in it

# A key of a partitioned table stands at each partition again; an index of the parent would not be built concurrently, one of a partition
# is.
_OPEN_KEYS = sa.text("""
SELECT DISTINCT p.relname AS collection, format('%I.%I', n.nspname, c.relname) AS child,
    (SELECT string_agg(format('%I', a.attname), ', ' ORDER BY u.at) FROM unnest(k.conkey) WITH ORDINALITY u (number, at)
        JOIN pg_attribute a ON a.attrelid = k.conrelid AND a.attnum = u.number) AS columns
FROM pg_constraint k JOIN pg_class c ON c.oid = k.conrelid AND c.relkind = 'r' JOIN pg_namespace n ON n.oid = c.relnamespace
JOIN pg_class p ON p.oid = coalesce(pg_partition_root(k.confrelid), k.confrelid)
JOIN pg_namespace s ON s.oid = p.relnamespace AND s.nspname = current_schema()
WHERE k.contype = 'f' AND p.relname = ANY(:names) AND NOT EXISTS (
    SELECT FROM pg_index i WHERE i.indrelid = k.conrelid AND i.indisvalid AND i.indpred IS NULL
    AND (i.indkey::int2[])[0:cardinality(k.conkey) - 1] @> k.conkey)
ORDER BY 1, 2, 3
""")


class AfterCare:
    """See the module. `url` is the engine role's."""

    def __init__(self, url: str) -> None:
        self._url, self._engine = url, open_engine(url)

    def give(self, names: Sequence[str], deleted: Sequence[str], mode: Mode) -> Care:
        """Look after the collections of these names; of `deleted` rows went. Raises DatabaseUnavailable, SurroundingsError."""
        with self._session() as connection:
            before = self._tables(connection, names)
            advice = list(self._care(connection, before, mode))
            touched = {item.collection for item in advice if item.outcome is Outcome.DONE}
            after = self._tables(connection, names) if touched else before
            left = [left_over(table, mode) for table in after if table.collection in touched and table.dead]
            found = [IndexState(**row) for row in connection.execute(_INDEXES, {"names": list(names)}).mappings()]
            keys = [OpenKey(**row) for row in connection.execute(_OPEN_KEYS, {"names": list(deleted)}).mappings()]
        return Care(mode, tuple(after), (*advice, *left, *indexes(after, found, keys)))

    def _care(self, connection: sa.Connection, tables: Iterable[TableState], mode: Mode) -> Iterator[Advice]:
        for table in tables:
            ours = allowed(mode, table)
            if ours is None:
                if (item := wanted(table)) is not None:
                    yield item
            elif not table.ours:
                yield permission(table, self._role(connection), maintain=_maintains(connection))
            else:
                yield replace(ours, outcome=self._done(connection, ours.statement))

    def _done(self, connection: sa.Connection, statement: str) -> Outcome:
        try:
            with translated(self._url):
                connection.exec_driver_sql(statement)
        except DatabaseBusy:
            return Outcome.BUSY
        except DatabaseLoginRefused:
            return Outcome.NOT_ALLOWED
        return Outcome.DONE

    def _tables(self, connection: sa.Connection, names: Sequence[str]) -> list[TableState]:
        maintain = "bool_and(has_table_privilege(part, 'MAINTAIN'))" if _maintains(connection) else "false"
        # Not str.format: the text has format('%I') of its own, and braces nowhere else.
        query = sa.text(_TABLES.replace("{maintain}", maintain))
        return [TableState(**row) for row in connection.execute(query, {"names": list(names)}).mappings()]

    def _role(self, connection: sa.Connection) -> str:
        return str(connection.scalar(sa.text("SELECT quote_ident(current_user)")))

    @contextmanager
    def _session(self) -> Iterator[sa.Connection]:
        """Every statement commits by itself: VACUUM runs in no transaction."""
        with translated(self._url), self._engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            connection.exec_driver_sql(f"SET lock_timeout = '{_LOCK_TIMEOUT}'")
            connection.exec_driver_sql(f"SET statement_timeout = '{_STATEMENT_TIMEOUT}'")
            yield connection


def _maintains(connection: sa.Connection) -> bool:
    version = connection.dialect.server_version_info
    return version is not None and int(version[0]) >= _MAINTAIN
