"""Use case: place and release a hold on a person or a record of a loan database (credithelp art. 21, GDPR 18, credit-plus 8.3.2).

A hold stops every duty of what it covers, in planning and under the locks of an enforcement, until it is released or its date comes. Each
act is an audit event with a keyed reference; who acts is named by role or staff number, why by kind and clause. Does not judge whether the
reason is good, and takes no free text: what a case is about belongs into the case file, not into a log that nobody can change.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime
from typing import Protocol
from uuid import UUID, uuid4

from governance.audit.bodies_plan import HoldPlaced, HoldReleased
from governance.audit.events import Event, new_event
from governance.catalogue.governed import GovernedDataset
from governance.errors import ConfigurationError, Refusal
from governance.planning.holds import Hold, HoldKind


class Holds(Protocol):
    """Keeps holds, each with its event."""

    def place(self, hold: Hold, now: datetime, event: Event) -> None:
        """Add one. Raises Refusal if there is no such record."""
        ...

    def release(self, hold_id: UUID, now: datetime, event: Event) -> None:
        """End one. Raises Refusal if none of that id stands."""
        ...


def place_hold(
    dataset: GovernedDataset,
    holds: Holds,
    refer: Callable[[str, str], str],
    *,
    collection: str,
    key: str,
    kind: HoldKind,
    clause: str,
    until: date | None,
    by: str,
    now: datetime,
    run_id: str,
) -> Hold:
    """Place one hold. `refer` makes the keyed reference of (collection, key); `until` is the first day on which it no longer holds.

    Raises ConfigurationError for an unknown collection, Refusal for a date that has come, an empty clause or actor, or no such record.
    """
    if collection not in dataset.collections:
        raise ConfigurationError(f"{dataset.name}: expected a collection of {', '.join(dataset.collections)}, found {collection!r}")
    if not clause.strip() or not by.strip():
        raise Refusal("a hold names the clause it rests on, and who places it by role or staff number")
    hold = Hold(str(uuid4()), collection, key, kind, clause.strip(), until)
    if not hold.active(now.astimezone(dataset.zone).date()):
        raise Refusal(f"until: expected a day after today, found {until}; the hold would hold nothing")
    body = HoldPlaced(
        hold_id=hold.id,
        hold_kind=kind.value,
        clause=hold.clause,
        collection=collection,
        key_ref=refer(collection, key),
        until=until.isoformat() if until is not None else None,
        placed_by=by.strip(),
    )
    holds.place(hold, now, new_event(body, at=now, controller=dataset.controller, dataset=dataset.name, run_id=run_id))
    return hold


def release_hold(dataset: GovernedDataset, holds: Holds, hold_id: str, *, by: str, now: datetime, run_id: str) -> None:
    """Release one hold. Raises Refusal if the id is none, nobody is named, or no such hold stands."""
    try:
        known = UUID(hold_id)
    except ValueError:
        raise Refusal("expected the id of a hold as `governance hold list` shows it") from None
    if not by.strip():
        raise Refusal("releasing a hold names who does it by role or staff number")
    body = HoldReleased(hold_id=str(known), released_by=by.strip())
    holds.release(known, now, new_event(body, at=now, controller=dataset.controller, dataset=dataset.name, run_id=run_id))
