"""Counts, for references that names suggest, how many of a column's values stand in the key it may refer to.

Both sides stay in the database; a share comes out. The values compared are the different ones among the first rows that are not empty:
cheap on any table, and no fair draw, which a reference needs less than a category does.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import sqlalchemy as sa
from sqlalchemy.exc import DBAPIError

from governance.adapters.discovery.columns import plain_table
from governance.adapters.discovery.readings import reason_of
from governance.adapters.discovery.sampling import SECONDS
from governance.adapters.discovery.sessions import reading
from governance.catalogue.inventory import TableFacts
from governance.catalogue.linking import Candidate
from governance.connections import open_engine, translated

FIRST_ROWS, VALUES = 5_000, 500


def shares_of(
    url: str, tables: Mapping[str, TableFacts], candidates: Iterable[Candidate], seconds: float = SECONDS
) -> dict[Candidate, float]:
    """By candidate the share of different values of its columns that stand in the target's key.

    A candidate whose columns hold nothing, or cannot be compared (types, privileges, a timeout), is left out. Raises what
    `governance.connections.translated` does if the connection fails.
    """
    found: dict[Candidate, float] = {}
    with translated(url), open_engine(url, read_only=True).connect() as connection:
        for candidate in candidates:
            try:
                with reading(connection, seconds):
                    here, there = connection.execute(_query(tables[candidate.table], tables[candidate.target], candidate)).one()
            except DBAPIError as error:
                reason_of(error)  # raises again where the connection is lost
                continue
            if here:
                found[candidate] = there / here
    return found


def _query(table: TableFacts, target: TableFacts, candidate: Candidate) -> sa.Select[int, int]:
    own, other = plain_table(table), plain_table(target).alias("target")
    columns = [own.c[name].label(f"part_{n}") for n, name in enumerate(candidate.columns)]
    first = sa.select(*columns).where(*(own.c[name].is_not(None) for name in candidate.columns)).limit(FIRST_ROWS).subquery("first_rows")
    asked = sa.select(*first.c).distinct().limit(VALUES).subquery("asked")
    same = sa.and_(*(part == other.c[name] for part, name in zip(asked.c, candidate.target_columns, strict=True)))
    stands = sa.select(sa.literal(1)).select_from(other).where(same).correlate(asked).exists()
    hits = sa.func.coalesce(sa.func.sum(sa.case((stands, 1), else_=0)), 0)
    return sa.select(sa.func.count(), hits).select_from(asked)
