"""Use case: look at a loan database, register what a person must see, and tell the audit log."""

from __future__ import annotations

from datetime import datetime
from typing import Protocol

from governance.audit.events import FindingRaised, ScanCompleted, new_event
from governance.catalogue.findings import Finding, ScanFacts
from governance.ports import EventLog, LoanDatabase


class FindingsRegister(Protocol):
    """Remembers findings from night to night."""

    def note_findings(self, dataset: str, findings: tuple[Finding, ...], now: datetime) -> tuple[Finding, ...]:
        """Register findings and return those not known before."""
        ...


def scan(database: LoanDatabase, log: EventLog, register: FindingsRegister, *, now: datetime, run_id: str) -> ScanFacts:
    """Scan once. A finding is announced the first time it is seen; the register keeps first and last sight.

    Raises DocumentError where the declared dataset does not fit the database, NothingScanned for an empty one.
    """
    facts = database.scan()
    dataset = database.dataset
    fresh = register.note_findings(dataset.name, facts.findings, now)
    for finding in fresh:
        raised = FindingRaised(finding=finding.kind.value, collection=finding.collection, field=finding.field, rows=finding.rows)
        log.record(new_event(raised, at=now, controller=dataset.controller, dataset=dataset.name, run_id=run_id))
    done = ScanCompleted(tables=facts.tables, rows=dict(facts.rows), findings=len(facts.findings))
    log.record(new_event(done, at=now, controller=dataset.controller, dataset=dataset.name, run_id=run_id))
    return facts
