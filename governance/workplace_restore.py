"""Composition of what guards a loan database against its own past: the look back before anything is done there, and the ledger's copy."""

from __future__ import annotations

from governance.adapters.outbox import Outbox
from governance.adapters.portable.dialect import is_portable
from governance.adapters.portable.outbox import PortableOutbox
from governance.audit.bodies_incidents import IncidentCause
from governance.catalogue.findings import WHOLE, Finding, FindingKind
from governance.catalogue.governed import GovernedDataset
from governance.config import Deployment
from governance.errors import DatabaseWentBack
from governance.planning.plan import Plan
from governance.policy.clocks import notice_clock
from governance.ports import Clock
from governance.run.enforce import chunk_events
from governance.run.incidents import KIND_OF, open_incident
from governance.run.ledger import keep_early
from governance.run.went_back import look_back, require_not_back
from governance.store.database import Store
from governance.store.restores import Restores

CAUSE: IncidentCause = "restore-unreplayed"


def open_outbox(url: str) -> Outbox | PortableOutbox:
    """The outbox of a loan database under the sealer's role."""
    return PortableOutbox(url) if is_portable(url) else Outbox(url)


def require_present(deployment: Deployment, dataset: GovernedDataset, clock: Clock, run_id: str) -> None:
    """Raises DatabaseWentBack, with an incident opened, where the loan database lacks what the log has or a replay is not green."""
    store = Store(deployment.store)
    url = deployment.entry(dataset.name).sealer
    outbox, replayable = open_outbox(url), not is_portable(url)
    try:
        require_not_back(dataset.name, dataset.controller, outbox, Restores(store), clock, run_id, replayable=replayable)
    except DatabaseWentBack as refusal:
        open_incident(
            store,
            clock,
            kind=KIND_OF[CAUSE],
            cause=CAUSE,
            dataset=dataset.name,
            detail=str(refusal),
            controller=dataset.controller,
            run_id=run_id,
            tell_within=notice_clock(dataset.pack),
        )
        raise


def losses(deployment: Deployment, dataset: GovernedDataset, clock: Clock, run_id: str) -> list[Finding]:
    """What a scan has to tell of it: at most one finding, about the database as a whole."""
    outbox = open_outbox(deployment.entry(dataset.name).sealer)
    found = look_back(dataset.name, dataset.controller, outbox, Restores(Store(deployment.store)), clock, run_id)
    if found is None:
        return []
    told = f"{found[0].missing:,} events of the log were missing; noticed {found[0].detected_at:%Y-%m-%d %H:%M} UTC; `governance replay`"
    return [Finding(FindingKind.DATABASE_WENT_BACK, WHOLE, None, 0, told)]


def keep_ledger(deployment: Deployment, dataset: GovernedDataset, plan: Plan) -> int:
    """Copy what the chunks of a plan have noted in the ledger so far; how many entries are new."""
    outbox = open_outbox(deployment.entry(dataset.name).sealer)
    return keep_early(Store(deployment.store), dataset.name, outbox, list(chunk_events(plan)))
