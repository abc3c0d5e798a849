"""The proof tree of one row: which duties, dates and clauses decide, what wins and why. Lines of text; no values but dates and keys."""

from __future__ import annotations

from collections.abc import Hashable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

from governance.catalogue.governed import GovernedDataset, key_text
from governance.planning.evaluate import Fate, GroupVerdict, RowVerdict, Standing, Verdict
from governance.policy.rules import Effect


@dataclass(frozen=True)
class Node:
    """A line of the proof with the lines it rests on."""

    text: str
    children: tuple[Node, ...] = field(default=())


def explain(dataset: GovernedDataset, verdict: RowVerdict, as_of: datetime) -> Node:
    """The proof tree of a row's verdict at `as_of`."""
    when = f"policy {dataset.pack.version}, as of {_local(as_of, dataset.zone)}"
    head = f"{verdict.collection} {key_text(verdict.key)}: {_fate(verdict)}  ({when})"
    groups = [_group(dataset, group, verdict) for group in verdict.groups]
    held = [Node(f"still referenced by {collection} {_listed(keys)}") for collection, keys in _by_collection(verdict.held_by)]
    if not dataset.collections[verdict.collection].governed:
        groups = [Node("holds no personal data; no duty decides over it")]
    return Node(head, (*groups, *held))


def _fate(verdict: RowVerdict) -> str:
    if verdict.fate is Fate.DEPERSONALISE:
        return f"depersonalise {', '.join(verdict.fields)}"
    return "delete" if verdict.fate is Fate.DELETE else "keep"


def _group(dataset: GovernedDataset, group: GroupVerdict, row: RowVerdict) -> Node:
    names = ", ".join(group.group.fields)
    if not group.verdicts:
        return Node(f"{names}: keep - no duty applies, so nothing is known to be over (finding)")
    ordered = sorted(group.verdicts, key=_endurance)
    winner = _winner(group)
    alike: dict[object, list[Verdict]] = {}
    for item in ordered:
        alike.setdefault((item.duty.collection, item.duty.number, item.standing, item.extensions), []).append(item)
    # Of duties that differ only in the row they come from, the one that holds longest speaks for all.
    duties = tuple(_duty(dataset, items[-1], row, winner in items, len(items)) for items in alike.values())
    return Node(f"{names}: {_decided(group, winner)}", duties)


def _winner(group: GroupVerdict) -> Verdict:
    """The duty that decides: what must stay before what must go, what must go before what may stay."""
    staying = [item for item in group.of(Effect.MUST_KEEP) if not item.due]
    going = [item for item in group.of(Effect.MUST_ERASE) if item.due]
    return max(staying or going or group.of(Effect.MUST_KEEP, Effect.MAY_KEEP) or group.verdicts, key=_endurance)


def _decided(group: GroupVerdict, winner: Verdict) -> str:
    if group.conflict:
        demanding = next(item for item in group.of(Effect.MUST_ERASE) if item.due)
        both = f"{demanding.duty.class_id} [{demanding.duty.clause}] demands that they go"
        return f"keep - conflict for a person to decide: {both}, {winner.duty.class_id} [{winner.duty.clause}] that they stay (finding)"
    if group.held:
        return f"keep - {group.held[0].by} [{group.held[0].clause}]"
    if not group.due:
        return f"keep - {winner.duty.class_id} wins"
    return f"due - {winner.duty.class_id} demands it" if group.must_go else "due - no duty lets them be kept any longer"


def _endurance(verdict: Verdict) -> tuple[int, datetime]:
    """Sorts duties by how long they hold, the most enduring last."""
    return _RANK[verdict.standing], verdict.due_at or datetime.max.replace(tzinfo=UTC)


def _duty(dataset: GovernedDataset, verdict: Verdict, row: RowVerdict, wins: bool, alike: int) -> Node:
    duty = verdict.duty
    more = f" and {alike - 1} more" if alike > 1 else ""
    origin = "" if duty.collection == row.collection else f" (inherited from {duty.collection} {key_text(verdict.key)}{more})"
    term = f"{duty.effect} {duty.term.period} {duty.term.rule.value}"
    mark = "=> " if wins else ""
    return Node(f"{mark}{duty.class_id} [{duty.clause}, {duty.provenance}] {term}{origin}", tuple(_reasons(dataset, verdict)))


def _reasons(dataset: GovernedDataset, verdict: Verdict) -> Iterator[Node]:
    duty = verdict.duty
    if verdict.released is not None:
        yield Node(f"the person asked or objected [{verdict.released}]: counts as over")
    if verdict.standing is Standing.NOT_STARTED:
        yield Node(f"{duty.start}: the period has not begun; not due")
        return
    if verdict.standing is Standing.UNKNOWN:
        yield Node(f"{duty.start}: the start event is unknown; never due, reported as a finding")
        return
    if verdict.due_at is not None:
        state = "running" if verdict.standing is Standing.RUNNING or verdict.released is not None else "over"
        yield Node(f"{duty.start} {_start(verdict.start, dataset.zone)}: due from {_local(verdict.due_at, dataset.zone)}; {state}")
    for extended in verdict.extensions:
        yield Node(f"extended by {extended.by} [{extended.clause}]: kept until it ends")


def _by_collection(rows: tuple[tuple[str, Hashable], ...]) -> Iterator[tuple[str, list[Hashable]]]:
    found: dict[str, list[Hashable]] = {}
    for collection, key in rows:
        found.setdefault(collection, []).append(key)
    yield from found.items()


def _listed(keys: list[Hashable]) -> str:
    return ", ".join(key_text(key) for key in keys[:5]) + (f" and {len(keys) - 5} more" if len(keys) > 5 else "")


_RANK = {Standing.DUE: 0, Standing.RUNNING: 1, Standing.EXTENDED: 2, Standing.NOT_STARTED: 3, Standing.UNKNOWN: 4}


def _start(start: date | datetime | int | None, zone: ZoneInfo) -> str:
    return _local(start, zone) if isinstance(start, datetime) else str(start)


def _local(instant: datetime, zone: ZoneInfo) -> str:
    return instant.astimezone(zone).strftime("%Y-%m-%d %H:%M")
