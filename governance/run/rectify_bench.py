"""What rectifications are made with: the loan databases in which rows can be corrected, and those who look at them afterwards."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Protocol
from uuid import UUID

from governance.audit.events import Event
from governance.ports import EventLog, KeySource
from governance.requests.corrections import Change, Compared, CorrectionStep, Looked
from governance.requests.fields import Fault
from governance.run.decide_requests import AskedDatabase, Desk
from governance.store.corrections import Corrections


class Correctable(AskedDatabase, EventLog, Protocol):
    """A loan database in which rows can be corrected."""

    def correction_faults(self, changes: Sequence[tuple[int, Change]]) -> Sequence[Fault]:
        """What its columns cannot bear."""
        ...

    def correct(
        self,
        steps: Sequence[CorrectionStep],
        persons: frozenset[str],
        today: date,
        describe: Callable[[CorrectionStep], Event],
        compared: Callable[[Compared], Event],
    ) -> dict[str, int]:
        """Carry out every step with its events, or none. Raises PlanMismatch."""
        ...


class Looking(Protocol):
    """Looks at corrected rows, independent of what corrected them."""

    def look(self, steps: Mapping[UUID, CorrectionStep]) -> Sequence[Looked]:
        """What stands of the steps, by the events that told of them."""
        ...


@dataclass(frozen=True)
class Bench:
    """What rectifications are made with, beside the desk of decisions. Databases and readers are those of a controller, by dataset."""

    desk: Desk
    corrections: Corrections
    databases: Callable[[str], Mapping[str, Correctable]]
    readers: Callable[[str], Mapping[str, Looking]]
    keys: KeySource
