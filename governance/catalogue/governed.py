"""The governed dataset: dataset, binding and policy pack resolved into what the calculus, the SQL and the reports all read.

Every name has been looked up, every category expanded to the fields it covers, every reference followed. What remains are plain
immutable values; nobody downstream parses YAML or compares category strings.

Rules checked on the way: closed world (every field has a category, every personal field has a duty), every path leads over declared
references, and a field that may be due before its row says what then happens to it.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time
from decimal import Decimal
from functools import cached_property
from zoneinfo import ZoneInfo

from governance.catalogue.actions import WITH_ROW, FieldAction
from governance.catalogue.caps import CollectionCaps
from governance.catalogue.copies import Copy
from governance.catalogue.inventory import column_of
from governance.catalogue.json_documents import ELEMENTS, column_of_path
from governance.catalogue.ladder import Ladder
from governance.policy.calendar import StartKind, Term
from governance.policy.conditions import Condition
from governance.policy.pack import PolicyPack
from governance.policy.rules import Caps, Effect


@dataclass(frozen=True)
class GovernedField:
    """A column, or with `steps` a path into the JSON documents that stand in one (`json_documents`).

    `data_type` is fideslang's, None where fideslang has no word for it (dates, bytes, UUIDs).
    """

    name: str
    categories: tuple[str, ...]
    data_type: str | None
    personal: bool
    steps: tuple[str, ...] = ()

    @property
    def column(self) -> str:
        """The column it is or leads into."""
        return column_of_path(self.name) if self.steps else self.name

    @property
    def kind(self) -> str | None:
        """The data_type of one value, where the field is an array of them."""
        return self.data_type.removesuffix(ELEMENTS) if self.data_type is not None else None


@dataclass(frozen=True)
class Reference:
    """`fields` of this collection hold the key of a row of `collection`, in the order of its key."""

    fields: tuple[str, ...]
    collection: str

    @property
    def step(self) -> str:
        """How paths name it: by its field, or by its fields joined with +."""
        return "+".join(self.fields)

    def key_in(self, row: Mapping[str, object]) -> Hashable | None:
        """The key of the row that `row` points to; None where any part is empty (SQL's MATCH SIMPLE)."""
        parts = tuple(row[field] for field in self.fields)
        return None if None in parts else _key(parts)


@dataclass(frozen=True)
class Reach:
    """A duty also decides over `fields` of the row of `collection` that `path` leads to: keeps them, or demands that they go."""

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
    effect: Effect
    purposes: tuple[str, ...]
    term: Term
    start: str
    start_kind: StartKind
    covers: frozenset[str]
    applies_when: Condition | None
    not_started_when: Condition | None
    extended_by: tuple[str, ...]
    reaches: tuple[Reach, ...]


@dataclass(frozen=True)
class InheritedDuty:
    """A duty of rows elsewhere that reaches fields here: `path`, read on the other row, leads to this row."""

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
class RecordCheck:
    """Rows of `collection` that meet `violated_when` violate what the pack says under `clause`."""

    id: str
    clause: str
    collection: str
    violated_when: Condition


@dataclass(frozen=True)
class Collection:
    """A table as governed: its key, fields, references, duties and extensions.

    `register` is the pack's register it belongs to; `disclosures` are the fields each recipient receives. `owner` is the role that answers
    for it. `large_objects` are columns of oids that lead to some, `files` are columns that name one, with its store. `confirmed` are fields
    whose categories a person stands by although they look otherwise, with the reason. `caps` are its own. `third_party` are fields that
    speak, or may speak, of others than its subject; `origin` says where its rows come from, `origin_name` from whom.
    """

    name: str
    key: tuple[str, ...]
    fields: Mapping[str, GovernedField]
    references: tuple[Reference, ...]
    subject: str | None
    register: str | None
    disclosures: Mapping[str, frozenset[str]]
    pseudonym_domain: str
    duties: tuple[Duty, ...]
    groups: tuple[FieldGroup, ...]
    on_due: Mapping[str, FieldAction]
    row_conditions: tuple[RowCondition, ...]
    owner: str
    confirmed: Mapping[str, str]
    caps: CollectionCaps | None
    large_objects: tuple[str, ...] = ()
    files: Mapping[str, str] = field(default_factory=dict)
    third_party: tuple[str, ...] = ()
    origin: str = "person"
    origin_name: str | None = None

    @property
    def columns(self) -> tuple[str, ...]:
        """Names of the fields that are columns."""
        return tuple(name for name, field in self.fields.items() if not field.steps)

    def inside(self, column: str) -> tuple[GovernedField, ...]:
        """The fields that lead into the documents of a column."""
        return tuple(field for field in self.fields.values() if field.steps and field.column == column)

    def declared(self, label: str, columns: Iterable[str]) -> GovernedField | None:
        """The field that answers for what a scan calls `label` (`column`, or `column:client.phones.*`); None where none does.

        A column whose documents are declared path by path answers for none of the others.
        """
        column = column_of(label, columns)
        if column is None or label == column or not (inside := self.inside(column)):
            return self.fields.get(column) if column is not None else None
        path = label[len(column) + 1 :].split(".")
        return next((field for field in inside if _leads_to(field.steps, path)), None)

    def personal_inside(self, column: str) -> bool:
        """The column is declared to hold personal data, by itself or at some path."""
        return any(field.personal for field in (self.fields.get(column), *self.inside(column)) if field is not None)

    @property
    def personal_fields(self) -> tuple[str, ...]:
        """Names of the fields that hold personal data."""
        return tuple(name for name, field in self.fields.items() if field.personal)

    def categories_of(self, fields: Iterable[str]) -> tuple[str, ...]:
        """The data categories of these fields, each once, in the order of their names; of what is no field, none."""
        return tuple(sorted({category for name in fields if name in self.fields for category in self.fields[name].categories}))

    @property
    def governed(self) -> bool:
        """Whether any duty decides over rows of this collection."""
        return bool(self.groups)

    def key_of(self, row: Mapping[str, object]) -> Hashable:
        """The row's key: a value, or a tuple of values in the order of `key`."""
        return _key(tuple(row[field] for field in self.key))

    def reference(self, step: str) -> Reference | None:
        """The reference that a path names so, or None."""
        return next((item for item in self.references if item.step == step), None)

    def action(self, field: str) -> FieldAction:
        """What happens to a field that is due before its row."""
        return self.on_due.get(field, WITH_ROW)


@dataclass(frozen=True)
class GovernedDataset:
    """One loan database under one policy version. `collections` stand children first: referencing before referenced, as far as
    cycles allow; `components` are the groups of collections that refer to each other (or to themselves), in the same order.

    `owner` is the role that answers for what no collection owns. `file` is the dataset document's name, for messages about it. Digests are
    SHA-256 of the two documents' texts, under which they are kept with the plans made under them. `copies` None: nobody declared any.
    `restriction_view` is schema and name of the view of marks, `restriction_flag` a column of the subjects' collection that says whether a
    person is restricted.
    """

    name: str
    file: str
    pack: PolicyPack
    policy_digest: str
    dataset_digest: str
    policy_text: str = field(repr=False)
    dataset_text: str = field(repr=False)
    subjects: str | None
    plausible_from: date
    owner: str
    collections: Mapping[str, Collection]
    components: tuple[tuple[str, ...], ...]
    subject_conditions: tuple[SubjectCondition, ...]
    record_checks: tuple[RecordCheck, ...]
    copies: tuple[Copy, ...] | None
    ladder: Ladder
    restriction_view: tuple[str, str] | None = None
    restriction_flag: str | None = None

    @property
    def controller(self) -> str:
        """Id of the company whose policy is enforced."""
        return self.pack.controller

    @property
    def zone(self) -> ZoneInfo:
        """The controller's time zone."""
        return self.pack.zone

    def owner_of(self, collection: str) -> str:
        """The role that answers for a collection, or for a table that is none."""
        found = self.collections.get(collection)
        return found.owner if found is not None else self.owner

    def caps_of(self, collection: str) -> tuple[Caps, str]:
        """The caps of a run over a collection, and whose word they are: the dataset's or the pack's."""
        own = self.collections[collection].caps
        return (self.pack.caps, "the pack") if own is None else (own.over(self.pack.caps), "the dataset")

    @property
    def stores(self) -> frozenset[str]:
        """The stores of files that rows refer to."""
        return frozenset(store for collection in self.collections.values() for store in collection.files.values())

    @cached_property
    def children(self) -> Mapping[str, tuple[tuple[Collection, Reference], ...]]:
        """For each collection, who references it and how."""
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
        before, _, last = path.rpartition(".")
        collection = self.reached(collection, before) if before else collection
        if last not in self.collections[collection].fields:
            raise KeyError(last)
        return collection, last

    def reached(self, collection: str, path: str) -> str:
        """The collection that a path of references leads to. Raises KeyError(step) where a step is no reference."""
        for step in path.split("."):
            reference = self.collections[collection].reference(step)
            if reference is None:
                raise KeyError(step)
            collection = reference.collection
        return collection


def _leads_to(steps: Sequence[str], path: Sequence[str]) -> bool:
    """The path a scan tells is that of the field, or lies below it. `*` stands for elements of an array, declared or not, and for a key
    that may be data."""
    if not steps or not path:
        return not steps
    step, told = steps[0], path[0]
    if step == ELEMENTS:
        return _leads_to(steps[1:], path[1:] if told == "*" else path)
    if told == "*":
        return _leads_to(steps[1:], path[1:]) or _leads_to(steps, path[1:])
    return told == step and _leads_to(steps[1:], path[1:])


def key_text(key: Hashable) -> str:
    """A key as text: of one column as it is; of several joined by `/`, with % and / inside a part written %25 and %2F.

    Values are written as PostgreSQL casts them to text, instants in UTC; only the blanks that pad a `char(n)` it leaves out, and this not.
    """
    if not isinstance(key, tuple):
        return _value_text(key)
    return "/".join(_value_text(part).replace("%", "%25").replace("/", "%2F") for part in key)


def _value_text(value: object) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, Decimal):
        return format(value, "f")
    if isinstance(value, datetime | time):
        zone = ""
        if isinstance(value, datetime) and value.tzinfo is not None:
            value, zone = value.astimezone(UTC).replace(tzinfo=None), "+00"
        whole, _, fraction = str(value).partition(".")
        return f"{whole}.{fraction.rstrip('0')}{zone}" if fraction else whole + zone
    return str(value)


def _key(parts: tuple[object, ...]) -> Hashable:
    return parts[0] if len(parts) == 1 else parts
