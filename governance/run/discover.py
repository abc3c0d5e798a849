"""Use case: explore a loan database beyond what is declared, keep its inventory, and say what has to be looked at.

The world is closed (design section 3): what stands there and nobody answers for is a finding, and so is a schema that is no longer what it
was the night before. Samples never reach this module.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Protocol

from governance.audit.bodies_scan import InventoryNoted
from governance.audit.events import new_event
from governance.catalogue.closed_world import world_findings
from governance.catalogue.drift import Shifts, drift_findings, expected, least, remembered, standing
from governance.catalogue.explored import Explored, InventoryEntry, entries
from governance.catalogue.findings import Finding
from governance.catalogue.governed import GovernedDataset
from governance.catalogue.steady import with_unread
from governance.errors import NothingScanned
from governance.ports import EventLog
from governance.store.inventory import Remembered, last_whole


class Explorer(Protocol):
    """Reads a database's schema and samples its columns."""

    def explore(self, today: date, stood: Sequence[InventoryEntry]) -> Explored:
        """Everything that stands in it. `today` bounds what can be a date of birth; `stood` is what the inventory holds, from which no
        verdict departs by the luck of a draw."""
        ...


class Inventory(Protocol):
    """Remembers columns and verdicts from night to night."""

    def current(self, dataset: str) -> Sequence[Remembered]:
        """What was seen last; empty before the first exploration."""
        ...

    def note(self, dataset: str, entries: Iterable[InventoryEntry], now: datetime) -> int:
        """Bring it to what was just seen; how many entries are new or judged differently."""
        ...


@dataclass(frozen=True)
class Discovery:
    """What an exploration found. `remember` brings the inventory to what was seen, which is what the next night compares with: to be called
    once the findings are registered, so that a scan that is killed or retried finds them again."""

    findings: tuple[Finding, ...]
    remember: Callable[[], None]


def discover(
    dataset: GovernedDataset,
    explorer: Explorer,
    inventory: Inventory,
    log: EventLog,
    *,
    rules: str,
    as_of: datetime,
    now: datetime,
    run_id: str,
    own_shifts: Callable[[datetime], Shifts] = lambda since: {},
) -> Discovery:
    """Explore once; who calls registers the findings and has them remembered. `rules` is the version of the recognition rules. `own_shifts`
    says by how much the engine itself moved the shares of NULLs since an instant.

    Raises NothingScanned where no table was found, SurroundingsError for a database that does not answer.
    """
    known = inventory.current(dataset.name)
    stood, since = [item.entry for item in known], last_whole(known)
    explored = explorer.explore(as_of.astimezone(dataset.zone).date(), stood)
    if not explored.tables:
        raise NothingScanned(f"{dataset.name}: no table is visible; is this the right database, and may the role see it?")
    explored = with_unread(dataset, explored, stood, rules)
    before = expected(remembered(stood), own_shifts(since) if since is not None else {})
    here = standing(explored.tables, explored.nulls)
    world = world_findings(dataset, explored.tables, explored.verdicts, explored.unreadable)
    drift = drift_findings(dataset, before, here)

    def remember() -> None:
        noted = list(entries(dataset, replace(explored, nulls=least(before, here)), rules))
        body = InventoryNoted(
            rules=rules,
            tables=len(explored.tables),
            columns=len(noted),
            personal=sum(entry.personal for entry in noted),
            changed=inventory.note(dataset.name, noted, now),
            unreadable=len(explored.unreadable),
        )
        log.record(new_event(body, at=now, controller=dataset.controller, dataset=dataset.name, run_id=run_id))

    return Discovery((*world, *explored.findings, *drift), remember)
