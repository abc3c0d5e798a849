"""Reads the files of an archived log into plain lists for the check, noting what cannot be read and going on.

Judges nothing beyond each file's own form; signatures of checkpoints are checked here because an unsigned one says nothing.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from governance.audit import layout
from governance.audit.bodies_sealing import SignerRotated
from governance.audit.checkpoint import Checkpoint, open_checkpoint_of_any
from governance.audit.events import PLATFORM
from governance.audit.findings import LogFinding
from governance.audit.layout import HashBundle
from governance.audit.merkle import leaf_hash
from governance.audit.note import NoteVerifier
from governance.errors import DocumentError, LogInconsistent

Files = Iterable[tuple[str, bytes]]  # name and content, in ascending order of names


@dataclass(frozen=True)
class Line:
    """One line of a bundle: its leaf hash and what it says of itself (None: it cannot be read as an entry)."""

    leaf: bytes
    claim: Claim | None
    bundle_first: int


@dataclass(frozen=True)
class Claim:
    """What a line says of itself; true only if the line's hash is vouched for."""

    seq: int
    kind: str
    sealed_at: str
    rotated: tuple[str, str] | None = None  # of `signer.rotated`: old and new key id


@dataclass(frozen=True)
class Signed:
    """A checkpoint whose signature holds, with the words that name it in findings, and the ids of the known keys that signed it."""

    checkpoint: Checkpoint
    label: str
    keys: tuple[str, ...] = ()


@dataclass
class LogFiles:
    """An archived log, read. `stored` are the leaf hashes of the hash files, `read` those of the entries, by sequence number."""

    lines: list[Line] = field(default_factory=list)
    read: dict[int, bytes] = field(default_factory=dict)
    stored: dict[int, bytes] = field(default_factory=dict)
    hash_bundles: list[tuple[str, HashBundle]] = field(default_factory=list)
    ranges: set[tuple[int, int]] = field(default_factory=set)
    hash_ranges: set[tuple[int, int]] = field(default_factory=set)
    named_checkpoints: set[int] = field(default_factory=set)
    signed: list[Signed] = field(default_factory=list)
    findings: list[LogFinding] = field(default_factory=list)
    end: int = 0  # where the entries and hashes there are end


def read_log(entries: Files, hashes: Files, checkpoints: Files, verifiers: Sequence[NoteVerifier]) -> LogFiles:
    """Read everything there is; `verifiers` are the keys that may have signed. What is wrong with a file becomes a finding."""
    log = LogFiles()
    for name, content in entries:
        _read_entries(log, name, content)
    for name, content in hashes:
        _read_hashes(log, name, content)
    for name, content in checkpoints:
        _read_checkpoint(log, name, content, verifiers)
    log.signed.sort(key=lambda signed: signed.checkpoint.size)
    return log


def _read_entries(log: LogFiles, name: str, content: bytes) -> None:
    place = layout.bundle_range(name)
    if place is None or name != layout.entries_name(*place):
        log.findings.append(LogFinding("stray", f"{name}: not a name of a bundle of entries"))
        return
    log.ranges.add(place)
    lines = [Line(leaf_hash(line), _claim(line), place[0]) for line in content.removesuffix(b"\n").split(b"\n")] if content else []
    log.lines.extend(lines)
    log.end = max(log.end, place[0] + len(lines))
    if len(lines) == place[1] - place[0] + 1:
        log.read.update(zip(range(place[0], place[1] + 1), (line.leaf for line in lines), strict=True))


def _read_hashes(log: LogFiles, name: str, content: bytes) -> None:
    place = layout.bundle_range(name)
    if place is None or name != layout.hashes_name(*place):
        log.findings.append(LogFinding("stray", f"{name}: not a name of a file of leaf hashes"))
        return
    log.hash_ranges.add(place)
    try:
        bundle = layout.parse_hashes(content, *place, name)
    except DocumentError as error:
        log.findings.append(LogFinding("hashes", f"{error}", *place))
        return
    log.hash_bundles.append((name, bundle))
    log.end = max(log.end, place[1] + 1)
    log.stored.update(zip(range(place[0], place[1] + 1), bundle.leaves, strict=True))


def _read_checkpoint(log: LogFiles, name: str, content: bytes, verifiers: Sequence[NoteVerifier]) -> None:
    size = layout.checkpoint_size(name)
    if size is None:
        log.findings.append(LogFinding("stray", f"{name}: not a name of a checkpoint"))
        return
    log.named_checkpoints.add(size)
    try:
        checkpoint, keys = open_checkpoint_of_any(content, verifiers, name)
    except DocumentError as error:
        log.findings.append(LogFinding("unreadable", f"checkpoint {size} cannot be read: {error}"))
        return
    except LogInconsistent as error:
        log.findings.append(LogFinding("bad-signature", f"checkpoint {size} does not count: {error}"))
        return
    if checkpoint.size != size:
        log.findings.append(LogFinding("forked", f"{name}: holds checkpoint {checkpoint.size}, not {size}"))
    log.signed.append(Signed(checkpoint, f"checkpoint {checkpoint.size}", keys))


def _claim(line: bytes) -> Claim | None:
    # Read loosely and fast: strictness is the sealer's, and here only the hash decides.
    try:
        document = json.loads(line)
        seq, kind, sealed_at = document["seq"], document["event"]["kind"], document["sealed_at"]
    except (ValueError, KeyError, TypeError, RecursionError):
        return None
    if type(seq) is not int or not isinstance(kind, str) or not isinstance(sealed_at, str):
        return None
    return Claim(seq, kind, sealed_at, _rotated(document["event"]) if kind == SignerRotated.kind else None)


def _rotated(event: dict[str, Any]) -> tuple[str, str] | None:
    body = event.get("body")
    if event.get("dataset") != PLATFORM or not isinstance(body, dict):  # a loan database has no say about keys
        return None
    return str(body.get("old_key_id")), str(body.get("new_key_id"))
