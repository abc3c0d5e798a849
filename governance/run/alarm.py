"""Use case: raise an alarm when run after run finds rows due and changes none of them (design section 4).

A run that is refused, or that skips whatever it finds, looks harmless each night; several in a row mean that data stay beyond their time.
What counts are the plans whose enforcement was begun last, each once however often it was tried. Nothing is remembered but what runs leave
behind anyway, so the alarm ends by itself with the first run that changes something.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from governance.catalogue.findings import Finding, FindingKind
from governance.catalogue.governed import GovernedDataset
from governance.planning.plan import Plan
from governance.ports import EventLog
from governance.run.enforce import results_of
from governance.run.scan import FindingsRegister, register_findings
from governance.store.phases import DONE, Phase

KINDS = (FindingKind.NOTHING_CHANGED, FindingKind.SKIPPED_AGAIN)


class PlanRegister(Protocol):
    """Keeps frozen plans by digest."""

    def plan(self, digest: str) -> Plan:
        """The plan of that digest."""
        ...


class PhaseRegister(Protocol):
    """Keeps what was tried."""

    def enforced_plans(self, dataset: str, limit: int) -> Sequence[str]:
        """The digests of the plans whose enforcement was begun last, the latest first."""
        ...

    def of_plan(self, dataset: str, plan_digest: str) -> Sequence[Phase]:
        """Every attempt at a plan."""
        ...


class AlarmRegister(FindingsRegister, Protocol):
    """Remembers findings, and when those of a kind were over."""

    def over(self, dataset: str, kinds: Sequence[FindingKind], standing: Sequence[Finding], now: datetime) -> None:
        """Of these kinds, what is not among those that stand is gone."""
        ...


@dataclass(frozen=True)
class Attempted:
    """What came of one plan: by collection the rows due, the rows changed and why others were skipped; and how its enforcement ended, by
    the class of the error, `done`, or `killed`."""

    due: Mapping[str, int]
    changed: Mapping[str, int]
    skipped: Mapping[str, Mapping[str, int]]
    ended: str


def alarms(dataset: GovernedDataset, plans: PlanRegister, phases: PhaseRegister, log: EventLog, after: int) -> list[Finding]:
    """The alarms that the last `after` runs give reason for; none while there were not so many."""
    digests = phases.enforced_plans(dataset.name, after)
    if len(digests) < after:
        return []
    return list(judge(dataset, [_attempted(plans.plan(digest), phases.of_plan(dataset.name, digest), log) for digest in digests]))


def judge(dataset: GovernedDataset, runs: Sequence[Attempted]) -> Iterator[Finding]:
    """What so many runs in a row mean, the latest first: by collection, with reasons counted. Pure."""
    for name in sorted(runs[0].due):
        due = [run.due.get(name, 0) for run in runs]
        skipped = [sum(run.skipped.get(name, {}).values()) for run in runs]
        reasons = sum((Counter(run.skipped.get(name, {})) for run in runs), Counter[str]())
        why = [f"{rows:,} {reason}" for reason, rows in sorted(reasons.items())]
        owner = f"{dataset.owner_of(name)} answers for it"
        if all(due) and not any(run.changed.get(name, 0) for run in runs):
            ends = Counter(run.ended for run in runs)
            how = ", ".join(f"{end} ({times})" for end, times in sorted(ends.items()))
            told = f"skipped: {', '.join(why) or 'none'}; runs ended: {how}; {owner}"
            yield Finding(
                FindingKind.NOTHING_CHANGED, name, None, due[0], f"{len(runs)} runs in a row found rows due and changed none; {told}"
            )
        elif all(skipped):
            told = f"each of {len(runs)} runs in a row skipped rows, {min(skipped):,} at least: {', '.join(why)}; {owner}"
            yield Finding(FindingKind.SKIPPED_AGAIN, name, None, skipped[0], told)


def raise_alarms(
    dataset: GovernedDataset, found: Sequence[Finding], log: EventLog, register: AlarmRegister, *, now: datetime, run_id: str
) -> None:
    """Register alarms and tell the log of new ones; what no longer holds is over."""
    register_findings(dataset, found, log, register, now, run_id, whole=False)
    register.over(dataset.name, KINDS, found, now)


def _attempted(plan: Plan, phases: Sequence[Phase], log: EventLog) -> Attempted:
    changed, skipped = Counter[str](), dict[str, Counter[str]]()
    for result in results_of(plan, log):
        changed[result.step.collection] += result.changed
        skipped.setdefault(result.step.collection, Counter()).update(result.skipped)
    due = {name: plan.rows_touched(name) for name in changed}
    ends = [phase.outcome or "killed" for phase in phases if phase.phase == "enforce"]
    return Attempted(due, changed, skipped, DONE if DONE in ends else ends[-1])
