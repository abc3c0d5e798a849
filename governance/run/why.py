"""Use case: why did a record exist, or go, on a date - from versioned packs, ledger and events, over a deployment or an exported archive.

What can be rebuilt: what Lethe did to the record, when, by which rule of which version of the policy, under which approval, with which
outcome and under which checkpoint; which holds covered it; which version of the policy was in force. What cannot: the record's values on a
past date, for Lethe keeps none. So a record that stands is judged by its values of today, under the policy and data map of that date, and
one that is gone by nothing but the rules that took it. Every answer says what it does not know; nothing is guessed.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from governance.audit.body import instant_text
from governance.audit.ledger_entry import LedgerEntry
from governance.errors import ConfigurationError, KeyUnavailable, LetheError
from governance.planning.answer import Answer, PolicyInForce
from governance.planning.explain import Node
from governance.planning.history import (
    Change,
    Place,
    Recorded,
    Whereabouts,
    whereabouts,
)
from governance.planning.plan import StepAction
from governance.policy.calendar import StartKind, start_of_day
from governance.policy.loading import load_pack
from governance.policy.pack import PolicyPack
from governance.ports import KeySource
from governance.pseudonym.tokens import Referencer
from governance.run.trails import EventSource, LedgerSource, Papers
from governance.run.why_reader import KINDS, Reader


@dataclass(frozen=True)
class References:
    """The keyed references of a record, one for each version of the key; `missing` are versions that the keyring lacks."""

    made: tuple[str, ...]
    missing: tuple[int, ...] = ()


@dataclass(frozen=True)
class Standing:
    """What a deployment sees of a record today. `explain` judges it at the instant asked about under the policy and the data map (text)
    that applied; None: the map of today. `persons` are the references of the persons it belongs to, by collection."""

    explain: Callable[[PolicyInForce, str | None], Node]
    persons: tuple[tuple[str, tuple[str, ...]], ...] = ()


def references_of(keys: KeySource, dataset: str, collection: str, key: str) -> References:
    """The references of a record under every version of the key up to the current one."""
    made, missing = [], []
    for version in range(1, keys.current_version() + 1):
        try:
            made.append(Referencer(keys.root(version), version, dataset, collection)(key))
        except KeyUnavailable:
            missing.append(version)
    return References(tuple(made), tuple(missing))


def end_of(on: date, zone: Any, now: datetime) -> datetime:
    """The instant a date is asked about: the end of its day on the controller's clock, or now, where it has not ended. Raises
    ConfigurationError for a day to come."""
    if on > now.astimezone(zone).date():
        raise ConfigurationError(f"--on: expected today or a day before, found {on}")
    return min(start_of_day(on + timedelta(days=1), zone) - timedelta(microseconds=1), now)


def why(
    dataset: str,
    collection: str,
    references: References,
    on: date,
    zone: Any,
    *,
    now: datetime,
    events: Sequence[EventSource],
    ledgers: Sequence[LedgerSource],
    papers: Papers,
    standing: Callable[[datetime], Standing | None] | None,
    packs: Sequence[str] = (),
) -> Answer:
    """Answer for one record. `standing` looks at the database (None: the record is not there); None where there is none to look at. `packs`
    are the texts of versions known otherwise than from plans, the lender's own.

    Raises ConfigurationError for a day to come, EvidenceError for a ledger entry that the sealed event contradicts.
    """
    at = end_of(on, zone, now)
    there = standing(at) if standing is not None else None
    persons = there.persons if there is not None else ()
    entries = _entries(ledgers, collection, references.made)
    named = [*references.made, *(reference for _, made in persons for reference in made)]
    found = _events(events, dataset, [*named, *(str(entry.event_id) for entry in entries)])
    reader = Reader(found, papers, zone)
    changes = tuple(reader.change(entry, references.made) for entry in entries if entry.event_id in reader.by_id)
    changes = tuple(sorted(changes, key=lambda change: change.at))
    holds = reader.holds(collection, references.made, persons)
    deleted = [change.at for change in changes if change.action is StepAction.DELETE]
    witnessed = [change.at for change in changes if change.action is not StepAction.DELETE]
    witnessed += [hold.placed_at for hold in holds if hold.covers == "record"]
    place = whereabouts(at, now, deleted, witnessed, None if standing is None else there is not None)
    policy = reader.policy(at, on, packs)
    unknown = list(_unknown(references, place, changes, persons, standing is not None, reader, entries))
    unread = _unread(events, ledgers, dataset, collection)
    if unread:
        unknown.append(
            f"the ledger has no entry for {unread} of the log's changes to {collection}; whether this record was among them cannot be told"
        )
    explanation: Node | None = None
    cutoffs: tuple[tuple[str, str], ...] = ()
    if policy is None:
        unknown.append("which version of the policy was in force: no plan was made under one that applied on that day")
    elif there is not None and place.whereabouts is not Whereabouts.GONE:
        explanation, more = _explained(there, policy, reader.data_map(policy, at), now, on, zone)
        unknown += more
    elif later := [change for change in changes if change.at > at]:
        cutoffs, more = _cutoffs(policy, later, at)
        unknown += more
    return Answer(dataset, collection, references.made, on, at, place, policy, changes, holds, explanation, cutoffs, tuple(unknown))


def _entries(ledgers: Sequence[LedgerSource], collection: str, references: Sequence[str]) -> list[LedgerEntry]:
    found = {entry.event_id: entry for ledger in ledgers for entry in ledger.naming(collection, references)}
    return list(found.values())


def _events(sources: Sequence[EventSource], dataset: str, needles: Sequence[str]) -> list[Recorded]:
    """Each event once, with its place in the log where any source knows it."""
    found: dict[Any, Recorded] = {}
    for source in sources:
        for item in source.events(dataset, KINDS, needles):
            known = found.get(item.event.event_id)
            if known is None or known.seq is None:
                found[item.event.event_id] = item
    return list(found.values())


def _unread(sources: Sequence[EventSource], ledgers: Sequence[LedgerSource], dataset: str, collection: str) -> int:
    changed = frozenset[str]().union(*(source.unlisted(dataset, collection) for source in sources))
    for ledger in ledgers if changed else ():
        changed -= ledger.listed(collection, changed)
    return len(changed)


def _unknown(
    references: References,
    place: Place,
    changes: Sequence[Change],
    persons: Sequence[object],
    looked: bool,
    reader: Reader,
    entries: Sequence[LedgerEntry],
) -> list[str]:
    said = []
    if references.missing:
        versions = ", ".join(map(str, references.missing))
        said.append(f"what was recorded under key version {versions}: the keyring lacks it")
    if not looked:
        said.append("whether the record stands today: no database was looked at")
    if missing := sum(entry.event_id not in reader.by_id for entry in entries):
        said.append(f"{missing} changes that the ledger names and no event at hand tells of")
    match place.whereabouts:
        case Whereabouts.STOOD_LATER:
            said.append("whether it stood on that day already: nothing witnessed it before, and the day of its creation is not recorded")
        case Whereabouts.UNKNOWN:
            said.append("everything: nothing at hand ever named this record. That it was erased is not said by this")
        case Whereabouts.UNACCOUNTED:
            said.append("why it is not there today: it was seen before, and no deletion of Lethe's took it; others can delete rows too")
        case Whereabouts.LAST_SEEN:
            said.append("what became of it after it was last seen")
        case Whereabouts.STANDING_AGAIN:
            said.append("when and how it came back between its deletion and the instant it was seen again")
        case Whereabouts.GONE if place.seen_later is not None:
            said.append(f"whether it was back on that day: it was deleted before, and seen again at {instant_text(place.seen_later)}")
        case _:
            pass
    if changes and not persons and not any(change.action is not StepAction.DELETE for change in changes):
        said.append("holds on the person it belonged to: whose it was went with it; holds on the record itself are listed")
    return said


def _explained(
    there: Standing, policy: PolicyInForce, data_map: str | None, now: datetime, on: date, zone: Any
) -> tuple[Node | None, list[str]]:
    said = []
    if on != now.astimezone(zone).date():
        said.append("its values on that day: it is judged by those of today, and where they changed since, so may the verdict have")
    if not policy.planned:
        said.append("whether that policy was in use: no plan was made under it; it is taken from lethe.yaml as it stands today")
    try:
        return there.explain(policy, data_map), said
    except LetheError as error:
        if data_map is not None:
            said.append(f"how the data map of that day reads today's tables ({error}); the map of today is used")
            try:
                return there.explain(policy, None), said
            except LetheError as second:
                error = second
        said.append(f"the verdict under policy {policy.version}: it cannot be applied to the tables of today ({error})")
        return None, said


def _cutoffs(policy: PolicyInForce, later: Sequence[Change], at: datetime) -> tuple[tuple[tuple[str, str], ...], list[str]]:
    """The cut-offs that the rules which took a record later had on the date."""
    said = ["when its periods began: its values went with it, so which rule kept it on that day shows only by the cut-offs of that day"]
    try:
        pack = load_pack(policy.text, f"policy/{policy.digest}.yaml")
    except LetheError as error:
        return (), [*said, f"those cut-offs: this version of Lethe cannot read the policy any more ({error})"]
    rules = sorted({rule.class_id for change in later for rule in change.rules})
    return tuple((name, cutoff) for name in rules if (cutoff := _cutoff(pack, name, at)) is not None), said


def _cutoff(pack: PolicyPack, class_id: str, at: datetime) -> str | None:
    rule = pack.rule(class_id)
    if rule is None:
        return None
    kind = StartKind.INSTANT if rule.period.hours is not None else StartKind.DATE
    found = pack.term(rule).cutoff(kind, at)
    return instant_text(found) if isinstance(found, datetime) else str(found)
