"""Which leaf hashes do the signed checkpoints vouch for?

From checkpoint to checkpoint: if the stored leaf hashes (or else those of the entries as read) lead to the signed root, they
are the truth for that stretch. Where neither does, the stretch is broken; the next stretch is judged on its own with the frontier
archived before it, provided that folds to the signed root. A checkpoint that fails although a later one vouches for the
same events is itself the odd one out: a fork, or swapped.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from governance.audit.findings import LogFinding, span
from governance.audit.merkle import Frontier
from governance.audit.reading import LogFiles, Signed


@dataclass
class Trust:
    """`leaves`: hashes vouched for, by sequence number. `broken`: stretches (first, last) nobody vouches for. `size`: events signed for."""

    leaves: dict[int, bytes] = field(default_factory=dict)
    broken: list[tuple[int, int]] = field(default_factory=list)
    edges: dict[int, tuple[bytes, ...]] = field(default_factory=dict)
    findings: list[LogFinding] = field(default_factory=list)
    size: int = 0
    last: Signed | None = None


def vouch(log: LogFiles) -> Trust:
    """Follow the signed checkpoints through the log, in ascending order of size."""
    trust = Trust(size=max((signed.checkpoint.size for signed in log.signed), default=0))
    edges = {bundle.first: bundle.frontier for _, bundle in log.hash_bundles}
    frontier, pending = Frontier(), list[Signed]()
    for signed in log.signed:
        size = signed.checkpoint.size
        grown = _grow(log, trust, frontier, signed)
        if grown is not None:
            trust.findings.extend(_fork(odd, signed) for odd in pending)
        else:
            grown = _resume(edges, signed)
            pending.append(signed)
            if grown is None:
                continue
            _break_off(log, trust, frontier.size, pending)
        frontier, pending = grown, []
        trust.edges[size] = frontier.hashes
        trust.last = signed
    twins = [odd for odd in pending if trust.last is not None and odd.checkpoint.size == trust.last.checkpoint.size]
    trust.findings.extend(_fork(odd, trust.last) for odd in twins if trust.last is not None)
    _break_off(log, trust, frontier.size, [odd for odd in pending if odd not in twins])
    return trust


def check_hash_files(log: LogFiles, trust: Trust) -> list[LogFinding]:
    """Files of leaf hashes that are missing or differ from what the checkpoints vouch for."""
    findings = []
    for first, last in sorted(log.ranges - log.hash_ranges):
        findings.append(LogFinding("hashes", f"the leaf hashes of {span(first, last)} are missing", first, last))
    for name, bundle in log.hash_bundles:
        for seq, leaf in enumerate(bundle.leaves, start=bundle.first):
            if trust.leaves.get(seq, leaf) != leaf:
                findings.append(LogFinding("hashes", f"{name}: the hash of event {seq} was changed", seq, seq))
        if trust.edges.get(bundle.first, bundle.frontier) != bundle.frontier:
            findings.append(LogFinding("hashes", f"{name}: the frontier before event {bundle.first} was changed"))
    return findings


def _grow(log: LogFiles, trust: Trust, frontier: Frontier, signed: Signed) -> Frontier | None:
    """The frontier at the checkpoint, if the stored hashes or those read lead to its root; they are then taken as true."""
    stretch = range(frontier.size, signed.checkpoint.size)
    for source in _sources(log, stretch):
        grown = frontier.extend(source[seq] for seq in stretch)
        if grown.root() == signed.checkpoint.root:
            trust.leaves.update((seq, source[seq]) for seq in stretch)
            return grown
    return None


def _sources(log: LogFiles, stretch: range) -> list[dict[int, bytes]]:
    """The complete candidates for a stretch: as stored with gaps filled from the entries, and as read with gaps filled from the stored."""
    if stretch and stretch[-1] not in log.stored and stretch[-1] not in log.read:
        return []
    filled = {seq: leaf for seq in stretch if (leaf := log.stored.get(seq) or log.read.get(seq)) is not None}
    if len(filled) < len(stretch):
        return []
    other = filled | {seq: log.read[seq] for seq in stretch if seq in log.read}
    return [filled, other] if other != filled else [filled]


def _resume(edges: dict[int, tuple[bytes, ...]], signed: Signed) -> Frontier | None:
    """The archived frontier at the checkpoint, if it folds to the signed root."""
    size = signed.checkpoint.size
    if size not in edges:
        return None
    frontier = Frontier(size, edges[size])
    return frontier if frontier.root() == signed.checkpoint.root else None


def _fork(odd: Signed, by: Signed) -> LogFinding:
    return LogFinding("forked", f"{odd.label} does not match the log that {by.label} vouches for: it belongs to another history")


def _break_off(log: LogFiles, trust: Trust, base: int, failed: list[Signed]) -> None:
    """Note that nobody vouches for the events from `base` to the last of the failed checkpoints."""
    if not failed:
        return
    first, last = failed[0], failed[-1].checkpoint.size - 1
    trust.broken.append((base, last))
    size = first.checkpoint.size
    if base <= log.end < size:
        ending = f"the log ends with {log.end - 1}" if log.end else "the log is empty"
        message = f"{first.label} covers events up to {size - 1}, {ending}"
    else:
        message = f"{first.label} does not match the log: the change lies between {base} and {size}"
    trust.findings.append(LogFinding("checkpoint-mismatch", message, base, first.checkpoint.size - 1))
    for signed in failed[1:]:
        message = f"{signed.label} cannot be checked, since the log does not match {first.label} before it"
        trust.findings.append(LogFinding("checkpoint-mismatch", message, base, signed.checkpoint.size - 1))
