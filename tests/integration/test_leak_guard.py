"""The guard before the archive: real evidence passes without a false alarm, personal data do not, and a person has the last word."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
import sqlalchemy as sa
from evidence_support import SIGNER, SetClock, make_store
from simulators.lender import Lender, drop_lender, make_lender

from embedded.postgres import EmbeddedPostgres
from governance.adapters.local_archive import LocalArchive
from governance.adapters.outbox import Outbox
from governance.errors import LeakFound
from governance.planning.leaks import LeakDetector
from governance.run.archive import archive
from governance.run.incidents import amend_incident, close_incident
from governance.run.leak_guard import LeakGuard
from governance.run.seal import seal
from governance.samples import SAMPLES
from governance.store.database import Store
from governance.store.incidents import Incidents
from governance.store.models import RunReportRow, SpoolRow
from governance.store.spool import enqueue

EMAIL = "ivan.petrov@example.org"
WRITTEN = {"nature": "an address in a result", "consequences": "none", "measures": "the check was mended"}


def test_what_holds_an_address_stays_in_the_spool_until_a_person_decides(
    postgres: EmbeddedPostgres, make_database: Callable[..., str], tmp_path: Path
) -> None:
    store, clock = make_store(postgres, make_database)[0], SetClock()
    guard = LeakGuard(LocalArchive(tmp_path / "archive"), store, clock, "credithelp")
    with store.begin() as session:
        for name in ("validations/a.json", "validations/b.json", "validations/c.json"):
            content = f'{{"table":"{EMAIL}"}}'.encode() if "b" in name else b'{"table":"clients"}'
            enqueue(session, name, content, clock.now())
    for _ in range(2):
        clock.advance(hours=1)
        with pytest.raises(LeakFound, match=r"^validations/b\.json: 1 user\.contact\.email, first in line 1; it was not") as refused:
            archive(store, guard, SIGNER, clock)
        assert EMAIL not in str(refused.value)
    assert [name for name in guard.names() if name.startswith("validations/")] == ["validations/a.json"]
    with store.begin() as session:
        waiting = session.scalars(sa.select(SpoolRow.name).where(SpoolRow.archived_at.is_(None)).order_by(SpoolRow.position)).all()
    assert [name for name in waiting if name.startswith("validations/")] == ["validations/b.json", "validations/c.json"]
    (incident,) = Incidents(store).all()
    assert (incident.kind, incident.cause, incident.seen) == ("confidentiality", "leak-found", 2)
    assert EMAIL not in str(incident)
    decided = {**WRITTEN, "authority_not_notified": "it never left", "persons_not_notified": "it never left"}
    amend_incident(store, clock, incident.id, decided, by="dpo", run_id="r")
    close_incident(store, clock, incident.id, by="dpo", run_id="r")
    clock.advance(hours=1)
    archive(store, guard, SIGNER, clock)
    assert {"validations/b.json", "validations/c.json"} <= set(guard.names())
    with pytest.raises(LeakFound):  # the decision was about that object
        guard.put("validations/d.json", f'{{"table":"{EMAIL}"}}'.encode())


def evidence_of(lender: Lender) -> list[tuple[str, bytes]]:
    """Everything that a night leaves: what waits for the archive, and the report of the run."""
    store = Store(lender.store)
    seal(store, {lender.dataset.name: Outbox(lender.server.url(lender.name, "lethe_sealer"))}, SIGNER, SetClock())
    with store.begin() as session:
        found = [(row.name, row.content) for row in session.scalars(sa.select(SpoolRow))]
        return [*found, *((f"reports/{row.run_id}.json", row.document.encode()) for row in session.scalars(sa.select(RunReportRow)))]


def night(lender: Lender) -> list[tuple[str, bytes]]:
    place = lender.workplace(lender.dataset.controller, dataset=lender.dataset.name)
    place.scan("night-1")
    lender.enforce(lender.approved_plan())
    return evidence_of(lender)


def test_a_night_of_a_sample_raises_no_false_alarm_and_a_canary_in_it_an_alarm(lender: Lender) -> None:
    found = night(lender)
    assert {name.split("/")[0] for name, _ in found} >= {"log", "plans", "policy", "dataset", "keys"}
    detector = LeakDetector()
    assert {name: detector.leaks(name, content) for name, content in found if detector.leaks(name, content)} == {}
    entries = next((name, content) for name, content in found if name.startswith("log/entries/"))
    spoiled = entries[1].replace(b'"collection":"clients"', f'"collection":"{EMAIL}"'.encode())
    assert spoiled != entries[1]
    assert [leak.category for leak in detector.leaks(entries[0], spoiled)] == ["user.contact.email"]


@pytest.mark.slow
@pytest.mark.parametrize("sample", SAMPLES)
def test_a_night_of_every_sample_raises_no_false_alarm(sample: str, postgres: EmbeddedPostgres, tmp_path: Path) -> None:
    lender = make_lender(postgres, tmp_path, sample=sample)
    detector = LeakDetector()
    for name, content in night(lender):
        assert detector.leaks(name, content) == (), name
    drop_lender(lender)
