"""The composition of the capture before an enforcement: to whom the rows of its plan belong."""

from __future__ import annotations

from governance.adapters.annex import DpoCertificate
from governance.adapters.capturing import PlanSubjects, standing_on_postgres
from governance.adapters.keyring import FileKeyring
from governance.adapters.portable.database import PortableLoanDatabase
from governance.adapters.portable.dialect import is_portable
from governance.adapters.portable.own_tables import work_of
from governance.catalogue.governed import GovernedDataset
from governance.config import Deployment
from governance.planning.plan import Plan
from governance.ports import Clock
from governance.run.capture import capture
from governance.store.captures import Captures
from governance.store.database import Store
from governance.workplace_suppression import capture_suppression


def capture_subjects(deployment: Deployment, dataset: GovernedDataset, plan: Plan, clock: Clock, run_id: str) -> None:
    """Before a plan's first change: keep whom it is to erase, for the suppression list, and to whom its rows belong."""
    capture_suppression(deployment, dataset, plan, clock, run_id)
    url, keys = deployment.entry(dataset.name).engine, FileKeyring(deployment.keyring)
    envelope = DpoCertificate(deployment.dpo_certificate) if deployment.dpo_certificate is not None else None
    if is_portable(url):
        source = PlanSubjects(dataset, keys, PortableLoanDatabase(url, dataset, keys).standing, work_of(dataset))
    else:
        source = PlanSubjects(dataset, keys, standing_on_postgres(url, dataset, keys))
    capture(plan, source, Captures(Store(deployment.store)), envelope, clock, run_id=run_id)
