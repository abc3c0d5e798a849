"""Reads the files of an archived log into plain lists for the check, noting what cannot be read and going on.

Judges nothing beyond each file's own form; signatures of checkpoints are checked here because an unsigned one says nothing. A million lines
are a million small objects: what a line says is read from its end by one pattern and shared between lines, and only a line that does not
have its stored hash is read as JSON.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from governance.audit import layout
from governance.audit.bodies_archive import ArchivePruned
from governance.audit.bodies_sealing import SignerRotated
from governance.audit.checkpoint import Checkpoint, open_checkpoint_of_any
from governance.audit.events import PLATFORM
from governance.audit.findings import LogFinding
from governance.audit.layout import HashBundle
from governance.audit.merkle import leaf_hash
from governance.audit.note import NoteVerifier
from governance.errors import DocumentError, LogInconsistent

Files = Iterable[tuple[str, bytes]]  # name and content, in ascending order of names


@dataclass(frozen=True, slots=True)
class Mark:
    """When and as what a line was sealed, by its own word."""

    kind: str
    sealed_at: str


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a bundle: its leaf hash, and the number and mark it gives itself (None: it cannot be read as an entry).

    What a line says of itself is true only if its hash is vouched for.
    """

    leaf: bytes
    seq: int | None
    mark: Mark | None
    bundle_first: int


@dataclass(frozen=True)
class Signed:
    """A checkpoint whose signature holds, with the words that name it in findings, and the ids of the known keys that signed it."""

    checkpoint: Checkpoint
    label: str
    keys: tuple[str, ...] = ()


@dataclass
class LogFiles:
    """An archived log, read. `stored` are the leaf hashes of the hash files, `read` those of entries that differ from them, by number."""

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
    announced: dict[bytes, tuple[int, int]] = field(default_factory=dict)  # by leaf hash: which entries an event says were pruned
    rotated: dict[bytes, tuple[str, str]] = field(default_factory=dict)  # by leaf hash: old and new key id, as an event says


def read_log(entries: Files, hashes: Files, checkpoints: Files, verifiers: Sequence[NoteVerifier]) -> LogFiles:
    """Read everything there is; `verifiers` are the keys that may have signed. What is wrong with a file becomes a finding."""
    log = LogFiles()
    for name, content in hashes:
        _read_hashes(log, name, content)
    marks = Marks()
    for name, content in entries:
        _read_entries(log, name, content, marks)
    for name, content in checkpoints:
        _read_checkpoint(log, name, content, verifiers)
    log.signed.sort(key=lambda signed: signed.checkpoint.size)
    return log


def _read_entries(log: LogFiles, name: str, content: bytes, marks: Marks) -> None:
    place = layout.bundle_range(name)
    if place is None or name != layout.entries_name(*place):
        log.findings.append(LogFinding("stray", f"{name}: not a name of a bundle of entries"))
        return
    log.ranges.add(place)
    lines = []
    for seq, text in enumerate(content.removesuffix(b"\n").split(b"\n") if content else [], start=place[0]):
        leaf, stored = leaf_hash(text), log.stored.get(seq)
        if leaf == stored:
            lines.append(Line(stored, *marks.quickly(text), place[0]))
        else:
            lines.append(Line(leaf, *marks.carefully(text), place[0]))
        if (mark := lines[-1].mark) is not None and mark.kind == ArchivePruned.kind and (stretch := announced_in(text)) is not None:
            log.announced[leaf] = stretch
        if mark is not None and mark.kind == SignerRotated.kind and (key_ids := rotated_in(text)) is not None:
            log.rotated[leaf] = key_ids
    log.lines.extend(lines)
    log.end = max(log.end, place[0] + len(lines))
    if len(lines) == place[1] - place[0] + 1:
        log.read.update((seq, line.leaf) for seq, line in enumerate(lines, start=place[0]) if line.leaf is not log.stored.get(seq))


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


def announced_in(line: bytes) -> tuple[int, int] | None:
    """The stretch of entries that a line which can be read says were pruned, if it names one."""
    try:
        body = json.loads(line)["event"]["body"]
        first, last = body["first"], body["last"]
    except (ValueError, KeyError, TypeError, RecursionError):
        return None
    return (first, last) if type(first) is int and type(last) is int and first <= last else None


def rotated_in(line: bytes) -> tuple[str, str] | None:
    """The ids of the keys of which a line that can be read says that one followed the other. A loan database has no say about keys."""
    try:
        event = json.loads(line)["event"]
        body = event["body"]
        return (str(body["old_key_id"]), str(body["new_key_id"])) if event["dataset"] == PLATFORM else None
    except (ValueError, KeyError, TypeError, RecursionError):
        return None


class Marks:
    """Reads what lines say of themselves; lines that say the same share one mark."""

    #: The end of a sealed line as RFC 8785 writes it; what stands before has no part in it, for within strings quotes are escaped.
    _END = re.compile(
        rb'"kind":"([^"\\]*)","nonce":"[0-9a-f]{32}","run_id":"(?:[^"\\]|\\.)*"},"sealed_at":"([^"\\]*)","seq":(0|[1-9][0-9]{0,17})}\Z'
    )

    def __init__(self) -> None:
        self._known: dict[tuple[bytes, bytes], Mark] = {}

    def quickly(self, line: bytes) -> tuple[int | None, Mark | None]:
        """Number and mark of a line that has its stored hash."""
        found = self._END.search(line)
        if found is None:
            return self.carefully(line)
        kind, sealed_at, seq = found.groups()
        mark = self._known.get((kind, sealed_at))
        if mark is None:
            mark = self._known[kind, sealed_at] = Mark(kind.decode(errors="replace"), sealed_at.decode(errors="replace"))
        return int(seq), mark

    def carefully(self, line: bytes) -> tuple[int | None, Mark | None]:
        """Number and mark of any line, if it can be read. Loosely: strictness is the sealer's, and here only the hash decides."""
        try:
            document = json.loads(line)
            seq, kind, sealed_at = document["seq"], document["event"]["kind"], document["sealed_at"]
        except (ValueError, KeyError, TypeError, RecursionError):
            return None, None
        if type(seq) is not int or not isinstance(kind, str) or not isinstance(sealed_at, str):
            return None, None
        return seq, Mark(kind, sealed_at)
