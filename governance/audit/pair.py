"""Two checkpoints side by side, offline: does the newer log contain the older?

Of equal sizes the roots decide. Otherwise it takes a consistency proof (see `audit.tlog_proof`); without one nothing is said, and the
archive has to be asked. Pure; raises nothing for what stands in the files.
"""

from __future__ import annotations

from dataclasses import dataclass

from governance.audit.checkpoint import Checkpoint, open_checkpoint
from governance.audit.findings import LogFinding
from governance.audit.note import NoteVerifier
from governance.audit.tlog_proof import check_consistency, parse_growth
from governance.errors import DocumentError, LogInconsistent


@dataclass(frozen=True)
class PairCheck:
    """`shown`: whether the newer one was shown to contain the older. `findings`: why not, where something is wrong; not shown and none of
    them: a proof is needed. Checkpoints are None where they do not hold."""

    findings: tuple[LogFinding, ...]
    old: Checkpoint | None
    new: Checkpoint | None
    shown: bool


def check_pair(old_note: bytes, new_note: bytes, verifier: NoteVerifier, proof: bytes | None = None) -> PairCheck:
    """Compare two signed checkpoints; `proof` is the file of a consistency proof from the older to the newer."""
    findings: list[LogFinding] = []
    old, new = (
        _open(note, verifier, what, findings) for note, what in ((old_note, "the older checkpoint"), (new_note, "the newer checkpoint"))
    )
    if old is None or new is None:
        return PairCheck(tuple(findings), old, new, shown=False)
    if old.size > new.size:
        findings.append(
            LogFinding("checkpoint-mismatch", f"the newer checkpoint has {new.size} events, the older {old.size}: the log was cut back")
        )
    elif old.size == new.size and old.root != new.root:
        findings.append(LogFinding("forked", f"two checkpoints of {old.size} events with different roots: the log was forked"))
    elif old.size == new.size:
        return PairCheck((), old, new, shown=True)
    elif proof is not None:
        findings += _proof(old, new, verifier, proof)
        return PairCheck(tuple(findings), old, new, shown=not findings)
    return PairCheck(tuple(findings), old, new, shown=False)


def _open(note: bytes, verifier: NoteVerifier, what: str, findings: list[LogFinding]) -> Checkpoint | None:
    try:
        return open_checkpoint(note, verifier, what)
    except DocumentError as error:
        findings.append(LogFinding("unreadable", str(error)))
    except LogInconsistent as error:
        findings.append(LogFinding("bad-signature", str(error)))
    return None


def _proof(old: Checkpoint, new: Checkpoint, verifier: NoteVerifier, content: bytes) -> list[LogFinding]:
    try:
        shown = check_consistency(parse_growth(content, "the consistency proof"), old, (verifier,), "the consistency proof")
    except (DocumentError, LogInconsistent) as error:
        return [LogFinding("checkpoint-mismatch", str(error))]
    if shown != new:
        return [LogFinding("checkpoint-mismatch", f"the consistency proof leads to another checkpoint, of {shown.size} events")]
    return []
