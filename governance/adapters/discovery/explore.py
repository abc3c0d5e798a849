"""Goes through a database table by table: sample, hand to the recognisers, forget.

A sample lives as long as its table is looked at, so memory stays the same however many tables there are. What cannot be read is judged by
names alone and told. Nothing is written anywhere, and no value of a row is in what comes back.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from datetime import date

import sqlalchemy as sa
from sqlalchemy.exc import DBAPIError

from governance.adapters.discovery.readings import Reason, Unreadable, reason_of
from governance.adapters.discovery.reflection import read_schema
from governance.adapters.discovery.sampling import ROWS, SECONDS, sample_table
from governance.adapters.discovery.sessions import reading
from governance.catalogue.inventory import Sample, TableFacts
from governance.catalogue.verdict import Verdict
from governance.connections import open_engine, place, translated
from governance.errors import NothingScanned

Recognise = Callable[[TableFacts, Mapping[str, Sample], date], tuple[Verdict, ...]]
#: Looks further at a table while its sample lives, within a read-only transaction. Must keep no value of it.
Inspect = Callable[[sa.Connection, TableFacts, Mapping[str, Sample]], None]


@dataclass(frozen=True)
class Exploration:
    """What stands in a database and what it was recognised as: `verdicts` by the path of the table, for every table of `tables`."""

    tables: tuple[TableFacts, ...]
    verdicts: Mapping[str, tuple[Verdict, ...]]
    unreadable: tuple[Unreadable, ...]
    seconds: float

    @property
    def columns(self) -> int:
        """How many columns were judged."""
        return sum(len(table.columns) for table in self.tables)


def explore(
    url: str,
    *,
    today: date,
    recognise: Recognise,
    rows: int = ROWS,
    seconds: float = SECONDS,
    schemas: Collection[str] | None = None,
    inspect: Inspect | None = None,
) -> Exploration:
    """Read the schema and a sample of each table. `seconds` is what a statement may take, and the reading of one table.

    The draw follows from `today`: a night that is repeated sees the same rows, the next one sees others. A table that fails (a timeout, a
    lock, a missing privilege, a broken view) is noted and the scan goes on. Raises NothingScanned if the role is shown no table at all, and
    what `governance.connections.translated` does if the connection fails.
    """
    began = time.monotonic()
    with translated(url), open_engine(url, read_only=True).connect() as connection:
        with reading(connection, 6 * seconds):  # a few statements about everything, not one about a table
            schema = read_schema(connection, schemas)
        if not schema.tables and not schema.unreadable:
            raise NothingScanned(f"{place(url)}: no table or view is visible to this role; are database and schemas the right ones?")
        unreadable, verdicts = list(schema.unreadable), {}
        for table in schema.tables:
            known = [item for item in schema.unreadable if item.table == table.path and item.reason is not Reason.ROW_SECURITY]
            samples: Mapping[str, Sample] = {column.name: Sample(0, 0, ()) for column in table.columns}
            try:
                if all(item.column is not None for item in known):
                    with reading(connection, seconds):
                        without = {item.column for item in known if item.column is not None}
                        samples = sample_table(connection, table, rows, seed=today.toordinal(), seconds=seconds, without=without)
                    if inspect is not None:
                        with reading(connection, seconds):
                            inspect(connection, table, samples)
            except (DBAPIError, UnicodeError) as error:
                unreadable.append(Unreadable(table.path, reason_of(error)))
            verdicts[table.path] = recognise(table, samples, today)
    return Exploration(schema.tables, verdicts, tuple(unreadable), time.monotonic() - began)
