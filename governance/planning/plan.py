"""The plan: a frozen, content-addressed list of actions for one dataset, one policy version and one `as_of`.

Its digest is the SHA-256 of its canonical document. The document names collections, fields, rules, clauses, cut-offs and counts, and
commits to the rows by keyed digests, one for each chunk; it names no row. What is approved, enforced and certified is a plan digest.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import datetime
from enum import StrEnum
from functools import cached_property
from typing import Any

from governance.audit.canonical import canonical_bytes
from governance.catalogue.actions import ActionKind, FieldAction, by_column
from governance.catalogue.governed import GovernedDataset
from governance.errors import PlanMismatch
from governance.planning.asked import Asked


class StepAction(StrEnum):
    """What one step does to its rows. Fields of a depersonalising step carry their own action; the step bears the first of these names
    that one of its fields has."""

    DELETE = "delete"
    PSEUDONYMISE = "pseudonymise"
    GENERALISE = "generalise"
    CONSTANT = "constant"
    NULLIFY = "nullify"


@dataclass(frozen=True)
class RuleReference:
    """A deletion class at work: its clause, who says so, what it demands (`governance.policy.rules.Effect`), and the cut-off its start
    events are compared with."""

    class_id: str
    clause: str
    provenance: str
    effect: str
    cutoff: str


@dataclass(frozen=True)
class FieldChange:
    """One field - a column, or a path into its JSON documents - and what happens to it, in the words of `governance.catalogue.actions`."""

    field: str
    action: str


@dataclass(frozen=True)
class Step:
    """One action over the rows of one collection. `chunks` holds a keyed digest for each chunk, in order.

    `unlinks` names references (`collection.reference`) that are emptied in other doomed rows as those they lead to are deleted.
    """

    number: int
    collection: str
    action: StepAction
    fields: tuple[FieldChange, ...]
    rules: tuple[RuleReference, ...]
    unlinks: tuple[str, ...]
    rows: int
    chunks: tuple[str, ...]

    @cached_property
    def columns(self) -> Mapping[str, FieldAction]:
        """What happens to each column that the step changes."""
        return by_column({change.field: FieldAction.parse(change.action) for change in self.fields})

    @property
    def emptied(self) -> frozenset[str]:
        """The columns it leaves without a value in the rows it changes."""
        return frozenset(name for name, action in self.columns.items() if action.kind is ActionKind.NULLIFY)

    @property
    def thins(self) -> bool:
        """It takes rows or values away, so that shares of NULLs move."""
        return self.action is StepAction.DELETE or bool(self.emptied)


@dataclass(frozen=True)
class Kept:
    """Rows of one collection that a duty keeps, and why: not-started, running, extended or unknown-start."""

    collection: str
    class_id: str
    clause: str
    reason: str
    rows: int


@dataclass(frozen=True)
class Rung:
    """A plan's place on the backlog ladder: the `number`th of `of` rungs, about `percent` of all persons (100: everybody).

    `backlog` counts the different rows that were due of each collection, `left` those of them that belong to persons beyond the rung; other
    rows of persons within it may wait for these.
    """

    number: int
    of: int
    percent: int
    backlog: Mapping[str, int]
    left: Mapping[str, int]

    @property
    def partial(self) -> bool:
        """Not everybody is within it."""
        return self.percent < 100


@dataclass(frozen=True)
class Plan:
    """See the module. `scanned` counts the rows of every governed collection at planning time; `touched` the different rows that the steps
    change of each, None in plans of earlier versions, whose form and digest stay as they were. `rung` is set on the ladder only, `asked`
    where persons asked: `scanned` then counts their own rows, and nothing is `kept`, which their decisions tell."""

    dataset: str
    controller: str
    policy_version: str
    policy_digest: str
    dataset_digest: str
    key_version: int
    as_of: str
    chunk_size: int
    scanned: Mapping[str, int]
    steps: tuple[Step, ...]
    kept: tuple[Kept, ...]
    touched: Mapping[str, int] | None = None
    rung: Rung | None = None
    asked: Asked | None = None

    def document(self) -> dict[str, Any]:
        """The plan as plain JSON values."""
        written = asdict(self)
        if self.asked is not None:
            return {"lethe": "plan/4", **written}
        del written["asked"]
        if self.touched is None:
            del written["touched"], written["rung"]
            return {"lethe": "plan/2", **written}
        return {"lethe": "plan/3", **written}

    @cached_property
    def digest(self) -> str:
        """SHA-256 of the canonical document, lower-case hex."""
        return hashlib.sha256(canonical_bytes(self.document(), "plan")).hexdigest()

    @property
    def rows(self) -> int:
        """Row changes over all steps; a row touched by two steps counts twice."""
        return sum(step.rows for step in self.steps)

    def rows_touched(self, collection: str) -> int:
        """Different rows of a collection that the steps change; of an older plan at least so many, those of its largest step."""
        if self.touched is not None:
            return self.touched.get(collection, 0)
        return max((step.rows for step in self.steps if step.collection == collection), default=0)

    @property
    def in_working_order(self) -> tuple[Step, ...]:
        """Fields first, then rows: a row that is gone can no longer say what it demands of fields elsewhere."""
        return tuple(sorted(self.steps, key=lambda step: step.action is StepAction.DELETE))

    @classmethod
    def from_document(cls, document: Mapping[str, Any]) -> Plan:
        """The plan a stored document stands for. Raises KeyError or TypeError for anything but a plan document."""
        values = dict(document)
        form = values.pop("lethe", None)
        fields = {"plan/2": set[str](), "plan/3": {"touched", "rung"}, "plan/4": {"touched", "rung", "asked"}}.get(str(form))
        if fields is None or {"touched", "rung", "asked"} & values.keys() != fields:
            raise KeyError("lethe: plan/2, plan/3 or plan/4")
        values["steps"] = tuple(_step(item) for item in values["steps"])
        values["kept"] = tuple(Kept(**item) for item in values["kept"])
        values["rung"] = Rung(**values["rung"]) if values.get("rung") is not None else None
        values["asked"] = Asked.from_document(values["asked"]) if form == "plan/4" else None
        return cls(**values)

    @property
    def as_of_instant(self) -> datetime:
        """`as_of` as an aware instant."""
        return datetime.fromisoformat(self.as_of)


def _step(item: Mapping[str, Any]) -> Step:
    values = dict(item)
    values["action"] = StepAction(values["action"])
    values["fields"] = tuple(FieldChange(**change) for change in values["fields"])
    values["rules"] = tuple(RuleReference(**rule) for rule in values["rules"])
    values["unlinks"] = tuple(values["unlinks"])
    values["chunks"] = tuple(values["chunks"])
    return Step(**values)


@dataclass(frozen=True)
class ChunkOutcome:
    """What one chunk did: rows planned, rows changed, and why the others were left alone. `unlinked` counts the rows in which a reference
    to a deleted row was emptied, by the names of the step's `unlinks`.

    `references` are keyed references of the changed rows, in key order; they are the chunk's ledger entries. `large_objects` counts those
    that were unlinked with the rows or their fields, `files` those that are to be deleted for their sake.
    """

    plan_digest: str
    step: Step
    chunk: int
    planned: int
    skipped: Mapping[str, int]
    unlinked: Mapping[str, int]
    references: tuple[str, ...]
    large_objects: int = 0
    files: int = 0

    @classmethod
    def looked_at(
        cls,
        plan_digest: str,
        step: Step,
        chunk: int,
        *,
        planned: int,
        standing: int,
        unlinked: Mapping[str, int],
        references: tuple[str, ...],
        large_objects: int = 0,
        files: int = 0,
    ) -> ChunkOutcome:
        """The outcome of a chunk of which so many rows were `standing`, and those of the `references` due."""
        skipped = {"no longer there": planned - standing, "no longer due": standing - len(references)}
        told = _without_zeros(skipped), _without_zeros(unlinked)
        return cls(plan_digest, step, chunk, planned, *told, references, large_objects, files)

    @property
    def changed(self) -> int:
        """Rows deleted or updated."""
        return len(self.references)


def _without_zeros(counts: Mapping[str, int]) -> dict[str, int]:
    return {reason: rows for reason, rows in counts.items() if rows}


def require_current(plan: Plan, frozen: str | None, dataset: GovernedDataset) -> None:
    """Raises PlanMismatch unless `plan` is the one whose keys stand `frozen` in the database, made under pack and dataset as they are."""
    for what, planned, present in (
        ("policy pack", plan.policy_digest, dataset.policy_digest),
        ("dataset", plan.dataset_digest, dataset.dataset_digest),
    ):
        if planned != present:
            raise PlanMismatch(f"{plan.dataset}: the {what} changed since plan {plan.digest[:12]} was frozen; plan again")
    if frozen != plan.digest:
        found = f"plan {frozen[:12]}" if frozen else "no plan"
        raise PlanMismatch(f"{plan.dataset}: expected plan {plan.digest[:12]} frozen in the database, found {found}; plan again")
