"""Use case: the dry run. Says what a plan just frozen would change, and whether it would be let. Changes nothing and promises nothing.

What is shown is counted from the plan's own work tables, so it is what an enforcement would begin with; rows are looked at again then.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Protocol

from governance.catalogue.governed import GovernedDataset
from governance.errors import ApprovalMissing
from governance.planning.holds import Hold
from governance.planning.plan import Plan
from governance.planning.preview import Preview, StepPreview
from governance.run.caps import breaches
from governance.run.resolve import ResolutionRegister, require_resolution


class Previewer(Protocol):
    """A loan database that can say whose rows a plan names."""

    @property
    def dataset(self) -> GovernedDataset:
        """What is declared about it."""
        ...

    def preview(self, plan: Plan) -> tuple[int, tuple[StepPreview, ...]]:
        """The different persons of a frozen plan, and its steps with counts and a few keyed references."""
        ...


def dry_run(plan: Plan, database: Previewer, register: ResolutionRegister, holds: Sequence[Hold] = ()) -> Preview:
    """What `plan` would do now; `holds` are those that stand. Raises PlanMismatch if it is not the one that stands frozen there."""
    subjects, steps = database.preview(plan)
    today = plan.as_of_instant.astimezone(database.dataset.zone).date()
    held = Counter(hold.kind.value for hold in holds if hold.active(today))
    return Preview(plan, subjects, steps, tuple(_refusals(plan, database.dataset, register)), dict(sorted(held.items())))


def _refusals(plan: Plan, dataset: GovernedDataset, register: ResolutionRegister) -> Iterator[str]:
    """What stands in the way, all of it: what an enforcement would raise one after the other."""
    own = False
    try:
        resolution = require_resolution(dataset, plan, register)
        own = resolution is not None and resolution.scope == plan.digest
    except ApprovalMissing as missing:
        yield str(missing)
    if not own:
        yield from breaches(plan, dataset)
