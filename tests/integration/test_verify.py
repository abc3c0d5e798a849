"""Verification of an archive that the real sealer filled, tampered with as files: offline, with nothing but the public key."""

from __future__ import annotations

import random
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from evidence_support import SIGNER, SetClock, make_loans, make_store, scan_event
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from embedded.postgres import EmbeddedPostgres
from governance.adapters.local_archive import LocalArchive
from governance.adapters.outbox import Outbox
from governance.audit import layout
from governance.audit.note import NoteVerifier
from governance.errors import ArchiveUnavailable
from governance.run.archive import archive
from governance.run.seal import seal
from governance.run.verify import VerificationReport, verify

BUNDLES = (13, 12, 1, 14, 20)
EVENTS = sum(BUNDLES)


@pytest.fixture
def pristine(postgres: EmbeddedPostgres, make_database: Callable[..., str], tmp_path: Path) -> Path:
    """A folder with sixty sealed events in five bundles."""
    store, _ = make_store(postgres, make_database)
    loans, clock, target = make_loans(postgres, make_database), SetClock(), LocalArchive(tmp_path / "archive")
    for size in BUNDLES:
        loans.write(*(scan_event() for _ in range(size)))
        seal(store, {"loans": Outbox(loans.sealer)}, SIGNER, clock)
    archive(store, target, SIGNER, clock)
    return tmp_path / "archive"


def check(folder: Path) -> VerificationReport:
    """As an auditor does: a folder, and the public key as text."""
    return verify(LocalArchive(folder), NoteVerifier.decode(SIGNER.verifier.encode(), "key"))


def lines(folder: Path) -> list[bytes]:
    return [line for path in sorted((folder / layout.ENTRIES).iterdir()) for line in path.read_bytes().splitlines()]


def rewrite(folder: Path, content: list[bytes], cuts: tuple[int, ...] = BUNDLES) -> None:
    """Put the lines back into the bundles' files, cut where it is said; what is left over goes into the last one."""
    for number, path in enumerate(sorted((folder / layout.ENTRIES).iterdir())):
        start = sum(cuts[:number])
        stop = len(content) if number == len(cuts) - 1 else start + cuts[number]
        path.chmod(0o644)
        path.write_bytes(b"".join(line + b"\n" for line in content[start:stop]))


def cuts_without(seq: int) -> tuple[int, ...]:
    """The bundles' sizes when an event is gone."""
    ends = [sum(BUNDLES[: number + 1]) for number in range(len(BUNDLES))]
    hit = next(number for number, end in enumerate(ends) if seq < end)
    return tuple(size - (number == hit) for number, size in enumerate(BUNDLES))


def test_untouched_it_is_good(pristine: Path) -> None:
    found = check(pristine)
    assert (found.findings, found.log.events, found.log.kinds, found.success) == ((), EVENTS, {"scan.completed": EVENTS}, True)
    assert (
        found.summary()
        == "60 events, 0 plans and 0 documents are as they were sealed, up to checkpoint 60, sealed 2026-01-31 01:30 UTC; nothing is wrong"
    )


tampering = settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


@tampering
@given(st.sampled_from(["change", "delete", "insert", "swap"]), st.randoms(use_true_random=False))
def test_each_tampering_is_named(pristine: Path, kind: str, chance: random.Random) -> None:
    folder = pristine.with_name("tampered")
    shutil.rmtree(folder, ignore_errors=True)
    shutil.copytree(pristine, folder)
    content, seq, cuts = lines(folder), chance.randrange(EVENTS), BUNDLES
    if kind == "change":
        content[seq] = content[seq].replace(b'"clients":', b'"clients":9')
        expected = [f"event {seq} was changed"]
    elif kind == "delete":
        del content[seq]
        cuts, expected = cuts_without(seq), [f"event {seq} is missing"]
    elif kind == "insert":
        content.insert(seq, content[seq].replace(b'"clients":', b'"clients":9'))
        expected = [f"an event was inserted at {seq}"]
    else:
        seq = chance.randrange(EVENTS - 1)
        content[seq], content[seq + 1] = content[seq + 1], content[seq]
        expected = [f"event {seq + 1} stands where {seq} belongs"]
    rewrite(folder, content, cuts)
    assert list(check(folder).findings) == expected


def test_every_file_of_the_log_matters(pristine: Path) -> None:
    names = list(LocalArchive(pristine).names("log/"))
    assert len(names) == 3 * len(BUNDLES)
    for name in names:
        content = (pristine / name).read_bytes()
        (pristine / name).unlink()
        assert check(pristine).findings, name
        other = b"y" if content[-40:-39] == b"x" else b"x"
        (pristine / name).write_bytes(content[:-40] + other + content[-39:])
        assert check(pristine).findings, name
        (pristine / name).write_bytes(content)
    assert check(pristine).success


def test_a_file_that_is_none_of_ours_is_wondered_about(pristine: Path) -> None:
    (pristine / layout.ENTRIES / "my notes.txt").write_text("x")
    assert check(pristine).findings == ("log/entries/my notes.txt: not a name of a bundle of entries",)


def test_another_key_does_not_vouch(pristine: Path) -> None:
    other = NoteVerifier.decode("PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW", "key")
    found = verify(LocalArchive(pristine), other)
    assert "carries no signature of PeterNeumann" in found.findings[0]
    assert (found.log.events, found.summary().split(";")[0]) == (
        0,
        "0 events, 0 plans and 0 documents are as they were sealed, without a checkpoint",
    )


def test_a_folder_that_is_no_archive(tmp_path: Path) -> None:
    assert check(tmp_path).findings == ("no checkpoint signed by this key: nothing vouches for the log",)
    with pytest.raises(ArchiveUnavailable):
        check(tmp_path / "no")
