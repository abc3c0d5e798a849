"""A PostgreSQL loan database behind the ports LoanDatabase, Enforcer and EventLog.

Sessions are short and belong to one call, but for those of the chunks of one run. Reading sessions are read-only; only `freeze` writes work
tables, `record` writes events, and `prepare` and what it returns go through the choke point.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Hashable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from uuid import UUID

import sqlalchemy as sa

from governance.adapters import outbox
from governance.adapters.asking import AskedFreezing, subjects_standing
from governance.adapters.choke import Ahead, Announce, ChokePoint, Timeouts
from governance.adapters.dereferencing import key_of_reference, keys_of_references
from governance.adapters.freezing import freeze
from governance.adapters.keysets import WORK, current_plan
from governance.adapters.neighbourhood import Neighbourhood
from governance.adapters.person_rows import PersonRows
from governance.adapters.predicates import Predicates
from governance.adapters.previewing import preview_of
from governance.adapters.rungs import freeze_rung
from governance.adapters.scanning import scan
from governance.adapters.schema_check import reflect
from governance.adapters.schema_findings import undeclared
from governance.adapters.schema_references import require_declared_references
from governance.adapters.shifting import shifts_of
from governance.audit.events import Event, from_canonical
from governance.catalogue.copies_check import copy_findings
from governance.catalogue.drift import Shifts
from governance.catalogue.findings import GRAVE, Finding, ScanFacts
from governance.catalogue.governed import GovernedDataset
from governance.catalogue.ladder import NextRung
from governance.catalogue.limits import category_findings
from governance.connections import open_engine, place, translated
from governance.errors import RunInProgress
from governance.planning.asked import Release
from governance.planning.evaluate import Rows
from governance.planning.plan import ChunkOutcome, Plan, Step, require_current
from governance.planning.preview import StepPreview
from governance.ports import ErasedRows, KeySource, Noted, Perform

# Of reading and planning: a table that somebody is changing the shape of is told, not waited for all night; nor is a join that went astray.
_LOCK_TIMEOUT, _STATEMENT_TIMEOUT = "30s", "30min"
_ANY_TIME = datetime(2000, 1, 1, tzinfo=UTC)  # for predicates that do not depend on the reference time


class PostgresLoanDatabase:
    """See the module. `url` is the engine role's; `timeouts` are those of transactions that change rows."""

    def __init__(self, url: str, dataset: GovernedDataset, keys: KeySource, timeouts: Timeouts | None = None) -> None:
        self._url, self._dataset, self._keys, self._timeouts = url, dataset, keys, timeouts
        self._engine = open_engine(url)
        self._choke: tuple[str, ChokePoint] | None = None
        self._holder: sa.Connection | None = None
        self._kept: sa.Engine | None = None  # whose sessions last as long as the lock
        self._asking = threading.Lock()

    @property
    def dataset(self) -> GovernedDataset:
        """What is declared about it."""
        return self._dataset

    @contextmanager
    def exclusive(self) -> Iterator[None]:
        """Hold the dataset's advisory lock on a connection of its own; the server frees it when we die.

        Every chunk asks for it again: a run that lost it with the connection stops before the next chunk, for another run may have begun.
        """
        with translated(self._url):
            connection = self._engine.connect().execution_options(isolation_level="AUTOCOMMIT")  # a lock of the session, no transaction
        try:
            self._take_lock(connection)
            self._holder, self._kept = connection, open_engine(self._url, keep=True)
            try:
                yield
            finally:
                self._kept.dispose()
                self._holder = self._kept = None
        finally:
            connection.invalidate()
            connection.close()

    def scan(self, as_of: datetime) -> ScanFacts:
        """Count rows and look for findings, as things stand at `as_of`."""
        with self._reading() as connection:
            return scan(connection, self._dataset, self._tables(connection), as_of)

    def grave_findings(self) -> list[Finding]:
        """What fails a validation as schema and dataset stand now: undeclared data, and categories beyond their limits. Reads no row."""
        with self._reading() as connection:
            found = [
                *undeclared(connection, self._dataset, self._tables(connection)),
                *category_findings(self._dataset),
                *copy_findings(self._dataset),
            ]
            return [finding for finding in found if finding.kind in GRAVE]

    def freeze(self, as_of: datetime, chunk_size: int) -> Plan:
        """Plan what is due at `as_of` over one snapshot; work tables and plan commit together.

        Raises DatabaseBusy for a table, or work tables, that another session keeps locked: nothing was planned, the plan before stands.
        """
        with (
            translated(self._url),
            self._engine.connect().execution_options(isolation_level="REPEATABLE READ") as connection,
            connection.begin(),
        ):
            limit(connection)
            return freeze(connection, self._dataset, self._tables(connection), self._keys, as_of, chunk_size)

    def freeze_rung(self, as_of: datetime, chunk_size: int, wanted: NextRung) -> Plan:
        """As `freeze`, a rung of the backlog ladder; everything where there is no backlog worth one."""
        with (
            translated(self._url),
            self._engine.connect().execution_options(isolation_level="REPEATABLE READ") as connection,
            connection.begin(),
        ):
            limit(connection)
            return freeze_rung(connection, self._dataset, self._tables(connection), self._keys, as_of, chunk_size, wanted)

    def freeze_asked(
        self, as_of: datetime, chunk_size: int, *, kind: str, releases: Sequence[Release], subjects: Sequence[str], keep: bool
    ) -> tuple[Plan, Mapping[str, frozenset[str]]]:
        """As `freeze`, for persons who ask, by their keys as text: their rows alone, and the released classes are over; with the keys, as
        text, of the rows it names, by collection. Without `keep` nothing is left of it, and the plan that stood frozen stands still."""
        with (
            translated(self._url),
            self._engine.connect().execution_options(isolation_level="REPEATABLE READ") as connection,
            connection.begin() as transaction,
        ):
            limit(connection)
            require_declared_references(connection, self._dataset)
            tables = self._tables(connection)
            freezing = AskedFreezing(
                connection, self._dataset, tables, self._keys, as_of, chunk_size, kind=kind, releases=releases, subjects=subjects
            )
            plan = freezing.plan()
            named = freezing.named()
            if not keep:
                transaction.rollback()
            return plan, named

    def require_frozen(self, plan: Plan) -> None:
        """Raises PlanMismatch if this is not the plan that stands frozen in the database."""
        with self._reading() as connection:
            self._require_current(connection, plan)

    def shifts(self, plan: Plan) -> Shifts:
        """By how much the plan just frozen moves the shares of NULLs. Raises PlanMismatch if it is not the one that stands frozen."""
        with self._reading() as connection:
            self._require_current(connection, plan)
            return shifts_of(connection, self._dataset, self._tables(connection), plan)

    def preview(self, plan: Plan) -> tuple[int, tuple[StepPreview, ...]]:
        """Whose rows the plan just frozen names. Raises PlanMismatch if it is not the one that stands frozen."""
        with self._reading() as connection:
            self._require_current(connection, plan)
            return preview_of(connection, self._dataset, self._tables(connection), self._keys, plan)

    def key_of(self, collection: str, reference: str) -> str | None:
        """The key of the row that a keyed reference names, as text; None where no such row stands."""
        with self._reading() as connection:
            return key_of_reference(connection, self._dataset, self._tables(connection), self._keys, collection, reference)

    def rows_around(self, collection: str, key: str) -> Rows:
        """The row with every row that decides over it."""
        with self._reading() as connection:
            tables = self._tables(connection)
            return Neighbourhood(connection, self._dataset, tables, Predicates(self._dataset, tables, _ANY_TIME)).around(collection, key)

    def subjects_of(self, references: Sequence[str], likely: Sequence[str] = ()) -> Mapping[str, str]:
        """The keys, as text, of the persons whom keyed references name. Reads every person's key once, and names those who stand there;
        where all are explained by keys that are `likely` theirs it reads none, and names them whether they stand there or not."""
        return self.rows_named(self._dataset.subjects, references, likely) if self._dataset.subjects is not None else {}

    def rows_named(self, collection: str, references: Sequence[str], likely: Sequence[str]) -> Mapping[str, str]:
        """The same of the rows of any collection."""
        with self._reading() as connection:
            tables = self._tables(connection)
            return keys_of_references(connection, self._dataset, tables, self._keys, collection, references, likely)

    def rows_of_persons(self, subjects: Sequence[str]) -> tuple[Rows, Mapping[str, Hashable]]:
        """The rows of persons, by their keys as text, with every row that decides over them; and the keys of those who stand there."""
        with self._reading() as connection:
            tables = self._tables(connection)
            predicates = Predicates(self._dataset, tables, _ANY_TIME)
            keys = subjects_standing(connection, predicates, subjects)
            rows = PersonRows(connection, self._dataset, tables, predicates).of(list(keys.values()))
            return rows, keys

    def prepare(self, plan: Plan, step: Step, chunks: range, describe: Callable[[ChunkOutcome], Event]) -> Perform:
        """Read ahead and compute what consecutive chunks will need; calling the result carries them out in one transaction."""

        def announce(connection: sa.Connection, outcomes: Sequence[ChunkOutcome]) -> list[UUID]:
            events = [describe(outcome) for outcome in outcomes]
            outbox.append(connection, *events)
            return [event.event_id for event in events]

        return self._prepared(plan, step, chunks, announce)

    def _prepared(self, plan: Plan, step: Step, chunks: range, announce: Announce) -> Perform:
        with self._working() as connection, connection.begin():
            limit(connection)
            ahead = self._choke_point(connection, plan).prepare(connection, step, chunks)
        return lambda: self._perform(plan, step, chunks, announce, ahead)

    def _perform(self, plan: Plan, step: Step, chunks: range, announce: Announce, ahead: Ahead) -> Sequence[ChunkOutcome | None]:
        """Carry out chunks in one transaction; inside `exclusive`, if the lock still stands."""
        if self._holder is not None:
            self._take_lock(self._holder)
        with self._working() as connection, connection.begin():
            return self._choke_point(connection, plan).perform(connection, step, chunks, announce, ahead)

    def record(self, event: Event) -> None:
        """Commit one event to the outbox; once, however often it is tried."""
        with translated(self._url), self._engine.begin() as connection:
            known = sa.text("SELECT 1 FROM lethe.outbox WHERE event_id = :id")
            if not connection.scalar(known, {"id": event.event_id}):  # first, for a refused insert uses up a position
                outbox.append_once(connection, event)

    def recorded(self, event_ids: Sequence[UUID]) -> Mapping[UUID, Event]:
        """Those of the events that were committed, by id."""
        query = sa.text("SELECT event_id, event FROM lethe.outbox WHERE event_id = ANY(:ids)")
        with self._reading() as connection:
            found = connection.execute(query, {"ids": list(event_ids)}).all()
        return {event_id: from_canonical(event.encode()) for event_id, event in found}

    def noted(self, event_ids: Sequence[UUID]) -> Mapping[UUID, Noted]:
        """The ledger entries of those of the events that have one."""
        query = sa.text("SELECT event_id, collection, action, key_refs FROM lethe.ledger WHERE event_id = ANY(:ids)")
        with self._reading() as connection:
            found = connection.execute(query, {"ids": list(event_ids)}).all()
        return {event_id: Noted(collection, action, tuple(references)) for event_id, collection, action, references in found}

    def erased(self, event_ids: Sequence[UUID]) -> Mapping[str, ErasedRows]:
        """What the ledger says of these events, by collection: different rows, each counted once."""
        query = sa.text(
            "SELECT collection, count(*) FILTER (WHERE deleted), count(*) FILTER (WHERE tokens AND NOT deleted),"
            " count(*) FILTER (WHERE coarse AND NOT tokens AND NOT deleted),"
            " count(*) FILTER (WHERE NOT coarse AND NOT tokens AND NOT deleted)"
            " FROM (SELECT collection, bool_or(action = 'delete') AS deleted, bool_or(action = 'pseudonymise') AS tokens,"
            " bool_or(action = 'generalise') AS coarse FROM lethe.ledger, unnest(key_refs) AS key_ref WHERE event_id = ANY(:ids)"
            " GROUP BY collection, key_ref) AS erased GROUP BY collection"
        )
        with self._reading() as connection:
            return {name: ErasedRows(*counts) for name, *counts in connection.execute(query, {"ids": list(event_ids)})}

    @contextmanager
    def _working(self) -> Iterator[sa.Connection]:
        # READ COMMITTED whatever the database's default is: the look after locking must see what was committed while we waited.
        engine = self._kept or self._engine
        with translated(self._url), engine.connect().execution_options(isolation_level="READ COMMITTED") as connection:
            yield connection

    def _take_lock(self, connection: sa.Connection) -> None:
        """Take the lock, or once more what this session holds. Raises RunInProgress, DatabaseUnavailable."""
        query = sa.text("SELECT pg_try_advisory_lock(hashtext('lethe'), hashtext(:name))")
        with translated(self._url), self._asking:  # several workers, one session
            held = connection.scalar(query, {"name": self._dataset.name})
        if not held:
            raise RunInProgress(f"{self._dataset.name}: another run holds this dataset ({place(self._url)}); wait for it to end")

    def _choke_point(self, connection: sa.Connection, plan: Plan) -> ChokePoint:
        # In every chunk: reading it also keeps a newer plan from replacing the work tables before this transaction ends.
        self._require_current(connection, plan)
        if self._choke is None or self._choke[0] != plan.digest:
            require_declared_references(connection, self._dataset)  # also one that came after the plan, and would cascade
            self._choke = plan.digest, ChokePoint(self._dataset, self._tables(connection), self._keys, plan, self._timeouts)
        return self._choke[1]

    def _require_current(self, connection: sa.Connection, plan: Plan) -> None:
        frozen = None
        if sa.inspect(connection).has_table("current_plan", schema=WORK):
            frozen = connection.scalar(sa.select(current_plan().c.digest))
        require_current(plan, frozen, self._dataset)

    def _tables(self, connection: sa.Connection) -> dict[str, sa.Table]:
        return reflect(connection, self._dataset, self._keys.current_version())

    @contextmanager
    def _reading(self) -> Iterator[sa.Connection]:
        with translated(self._url), self._engine.connect() as connection:
            connection.exec_driver_sql("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
            limit(connection)
            yield connection


def limit(connection: sa.Connection) -> None:
    """Bound what a statement of this transaction may wait and take."""
    connection.exec_driver_sql(f"SET LOCAL lock_timeout = '{_LOCK_TIMEOUT}'")
    connection.exec_driver_sql(f"SET LOCAL statement_timeout = '{_STATEMENT_TIMEOUT}'")
