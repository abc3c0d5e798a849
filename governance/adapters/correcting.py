"""A PostgreSQL loan database in which rows are corrected on request: asked what it can bear, and changed in one transaction.

Everything that reads is `PostgresLoanDatabase`'s; what changes is `choke_corrections`, which nothing but this reaches. What the database
refuses by itself is told by its SQLSTATE alone, for its message may quote a value.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from uuid import UUID

import psycopg
import sqlalchemy as sa
from sqlalchemy.exc import DBAPIError

from governance.adapters import outbox
from governance.adapters.choke_corrections import Announce, CorrectionChoke, Tell
from governance.adapters.corrected_fitness import faults_of
from governance.adapters.corrected_values import key_of_text
from governance.adapters.keysets import KeySet, among, text_of
from governance.adapters.postgres import PostgresLoanDatabase, limit
from governance.audit.events import Event
from governance.audit.ledger_entry import LedgerEntry
from governance.connections import code_of, translated
from governance.errors import PlanMismatch
from governance.requests.correcting import text_of_value
from governance.requests.corrections import Change, Compared, CorrectionStep
from governance.requests.fields import Fault

#: Wrong data, a constraint, a trigger that raises.
_REFUSED = ("21", "22", "23", "27", "38", "39", "42501", "44", "P0")


class CorrectingDatabase(PostgresLoanDatabase):
    """See the module. `url` is the engine role's."""

    def correction_faults(self, changes: Sequence[tuple[int, Change]]) -> Sequence[Fault]:
        """What the columns cannot bear, by the number of the correction. Leaves nothing behind."""
        if not changes:
            return ()
        with self._working() as connection, connection.begin() as transaction:
            limit(connection)
            found = faults_of(connection, self._dataset, self._tables(connection), changes)
            transaction.rollback()
        return found

    def correct(
        self,
        steps: Sequence[CorrectionStep],
        persons: frozenset[str],
        today: date,
        describe: Callable[[CorrectionStep], Event],
        compared: Callable[[Compared], Event],
    ) -> dict[str, int]:
        """Carry out every step, or none, with their events and ledger entries; rows by collection.

        Raises PlanMismatch where what was approved is no longer so, DatabaseBusy for a row that somebody keeps locked.
        """

        def announce(connection: sa.Connection, those: Sequence[CorrectionStep]) -> list[UUID]:
            events = [describe(step) for step in those]
            outbox.append(connection, *events)
            return [event.event_id for event in events]

        def tell(connection: sa.Connection, came: Sequence[Compared]) -> None:
            outbox.append(connection, *(compared(item) for item in came))

        return self._corrected(steps, persons, today, announce, tell)

    def values(self, step: CorrectionStep) -> Mapping[str, Mapping[str, str | None]]:
        """What stands in the fields of a step, as text, by key and field; of rows that stand."""
        key = self._dataset.collections[step.collection].key
        with self._reading() as connection:
            table = self._tables(connection)[step.collection]
            columns = [table.c[name] for name in (*key, *step.fields)]
            wanted = KeySet([key_of_text(text, len(key)) for text in step.rows])
            rows = connection.execute(sa.select(*columns).where(among(columns[: len(key)], wanted))).all()
        return {text_of(tuple(row[: len(key)])): dict(zip(step.fields, map(text_of_value, row[len(key) :]), strict=True)) for row in rows}

    def correct_again(self, step: CorrectionStep, entry: LedgerEntry) -> None:
        """Carry out a step with the event and ledger entry of the first time, byte for byte. For a replay alone; raises PlanMismatch."""

        def announce(connection: sa.Connection, those: Sequence[CorrectionStep]) -> list[UUID]:
            outbox.put_back(connection, {entry.event_id: entry.event}, [entry])
            return [entry.event_id for _ in those]

        self._corrected([step], None, date.min, announce, lambda connection, came: None)

    def _corrected(
        self, steps: Sequence[CorrectionStep], persons: frozenset[str] | None, today: date, announce: Announce, tell: Tell
    ) -> dict[str, int]:
        with translated(self._url):
            try:
                with self._working_as_it_is() as connection, connection.begin():
                    choke = CorrectionChoke(self._dataset, self._tables(connection), self._timeouts)
                    return choke.correct(connection, steps, persons, today, announce, tell)
            except (DBAPIError, psycopg.Error) as error:
                state = code_of(error)
                if state is None or not state.startswith(_REFUSED):
                    raise
                told = f"{self._dataset.name}: the database refuses the correction (SQLSTATE {state}); nothing was done"
                raise PlanMismatch(told) from None

    def _working_as_it_is(self) -> sa.Connection:
        return self._engine.connect().execution_options(isolation_level="READ COMMITTED")
