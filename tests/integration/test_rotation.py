"""Rotation of the signing key in a real deployment's files and database: killed between any two steps it leaves a log that goes on."""

from __future__ import annotations

import stat
from collections.abc import Callable
from pathlib import Path

import pytest
import sqlalchemy as sa
from evidence_support import SetClock, make_loans, make_store, scan_event

from embedded.postgres import EmbeddedPostgres
from governance.adapters.local_archive import LocalArchive
from governance.adapters.outbox import Outbox, append
from governance.adapters.signing_key import SigningKeyFiles, create_signing_key
from governance.audit import layout
from governance.audit.bodies_sealing import SignerRotated
from governance.audit.canonical import digest
from governance.audit.events import PLATFORM, new_event
from governance.audit.note import NoteSigner, NoteVerifier
from governance.audit.signers import sign_rotation
from governance.errors import KeyUnavailable, LogInconsistent
from governance.run import rotate as rotating
from governance.run import seal as sealing
from governance.run.archive import archive
from governance.run.rotate import finish, former_of, rotate
from governance.run.seal import SealReport, seal, seal_all
from governance.run.verify import VerificationReport, verify
from governance.store import outbox as platform_outbox
from governance.store.models import CheckpointRow, SignerRotationRow


class Deployed:
    """Keys in a folder, a governance database, a loan database and an archive."""

    def __init__(self, postgres: EmbeddedPostgres, make_database: Callable[..., str], folder: Path) -> None:
        self.store, _ = make_store(postgres, make_database)
        self.loans, self.clock, self.folder = make_loans(postgres, make_database), SetClock(), folder
        self.first = create_signing_key(folder / "signer.pem", "lethe/test").verifier
        (folder / "signer.vkey").write_text(self.first.encode() + "\n")
        self.keys = SigningKeyFiles(folder / "signer.pem", "lethe/test")

    def night(self, limit: int = 20_000) -> SealReport:
        """One event, sealed as `workplace_sealing` has it."""
        self.loans.write(scan_event())
        self.clock.advance(hours=1)
        return self.seal(limit)

    def seal(self, limit: int = 20_000) -> SealReport:
        report = None
        while report is None or report.more:
            finish(self.store, self.keys)
            outboxes = {"loans": Outbox(self.loans.sealer)}
            former = former_of(self.store, self.keys)
            report = seal_all(self.store, outboxes, self.keys.current(), self.clock, former=former, limit=limit)
        return report

    def rotate(self) -> rotating.RotationReport:
        return rotate(self.store, self.keys, self.clock)

    def verify(self, verifier: NoteVerifier | None = None) -> VerificationReport:
        """Archive what waits, and check it with the first public key or another."""
        target = LocalArchive(self.folder / "archive")
        for _ in range(2):
            self.seal()
            self.clock.advance(minutes=1)
            archive(self.store, target, self.keys.current(), self.clock)
        return verify(target, verifier or self.first)

    def retired(self) -> list[str]:
        with self.store.begin() as session:
            return list(session.scalars(sa.select(SignerRotationRow.old_key_id).order_by(SignerRotationRow.size)))


@pytest.fixture
def deployed(postgres: EmbeddedPostgres, make_database: Callable[..., str], tmp_path: Path) -> Deployed:
    return Deployed(postgres, make_database, tmp_path)


def test_three_rotations_later_any_key_verifies_everything(deployed: Deployed) -> None:
    seen = [deployed.first]
    deployed.night()
    for _ in range(3):
        report = deployed.rotate()
        assert report.old == seen[-1].key_id
        seen.append(deployed.keys.current().verifier)
        assert report.new == seen[-1].key_id
        deployed.night()
    assert len({verifier.key_id for verifier in seen}) == 4
    for verifier in seen:
        found = deployed.verify(verifier)
        assert found.findings == ()
    assert deployed.verify().log.kinds["signer.rotated"] == 3
    assert NoteVerifier.decode((deployed.folder / "signer.vkey").read_text(), "vkey") == seen[-1]


def test_files_are_private_and_none_is_overwritten(deployed: Deployed) -> None:
    before = (deployed.folder / "signer.pem").read_bytes()
    deployed.rotate()
    former = deployed.folder / f"signer.{deployed.first.key_id}.pem"
    assert former.read_bytes() == before != (deployed.folder / "signer.pem").read_bytes()
    assert [stat.S_IMODE(path.stat().st_mode) for path in sorted(deployed.folder.glob("*.pem"))] == [0o600, 0o600]
    assert not (deployed.folder / "signer.next.pem").exists()
    assert (deployed.folder / f"signer.{deployed.first.key_id}.vkey").read_text() == deployed.first.encode() + "\n"


def test_the_checkpoint_after_bears_both_signatures_and_the_later_ones_one(deployed: Deployed) -> None:
    deployed.night()
    deployed.rotate()
    deployed.night()
    with deployed.store.begin() as session:
        notes = session.scalars(sa.select(CheckpointRow.note).order_by(CheckpointRow.size)).all()
    assert [note.count("\n— ") for note in notes] == [1, 1, 2, 1]


class Killed(BaseException):
    """What a test ends a rotation with: nothing catches it."""


def killing(monkeypatch: pytest.MonkeyPatch, owner: object, name: str, *, after: bool) -> None:
    """The next call of that function ends the process, before or after it has done its work."""
    real = getattr(owner, name)

    def dying(*args: object, **more: object) -> object:
        monkeypatch.setattr(owner, name, real)
        if after:
            real(*args, **more)
        raise Killed

    monkeypatch.setattr(owner, name, dying)


@pytest.mark.slow
@pytest.mark.parametrize(
    ("owner", "name", "after"),
    [
        (SigningKeyFiles, "successor", True),  # the next key lies there, nobody knows of it
        (rotating, "enqueue", True),  # within the transaction of statement and event
        (rotating, "_announce", True),  # the event waits to be sealed
        (sealing, "write_entries", True),  # within the transaction that seals it
        (rotating, "seal_all", True),  # it is sealed, the old key retired, and still in its place
        ("os", "link", True),  # the old key stands under its second name
        ("os", "replace", True),  # a public key is written
        (SigningKeyFiles, "install", True),  # the new key is in its place, and has signed nothing
        (rotating, "seal", True),  # all done, nobody was told
    ],
)
def test_killed_between_any_two_steps(deployed: Deployed, monkeypatch: pytest.MonkeyPatch, owner: object, name: str, after: bool) -> None:
    import os

    deployed.night()
    killing(monkeypatch, os if owner == "os" else owner, name, after=after)
    with pytest.raises(Killed):
        deployed.rotate()
    # The night comes first, and knows nothing of what was begun; it is checked at once by whoever holds the first key.
    assert deployed.night().checkpoint is not None
    assert deployed.night().checkpoint is not None
    assert deployed.verify().findings == ()
    # Then somebody sees to it.
    deployed.rotate()
    deployed.night()
    assert deployed.verify().findings == ()
    assert deployed.retired()[0] == deployed.first.key_id
    assert deployed.verify(deployed.keys.current().verifier).findings == ()


def test_a_rotation_that_waits_behind_many_events_ends_the_rounds(deployed: Deployed) -> None:
    """The old key must not sign a round after the one that retired it, though events are left."""
    old, new = deployed.keys.current(), deployed.keys.successor()
    rotating._announce(deployed.store, old, new, deployed.clock)
    deployed.loans.write(*(scan_event() for _ in range(5)))
    report = seal_all(deployed.store, {"loans": Outbox(deployed.loans.sealer)}, old, deployed.clock, limit=2)
    assert (report.size, report.more) == (3, True)
    assert deployed.seal(limit=2).size == 6
    assert deployed.verify().findings == ()


def test_a_retired_key_is_refused(deployed: Deployed) -> None:
    old = deployed.keys.current()
    deployed.rotate()
    deployed.loans.write(scan_event())
    with pytest.raises(KeyUnavailable, match=f"{old.verifier.key_id} handed over to .* and signs no more"):
        seal(deployed.store, {"loans": Outbox(deployed.loans.sealer)}, old, deployed.clock)


def test_without_the_old_key_the_first_checkpoint_is_not_signed(deployed: Deployed, monkeypatch: pytest.MonkeyPatch) -> None:
    killing(monkeypatch, SigningKeyFiles, "install", after=True)
    with pytest.raises(Killed):
        deployed.rotate()
    former = deployed.folder / f"signer.{deployed.first.key_id}.pem"
    aside = former.rename(former.with_suffix(".gone"))
    with pytest.raises(KeyUnavailable, match=former.name):
        deployed.seal()
    with pytest.raises(KeyUnavailable, match=f"must also be signed with {deployed.first.key_id}"):
        seal(deployed.store, {}, deployed.keys.current(), deployed.clock)
    aside.rename(former)
    deployed.night()
    former.unlink()  # from now on nobody needs it
    deployed.night()
    assert deployed.verify().findings == ()


def forged(old: NoteSigner, new: NoteSigner, dataset: str, statement: bytes) -> object:
    body = SignerRotated(
        old_key_id=old.verifier.key_id,
        new_key_id=new.verifier.key_id,
        new_verifier=new.verifier.encode(),
        statement_digest=digest(statement),
    )
    return new_event(body, at=SetClock().now(), controller="test", dataset=dataset, run_id="run")


def test_who_may_write_events_cannot_name_a_key(deployed: Deployed, tmp_path: Path) -> None:
    """Not the engine of a loan database, and not whoever can write into the governance database, without the present key."""
    old, thief = deployed.keys.current(), create_signing_key(tmp_path / "thief.pem", "lethe/test")
    statement = sign_rotation(thief, thief)
    with sa.create_engine(deployed.loans.engine, poolclass=sa.NullPool).begin() as connection:
        append(connection, forged(old, thief, "loans", statement))  # type: ignore[arg-type]
    with deployed.store.begin() as session:
        platform_outbox.append(session, forged(old, thief, PLATFORM, statement))  # type: ignore[arg-type]
        sealing.enqueue(session, layout.rotation_name(thief.verifier.key_id), statement, deployed.clock.now())
    deployed.loans.write(good := scan_event())
    with pytest.raises(LogInconsistent, match="new signing key that the present one has not named") as said:
        deployed.seal()
    assert str(said.value).count("it was not sealed") == 2
    assert deployed.retired() == []
    assert deployed.loans.ask("SELECT event_id FROM lethe.sealed") == [(good.event_id,)]
