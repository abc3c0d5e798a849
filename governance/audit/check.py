"""The check of an archived log: which events are what was sealed, and what is wrong with the rest.

Pure: file contents and a public key go in, findings come out. What it can name: each changed, missing, moved, inserted or unreadable
event, as long as a signed checkpoint vouches for the leaf hashes around it; otherwise the stretch between two checkpoints.
What it cannot see: a log cut back to an earlier checkpoint together with every later file. Against that the auditor keeps
the last checkpoint of the check before and passes it in as `known`.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from governance.audit.align import align
from governance.audit.body import parse_instant
from governance.audit.checkpoint import Checkpoint, open_checkpoint_of_any
from governance.audit.findings import LogFinding, span
from governance.audit.note import NoteVerifier
from governance.audit.reading import Files, LogFiles, Signed, read_log
from governance.audit.signers import check_signers, earlier_keys, follow
from governance.audit.trust import Trust, check_hash_files, vouch
from governance.errors import DocumentError


@dataclass(frozen=True)
class LogCheck:
    """What a check found. `events` counts those that stand in their place and are vouched for, `kinds` the same by kind.

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
    earlier_keys: int = 0


def check_log(
    entries: Files, hashes: Files, checkpoints: Files, verifier: NoteVerifier, known: bytes | None = None, *, keys: Files = ()
) -> LogCheck:
    """Check the files of a log, each given as name and content in ascending order of names; none is held longer than it is read.

    `known`: a signed checkpoint seen earlier, which this log must contain. `keys`: the files of the archive's folder of keys, through which
    trust in `verifier` reaches the keys after and before it. Raises DocumentError, LogInconsistent only for `known` itself.
    """
    chain = follow(verifier, keys)
    log = read_log(entries, hashes, checkpoints, chain.verifiers)
    if known is not None:
        label = "the checkpoint kept from before"
        checkpoint, signers = open_checkpoint_of_any(known, chain.verifiers, label)
        log.signed.append(Signed(checkpoint, label, signers))
        log.signed.sort(key=lambda signed: signed.checkpoint.size)
    trust = vouch(log)
    alignment = align(log.lines, trust)
    intact = [(line, seq) for line, seq in zip(log.lines, alignment.events, strict=True) if seq is not None and seq in trust.leaves]
    findings = [*log.findings, *_checkpoints_missing(log, trust), *trust.findings, *check_hash_files(log, trust), *alignment.findings]
    findings += [
        LogFinding("misnumbered", f"event {seq} was sealed as number {line.claim.seq}", seq, seq)
        for line, seq in intact
        if line.claim is not None and line.claim.seq != seq
    ]
    findings += _uncovered(log, trust)
    rotated = {seq: line.claim.rotated for line, seq in intact if line.claim is not None and line.claim.rotated is not None}
    findings += [*chain.findings, *check_signers(chain, log.signed, rotated)]
    claims = {seq: line.claim for line, seq in intact if line.claim is not None}
    final = claims.get(trust.last.checkpoint.size - 1) if trust.last else None
    return LogCheck(
        findings=tuple(findings),
        events=len(intact),
        kinds=Counter(claim.kind for claim in claims.values()),
        checkpoints=len(log.signed),
        checkpoint=trust.last.checkpoint if trust.last else None,
        sealed_at=_instant(final.sealed_at) if final else None,
        earlier_keys=earlier_keys(chain, log.signed),
    )


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
