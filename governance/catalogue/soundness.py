"""What is wrong with a governed dataset although each of its names is known: duties that can never be due, or that contradict each other.

Pure, and static: it looks at the documents, never at rows. Each fault names its place and the clause at stake.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from governance.catalogue.governed import Collection, Duty, FieldGroup, GovernedDataset
from governance.policy.conditions import IsNull
from governance.policy.document import covered
from governance.policy.rules import Effect
from governance.policy.satisfiable import can_hold
from governance.policy.schedule import ends_before


@dataclass(frozen=True)
class Fault:
    """Something wrong at a place of a dataset. `certain`: wrong for every record; else only for some."""

    collection: str
    fields: tuple[str, ...]
    clause: str
    text: str
    certain: bool = True


def faults(dataset: GovernedDataset) -> Iterator[Fault]:
    """Every fault of the dataset, collection by collection."""
    for collection in dataset.collections.values():
        yield from _never_due(collection)
        yield from _uncovered(dataset, collection)
        for group in collection.groups:
            yield from _empty_intervals(collection, group)


def bound_rules(dataset: GovernedDataset) -> dict[str, int]:
    """How many personal fields each bound rule covers directly, by its id."""
    found: dict[str, set[tuple[str, str]]] = {}
    for collection in dataset.collections.values():
        for duty in collection.duties:
            found.setdefault(duty.class_id, set()).update((collection.name, field) for field in duty.covers)
    return {class_id: len(fields) for class_id, fields in found.items()}


def _never_due(collection: Collection) -> Iterator[Fault]:
    for duty in collection.duties:
        if not can_hold(these=[duty.applies_when, _known(duty)], none_of=[duty.not_started_when]):
            text = f"{duty.class_id} can never be due: wherever it applies, its period has not begun or its start is unknown"
            yield Fault(collection.name, tuple(sorted(duty.covers)), duty.clause, text)


def _uncovered(dataset: GovernedDataset, collection: Collection) -> Iterator[Fault]:
    """A binding may cover more than its class speaks of (`covers: [user]`), so each category needs a class that speaks of it."""
    rules = {rule.id: rule for rule in dataset.pack.rules}
    for group in collection.groups:
        spoken_of = {category for duty in group.direct for category in rules[duty.class_id].categories}
        for name in group.fields:
            for category in collection.fields[name].categories:
                if covered(category, "user") and not any(covered(category, by) for by in spoken_of):
                    classes = " or ".join(duty.class_id for duty in group.direct)
                    text = f"no class covers {category}; {classes} speaks of other categories"
                    yield Fault(collection.name, (name,), group.direct[0].clause, text)


def _empty_intervals(collection: Collection, group: FieldGroup) -> Iterator[Fault]:
    """Between keep and erase there is no time left: to be gone before it may go, counted from one and the same start."""
    duties = [(duty, "") for duty in group.direct] + [(item.duty, item.path) for item in group.inherited]
    for erase, erase_path in duties:
        for keep, keep_path in duties:
            same_rows = (erase.collection, erase_path) == (keep.collection, keep_path)
            if erase.effect is not Effect.MUST_ERASE or keep.effect is not Effect.MUST_KEEP or not same_rows:
                continue
            how_often = _overtaken(erase, keep)
            if how_often != "never":
                text = (
                    f"{erase.class_id} ({erase.term.period} {erase.term.rule}) {how_often} demands erasure before {keep.class_id} "
                    f"({keep.term.period} {keep.term.rule}) lets go, both from {erase.start}"
                )
                clause = f"{erase.clause}; {keep.clause}"
                yield Fault(collection.name, group.fields, clause, text, certain=how_often == "always")


def _overtaken(erase: Duty, keep: Duty) -> Literal["always", "sometimes", "never"]:
    if (erase.start, erase.start_kind) != (keep.start, keep.start_kind):
        return "never"
    if not can_hold(these=[erase.applies_when, keep.applies_when, _known(erase)], none_of=[erase.not_started_when]):
        return "never"  # no record falls under both
    return ends_before(erase.term, keep.term, erase.start_kind)


def _known(duty: Duty) -> IsNull:
    return IsNull(field=duty.start, is_null=False)
