"""Use case: put together what one run did to one dataset, in the words people read."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict
from datetime import datetime
from types import MappingProxyType
from typing import Any, Protocol

from governance.audit.body import instant_text
from governance.catalogue.findings import ScanFacts
from governance.planning.plan import Plan
from governance.ports import EventLog
from governance.run.copies import copies_of
from governance.run.enforce import erased_by, results_of
from governance.run.live import held_up


class ReportRegister(Protocol):
    """Keeps run reports."""

    def save_report(self, run_id: str, dataset: str, document: Mapping[str, Any], now: datetime) -> None:
        """Keep one; a later report of the same run replaces it."""
        ...


def report_run(
    plan: Plan,
    facts: ScanFacts,
    log: EventLog,
    register: ReportRegister,
    *,
    time_zone: str,
    evaluated: int,
    now: datetime,
    run_id: str,
    after: Mapping[str, Any] = MappingProxyType({}),
) -> dict[str, Any]:
    """The report of a run that went through its validation; `evaluated` is 0 where no suite speaks to the database. Counts, reasons,
    clauses, digests; no values. Stored, and returned as plain JSON values.

    `after` are further parts of the document, of what followed the enforcement.
    """
    document = {
        "lethe": "run-report/1",
        "run_id": run_id,
        "dataset": plan.dataset,
        "controller": plan.controller,
        "policy_version": plan.policy_version,
        "time_zone": time_zone,
        "as_of": plan.as_of,
        "recorded_at": instant_text(now),
        "plan_digest": plan.digest,
        "tables": facts.tables,
        "scanned": dict(facts.rows),
        "findings": [
            {
                "kind": item.kind.value,
                "gravity": item.gravity.value,
                "collection": item.collection,
                "field": item.field,
                "rows": item.rows,
                "detail": item.detail,
            }
            for item in facts.findings
        ],
        "steps": [
            {
                "step": result.step.number,
                "collection": result.step.collection,
                "action": result.step.action.value,
                "fields": [f"{change.field}: {change.action}" for change in result.step.fields],
                "rules": [{"class": rule.class_id, "clause": rule.clause, "cutoff": rule.cutoff} for rule in result.step.rules],
                "planned": result.step.rows,
                "changed": result.changed,
                "skipped": result.skipped,
            }
            for result in results_of(plan, log)
        ],
        "erased": {collection: asdict(rows) for collection, rows in erased_by(plan, log).items()},
        "rung": asdict(plan.rung) if plan.rung is not None else None,
        "copies": copies_of(plan, log),
        "kept": [vars(kept) for kept in plan.kept],
        "held": held_up(plan, log),
        "validation": {"success": evaluated > 0, "evaluated": evaluated},
        **after,
    }
    register.save_report(run_id, plan.dataset, document, now)
    return document
