"""A sample of one table: cheap, for it must never cost the lender more than a glance; fair, for shares of values are judged by it.

Cheap means a bounded number of pages or of ranges, whatever the size of the table and however wrong its statistics. Fair means that every
part of the table has its chance. Views, and what is no ordinary table, can only be asked for their first rows: those are what the server
finds first, often the oldest, and their shares hold for them alone.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping

import sqlalchemy as sa

from governance.adapters.discovery.sampling_postgres import sample_pages
from governance.adapters.discovery.sampling_ranges import sample_ranges
from governance.catalogue.inventory import Sample, TableFacts

ROWS = 1_000
SECONDS = 5.0


def sample_table(
    connection: sa.Connection,
    table: TableFacts,
    rows: int = ROWS,
    *,
    seed: int,
    seconds: float = SECONDS,
    without: Collection[str] = (),
) -> Mapping[str, Sample]:
    """A sample for each column, of at most `rows` rows, all of them of the same rows. Columns named in `without` are not read.

    The same `seed` over the same contents gives the same sample. Reading stops after `seconds`; what had come by then counts. Ask within
    `governance.adapters.discovery.sessions.reading`. Raises what SQLAlchemy raises.
    """
    columns = [column for column in table.columns if column.name not in without]
    found: Mapping[str, Sample] = {}
    if columns:
        sample = sample_pages if connection.dialect.name == "postgresql" else sample_ranges
        found = sample(connection, table, columns, rows, seed, seconds)
    return {column.name: found.get(column.name, Sample(0, 0, ())) for column in table.columns}
