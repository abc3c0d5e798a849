"""The check of an archived log: which events are what was sealed, and what is wrong with the rest.

Pure: file contents and a public key go in, findings come out. What it can name: each changed, missing, moved, inserted or unreadable
event, as long as a signed checkpoint vouches for the leaf hashes around it; otherwise the stretch between two checkpoints.
What it cannot see: a log cut back to an earlier checkpoint together with every later file. Against that the auditor keeps
the last checkpoint of the check before and passes it in as `known`, and says which day it is: a log that was cut back ends too early.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from types import MappingProxyType

from governance.audit.align import Alignment, align
from governance.audit.body import parse_instant
from governance.audit.checkpoint import Checkpoint, open_checkpoint
from governance.audit.days import check_days
from governance.audit.findings import LogFinding, span
from governance.audit.note import NoteVerifier
from governance.audit.reading import Files, Line, LogFiles, Signed, read_log
from governance.audit.trust import Trust, check_hash_files, vouch
from governance.errors import DocumentError


@dataclass(frozen=True)
class LogCheck:
    """What a check found. `events` counts those that stand in their place and are vouched for, `kinds` the same by kind.

    `checkpoint` is the last one the log was found to match, `sealed_at` the time its last event was sealed, by the sealer's clock.
    """

    findings: tuple[LogFinding, ...]
    events: int
    kinds: Mapping[str, int]
    checkpoints: int
    checkpoint: Checkpoint | None
    sealed_at: datetime | None


def check_log(
    entries: Files,
    hashes: Files,
    checkpoints: Files,
    verifier: NoteVerifier,
    known: Mapping[str, bytes] = MappingProxyType({}),
    today: date | None = None,
) -> LogCheck:
    """Check the files of a log, each given as name and content in ascending order of names; none is held longer than it is read.

    `known`: signed checkpoints seen earlier, which this log must contain, by the words that name them in findings. `today` (UTC): the day
    of the check, None to leave the end of the log unjudged. Raises DocumentError, LogInconsistent only for `known` itself.
    """
    log = read_log(entries, hashes, checkpoints, verifier)
    log.signed.extend(Signed(open_checkpoint(note, verifier, label), label) for label, note in known.items())
    log.signed.sort(key=lambda signed: signed.checkpoint.size)
    trust = vouch(log)
    alignment = align(log.lines, trust)
    findings = [*log.findings, *_checkpoints_missing(log, trust), *trust.findings, *check_hash_files(log, trust), *alignment.findings]
    kinds, events, last = Counter[str](), 0, None
    final = trust.last.checkpoint.size - 1 if trust.last else None
    for line, seq in _intact(log, trust, alignment):
        events, last = events + 1, line if seq == final else last
        if line.mark is not None:
            kinds[line.mark.kind] += 1
            if line.seq != seq:
                findings.append(LogFinding("misnumbered", f"event {seq} was sealed as number {line.seq}", seq, seq))
    findings += _uncovered(log, trust)
    sealed = ((seq, line.mark.sealed_at) for line, seq in _intact(log, trust, alignment) if line.mark is not None)
    findings += check_days(sealed, trust.size, today)
    return LogCheck(
        findings=tuple(findings),
        events=events,
        kinds=kinds,
        checkpoints=len(log.signed) - len(known),
        checkpoint=trust.last.checkpoint if trust.last else None,
        sealed_at=_instant(last.mark.sealed_at) if last is not None and last.mark is not None else None,
    )


def _intact(log: LogFiles, trust: Trust, alignment: Alignment) -> Iterator[tuple[Line, int]]:
    """The lines that stand in their place and are vouched for, with the event each one is."""
    for line, seq in zip(log.lines, alignment.events, strict=True):
        if seq is not None and seq in trust.leaves:
            yield line, seq


def _checkpoints_missing(log: LogFiles, trust: Trust) -> list[LogFinding]:
    """Every bundle ends at a checkpoint; the last one may not have arrived yet, which `_uncovered` reports."""
    if not log.signed:
        return [LogFinding("checkpoint-missing", "no checkpoint signed by this key: nothing vouches for the log")]
    ends = {last + 1 for _, last in log.ranges | log.hash_ranges}
    return [
        LogFinding("checkpoint-missing", f"checkpoint {size} is missing")
        for size in sorted(ends - log.named_checkpoints)
        if size < trust.size
    ]


def _uncovered(log: LogFiles, trust: Trust) -> list[LogFinding]:
    tails = [(max(first, trust.size), last) for first, last in sorted(log.ranges) if last >= trust.size]
    return [LogFinding("uncovered", f"{span(first, last)}: covered by no signed checkpoint", first, last) for first, last in tails]


def _instant(text: str) -> datetime | None:
    try:
        return parse_instant(text, "sealed entry", "sealed_at")
    except DocumentError:
        return None
