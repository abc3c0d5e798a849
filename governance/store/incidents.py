"""The register of incidents (GDPR 33(5), credithelp art. 36-37): what happened, what is known of it, who was told, and every act on it.

Does not judge what may be written and does not speak to the log; `governance.run.incidents` does both, in the transaction it opens here.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from governance.audit.bodies_incidents import NO_BREACH
from governance.policy.clocks import NoticeClock
from governance.store.database import Store
from governance.store.models import IncidentActRow, IncidentRow


@dataclass(frozen=True)
class Incident:
    """One entry of the register; its number is `id`. See `IncidentRow`.

    `detail` is the check's own message; `reported_by` a role, or `lethe`. Texts from `nature` on are people's own. `persons` and `records`
    are approximate numbers (GDPR 33(3)(a)). `due_at` is where the clock ends that began at `aware_at`: `clock_hours`, or
    `clock_working_days` of that country and time zone; it counts where the incident is a `breach`.
    """

    id: int
    controller: str
    dataset: str
    kind: str
    cause: str
    run_id: str
    detail: str
    opened_at: datetime
    seen: int
    last_seen_at: datetime
    over_at: datetime | None
    supposed_at: datetime | None
    found_at: datetime
    reported_at: datetime
    reported_by: str
    aware_at: datetime
    clock_hours: int | None
    clock_working_days: int | None
    clock_country: str | None
    clock_zone: str | None
    due_at: datetime
    nature: str | None
    person_categories: str | None
    persons: int | None
    record_categories: str | None
    records: int | None
    consequences: str | None
    measures: str | None
    authority_notified_at: datetime | None
    authority_not_notified: str | None
    delay_reason: str | None
    persons_notified_at: datetime | None
    persons_not_notified: str | None
    closed_at: datetime | None
    closed_by: str | None

    @property
    def state(self) -> str:
        """open, notified (the authority was told) or closed."""
        if self.closed_at is not None:
            return "closed"
        return "notified" if self.authority_notified_at is not None else "open"

    @property
    def breach(self) -> bool:
        """Whether its cause is a breach of personal data (GDPR 4(12)), of which the authority is told."""
        return self.cause not in NO_BREACH

    @property
    def clock_runs(self) -> bool:
        """Nobody has told the authority of a breach yet, or decided with a reason not to (GDPR 33(1))."""
        return self.breach and self.closed_at is None and self.authority_notified_at is None and self.authority_not_notified is None

    def left(self, now: datetime) -> timedelta:
        """How much of the clock is left; negative once it has run out."""
        return self.due_at - now


@dataclass(frozen=True)
class IncidentAct:
    """What was done with an incident: opened, seen, over, amended, notified or closed; `entries` are the fields written and what into."""

    at: datetime
    act: str
    by: str
    entries: Mapping[str, Any]


class Incidents:
    """Reads the register. Raises SurroundingsError when the governance database does not answer."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def all(self, *, everything: bool = False) -> Sequence[Incident]:
        """Those that are not closed, or every one, in the order of their numbers."""
        query = sa.select(IncidentRow).order_by(IncidentRow.id)
        with self._store.begin() as session:
            return [incident_of(row) for row in session.scalars(query if everything else query.where(IncidentRow.closed_at.is_(None)))]

    def incident(self, number: int) -> Incident | None:
        """The incident of that number, or None."""
        with self._store.begin() as session:
            row = session.get(IncidentRow, number)
            return incident_of(row) if row is not None else None

    def acts(self, number: int) -> Sequence[IncidentAct]:
        """Everything that was done with it, in order."""
        query = sa.select(IncidentActRow).where(IncidentActRow.incident == number).order_by(IncidentActRow.id)
        with self._store.begin() as session:
            return [IncidentAct(row.at, row.act, row.by, json.loads(row.entries)) for row in session.scalars(query)]


def standing(session: Session, cause: str, dataset: str) -> IncidentRow | None:
    """The open incident of that cause in that dataset, or None; whoever writes one has called `Store.alone` before."""
    query = sa.select(IncidentRow).where(IncidentRow.cause == cause, IncidentRow.dataset == dataset, IncidentRow.closed_at.is_(None))
    return session.scalars(query.order_by(IncidentRow.id).limit(1)).first()


def incident_of(row: IncidentRow) -> Incident:
    """What a row says."""
    return Incident(**{name: getattr(row, name) for name in Incident.__dataclass_fields__})


def clock_of(row: IncidentRow) -> NoticeClock:
    """The clock an incident was opened with."""
    return NoticeClock(row.clock_hours, row.clock_working_days, row.clock_country, row.clock_zone)


def note_act(session: Session, row: IncidentRow, act: str, by: str, now: datetime, entries: Mapping[str, Any]) -> None:
    """Add an act; instants among the entries are kept as ISO 8601 text."""
    plain = {name: value.isoformat() if isinstance(value, datetime) else value for name, value in entries.items()}
    session.add(IncidentActRow(incident=row.id, at=now, act=act, by=by, entries=json.dumps(plain, ensure_ascii=False)))
