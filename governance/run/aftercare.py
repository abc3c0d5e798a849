"""Use case: look after the tables that a plan has changed, and say what is left to a person. Changes no row."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from datetime import datetime
from typing import Any, Protocol

from governance.audit.bodies_enforcement import AfterCareGiven
from governance.audit.body import instant_text
from governance.audit.events import new_event
from governance.catalogue.aftercare import Care, Mode
from governance.catalogue.governed import GovernedDataset
from governance.planning.plan import Plan
from governance.ports import EventLog
from governance.run.enforce import erased_by


class Carer(Protocol):
    """Knows the state of tables and vacuums them."""

    def give(self, names: Sequence[str], deleted: Sequence[str], mode: Mode) -> Care:
        """Look after the collections of these names; of `deleted` rows went."""
        ...


def care_after(
    plan: Plan, dataset: GovernedDataset, carer: Carer, log: EventLog, mode: Mode, *, now: datetime, run_id: str
) -> dict[str, Any] | None:
    """Give after-care, tell the log, and return it as plain JSON values for the report; None where the plan changed nothing."""
    erased = erased_by(plan, log)
    if not erased:
        return None
    care = carer.give(sorted(erased), sorted(name for name, rows in erased.items() if rows.deleted), mode)
    dead = {table.collection: table.dead for table in care.tables}
    body = AfterCareGiven(plan_digest=plan.digest, mode=mode.value, dead=dead, done=care.done, left=len(care.advice) - care.done)
    log.record(new_event(body, at=now, controller=dataset.controller, dataset=dataset.name, run_id=run_id))
    return {
        "mode": mode.value,
        "tables": [
            {
                "collection": table.collection,
                "rows": table.rows,
                "dead": table.dead,
                "vacuumed_at": instant_text(table.vacuumed_at) if table.vacuumed_at else None,
                "analyzed_at": instant_text(table.analyzed_at) if table.analyzed_at else None,
                "bytes": table.size,
                "unused_bytes": table.unused,
            }
            for table in care.tables
        ],
        "advice": [{**asdict(item), "outcome": item.outcome.value} for item in care.advice],
    }
