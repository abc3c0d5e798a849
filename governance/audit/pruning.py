"""Entries that are missing because their retention was over: a later event of the log, itself in its place and vouched for, says so.

Excused are whole bundles alone, and only of the stretch that the event names: a bundle that is still there must be complete, and what is
gone without being named stays a finding. Whether the retention was over is not seen here: that the event was sealed is. Pure.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from governance.audit.bodies_archive import ArchivePruned
from governance.audit.findings import LogFinding, missing

KIND = ArchivePruned.kind
Stretch = tuple[int, int]  # first and last number


def gone(announced: Iterable[Stretch], there: Iterable[Stretch]) -> list[Stretch]:
    """The stretches that may be missing: what was announced, without the bundles that are there. In order, none twice."""
    found = list[Stretch]()
    kept = sorted(there)
    for stretch in sorted(announced):
        for rest in without(stretch, kept):
            found += without(rest, found)
    return found


def still_missing(findings: Iterable[LogFinding], excused: Sequence[Stretch]) -> Iterator[LogFinding]:
    """The findings, those of missing events cut down to what nobody announced."""
    for finding in findings:
        if finding.kind == "missing" and finding.first is not None and finding.last is not None:
            yield from (missing(first, last) for first, last in without((finding.first, finding.last), excused))
        else:
            yield finding


def without(stretch: Stretch, taken: Sequence[Stretch]) -> list[Stretch]:
    """What is left of a stretch when others, given in order, are taken out of it."""
    first, last = stretch
    left = list[Stretch]()
    for start, end in taken:
        if end < first or start > last:
            continue
        if start > first:
            left.append((first, start - 1))
        first = end + 1
    return [*left, (first, last)] if first <= last else left
