"""Lays the lines of a log beside the events that should stand there, and says what was done to it.

Each line stands for the event whose vouched hash it has; where nobody vouches, for the event it says it is; otherwise for none.
The longest ascending run of lines is taken to be in place; every other line was moved, copied, changed or inserted.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass

from governance.audit.findings import LogFinding, missing, runs
from governance.audit.reading import Line
from governance.audit.trust import Trust


@dataclass(frozen=True)
class Alignment:
    """`events`: for each line the event that stands in its place there, None where none does. `findings`: what is wrong."""

    events: Sequence[int | None]
    findings: list[LogFinding]


def align(lines: Sequence[Line], trust: Trust) -> Alignment:
    """Compare the lines of all bundles, in order, with the events 0 to `trust.size - 1`."""
    if len(lines) == trust.size and all(trust.leaves.get(seq) == line.leaf for seq, line in enumerate(lines)):
        return Alignment(range(trust.size), [])
    known = _known(lines, trust)
    placed = _ascending(known)
    in_place = {seq: lines[position].leaf for position in placed if (seq := known[position]) is not None}
    walk = _Walk(lines, known, in_place, present={seq for seq in known if seq is not None}, size=trust.size)
    for position, seq in enumerate(known):
        if position in placed and seq is not None:
            walk.settle(before=seq)
        else:
            walk.loose.append(position)
    walk.settle(before=trust.size)
    return Alignment([seq if position in placed else None for position, seq in enumerate(known)], walk.findings)


class _Walk:
    """Goes from one line in place to the next; between two of them lie loose lines, and events may be absent."""

    def __init__(self, lines: Sequence[Line], known: list[int | None], in_place: dict[int, bytes], present: set[int], size: int) -> None:
        self.lines, self.known, self.in_place, self.present, self.size = lines, known, in_place, present, size
        self.previous = -1
        self.loose: list[int] = []
        self.moved: set[int] = set()
        self.findings: list[LogFinding] = []

    def settle(self, before: int) -> None:
        """Explain the loose lines and absent events between the last line in place and the event `before`."""
        absent = [seq for seq in range(self.previous + 1, before) if seq not in self.present]
        instead = self._pair(absent)
        here = self.previous
        for position in self.loose:
            seq = self.known[position]
            if position in instead:
                here = instead[position]
                self.findings.append(self._changed(position, here))
            elif seq is not None and seq not in self.in_place and seq not in self.moved:
                self.moved.add(seq)
                self.findings.append(LogFinding("moved", f"event {seq} stands where {here + 1} belongs", seq, seq))
            elif seq is not None or self.lines[position].bundle_first < self.size:
                self.findings.append(LogFinding("inserted", f"{self._intruder(position)} was inserted at {here + 1}", here + 1, here + 1))
        gone = sorted(set(absent) - set(instead.values()))
        self.findings.extend(missing(first, last) for first, last in runs(gone))
        self.previous, self.loose = before, []

    def _pair(self, absent: list[int]) -> dict[int, int]:
        """Lines that are no event, each with the absent event at whose place it stands: by its own word first, then in order."""
        strangers = [at for at in self.loose if self.known[at] is None and self.lines[at].bundle_first < self.size]
        left = set(absent)
        pairs: dict[int, int] = {}
        for position in strangers:
            claimed = self.lines[position].seq
            if claimed is not None and claimed in left:
                pairs[position] = claimed
                left.remove(claimed)
        others = [position for position in strangers if position not in pairs]
        return pairs | dict(zip(others, sorted(left), strict=False))

    def _changed(self, position: int, seq: int) -> LogFinding:
        if self.lines[position].mark is None:
            return LogFinding("unreadable", f"event {seq} was changed: its line can no longer be read", seq, seq)
        return LogFinding("changed", f"event {seq} was changed", seq, seq)

    def _intruder(self, position: int) -> str:
        line, seq = self.lines[position], self.known[position]
        if seq is None:
            return "an event" if line.mark else "an unreadable line"
        return f"a copy of event {seq}" if self.in_place.get(seq, line.leaf) == line.leaf else f"another event {seq}"


def _known(lines: Sequence[Line], trust: Trust) -> list[int | None]:
    by_hash = {leaf: seq for seq, leaf in trust.leaves.items()}
    broken = {seq for first, last in trust.broken for seq in range(first, last + 1)}
    known: list[int | None] = []
    for line in lines:
        seq = by_hash.get(line.leaf)
        if seq is None and line.seq in broken:
            seq = line.seq
        known.append(seq)
    return known


def _ascending(known: Sequence[int | None]) -> set[int]:
    """Positions of a longest strictly ascending subsequence (patience sorting); among equals the one that ends lowest."""
    tails: list[int] = []
    tail_positions: list[int] = []
    before: dict[int, int | None] = {}
    for position, seq in enumerate(known):
        if seq is None:
            continue
        pile = bisect_left(tails, seq)
        before[position] = tail_positions[pile - 1] if pile else None
        tails[pile : pile + 1] = [seq]
        tail_positions[pile : pile + 1] = [position]
    chosen: set[int] = set()
    at = tail_positions[-1] if tail_positions else None
    while at is not None:
        chosen.add(at)
        at = before[at]
    return chosen
