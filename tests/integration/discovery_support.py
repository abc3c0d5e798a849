"""How the tests of discovery look at a database of any dialect, and a recogniser that recognises nothing, reports what it was shown, and
keeps what it saw for the test alone."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from governance.adapters.discovery.explore import Exploration, explore
from governance.adapters.discovery.readings import Reading
from governance.adapters.discovery.reflection import read_schema
from governance.adapters.discovery.sampling import sample_table
from governance.adapters.discovery.sessions import reading
from governance.catalogue.inventory import Sample, TableFacts
from governance.catalogue.verdict import Certainty, Verdict
from governance.connections import open_engine

TODAY = date(2026, 3, 1)


class Watching:
    """Hand it over as `recognise=`; `samples` are those it was shown, by the table's path."""

    def __init__(self) -> None:
        self.samples: dict[str, Mapping[str, Sample]] = {}

    def __call__(self, table: TableFacts, samples: Mapping[str, Sample], today: date) -> tuple[Verdict, ...]:
        assert list(samples) == [column.name for column in table.columns]
        assert today == TODAY
        self.samples[table.path] = samples
        return tuple(
            Verdict(name, "none", None, 0.0, Certainty.SUSPECTED, (f"{sample.rows} rows, {sample.nulls} empty",), "1")
            for name, sample in samples.items()
        )


def schema_of(url: str, schemas: list[str] | None = None) -> Reading:
    with open_engine(url, read_only=True).connect() as connection, reading(connection, 5):
        return read_schema(connection, schemas)


def tables_of(url: str) -> dict[str, TableFacts]:
    return {table.path: table for table in schema_of(url).tables}


def sample_of(url: str, path: str, rows: int = 1_000, seed: int = 1) -> dict[str, Sample]:
    table = tables_of(url)[path]
    with open_engine(url, read_only=True).connect() as connection, reading(connection, 5):
        return dict(sample_table(connection, table, rows, seed=seed))


def looked_at(url: str, **more: object) -> tuple[Exploration, Watching]:
    watching = Watching()
    return explore(url, today=TODAY, recognise=watching, **more), watching  # type: ignore[arg-type]
