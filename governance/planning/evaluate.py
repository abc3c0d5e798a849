"""The retention calculus, read row by row: the reference that the compiled SQL is tested against, and the voice of `explain`.

A field is due when at least one duty applies to it and every duty that applies is due; a row may be deleted when all its personal
fields are due and nothing that still stays points to it. A duty is due when its term has passed since a known start and no extension
holds (design section 3). Nothing here is fast; everything is meant to be read beside the policy.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from functools import cached_property

from governance.catalogue.binding import FieldAction
from governance.catalogue.governed import Collection, Duty, FieldGroup, GovernedDataset, RowCondition, SubjectCondition
from governance.policy.calendar import StartKind
from governance.pseudonym.tokens import is_token

Row = Mapping[str, object]
Rows = Mapping[str, Mapping[Hashable, Row]]


class Standing(StrEnum):
    """Where one duty stands for one row."""

    NOT_STARTED = "not-started"
    UNKNOWN = "unknown-start"
    RUNNING = "running"
    EXTENDED = "extended"
    DUE = "due"


class Fate(StrEnum):
    """What a run would do with a row."""

    KEEP = "keep"
    DEPERSONALISE = "depersonalise"
    DELETE = "delete"


@dataclass(frozen=True)
class Verdict:
    """One duty's verdict over one row, with the dates and extensions that led to it."""

    duty: Duty
    key: Hashable
    standing: Standing
    start: date | datetime | int | None
    due_at: datetime | None
    extensions: tuple[str, ...] = ()


@dataclass(frozen=True)
class GroupVerdict:
    """Every applying duty of a field group, own and inherited."""

    group: FieldGroup
    verdicts: tuple[Verdict, ...]

    @property
    def due(self) -> bool:
        """At least one duty applies, and all that apply are due."""
        return bool(self.verdicts) and all(verdict.standing is Standing.DUE for verdict in self.verdicts)


@dataclass(frozen=True)
class RowVerdict:
    """The fate of a row, and the proof: groups with their duties, and who still points here."""

    collection: str
    key: Hashable
    fate: Fate
    fields: tuple[str, ...]
    groups: tuple[GroupVerdict, ...]
    held_by: tuple[tuple[str, Hashable], ...]


def depersonalised(action: FieldAction, value: object) -> bool:
    """Whether a due field needs no more work: gone, a token where tokens are asked for, or leaving only with its row."""
    if action is FieldAction.WITH_ROW or value is None:
        return True
    return action is FieldAction.PSEUDONYMISE and is_token(value)


class Evaluator:
    """The calculus over rows held in memory. `rows` maps collection -> key -> row; `as_of` is an aware instant."""

    def __init__(self, dataset: GovernedDataset, rows: Rows, as_of: datetime) -> None:
        self.dataset, self.rows, self.as_of = dataset, rows, as_of

    def read(self, collection: str, row: Row, path: str) -> object:
        """The value a dotted path leads to from a row; None where a reference on the way is empty or leads nowhere."""
        *steps, last = path.split(".")
        for step in steps:
            reference = self.dataset.collections[collection].reference(step)
            target = self.rows.get(reference.collection, {}).get(row[step]) if reference and row[step] is not None else None
            if reference is None or target is None:
                return None
            collection, row = reference.collection, target
        return row[last]

    def verdict(self, duty: Duty, key: Hashable) -> Verdict | None:
        """Where the duty stands for one row; None if it does not apply."""
        row = self.rows[duty.collection][key]

        def lookup(path: str) -> object:
            return self.read(duty.collection, row, path)

        if duty.applies_when is not None and not duty.applies_when.holds(lookup):
            return None
        start = lookup(duty.start)
        if duty.not_started_when is not None and duty.not_started_when.holds(lookup):
            return Verdict(duty, key, Standing.NOT_STARTED, None, None)
        if not isinstance(start, date | datetime | int) or not self._plausible(duty, start):
            return Verdict(duty, key, Standing.UNKNOWN, None, None)
        due_at = duty.term.due_at(start)
        if due_at > self.as_of:
            return Verdict(duty, key, Standing.RUNNING, start, due_at)
        extensions = tuple(self._extensions(duty, row))
        return Verdict(duty, key, Standing.EXTENDED if extensions else Standing.DUE, start, due_at, extensions)

    def group(self, collection: Collection, group: FieldGroup, key: Hashable) -> GroupVerdict:
        """All applying duties of a field group for one row: its own, and those of rows elsewhere that keep it."""
        found = [self.verdict(duty, key) for duty in group.direct]
        for inherited in group.inherited:
            holders = self._pointing_here(inherited.duty.collection, inherited.path).get(key, ())
            found.extend(self.verdict(inherited.duty, holder) for holder in holders)
        return GroupVerdict(group, tuple(verdict for verdict in found if verdict is not None))

    def row_due(self, collection: Collection, key: Hashable) -> bool:
        """Every personal field of the row is due. False for collections that nothing governs."""
        return collection.governed and all(self.group(collection, group, key).due for group in collection.groups)

    def held_by(self, collection: Collection, key: Hashable) -> Iterator[tuple[str, Hashable]]:
        """Rows that point to this one and will stay."""
        for child, reference in self.dataset.children[collection.name]:
            for child_key in self._pointing_here(child.name, reference.field).get(key, ()):
                if not self.deletable(child, child_key):
                    yield child.name, child_key

    def deletable(self, collection: Collection, key: Hashable) -> bool:
        """The row is due and nothing that stays points to it."""
        return self.row_due(collection, key) and next(self.held_by(collection, key), None) is None

    def row(self, collection_name: str, key: Hashable) -> RowVerdict:
        """The fate of one row with its proof. Raises KeyError if there is no such collection or row."""
        collection, row = self.dataset.collections[collection_name], self.rows[collection_name][key]
        groups = tuple(self.group(collection, group, key) for group in collection.groups)
        held_by = tuple(self.held_by(collection, key))
        if collection.governed and all(group.due for group in groups) and not held_by:
            return RowVerdict(collection_name, key, Fate.DELETE, (), groups, held_by)
        fields = tuple(name for group in groups if group.due for name in group.group.fields if self._unfinished(collection, row, name))
        return RowVerdict(collection_name, key, Fate.DEPERSONALISE if fields else Fate.KEEP, fields, groups, held_by)

    def _unfinished(self, collection: Collection, row: Row, name: str) -> bool:
        return not depersonalised(collection.on_due.get(name, FieldAction.WITH_ROW), row[name])

    def _plausible(self, duty: Duty, start: date | datetime | int) -> bool:
        # A start before the first plausible date is the placeholder of some import, so unknown (design section 11).
        if duty.start_kind is StartKind.YEAR:
            return isinstance(start, int) and start >= self.dataset.plausible_from.year
        return duty.term.start_date(start) >= self.dataset.plausible_from

    def _extensions(self, duty: Duty, row: Row) -> Iterator[str]:
        subject = self.dataset.collections[duty.collection].subject
        for condition in self.dataset.conditions_for(duty):
            if isinstance(condition, RowCondition):
                holds = condition.active_when.holds(lambda path: self.read(duty.collection, row, path))
            else:
                key = self.read(duty.collection, row, subject) if subject else None
                holds = key is not None and self._active_for(condition, key)
            if holds:
                yield condition.extension

    def _active_for(self, condition: SubjectCondition, subject: object) -> bool:
        def active(other: Row) -> bool:
            return condition.active_when.holds(lambda path: self.read(condition.collection, other, path))

        rows = self.rows.get(condition.collection, {}).values()
        return any(active(other) for other in rows if self.read(condition.collection, other, condition.path) == subject)

    def _pointing_here(self, collection: str, path: str) -> Mapping[Hashable, tuple[Hashable, ...]]:
        index = self._indices.get((collection, path))
        if index is None:
            index = {}
            for key, row in self.rows.get(collection, {}).items():
                target = self.read(collection, row, path)
                if isinstance(target, Hashable) and target is not None:
                    index[target] = (*index.get(target, ()), key)
            self._indices[collection, path] = index
        return index

    @cached_property
    def _indices(self) -> dict[tuple[str, str], dict[Hashable, tuple[Hashable, ...]]]:
        return {}
