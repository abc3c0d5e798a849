"""The register of findings: what a person must look at, since when, who answers for it, and what was accepted until when.

Each method is one transaction.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from governance.audit.events import PLATFORM
from governance.catalogue.findings import Finding, FindingKind
from governance.catalogue.governed import GovernedDataset
from governance.store.database import Store
from governance.store.models import FindingRow


@dataclass(frozen=True)
class Acceptance:
    """A person lets a finding stand; `until` is the first day on which that no longer holds."""

    until: date
    by: str
    reason: str

    def active(self, today: date) -> bool:
        """It still holds on that day."""
        return today < self.until


@dataclass(frozen=True)
class RegisteredFinding:
    """A finding with its history. `gone_at` is when a scan first did not find it any more; found again, it stands again."""

    id: int
    finding: Finding
    owner: str
    first_seen: datetime
    last_seen: datetime
    gone_at: datetime | None
    acceptance: Acceptance | None


class FindingRegister:
    """See the module. Raises SurroundingsError when the governance database does not answer."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def note(self, dataset: GovernedDataset, findings: Sequence[Finding], now: datetime, *, whole: bool) -> Mapping[Finding, datetime]:
        """Register what a scan found and return when each was first seen. What is seen again keeps its first date.

        `whole`: the scan looked at everything, so what stood before and is not among the findings is gone.
        """
        first_seen: dict[Finding, datetime] = {}
        with self._store.begin() as session:
            self._store.alone(session, dataset.name)
            known = {(FindingKind(row.kind), row.collection, row.field): row for row in self._rows(session, dataset.name)}
            for finding in findings:
                row = _seen(session, known.pop(finding.place, None), dataset.name, finding, dataset.owner_of(finding.collection), now)
                first_seen[finding] = row.first_seen
            if whole:
                for row in known.values():
                    row.gone_at = row.gone_at or now
        return first_seen

    def over(self, dataset: str, kinds: Sequence[FindingKind], standing: Sequence[Finding], now: datetime) -> None:
        """Of these kinds, what is not among those that stand is gone."""
        places = {finding.place for finding in standing}
        with self._store.begin() as session:
            self._store.alone(session, dataset)
            for row in self._rows(session, dataset):
                place = FindingKind(row.kind), row.collection, row.field
                if place[0] in kinds and place not in places:
                    row.gone_at = row.gone_at or now

    def note_platform(self, session: Session, finding: Finding, *, stands: bool, owner: str, now: datetime) -> bool:
        """Register, in the caller's transaction, whether a finding that concerns no single dataset stands. True if it did not before."""
        self._store.alone(session, PLATFORM)
        row = next((row for row in self._rows(session, PLATFORM) if (row.kind, row.collection) == (finding.kind, finding.collection)), None)
        before = row is not None and row.gone_at is None
        if stands:
            _seen(session, row, PLATFORM, finding, owner, now)
        elif row is not None:
            row.gone_at = row.gone_at or now
        return stands and not before

    def standing(self, dataset: str) -> Sequence[RegisteredFinding]:
        """What the last scan found, accepted or not: the gravest first, then by place."""
        with self._store.begin() as session:
            return [_registered(row) for row in self._rows(session, dataset) if row.gone_at is None]

    def found_at(self, dataset: str, at: datetime) -> Sequence[RegisteredFinding]:
        """What the scan of that instant found, in the order of `standing`.

        Where scans came after it, counts and details are theirs, and what was gone at that instant and came back counts as found.
        """
        with self._store.begin() as session:
            return [_registered(row) for row in self._rows(session, dataset) if row.first_seen <= at <= row.last_seen]

    def all(self, dataset: str) -> Sequence[RegisteredFinding]:
        """Everything that was ever found."""
        with self._store.begin() as session:
            return [_registered(row) for row in self._rows(session, dataset)]

    def accept(self, finding_id: int, acceptance: Acceptance | None) -> None:
        """Let a finding stand, or no longer (None). Raises KeyError if there is no such finding."""
        with self._store.begin() as session:
            row = session.get(FindingRow, finding_id)
            if row is None:
                raise KeyError(finding_id)
            row.accepted_until = acceptance.until if acceptance is not None else None
            row.accepted_by = acceptance.by if acceptance is not None else None
            row.accepted_reason = acceptance.reason if acceptance is not None else None

    def _rows(self, session: Session, dataset: str) -> Sequence[FindingRow]:
        order = (FindingRow.gravity, FindingRow.kind, FindingRow.collection, FindingRow.field.nulls_first())  # grave, notice, warning
        return session.scalars(sa.select(FindingRow).where(FindingRow.dataset == dataset).order_by(*order)).all()


def _seen(session: Session, row: FindingRow | None, dataset: str, finding: Finding, owner: str, now: datetime) -> FindingRow:
    """The finding's row, added where there is none, as it was seen now."""
    if row is None:
        row = FindingRow(dataset=dataset, kind=finding.kind.value, collection=finding.collection, field=finding.field, first_seen=now)
        session.add(row)
    row.rows, row.last_seen, row.gone_at = finding.rows, now, None
    row.gravity, row.detail, row.owner = finding.gravity.value, finding.detail, owner
    return row


def _registered(row: FindingRow) -> RegisteredFinding:
    acceptance = None
    if row.accepted_until is not None:
        acceptance = Acceptance(row.accepted_until, row.accepted_by or "", row.accepted_reason or "")
    finding = Finding(FindingKind(row.kind), row.collection, row.field, row.rows, row.detail)
    return RegisteredFinding(row.id, finding, row.owner, row.first_seen, row.last_seen, row.gone_at, acceptance)
