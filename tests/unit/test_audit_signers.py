"""The chain of trust between signing keys: whom an auditor believes who holds any one of them, and what stolen keys achieve."""

from __future__ import annotations

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from governance.audit import layout
from governance.audit.bodies_archive import ArchivePruned
from governance.audit.bodies_sealing import SignerRotated
from governance.audit.canonical import canonical_bytes, digest
from governance.audit.check import LogCheck, check_log
from governance.audit.checkpoint import open_checkpoint, sign_checkpoint
from governance.audit.layout import HashBundle
from governance.audit.merkle import Frontier, leaf_hash
from governance.audit.note import NoteSigner, sign_note
from governance.audit.signers import Rotation, follow, open_rotation, sign_rotation
from governance.errors import DocumentError, LogInconsistent

ORIGIN = "lethe/test"
KEYS = [NoteSigner(ORIGIN, Ed25519PrivateKey.from_private_bytes(bytes([n] * 32))) for n in range(1, 6)]
THIEF = NoteSigner(ORIGIN, Ed25519PrivateKey.from_private_bytes(bytes([99] * 32)))


class Log:
    """The files of a log as an archive holds them, written by hand: sealer, spool and databases have no part in it."""

    def __init__(self) -> None:
        self.files: dict[str, bytes] = {}
        self.frontier, self.keys = Frontier(), [KEYS[0]]

    def seal(self, *kinds: str, signers: list[NoteSigner] | None = None, bodies: list[dict[str, object]] | None = None) -> None:
        """Entries of those kinds, under one checkpoint."""
        first = self.frontier.size
        lines = [
            canonical_bytes(
                {
                    "event": {"kind": kind, "dataset": "-", "body": (bodies or [{}] * len(kinds))[n]},
                    "sealed_at": "2026-01-31T02:00:00.000000Z",
                    "seq": first + n,
                },
                "line",
            )
            for n, kind in enumerate(kinds)
        ]
        leaves = tuple(map(leaf_hash, lines))
        last = first + len(lines) - 1
        self.files[layout.entries_name(first, last)] = b"".join(line + b"\n" for line in lines)
        self.files[layout.hashes_name(first, last)] = HashBundle(first, self.frontier.hashes, leaves).text()
        self.frontier = self.frontier.extend(leaves)
        self.sign(*(signers or self.keys))
        if signers is None and len(self.keys) > 1:
            del self.keys[0]

    def sign(self, *signers: NoteSigner) -> None:
        self.files[layout.checkpoint_name(self.frontier.size)] = sign_checkpoint(self.frontier.size, self.frontier.root(), *signers)

    def rotate(self, new: NoteSigner) -> None:
        """As `run.rotate` does it."""
        old = self.keys[-1]
        statement = sign_rotation(old, new)
        self.files[layout.rotation_name(new.verifier.key_id)] = statement
        self.seal(SignerRotated.kind, bodies=[told(old, new)])
        self.keys = [old, new]

    def check(self, anchor: NoteSigner, **known: bytes) -> LogCheck:
        files = sorted(self.files.items())
        parts = [[file for file in files if file[0].startswith(prefix)] for prefix in (layout.ENTRIES, layout.HASHES, layout.CHECKPOINTS)]
        keys = [file for file in files if file[0].startswith(layout.KEYS)]
        found = check_log(*parts, anchor.verifier, known, keys=keys)
        with pytest.MonkeyPatch.context() as patched:  # one pass, where it answers, says what the whole check says
            patched.setattr("governance.audit.check._in_one_pass", lambda *_: None)
            assert check_log(*parts, anchor.verifier, known, keys=keys) == found
        return found

    def messages(self, anchor: NoteSigner) -> list[str]:
        return [finding.message for finding in self.check(anchor).findings]


def told(old: NoteSigner, new: NoteSigner) -> dict[str, object]:
    body = SignerRotated(
        old_key_id=old.verifier.key_id,
        new_key_id=new.verifier.key_id,
        new_verifier=new.verifier.encode(),
        statement_digest=digest(sign_rotation(old, new)),
    )
    return body.model_dump()


@pytest.fixture
def log() -> Log:
    """Five keys, one after the other, with events under each."""
    made = Log()
    made.seal("a", "b")
    for key in KEYS[1:]:
        made.rotate(key)
        made.seal("c")
        made.seal("d", "e")
    return made


@pytest.mark.parametrize("anchor", range(len(KEYS)))
def test_whoever_holds_any_one_key_verifies_the_whole_log(log: Log, anchor: int) -> None:
    found = log.check(KEYS[anchor])
    assert (found.findings, found.events, found.checkpoint and found.checkpoint.size) == ((), 18, 18)


def test_it_is_said_which_part_is_older_than_the_key(log: Log) -> None:
    """Checkpoints of 2 (first key), 3 (its hand-over), 4 (both), 6, 7 (hand-over), 8 (both), 10 ..."""
    assert [log.check(key).earlier_keys for key in KEYS] == [0, 3, 7, 11, 15]


def test_the_first_checkpoint_of_a_key_opens_with_either(log: Log) -> None:
    note = log.files[layout.checkpoint_name(4)]
    assert note.decode().count(f"\n— {ORIGIN} ") == 2
    for key in KEYS[:2]:
        assert open_checkpoint(note, key.verifier, "note").size == 4
        assert log.check(key, known=note).findings == ()


def test_a_strangers_key_verifies_nothing(log: Log) -> None:
    assert "no checkpoint signed by this key: nothing vouches for the log" in log.messages(THIEF)


def test_a_stolen_key_signs_nothing_beyond_its_retirement(log: Log) -> None:
    """The thief continues the log, with the first key, which handed over with checkpoint 3."""
    log.seal("x", signers=[KEYS[0]])
    for anchor in KEYS:
        assert f"checkpoint 19 is signed with key {KEYS[0].verifier.key_id} alone, retired with checkpoint 3" in log.messages(anchor)


def test_a_stolen_key_that_signs_an_old_size_anew_is_a_fork(log: Log) -> None:
    log.files[layout.checkpoint_name(2)] = sign_checkpoint(2, bytes(32), KEYS[0])
    for anchor in (KEYS[0], KEYS[4]):
        assert any("checkpoint 2 does not match" in message for message in log.messages(anchor))


def test_a_stolen_key_that_names_another_successor_leads_nowhere(log: Log) -> None:
    log.files[layout.rotation_name(THIEF.verifier.key_id)] = sign_rotation(KEYS[0], THIEF)
    log.seal("x", signers=[THIEF])
    ids = ", ".join(sorted((KEYS[1].verifier.key_id, THIEF.verifier.key_id)))
    assert f"key {KEYS[0].verifier.key_id} has several successors: {ids}; none is trusted" in log.messages(KEYS[0])
    newest = log.messages(KEYS[4])  # who holds a later key is not led astray, and hears of it
    assert any(message.startswith("checkpoint 19 does not count") for message in newest)
    assert f"keys/{THIEF.verifier.key_id}.rotation: no trusted key leads to key {KEYS[0].verifier.key_id}" in newest


def test_a_successor_that_has_not_agreed_is_none(log: Log) -> None:
    """Signed by the old key alone: whoever has it could else put his name to another's checkpoints."""
    statement = sign_note(Rotation(KEYS[4].verifier, THIEF.verifier).text(), KEYS[4])
    log.files[layout.rotation_name(THIEF.verifier.key_id)] = statement
    assert any("carries no signature" in message for message in log.messages(KEYS[0]))


def test_a_hand_over_the_log_does_not_tell_of_is_a_finding(log: Log) -> None:
    log.files[layout.rotation_name(THIEF.verifier.key_id)] = sign_rotation(KEYS[4], THIEF)
    expected = f"key {KEYS[4].verifier.key_id} handed over to {THIEF.verifier.key_id}, and no event tells of it"
    assert log.messages(KEYS[0]) == [expected]


def test_a_hand_over_without_its_statement_is_a_finding(log: Log) -> None:
    del log.files[layout.rotation_name(KEYS[2].verifier.key_id)]
    messages = log.messages(KEYS[0])
    old, new = KEYS[1].verifier.key_id, KEYS[2].verifier.key_id
    assert f"event 6 tells that key {old} handed over to {new}, without their statement" in messages
    assert any(message.startswith("checkpoint 10 does not count") for message in messages)


def test_a_loan_database_has_no_say_about_keys() -> None:
    made = Log()
    made.seal("a")
    line = canonical_bytes(
        {
            "event": {"kind": SignerRotated.kind, "dataset": "loans", "body": told(KEYS[0], THIEF)},
            "sealed_at": "2026-01-31T02:00:00.000000Z",
            "seq": 1,
        },
        "line",
    )
    made.files[layout.entries_name(1, 1)] = line + b"\n"
    made.files[layout.hashes_name(1, 1)] = HashBundle(1, made.frontier.hashes, (leaf_hash(line),)).text()
    made.frontier = made.frontier.extend([leaf_hash(line)])
    made.sign(KEYS[0])
    made.seal("b")
    assert made.check(KEYS[0]).findings == ()  # else the present key would count as retired


@pytest.mark.parametrize(
    "change",
    [
        lambda text: text.replace("lethe signer rotation", "lethe/test"),
        lambda text: text + "more\n",
        lambda text: text.replace("lethe/test\n", "lethe/else\n", 1),
    ],
)
def test_what_is_no_statement(change: object) -> None:
    text = change(Rotation(KEYS[0].verifier, KEYS[1].verifier).text())  # type: ignore[operator]
    with pytest.raises((DocumentError, LogInconsistent)):
        open_rotation(sign_note(text, KEYS[0], KEYS[1]), "statement")


def test_a_key_does_not_follow_itself() -> None:
    with pytest.raises(DocumentError):
        open_rotation(sign_note(Rotation(KEYS[0].verifier, KEYS[0].verifier).text(), KEYS[0]), "statement")


def test_a_circle_of_keys_ends() -> None:
    files = [(layout.rotation_name(new.verifier.key_id), sign_rotation(old, new)) for old, new in [(KEYS[0], KEYS[1]), (KEYS[1], KEYS[0])]]
    assert {verifier.key_id for verifier in follow(KEYS[0].verifier, files).verifiers} == {key.verifier.key_id for key in KEYS[:2]}


def test_what_an_event_says_was_pruned_is_excused_in_one_pass_too() -> None:
    log = Log()
    for _ in range(3):
        log.seal("scan.completed", "scan.completed")
    log.seal(ArchivePruned.kind, bodies=[{"first": 0, "last": 3}])
    del log.files[layout.entries_name(0, 1)], log.files[layout.entries_name(2, 3)]
    sound = log.check(KEYS[0])
    assert (sound.findings, sound.events, sound.pruned) == ((), 3, 4)
    del log.files[layout.entries_name(4, 5)]
    assert [finding.message for finding in log.check(KEYS[0]).findings] == ["events 4 to 5 are missing"]
