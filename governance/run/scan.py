"""Use case: look at a loan database, register what a person must see, and tell the audit log."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Protocol
from uuid import UUID

from governance.audit.bodies_scan import FindingRaised, ScanCompleted
from governance.audit.body import instant_text, name_text
from governance.audit.events import derived_id, new_event
from governance.catalogue.findings import Finding, ScanFacts
from governance.catalogue.governed import GovernedDataset
from governance.errors import LetheError
from governance.ports import EventLog, LoanDatabase
from governance.run.discover import Discovery


class FindingsRegister(Protocol):
    """Remembers findings from night to night."""

    def note(self, dataset: GovernedDataset, findings: Sequence[Finding], now: datetime, *, whole: bool) -> Mapping[Finding, datetime]:
        """Register findings and return when each was first seen; if they are the `whole`, what is not among them is gone."""
        ...


def scan(
    database: LoanDatabase,
    log: EventLog,
    register: FindingsRegister,
    *,
    as_of: datetime,
    now: datetime,
    run_id: str,
    discover: Callable[[], Discovery] = lambda: Discovery((), lambda: None),
) -> ScanFacts:
    """Scan once, as things stand at `as_of`. A finding is announced the first time it is seen; the register keeps first and last sight.

    `discover` looks at what nobody declared; it comes first, so that what it finds is registered also where the database no longer fits
    its dataset; it is remembered last, so that a scan that ended early compares with the same night again. Raises DocumentError for a
    database that does not fit, NothingScanned for an empty one.
    """
    dataset = database.dataset
    discovery = discover()
    discovered = _different(discovery.findings)
    try:
        facts = database.scan(as_of)
    except LetheError:
        register_findings(dataset, discovered, log, register, now, run_id, whole=False)
        raise
    facts = replace(facts, findings=_different((*facts.findings, *discovered)))
    register_findings(dataset, facts.findings, log, register, now, run_id, whole=True)
    discovery.remember()
    done = ScanCompleted(tables=facts.tables, rows=dict(facts.rows), findings=len(facts.findings))
    log.record(new_event(done, at=now, controller=dataset.controller, dataset=dataset.name, run_id=run_id))
    return facts


def _different(findings: Sequence[Finding]) -> tuple[Finding, ...]:
    """One finding for each place: two looks may find the same, and each says why."""
    found: dict[tuple[object, ...], Finding] = {}
    for finding in findings:
        known = found.setdefault(finding.place, finding)
        reasons = "; ".join(dict.fromkeys(item.detail for item in (known, finding) if item.detail is not None))
        found[finding.place] = replace(known, rows=max(known.rows, finding.rows), detail=reasons or None)
    return tuple(found.values())


def register_findings(
    dataset: GovernedDataset,
    findings: Sequence[Finding],
    log: EventLog,
    register: FindingsRegister,
    now: datetime,
    run_id: str,
    *,
    whole: bool,
) -> None:
    """Register findings, and tell the log of those that it was not told; if they are the `whole`, what is not among them is gone."""
    about = {_event_id(dataset, *found): found[0] for found in register.note(dataset, findings, now, whole=whole).items()}
    told = log.recorded(list(about))  # in one question: a night may find again thousands that earlier nights told
    for event_id, finding in about.items():
        if event_id not in told:
            raised = FindingRaised(
                finding=finding.kind.value,
                collection=name_text(finding.collection),
                field=name_text(finding.field) if finding.field is not None else None,
                rows=finding.rows,
            )
            event = new_event(raised, at=now, controller=dataset.controller, dataset=dataset.name, run_id=run_id)
            log.record(replace(event, event_id=event_id))


def _event_id(dataset: GovernedDataset, finding: Finding, first_seen: datetime) -> UUID:
    """A finding is told once, also where an earlier scan was killed before telling it."""
    return derived_id(dataset.name, finding.kind.value, finding.collection, finding.field, instant_text(first_seen))
