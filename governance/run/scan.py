"""Use case: look at a loan database, register what a person must see, and tell the audit log."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Protocol

from governance.audit.events import FindingRaised, ScanCompleted, derived_id, instant_text, new_event
from governance.catalogue.findings import Finding, ScanFacts
from governance.catalogue.governed import GovernedDataset
from governance.errors import LetheError
from governance.ports import EventLog, LoanDatabase


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
    discover: Callable[[], Sequence[Finding]] = tuple,
) -> ScanFacts:
    """Scan once, as things stand at `as_of`. A finding is announced the first time it is seen; the register keeps first and last sight.

    `discover` looks at what nobody declared; it comes first, so that what it finds is registered also where the database no longer fits
    its dataset. Raises DocumentError for that, NothingScanned for an empty database.
    """
    dataset = database.dataset
    discovered = _different(discover())
    try:
        facts = database.scan(as_of)
    except LetheError:
        _register(dataset, discovered, log, register, now, run_id, whole=False)
        raise
    facts = replace(facts, findings=_different((*facts.findings, *discovered)))
    _register(dataset, facts.findings, log, register, now, run_id, whole=True)
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


def _register(
    dataset: GovernedDataset,
    findings: Sequence[Finding],
    log: EventLog,
    register: FindingsRegister,
    now: datetime,
    run_id: str,
    *,
    whole: bool,
) -> None:
    for finding, first_seen in register.note(dataset, findings, now, whole=whole).items():
        raised = FindingRaised(finding=finding.kind.value, collection=finding.collection, field=finding.field, rows=finding.rows)
        event = new_event(raised, at=now, controller=dataset.controller, dataset=dataset.name, run_id=run_id)
        about = (dataset.name, finding.kind.value, finding.collection, finding.field, instant_text(first_seen))
        log.record(replace(event, event_id=derived_id(*about)))  # told once, also where an earlier scan was killed before telling it
