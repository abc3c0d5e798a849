"""Which keys may have signed a log's checkpoints: the chain of trust from one key to its successors and predecessors.

When a signing key is replaced, both keys sign a statement (`keys/<new key id>.rotation`), and the event `signer.rotated` is sealed under
the old key. Whoever trusts one key trusts its successor, because the key itself names it, and knows its predecessor, because the successor
has signed that statement too: it tells old checkpoints from strangers', which the newer tree then contains or not.

A key that has named a successor is retired with the checkpoint that covers the event: whoever steals it later can sign nothing beyond. Two
statements in which one key names different successors are a finding, and neither is followed. Pure; reads no log.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from governance.audit import layout
from governance.audit.findings import LogFinding
from governance.audit.note import NoteSigner, NoteVerifier, open_note, sign_note
from governance.audit.reading import Files, Signed
from governance.errors import DocumentError, LogInconsistent

_HEADING = "lethe signer rotation"


@dataclass(frozen=True)
class Rotation:
    """One key hands over to the next, of the same log."""

    old: NoteVerifier
    new: NoteVerifier

    def text(self) -> str:
        """The statement: heading, log, and both verifier keys, a line each. No checkpoint reads so: its second line is a number."""
        return f"{_HEADING}\n{self.old.name}\n{self.old.encode()}\n{self.new.encode()}\n"


@dataclass(frozen=True)
class Chain:
    """`verifiers`: every key that may have signed, the oldest first. `rotations`: the hand-overs between them, in that order. `anchor`: the
    key id that was given. `findings`: statements that cannot be followed."""

    anchor: str
    verifiers: tuple[NoteVerifier, ...]
    rotations: tuple[Rotation, ...] = ()
    findings: tuple[LogFinding, ...] = ()


def sign_rotation(old: NoteSigner, new: NoteSigner) -> bytes:
    """The statement, signed by both; the same keys give the same bytes."""
    return sign_note(Rotation(old.verifier, new.verifier).text(), old, new)


def open_rotation(content: bytes, what: str) -> Rotation:
    """A statement that both its keys have signed; says nothing about whom to trust. Raises DocumentError, LogInconsistent."""
    lines = content.decode("utf-8", "replace").split("\n")
    if len(lines) < 5 or lines[0] != _HEADING:
        raise DocumentError(what, "", f"a statement that begins with {_HEADING!r}", "something else")
    rotation = Rotation(NoteVerifier.decode(lines[2], what), NoteVerifier.decode(lines[3], what))
    if {rotation.old.name, rotation.new.name} != {lines[1]} or rotation.old == rotation.new:
        raise DocumentError(what, "", "two keys of one log", "keys of others, or one key twice")
    for verifier in (rotation.old, rotation.new):
        if open_note(content, verifier, what) != rotation.text():
            raise DocumentError(what, "", "heading, log and two verifier keys", "something more")
    return rotation


def follow(anchor: NoteVerifier, files: Files = ()) -> Chain:
    """The chain through the key that is trusted. `files` of the archive's folder of keys; those that are no statements are passed over."""
    findings: list[LogFinding] = []
    stated: list[Rotation] = []
    for name, content in files:
        if layout.rotated_to(name) is None:
            continue
        try:
            rotation = open_rotation(content, name)
        except (DocumentError, LogInconsistent) as error:
            findings.append(LogFinding("rotation", f"{name} does not count: {error}"))
            continue
        if rotation.new.key_id != layout.rotated_to(name) or rotation.old.name != anchor.name:
            findings.append(LogFinding("rotation", f"{name}: is about another key or log"))
        else:
            stated.append(rotation)
    forward = _walk(anchor, _by_key(stated, forward=True, findings=findings), forward=True)
    back = _walk(anchor, _by_key(stated, forward=False, findings=findings), forward=False)
    rotations = (*reversed(back), *forward)
    verifiers = (*(rotation.old for rotation in rotations), rotations[-1].new) if rotations else (anchor,)
    strangers = [rotation for rotation in stated if rotation not in rotations]
    findings += [
        LogFinding("rotation", f"{layout.rotation_name(one.new.key_id)}: no trusted key leads to key {one.old.key_id}") for one in strangers
    ]
    return Chain(anchor.key_id, verifiers, rotations, tuple(dict.fromkeys(findings)))


def check_signers(chain: Chain, signed: Iterable[Signed], rotated: Mapping[int, tuple[str, str]]) -> list[LogFinding]:
    """What is wrong with who signed: a key used after it was retired, a hand-over that the log does not tell of, or that only it tells of.

    `rotated`: the sealed events `signer.rotated` that are vouched for, by sequence number, as old and new key id.
    """
    checkpoints = list(signed)
    told = {pair: seq for seq, pair in rotated.items()}
    findings = []
    for rotation in chain.rotations:
        seq = told.pop((rotation.old.key_id, rotation.new.key_id), None)
        if seq is None:
            findings.append(
                LogFinding("rotation", f"key {rotation.old.key_id} handed over to {rotation.new.key_id}, and no event tells of it")
            )
    for (old, new), seq in sorted(told.items()):
        findings.append(LogFinding("rotation", f"event {seq} tells that key {old} handed over to {new}, without their statement", seq, seq))
    ends = {old: _covered(seq, checkpoints) for seq, (old, _) in rotated.items()}
    for one in checkpoints:
        size = one.checkpoint.size
        over = [key for key in one.keys if (end := ends.get(key)) is not None and size > end]
        if over and len(over) == len(one.keys):
            findings.append(
                LogFinding(
                    "retired-key", f"{one.label} is signed with key {', '.join(over)} alone, retired with checkpoint {ends[over[0]]}"
                )
            )
    return findings


def earlier_keys(chain: Chain, signed: Iterable[Signed]) -> int:
    """Up to which size checkpoints bear signatures of keys before the trusted one alone: those events are vouched for by the tree that a
    later checkpoint of the trusted key, or of its successors, contains them in. 0 for none."""
    before = {verifier.key_id for verifier in chain.verifiers[: [one.key_id for one in chain.verifiers].index(chain.anchor)]}
    return max((one.checkpoint.size for one in signed if set(one.keys) <= before), default=0)


def _by_key(stated: list[Rotation], *, forward: bool, findings: list[LogFinding]) -> dict[str, Rotation]:
    """The hand-over from each key (or to it); none where statements disagree."""
    found: dict[str, list[Rotation]] = {}
    for rotation in stated:
        found.setdefault((rotation.old if forward else rotation.new).key_id, []).append(rotation)
    for key, several in found.items():
        if len(several) > 1:
            word = "successors" if forward else "predecessors"
            others = ", ".join(sorted((one.new if forward else one.old).key_id for one in several))
            findings.append(LogFinding("rotation", f"key {key} has several {word}: {others}; none is trusted"))
    return {key: several[0] for key, several in found.items() if len(several) == 1}


def _walk(anchor: NoteVerifier, steps: dict[str, Rotation], *, forward: bool) -> list[Rotation]:
    walked: list[Rotation] = []
    at = anchor
    while (step := steps.pop(at.key_id, None)) is not None and (step.old if forward else step.new) == at:
        walked.append(step)
        at = step.new if forward else step.old
    return walked


def _covered(seq: int, checkpoints: Iterable[Signed]) -> int:
    """The size of the first checkpoint that covers an event."""
    return min((one.checkpoint.size for one in checkpoints if one.checkpoint.size > seq), default=seq + 1)
