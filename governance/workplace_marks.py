"""Composition of marks of persons, for one dataset of a deployment: which stand, and those that a run has ended."""

from __future__ import annotations

from datetime import datetime

from governance.adapters.keyring import FileKeyring
from governance.adapters.marks import MarkTable
from governance.adapters.portable.dialect import is_portable
from governance.catalogue.governed import GovernedDataset
from governance.config import Deployment
from governance.planning.marks import Mark
from governance.ports import Clock
from governance.run.mark_requests import settle_marks
from governance.store.database import Store
from governance.store.requests import Requests


def standing_marks(engine: str, dataset: GovernedDataset, at: datetime | None = None) -> tuple[Mark, ...]:
    """The marks that stand, or stood at an instant; none where the database is not PostgreSQL."""
    if is_portable(engine):
        return ()
    table = MarkTable(engine, dataset)
    return table.standing() if at is None else table.standing_at(at)


def settle(deployment: Deployment, dataset: GovernedDataset, clock: Clock, run_id: str) -> None:
    """After an enforcement: end what marks are about nothing any more. Does nothing where the database is not PostgreSQL."""
    engine = deployment.entry(dataset.name).engine
    if is_portable(engine):
        return
    requests = Requests(Store(deployment.store), FileKeyring(deployment.keyring), run_id=run_id)
    settle_marks(MarkTable(engine, dataset), requests, now=clock.now(), run_id=run_id)
