"""The choke point of corrections (GDPR 16): the only code that writes what a person has corrected into rows of a lender.

One transaction for everything in one database: lock, compare with what was approved, announce, change, compare again, note in the ledger -
all or nothing. New values go by COPY into a temporary table and are applied by a join: none stands in a statement, a parameter or a log.

What else the change did is looked at before the commit. The server's own count of the transaction says how many rows of the whole table
were written, the lender's triggers included: more than ours, and everything is undone. The other columns of our rows, read before and
after, must be what they were; only what follows by the lender's own triggers and expressions and holds no personal data may move, and is
told. Deferred constraints and triggers are asked first, for nothing may come after the look.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from itertools import count
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from governance.adapters.choke import Timeouts
from governance.adapters.copying import copy_text, text_of_columns
from governance.adapters.corrected_values import in_column, key_of_text, same_in_column
from governance.adapters.holds import standing_holds
from governance.adapters.keysets import KeySet, among, array_text, key_columns, keys_of, same, text_of
from governance.catalogue.governed import Collection, GovernedDataset
from governance.errors import PlanMismatch
from governance.requests.correcting import preserving, text_of_value
from governance.requests.corrections import Compared, CorrectionStep

_NOTE = sa.text(
    "INSERT INTO lethe.ledger (event_id, collection, action, key_refs)"
    " VALUES (:event_id, :collection, 'correct', CAST(:key_refs AS text[])) ON CONFLICT (event_id) DO NOTHING"  # put back by a replay
)
#: Of a table and its partitions, what this transaction has inserted, changed and deleted so far, by whoever's trigger.
_WRITTEN = sa.text(
    "SELECT coalesce(sum(pg_stat_get_xact_tuples_inserted(relid)), 0), coalesce(sum(pg_stat_get_xact_tuples_updated(relid)), 0),"
    " coalesce(sum(pg_stat_get_xact_tuples_deleted(relid)), 0) FROM ("
    " SELECT CAST(CAST(:name AS regclass) AS oid) AS relid UNION SELECT relid FROM pg_partition_tree(CAST(:name AS regclass))) AS t"
)
_NUMBERS = count(1)  # of temporary tables: a transaction may hold several


#: Tells of statements before they are sent, and gives the ids of the events; then of what came of each.
Announce = Callable[[sa.Connection, Sequence[CorrectionStep]], Sequence[UUID]]
Tell = Callable[[sa.Connection, Sequence[Compared]], None]


class CorrectionChoke:
    """Carries out the steps of one decision in one loan database, in a transaction of the caller's. `tables` are as they stand."""

    def __init__(self, dataset: GovernedDataset, tables: Mapping[str, sa.Table], timeouts: Timeouts | None = None) -> None:
        self._dataset, self._tables = dataset, tables
        self._settings = (timeouts or Timeouts()).settings

    def correct(
        self,
        connection: sa.Connection,
        steps: Sequence[CorrectionStep],
        persons: frozenset[str] | None,
        today: date,
        announce: Announce,
        tell: Tell,
    ) -> dict[str, int]:
        """Change what the steps say; rows by collection. `persons` are the keys of the person, as text; None, of a
        replay: no hold is asked, for what is done again was done before it.

        Raises PlanMismatch where a row no longer holds the old value, a hold preserves it, or the change reached further than it says; the
        caller rolls back.
        """
        connection.exec_driver_sql(self._settings)
        # Whoever places a hold writes this table first: it waits for our commit, or we wait for it and then see it.
        connection.exec_driver_sql("LOCK TABLE lethe.holds IN SHARE MODE")
        holds = standing_holds(connection)
        before = {}
        for step in steps:
            before[step] = self._locked(connection, step)
            for key in step.rows if persons is not None else ():
                if preserving(self._dataset, holds, today, step.collection, key, persons or ()) is not None:
                    raise PlanMismatch(f"{self._dataset.name}.{step.collection}: a hold was placed on a row since; nothing was corrected")
        events = announce(connection, steps)
        compared = []
        for step, event in zip(steps, events, strict=True):
            written = self._written(connection, step.collection)
            temporary = send(connection, self._dataset.collections[step.collection], self._tables[step.collection], step)
            changed = self._changed(connection, step, temporary)
            connection.exec_driver_sql("SET CONSTRAINTS ALL IMMEDIATE")
            counts = [after - was for after, was in zip(self._written(connection, step.collection), written, strict=True)]
            if changed != len(step.rows) or counts != [0, changed, 0]:
                told = f"{changed} rows changed by the statement, {counts[1]} counted by the server, {counts[0]} new, {counts[2]} gone"
                raise PlanMismatch(f"{step.dataset}.{step.collection}: expected {len(step.rows)} corrected rows and no other, found {told}")
            compared.append(self._compared(connection, step, before[step], changed))
            noted = {"event_id": event, "collection": step.collection, "key_refs": array_text(step.references)}
            connection.execute(_NOTE, noted)
        tell(connection, compared)
        found: dict[str, int] = {}
        for step in steps:
            found[step.collection] = found.get(step.collection, 0) + len(step.rows)
        return found

    # -- what stands ----------------------------------------------------------------------------------------------------------

    def _locked(self, connection: sa.Connection, step: CorrectionStep) -> dict[str, Mapping[str, Any]]:
        """The rows of a step, locked, each of which holds what was to be corrected."""
        found = self._rows(connection, step, lock=True)
        moved = 0
        for key, changes in step.rows.items():
            row = found.get(key)
            moved += row is None or any(text_of_value(row[name]) != change.old for name, change in changes.items())
        if moved:
            where = f"{step.dataset}.{step.collection}"
            raise PlanMismatch(f"{where}: {moved} of {len(step.rows)} rows changed since, or are gone; nothing was corrected")
        return found

    def _rows(self, connection: sa.Connection, step: CorrectionStep, *, lock: bool = False) -> dict[str, Mapping[str, Any]]:
        """By key as text: the corrected columns as values, every other as text."""
        table, collection = self._tables[step.collection], self._dataset.collections[step.collection]
        key = [table.c[name] for name in collection.key]
        wanted = [column if column.name in step.fields else sa.cast(column, sa.Text).label(column.name) for column in table.columns]
        query = sa.select(*(column.label(f"lethe_key_{n}") for n, column in enumerate(key)), *wanted)
        query = query.where(among(key, self._keys(step))).order_by(*key)
        rows = connection.execute(query.with_for_update() if lock else query).mappings()
        return {text_of(tuple(row[f"lethe_key_{n}"] for n in range(len(key)))): dict[str, Any](row) for row in rows}

    def _written(self, connection: sa.Connection, collection: str) -> tuple[int, ...]:
        name = connection.dialect.identifier_preparer.format_table(self._tables[collection])
        return tuple(int(count) for count in connection.execute(_WRITTEN, {"name": name}).one())

    def _keys(self, step: CorrectionStep) -> KeySet:
        parts = len(self._dataset.collections[step.collection].key)
        return KeySet([key_of_text(key, parts) for key in step.rows])

    # -- the change -----------------------------------------------------------------------------------------------------------

    def _changed(self, connection: sa.Connection, step: CorrectionStep, temporary: sa.Table) -> int:
        table, collection = self._tables[step.collection], self._dataset.collections[step.collection]
        key = [table.c[name] for name in collection.key]
        values = {table.c[name]: temporary.c[f"value_{n}"] for n, name in enumerate(step.fields, 1)}
        return connection.execute(table.update().where(among(key, self._keys(step)), same(key, keys_of(temporary))).values(values)).rowcount

    def _compared(self, connection: sa.Connection, step: CorrectionStep, before: Mapping[str, Mapping[str, Any]], changed: int) -> Compared:
        """Raises PlanMismatch unless the rows hold what was written, and nothing else of them is otherwise but what may follow."""
        after, collection, where = (
            self._rows(connection, step),
            self._dataset.collections[step.collection],
            f"{step.dataset}.{step.collection}",
        )
        table, moved = self._tables[step.collection], set[str]()
        for key, changes in step.rows.items():
            row = after.get(key)
            if row is None or any(not same_in_column(row[name], change.new, table.c[name].type) for name, change in changes.items()):
                raise PlanMismatch(f"{where}: a row does not hold what was written, by a trigger; nothing was corrected")
            moved |= {column.name for column in table.columns if _other(step, column.name) and row[column.name] != before[key][column.name]}
        personal = sorted(name for name in moved if collection.personal_inside(name) and table.c[name].computed is None)
        if personal:
            raise PlanMismatch(f"{where}: a trigger changed {', '.join(personal)} as well; nothing was corrected")
        return Compared(step, changed, tuple(sorted(moved)), others_of(step, after))


def send(connection: sa.Connection, collection: Collection, table: sa.Table, step: CorrectionStep) -> sa.Table:
    """A temporary table `key_1 ... value_1 ...` with the new values of a step. Raises FieldFault for one that the column cannot hold."""
    key = key_columns([table.c[name] for name in collection.key])
    values = [sa.Column(f"value_{n}", table.c[name].type) for n, name in enumerate(step.fields, 1)]
    name = f"lethe_corrections_{next(_NUMBERS)}"
    made = sa.Table(name, sa.MetaData(), *key, *values, prefixes=["TEMPORARY"], postgresql_on_commit="DROP")
    made.create(connection)
    rows = [
        [*key_of_text(text, len(key)), *(in_column(changes[name].new, table.c[name].type) for name in step.fields)]
        for text, changes in step.rows.items()
    ]
    copy_text(connection, made, text_of_columns(list(zip(*rows, strict=True))))
    return made


def others_of(step: CorrectionStep, rows: Mapping[str, Mapping[str, Any]]) -> bytes:
    """The other columns of corrected rows, in one order: what a keyed digest is over. Personal data; never stored."""
    parts = [[key, *((name, rows[key][name]) for name in sorted(rows[key]) if _other(step, name))] for key in sorted(step.rows)]
    return repr(parts).encode()


def _other(step: CorrectionStep, name: str) -> bool:
    return name not in step.fields and not name.startswith("lethe_key_")
