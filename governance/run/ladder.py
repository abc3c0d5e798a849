"""Use case: find out which rung of the backlog ladder is next. Remembers nothing of its own: plans, events and validations say it.

A rung is passed when it was carried out to its end and its outcome proved. A database in which a plan of everything was ever carried out
has no first enforcement before it, and so no ladder.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Protocol

from governance.audit.events import derived_id
from governance.catalogue.governed import GovernedDataset
from governance.catalogue.ladder import NextRung
from governance.catalogue.ladder import next_rung as after
from governance.ports import EventLog


class RungRegister(Protocol):
    """Keeps plans and what was proved of them."""

    def rungs(self, dataset: str) -> Mapping[str, int | None]:
        """Every plan by its digest, with its number on the ladder; None for one of everything."""
        ...

    def validated(self, digests: Sequence[str]) -> frozenset[str]:
        """Those of the plans whose outcome was proved."""
        ...


def next_rung(dataset: GovernedDataset, register: RungRegister, log: EventLog) -> NextRung | None:
    """The rung to plan now; None where there is no ladder, or none any more."""
    if dataset.ladder.off_because is not None:
        return None
    plans = register.rungs(dataset.name)
    ids = {derived_id(digest, "completed"): digest for digest in plans}
    completed = {ids[event_id] for event_id in log.recorded(list(ids))}
    if any(plans[digest] is None for digest in completed):
        return None
    proved = register.validated(sorted(completed))
    return after(dataset.ladder, max((rung for digest in proved if (rung := plans[digest]) is not None), default=0))
