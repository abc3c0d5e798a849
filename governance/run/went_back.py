"""Use case: notice that a loan database went back in time, before anything is planned or carried out there.

The log is the watermark. Every event is committed in the loan database before it is sealed, and is never removed there; so a database in
which an event is missing that the log, or the ledger's copy, has, is an older state of itself or another database. Nothing else tells as
much: a crash, a failover without loss, VACUUM FULL, or a dump and restore of the present state leave every event in place, and are let
through, whatever became of the server beneath. A copy that lacks nothing cannot be told from the original, and need not be: what was
erased there is erased. Going back from it to the original after events were sealed from it is noticed.

One question in the ordinary case: how many events bear a mark. As marks are only ever of events in the log, as many marks as the log has
events means that all are there. Where there are fewer - a sealer was killed, or the database is older - each event is asked for by id.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol
from uuid import UUID

from governance.audit.bodies_restore import RestoreDetected
from governance.audit.events import PLATFORM, new_event
from governance.errors import DatabaseWentBack
from governance.ports import Clock
from governance.store.restores import Known, Loss, Restores

NO_REPLAY = "a replay is built for PostgreSQL alone, so a person restores a state that has all of them"


class Outbox(Protocol):
    """The outbox of one loan database, to look for events in. Raises SurroundingsError."""

    def installed(self) -> bool:
        """Whether there is an outbox at all."""
        ...

    def marks(self) -> int:
        """How many events bear a mark of the sealer."""
        ...

    def present(self, event_ids: Sequence[UUID]) -> set[UUID]:
        """Those of the events that stand there."""
        ...


def missing_events(dataset: str, outbox: Outbox, restores: Restores) -> list[Known]:
    """The events that a loan database should have and has not, in the order of the log."""
    if not outbox.installed():
        return [known for some in restores.known(dataset) for known in some]
    if outbox.marks() == restores.sealed(dataset):
        return _absent(outbox, restores.early(dataset))
    return [known for some in restores.known(dataset) for known in _absent(outbox, some)]


def look_back(
    dataset: str, controller: str, outbox: Outbox, restores: Restores, clock: Clock, run_id: str
) -> tuple[Loss, list[Known]] | None:
    """The standing loss of a database and what is missing in it now, registered and told where it is new; None for a database that lacks
    nothing and has no loss open."""
    missing = missing_events(dataset, outbox, restores)
    standing = restores.standing(dataset)
    if not missing:
        return None if standing is None else (standing, [])
    numbers = [known.seq for known in missing if known.seq is not None]
    ids = [known.event_id for known in missing]
    body = RestoreDetected(
        database=dataset,
        missing=len(missing),
        chunks=len(restores.entries(ids)),
        first=min(numbers, default=None),
        last=max(numbers, default=None),
    )
    now = clock.now()
    event = new_event(body, at=now, controller=controller, dataset=PLATFORM, run_id=run_id)
    return restores.detected(dataset, ids, now, event), missing


def require_not_back(
    dataset: str, controller: str, outbox: Outbox, restores: Restores, clock: Clock, run_id: str, *, replayable: bool = True
) -> None:
    """Raises DatabaseWentBack, before anything is planned or carried out, until the replay is green; where none is built for that kind of
    database (not `replayable`), until no event is missing."""
    found = look_back(dataset, controller, outbox, restores, clock, run_id)
    if found is None:
        return
    loss, missing = found
    if missing:
        where = [known.seq for known in missing if known.seq is not None]
        numbered = f", numbers {min(where)} to {max(where)}" if where else ""
        install = "" if outbox.installed() else "`governance install`, then "
        what = f"{len(missing):,} events that the log or the ledger has are missing there{numbered}"
    else:
        install, what = "", "its events are put back, but the replay did not come to its end"
    until = f"{install}`governance replay --dataset {dataset}` is green" if replayable else f"it lacks none; {NO_REPLAY}"
    raise DatabaseWentBack(
        f"{dataset}: the database went back in time (noticed {loss.detected_at:%Y-%m-%d %H:%M} UTC): {what}. What was erased since may"
        f" stand there again. Nothing is planned or changed until {until}",
        len(missing),
    )


def _absent(outbox: Outbox, known: Sequence[Known]) -> list[Known]:
    if not known:
        return []
    there = outbox.present([item.event_id for item in known])
    return [item for item in known if item.event_id not in there]
