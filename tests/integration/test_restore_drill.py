"""The restore drill on a sample: a real dump of before the night by pg_dump, restored by pg_restore, replayed, proved, destroyed.

On one server: the scratch database lies beside the lender's, under its own name.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest
import sqlalchemy as sa
from simulators.lender import Lender, drop_lender, make_lender
from simulators.pg_programs import dump, program, restore

from embedded.postgres import EmbeddedPostgres
from governance.adapters.identifying import SubjectIdentifiers
from governance.adapters.keyring import FileKeyring
from governance.adapters.replaying import ReplayDatabase
from governance.adapters.signing_key import create_signing_key
from governance.catalogue.findings import FindingKind
from governance.errors import ConfigurationError, DatabaseWentBack, SurroundingsError, ValidationFailed
from governance.planning.plan import Plan
from governance.store.database import Store
from governance.store.models import IncidentRow, OutboxRow, RestoreRow, SpoolRow
from governance.workplace import Evidence, Workplace
from governance.workplace_drill import drill_restored
from governance.workplace_replay import replay_restored

pytestmark = pytest.mark.slow

SECOND = 900_001  # the number under which somebody erased stands once more


@pytest.fixture(scope="module")
def drilled(postgres: EmbeddedPostgres, tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Lender, Workplace]]:
    """A lender after its first night, sealed, with a dump of before it; in another one somebody erased stands a second time, as a record
    that the application removed before the night."""
    home = tmp_path_factory.mktemp("drill")
    lender = make_lender(postgres, home)
    create_signing_key(home / "signer.pem", "lethe")
    dump(postgres, lender.name, home / "before.dump")
    workplace = lender.workplace(restore_drill=setting(lender, "before.dump"))
    plan = workplace.plan("run-1", workplace.as_of)
    (key,) = erased_client(lender, workplace, plan)
    lender.ask(  # in another spelling, for the EGN is unique
        f"INSERT INTO clients (client_id, egn, first_name, last_name, created_at) SELECT {SECOND}, ' ' || egn, 'A', 'B', now()"
        " FROM clients WHERE client_id = %s",
        key,
    )
    dump(postgres, lender.name, home / "twice.dump")
    lender.ask(f"DELETE FROM clients WHERE client_id = {SECOND}")
    lender.resolve(plan.digest)
    workplace.enforce("run-1", plan.digest)
    Evidence(workplace.deployment).seal()
    yield lender, workplace
    drop_lender(lender)


def setting(lender: Lender, backup: str) -> dict[str, str]:
    return {"scratch": lender.server.url("postgres"), "pg_restore": str(program("pg_restore")), "backup": backup}


def erased_client(lender: Lender, workplace: Workplace, plan: Plan) -> list[int]:
    """One client of whom the plan leaves nothing that could be known again, and who has an EGN to be known by."""
    erased = {item.subject_ref for item in SubjectIdentifiers(lender.engine, lender.dataset, FileKeyring(lender.keyring)).erasures(plan)}
    keys = [key for (key,) in lender.ask("SELECT client_id FROM clients WHERE egn <> '' ORDER BY client_id")]
    return [key for key in keys if workplace.reference("clients", str(key)) in erased][:1]


def grave(workplace: Workplace) -> set[FindingKind]:
    """What would fail a validation now."""
    return {finding.kind for finding in workplace.grave_findings()}


def documents(lender: Lender) -> list[dict[str, Any]]:
    """What drills registered, in order."""
    with Store(lender.store).begin() as session:
        rows = session.scalars(sa.select(SpoolRow).where(SpoolRow.name.startswith("drills/")).order_by(SpoolRow.position))
        return [json.loads(row.content) for row in rows]


def scratches(lender: Lender) -> list[str]:
    return [name for (name,) in lender.ask("SELECT datname FROM pg_database WHERE datname LIKE 'lethe_drill_%'")]


def test_a_drill_brings_people_back_and_erases_them_again(drilled: tuple[Lender, Workplace]) -> None:
    lender, workplace = drilled
    before = lender.contents()
    lender.server.create_database("lethe_drill_credithelp_20260101t000000000000")  # a drill that was killed has left it
    report = drill_restored(workplace, "drill-1")
    assert report.success
    assert report.back["clients"] > 10
    assert sum(report.back.values()) > 100
    assert report.resurrected == {}
    assert report.suppressed[0] >= 2
    assert report.suppressed[1] == 0
    assert report.missing > 10
    assert scratches(lender) == []
    assert lender.contents() == before  # the loan database was not touched
    with Store(lender.store).begin() as session:
        [name] = session.scalars(sa.select(SpoolRow.name).where(SpoolRow.name.startswith("drills/"))).all()
        document = json.loads(session.get_one(SpoolRow, name).content)
        events = [json.loads(event) for event in session.scalars(sa.select(OutboxRow.event))]
        assert session.scalar(sa.select(sa.func.count()).select_from(RestoreRow)) == 0
    assert (document["success"], document["resurrected"], document["back"]) == (True, {}, dict(report.back))
    assert document["suppressed"] == {"before": report.suppressed[0], "after": 0}
    assert [event["body"]["drill"] for event in events if event["kind"] == "drill.completed"] == [report.drill]
    assert workplace.plan("run-2", workplace.as_of).steps == ()


def test_a_drill_that_resurrects_somebody_fails_and_says_so(drilled: tuple[Lender, Workplace], monkeypatch: pytest.MonkeyPatch) -> None:
    lender, workplace = drilled
    # A replay that works nothing: the events come back, and the rows stay.
    monkeypatch.setattr(ReplayDatabase, "freeze_replay", lambda self, plan, chunks: type(plan)(**{**vars_of(plan), "steps": ()}))
    with pytest.raises(ValidationFailed, match=r"the restore drill failed: .*rows of clients stood there after the replay"):
        drill_restored(workplace, "drill-2")
    assert scratches(lender) == []
    assert documents(lender)[-1]["success"] is False


def vars_of(plan: object) -> dict[str, object]:
    from dataclasses import fields

    return {item.name: getattr(plan, item.name) for item in fields(plan)}  # type: ignore[arg-type]


def test_whatever_ends_a_drill_its_database_is_gone(drilled: tuple[Lender, Workplace]) -> None:
    lender, _ = drilled
    broken = lender.home / "broken.dump"
    broken.write_bytes(b"PGDMP" + bytes(200))
    fetched = {name: value for name, value in setting(lender, "").items() if name != "backup"}
    with pytest.raises(SurroundingsError, match=r"pg_restore of broken.dump ended with 1; what it said may quote rows and is withheld"):
        drill_restored(lender.workplace(restore_drill=setting(lender, "broken.dump")), "drill-3")
    with pytest.raises(SurroundingsError, match="the command that fetches the backup ended with 3"):
        drill_restored(lender.workplace(restore_drill={**fetched, "command": ["sh", "-c", "echo x > {file}; exit 3"]}), "drill-4")
    with pytest.raises(SurroundingsError, match="the backup cannot be read"):
        drill_restored(lender.workplace(restore_drill=setting(lender, "nothing.dump")), "drill-5")
    with pytest.raises(ConfigurationError, match="expected restore_drill with backup and scratch, found none"):
        drill_restored(lender.workplace(), "drill-6")
    assert scratches(lender) == []
    assert not list(lender.home.glob("lethe_drill_*"))


def test_what_the_lender_does_and_seals_during_a_drill_is_no_loss_of_the_copy(
    drilled: tuple[Lender, Workplace], monkeypatch: pytest.MonkeyPatch
) -> None:
    lender, _ = drilled
    workplace = lender.workplace(restore_drill=setting(lender, "before.dump"))
    Evidence(workplace.deployment).seal()
    known, real, grown = len(lender.events()), ReplayDatabase.freeze_replay, list[int]()

    def meanwhile(self: ReplayDatabase, *given: Any) -> Plan:
        workplace.scan("run-meanwhile")
        grown.append(Evidence(workplace.deployment).seal().sealed)
        return real(self, *given)

    monkeypatch.setattr(ReplayDatabase, "freeze_replay", meanwhile)
    report = drill_restored(workplace, "drill-7")
    assert report.success
    assert sum(grown) > 0
    assert len(lender.events()) > known
    assert 0 < report.missing <= known
    with Store(lender.store).begin() as session:
        assert session.scalar(sa.select(sa.func.count()).select_from(RestoreRow)) == 0


def test_somebody_of_the_suppression_list_who_stands_after_it_fails_a_drill_and_a_replay(drilled: tuple[Lender, Workplace]) -> None:
    """The last one: it puts the backup in the place of the database. No row that was changed stands again, so the list alone knows."""
    lender, _ = drilled
    workplace = lender.workplace(restore_drill=setting(lender, "twice.dump"))
    with pytest.raises(ValidationFailed, match="the restore drill failed: 1 persons of the suppression list stood there after it"):
        drill_restored(workplace, "drill-8")
    document = documents(lender)[-1]
    assert (document["success"], document["resurrected"]) == (False, {})
    assert document["suppressed"]["before"] > document["suppressed"]["after"] == 1

    Evidence(workplace.deployment).seal()
    restore(lender.server, lender.name, lender.home / "twice.dump")
    assert workplace.scan("scan-1")["findings"] > 0
    assert FindingKind.ERASED_RETURNED in grave(workplace)
    # Straight to the replay: the loss is registered, and an incident, as a plan would have had it.
    for _ in range(2):
        with pytest.raises(DatabaseWentBack, match="it is not proved: 1 erased persons of the suppression list stand there"):
            replay_restored(workplace, "replay-1")
    with Store(lender.store).begin() as session:
        [incident] = session.scalars(sa.select(IncidentRow)).all()
        assert (incident.cause, incident.clock_hours, incident.over_at) == ("restore-unreplayed", 72, None)
        assert session.scalars(sa.select(RestoreRow.replayed_at)).all() == [None]
    with pytest.raises(DatabaseWentBack, match="the replay did not come to its end"):
        workplace.plan("run-3", workplace.as_of)
    assert FindingKind.ERASED_RETURNED in grave(workplace)
    lender.ask(f"DELETE FROM clients WHERE client_id = {SECOND}")  # as the application does
    report = replay_restored(workplace, "replay-2")
    assert report is not None
    assert (report.doubtful, report.unproved) == ({}, ())
    assert not {FindingKind.ERASED_RETURNED, FindingKind.DATABASE_WENT_BACK} & grave(workplace)  # and without another scan
    with Store(lender.store).begin() as session:
        [incident] = session.scalars(sa.select(IncidentRow)).all()
        assert incident.over_at is not None
    assert workplace.plan("run-4", workplace.as_of).steps == ()
