"""Looks whether rows hold what a correction wrote: under another role, by statements of its own, and without what changed them.

Reads under the validator's role, which can change nothing. Who wrote a row's version stands in the row (`xmin`), and in which transaction
an event was written stands beside the event: where they are one, nobody has touched the row since, and its other columns must still come
to what the event says of them. Knows no plan and no work table.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from governance.adapters.choke_corrections import others_of
from governance.adapters.corrected_values import key_of_text, same_in_column
from governance.adapters.keysets import text_of
from governance.adapters.schema_facts import relations
from governance.adapters.schema_tables import tables_of
from governance.catalogue.governed import GovernedDataset
from governance.connections import open_engine, translated
from governance.requests.corrections import CorrectionStep, Looked

_WRITER = sa.text("SELECT CAST(CAST(transaction_id AS text) AS numeric) % 4294967296 FROM lethe.outbox WHERE event_id = :event_id")


class CorrectedRows:
    """See the module. `url` is the validator's."""

    def __init__(self, url: str, dataset: GovernedDataset) -> None:
        self._url, self._dataset = url, dataset

    def look(self, steps: Mapping[UUID, CorrectionStep]) -> Sequence[Looked]:
        """What stands now of the steps, by the events that told of them; in one state of the database. Raises SurroundingsError."""
        with translated(self._url), open_engine(self._url, read_only=True).connect() as connection:
            connection.exec_driver_sql("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
            tables = tables_of(connection, relations(connection, {step.collection for step in steps.values()}))
            return [self._of(connection, event_id, step, tables[step.collection]) for event_id, step in steps.items()]

    def _of(self, connection: sa.Connection, event_id: UUID, step: CorrectionStep, table: sa.Table) -> Looked:
        written = connection.scalar(_WRITER, {"event_id": event_id})
        writer = str(int(written)) if written is not None else None
        key = [table.c[name] for name in self._dataset.collections[step.collection].key]
        found: dict[str, Mapping[str, Any]] = {}
        later = 0
        for text in step.rows:
            row = self._row(connection, table, key, key_of_text(text, len(key)), step)
            if row is not None:
                found[text_of(tuple(row[f"lethe_key_{n}"] for n in range(len(key))))] = row
                later += row["lethe_key_writer"] != writer
        wrong = sum(
            text not in found or any(not same_in_column(found[text][name], one.new, table.c[name].type) for name, one in changes.items())
            for text, changes in step.rows.items()
        )
        return Looked(step, wrong, later, others_of(step, found) if found.keys() >= step.rows.keys() and not later else None)

    def _row(
        self, connection: sa.Connection, table: sa.Table, key: Sequence[sa.Column[Any]], wanted: Sequence[str], step: CorrectionStep
    ) -> Mapping[str, Any] | None:
        parts = [column.label(f"lethe_key_{n}") for n, column in enumerate(key)]
        columns = [column if column.name in step.fields else sa.cast(column, sa.Text).label(column.name) for column in table.columns]
        writer = sa.cast(sa.literal_column("xmin"), sa.Text).label("lethe_key_writer")
        # A key as text, which the server reads as the column's type.
        same = [column == sa.bindparam(None, text, type_=sa.types.NullType()) for column, text in zip(key, wanted, strict=True)]
        row = connection.execute(sa.select(*parts, writer, *columns).select_from(table).where(*same)).mappings().first()
        return dict[str, Any](row) if row is not None else None
