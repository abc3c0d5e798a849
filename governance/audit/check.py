"""The check of an archived log: which events are what was sealed, and what is wrong with the rest.

Pure: file contents and a public key go in, findings come out. What it can name: each changed, missing, moved, inserted or unreadable
event, as long as a signed checkpoint vouches for the leaf hashes around it; otherwise the stretch between two checkpoints.
What it cannot see: a log cut back to an earlier checkpoint together with every later file. Against that the auditor keeps
the last checkpoint of the check before and passes it in as `known`, and says which day it is: a log that was cut back ends too early.

A log in which every event is what was sealed is told in one pass that holds one bundle at a time (see `one_pass`). To locate what is wrong
with another, all its hashes are held at once.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from types import MappingProxyType

from governance.audit.align import Alignment, align
from governance.audit.body import parse_instant
from governance.audit.checkpoint import Checkpoint, open_checkpoint_of_any
from governance.audit.days import check_days
from governance.audit.findings import LogFinding, span
from governance.audit.note import NoteVerifier
from governance.audit.one_pass import NotSound, OnePass
from governance.audit.pruning import Stretch, gone, still_missing
from governance.audit.reading import Files, Line, LogFiles, Signed, read_log
from governance.audit.signers import Chain, check_signers, earlier_keys, follow
from governance.audit.trust import Trust, check_hash_files, vouch
from governance.errors import DocumentError


@dataclass(frozen=True)
class LogCheck:
    """What a check found. `events` counts those that stand in their place and are vouched for, `kinds` the same by kind, `pruned` those
    that are gone because their retention was over, as a later event says.

    `checkpoint` is the last one the log was found to match, `sealed_at` the time its last event was sealed, by the sealer's clock.
    `earlier_keys`: checkpoints up to that size are signed with predecessors of the given key alone; their events are vouched for by the
    tree of a later checkpoint, which it or a successor has signed.
    """

    findings: tuple[LogFinding, ...]
    events: int
    kinds: Mapping[str, int]
    checkpoints: int
    checkpoint: Checkpoint | None
    sealed_at: datetime | None
    pruned: int = 0
    earlier_keys: int = 0


def check_log(
    entries: Files,
    hashes: Files,
    checkpoints: Files,
    verifier: NoteVerifier,
    known: Mapping[str, bytes] = MappingProxyType({}),
    today: date | None = None,
    *,
    keys: Files = (),
) -> LogCheck:
    """Check the files of a log, each given as name and content in ascending order of names; none is held longer than it is read.
    `entries`, `hashes` and `checkpoints` may be gone through twice, from the beginning each time.

    `known`: signed checkpoints seen earlier, which this log must contain, by the words that name them in findings. `today` (UTC): the day
    of the check, None to leave the end of the log unjudged. `keys`: the files of the archive's folder of keys, through which trust in
    `verifier` reaches the keys after and before it. Raises DocumentError, LogInconsistent only for `known` itself.
    """
    chain = follow(verifier, keys)
    kept = []
    for label, note in known.items():
        checkpoint, signers = open_checkpoint_of_any(note, chain.verifiers, label)
        kept.append(Signed(checkpoint, label, signers))
    sound = _in_one_pass(_read((), (), checkpoints, chain, kept), entries, hashes, chain, len(kept), today)
    return sound or _at_length(_read(entries, hashes, checkpoints, chain, kept), chain, len(kept), today)


def _read(entries: Files, hashes: Files, checkpoints: Files, chain: Chain, kept: list[Signed]) -> LogFiles:
    """The files, with the checkpoints that are known from elsewhere among those that are there."""
    log = read_log(entries, hashes, checkpoints, chain.verifiers)
    log.signed = sorted([*log.signed, *kept], key=lambda signed: signed.checkpoint.size)
    return log


def _in_one_pass(log: LogFiles, entries: Files, hashes: Files, chain: Chain, known: int, today: date | None) -> LogCheck | None:
    """The check of a log in which all events are as they were sealed; None for every other. `log` has the checkpoints alone."""
    found = OnePass(log, entries, hashes)
    try:
        findings = check_days(found.sealed(), found.size, today)
    except NotSound:
        return None
    return LogCheck(
        findings=(*findings, *chain.findings, *check_signers(chain, log.signed, found.rotated)),
        events=found.events,
        kinds=found.kinds,
        checkpoints=len(log.signed) - known,
        checkpoint=log.signed[-1].checkpoint,
        sealed_at=_instant(found.last) if found.last is not None else None,
        pruned=sum(last - first + 1 for first, last in found.pruned),
        earlier_keys=earlier_keys(chain, log.signed),
    )


def _at_length(log: LogFiles, chain: Chain, known: int, today: date | None) -> LogCheck:
    """The check of any log, with all its hashes in memory."""
    trust = vouch(log)
    alignment = align(log.lines, trust)
    findings = [*log.findings, *_checkpoints_missing(log, trust), *trust.findings, *check_hash_files(log, trust)]
    announced, rotated = list[Stretch](), dict[int, tuple[str, str]]()
    kinds, events, last = Counter[str](), 0, None
    final = trust.last.checkpoint.size - 1 if trust.last else None
    for line, seq in _intact(log, trust, alignment):
        events, last = events + 1, line if seq == final else last
        if line.mark is not None:
            kinds[line.mark.kind] += 1
            if line.leaf in log.rotated:
                rotated[seq] = log.rotated[line.leaf]
            if line.leaf in log.announced and log.announced[line.leaf][1] < seq:
                announced.append(log.announced[line.leaf])
            if line.seq != seq:
                findings.append(LogFinding("misnumbered", f"event {seq} was sealed as number {line.seq}", seq, seq))
    excused = gone(announced, log.ranges)
    findings += still_missing(alignment.findings, excused)
    findings += _uncovered(log, trust)
    sealed = ((seq, line.mark.sealed_at) for line, seq in _intact(log, trust, alignment) if line.mark is not None)
    findings += check_days(sealed, trust.size, today)
    findings += [*chain.findings, *check_signers(chain, log.signed, rotated)]
    return LogCheck(
        findings=tuple(findings),
        events=events,
        kinds=kinds,
        checkpoints=len(log.signed) - known,
        checkpoint=trust.last.checkpoint if trust.last else None,
        sealed_at=_instant(last.mark.sealed_at) if last is not None and last.mark is not None else None,
        pruned=sum(last - first + 1 for first, last in excused),
        earlier_keys=earlier_keys(chain, log.signed),
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
