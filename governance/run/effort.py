"""Use case: note what each phase of a run takes - time, time of each step, write-ahead log - and put it together for the report.

Noted at the beginning and at the end of each attempt, so that one that was killed is not forgotten. The log is measured at the server,
which says nothing of who wrote it: other sessions' writing meanwhile is in it, and it is told as the whole server's.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from datetime import datetime, timedelta
from typing import Any, Protocol

from governance.audit.bodies_enforcement import RunMeasured
from governance.audit.events import new_event
from governance.catalogue.governed import GovernedDataset
from governance.errors import LetheError
from governance.planning.plan import Plan, Step
from governance.ports import Clock, EventLog
from governance.store.phases import DONE, Phase

WAL_OF = "server"


class PhaseRegister(Protocol):
    """Keeps what phases took."""

    def begin(self, dataset: str, run_id: str, phase: str, plan_digest: str | None, now: datetime) -> int:
        """Note that an attempt begins."""
        ...

    def end(self, number: int, outcome: str, now: datetime, *, wal_bytes: int | None, steps: Mapping[int, int]) -> None:
        """Note how an attempt ended."""
        ...


class Effort:
    """What one attempt takes, while it works."""

    def __init__(self, clock: Clock, began: datetime) -> None:
        self._clock, self._last = clock, began
        self.steps: Counter[int] = Counter()

    def worked(self, step: Step) -> None:
        """A chunk of a step is through: the time since the one before was the step's."""
        now = self._clock.now()
        self.steps[step.number] += (now - self._last) // timedelta(milliseconds=1)
        self._last = now


@contextmanager
def measured(
    register: PhaseRegister,
    clock: Clock,
    *,
    dataset: str,
    run_id: str,
    phase: str,
    plan_digest: str | None = None,
    wal: Callable[[], int | None] = lambda: None,
) -> Iterator[Effort]:
    """Measure what happens inside. `wal` is the server's position in its log, in bytes. What is raised inside is noted by its class."""
    began = clock.now()
    number = register.begin(dataset, run_id, phase, plan_digest, began)
    effort = Effort(clock, began)
    before = _position(wal)

    def end(outcome: str) -> None:
        after = _position(wal)
        # Not of one log, as after a failover: nothing can be said.
        written = after - before if before is not None and after is not None and after >= before else None
        register.end(number, outcome, clock.now(), wal_bytes=written, steps=effort.steps)

    try:
        yield effort
    except BaseException as error:
        with suppress(LetheError):  # what happened inside is what has to be told
            end(type(error).__name__)
        raise
    end(DONE)


def _position(wal: Callable[[], int | None]) -> int | None:
    try:
        return wal()
    except LetheError:
        return None  # a measure is no reason to fail


def effort_of(phases: Sequence[Phase]) -> dict[str, Any]:
    """What a run's attempts came to, as plain JSON values. Time of attempts that failed counts; of killed ones none is known."""
    spent, steps = Counter[str](), Counter[str]()
    for item in phases:
        spent[item.phase] += item.milliseconds
        steps.update({str(number): milliseconds for number, milliseconds in item.steps.items()})
    enforced = [item for item in phases if item.phase == "enforce"]
    known = [item.wal_bytes for item in enforced if item.wal_bytes is not None]
    return {
        "phases": dict(spent),
        "steps": dict(steps),
        "wal_bytes": sum(known) if known and len(known) == len(enforced) else None,
        "wal_of": WAL_OF,
        "attempts": len(enforced),
    }


def tell_effort(plan: Plan, effort: Mapping[str, Any], dataset: GovernedDataset, log: EventLog, *, now: datetime, run_id: str) -> None:
    """Record what a run took."""
    body = RunMeasured(plan_digest=plan.digest, **effort)
    log.record(new_event(body, at=now, controller=dataset.controller, dataset=dataset.name, run_id=run_id))
