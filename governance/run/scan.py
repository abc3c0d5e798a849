"""Use case: look at a loan database, register what a person must see, and tell the audit log."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from typing import Protocol

from governance.audit.events import FindingRaised, ScanCompleted, derived_id, instant_text, new_event
from governance.catalogue.findings import Finding, ScanFacts
from governance.ports import EventLog, LoanDatabase


class FindingsRegister(Protocol):
    """Remembers findings from night to night."""

    def note_findings(self, dataset: str, findings: tuple[Finding, ...], now: datetime) -> Mapping[Finding, datetime]:
        """Register findings and return when each was first seen."""
        ...


def scan(database: LoanDatabase, log: EventLog, register: FindingsRegister, *, as_of: datetime, now: datetime, run_id: str) -> ScanFacts:
    """Scan once, as things stand at `as_of`. A finding is announced the first time it is seen; the register keeps first and last sight.

    Raises DocumentError where the declared dataset does not fit the database, NothingScanned for an empty one.
    """
    facts = database.scan(as_of)
    dataset = database.dataset
    for finding, first_seen in register.note_findings(dataset.name, facts.findings, now).items():
        raised = FindingRaised(finding=finding.kind.value, collection=finding.collection, field=finding.field, rows=finding.rows)
        event = new_event(raised, at=now, controller=dataset.controller, dataset=dataset.name, run_id=run_id)
        about = (dataset.name, finding.kind.value, finding.collection, finding.field, instant_text(first_seen))
        log.record(replace(event, event_id=derived_id(*about)))  # told once, also where an earlier scan was killed before telling it
    done = ScanCompleted(tables=facts.tables, rows=dict(facts.rows), findings=len(facts.findings))
    log.record(new_event(done, at=now, controller=dataset.controller, dataset=dataset.name, run_id=run_id))
    return facts
