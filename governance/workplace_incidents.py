"""Composition of the register of incidents over one deployment: what people do with it, and the watch over its clocks."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from functools import cached_property
from typing import Any

from governance.audit.bodies_incidents import IncidentAddressee, IncidentKind
from governance.audit.events import PLATFORM
from governance.config import Deployment
from governance.errors import ConfigurationError, Refusal
from governance.policy.clocks import notice_clock
from governance.policy.pack import PolicyPack
from governance.ports import Clock
from governance.run.incident_watch import Running, watch
from governance.run.incidents import amend_incident, close_incident, notify_incident, open_incident
from governance.run.notice import notice
from governance.store.database import Store
from governance.store.incidents import Incident, IncidentAct, Incidents
from governance.workplace import SystemClock


class IncidentDesk:
    """What people do with incidents. Opens nothing before it is asked for it."""

    def __init__(self, deployment: Deployment, clock: Clock | None = None) -> None:
        self._deployment, self._clock = deployment, clock or SystemClock()

    @cached_property
    def store(self) -> Store:
        """The governance database."""
        return Store(self._deployment.store)

    def all(self, *, everything: bool = False) -> Sequence[Incident]:
        """Those that are open, or every one."""
        return Incidents(self.store).all(everything=everything)

    def incident(self, number: int) -> Incident:
        """The incident of that number. Raises ConfigurationError where there is none."""
        found = Incidents(self.store).incident(number)
        if found is None:
            raise ConfigurationError(f"expected the number of an incident as `governance incident list` shows it, found {number}")
        return found

    def acts(self, number: int) -> Sequence[IncidentAct]:
        """What was done with it."""
        return Incidents(self.store).acts(number)

    def report(self, dataset: str | None, kind: IncidentKind, *, by: str, run_id: str) -> Incident:
        """Enter what a person reports; None: it concerns no single dataset."""
        pack = self._pack(dataset if dataset is not None else self._deployment.datasets[0])
        return open_incident(
            self.store,
            self._clock,
            kind=kind,
            cause="reported",
            dataset=dataset if dataset is not None else PLATFORM,
            detail="reported by a person",
            controller=pack.controller,
            run_id=run_id,
            tell_within=notice_clock(pack),
            by=by,
        )

    def amend(self, number: int, entries: Mapping[str, Any], *, by: str, run_id: str) -> Incident:
        """Write what is known of it."""
        return amend_incident(self.store, self._clock, number, entries, by=by, run_id=run_id)

    def notify(
        self, number: int, to: IncidentAddressee, at: datetime | None, *, by: str, run_id: str, delay_reason: str | None
    ) -> Incident:
        """Note that somebody was told, now or at that instant."""
        when = at if at is not None else self._clock.now()
        return notify_incident(self.store, self._clock, number, to=to, at=when, by=by, run_id=run_id, delay_reason=delay_reason)

    def close(self, number: int, *, by: str, run_id: str) -> Incident:
        """Close it."""
        return close_incident(self.store, self._clock, number, by=by, run_id=run_id)

    def notice(self, number: int) -> str:
        """The draft of its notice to the authority. What concerns no single dataset is drafted under the policy of the first."""
        found = self.incident(number)
        if not found.breach:  # GDPR 33(1) is about breaches
            raise Refusal(
                f"incident {number} ({found.cause}) is no breach of personal data; `governance incident open` enters one that led to it"
            )
        return notice(found, self._pack(found.dataset if found.dataset in self._deployment.datasets else self._deployment.datasets[0]))

    def watch(self) -> Sequence[Running]:
        """Every running clock. Raises IncidentDue for those that are nearly out."""
        return watch(self.store, self._clock)

    def _pack(self, dataset: str) -> PolicyPack:
        return self._deployment.governed(dataset, self._clock.now()).pack
