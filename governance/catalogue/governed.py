"""The governed dataset: dataset, binding and policy pack resolved into what the calculus, the SQL and the reports all read.

Every name has been looked up, every category expanded to the fields it covers, every reference followed. What remains are plain
immutable values; nobody downstream parses YAML or compares category strings.

Rules checked on the way: closed world (every field has a category, every personal field has a duty), every path leads over declared
references, collections form no cycle, and a field that may be due before its row says what then happens to it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from zoneinfo import ZoneInfo

from governance.catalogue.binding import FieldAction
from governance.policy.calendar import StartKind, Term
from governance.policy.conditions import Condition
from governance.policy.pack import PolicyPack


@dataclass(frozen=True)
class GovernedField:
    """A column. `data_type` is fideslang's, None where fideslang has no word for it (dates, bytes, UUIDs)."""

    name: str
    categories: tuple[str, ...]
    data_type: str | None
    personal: bool


@dataclass(frozen=True)
class Reference:
    """`field` of this collection holds the key of a row of `collection`."""

    field: str
    collection: str


@dataclass(frozen=True)
class Keep:
    """A duty also keeps `fields` of the row of `collection` that `path` leads to."""

    path: str
    collection: str
    fields: frozenset[str]


@dataclass(frozen=True)
class Duty:
    """One deletion class at work in one collection. `number` orders the duties of a collection."""

    collection: str
    number: int
    class_id: str
    title: str
    clause: str
    provenance: str
    term: Term
    start: str
    start_kind: StartKind
    covers: frozenset[str]
    applies_when: Condition | None
    not_started_when: Condition | None
    extended_by: tuple[str, ...]
    keeps: tuple[Keep, ...]


@dataclass(frozen=True)
class InheritedDuty:
    """A duty of rows elsewhere that keeps fields here: `path`, read on the other row, leads to this row."""

    duty: Duty
    path: str


@dataclass(frozen=True)
class FieldGroup:
    """Fields of one collection that share all their duties, and so their fate."""

    fields: tuple[str, ...]
    direct: tuple[Duty, ...]
    inherited: tuple[InheritedDuty, ...]


@dataclass(frozen=True)
class SubjectCondition:
    """While a row of `collection` whose `path` leads to the subject meets `active_when`, everything of the subject is extended."""

    extension: str
    clause: str
    collection: str
    path: str
    active_when: Condition


@dataclass(frozen=True)
class RowCondition:
    """The extension holds for a row that meets this condition itself."""

    extension: str
    clause: str
    active_when: Condition


@dataclass(frozen=True)
class Collection:
    """A table as governed: its key, fields, references, duties and extensions."""

    name: str
    key: str
    fields: Mapping[str, GovernedField]
    references: tuple[Reference, ...]
    subject: str | None
    pseudonym_domain: str
    duties: tuple[Duty, ...]
    groups: tuple[FieldGroup, ...]
    on_due: Mapping[str, FieldAction]
    row_conditions: tuple[RowCondition, ...]

    @property
    def personal_fields(self) -> tuple[str, ...]:
        """Names of the fields that hold personal data."""
        return tuple(name for name, field in self.fields.items() if field.personal)

    @property
    def governed(self) -> bool:
        """Whether any duty decides over rows of this collection."""
        return bool(self.groups)

    def reference(self, field: str) -> Reference | None:
        """The reference held by a field, or None."""
        return next((item for item in self.references if item.field == field), None)


@dataclass(frozen=True)
class GovernedDataset:
    """One loan database under one policy version. `collections` stand children first: referencing before referenced.

    `file` is the dataset document's name, for messages about it.
    """

    name: str
    file: str
    pack: PolicyPack
    policy_digest: str
    dataset_digest: str
    subjects: str | None
    plausible_from: date
    collections: Mapping[str, Collection]
    subject_conditions: tuple[SubjectCondition, ...]

    @property
    def controller(self) -> str:
        """Id of the company whose policy is enforced."""
        return self.pack.controller

    @property
    def zone(self) -> ZoneInfo:
        """The controller's time zone."""
        return self.pack.zone

    @cached_property
    def children(self) -> Mapping[str, tuple[tuple[Collection, Reference], ...]]:
        """For each collection, who references it and by which field."""
        return {
            name: tuple((child, ref) for child in self.collections.values() for ref in child.references if ref.collection == name)
            for name in self.collections
        }

    def conditions_for(self, duty: Duty) -> tuple[SubjectCondition | RowCondition, ...]:
        """Every condition that can extend a duty: on the row itself, or through its subject."""
        own = self.collections[duty.collection]
        found: list[SubjectCondition | RowCondition] = [*own.row_conditions]
        if own.subject is not None:
            found.extend(self.subject_conditions)
        return tuple(item for item in found if item.extension in duty.extended_by)

    def target_of(self, collection: str, path: str) -> tuple[str, str]:
        """(collection, field) that a dotted path ends at. Raises KeyError(step) where a step is no reference or field."""
        *steps, last = path.split(".")
        for step in steps:
            reference = self.collections[collection].reference(step)
            if reference is None:
                raise KeyError(step)
            collection = reference.collection
        if last not in self.collections[collection].fields:
            raise KeyError(last)
        return collection, last
