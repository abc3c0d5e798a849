"""Use case: prove on a scratch copy that a restore would go well: restore a backup, replay, validate, search, and destroy the copy.

A drill proves as much as its backup is old: one that holds nobody who was erased since brings nobody back. So it takes the operator's own
backup, never a dump made for it, and its report says how many rows came back before the replay, and how many stood there after.
Nothing of a drill is registered as a loss of the loan database, and nothing is written there.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from governance.audit.bodies_restore import DrillCompleted
from governance.audit.body import instant_text
from governance.audit.canonical import canonical_bytes, digest
from governance.audit.events import PLATFORM, Event, new_event
from governance.audit.layout import drill_name
from governance.audit.ledger_entry import LedgerEntry
from governance.run.replay import ReplayReport, World, by_plan, replay, standing_again
from governance.run.went_back import missing_events
from governance.store import outbox
from governance.store.database import Store
from governance.store.restores import Known, Loss, Restores
from governance.store.spool import enqueue


class Imagined(Restores):
    """What the log and the ledger knew when the drill began, for a copy whose losses are of no consequence: none is registered.

    The lender's own nights and sealings go on meanwhile. What they add is no loss of the copy.
    """

    def __init__(self, store: Store) -> None:
        super().__init__(store)
        self._lost: dict[UUID, None] = {}
        self._sealed: dict[str, int] = {}
        self._known: dict[str, Sequence[Sequence[Known]]] = {}

    def sealed(self, dataset: str) -> int:
        """How many events of a dataset the log had."""
        if dataset not in self._sealed:
            self._sealed[dataset] = super().sealed(dataset)
        return self._sealed[dataset]

    def known(self, dataset: str) -> Iterator[Sequence[Known]]:
        """Every event of a dataset that there was, in the order of the log."""
        if dataset not in self._known:
            self._known[dataset] = [*super().known(dataset)]
        yield from self._known[dataset]

    def early(self, dataset: str) -> Sequence[Known]:
        """Events that only the ledger knew."""
        if dataset not in self._known:  # while it is filled, this is asked for, too
            return super().early(dataset)
        return [known for some in self._known[dataset] for known in some if known.seq is None]

    def standing(self, dataset: str) -> Loss | None:
        """None stands before the drill has looked."""
        return None

    def detected(self, dataset: str, missing: Sequence[UUID], now: datetime, event: Event) -> Loss:
        """Remember what is missing, for this drill alone."""
        self._lost.update(dict.fromkeys(missing))
        return Loss(0, dataset, now, len(missing))

    def entries_of(self, loss: Loss) -> Sequence[LedgerEntry]:
        """The ledger entries of what was missing, in the order of the log."""
        entries = {entry.event_id: entry for entry in self.entries(list(self._lost))}
        return [entries[event_id] for event_id in self._lost if event_id in entries]

    def replayed(self, loss: Loss, report: Mapping[str, object], now: datetime, event: Event) -> None:
        """Nothing to close."""


@dataclass(frozen=True)
class DrillReport:
    """`back`: by collection, rows that the backup brought back and that were erased or changed since; `resurrected`: those that are so
    after the replay. `missing` events were put back. `suppressed`: persons of the suppression list who stood there before the replay and
    after it."""

    drill: str
    missing: int
    back: Mapping[str, int]
    resurrected: Mapping[str, int]
    again: Mapping[str, int]
    unproved: tuple[str, ...]
    suppressed: tuple[int, int]

    @property
    def success(self) -> bool:
        """Nobody was resurrected, by either search, and the suites hold."""
        return not self.resurrected and not self.unproved and not self.suppressed[1]


def hold_drill(world: World, store: Store, *, drill: str, backup_digest: str, run_id: str) -> DrillReport:
    """Replay the scratch database of `world`, whose `restores` are `Imagined`, prove it, and register the outcome, well or not.

    `backup_digest` is the SHA-256 of the backup. Raises what a replay raises, but not for what is doubtful or unproved: that is reported.
    """
    began = world.clock.now()
    ids = [known.event_id for known in missing_events(world.dataset, world.outbox, world.restores)]
    plans = by_plan(world.restores.entries(ids))
    back, before = standing_again(world, plans), world.returned()
    report = replay(world, run_id, accepted_by="drill") or ReplayReport((), 0, 0, {}, {}, ())
    resurrected = standing_again(world, plans)
    result = DrillReport(drill, len(ids), back, resurrected, report.again, report.unproved, (before, world.returned()))
    now = world.clock.now()
    document = {
        "lethe": "drill/1",
        "drill": drill,
        "dataset": world.dataset,
        "began_at": instant_text(began),
        "ended_at": instant_text(now),
        "backup": backup_digest,
        "missing": result.missing,
        "back": dict(back),
        "again": dict(report.again),
        "resurrected": dict(resurrected),
        "suppressed": {"before": result.suppressed[0], "after": result.suppressed[1]},
        "unproved": list(report.unproved),
        "success": result.success,
    }
    content = canonical_bytes(document, f"drill {drill}")
    body = DrillCompleted(
        database=world.dataset,
        drill=drill,
        success=result.success,
        missing=result.missing,
        back=dict(back),
        resurrected=dict(resurrected),
        document_digest=digest(content),
    )
    with store.begin() as session:
        enqueue(session, drill_name(drill), content, now)
        outbox.append(session, new_event(body, at=now, controller=world.controller, dataset=PLATFORM, run_id=run_id))
    return result
