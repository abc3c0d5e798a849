"""The retention calculus, read row by row: the reference that the compiled SQL is tested against, and the voice of `explain`.

A duty is due when its term has passed since a known start and nothing extends it. A field is due when every must-keep duty over it is due,
and either a must-erase is due or no permission is left: some duty lets it be kept and all that do are over. A must-erase that is due beside
a must-keep that is not is a conflict, and the data stay (design section 3.2). A row is deleted when all its personal fields are due and no
row that stays leads to it. Nothing here is fast; everything is meant to be read beside the policy.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from functools import cached_property

from governance.catalogue.actions import ActionKind, FieldAction, coarser
from governance.catalogue.governed import Collection, Duty, FieldGroup, GovernedDataset, RowCondition, SubjectCondition, key_text
from governance.catalogue.json_documents import parsed, reached
from governance.planning.asked import Asking
from governance.planning.holds import Hold
from governance.planning.json_values import finished
from governance.planning.marks import Mark, Objection, objecting, objections_of
from governance.policy.calendar import StartKind
from governance.policy.conditions import Lookup
from governance.policy.rules import Effect
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
class Extended:
    """What keeps a duty from being due although its term is over: an extension of the policy, or a hold."""

    by: str
    clause: str


@dataclass(frozen=True)
class Verdict:
    """One duty's verdict over one row, with the dates and extensions that led to it. `released` is the clause under which it counts as over
    because the person asked, although its term is not."""

    duty: Duty
    key: Hashable
    standing: Standing
    start: date | datetime | int | None
    due_at: datetime | None
    extensions: tuple[Extended, ...] = ()
    released: str | None = None

    @property
    def due(self) -> bool:
        """The term is over and nothing extends it."""
        return self.standing is Standing.DUE


@dataclass(frozen=True)
class GroupVerdict:
    """Every applying duty of a field group, own and inherited; `held` are the holds on the row itself or its person."""

    group: FieldGroup
    verdicts: tuple[Verdict, ...]
    held: tuple[Extended, ...] = ()

    def of(self, *effects: Effect) -> tuple[Verdict, ...]:
        """The verdicts of the duties with one of these effects."""
        return tuple(verdict for verdict in self.verdicts if verdict.duty.effect in effects)

    @property
    def must_go(self) -> bool:
        """Some duty demands that the data be gone by now."""
        return any(verdict.due for verdict in self.of(Effect.MUST_ERASE))

    @property
    def must_stay(self) -> bool:
        """Some duty demands that the data not go yet."""
        return not all(verdict.due for verdict in self.of(Effect.MUST_KEEP))

    @property
    def no_longer_needed(self) -> bool:
        """Some duty let the data be kept, and all that did are over. Without any, nothing is known to be over."""
        keeping = self.of(Effect.MUST_KEEP, Effect.MAY_KEEP)
        return bool(keeping) and all(verdict.due for verdict in keeping)

    @property
    def due(self) -> bool:
        """The data have to go now. A hold stops everything it covers, also what rows elsewhere demand."""
        return not self.held and not self.must_stay and (self.must_go or self.no_longer_needed)

    @property
    def conflict(self) -> bool:
        """One duty demands that the data be gone, another that they stay: for a person, never a silent pick."""
        return self.must_go and self.must_stay


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
    """Whether a due field needs no more work: gone, a token, coarse or the constant where asked for, or going only with its row."""
    if action.kind is ActionKind.WITH_ROW or value is None:
        return True
    if action.kind in (ActionKind.GENERALISE, ActionKind.CONSTANT):
        return coarser(action, value) == value
    return action.kind is ActionKind.PSEUDONYMISE and is_token(value)


def field_finished(collection: Collection, name: str, row: Row) -> bool:
    """The same of a field of a row, which may be a path into its documents; of what is no document nothing can be said, nor done."""
    field, action = collection.fields[name], collection.action(name)
    if not field.steps:
        return depersonalised(action, row[name])
    document = row[field.column]
    if isinstance(document, str):
        try:
            document = parsed(document)
        except ValueError:
            return True
    return all(finished(action, field.kind, value) for value in reached(document, field.steps))


class Evaluator:
    """The calculus over rows held in memory. `rows` maps collection -> key -> row; `as_of` is an aware instant. With `asking`, classes end
    for the persons who ask, and rows of nobody else go. `marks` are those that stand, of which objections end classes for their persons in
    a plan that nobody asked for."""

    def __init__(
        self,
        dataset: GovernedDataset,
        rows: Rows,
        as_of: datetime,
        holds: Sequence[Hold] = (),
        asking: Asking | None = None,
        marks: Sequence[Mark] = (),
    ) -> None:
        self.dataset, self.rows, self.as_of, self.asking = dataset, rows, as_of, asking
        self._objecting = objecting(marks) if asking is None else {}
        self._objections = objections_of(dataset.pack, {item for some in self._objecting.values() for item in some})
        today = as_of.astimezone(dataset.zone).date()
        self.holds = [hold for hold in holds if hold.active(today)]

    def read(self, collection: str, row: Row, path: str) -> object:
        """The value a dotted path leads to from a row; None where a reference on the way is empty or leads nowhere."""
        before, _, last = path.rpartition(".")
        if not before:
            return row[last]
        collection, key = self.reached(collection, row, before)
        target = self.rows.get(collection, {}).get(key)
        return None if target is None else target[last]

    def reached(self, collection: str, row: Row, path: str) -> tuple[str, Hashable | None]:
        """The collection and key that a path of references leads to; the key is None where a reference is empty or leads nowhere."""
        current: Row | None = row
        key: Hashable | None = None
        for step in path.split("."):
            reference = self.dataset.collections[collection].reference(step)
            if reference is None:
                raise KeyError(step)
            key = reference.key_in(current) if current is not None else None
            collection = reference.collection
            current = self.rows.get(collection, {}).get(key)
        return collection, key

    # -- one duty -------------------------------------------------------------------------------------------------------------

    def verdict(self, duty: Duty, key: Hashable) -> Verdict | None:
        """Where the duty stands for one row; None if it does not apply."""
        row = self.rows[duty.collection][key]

        def lookup(path: str) -> object:
            return self.read(duty.collection, row, path)

        if duty.applies_when is not None and not duty.applies_when.holds(lookup):
            return None
        standing, start, due_at = self._before_extensions(duty, lookup)
        released = None if standing is Standing.DUE else self._released(duty, row, standing)
        if standing is not Standing.DUE and released is None:
            return Verdict(duty, key, standing, start, due_at)
        extensions = (*self._extensions(duty, row), *self._held(duty.collection, row))
        return Verdict(duty, key, Standing.EXTENDED if extensions else Standing.DUE, start, due_at, extensions, released)

    def _before_extensions(self, duty: Duty, lookup: Lookup) -> tuple[Standing, date | datetime | int | None, datetime | None]:
        """Where the term stands, with its start and end: DUE where it is over, extensions and releases aside."""
        start = lookup(duty.start)
        if duty.not_started_when is not None and duty.not_started_when.holds(lookup):
            return Standing.NOT_STARTED, None, None
        if not isinstance(start, date | datetime | int) or not self._plausible(duty, start):
            return Standing.UNKNOWN, None, None
        due_at = duty.term.due_at(start)
        return Standing.RUNNING if due_at > self.as_of else Standing.DUE, start, due_at

    def asks(self, collection: str, row: Row) -> bool:
        """The row is of a person who asks."""
        return self.asking is not None and self.subject(collection, row) in self.asking.subjects

    def _released(self, duty: Duty, row: Row, standing: Standing) -> str | None:
        """The clause under which the duty is over because the person asked, or objected and it stands; None where it is not."""
        releases = [item.release for item in self._objections.get(duty.class_id, ()) if self._objected(item, duty.collection, row)]
        if self.asking is not None and duty.class_id in self.asking.releases and self.asks(duty.collection, row):
            releases.append(self.asking.releases[duty.class_id])
        subject = self.subject(duty.collection, row)
        for release in releases:
            waiting = (item for item in self.dataset.subject_conditions if item.extension in release.waits_for)
            if standing.value in release.standings and not any(self._active_for(item, subject) for item in waiting):
                return release.clause
        return None

    def _objected(self, objection: Objection, collection: str, row: Row) -> bool:
        """The row is of a person who objected so."""
        subject = self.subject(collection, row)
        return subject is not None and (objection.kind, objection.purposes) in self._objecting.get(key_text(subject), ())

    def _plausible(self, duty: Duty, start: date | datetime | int) -> bool:
        # A start before the first plausible date is the placeholder of some import, so unknown (design section 11).
        if duty.start_kind is StartKind.YEAR:
            return isinstance(start, int) and start >= self.dataset.plausible_from.year
        return duty.term.start_date(start) >= self.dataset.plausible_from

    def _extensions(self, duty: Duty, row: Row) -> Iterator[Extended]:
        subject = self.subject(duty.collection, row)
        for condition in self.dataset.conditions_for(duty):
            if isinstance(condition, RowCondition):
                holds = condition.active_when.holds(lambda path: self.read(duty.collection, row, path))
            else:
                holds = subject is not None and self._active_for(condition, subject)
            if holds:
                yield Extended(condition.extension, condition.clause)

    def _active_for(self, condition: SubjectCondition, subject: object) -> bool:
        if condition not in self._extended:
            name, rows = condition.collection, self.rows.get(condition.collection, {}).values()
            active = [row for row in rows if condition.active_when.holds(lambda path, row=row: self.read(name, row, path))]  # type: ignore[misc]
            self._extended[condition] = frozenset(self.read(name, row, condition.path) for row in active)
        return subject in self._extended[condition]

    def _held(self, collection: str, row: Row) -> Iterator[Extended]:
        subject = self.subject(collection, row)
        if not self.holds:
            return
        covered: set[tuple[str | None, str]] = {(collection, key_text(self.dataset.collections[collection].key_of(row)))}
        covered |= {(self.dataset.subjects, str(subject))} if subject is not None else set()
        for hold in self.holds:
            if (hold.collection, hold.key) in covered:
                yield Extended(f"hold {hold.id} ({hold.kind})", hold.clause)

    def subject(self, collection: str, row: Row) -> object:
        """The key of the person a row belongs to; None where it belongs to none."""
        path = self.dataset.collections[collection].subject
        return self.read(collection, row, path) if path else None

    # -- field groups and rows ------------------------------------------------------------------------------------------------

    def group(self, collection: Collection, group: FieldGroup, key: Hashable) -> GroupVerdict:
        """All applying duties of a field group for one row: its own, and those of rows elsewhere that reach it. Judged once: the rows stay
        as they are."""
        place = collection.name, group.fields, key
        if place not in self._judged:
            self._judged[place] = self._group(collection, group, key)
        return self._judged[place]

    def _group(self, collection: Collection, group: FieldGroup, key: Hashable) -> GroupVerdict:
        found = [self.verdict(duty, key) for duty in group.direct]
        for inherited in group.inherited:
            reaching = self._reaching(inherited.duty.collection, inherited.path).get(key, ())
            found.extend(self.verdict(inherited.duty, holder) for holder in reaching)
        held = tuple(self._held(collection.name, self.rows[collection.name][key]))
        return GroupVerdict(group, tuple(verdict for verdict in found if verdict is not None), held)

    def row_due(self, collection: Collection, key: Hashable) -> bool:
        """Every personal field of the row is due. False where nothing governs it, and for others' rows where somebody asks."""
        if self.asking is not None and not self.asks(collection.name, self.rows[collection.name][key]):
            return False
        return collection.governed and all(self.group(collection, group, key).due for group in collection.groups)

    @cached_property
    def staying(self) -> frozenset[tuple[str, Hashable]]:
        """Rows that are not deleted: those with a field that is not due, and all that they lead to over references."""
        collections = self.dataset.collections.values()
        waiting = [(own.name, key) for own in collections for key in self.rows.get(own.name, {}) if not self.row_due(own, key)]
        found = set(waiting)
        while waiting:
            name, key = waiting.pop()
            for reference in self.dataset.collections[name].references:
                target = reference.collection, reference.key_in(self.rows[name][key])
                if target not in found and target[1] in self.rows.get(reference.collection, {}):
                    found.add(target)
                    waiting.append(target)
        return frozenset(found)

    def row(self, collection_name: str, key: Hashable) -> RowVerdict:
        """The fate of one row with its proof. Raises KeyError if there is no such collection or row."""
        collection, row = self.dataset.collections[collection_name], self.rows[collection_name][key]
        groups = tuple(self.group(collection, group, key) for group in collection.groups)
        held_by = tuple(
            (child.name, child_key)
            for child, reference in self.dataset.children[collection_name]
            for child_key in self._reaching(child.name, reference.step).get(key, ())
            if (child.name, child_key) in self.staying
        )
        if (collection_name, key) not in self.staying:
            return RowVerdict(collection_name, key, Fate.DELETE, (), groups, held_by)
        ours = self.asking is None or self.asks(collection_name, row)
        due = [group for group in groups if group.due and ours]
        fields = tuple(name for group in due for name in group.group.fields if not field_finished(collection, name, row))
        return RowVerdict(collection_name, key, Fate.DEPERSONALISE if fields else Fate.KEEP, fields, groups, held_by)

    def _reaching(self, collection: str, path: str) -> Mapping[Hashable, tuple[Hashable, ...]]:
        """Keys of `collection` by the key that their path leads to."""
        index = self._indices.get((collection, path))
        if index is None:
            found: dict[Hashable, list[Hashable]] = {}
            for key, row in self.rows.get(collection, {}).items():
                _, target = self.reached(collection, row, path)
                if target is not None:
                    found.setdefault(target, []).append(key)
            index = self._indices[collection, path] = {target: tuple(keys) for target, keys in found.items()}
        return index

    @cached_property
    def _extended(self) -> dict[SubjectCondition, frozenset[object]]:
        """For each condition on other rows, the persons that it extends; found when it is first asked for."""
        return {}

    @cached_property
    def _judged(self) -> dict[tuple[str, tuple[str, ...], Hashable], GroupVerdict]:
        return {}

    @cached_property
    def _indices(self) -> dict[tuple[str, str], dict[Hashable, tuple[Hashable, ...]]]:
        return {}
