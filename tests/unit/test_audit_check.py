"""Tampering with an archived log, and the words the check has for it.

The log is sixty-odd real events in five bundles. Each test does to its files what a person with write access could do and asks
for exactly the findings that follow, at places chosen by hypothesis.
"""

from __future__ import annotations

import functools
from datetime import UTC, date, datetime, timedelta
from uuid import UUID

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from hypothesis import given, settings
from hypothesis import strategies as st

from governance.audit import bodies_evidence, bodies_scan, layout, merkle
from governance.audit import events as ev
from governance.audit.check import LogCheck, check_log
from governance.audit.checkpoint import sign_checkpoint
from governance.audit.entry import entry_bytes
from governance.audit.layout import HashBundle
from governance.audit.note import NoteSigner
from governance.errors import DocumentError, EvidenceError, LogInconsistent

unhurried = settings(deadline=None)  # the machine may be busy with other things
AT = datetime(2026, 1, 31, 2, tzinfo=UTC)
SIZES = (13, 12, 1, 14, 22)
ENDS = (13, 25, 26, 40, 62)
SIGNER = NoteSigner("lethe/test", Ed25519PrivateKey.from_private_bytes(bytes(range(32))))
THIEF = NoteSigner("lethe/test", Ed25519PrivateKey.from_private_bytes(bytes(range(1, 33))))

Files = dict[str, bytes]
seqs = st.integers(0, ENDS[-1] - 1)


def line(seq: int, world: str = "") -> bytes:
    body = (
        bodies_scan.ScanCompleted(tables=seq, rows={f"clients{world}": seq}, findings=0)
        if seq % 3
        else bodies_evidence.LogHeartbeat(size=seq)
    )
    event = ev.Event(UUID(int=seq + 1), AT, "test", "loans", f"run-{seq}", body, f"{seq:032x}")
    return entry_bytes(seq, AT + timedelta(days=seq), ev.to_canonical(event))


def log_files(sizes: tuple[int, ...] = SIZES, world: str = "") -> Files:
    """What the sealer would have put into the archive."""
    files: Files = {}
    tree = merkle.Frontier()
    for size in sizes:
        first, last = tree.size, tree.size + size - 1
        lines = [line(seq, world) for seq in range(first, last + 1)]
        leaves = tuple(merkle.leaf_hash(content) for content in lines)
        files[layout.entries_name(first, last)] = b"".join(content + b"\n" for content in lines)
        files[layout.hashes_name(first, last)] = HashBundle(first, tree.hashes, leaves).text()
        tree = tree.extend(leaves)
        files[layout.checkpoint_name(tree.size)] = sign_checkpoint(tree.size, tree.root(), SIGNER)
    return files


@functools.cache
def pristine() -> tuple[tuple[str, bytes], ...]:
    return tuple(log_files().items())


@pytest.fixture
def files() -> Files:
    return dict(pristine())


def check(files: Files, known: bytes | None = None, today: date | None = None) -> LogCheck:
    def under(prefix: str) -> list[tuple[str, bytes]]:
        return sorted(item for item in files.items() if item[0].startswith(prefix))

    parts = under(layout.ENTRIES), under(layout.HASHES), under(layout.CHECKPOINTS)
    kept = {} if known is None else {"the checkpoint kept from before": known}
    found = check_log(*parts, SIGNER.verifier, kept)
    with pytest.MonkeyPatch.context() as patched:  # one pass, where it answers, says what the whole check says
        patched.setattr("governance.audit.check._in_one_pass", lambda *_: None)
        assert check_log(*parts, SIGNER.verifier, kept) == found
    return found


def said(files: Files, known: bytes | None = None) -> list[str]:
    return [finding.message for finding in check(files, known).findings]


def bundle(seq: int) -> tuple[int, int]:
    return next((end - size, end - 1) for size, end in zip(SIZES, ENDS, strict=True) if seq < end)


def lines(files: Files, seq: int) -> list[bytes]:
    return files[layout.entries_name(*bundle(seq))].splitlines()


def put_lines(files: Files, seq: int, content: list[bytes]) -> None:
    files[layout.entries_name(*bundle(seq))] = b"".join(item + b"\n" for item in content)


def rehash(files: Files, seq: int) -> None:
    """Make the file of leaf hashes agree with the entries as they are now: what a careful forger would do."""
    first, last = bundle(seq)
    old = layout.parse_hashes(files[layout.hashes_name(first, last)], first, last, "x")
    leaves = tuple(merkle.leaf_hash(item) for item in lines(files, seq))
    files[layout.hashes_name(first, last)] = HashBundle(first, old.frontier, leaves).text()


# -- nothing wrong ------------------------------------------------------------------------------------------------------


def test_an_untouched_log_is_found_whole(files: Files) -> None:
    found = check(files)
    assert found.findings == ()
    assert (found.events, found.checkpoints) == (62, 5)
    assert found.kinds == {"log.heartbeat": 21, "scan.completed": 41}
    assert found.checkpoint is not None
    assert (found.checkpoint.size, found.sealed_at) == (62, AT + timedelta(days=61))


@unhurried
@given(st.lists(st.integers(1, 9), min_size=1, max_size=9))
def test_however_it_is_bundled(sizes: list[int]) -> None:
    found = check(log_files(tuple(sizes)))
    assert (found.findings, found.events) == ((), sum(sizes))


def test_a_checkpoint_kept_from_before_is_found_again(files: Files) -> None:
    assert said(files, known=files[layout.checkpoint_name(25)]) == []


# -- single events, hash files intact -----------------------------------------------------------------------------------


@unhurried
@given(seqs, st.data())
def test_a_changed_event_is_named(seq: int, draw: st.DataObject) -> None:
    files = dict(pristine())
    content = lines(files, seq)
    at = seq - bundle(seq)[0]
    place = draw.draw(st.integers(0, len(content[at]) - 1))
    changed = bytearray(content[at])
    changed[place] = draw.draw(st.integers(0, 255).filter(lambda byte: byte not in (changed[place], 10)))
    content[at] = bytes(changed)
    put_lines(files, seq, content)
    found = check(files)
    assert [(finding.first, finding.last) for finding in found.findings] == [(seq, seq)]
    assert found.findings[0].message in (f"event {seq} was changed", f"event {seq} was changed: its line can no longer be read")
    assert found.events == 61


@unhurried
@given(seqs)
def test_an_event_replaced_by_another_real_looking_one_is_named(seq: int) -> None:
    files = dict(pristine())
    content = lines(files, seq)
    content[seq - bundle(seq)[0]] = line(seq, world="-forged")
    put_lines(files, seq, content)
    expected = [] if seq % 3 == 0 else [f"event {seq} was changed"]  # heartbeats say the same in every world
    assert said(files) == expected


@unhurried
@given(seqs)
def test_an_unreadable_line_is_named(seq: int) -> None:
    files = dict(pristine())
    content = lines(files, seq)
    content[seq - bundle(seq)[0]] = b"\x00garbage"
    put_lines(files, seq, content)
    assert said(files) == [f"event {seq} was changed: its line can no longer be read"]


@unhurried
@given(seqs)
def test_a_missing_event_is_named(seq: int) -> None:
    files = dict(pristine())
    content = lines(files, seq)
    del content[seq - bundle(seq)[0]]
    put_lines(files, seq, content)
    assert said(files) == [f"event {seq} is missing"]


@unhurried
@given(st.integers(0, 11), st.integers(2, 12))
def test_a_run_of_missing_events_is_one_finding(first: int, last: int) -> None:
    files = dict(pristine())
    content = lines(files, 0)
    del content[first : last + 1]
    put_lines(files, 0, content)
    gone = len(range(first, last + 1))
    expected = [] if not gone else [f"event {first} is missing"] if gone == 1 else [f"events {first} to {last} are missing"]
    assert said(files) == expected


@unhurried
@given(seqs, st.booleans())
def test_an_inserted_line_is_named(seq: int, readable: bool) -> None:
    files = dict(pristine())
    content = lines(files, seq)
    content.insert(seq - bundle(seq)[0], line(500) if readable else b"{}")
    put_lines(files, seq, content)
    assert said(files) == [f"{'an event' if readable else 'an unreadable line'} was inserted at {seq}"]


@unhurried
@given(seqs, seqs)
def test_a_copied_event_is_named(original: int, at: int) -> None:
    files = dict(pristine())
    content = lines(files, at)
    content.insert(at - bundle(at)[0], line(original))
    put_lines(files, at, content)
    beside = (original, original + 1)  # there nobody can say which of the two lines is the copy
    assert said(files) in [[f"a copy of event {original} was inserted at {place}"] for place in (beside if at in beside else (at,))]


@unhurried
@given(st.integers(0, 60))
def test_neighbours_that_changed_places_are_named(seq: int) -> None:
    files = dict(pristine())
    whole = [line(number) for number in range(62)]
    whole[seq], whole[seq + 1] = whole[seq + 1], whole[seq]
    for size, end in zip(SIZES, ENDS, strict=True):
        put_lines(files, end - 1, whole[end - size : end])
    assert said(files) == [f"event {seq + 1} stands where {seq} belongs"]


@unhurried
@given(seqs, seqs)
def test_distant_events_that_changed_places_are_named(one: int, other: int) -> None:
    low, high = sorted((one, other))
    if high - low < 3:
        return
    files = dict(pristine())
    whole = [line(number) for number in range(62)]
    whole[low], whole[high] = whole[high], whole[low]
    for size, end in zip(SIZES, ENDS, strict=True):
        put_lines(files, end - 1, whole[end - size : end])
    assert said(files) == [f"event {high} stands where {low} belongs", f"event {low} stands where {high} belongs"]


@unhurried
@given(st.sets(seqs, max_size=6), st.sets(seqs, max_size=6))
def test_many_changes_are_all_named(changed: set[int], dropped: set[int]) -> None:
    """Changed and dropped at once. Between two intact events it is known which are gone, and the lines say which they claim to be."""
    files = dict(pristine())
    for size, end in zip(SIZES, ENDS, strict=True):
        content = [line(seq) + b" " * (seq in changed) for seq in range(end - size, end) if seq not in dropped]
        put_lines(files, end - 1, content)
    found = check(files)
    named = {"changed": set[int](), "missing": set[int]()}
    for finding in found.findings:
        assert finding.first is not None
        assert finding.last is not None
        named[finding.kind].update(range(finding.first, finding.last + 1))
    assert named == {"changed": changed - dropped, "missing": dropped}
    assert found.events == 62 - len(changed | dropped)


# -- whole files --------------------------------------------------------------------------------------------------------


@unhurried
@given(st.sampled_from(ENDS))
def test_a_bundle_that_is_gone(end: int) -> None:
    files = dict(pristine())
    first, last = bundle(end - 1)
    del files[layout.entries_name(first, last)]
    assert said(files) == [f"events {first} to {last} are missing" if first < last else f"event {first} is missing"]


@unhurried
@given(st.sampled_from(ENDS))
def test_leaf_hashes_that_are_gone_are_missed_but_the_events_still_vouched_for(end: int) -> None:
    files = dict(pristine())
    first, last = bundle(end - 1)
    del files[layout.hashes_name(first, last)]
    found = check(files)
    assert [finding.kind for finding in found.findings] == ["hashes"]
    assert (found.findings[0].first, found.findings[0].last, found.events) == (first, last, 62)


@unhurried
@given(seqs)
def test_a_changed_leaf_hash_is_named_and_the_event_acquitted(seq: int) -> None:
    files = dict(pristine())
    first, last = bundle(seq)
    name = layout.hashes_name(first, last)
    files[name] = files[name].replace(merkle.leaf_hash(line(seq)).hex().encode(), b"0" * 64)
    found = check(files)
    assert [finding.message for finding in found.findings] == [f"{name}: the hash of event {seq} was changed"]
    assert found.events == 62


@pytest.mark.parametrize("content", [b"", b"\xff\n", b"abc\n"])
def test_leaf_hashes_that_cannot_be_read(content: bytes, files: Files) -> None:
    files[layout.hashes_name(13, 24)] = content
    found = check(files)
    assert [finding.kind for finding in found.findings] == ["hashes"]
    assert found.events == 62


def test_a_changed_frontier_is_found(files: Files) -> None:
    name = layout.hashes_name(26, 39)
    files[name] = b"+" + b"0" * 64 + files[name][65:]
    assert said(files) == [f"{name}: the frontier before event 26 was changed"]


@unhurried
@given(st.sampled_from(ENDS[:-1]))
def test_a_checkpoint_that_is_gone(size: int) -> None:
    files = dict(pristine())
    del files[layout.checkpoint_name(size)]
    assert said(files) == [f"checkpoint {size} is missing"]


def test_the_last_checkpoint_gone_leaves_its_events_uncovered(files: Files) -> None:
    del files[layout.checkpoint_name(62)]
    found = check(files)
    assert [finding.message for finding in found.findings] == ["events 40 to 61: covered by no signed checkpoint"]
    assert found.events == 40


def test_no_checkpoint_at_all_vouches_for_nothing(files: Files) -> None:
    found = check({name: content for name, content in files.items() if not name.startswith(layout.CHECKPOINTS)})
    assert found.findings[0].message == "no checkpoint signed by this key: nothing vouches for the log"
    assert (found.events, found.checkpoint) == (0, None)


def test_an_empty_archive_is_not_a_good_one() -> None:
    assert said({}) == ["no checkpoint signed by this key: nothing vouches for the log"]


@pytest.mark.parametrize(
    "name", ["log/entries/0-12.jsonl", "log/hashes/notes.txt", "log/checkpoints/25.note", "log/entries/000000000005-000000000001.jsonl"]
)
def test_files_that_do_not_belong(name: str, files: Files) -> None:
    files[name] = b"?"
    found = check(files)
    assert [finding.kind for finding in found.findings] == ["stray"]
    assert name in found.findings[0].message


def test_an_additional_bundle_of_lines_is_seen(files: Files) -> None:
    files[layout.entries_name(20, 21)] = line(500) + b"\n" + line(501) + b"\n"
    files[layout.hashes_name(20, 21)] = HashBundle(20, (b"\1" * 32, b"\1" * 32), (b"\0" * 32, b"\0" * 32)).text()
    kinds = {finding.kind for finding in check(files).findings}
    assert "inserted" in kinds


# -- the hash files forged along: the signature remains -----------------------------------------------------------------


@unhurried
@given(seqs)
def test_a_change_with_rewritten_hashes_is_narrowed_to_the_checkpoints_around_it(seq: int) -> None:
    files = dict(pristine())
    content = lines(files, seq)
    content[seq - bundle(seq)[0]] += b" "
    put_lines(files, seq, content)
    rehash(files, seq)
    first, last = bundle(seq)
    found = check(files)
    assert [finding.message for finding in found.findings] == [
        f"checkpoint {last + 1} does not match the log: the change lies between {first} and {last + 1}"
    ]
    assert found.events == 62 - (last + 1 - first)  # every other stretch is judged on its own


@unhurried
@given(st.integers(0, 39), st.integers(40, 61))
def test_damage_behind_such_a_stretch_is_still_named_exactly(forged: int, changed: int) -> None:
    files = dict(pristine())
    for seq in (forged, changed):
        content = lines(files, seq)
        content[seq - bundle(seq)[0]] += b" "
        put_lines(files, seq, content)
    rehash(files, forged)
    first, last = bundle(forged)
    assert said(files) == [
        f"checkpoint {last + 1} does not match the log: the change lies between {first} and {last + 1}",
        f"event {changed} was changed",
    ]


@unhurried
@given(seqs)
def test_a_deletion_with_rewritten_hashes_is_still_named(seq: int) -> None:
    files = dict(pristine())
    first, last = bundle(seq)
    content = lines(files, seq)
    del content[seq - first]
    put_lines(files, seq, content)
    del files[layout.hashes_name(first, last)]
    assert f"event {seq} is missing" in said(files)
    mismatch = next(finding for finding in check(files).findings if finding.kind == "checkpoint-mismatch")
    assert (mismatch.first, mismatch.last) == (first, last)
    cut_short = "checkpoint 62 covers events up to 61, the log ends with 60"
    changed = f"checkpoint {last + 1} does not match the log: the change lies between {first} and {last + 1}"
    assert mismatch.message == (cut_short if last == 61 else changed)


def test_without_the_frontier_later_checkpoints_are_said_to_be_uncheckable(files: Files) -> None:
    content = lines(files, 14)
    content[1] += b" "
    put_lines(files, 14, content)
    rehash(files, 14)
    for first, last in ((25, 25), (26, 39), (40, 61)):
        old = layout.parse_hashes(files[layout.hashes_name(first, last)], first, last, "x")
        files[layout.hashes_name(first, last)] = HashBundle(first, tuple(b"\0" * 32 for _ in old.frontier), old.leaves).text()
    assert said(files) == [
        "checkpoint 25 does not match the log: the change lies between 13 and 25",
        "checkpoint 26 cannot be checked, since the log does not match checkpoint 25 before it",
        "checkpoint 40 cannot be checked, since the log does not match checkpoint 25 before it",
        "checkpoint 62 cannot be checked, since the log does not match checkpoint 25 before it",
    ]


# -- checkpoints --------------------------------------------------------------------------------------------------------


@unhurried
@given(st.sampled_from(ENDS), st.data())
def test_a_checkpoint_changed_by_a_byte_does_not_count(size: int, draw: st.DataObject) -> None:
    files = dict(pristine())
    note = bytearray(files[layout.checkpoint_name(size)])
    place = draw.draw(st.integers(0, len(note) - 1))
    note[place] ^= draw.draw(st.integers(1, 255))
    files[layout.checkpoint_name(size)] = bytes(note)
    found = check(files).findings
    assert found[0].kind in ("bad-signature", "unreadable")
    assert found[0].message.startswith(f"checkpoint {size} ")


def test_a_checkpoint_signed_with_a_stolen_name_does_not_count(files: Files) -> None:
    files[layout.checkpoint_name(62)] = sign_checkpoint(62, b"\0" * 32, THIEF)
    messages = said(files)
    assert messages[0].startswith(
        "checkpoint 62 does not count: log/checkpoints/000000000062.note: carries no signature of lethe/test with key "
    )
    assert messages[1:] == ["events 40 to 61: covered by no signed checkpoint"]


@unhurried
@given(st.sampled_from(ENDS[:-1]))
def test_a_signed_checkpoint_of_another_history_is_a_fork(size: int) -> None:
    files = dict(pristine())
    files[layout.checkpoint_name(size)] = sign_checkpoint(size, b"\7" * 32, SIGNER)
    following = ENDS[ENDS.index(size) + 1]
    found = check(files)
    assert [finding.message for finding in found.findings] == [
        f"checkpoint {size} does not match the log that checkpoint {following} vouches for: it belongs to another history"
    ]
    assert found.events == 62


@unhurried
@given(st.permutations(ENDS))
def test_checkpoints_that_changed_names(order: list[int]) -> None:
    files = dict(pristine())
    for size, other in zip(ENDS, order, strict=True):
        files[layout.checkpoint_name(size)] = dict(pristine())[layout.checkpoint_name(other)]
    expected = [
        f"{layout.checkpoint_name(size)}: holds checkpoint {other}, not {size}"
        for size, other in zip(ENDS, order, strict=True)
        if size != other
    ]
    assert said(files) == expected


def test_a_log_that_was_cut_off_behind_its_checkpoint(files: Files) -> None:
    del files[layout.entries_name(40, 61)], files[layout.hashes_name(40, 61)]
    assert said(files) == ["checkpoint 62 covers events up to 61, the log ends with 39", "events 40 to 61 are missing"]


def test_a_log_cut_back_whole_is_found_by_the_checkpoint_kept_from_before(files: Files) -> None:
    kept = files[layout.checkpoint_name(62)]
    for name in (layout.entries_name(40, 61), layout.hashes_name(40, 61), layout.checkpoint_name(62)):
        del files[name]
    assert said(files) == []  # by itself it is a good log, as it was the day before
    assert said(files, known=kept) == [
        "the checkpoint kept from before covers events up to 61, the log ends with 39",
        "events 40 to 61 are missing",
    ]


def test_checkpoints_without_any_log() -> None:
    only = {name: content for name, content in pristine() if name.startswith(layout.CHECKPOINTS)}
    assert said(only)[0] == "checkpoint 13 covers events up to 12, the log is empty"
    assert said(only)[-1] == "events 0 to 61 are missing"


def test_another_log_under_the_same_key_is_found_by_the_checkpoint_kept_from_before(files: Files) -> None:
    kept = log_files(world="-other")[layout.checkpoint_name(26)]
    assert said(files, known=kept) == [
        "the checkpoint kept from before does not match the log that checkpoint 40 vouches for: it belongs to another history"
    ]


def test_two_last_checkpoints_of_one_size(files: Files) -> None:
    kept = log_files(world="-other")[layout.checkpoint_name(62)]
    assert said(files, known=kept) == [
        "the checkpoint kept from before does not match the log that checkpoint 62 vouches for: it belongs to another history"
    ]


def test_a_kept_checkpoint_that_is_none_is_refused(files: Files) -> None:
    with pytest.raises(LogInconsistent, match="the checkpoint kept from before: carries no signature"):
        check(files, known=sign_checkpoint(62, b"\0" * 32, THIEF))
    with pytest.raises(DocumentError):
        check(files, known=b"?")


def test_an_event_sealed_under_a_false_number_is_named() -> None:
    lines_ = [line(0), line(1).replace(b'"seq":1', b'"seq":7'), line(2)]
    leaves = tuple(map(merkle.leaf_hash, lines_))
    files = {
        layout.entries_name(0, 2): b"".join(item + b"\n" for item in lines_),
        layout.hashes_name(0, 2): HashBundle(0, (), leaves).text(),
        layout.checkpoint_name(3): sign_checkpoint(3, merkle.root(leaves), SIGNER),
    }
    assert said(files) == ["event 1 was sealed as number 7"]


# -- names --------------------------------------------------------------------------------------------------------------


@unhurried
@given(st.text(max_size=40), st.text(max_size=40))
def test_every_run_has_a_name_of_its_own(one: str, other: str) -> None:
    names = {layout.validation_name(run, "loans") for run in (one, other)}
    assert len(names) == len({one, other})


@pytest.mark.parametrize(
    "name", ["", "/", "a//b", "../a", "a/../b", "a/./b", ".hidden", "a\\b", "a b", "ä", "a/", "a\n", "a" * 300, "x/" * 600 + "x"]
)
def test_what_is_no_name_for_evidence(name: str) -> None:
    with pytest.raises(EvidenceError):
        layout.check_name(name)


def test_every_name_we_make_is_one() -> None:
    for name in (
        *log_files(),
        layout.plan_name("a" * 64),
        layout.key_name("c74f20a3"),
        layout.validation_name("manual__2026-01-31T02:00:00+00:00", "x"),
    ):
        assert layout.check_name(name) == name
