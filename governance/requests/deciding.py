"""Decides, person by person, what goes, what stays on which ground until when, and what is gone already (GDPR 17, 18, 21; 7(3)).

Pure. Reads the verdicts of `governance.planning.evaluate` under the released classes and says them in the words of a decision; judges
nothing itself. What no line of the pack lets go stays and is told with its duty; where nobody can say until when, `until` is None. A hold
wins over everything and is told as such. What was erased before is `GONE`, which is success; what was never there is not mentioned.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Hashable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from governance.catalogue.actions import ActionKind
from governance.catalogue.governed import Collection, GovernedDataset, key_text
from governance.planning.evaluate import Evaluator, Fate, GroupVerdict, Row, RowVerdict, Standing, Verdict, field_finished
from governance.policy.document import covered
from governance.policy.rights import ARTICLES, Right
from governance.policy.rules import Effect
from governance.pseudonym.tokens import is_token
from governance.requests.decision import Outcome, Ruling

HELD = "GDPR 17(3), 18(2)"
"""Why what a hold covers stays."""


@dataclass(frozen=True)
class _Told:
    """Why something is as it is, without the rows."""

    outcome: Outcome
    class_id: str = ""
    clause: str = ""
    ground: str = ""
    purposes: tuple[str, ...] = ()
    until: str | None = None


class Deciding:
    """Rulings of one dataset for the persons who ask, whose rows the evaluator holds. `right` is what the pack says of their kind."""

    def __init__(self, evaluator: Evaluator, right: Right) -> None:
        self._evaluator, self._right, self._dataset = evaluator, right, evaluator.dataset
        self._own: dict[Hashable, list[tuple[str, Hashable]]] = {}
        self._judged: dict[tuple[str, Hashable], RowVerdict] = {}
        for name, rows in evaluator.rows.items():
            for key, row in rows.items():
                if evaluator.asks(name, row):
                    subject = evaluator.subject(name, row)
                    self._own.setdefault(subject, []).append((name, key))

    def rulings(self, subject: Hashable) -> tuple[Ruling, ...]:
        """What becomes of everything of one person, by collection in the order of the dataset. Empty where nothing is held."""
        counted: Counter[tuple[str, tuple[str, ...], _Told]] = Counter()
        for name, key in self._own.get(subject, ()):
            collection, row = self._dataset.collections[name], self._evaluator.rows[name][key]
            counted.update((name, fields, told) for fields, told in self._row(collection, row, self._verdict(name, key)))
        order = list(self._dataset.collections)
        found = sorted(counted.items(), key=lambda item: (order.index(item[0][0]), item[0][1], item[0][2].outcome, item[0][2].class_id))
        return tuple(self._ruling(name, fields, told, rows) for (name, fields, told), rows in found)

    def erased(self, subject: Hashable) -> Iterator[tuple[str, str]]:
        """The rows of one person that go or lose fields, collection and key as text: what the frozen plan must name too, and no others."""
        for name, key in self._own.get(subject, ()):
            if self._verdict(name, key).fate is not Fate.KEEP:
                yield name, key_text(key)

    def own(self) -> dict[str, frozenset[str]]:
        """The rows of everybody who asks, by collection: their keys as text."""
        found: dict[str, set[str]] = {}
        for rows in self._own.values():
            for name, key in rows:
                found.setdefault(name, set()).add(key_text(key))
        return {name: frozenset(keys) for name, keys in found.items()}

    def _verdict(self, name: str, key: Hashable) -> RowVerdict:
        if (name, key) not in self._judged:
            self._judged[name, key] = self._evaluator.row(name, key)
        return self._judged[name, key]

    # -- one row --------------------------------------------------------------------------------------------------------------

    def _row(self, collection: Collection, row: Row, verdict: RowVerdict) -> Iterator[tuple[tuple[str, ...], _Told]]:
        for group in verdict.groups:
            live, gone = _standing(collection, group, row)
            if gone:
                yield gone, _Told(Outcome.GONE)
            if not live:
                continue
            if verdict.fate is Fate.DELETE:
                yield live, self._erased(group)
                continue
            going = tuple(name for name in live if name in verdict.fields)
            if going:
                yield going, self._erased(group)
            staying = tuple(name for name in live if name not in verdict.fields)
            if staying:
                yield staying, self._kept_with_row(verdict) if group.due else self._kept(group)

    def _erased(self, group: GroupVerdict) -> _Told:
        released = next((item for item in group.verdicts if item.released), None)
        if released is None:  # its time had come anyway
            over = next((item for item in group.verdicts if item.due), None)
            duty = over.duty if over is not None else None
            return _Told(Outcome.ERASE, duty.class_id if duty else "", duty.clause if duty else "", "", duty.purposes if duty else ())
        duty = released.duty
        return _Told(Outcome.ERASE, duty.class_id, released.released or "", self._right.clause, duty.purposes)

    def _kept(self, group: GroupVerdict) -> _Told:
        if group.held:
            return _Told(Outcome.HOLD, "", group.held[0].clause, HELD, (), self._held_until(group.held[0].by))
        keeping = [item for item in group.of(Effect.MUST_KEEP, Effect.MAY_KEEP) if not item.due]
        keeping = keeping or [item for item in group.verdicts if not item.due]  # a demand whose time has not come
        longest = max(keeping, key=_length, default=None)
        return self._kept_by(longest) if longest is not None else _Told(Outcome.KEEP)

    def _kept_with_row(self, verdict: RowVerdict) -> _Told:
        """Fields that go only with their row, which others of its fields, or rows that refer to it, still need."""
        others = [self._kept(group) for group in verdict.groups if not group.due]
        if not others:
            return _Told(Outcome.KEEP, ground="referred to by records that stay")
        return max(others, key=lambda told: (told.until is None, told.until or ""))

    def _kept_by(self, verdict: Verdict) -> _Told:
        duty, until = verdict.duty, _first_day(verdict, self._dataset)
        staying = self._right.staying(duty.class_id)
        if verdict.extensions:
            by = verdict.extensions[0]
            if by.by.startswith("hold "):
                return _Told(Outcome.HOLD, duty.class_id, by.clause, HELD, duty.purposes, self._held_until(by.by))
            return _Told(Outcome.KEEP, duty.class_id, by.clause, self._ground_of(by.by), duty.purposes)
        if staying is not None:
            return _Told(Outcome.KEEP, duty.class_id, staying.clause, ARTICLES[staying.ground], duty.purposes, until)
        # The class yields, but not where it stands here: what was begun at the person's wish, or nobody knows when.
        ground = ARTICLES["contract"] if verdict.standing is Standing.NOT_STARTED else ""
        return _Told(Outcome.KEEP, duty.class_id, duty.clause, ground, duty.purposes, until)

    def _ground_of(self, extension: str) -> str:
        """The article on which an extension of the pack rests."""
        kind = next((item.kind for item in self._dataset.pack.extensions if item.id == extension), None)
        match kind:
            case "open-debt":
                return ARTICLES["contract"]
            case "authority-request" | "statutory-blocking":
                return ARTICLES["legal-obligation"]
        return ARTICLES["claims"]

    def _held_until(self, by: str) -> str | None:
        until = next((hold.until for hold in self._evaluator.holds if by == f"hold {hold.id} ({hold.kind})"), None)
        return until.isoformat() if until is not None else None

    def _ruling(self, name: str, fields: tuple[str, ...], told: _Told, rows: int) -> Ruling:
        collection = self._dataset.collections[name]
        categories = collection.categories_of(fields)
        return Ruling(
            dataset=self._dataset.name,
            collection=name,
            fields=fields,
            categories=categories,
            outcome=told.outcome,
            rows=rows,
            class_id=told.class_id,
            clause=told.clause,
            ground=told.ground,
            purposes=told.purposes,
            until=told.until,
        )


def stopping(dataset: GovernedDataset, right: Right, purposes: Sequence[str]) -> tuple[Ruling, ...]:
    """That processing for purposes ends (GDPR 7(3), 21(3)): the named ones, or all that the right's classes serve."""
    rules = [dataset.pack.rule(item.class_id) for item in right.yields]
    served = {purpose for rule in rules if rule is not None for purpose in rule.purposes}
    ended = tuple(sorted(served.intersection(purposes) if purposes else served))
    return (Ruling(dataset.name, "", (), (), Outcome.STOP, 0, "", right.clause, "", ended, None),) if ended else ()


def granted(rulings: Iterable[Ruling]) -> str:
    """Whether what was asked is done wholly, partly or not at all, or nothing was held (any more)."""
    outcomes = {ruling.outcome for ruling in rulings}
    done, left = (
        outcomes & {Outcome.ERASE, Outcome.STOP, Outcome.RESTRICT, Outcome.CORRECT},
        outcomes & {Outcome.KEEP, Outcome.HOLD, Outcome.LEAVE},
    )
    if done:
        return "partly" if left else "wholly"
    return "refused" if left else "nothing-held"


def recipients(dataset: GovernedDataset, rulings: Iterable[Ruling]) -> tuple[str, ...]:
    """Who must be told of it (GDPR 19): whom the dataset discloses one of the fields to, and whom the pack lists for their categories."""
    changed = [ruling for ruling in rulings if ruling.outcome in (Outcome.ERASE, Outcome.CORRECT, Outcome.RESTRICT) and ruling.collection]
    found = {
        recipient
        for ruling in changed
        for recipient, fields in dataset.collections[ruling.collection].disclosures.items()
        if fields.intersection(ruling.fields)
    }
    categories = {category for ruling in changed for category in ruling.categories}
    for item in dataset.pack.recipients:
        if any(covered(category, listed) for category in categories for listed in item.categories):
            found.add(item.id)
    return tuple(sorted(found))


def _standing(collection: Collection, group: GroupVerdict, row: Row) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The fields that hold something, and those that hold what is left of it: tokens, or of what is due what is coarse already."""
    live: list[str] = []
    gone: list[str] = []
    for name in group.group.fields:
        field, action = collection.fields[name], collection.action(name).kind
        if row[field.column] is None:
            continue
        left = not field.steps and action is ActionKind.PSEUDONYMISE and is_token(row[name])
        left = left or (group.due and action is not ActionKind.WITH_ROW and field_finished(collection, name, row))
        (gone if left else live).append(name)
    return tuple(live), tuple(gone)


def _length(verdict: Verdict) -> tuple[bool, float]:
    """What keeps longest: first what nobody can say the end of."""
    endless = verdict.due_at is None or verdict.standing is Standing.EXTENDED
    return endless, verdict.due_at.timestamp() if verdict.due_at is not None else 0.0


def _first_day(verdict: Verdict, dataset: GovernedDataset) -> str | None:
    """The first whole day on which a duty keeps no more."""
    if verdict.due_at is None or verdict.standing is not Standing.RUNNING:
        return None
    local: datetime = verdict.due_at.astimezone(dataset.zone)
    whole = local.time().replace(tzinfo=None) == datetime.min.time()
    return (local.date() if whole else local.date() + timedelta(days=1)).isoformat()
