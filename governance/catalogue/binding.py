"""The document form of a dataset: a fideslang Dataset, and beside it our binding to the deletion classes of a policy pack.

    dataset:     one fideslang Dataset, unchanged, so that Fides tools read it too
    bindings:    ours: subject, duties, what happens to fields that are due while their row must stay

What the binding means is resolved and cross-checked in `governance.catalogue.governed`.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Annotated, Any, Literal

from fideslang.models import Dataset
from pydantic import BaseModel, Field, PlainSerializer, PlainValidator

from governance.catalogue.actions import FieldAction
from governance.catalogue.caps import CollectionCaps
from governance.catalogue.copies import CopyBinding
from governance.catalogue.ladder import Ladder
from governance.errors import DocumentError
from governance.policy.calendar import StartKind
from governance.policy.conditions import Condition
from governance.policy.document import Identifier, Strict
from governance.policy.loading import check_model, one_line, parse_yaml


def _action(value: object) -> FieldAction:
    return value if isinstance(value, FieldAction) else FieldAction.parse(value)


#: Where the rows of a collection come from.
Origin = Literal["person", "use", "others", "derived"]
Action = Annotated[FieldAction, PlainValidator(_action), PlainSerializer(str)]


class ReachBinding(Strict):
    """The fields of these categories in the row that `via` leads to, over one or more references."""

    via: str
    categories: tuple[str, ...] = Field(min_length=1)


class DutyBinding(Strict):
    """One deletion class, bound to one collection.

    `start` is the field (or path over references) that holds the start event, as a date, an instant or a reporting year. Where
    `not_started_when` holds the period has not begun, whatever `start` says (a reopened contract may keep its old end date); elsewhere
    an absent start is *unknown*. Neither is ever due.

    A duty reaches further than its own row: while it runs, one that keeps also `keeps` fields elsewhere (design section 3.4); once it is
    due, a must-erase also `erases` fields elsewhere (a withdrawal purges what was built on the consent).
    """

    deletion_class: Identifier = Field(alias="class")
    covers: tuple[str, ...] = Field(min_length=1)
    start: str
    start_kind: StartKind = StartKind.DATE
    not_started_when: Condition | None = None
    applies_when: Condition | None = None
    keeps: tuple[ReachBinding, ...] = ()
    erases: tuple[ReachBinding, ...] = ()


class Disclosure(Strict):
    """What of a collection a recipient of the pack receives."""

    recipient: Identifier
    categories: tuple[str, ...] = Field(min_length=1)


class CollectionBinding(Strict):
    """How one collection is governed. A collection without duties must hold no personal data.

    `large_objects` are columns of oids whose large objects go with the field or the row; `files` are columns that hold the path or address
    of a file, which goes likewise, each with the store of lethe.yaml that it lies in.

    `owner` is the role that answers for it, the dataset's where none is named. `confirmed` are fields that look like what they are not
    declared as, each with the reason why the declaration is right: a person's word, which the scan believes. `caps` go before the pack's.

    `third_party` are fields that speak, or may speak, of others than the row's subject: guarantors, payers, contact persons. They are
    the person's own only in rows where they name that person. `origin` is where the rows come from (GDPR 15(1)(g)): given by the person,
    arisen in `use`, from `others` (named by `origin_name`), or `derived` by us, which portability leaves out (GDPR 20(1)).
    """

    subject: str | None = None
    register_: Identifier | None = Field(default=None, alias="register")
    disclosures: tuple[Disclosure, ...] = ()
    pseudonym_domain: Identifier = "lending"
    duties: tuple[DutyBinding, ...] = ()
    on_due: dict[str, Action] = Field(default_factory=dict)
    extended_when: dict[Identifier, Condition] = Field(default_factory=dict)
    large_objects: tuple[str, ...] = ()
    files: dict[str, Identifier] = Field(default_factory=dict)
    owner: Identifier | None = None
    confirmed: dict[str, Annotated[str, Field(pattern=r"\S")]] = Field(default_factory=dict)
    caps: CollectionCaps | None = None
    third_party: tuple[str, ...] = ()
    origin: Origin = "person"
    origin_name: Annotated[str, Field(pattern=r"\S")] | None = None


class SubjectExtension(Strict):
    """Rows of `collection` that, while `active_when` holds, extend everything of the subject they point to."""

    collection: str
    subject: str
    active_when: Condition


class RecordCheckBinding(Strict):
    """Rows of `collection` that meet `violated_when` violate a record check of the pack."""

    collection: str
    violated_when: Condition


class RestrictionBinding(Strict):
    """How others see who is restricted or objected: `view` is one that `governance install` keeps, in a schema of its own; `flag` a column
    of the subjects' collection, of data_type boolean, which is true while a restriction of the person stands."""

    view: Annotated[str, Field(pattern=r"^[a-z_][a-z0-9_]{0,62}\.[a-z_][a-z0-9_]{0,62}$")] | None = None
    flag: str | None = None


class Bindings(Strict):
    """Our part of a dataset document. `copies` left out: nobody said whether there are any; empty: there are none."""

    controller: Identifier
    subjects: str | None = None
    plausible_from: date = date(1950, 1, 1)
    owner: Identifier = "data-protection-officer"
    extensions: dict[Identifier, tuple[SubjectExtension, ...]] = Field(default_factory=dict)
    record_checks: dict[Identifier, RecordCheckBinding] = Field(default_factory=dict)
    copies: dict[Identifier, CopyBinding] | None = None
    ladder: Ladder = Ladder()
    restriction: RestrictionBinding = RestrictionBinding()
    collections: dict[str, CollectionBinding]


class _Document(Strict):
    dataset: list[dict[str, object]] = Field(min_length=1, max_length=1)
    bindings: Bindings


def load_dataset(text: str, file: str) -> tuple[Dataset, Bindings]:
    """Parse a dataset document into its two halves. Raises DocumentError. Does not compare the halves; `govern` does."""
    document = check_model(_Document, parse_yaml(text, file), file)
    written = document.dataset[0]
    dataset: Dataset = check_model(Dataset, written, file, "dataset.0")
    _refuse_unknown_keys(dataset, written, file, "dataset.0")
    return dataset, document.bindings


def _refuse_unknown_keys(model: BaseModel, written: Mapping[str, Any], file: str, at: str) -> None:
    """fideslang ignores keys it does not know: a misspelt `references` would be a reference nobody follows."""
    for key, value in written.items():
        if key not in type(model).model_fields:
            raise DocumentError(file, one_line(f"{at}.{key}"), "a key that fideslang knows", "one that it would ignore")
        part = getattr(model, key)
        if isinstance(part, BaseModel):
            _refuse_unknown_keys(part, value, file, f"{at}.{key}")
        elif isinstance(part, list) and part and isinstance(part[0], BaseModel):
            # fideslang sorts collections and fields by name.
            ordered = sorted(enumerate(value), key=lambda item: item[1]["name"]) if hasattr(part[0], "name") else enumerate(value)
            for (n, item), inner in zip(ordered, part, strict=True):
                _refuse_unknown_keys(inner, item, file, f"{at}.{key}.{n}")
