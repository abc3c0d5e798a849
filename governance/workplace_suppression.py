"""Composition of the suppression list, for one dataset of a deployment, and of its upkeep for all."""

from __future__ import annotations

from collections.abc import Iterable

from governance.adapters.identifying import SubjectIdentifiers
from governance.adapters.keyring import FileKeyring
from governance.catalogue.findings import Finding
from governance.catalogue.governed import GovernedDataset
from governance.config import Deployment
from governance.errors import DocumentError
from governance.planning.plan import Plan
from governance.planning.suppression import Identifiers
from governance.ports import Clock
from governance.run.suppression import (
    Found,
    capture_erasures,
    forget,
    matcher_of,
    returned_findings,
    search,
    settle,
    settle_earlier,
    suppressed_lines,
    trace_findings,
    traced,
)
from governance.store.database import Store
from governance.store.registers import Registers
from governance.store.suppressions import Suppressions
from governance.workplace_restore import keep_ledger


def capture_suppression(deployment: Deployment, dataset: GovernedDataset, plan: Plan, clock: Clock, run_id: str) -> None:
    """Before a plan's first change: settle what earlier plans left open, and capture whom this one is to erase. On every dialect."""
    register, plans = Suppressions(Store(deployment.store)), Registers(Store(deployment.store))
    settle_earlier(
        dataset.name,
        register,
        plans.plan,
        lambda earlier: keep_ledger(deployment, dataset, earlier),
        clock,
        except_for=plan.digest,
        run_id=run_id,
    )
    source = SubjectIdentifiers(deployment.entry(dataset.name).engine, dataset, FileKeyring(deployment.keyring))
    capture_erasures(plan, source, register, clock)


def settle_suppression(deployment: Deployment, plan: Plan, clock: Clock, run_id: str, *, whole: bool) -> int:
    """After the ledger of a plan was copied: put on the list whom it erased."""
    return settle(plan, Suppressions(Store(deployment.store)), clock, whole=whole, run_id=run_id)


def settle_waiting(deployment: Deployment, clock: Clock, run_id: str) -> int:
    """At a sealing: put on the list whom enforcements erased that were killed before they could say so; how many."""
    register, plans = Suppressions(Store(deployment.store)), Registers(Store(deployment.store))
    open_plans = [plans.plan(digest) for name in deployment.datasets for digest in register.unsettled(name)]
    return sum(settle(plan, register, clock, whole=False, run_id=run_id) for plan in open_plans)


def forget_expired(deployment: Deployment, clock: Clock, run_id: str) -> int:
    """DANGEROUS: forget who was on a list for the longest `evidence_retention` of the versions of its policy; how many persons."""
    register, count = Suppressions(Store(deployment.store)), 0
    for name in deployment.datasets:
        packs = [version.pack for version in deployment.pack_versions(name)]
        retention = max((pack.evidence_retention for pack in packs), key=lambda period: period.after(clock.now().date()))
        count += forget(name, packs[-1].controller, register, retention, clock, run_id=run_id)
    return count


def suppressed_in(deployment: Deployment, dataset: GovernedDataset, clock: Clock, url: str | None = None) -> Found:
    """Who of a dataset's list stands in its database, or in another one of the same form at `url`."""
    keys = FileKeyring(deployment.keyring)
    source = SubjectIdentifiers(url or deployment.entry(dataset.name).engine, dataset, keys)
    return search(matcher_of(dataset, Suppressions(Store(deployment.store)), keys), source, clock.now(), dataset.zone)


def erased_returned(deployment: Deployment, dataset: GovernedDataset, clock: Clock) -> list[Finding]:
    """What a scan has to tell of it. Nothing of a database that does not fit its dataset, which the scan itself refuses."""
    keys = FileKeyring(deployment.keyring)
    source = SubjectIdentifiers(deployment.entry(dataset.name).engine, dataset, keys)
    matcher, now = matcher_of(dataset, Suppressions(Store(deployment.store)), keys), clock.now()
    try:
        elsewhere = traced(matcher, source, now, dataset.zone)
        return [*returned_findings(dataset, search(matcher, source, now, dataset.zone)), *trace_findings(elsewhere)]
    except DocumentError:
        return []


def lines_suppressed(deployment: Deployment, dataset: GovernedDataset, lines: Iterable[tuple[int, Identifiers]]) -> list[int]:
    """The numbers of those lines whose person is on the list."""
    matcher = matcher_of(dataset, Suppressions(Store(deployment.store)), FileKeyring(deployment.keyring))
    return list(suppressed_lines(matcher, lines))
