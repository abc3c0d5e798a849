"""Timestamps over checkpoints from a real authority (`openssl ts`), from broken ones, and from none."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa
from evidence_support import SIGNER, SetClock, make_store
from simulators.timestamp_authority import OPENSSL, POLICY, Authority, authority

from embedded.postgres import EmbeddedPostgres
from governance.adapters.local_archive import LocalArchive
from governance.adapters.timestamping import HttpTimestampAuthority, read_roots
from governance.audit import layout
from governance.audit.checkpoint import sign_checkpoint
from governance.audit.events import PLATFORM
from governance.audit.timestamps import check_timestamp, parse_roots
from governance.errors import ConfigurationError, DocumentError, LogInconsistent, TimestampUnavailable
from governance.run.archive import archive
from governance.run.seal import seal
from governance.run.timestamp import TimestampReport, timestamp
from governance.run.verify import VerificationReport, verify
from governance.store.database import Store
from governance.store.findings import FindingRegister
from governance.store.models import OutboxRow, SpoolRow

pytestmark = pytest.mark.skipif(OPENSSL is None, reason="NO TIMESTAMP WAS TESTED: there is no openssl binary to be the authority")
NOTE = sign_checkpoint(7, bytes(32), SIGNER)


@pytest.fixture
def tsa(tmp_path: Path) -> Iterator[Authority]:
    with authority(tmp_path / "tsa") as made:
        yield made


def client(tsa: Authority, *, roots: Authority | None = None, policy: str | None = None, timeout: float = 30) -> HttpTimestampAuthority:
    return HttpTimestampAuthority(tsa.url, read_roots((roots or tsa).roots), policy, timeout)


def test_an_answer_proves_the_time_and_names_the_policy(tsa: Authority) -> None:
    answer, proved = client(tsa, policy=POLICY).stamp(NOTE)
    assert abs(proved.at - datetime.now(UTC)) < timedelta(minutes=1)
    assert proved.policy == POLICY
    assert check_timestamp(answer, NOTE, read_roots(tsa.roots), "later, offline") == proved


def test_another_policy_than_the_one_asked_for_is_refused(tsa: Authority) -> None:
    with pytest.raises(TimestampUnavailable, match="Policy ID mismatch"):
        client(tsa, policy="1.2.3.4.2").stamp(NOTE)


def test_a_timestamp_is_of_one_note_alone(tsa: Authority) -> None:
    answer, _ = client(tsa).stamp(NOTE)
    with pytest.raises(LogInconsistent, match="it: Mismatch between messages"):
        check_timestamp(answer, sign_checkpoint(8, bytes(32), SIGNER), read_roots(tsa.roots), "it")


def test_a_root_nobody_trusts_proves_nothing(tsa: Authority, tmp_path: Path) -> None:
    with authority(tmp_path / "other") as other, pytest.raises(TimestampUnavailable, match="verifying certificates"):
        client(tsa, roots=other).stamp(NOTE)


def test_a_certificate_that_was_over_when_it_signed_proves_nothing(tmp_path: Path) -> None:
    with authority(tmp_path / "over", lifetime=timedelta(days=-1)) as over, pytest.raises(TimestampUnavailable, match="certificates"):
        client(over).stamp(NOTE)


def test_an_answer_to_another_question_is_refused(tsa: Authority) -> None:
    """The same note, but not this nonce: a recorded answer, with an old time."""
    client(tsa).stamp(NOTE)
    tsa.mood = "stale"
    with pytest.raises(TimestampUnavailable, match="Nonce mismatch"):
        client(tsa).stamp(NOTE)


@pytest.mark.parametrize(("mood", "complaint"), [("garbage", "expected the answer of a timestamp authority"), ("refusing", "status 500")])
def test_what_is_no_answer(tsa: Authority, mood: str, complaint: str) -> None:
    tsa.mood = mood
    with pytest.raises(TimestampUnavailable, match=complaint):
        client(tsa).stamp(NOTE)


@pytest.mark.parametrize(("mood", "complaint"), [("silent", "no timestamp authority answers"), ("dripping", "takes too long")])
def test_a_slow_authority_is_not_waited_for(tsa: Authority, mood: str, complaint: str) -> None:
    tsa.mood = mood
    began = time.monotonic()
    with pytest.raises(TimestampUnavailable, match=complaint):
        client(tsa, timeout=1).stamp(NOTE)
    assert time.monotonic() - began < 20


def test_every_changed_byte_of_a_timestamp_is_found(tsa: Authority) -> None:
    """Apart from those the signature does not cover and nobody reads: the text of the status and certificates that are not needed."""
    answer, proved = client(tsa).stamp(NOTE)
    roots, survived = read_roots(tsa.roots), 0
    for at in range(0, len(answer), 3):
        changed = answer[:at] + bytes([answer[at] ^ 1]) + answer[at + 1 :]
        try:
            assert check_timestamp(changed, NOTE, roots, "it") == proved  # then it says the same
            survived += 1
        except LogInconsistent:
            pass
    assert survived < len(answer) / 3 / 4


@pytest.mark.parametrize("answer", [b"", b"\x30\x00", b"\x30\x03\x02\x01\x00", b"\x30\x05\x30\x03\x02\x01\x02", b"\xff" * 100])
def test_bytes_that_are_no_timestamp(tsa: Authority, answer: bytes) -> None:
    with pytest.raises(LogInconsistent, match="it: "):
        check_timestamp(answer, NOTE, read_roots(tsa.roots), "it")


def test_roots_that_are_none(tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError, match="found: No such file"):
        read_roots(tmp_path / "nothing.pem")
    for content in (b"", b"-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n"):
        with pytest.raises(DocumentError, match=r"roots\.pem"):
            parse_roots(content, "roots.pem")


class Deployed:
    """A governance database, an archive and an authority."""

    def __init__(self, store: Store, folder: Path, tsa: Authority) -> None:
        self.store, self.target, self.tsa, self.clock = store, LocalArchive(folder / "archive"), tsa, SetClock()

    def day(self) -> TimestampReport:
        """Seal, stamp, archive, as the daily run does."""
        self.clock.advance(days=1)
        seal(self.store, {}, SIGNER, self.clock)
        stamped = timestamp(self.store, client(self.tsa), "test", self.clock)
        archive(self.store, self.target, SIGNER, self.clock)
        return stamped

    def verify(self) -> VerificationReport:
        return verify(self.target, SIGNER.verifier, roots=read_roots(self.tsa.roots))


@pytest.fixture
def deployed(postgres: EmbeddedPostgres, make_database: Callable[..., str], tmp_path: Path, tsa: Authority) -> Deployed:
    return Deployed(make_store(postgres, make_database)[0], tmp_path, tsa)


def test_each_day_is_stamped_once_and_the_log_tells_of_it(deployed: Deployed) -> None:
    assert deployed.day().size == 1
    assert timestamp(deployed.store, client(deployed.tsa), "test", deployed.clock) == TimestampReport()
    # Of the first day the second seals the timestamp, and what archiving told: probe, finding, and what arrived.
    assert (deployed.day().size, deployed.tsa.asked) == (5, 2)
    found = deployed.verify()
    assert found.findings == ()
    assert found.log.kinds["timestamp.obtained"] == 1
    assert set(found.times) == {1, 5}
    assert found.times[1] <= found.times[5]


def test_with_the_authority_down_nothing_is_lost_and_the_next_stamp_vouches_for_all(deployed: Deployed) -> None:
    deployed.tsa.mood = "refusing"
    first = deployed.day()
    assert first.problem is not None
    assert "status 500" in first.problem
    assert first.since == deployed.clock.time
    (standing,) = [item for item in FindingRegister(deployed.store).standing(PLATFORM) if item.finding.kind == "timestamp-missing"]
    assert standing.finding.detail == f"no timestamp since {first.since:%Y-%m-%d %H:%M} UTC: {first.problem}"
    second = deployed.day()
    assert second.since == first.since
    with deployed.store.begin() as session:  # told once, however often it is tried
        told = [text for text in session.scalars(sa.select(OutboxRow.event)) if '"finding":"timestamp-missing"' in text]
    assert len(told) == 1
    assert deployed.verify().findings == ()
    assert deployed.verify().times == {}
    deployed.tsa.mood = "good"
    size = deployed.day().size
    assert size is not None
    assert "timestamp-missing" not in [item.finding.kind for item in FindingRegister(deployed.store).standing(PLATFORM)]
    (gone,) = [item for item in FindingRegister(deployed.store).all(PLATFORM) if item.finding.kind == "timestamp-missing"]
    assert (gone.first_seen, gone.gone_at) == (standing.first_seen, deployed.clock.time)
    found = deployed.verify()
    assert found.findings == ()
    assert len(found.times) == 3
    assert set(found.times.values()) == {found.times[size]}  # one stamp over the newest tree, for all below it


def test_a_timestamp_that_was_tampered_with_is_found_by_whoever_has_the_roots(deployed: Deployed, tmp_path: Path) -> None:
    deployed.day()
    path = tmp_path / "archive" / layout.timestamp_name(1)
    path.chmod(0o644)
    path.write_bytes(b"nothing")
    assert [text[:42] for text in deployed.verify().findings] == ["the timestamp over checkpoint 1: expected "]
    assert verify(deployed.target, SIGNER.verifier).findings == ()  # who trusts no authority asks for none


def test_a_timestamp_moved_to_another_checkpoint_is_found(deployed: Deployed, tmp_path: Path) -> None:
    deployed.day()
    deployed.day()
    first, second = (tmp_path / "archive" / layout.timestamp_name(size) for size in (1, 5))
    second.chmod(0o644)
    second.write_bytes(first.read_bytes())
    (first.parent / f"{9:012d}.tsr").write_bytes(first.read_bytes())
    found = deployed.verify().findings
    assert found == ("the timestamp over checkpoint 5: Mismatch between messages", "the timestamp over checkpoint 9 has no checkpoint")


def test_two_that_ask_at_once_keep_one_answer(deployed: Deployed) -> None:
    seal(deployed.store, {}, SIGNER, deployed.clock)

    class Slow(HttpTimestampAuthority):
        def stamp(self, note: bytes) -> object:  # type: ignore[override]
            answer = super().stamp(note)
            assert timestamp(deployed.store, client(deployed.tsa), "test", deployed.clock).size == 1
            return answer

    slow = Slow(deployed.tsa.url, read_roots(deployed.tsa.roots))
    assert timestamp(deployed.store, slow, "test", deployed.clock) == TimestampReport()  # type: ignore[arg-type]
    with deployed.store.begin() as session:
        assert len(session.scalars(sa.select(SpoolRow.name).where(SpoolRow.name.startswith(layout.TIMESTAMPS))).all()) == 1
