"""What a change of policy would do to the records of one database: counts of records and persons that change fate. Pure values.

Which rules are to blame is decided here, on the two governed datasets: of all duties that decide over a field, its own and inherited, those
that are not the same on both sides. A field whose duties are all the same changes fate only with its row, because of rows that refer to it.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict, dataclass, replace
from datetime import datetime
from typing import Any

from governance.audit.body import instant_text
from governance.catalogue.governed import Duty, FieldGroup, GovernedDataset
from governance.planning.evaluate import Fate
from governance.policy.document import covered


@dataclass(frozen=True)
class RuleChange:
    """Records with a field of `category` whose fate one rule changes; `rule` None: only because of rows that refer to theirs."""

    rule: str | None
    category: str
    before: Fate
    after: Fate
    records: int
    subjects: int


@dataclass(frozen=True)
class CollectionChange:
    """Records of a collection whose own fate changes; `collection` None: of all collections, each person counted once."""

    collection: str | None
    before: Fate
    after: Fate
    records: int
    subjects: int


@dataclass(frozen=True)
class Difference:
    """Two policies over one state of one database at one reference time. Persons are counted where a record leads to one."""

    dataset: str
    as_of: datetime
    before: tuple[str, str]
    after: tuple[str, str]
    rules: tuple[RuleChange, ...]
    collections: tuple[CollectionChange, ...]

    def document(self) -> dict[str, Any]:
        """As plain JSON values; policies by version and digest."""
        return {
            "lethe": "difference/1",
            "dataset": self.dataset,
            "as_of": instant_text(self.as_of),
            "before": dict(zip(("policy_version", "policy_digest"), self.before, strict=True)),
            "after": dict(zip(("policy_version", "policy_digest"), self.after, strict=True)),
            "rules": [asdict(item) for item in self.rules],
            "collections": [asdict(item) for item in self.collections],
        }


def causes(old: GovernedDataset, new: GovernedDataset, collection: str, field: str) -> tuple[tuple[str | None, str], ...]:
    """(rule, category) pairs under which a field's change of fate is counted: every changed rule with each of its personal categories."""
    before, after = _duties(old, collection, field), _duties(new, collection, field)
    rules: list[str | None] = [*sorted({class_id for class_id, *_ in before ^ after})]
    found = [side.collections[collection].fields.get(field) for side in (new, old) if collection in side.collections]
    categories = next((item.categories for item in found if item is not None), ())
    return tuple((rule, category) for rule in rules or [None] for category in categories if covered(category, "user"))


def personal_fields(old: GovernedDataset, new: GovernedDataset, collection: str) -> tuple[str, ...]:
    """Fields that either side calls personal."""
    sides = [side.collections[collection] for side in (old, new) if collection in side.collections]
    return tuple(dict.fromkeys(name for side in sides for name in side.personal_fields))


def group_of(dataset: GovernedDataset, collection: str, field: str) -> FieldGroup | None:
    """The group that decides over a field, None where the dataset does not govern it."""
    groups: Iterable[FieldGroup] = dataset.collections[collection].groups if collection in dataset.collections else ()
    return next((group for group in groups if field in group.fields), None)


def _duties(dataset: GovernedDataset, collection: str, field: str) -> frozenset[tuple[str, Duty, str, object]]:
    """Each duty that decides, stripped of what decides nothing (wording, numbering), with its path and all that can extend it."""
    group = group_of(dataset, collection, field)
    if group is None:
        return frozenset()
    duties = [(duty, "") for duty in group.direct] + [(item.duty, item.path) for item in group.inherited]
    bare = [(replace(duty, number=0, title="", clause="", provenance="", purposes=()), path) for duty, path in duties]
    return frozenset(
        (duty.class_id, duty, path, tuple(replace(condition, clause="") for condition in dataset.conditions_for(duty)))
        for duty, path in bare
    )
