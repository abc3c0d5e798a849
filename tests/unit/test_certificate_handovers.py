"""A certificate outlives the key that signed it: any key its log ever had checks it, and no forged hand-over helps anybody."""

from __future__ import annotations

import base64
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from simulators.certificates import SECOND, SIGNER, THIEF, THIRD, Files, erasure, protocol, relisted, world, zipped
from test_certificate_check import run_alone

from governance.audit.certificate_check import check_certificate, entry_name, proof_name
from governance.audit.certificate_keys import growth_name
from governance.audit.layout import rotation_name
from governance.audit.note import NoteSigner, sign_note
from governance.audit.signers import Rotation, sign_rotation
from governance.standalone import verify as alone

ONCE = world(rotations=((40, SECOND),))
TWICE = world(rotations=((25, SECOND), (40, THIRD)))
EARLY = world(rotations=((13, SECOND), (25, THIRD)))  # checkpoints 40 and 60 bear the third key's signature alone
CHAIN = (SIGNER, SECOND, THIRD)
TO_SECOND, TO_THIRD = rotation_name(SECOND.verifier.key_id), rotation_name(THIRD.verifier.key_id)
E24, E39 = entry_name(24), entry_name(39)


def judged_alone(files: Files, signer: NoteSigner) -> str:
    """What the single file says is wrong; empty if nothing is."""
    try:
        alone.check(files, [alone.read_key(signer.verifier.encode())])
    except alone.Wrong as wrong:
        return str(wrong)
    except (KeyError, TypeError, ValueError, AttributeError) as wrong:
        return f"form: {wrong}"
    return ""


@pytest.mark.parametrize("signer", CHAIN)
@pytest.mark.parametrize("make", [erasure, protocol])
def test_any_key_of_the_chain_checks_certificates_of_before_between_and_after(
    make: Callable[..., Files], signer: NoteSigner, tmp_path: Path
) -> None:
    """The protocol's own proofs are against checkpoint 40, under the second of three keys, or the first of two."""
    for log, keys in ((TWICE, CHAIN), (EARLY, CHAIN), (ONCE, (SIGNER, SECOND))):
        if signer not in keys:
            continue
        files = make(log)
        found = check_certificate(files, signer.verifier)
        assert found.findings == ()
        assert list(found.events.values()).count("signer.rotated") == len(keys) - 1
        assert judged_alone(files, signer) == ""
    (tmp_path / "c.zip").write_bytes(zipped(make(TWICE)))
    (tmp_path / "trusted.vkey").write_text(signer.verifier.encode() + "\n")
    status, text = run_alone(str(tmp_path / "c.zip"), "--key", str(tmp_path / "trusted.vkey"), folder=tmp_path)
    ids = [one.verifier.key_id for one in CHAIN]
    assert status == 0, text
    assert f"Key {ids[0]} handed over to {ids[1]}: both signed {TO_SECOND}, and event 24 tells of it." in text
    assert f"Checkpoint 25 is the beginning of checkpoint 60 under key {ids[2]}" in text
    assert "It was not used" not in text


def test_as_long_as_a_log_has_one_key_nothing_is_added() -> None:
    assert not [name for name in (*erasure(), *protocol()) if name.startswith("keys/")]


def test_a_stranger_s_key_checks_nothing(tmp_path: Path) -> None:
    for files in (erasure(TWICE), protocol(TWICE)):
        findings = check_certificate(files, THIEF.verifier).findings
        assert any(f"{TO_SECOND}: no trusted key leads to key {SIGNER.verifier.key_id}" in finding for finding in findings)
        assert "no hand-over leads from a key you gave" in judged_alone(files, THIEF)


Manipulation = Callable[[Files], None]


def without(*names: str) -> Manipulation:
    def change(files: Files) -> None:
        for name in names:
            del files[name]

    return change


def put(name: str, content: bytes) -> Manipulation:
    return lambda files: files.update({name: content})


def both(*changes: Manipulation) -> Manipulation:
    def change(files: Files) -> None:
        for one in changes:
            one(files)

    return change


def statement(old: NoteSigner, new: NoteSigner, *signers: NoteSigner) -> bytes:
    """As `sign_rotation`, by whoever signs it."""
    return sign_note(Rotation(old.verifier, new.verifier).text(), *signers)


def renamed(signer: NoteSigner, as_if: NoteSigner) -> bytes:
    """A statement whose signature line claims to be another's."""
    ours, theirs = (statement(as_if, THIRD, one, THIRD).split(b"\n\n")[1].split(b"\n")[0].split(b" ")[2] for one in (signer, as_if))
    forged = base64.b64encode(base64.b64decode(theirs)[:4] + base64.b64decode(ours)[4:])
    return statement(as_if, THIRD, as_if, THIRD).replace(theirs, forged)


STOLEN = world(twist="-stolen", rotations=())  # who stole the first key after its retirement goes on with it


def forked(files: Files) -> None:
    """Proofs of another history under the retired key, beside the true hand-overs."""
    for seq in (17, 30):
        files[entry_name(seq)], files[proof_name(seq)] = STOLEN.lines[seq], STOLEN.proof(seq, 60)
    files[growth_name(60)] = TWICE.growth(40, 60).replace(b"old 40", b"old 60")


FORGED: dict[str, tuple[Manipulation, str, str]] = {
    "a statement is missing": (without(TO_SECOND), "000000000024", "000000000024"),
    "an event of a hand-over is missing": (without(E24, proof_name(24)), TO_SECOND, TO_SECOND),
    "only its text is missing": (without(E24), E24, E24),
    "a link is missing altogether": (without(TO_SECOND, E24, proof_name(24)), TO_THIRD, growth_name(25)),
    "the last link is missing": (without(TO_THIRD, E39, proof_name(39)), growth_name(40), "000000000017.tlog-proof"),
    "a stranger signed for the old key": (put(TO_THIRD, renamed(THIEF, SECOND)), TO_THIRD, TO_THIRD),
    "the old key did not sign": (put(TO_THIRD, statement(SECOND, THIRD, THIRD)), TO_THIRD, TO_THIRD),
    "the new key did not sign": (put(TO_THIRD, statement(SECOND, THIRD, SECOND)), TO_THIRD, TO_THIRD),
    "a stranger hands over": (put(TO_THIRD, sign_rotation(THIEF, THIRD)), TO_THIRD, TO_THIRD),
    "a hand-over to a stranger": (
        put(rotation_name(THIEF.verifier.key_id), sign_rotation(THIRD, THIEF)),
        rotation_name(THIEF.verifier.key_id),
        rotation_name(THIEF.verifier.key_id),
    ),
    "a second successor": (put(rotation_name(THIEF.verifier.key_id), sign_rotation(SIGNER, THIEF)), "keys/", "keys/"),
    "a statement under another name": (
        both(put(rotation_name("0" * 8), sign_rotation(SECOND, THIRD)), without(TO_THIRD)),
        rotation_name("0" * 8),
        rotation_name("0" * 8),
    ),
    "a statement that is none": (put(TO_THIRD, b"lethe signer rotation\n"), TO_THIRD, TO_THIRD),
    "the event names another successor": (
        put(E39, TWICE.lines[39].replace(THIRD.verifier.key_id.encode(), THIEF.verifier.key_id.encode())),
        "entries/000000000039",
        "entries/000000000039",
    ),
    "the hand-over is proved under a checkpoint of the new key": (put(proof_name(24), TWICE.proof(24, 40)), E24, E24),
    "the proof that the log only grew is missing": (without(growth_name(40)), growth_name(40), growth_name(40)),
    "it is about another checkpoint": (put(growth_name(40), TWICE.growth(25, 60)), growth_name(40), growth_name(40)),
    "it leads to a checkpoint of a retired key": (put(growth_name(25), TWICE.growth(25, 40)), growth_name(25), growth_name(25)),
    "there is one too many": (put(growth_name(26), TWICE.growth(26, 60)), growth_name(26), growth_name(26)),
    "a retired key goes on": (forked, growth_name(60), growth_name(60)),
}


@pytest.mark.parametrize("name", FORGED)
def test_a_forged_hand_over_is_found_and_located(name: str) -> None:
    """By who holds the first key, and by who holds the last."""
    change, to_first, to_last = FORGED[name]
    files = erasure(TWICE) if name == "a retired key goes on" else protocol(TWICE)
    change(files)
    if name == "a retired key goes on":
        files = relisted(files)
    for signer, place in ((SIGNER, to_first), (THIRD, to_last)):
        findings = check_certificate(files, signer.verifier).findings
        said = judged_alone(files, signer)
        assert any(place in finding for finding in findings), findings
        assert said, signer


@settings(deadline=None)
@given(st.sampled_from(CHAIN), st.data())
def test_no_byte_of_a_hand_over_can_be_changed(signer: NoteSigner, draw: st.DataObject) -> None:
    """Every checkpoint here bears one signature; beside a true one a changed one would be a stranger's (C2SP signed-note)."""
    log = world(rotations=((13, SECOND), (26, THIRD)))
    files, handed = erasure(log), log.handovers(60)
    name = draw.draw(st.sampled_from(sorted(handed)))
    place = draw.draw(st.integers(0, len(files[name].rstrip()) - 1))
    changed = bytearray(files[name])
    changed[place] = draw.draw(st.integers(0, 255).filter(lambda byte: byte != changed[place]))
    files[name] = bytes(changed)
    assert check_certificate(files, signer.verifier).findings
    assert judged_alone(files, signer)
