"""Signed notes and checkpoints against published examples, and against what is nearly one."""

from __future__ import annotations

import base64

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from governance.audit.checkpoint import Checkpoint, open_checkpoint, parse_checkpoint, sign_checkpoint
from governance.audit.merkle import EMPTY_ROOT
from governance.audit.note import NoteSigner, NoteVerifier, open_note, sign_note
from governance.errors import DocumentError, LogInconsistent

# The example of the format's reference implementation (Go, golang.org/x/mod/sumdb/note).
PETER_SEED = base64.b64decode("AYEKFALVFGyNhPJEMzD1QIDr+Y7hfZx09iUvxdXHKDFz")[1:]
PETER_KEY = "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW"
PETER_TEXT = "If you think cryptography is the answer to your problem,\nthen you don't know what your problem is.\n"
PETER_LINE = "— PeterNeumann x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM=\n"
ENOCH_KEY = "EnochRoot+af0cfe78+ATtqJ7zOtqQtYqOo0CpvDXNlMhV3HeJDpjrASKGLWdop"
ENOCH_LINE = "— EnochRoot rwz+eBzmZa0SO3NbfRGzPCpDckykFXSdeX+MNtCOXm2/5n2tiOHp+vAF1aGrQ5ovTG01oOTGwnWLox33WWd1RvMc+QQ=\n"
# The example of C2SP signed-note itself.
C2SP_KEY = "example.com/foo+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k"
C2SP_NOTE = (
    "This is an example message.\n\n"
    "— example.com/foo Uw2QOkn8srV1yJGh2VYRlL1Tnagv1YEq6TfXppzi2ONncAlTgK7Ztg1ERYNZXsYjOBH3mFXmRKuwHjG1Yu72IneyaQM=\n"
).encode()


@pytest.fixture
def signer() -> NoteSigner:
    return NoteSigner("lethe/test", Ed25519PrivateKey.from_private_bytes(bytes(range(32))))


def test_signing_gives_the_published_bytes() -> None:
    signer = NoteSigner("PeterNeumann", Ed25519PrivateKey.from_private_bytes(PETER_SEED))
    assert signer.verifier.encode() == PETER_KEY
    assert sign_note(PETER_TEXT, signer) == f"{PETER_TEXT}\n{PETER_LINE}".encode()


def test_published_notes_open() -> None:
    assert open_note(C2SP_NOTE, NoteVerifier.decode(C2SP_KEY, "key"), "note") == "This is an example message.\n"
    both = f"{PETER_TEXT}\n{PETER_LINE}{ENOCH_LINE}".encode()
    for key in (PETER_KEY, ENOCH_KEY):
        assert open_note(both, NoteVerifier.decode(key, "key"), "note") == PETER_TEXT


def test_a_line_of_an_unknown_key_or_type_is_ignored() -> None:
    stranger = "— witness.example/w1 " + base64.b64encode(bytes(76)).decode() + "\n"
    note = f"{PETER_TEXT}\n{stranger}{PETER_LINE}".encode()
    assert open_note(note, NoteVerifier.decode(PETER_KEY, "key"), "note") == PETER_TEXT


@pytest.mark.parametrize("position", range(0, len(PETER_TEXT), 7))
def test_a_changed_text_is_found(position: int) -> None:
    note = bytearray(f"{PETER_TEXT}\n{PETER_LINE}".encode())
    note[position] ^= 1
    with pytest.raises((LogInconsistent, DocumentError)):
        open_note(bytes(note), NoteVerifier.decode(PETER_KEY, "key"), "note")


def test_a_signature_of_nobody_we_know_is_none(signer: NoteSigner) -> None:
    with pytest.raises(LogInconsistent, match=r"note: carries no signature of lethe/test with key [0-9a-f]{8}"):
        open_note(C2SP_NOTE, signer.verifier, "note")


@pytest.mark.parametrize(
    "note",
    [b"", b"text\n", b"text\n\n", b"text\n\nno dash\n", "text\n\n— name !!!!\n".encode(), "text\n\n— name AAAAAAAA".encode(), b"\xff\n\n"],
)
def test_what_is_no_note(note: bytes, signer: NoteSigner) -> None:
    with pytest.raises(DocumentError, match="some file: at "):
        open_note(note, signer.verifier, "some file")


@pytest.mark.parametrize("text", ["no newline", "bell\a\n", "carriage\r\n"])
def test_texts_the_format_cannot_carry(text: str, signer: NoteSigner) -> None:
    with pytest.raises(DocumentError):
        sign_note(text, signer)


@pytest.mark.parametrize(
    "key",
    [
        "",
        "PeterNeumann",
        PETER_KEY.replace("c74f20a3", "c74f20a4"),
        PETER_KEY.replace("Peter", "Petra"),
        "PeterNeumann+cc469956+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TWBADKEY==",  # too long, key id to match
        "PeterNeumann+173116ae+ZRpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW",  # unknown type, key id to match
    ],
)
def test_keys_that_are_none(key: str) -> None:
    with pytest.raises(DocumentError, match=r"audit\.pub"):
        NoteVerifier.decode(key, "audit.pub")


@pytest.mark.parametrize("name", ["", "two words", "a+b"])
def test_names_a_key_cannot_have(name: str) -> None:
    with pytest.raises(DocumentError):
        NoteSigner(name, Ed25519PrivateKey.generate())


def test_a_checkpoint_reads_as_the_specification_shows_it() -> None:
    # The example in C2SP tlog-checkpoint.
    text = "example.com/behind-the-sofa\n20852163\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\n"
    checkpoint = parse_checkpoint(text, "example")
    assert (checkpoint.origin, checkpoint.size) == ("example.com/behind-the-sofa", 20852163)
    assert checkpoint.root.hex().startswith("0ac5186a91863e8e")
    assert checkpoint.text() == text
    assert parse_checkpoint(text + "extension line\n", "example") == checkpoint


def test_a_checkpoint_comes_back(signer: NoteSigner) -> None:
    note = sign_checkpoint(7, bytes(range(32)), signer)
    assert open_checkpoint(note, signer.verifier, "note") == Checkpoint("lethe/test", 7, bytes(range(32)))
    assert note == sign_checkpoint(7, bytes(range(32)), signer)


def test_a_checkpoint_of_another_log_is_refused(signer: NoteSigner) -> None:
    note = sign_note(Checkpoint("lethe/elsewhere", 0, EMPTY_ROOT).text(), signer)
    with pytest.raises(LogInconsistent, match="is of the log lethe/elsewhere, not of lethe/test"):
        open_checkpoint(note, signer.verifier, "note")


@pytest.mark.parametrize(
    "text",
    [
        "lethe/x\n1\n",
        "lethe/x\n01\nAAAA\n",
        "lethe/x\n-1\nAAAA\n",
        "lethe/x\n٣\nAAAA\n",
        "lethe/x\n1\nAAAA\n",
        "lethe/x\n1\n?\n",
        f"lethe/x\n{'9' * 5000}\nAAAA\n",
        "\n1\nAAAA\n",
    ],
)
def test_what_is_no_checkpoint(text: str) -> None:
    with pytest.raises(DocumentError):
        parse_checkpoint(text, "note")
