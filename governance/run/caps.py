"""What a plan would change of each collection, against the caps: before the first change, all breaches at once (design section 4). Pure."""

from __future__ import annotations

from collections.abc import Iterator

from governance.catalogue.governed import GovernedDataset
from governance.errors import CapExceeded
from governance.planning.plan import Plan


def check_caps(plan: Plan, dataset: GovernedDataset) -> None:
    """Raises CapExceeded naming every collection of which the plan would change more than its caps allow."""
    found = list(breaches(plan, dataset))
    if found:
        raise CapExceeded(f"{plan.dataset}: {'; '.join(found)}; a resolution for plan {plan.digest} lets it through")


def breaches(plan: Plan, dataset: GovernedDataset) -> Iterator[str]:
    """A line for each cap that a collection's rows exceed: different rows, however many steps change them."""
    for name in dict.fromkeys(step.collection for step in plan.steps):
        caps, whose = dataset.caps_of(name)
        rows, present = plan.rows_touched(name), plan.scanned[name]
        steps = [step for step in plan.steps if step.collection == name]
        does = steps[0].action.value if len(steps) == 1 else "change"
        parts = "" if len(steps) == 1 else f" ({', '.join(f'step {step.number} {step.action.value} {step.rows}' for step in steps)})"
        what = f"would {does} {rows} of {present} rows of {name}{parts}"
        if rows > caps.max_rows:
            yield f"{what}; {whose} allows {caps.max_rows} rows in a run ({caps.clause})"
        if rows >= caps.share_from_rows and rows > caps.max_share * present:
            yield f"{what}; {whose} allows {caps.max_share:.0%} ({caps.clause})"
