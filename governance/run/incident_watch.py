"""Use case: look at the clocks of all incidents, so that nobody lets one run out unseen; and open one where a check fails."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta

from governance.audit.bodies_incidents import IncidentCause
from governance.catalogue.governed import GovernedDataset
from governance.errors import IncidentDue, LetheError, ValidationFailed
from governance.policy.clocks import DEFAULT_NOTICE, NoticeClock, notice_clock
from governance.ports import Clock
from governance.run.incidents import KIND_OF, incident_over, open_incident
from governance.store.database import Store
from governance.store.incidents import Incident, Incidents

SOON = timedelta(hours=24)


@dataclass(frozen=True)
class Running:
    """An incident whose authority was neither told nor found not to need telling, and how much of its clock is left."""

    incident: Incident
    left: timedelta

    def __str__(self) -> str:
        """One line: number, cause, dataset, time left."""
        hours = self.left.total_seconds() / 3600
        when = f"{hours:.1f} hours left" if hours > 0 else f"overdue by {-hours:.1f} hours"
        return f"incident {self.incident.id} ({self.incident.cause}, {self.incident.dataset}): {when} to tell the authority"


def running(store: Store, now: datetime) -> Sequence[Running]:
    """Every incident whose clock runs, the most urgent first."""
    found = [Running(incident, incident.left(now)) for incident in Incidents(store).all() if incident.clock_runs]
    return sorted(found, key=lambda item: (item.left, item.incident.id))


def watch(store: Store, clock: Clock) -> Sequence[Running]:
    """Every running clock. Raises IncidentDue naming those with less than 24 hours left, and those that have run out."""
    found = running(store, clock.now())
    urgent = [item for item in found if item.left < SOON]
    if urgent:
        raise IncidentDue("; ".join(map(str, urgent)) + ". See `governance incident show`, `notice` and `notify`")
    return found


@contextmanager
def incident_on(
    failure: type[LetheError],
    store: Store,
    clock: Clock,
    *,
    cause: IncidentCause,
    dataset: str,
    controller: str,
    run_id: str,
    tell_within: NoticeClock = DEFAULT_NOTICE,
) -> Iterator[None]:
    """Open an incident where what is done inside fails that way, and let the failure pass on."""
    try:
        yield
    except failure as error:
        told = {"detail": str(error), "controller": controller, "run_id": run_id, "tell_within": tell_within}
        open_incident(store, clock, kind=KIND_OF[cause], cause=cause, dataset=dataset, **told)  # type: ignore[arg-type]
        raise


@contextmanager
def validation_incident(store: Store, clock: Clock, dataset: GovernedDataset, run_id: str) -> Iterator[None]:
    """A failed validation opens an incident: data that are due still stand, or something was changed that was not planned."""
    about = {"controller": dataset.controller, "run_id": run_id, "tell_within": notice_clock(dataset.pack)}
    with incident_on(ValidationFailed, store, clock, cause="validation-failed", dataset=dataset.name, **about):  # type: ignore[arg-type]
        yield


def validation_holds(store: Store, clock: Clock, dataset: GovernedDataset, run_id: str) -> None:
    """A validation that holds again ends the incident, which a person closes."""
    incident_over(store, clock, cause="validation-failed", dataset=dataset.name, run_id=run_id)
