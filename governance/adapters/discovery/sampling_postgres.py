"""Sampling on PostgreSQL: whole pages drawn by TABLESAMPLE SYSTEM, and rows drawn from those at random.

The share of pages is reckoned from the size of the table as it is now, which is exact and free, never from an estimate of its rows, which
may be years old or missing. A table of no more than `PAGES` pages is read whole, so each of its rows has the same chance; of a bigger one
each page has, and since rows that were written together lie together, many pages are drawn and few rows of each are kept.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import sqlalchemy as sa
from sqlalchemy.sql import FromClause

from governance.adapters.discovery.columns import fetched, plain_table, samples, selected
from governance.catalogue.inventory import ColumnFacts, Sample, TableFacts

PAGES = 256  # 2 MB
MORE_PAGES = 16 * PAGES  # when those held next to nothing: a table most of whose rows were deleted

# With the tables that inherit from it, partitions above all: its rows lie there, and a query that names it reads them.
_STANDING = sa.text("""
WITH RECURSIVE tree AS (
    SELECT c.oid, c.relkind FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
    WHERE n.nspname = coalesce(:schema, current_schema()) AND c.relname = :name
    UNION ALL
    SELECT c.oid, c.relkind FROM tree JOIN pg_inherits i ON i.inhparent = tree.oid JOIN pg_class c ON c.oid = i.inhrelid)
SELECT coalesce(bool_and(relkind IN ('r', 'm', 'p')), false) AS has_pages,
    coalesce(sum(pg_relation_size(oid)) / current_setting('block_size')::int, 0) AS pages
FROM tree""")


def sample_pages(
    connection: sa.Connection, table: TableFacts, columns: Sequence[ColumnFacts], rows: int, seed: int, seconds: float
) -> Mapping[str, Sample]:
    """See `governance.adapters.discovery.sampling.sample_table`."""
    source = plain_table(table)

    def read(origin: FromClause) -> Mapping[str, Sample]:
        query = sa.select(*selected(connection.dialect, columns, origin)).limit(rows)
        return samples(columns, fetched(connection, query), seconds)

    standing = connection.execute(_STANDING, {"schema": table.schema, "name": table.name}).one()
    if not standing.has_pages:  # views, foreign tables, and tables a part of which is foreign
        return read(source)
    pages, looked_at = float(standing.pages), 0
    for wanted in (PAGES, MORE_PAGES):
        share = min(100.0, 100.0 * wanted / pages) if pages else 100.0
        connection.execute(sa.select(sa.func.setseed((seed % 1_000_003) / 1_000_003)))
        found = read(_drawn(source, columns, share, rows, seed))
        looked_at = next(iter(found.values())).rows
        if share == 100.0 or looked_at >= rows // 10:
            return found
    # Next to nothing on thousands of pages: what there is comes as the server finds it, and the timeout bounds the search.
    return found if looked_at else read(source)


def _drawn(source: sa.TableClause, columns: Sequence[ColumnFacts], share: float, rows: int, seed: int) -> sa.Subquery[Any]:
    """`rows` rows at random out of `share` percent of the pages. Values are made text after the draw, so of the other
    rows long ones are not even read."""
    pages = source.tablesample(sa.func.system(sa.literal_column(f"{share:.8f}")), seed=sa.literal_column(str(seed)))
    return sa.select(*(pages.c[column.name] for column in columns)).order_by(sa.func.random()).limit(rows).subquery()
