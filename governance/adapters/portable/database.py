"""A loan database on MariaDB, MySQL or SQLite behind the ports LoanDatabase, Enforcer and EventLog; see `governance.adapters.postgres`."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from uuid import UUID

import sqlalchemy as sa

from governance.adapters.dereferencing import key_of_reference
from governance.adapters.neighbourhood import Neighbourhood
from governance.adapters.portable import outbox
from governance.adapters.portable.choke import PortableChokePoint
from governance.adapters.portable.dialect import dialect_of
from governance.adapters.portable.fitness import fit_tables
from governance.adapters.portable.fitness_values import require_readable
from governance.adapters.portable.freezing import PortableFreezing, note_plan
from governance.adapters.portable.own_tables import CURRENT_PLAN, OUTBOX, STANDING, work_of
from governance.adapters.portable.rehearsal import rehearse
from governance.adapters.portable.scanning import scan, undeclared
from governance.adapters.predicates import Predicates
from governance.adapters.previewing import preview_of
from governance.adapters.shifting import shifts_of
from governance.audit.events import Event
from governance.catalogue.copies_check import copy_findings
from governance.catalogue.drift import Shifts
from governance.catalogue.findings import GRAVE, Finding, ScanFacts
from governance.catalogue.governed import GovernedDataset
from governance.catalogue.limits import category_findings
from governance.connections import place, translated
from governance.errors import RunInProgress
from governance.planning.evaluate import Rows
from governance.planning.plan import ChunkOutcome, Plan, Step, require_current
from governance.planning.preview import StepPreview
from governance.ports import ErasedRows, KeySource, Perform

_ANY_TIME = datetime(2000, 1, 1, tzinfo=UTC)  # for predicates that do not depend on the reference time


class PortableLoanDatabase:
    """See the module. `url` is the engine role's."""

    def __init__(self, url: str, dataset: GovernedDataset, keys: KeySource) -> None:
        self._url, self._dataset, self._keys = url, dataset, keys
        self._dialect = dialect_of(url)
        self._choke: tuple[str, PortableChokePoint] | None = None
        self._still_held: Callable[[], bool] | None = None

    @property
    def dataset(self) -> GovernedDataset:
        """What is declared about it."""
        return self._dataset

    @contextmanager
    def exclusive(self) -> Iterator[None]:
        """Hold the dataset's lock. Every chunk asks whether it still stands: without it another run may have begun."""
        # Translated outside, which leaves alone what is raised inside: of the driver nothing comes that was not translated there.
        with translated(self._url), self._dialect.exclusive(self._dataset.name) as held:
            if held is None:
                raise self._in_progress()
            self._still_held = held
            try:
                yield
            finally:
                self._still_held = None

    def scan(self, as_of: datetime) -> ScanFacts:
        """Count rows and look for findings, as things stand at `as_of`."""
        with self._reading() as connection:
            return scan(connection, self._dataset, self._tables(connection, values=True), as_of)

    def grave_findings(self) -> list[Finding]:
        """What fails a validation as schema and dataset stand now."""
        with self._reading() as connection:
            tables = self._tables(connection)
            found = [*undeclared(connection, self._dataset, tables), *category_findings(self._dataset), *copy_findings(self._dataset)]
            return [finding for finding in found if finding.kind in GRAVE]

    def freeze(self, as_of: datetime, chunk_size: int) -> Plan:
        """Plan what is due at `as_of`, rehearse it, and only then make it the current one. If anything is raised none is."""
        with self._reading() as connection:
            tables = self._tables(connection, values=True)
        with translated(self._url):
            with self._dialect.planning() as connection:
                plan = PortableFreezing(connection, self._dataset, tables, self._keys, as_of, chunk_size).plan()
            choke = PortableChokePoint(self._dialect, self._dataset, tables, self._keys, plan)
            rehearse(self._dialect, self._dataset, tables, choke, plan)
            with self._dialect.changing() as connection:
                note_plan(connection, plan.digest)
        return plan

    def shifts(self, plan: Plan) -> Shifts:
        """By how much the plan just frozen moves the shares of NULLs. Raises PlanMismatch if it is not the one that stands frozen."""
        with self._reading() as connection:
            self._require_current(connection, plan)
            return shifts_of(connection, self._dataset, self._tables(connection), plan, work_of(self._dataset))

    def require_frozen(self, plan: Plan) -> None:
        """Raises PlanMismatch if this is not the plan that stands frozen in the database."""
        with self._reading() as connection:
            self._require_current(connection, plan)

    @contextmanager
    def standing(self, plan: Plan) -> Iterator[tuple[sa.Connection, Mapping[str, sa.Table]]]:
        """One snapshot with the declared tables in which the keys of the plan stand, see `adapters.capturing`. Raises PlanMismatch if it is
        another's that stand frozen."""
        with self._reading() as connection:
            self._require_current(connection, plan)
            yield connection, self._tables(connection)

    def preview(self, plan: Plan) -> tuple[int, tuple[StepPreview, ...]]:
        """Whose rows the plan just frozen names. Raises PlanMismatch if it is not the one that stands frozen."""
        with self._reading() as connection:
            self._require_current(connection, plan)
            return preview_of(connection, self._dataset, self._tables(connection), self._keys, plan, work_of(self._dataset))

    def key_of(self, collection: str, reference: str) -> str | None:
        """The key of the row that a keyed reference names, as text; None where no such row stands."""
        with self._reading() as connection:
            return key_of_reference(connection, self._dataset, self._tables(connection), self._keys, collection, reference)

    def rows_around(self, collection: str, key: str) -> Rows:
        """The row with every row that decides over it."""
        with self._reading() as connection:
            tables = self._tables(connection, values=True)
            predicates = Predicates(self._dataset, tables, _ANY_TIME, standing=STANDING)
            return Neighbourhood(connection, self._dataset, tables, predicates).around(collection, key)

    def prepare(self, plan: Plan, step: Step, chunks: range, describe: Callable[[ChunkOutcome], Event]) -> Perform:
        """Nothing is read ahead on these dialects; calling the result carries the chunks out, in one transaction."""
        return lambda: self._perform(plan, step, chunks, describe)

    def _perform(self, plan: Plan, step: Step, chunks: range, describe: Callable[[ChunkOutcome], Event]) -> Sequence[ChunkOutcome | None]:
        def announce(connection: sa.Connection, outcome: ChunkOutcome) -> str:
            event = describe(outcome)
            outbox.append(connection, event)
            return str(event.event_id)

        with translated(self._url):
            if self._still_held is not None and not self._still_held():
                raise self._in_progress()
            with self._dialect.changing() as connection:
                choke = self._choke_point(connection, plan)
                return [choke.perform(connection, step, chunk, announce) for chunk in chunks]

    def record(self, event: Event) -> None:
        """Commit one event to the outbox; once, however often it is tried."""
        known = sa.select(OUTBOX.c.position).where(OUTBOX.c.event_id == str(event.event_id))
        with translated(self._url), self._dialect.changing() as connection:
            if connection.scalar(known) is None:
                outbox.append(connection, event)

    def recorded(self, event_ids: Sequence[UUID]) -> Mapping[UUID, Event]:
        """Those of the events that were committed, by id."""
        with self._reading() as connection:
            return outbox.recorded(connection, event_ids)

    def erased(self, event_ids: Sequence[UUID]) -> Mapping[str, ErasedRows]:
        """What the ledger says of these events, by collection: different rows, each counted once."""
        with self._reading() as connection:
            return outbox.erased(connection, event_ids)

    def _choke_point(self, connection: sa.Connection, plan: Plan) -> PortableChokePoint:
        self._require_current(connection, plan)
        if self._choke is None or self._choke[0] != plan.digest:
            tables = self._tables(connection)  # also tells a foreign key that came after the plan, and would cascade
            self._choke = plan.digest, PortableChokePoint(self._dialect, self._dataset, tables, self._keys, plan)
        return self._choke[1]

    def _require_current(self, connection: sa.Connection, plan: Plan) -> None:
        # Shared: a newer plan cannot replace the keys before this transaction ends.
        frozen = connection.scalar(sa.select(CURRENT_PLAN.c.digest).with_for_update(read=True))
        require_current(plan, frozen, self._dataset)

    def _tables(self, connection: sa.Connection, *, values: bool = False) -> dict[str, sa.Table]:
        """The declared tables, found fit; `values`: also that their rows hold what is declared, which reads them all."""
        standing = fit_tables(connection, self._dataset, self._dialect.typed, self._keys.current_version())
        if values:
            require_readable(connection, self._dataset, standing)
        return {name: item.table for name, item in standing.items()}

    def _in_progress(self) -> RunInProgress:
        return RunInProgress(f"{self._dataset.name}: another run holds this dataset ({place(self._url)}); wait for it to end")

    @contextmanager
    def _reading(self) -> Iterator[sa.Connection]:
        with translated(self._url), self._dialect.reading() as connection:
            yield connection
