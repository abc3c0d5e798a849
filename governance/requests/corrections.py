"""What a rectification is to correct (GDPR 16): what is said to be wrong and to be right, and the single values that it comes to.

Pure. One entry names a place - `dataset.collection.field` - or a data category, which is then meant wherever the old value stands. What
stands there and what is right are personal data: they never print, stand in no message, and are stored encrypted. Whether a value can be
right is for `correctness`, where it stands for `correcting`.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any

from governance.audit.canonical import canonical_bytes
from governance.catalogue.governed import GovernedDataset
from governance.errors import RequestInvalid
from governance.pseudonym.tokens import is_token
from governance.requests import fields
from governance.requests.fields import Fault, FieldFault
from governance.requests.request import Correction

KEYS = ("at", "old", "new")


@dataclass(frozen=True)
class Wanted:
    """One correction: at one place, or of one category. `old` None: nothing stands there yet; `new` None: nothing is to stand there."""

    at: str
    dataset: str | None
    collection: str | None
    field: str | None
    old: str | None = dataclasses.field(repr=False)
    new: str | None = dataclasses.field(repr=False)

    @property
    def category(self) -> str | None:
        """The category that is meant wherever it stands; None for a place."""
        return None if self.dataset is not None else self.at

    def document(self) -> dict[str, Any]:
        """As plain JSON values, to be encrypted."""
        return asdict(self)


@dataclass(frozen=True)
class Change:
    """One value of one row: `key` is the row's key as text, `key_ref` its keyed reference, `old` and `new` the values as text."""

    dataset: str
    collection: str
    field: str
    key: str = dataclasses.field(repr=False)
    key_ref: str
    old: str | None = dataclasses.field(repr=False)
    new: str | None = dataclasses.field(repr=False)

    def document(self) -> dict[str, Any]:
        """As plain JSON values, to be encrypted."""
        return asdict(self)


@dataclass(frozen=True)
class CorrectionStep:
    """Rows of one collection in which the same fields change: one statement. Changes stand by row, then by field."""

    dataset: str
    collection: str
    fields: tuple[str, ...]
    changes: tuple[Change, ...]

    @property
    def rows(self) -> dict[str, dict[str, Change]]:
        """By key of the row and field."""
        found: dict[str, dict[str, Change]] = {}
        for change in self.changes:
            found.setdefault(change.key, {})[change.field] = change
        return found

    @property
    def references(self) -> tuple[str, ...]:
        """The keyed references of its rows, in their order."""
        return tuple(dict.fromkeys(change.key_ref for change in self.changes))

    @property
    def parts(self) -> tuple[str, str, str]:
        """What tells it from the other steps of a decision."""
        return self.dataset, self.collection, "+".join(self.fields)


@dataclass(frozen=True)
class Compared:
    """What a statement did beside its change: rows of the table that the server counted, columns that followed by the lender's own doing,
    and the other columns of the rows as text, over which a keyed digest is made."""

    step: CorrectionStep
    counted: int
    followed: tuple[str, ...]
    others: bytes = dataclasses.field(repr=False)


@dataclass(frozen=True)
class Looked:
    """What was found of a step afterwards: rows that do not hold the new value, rows that somebody has changed since, and the other columns
    as text, None where rows are missing or were changed since."""

    step: CorrectionStep
    wrong: int
    later: int
    others: bytes | None = dataclasses.field(repr=False)


def steps_of(changes: Iterable[Change]) -> tuple[CorrectionStep, ...]:
    """The statements that changes come to, in an order that follows from them alone."""
    rows: dict[tuple[str, str, str], list[Change]] = {}
    for change in sorted(changes, key=lambda item: (item.dataset, item.collection, item.key, item.field)):
        rows.setdefault((change.dataset, change.collection, change.key), []).append(change)
    steps: dict[tuple[str, str, tuple[str, ...]], list[Change]] = {}
    for (dataset, collection, _), of_row in rows.items():
        steps.setdefault((dataset, collection, tuple(change.field for change in of_row)), []).extend(of_row)
    return tuple(CorrectionStep(*place, tuple(of_step)) for place, of_step in sorted(steps.items()))


def content(changes: Iterable[Change]) -> bytes:
    """What a keyed digest of changes is over: every place, row, old and new value. Personal data; never stored."""
    ordered = [change.document() for step in steps_of(changes) for change in step.changes]
    return canonical_bytes(ordered, "corrections")


def wanted_of(
    entries: Sequence[Mapping[str, Any]], datasets: Mapping[str, GovernedDataset], asked: Sequence[Correction] = ()
) -> tuple[Wanted, ...]:
    """The corrections that entries stand for, each a mapping of `at`, `old` and `new`. Where an entry of a category has no `new`, it is
    what the request itself `asked` for. Raises RequestInvalid with every fault, none of which repeats a value."""
    found: list[Wanted] = []
    faults: list[Fault] = []
    if not 1 <= len(entries) <= fields.MOST:
        faults.append(Fault("corrections", f"1 to {fields.MOST} entries", f"{len(entries)}"))
    for n, entry in enumerate(entries[: fields.MOST], 1):
        try:
            found.append(_entry(f"corrections.{n}", entry, datasets, asked))
        except FieldFault as error:
            faults.append(error.fault)
    places = [(item.at, item.old) for item in found]
    faults += [Fault("corrections", "each place and old value once", "one twice")] if len(set(places)) < len(places) else []
    if faults:
        raise invalid(faults)
    return tuple(found)


def invalid(faults: Iterable[Fault]) -> RequestInvalid:
    """What is raised for faults."""
    told = [str(fault) for fault in dict.fromkeys(faults)]
    return RequestInvalid(f"nothing is corrected: {'; '.join(told)}", told)


def _entry(place: str, entry: object, datasets: Mapping[str, GovernedDataset], asked: Sequence[Correction]) -> Wanted:
    if not isinstance(entry, Mapping) or not entry.keys() <= set(KEYS):
        raise FieldFault(place, f"a mapping of {', '.join(KEYS)}", "another form")
    at = entry.get("at")
    old = _value(f"{place}.old", entry.get("old"))
    where = _place(at, datasets) if isinstance(at, str) else None
    if where is None:
        taxonomy = {category for dataset in datasets.values() for category in dataset.pack.taxonomy}
        if not isinstance(at, str) or at not in taxonomy:
            raise FieldFault(f"{place}.at", "dataset.collection.field of a declared dataset, or a data category of the policy", "another")
        if old is None:  # wherever nothing stands is too many places
            raise FieldFault(f"{place}.old", "the value that stands; what is missing is completed at one dataset.collection.field", "none")
    new = _value(f"{place}.new", entry.get("new"))
    if new is None and where is None:
        new = next((item.value for item in asked if item.category == at), None)
    if old == new:
        raise FieldFault(f"{place}.new", "another value than the old one", "the same" if new is not None else "none")
    dataset, collection, name = where or (None, None, None)
    return Wanted(str(at), dataset, collection, name, old, new)


def _place(at: str, datasets: Mapping[str, GovernedDataset]) -> tuple[str, str, str] | None:
    for name, dataset in datasets.items():
        for collection in dataset.collections.values():
            rest = at.removeprefix(f"{name}.{collection.name}.")
            if rest != at and rest in collection.fields:
                return name, collection.name, rest
    return None


def _value(place: str, value: object) -> str | None:
    if value is None or value == "":
        return None
    text = fields.free_text(place, value.isoformat() if type(value) is date else value)
    if is_token(text):
        raise FieldFault(place, "a value as a person gives it", "the form of a pseudonym")
    return text
