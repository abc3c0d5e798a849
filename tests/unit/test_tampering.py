"""Manipulations of an archive and of certificates, each one different, each one found and located.

The log is that of `simulators.certificates`: sixty events, sealed on five days, under five checkpoints. Each manipulation is a small
function with a name that changes the files as somebody with write access, and without the signing key, could; beside it stands what has to
be said, with the event, file or checkpoint it is about. What a forger who has the key cannot hide stands at the end of the archive's list.
Databases are manipulated in tests/integration/test_tampered_databases.py.
"""

from __future__ import annotations

import base64
import json
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from simulators.certificates import (
    ERASED,
    ISSUED,
    PAPER,
    SIGNER,
    SIZES,
    THIEF,
    Files,
    erasure,
    protocol,
    relisted,
    world,
)

from governance.audit import layout, merkle
from governance.audit.body import instant_text
from governance.audit.canonical import canonical_bytes, digest
from governance.audit.certificate_check import check_certificate, entry_name, proof_name
from governance.audit.check import LogCheck, check_log
from governance.audit.checkpoint import sign_checkpoint
from governance.audit.layout import HashBundle
from governance.audit.note import NoteSigner, sign_note
from governance.standalone import verify as alone

TODAY = date(2026, 2, 4)  # the day of the last checkpoint
VERIFIER = SIGNER.verifier
Manipulation = Callable[[Files], None]
unhurried = settings(deadline=None)


def archive_of(lines: tuple[bytes, ...], signer: NoteSigner = SIGNER) -> Files:
    """What the sealer would have archived of these lines."""
    files: Files = {}
    tree = merkle.Frontier()
    for size in SIZES:
        first = tree.size
        leaves = tuple(map(merkle.leaf_hash, lines[first:size]))
        files[layout.entries_name(first, size - 1)] = b"".join(line + b"\n" for line in lines[first:size])
        files[layout.hashes_name(first, size - 1)] = HashBundle(first, tree.hashes, leaves).text()
        tree = tree.extend(leaves)
        files[layout.checkpoint_name(size)] = sign_checkpoint(size, tree.root(), signer)
    return files


PRISTINE = archive_of(world().lines)
OTHER = archive_of(world(twist="x").lines)
FORGED = archive_of(world(THIEF, "x").lines, THIEF)


def check(files: Files, known: Files | None = None) -> LogCheck:
    """As an auditor does who kept a checkpoint, if given, and knows the day. One pass, where it answers, says what the whole check says."""
    parts = (sorted(item for item in files.items() if item[0].startswith(p)) for p in (layout.ENTRIES, layout.HASHES, layout.CHECKPOINTS))
    entries, hashes, checkpoints = parts
    found = check_log(entries, hashes, checkpoints, VERIFIER, known or {}, TODAY)
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr("governance.audit.check._in_one_pass", lambda *_: None)
        assert check_log(entries, hashes, checkpoints, VERIFIER, known or {}, TODAY) == found
    return found


def bundle(seq: int) -> tuple[int, int]:
    ends = [0, *SIZES]
    return next((first, end - 1) for first, end in zip(ends, SIZES, strict=False) if seq < end)


def entries(seq: int) -> str:
    return layout.entries_name(*bundle(seq))


def hashes(seq: int) -> str:
    return layout.hashes_name(*bundle(seq))


def note(size: int) -> str:
    return layout.checkpoint_name(size)


def lines_of(files: Files, name: str) -> list[bytes]:
    return files[name].splitlines()


def put(files: Files, name: str, lines: list[bytes]) -> None:
    files[name] = b"".join(line + b"\n" for line in lines)


def rehash(files: Files, seq: int) -> None:
    """Make the hashes agree with the entries as they are now."""
    first, last = bundle(seq)
    old = layout.parse_hashes(PRISTINE[hashes(seq)], first, last, "x")
    files[hashes(seq)] = HashBundle(first, old.frontier, tuple(map(merkle.leaf_hash, lines_of(files, entries(seq))))).text()


ARCHIVE: list[tuple[str, Manipulation, str]] = []
CERTIFICATE: list[tuple[str, Callable[[], Files], Manipulation, str]] = []


def archive(name: str, expected: str) -> Callable[[Manipulation], Manipulation]:
    def add(manipulation: Manipulation) -> Manipulation:
        ARCHIVE.append((name, manipulation, expected))
        return manipulation

    return add


def edit(name: str, seq: int, change: Callable[[bytes], bytes], expected: str) -> None:
    """A manipulation of one line."""

    def manipulation(files: Files) -> None:
        lines = lines_of(files, entries(seq))
        lines[seq - bundle(seq)[0]] = change(lines[seq - bundle(seq)[0]])
        put(files, entries(seq), lines)

    ARCHIVE.append((name, manipulation, expected))


def field(seq: int, path: str, value: object) -> Callable[[bytes], bytes]:
    """Write a line anew with one field changed, canonically."""

    def change(line: bytes) -> bytes:
        document = json.loads(line)
        *parents, last = path.split(".")
        place = document
        for parent in parents:
            place = place[parent]
        assert place[last] != value
        place[last] = value
        return canonical_bytes(document, "line")

    return change


# -- one event changed --------------------------------------------------------------------------------------------------

for _seq, _path, _value in (
    (0, "event.body.tables", 2),
    (5, "event.body.findings", 1),
    (12, "event.at", "2026-01-30T02:00:00.000000Z"),
    (13, "event.controller", "another"),
    (24, "event.dataset", "others"),
    (25, "event.run_id", "run-0"),
    (26, "event.kind", "log.heartbeat"),
    (39, "event.nonce", "0" * 32),
    (40, "event.event_id", "00000000-0000-0000-0000-000000000001"),
    (59, "sealed_at", "2026-02-03T02:00:00.000000Z"),
    (33, "seq", 34),
    (17, "event.body.changed", 10),
    (17, "event.body.refs_root", "b" * 64),
    (58, "event.body.json_digest", "b" * 64),
):
    edit(f"{_path} of event {_seq} is changed", _seq, field(_seq, _path, _value), f"event {_seq} was changed")

edit("an event gets another key", 8, lambda line: line.replace(b'"tables":1', b'"tables":1,"zz":1'), "event 8 was changed")
edit("an event loses a key", 8, lambda line: line.replace(b',"tables":1', b""), "event 8 was changed")
edit("an event is written with a blank", 9, lambda line: line.replace(b'"kind":', b'"kind": '), "event 9 was changed")
edit("an event gets a carriage return", 9, lambda line: line[:-1] + b"\r}", "event 9 was changed")
edit("an event is cut short", 20, lambda line: line[:-10], "event 20 was changed: its line can no longer be read")
edit("an event is emptied", 20, lambda line: b"", "event 20 was changed: its line can no longer be read")
edit("an event is replaced by text", 21, lambda line: b"nothing happened", "event 21 was changed: its line can no longer be read")
edit(
    "an event is no longer UTF-8",
    21,
    lambda line: line.replace(b"scan", b"sc\xffn"),
    "event 21 was changed: its line can no longer be read",
)
edit("an event is replaced by one of another history", 30, lambda line: world(twist="x").lines[30], "event 30 was changed")
edit("an event is replaced by a copy of its neighbour", 31, lambda line: world().lines[30], "event 31 is missing")


# -- events gone, added, moved ------------------------------------------------------------------------------------------


def without(*seqs: int) -> Manipulation:
    def manipulation(files: Files) -> None:
        for seq in sorted(seqs, reverse=True):
            lines = lines_of(files, entries(seq))
            del lines[seq - bundle(seq)[0]]
            put(files, entries(seq), lines)

    return manipulation


for _gone, _said in (
    ((0,), "event 0 is missing"),
    ((12,), "event 12 is missing"),
    ((25,), "event 25 is missing"),
    ((40,), "event 40 is missing"),
    ((59,), "event 59 is missing"),
    ((3, 4, 5), "events 3 to 5 are missing"),
    ((11, 12, 13, 14), "events 11 to 14 are missing"),
    ((2, 30), "event 30 is missing"),
):
    ARCHIVE.append((f"without the events {_gone}", without(*_gone), _said))


@archive("an event is inserted", "an event was inserted at 8")
def _(files: Files) -> None:
    lines = lines_of(files, entries(8))
    put(files, entries(8), [*lines[:8], world(twist="x").lines[8], *lines[8:]])


@archive("an event stands twice", "a copy of event 7 was inserted at 9")
def _(files: Files) -> None:
    lines = lines_of(files, entries(8))
    put(files, entries(8), [*lines[:9], lines[7], *lines[9:]])


@archive("an empty line is inserted", "an unreadable line was inserted at 14")
def _(files: Files) -> None:
    lines = lines_of(files, entries(14))
    put(files, entries(14), [lines[0], b"", *lines[1:]])


@archive("text is added at the end", "an unreadable line was inserted at 60")
def _(files: Files) -> None:
    files[entries(59)] += b"one more\n"


@archive("events change places", "event 4 stands where 3 belongs")
def _(files: Files) -> None:
    lines = lines_of(files, entries(3))
    lines[3], lines[4] = lines[4], lines[3]
    put(files, entries(3), lines)


@archive("an event moves to another bundle", "event 2 stands where 30 belongs")
def _(files: Files) -> None:
    line = lines_of(files, entries(2))[2]
    without(2)(files)
    lines = lines_of(files, entries(30))
    put(files, entries(30), [*lines[:4], line, *lines[4:]])


@archive("a bundle is turned around", "stands where")
def _(files: Files) -> None:
    put(files, entries(30), lines_of(files, entries(30))[::-1])


@archive("an event is changed, and its hash with it", "checkpoint 25 does not match the log: the change lies between 13 and 25")
def _(files: Files) -> None:
    put(files, entries(17), [line.replace(b'"changed":11', b'"changed":1') for line in lines_of(files, entries(17))])
    rehash(files, 17)


@archive("an event is removed, and its hash with it", "checkpoint 25 does not match the log: the change lies between 13 and 25")
def _(files: Files) -> None:
    without(17)(files)
    old = layout.parse_hashes(PRISTINE[hashes(17)], *bundle(17), "x")
    files[hashes(17)] = HashBundle(13, old.frontier, old.leaves[:4] + old.leaves[5:]).text()


def removal(name: str) -> Manipulation:
    def manipulation(files: Files) -> None:
        del files[name]

    return manipulation


# -- whole files --------------------------------------------------------------------------------------------------------

for _size in SIZES:
    _first, _last = bundle(_size - 1)
    _told = f"event {_first} is missing" if _first == _last else f"events {_first} to {_last} are missing"
    ARCHIVE.append((f"the bundle before {_size} is removed", removal(entries(_size - 1)), _told))
    _span = f"event {_first}" if _first == _last else f"events {_first} to {_last}"
    ARCHIVE.append(
        (
            f"the hashes before {_size} are removed",
            removal(hashes(_size - 1)),
            f"the leaf hashes of {_span} are missing",
        )
    )
    if _size != SIZES[-1]:
        ARCHIVE.append((f"checkpoint {_size} is removed", removal(note(_size)), f"checkpoint {_size} is missing"))


@archive("the last checkpoint is removed", "events 40 to 59: covered by no signed checkpoint")
def _(files: Files) -> None:
    del files[note(60)]


@archive("the log is cut back by a day", "the log ends with checkpoint 26 on 2026-02-02: none was made on 2026-02-03")
def _(files: Files) -> None:
    for name in (entries(59), hashes(59), note(60)):
        del files[name]
    for name in (entries(30), hashes(30), note(40)):
        del files[name]


@archive("the last bundle is removed with its hashes", "checkpoint 60 covers events up to 59, the log ends with 39")
def _(files: Files) -> None:
    del files[entries(59)], files[hashes(59)]


@archive("all entries are removed", "events 0 to 59 are missing")
def _(files: Files) -> None:
    for size in SIZES:
        del files[entries(size - 1)]


@archive("all checkpoints are removed", "no checkpoint signed by this key: nothing vouches for the log")
def _(files: Files) -> None:
    for size in SIZES:
        del files[note(size)]


@archive("a bundle is renamed", "not a name of a bundle of entries")
def _(files: Files) -> None:
    files[layout.ENTRIES + "0-12.jsonl"] = files.pop(entries(0))


@archive("a bundle is renamed to another stretch", "events 60 to 79: covered by no signed checkpoint")
def _(files: Files) -> None:
    del files[entries(59)]
    files[layout.entries_name(60, 79)] = PRISTINE[entries(59)].replace(b"scan", b"scam")


@archive("two bundles change places", "stands where")
def _(files: Files) -> None:
    files[entries(0)], files[entries(30)] = files[entries(30)], files[entries(0)]


@archive("a file that is none of ours", "log/entries/notes.txt: not a name of a bundle of entries")
def _(files: Files) -> None:
    files[layout.ENTRIES + "notes.txt"] = b"x"


@archive("a bundle no checkpoint covers is added", "events 60 to 61: covered by no signed checkpoint")
def _(files: Files) -> None:
    put(files, layout.entries_name(60, 61), [world(twist="x").lines[5], world(twist="x").lines[6]])


# -- hashes -------------------------------------------------------------------------------------------------------------


@archive("a hash is changed", "000000000013-000000000024.txt: the hash of event 15 was changed")
def _(files: Files) -> None:
    files[hashes(15)] = files[hashes(15)].replace(world().leaves[15].hex().encode(), b"0" * 64)


@archive("two hashes change places", "000000000013-000000000024.txt: the hash of event 15 was changed")
def _(files: Files) -> None:
    lines = lines_of(files, hashes(15))
    at = lines.index(world().leaves[15].hex().encode())
    lines[at], lines[at + 1] = lines[at + 1], lines[at]
    put(files, hashes(15), lines)


@archive(
    "a hash is removed", "000000000013-000000000024.txt: at the top level: expected 3 frontier hashes and 12 leaf hashes, found 3 and 11"
)
def _(files: Files) -> None:
    put(files, hashes(15), lines_of(files, hashes(15))[:-1])


@archive(
    "a hash is added", "000000000013-000000000024.txt: at the top level: expected 3 frontier hashes and 12 leaf hashes, found 3 and 13"
)
def _(files: Files) -> None:
    files[hashes(15)] += b"0" * 64 + b"\n"


@archive("a hash is written in capitals", "000000000013-000000000024.txt: at line 5")
def _(files: Files) -> None:
    lines = lines_of(files, hashes(15))
    put(files, hashes(15), [*lines[:4], lines[4].upper(), *lines[5:]])


@archive("the frontier is changed", "000000000013-000000000024.txt: the frontier before event 13 was changed")
def _(files: Files) -> None:
    lines = lines_of(files, hashes(15))
    put(files, hashes(15), [b"+" + b"0" * 64, *lines[1:]])


@archive("the frontier is removed", "000000000013-000000000024.txt: at the top level: expected 3 frontier hashes")
def _(files: Files) -> None:
    put(files, hashes(15), lines_of(files, hashes(15))[3:])


@archive("hashes are those of another history", "000000000040-000000000059.txt: the hash of event 40 was changed")
def _(files: Files) -> None:
    files[hashes(59)] = OTHER[hashes(59)]


# -- checkpoints --------------------------------------------------------------------------------------------------------


def renoted(size: int, old: str, new: str) -> Manipulation:
    def manipulation(files: Files) -> None:
        text = files[note(size)].decode()
        assert old in text
        files[note(size)] = text.replace(old, new, 1).encode()

    return manipulation


_ROOT = base64.b64encode(merkle.root(world().leaves[:25])).decode()
for _name, _manipulation, _said in (
    ("the size in a checkpoint is changed", renoted(25, "\n25\n", "\n26\n"), "checkpoint 25 does not count"),
    ("the root in a checkpoint is changed", renoted(25, _ROOT, base64.b64encode(bytes(32)).decode()), "checkpoint 25 does not count"),
    ("the origin in a checkpoint is changed", renoted(25, "lethe/test\n", "lethe/west\n"), "checkpoint 25 does not count"),
    ("a line is added to a checkpoint", renoted(25, f"{_ROOT}\n", f"{_ROOT}\nmore\n"), "checkpoint 25 does not count"),
    ("the name of a signature is changed", renoted(25, "— lethe/test", "— lethe/west"), "carries no signature of lethe/test"),
    ("a checkpoint is one line", lambda files: files.update({note(25): b"lethe/test"}), "checkpoint 25 cannot be read"),
    ("a checkpoint is emptied", lambda files: files.update({note(25): b""}), "checkpoint 25 cannot be read"),
    (
        "a checkpoint is unsigned",
        lambda files: files.update({note(25): files[note(25)].split(b"\n\n")[0] + b"\n"}),
        "checkpoint 25 cannot be read",
    ),
    ("a checkpoint is signed by a thief", lambda files: files.update({note(25): FORGED[note(25)]}), "checkpoint 25 does not count"),
    ("all checkpoints are signed by a thief", lambda files: files.update(FORGED), "nothing vouches for the log"),
    (
        "a checkpoint is an older one",
        lambda files: files.update({note(40): files[note(25)]}),
        "000000000040.note: holds checkpoint 25, not 40",
    ),
    (
        "a checkpoint is a newer one",
        lambda files: files.update({note(25): files[note(40)]}),
        "000000000025.note: holds checkpoint 40, not 25",
    ),
    (
        "a checkpoint is renamed",
        lambda files: files.update({note(61): files.pop(note(60))}),
        "000000000061.note: holds checkpoint 60, not 61",
    ),
    ("a checkpoint has no name", lambda files: files.update({layout.CHECKPOINTS + "25.note": b"x"}), "25.note: not a name of a checkpoint"),
    # with the key:
    (
        "a checkpoint of another history, signed",
        lambda files: files.update({note(25): OTHER[note(25)]}),
        "checkpoint 25 does not match the log that",
    ),
    (
        "the last checkpoint is of another history",
        lambda files: files.update({note(60): OTHER[note(60)]}),
        "checkpoint 60 does not match the log",
    ),
    (
        "a checkpoint beyond the log, signed",
        lambda files: files.update({note(90): sign_checkpoint(90, bytes(32), SIGNER)}),
        "checkpoint 90 covers events up to 89, the log ends with 59",
    ),
    (
        "a checkpoint signed for another log",
        lambda files: files.update({note(25): sign_note(f"lethe/other\n25\n{_ROOT}\n", SIGNER)}),
        "checkpoint 25 does not count",
    ),
):
    ARCHIVE.append((_name, _manipulation, _said))


def resealed(change: Callable[[int, bytes], bytes]) -> Manipulation:
    """The whole log written anew, with the key."""

    def manipulation(files: Files) -> None:
        files.update(archive_of(tuple(change(seq, line) for seq, line in enumerate(world().lines)), SIGNER))

    return manipulation


def _later(seq: int, line: bytes, after: int, days: int) -> bytes:
    document = json.loads(line)
    if seq >= after:
        at = datetime.fromisoformat(document["sealed_at"]).astimezone(UTC)
        document["sealed_at"] = instant_text(at + timedelta(days=days))
    return canonical_bytes(document, "line")


for _name, _manipulation, _said in (
    (
        "the sealer skipped two days",
        resealed(lambda seq, line: _later(seq, line, 40, 2)),
        "no checkpoint was made on 2026-02-04 to 2026-02-05",
    ),
    ("the sealer's clock ran backwards", resealed(lambda seq, line: _later(seq, line, 26, -3)), "event 26 was sealed at"),
    (
        "the sealer numbered wrongly",
        resealed(lambda seq, line: line.replace(b'"seq":26}', b'"seq":27}')),
        "event 26 was sealed as number 27",
    ),
    (
        "the sealer's clock is ahead",
        resealed(lambda seq, line: _later(seq, line, 59, 1)),
        "event 59 was sealed on 2026-02-05, which is after",
    ),
):
    ARCHIVE.append((_name, _manipulation, _said))


def test_one_pass_is_enough_for_what_was_not_touched(monkeypatch: pytest.MonkeyPatch) -> None:
    parts = [
        [item for item in sorted(PRISTINE.items()) if item[0].startswith(p)] for p in (layout.ENTRIES, layout.HASHES, layout.CHECKPOINTS)
    ]
    monkeypatch.delattr("governance.audit.check._at_length")
    kept = {"kept": PRISTINE[layout.checkpoint_name(SIZES[1])]}
    assert (check_log(*parts, VERIFIER, kept, TODAY).events, check_log(*parts, VERIFIER, {}, TODAY).findings) == (SIZES[-1], ())
    late = check_log(*parts, VERIFIER, kept, TODAY + timedelta(days=5))
    assert [finding.kind for finding in late.findings] == ["ended"]


def test_untouched_nothing_is_wrong() -> None:
    found = check(dict(PRISTINE), {"the kept checkpoint": PRISTINE[note(40)]})
    assert (found.findings, found.events) == ((), 60)


@pytest.mark.parametrize(("manipulation", "expected"), [case[1:] for case in ARCHIVE], ids=[case[0] for case in ARCHIVE])
def test_a_manipulated_archive(manipulation: Manipulation, expected: str) -> None:
    files = dict(PRISTINE)
    manipulation(files)
    assert files != PRISTINE
    found = [str(finding) for finding in check(files).findings]
    assert any(expected in finding for finding in found), found


def test_a_log_rewritten_with_the_key_falls_to_a_checkpoint_kept_from_before() -> None:
    assert check(dict(OTHER)).findings == ()
    found = [str(finding) for finding in check(dict(OTHER), {"the kept checkpoint": PRISTINE[note(40)]}).findings]
    assert found == ["the kept checkpoint does not match the log that checkpoint 60 vouches for: it belongs to another history"]


@unhurried
@given(st.sampled_from(sorted(PRISTINE)), st.data())
def test_no_byte_of_the_archive_can_be_changed(name: str, draw: st.DataObject) -> None:
    files, place = dict(PRISTINE), draw.draw(st.integers(0, len(PRISTINE[name]) - 1))
    changed = bytearray(files[name])
    changed[place] = draw.draw(st.integers(0, 255).filter(lambda byte: byte != changed[place]))
    files[name] = bytes(changed)
    first = next((seq for seq in range(60) if name in (entries(seq), hashes(seq))), None)
    size = layout.checkpoint_size(name)
    found = check(files).findings
    assert found, name
    if size is not None:
        assert any(str(size) in str(finding) for finding in found)
    elif first is not None:
        last = bundle(first)[1]
        assert all(finding.first is None or first <= finding.first <= last + 1 for finding in found)


@unhurried
@given(st.sampled_from(sorted(PRISTINE)), st.data())
def test_no_line_of_the_archive_can_go_or_change_places(name: str, draw: st.DataObject) -> None:
    files = dict(PRISTINE)
    lines = lines_of(files, name)
    at, other = (draw.draw(st.integers(0, len(lines) - 1)) for _ in range(2))
    if at == other:
        del lines[at]
    else:
        lines[at], lines[other] = lines[other], lines[at]
    put(files, name, lines)
    if files != PRISTINE:
        assert check(files).findings


# -- certificates -------------------------------------------------------------------------------------------------------


def certificate(make: Callable[[], Files], name: str, expected: str) -> Callable[[Manipulation], Manipulation]:
    def add(manipulation: Manipulation) -> Manipulation:
        CERTIFICATE.append((name, make, manipulation, expected))
        return manipulation

    return add


def replaced(name: str, old: bytes, new: bytes) -> Manipulation:
    def manipulation(files: Files) -> None:
        assert old in files[name], name
        files[name] = files[name].replace(old, new, 1)

    return manipulation


def then_listed(manipulation: Manipulation) -> Manipulation:
    """And certificate.json lists the files as they are then."""

    def both(files: Files) -> None:
        manipulation(files)
        files.update(relisted(files))

    return both


E17, P17, E18, P18, REFS17 = entry_name(ERASED), proof_name(ERASED), entry_name(18), proof_name(18), "references/000000000017.json"
_FIRST = world().proof(ERASED, 60).split(b"\n")[2]
for _name, _make, _manipulation, _said in (
    ("a count in an event", erasure, replaced(E17, b'"changed":11', b'"changed":12'), f"{E17}: was changed"),
    ("a count in an event, listed", erasure, then_listed(replaced(E17, b'"changed":11', b'"changed":12')), P17),
    ("an event's time, listed", erasure, then_listed(replaced(E17, b'"sealed_at":"2026-02-01', b'"sealed_at":"2026-02-02')), P17),
    ("an event's root of references, listed", erasure, then_listed(replaced(E17, b'"refs_root":"', b'"refs_root":"0')), P17),
    ("an entry is removed", erasure, removal(E17), f"{E17}: is missing"),
    ("an entry is removed, listed", erasure, then_listed(removal(E17)), f"{E17}: is missing"),
    ("a proof is removed", erasure, removal(P17), f"{P17}: is missing"),
    ("a proof is removed, listed", erasure, then_listed(removal(P17)), f"{P17}: is missing"),
    ("an entry is emptied, listed", erasure, then_listed(lambda files: files.update({E17: b""})), P17),
    ("a proof's index, listed", erasure, then_listed(replaced(P17, b"index 17", b"index 16")), f"{P17}: is about event 16, not 17"),
    ("a proof's header, listed", erasure, then_listed(replaced(P17, b"@v1", b"@v2")), f"{P17}: at line 1"),
    ("a proof without index, listed", erasure, then_listed(replaced(P17, b"index 17\n", b"")), f"{P17}: at index"),
    ("a proof's hash, listed", erasure, then_listed(replaced(P17, _FIRST, base64.b64encode(bytes(32)))), f"{P17}: does not lead"),
    ("a proof lacks a hash, listed", erasure, then_listed(replaced(P17, _FIRST + b"\n", b"")), f"{P17}: does not lead"),
    ("a proof has a hash twice, listed", erasure, then_listed(replaced(P17, _FIRST, _FIRST + b"\n" + _FIRST)), f"{P17}: does not lead"),
    ("a proof's hash is no base64, listed", erasure, then_listed(replaced(P17, _FIRST, b"?")), f"{P17}: at hash 1"),
    ("a proof's hash is short, listed", erasure, then_listed(replaced(P17, _FIRST, b"AAAA")), f"{P17}: at hash 1"),
    ("a proof's checkpoint size, listed", erasure, then_listed(replaced(P17, b"\n60\n", b"\n61\n")), P17),
    ("a proof's signature, listed", erasure, then_listed(replaced(P17, "— lethe/test ".encode(), "— lethe/test AA".encode())), P17),
    (
        "a proof without a signature, listed",
        erasure,
        then_listed(lambda files: files.update({P17: files[P17].rsplit(b"\n\n", 1)[0] + b"\n"})),
        P17,
    ),
    (
        "proofs change places, listed",
        protocol,
        then_listed(lambda files: files.update({P17: files[P18], P18: files[P17]})),
        f"{P17}: is about event 18",
    ),
    (
        "entries change places, listed",
        protocol,
        then_listed(lambda files: files.update({E17: files[E18], E18: files[E17]})),
        f"{P17}: does not lead",
    ),
    (
        "a proof is a thief's, listed",
        erasure,
        then_listed(lambda files: files.update({P17: world(THIEF).proof(17, 60)})),
        f"{P17}: its checkpoint",
    ),
    (
        "a proof is of another history, listed",
        erasure,
        then_listed(lambda files: files.update({P17: world(twist="x").proof(17, 60)})),
        "another checkpoint 60 than before: the log was forked",
    ),
    (
        "an event is of another history, signed and listed",
        erasure,
        then_listed(
            lambda files: files.update({entry_name(30): world(twist="x").lines[30], proof_name(30): world(twist="x").proof(30, 60)})
        ),
        f"{proof_name(30)}: another checkpoint 60 than before: the log was forked",
    ),
    (
        "an event the certificate does not list",
        erasure,
        lambda files: files.update({E18: world().lines[18], P18: world().proof(18, 60)}),
        E18,
    ),
    (
        "the event's number is not the entry's",
        erasure,
        lambda files: files.update({entry_name(31): files[E17], proof_name(31): files[P17]}),
        "31",
    ),
    (
        "a reference is another's, listed",
        erasure,
        then_listed(replaced(REFS17, b"ref1.", b"ref1.f")),
        f"{REFS17}: reference 1 is not one of those",
    ),
    (
        "a reference's place, listed",
        erasure,
        then_listed(replaced(REFS17, b'"index":2', b'"index":3')),
        f"{REFS17}: reference 1 is not one",
    ),
    ("a reference's tree, listed", erasure, then_listed(replaced(REFS17, b'"size":11', b'"size":10')), f"{REFS17}: reference 1 is not one"),
    (
        "a reference's proof, listed",
        erasure,
        then_listed(replaced(REFS17, b'"proof":["', b'"proof":["00')),
        f"{REFS17}: reference 1 is not one",
    ),
    (
        "references of another event, listed",
        erasure,
        then_listed(lambda files: files.update({"references/000000000030.json": files.pop(REFS17)})),
        "30.json",
    ),
    (
        "references of no event, listed",
        erasure,
        then_listed(lambda files: files.update({"references/000000000099.json": files.pop(REFS17)})),
        "99.json",
    ),
    (
        "references without any, listed",
        erasure,
        then_listed(lambda files: files.update({REFS17: b'{"references":[]}'})),
        f"{REFS17}: expected references",
    ),
    ("references are removed", erasure, removal(REFS17), f"{REFS17}: is missing"),
    (
        "a reference counts twice, listed",
        erasure,
        then_listed(
            lambda files: files.update({REFS17: canonical_bytes({"references": json.loads(files[REFS17])["references"] * 2}, "x")})
        ),
        f"{REFS17}: reference 4 stands twice",
    ),
    ("the paper is changed", protocol, replaced("protocol.pdf", b"good", b"bad"), "protocol.pdf: was changed"),
    ("the paper is changed, listed", protocol, then_listed(replaced("protocol.pdf", b"good", b"bad")), "names a document (json_digest)"),
    ("the paper is removed", protocol, removal("protocol.pdf"), "protocol.pdf: is missing"),
    ("a count in the certificate", protocol, replaced("certificate.json", b'"rows":4711', b'"rows":17'), "names a document (json_digest)"),
    (
        "the kind of the certificate",
        protocol,
        replaced("certificate.json", b"destruction-protocol", b"erasure"),
        "names a document (json_digest)",
    ),
    (
        "an event is taken out of the certificate",
        protocol,
        replaced("certificate.json", b'"events":[17,18]', b'"events":[17]'),
        f"{E18}: certificate.json does",
    ),
    (
        "an event is put into the certificate",
        erasure,
        replaced("certificate.json", b'"events":[17,30]', b'"events":[17,30,31]'),
        entry_name(31),
    ),
    (
        "the certificate is of no format we know",
        erasure,
        replaced("certificate.json", b"certificate/1", b"certificate/9"),
        "certificate.json: at format",
    ),
    (
        "the certificate names no event",
        erasure,
        replaced("certificate.json", b'"events":[17,30]', b'"events":[]'),
        "certificate.json: at events",
    ),
    (
        "the certificate is not canonical",
        erasure,
        lambda files: files.update({"certificate.json": files["certificate.json"] + b" "}),
        "certificate.json",
    ),
    (
        "the certificate says something twice",
        erasure,
        replaced("certificate.json", b'"rows":4711', b'"rows":4711,"rows":17'),
        "certificate.json",
    ),
    ("the certificate is removed", erasure, removal("certificate.json"), "certificate.json: is missing"),
    ("a file is added", erasure, lambda files: files.update({"annex.p7m": b"x"}), "annex.p7m: does not belong to the certificate"),
    ("the key is another", erasure, lambda files: files.update({"log.vkey": THIEF.verifier.encode().encode()}), "log.vkey: is another key"),
    ("the key is none", erasure, lambda files: files.update({"log.vkey": b"key"}), "log.vkey: at the top level: expected a verifier key"),
    (
        "the event that names the paper is changed",
        protocol,
        replaced(entry_name(ISSUED), digest(PAPER).encode(), b"0" * 64),
        proof_name(ISSUED),
    ),
):
    CERTIFICATE.append((_name, _make, _manipulation, _said))


@pytest.mark.parametrize(("make", "manipulation", "expected"), [case[1:] for case in CERTIFICATE], ids=[case[0] for case in CERTIFICATE])
def test_a_manipulated_certificate(make: Callable[[], Files], manipulation: Manipulation, expected: str) -> None:
    """Also to the single file that ships with certificates, except for what is only said of the key, and of text that reads the same."""
    files = make()
    manipulation(files)
    assert files != make()
    found = check_certificate(files, VERIFIER).findings
    assert any(expected in finding for finding in found), found
    if (
        not expected.startswith("log.vkey")
        and files["certificate.json" if "certificate.json" in files else E17].rstrip() != make()["certificate.json"]
    ):
        with pytest.raises((alone.Wrong, KeyError, TypeError, ValueError, AttributeError)):
            alone.check(files, [alone.read_key(VERIFIER.encode())])


def test_there_are_more_than_a_hundred_and_no_two_are_the_same() -> None:
    changed = set()
    for _, manipulation, _ in ARCHIVE:
        files = dict(PRISTINE)
        manipulation(files)
        changed.add(tuple(sorted(files.items())))
    for _, make, manipulation, _ in CERTIFICATE:
        files = make()
        manipulation(files)
        changed.add(tuple(sorted(files.items())))
    assert len(changed) == len(ARCHIVE) + len(CERTIFICATE) > 100
