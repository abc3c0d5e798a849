"""The restore drill on a sample: a real dump of before the night by pg_dump, restored by pg_restore, replayed, proved, destroyed.

On one server: the scratch database lies beside the lender's, under its own name.
"""

from __future__ import annotations

import json
from collections.abc import Iterator

import pytest
import sqlalchemy as sa
from simulators.lender import Lender, drop_lender, make_lender
from simulators.pg_programs import dump, program

from embedded.postgres import EmbeddedPostgres
from governance.adapters.replaying import ReplayDatabase
from governance.adapters.signing_key import create_signing_key
from governance.errors import ConfigurationError, SurroundingsError, ValidationFailed
from governance.store.database import Store
from governance.store.models import OutboxRow, RestoreRow, SpoolRow
from governance.workplace import Evidence, Workplace
from governance.workplace_drill import drill_restored

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def drilled(postgres: EmbeddedPostgres, tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Lender, Workplace]]:
    """A lender after its first night, sealed, with a dump of before it."""
    home = tmp_path_factory.mktemp("drill")
    lender = make_lender(postgres, home)
    create_signing_key(home / "signer.pem", "lethe")
    dump(lender, home / "before.dump")
    setting = {"scratch": postgres.url("postgres"), "pg_restore": str(program("pg_restore")), "backup": "before.dump"}
    workplace = lender.workplace(restore_drill=setting)
    plan = workplace.plan("run-1", workplace.as_of)
    lender.resolve(plan.digest)
    workplace.enforce("run-1", plan.digest)
    Evidence(workplace.deployment).seal()
    yield lender, workplace
    drop_lender(lender)


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
    assert report.missing > 10
    assert scratches(lender) == []
    assert lender.contents() == before  # the loan database was not touched
    with Store(lender.store).begin() as session:
        [name] = session.scalars(sa.select(SpoolRow.name).where(SpoolRow.name.startswith("drills/"))).all()
        document = json.loads(session.get_one(SpoolRow, name).content)
        events = [json.loads(event) for event in session.scalars(sa.select(OutboxRow.event))]
        assert session.scalar(sa.select(sa.func.count()).select_from(RestoreRow)) == 0
    assert (document["success"], document["resurrected"], document["back"]) == (True, {}, dict(report.back))
    assert [event["body"]["drill"] for event in events if event["kind"] == "drill.completed"] == [report.drill]
    assert workplace.plan("run-2", workplace.as_of).steps == ()


def test_a_drill_that_resurrects_somebody_fails_and_says_so(drilled: tuple[Lender, Workplace], monkeypatch: pytest.MonkeyPatch) -> None:
    lender, workplace = drilled
    # A replay that works nothing: the events come back, and the rows stay.
    monkeypatch.setattr(ReplayDatabase, "freeze_replay", lambda self, plan, chunks: type(plan)(**{**vars_of(plan), "steps": ()}))
    with pytest.raises(ValidationFailed, match=r"the restore drill failed: .*rows of clients stood there after the replay"):
        drill_restored(workplace, "drill-2")
    assert scratches(lender) == []
    with Store(lender.store).begin() as session:
        names = session.scalars(sa.select(SpoolRow.name).where(SpoolRow.name.startswith("drills/")).order_by(SpoolRow.position)).all()
        assert json.loads(session.get_one(SpoolRow, names[-1]).content)["success"] is False


def vars_of(plan: object) -> dict[str, object]:
    from dataclasses import fields

    return {item.name: getattr(plan, item.name) for item in fields(plan)}  # type: ignore[arg-type]


def test_whatever_ends_a_drill_its_database_is_gone(drilled: tuple[Lender, Workplace]) -> None:
    lender, _ = drilled
    broken = lender.home / "broken.dump"
    broken.write_bytes(b"PGDMP" + bytes(200))
    setting = {"scratch": lender.server.url("postgres"), "pg_restore": str(program("pg_restore"))}
    with pytest.raises(SurroundingsError, match=r"pg_restore of broken.dump ended with 1; what it said may quote rows and is withheld"):
        drill_restored(lender.workplace(restore_drill={**setting, "backup": "broken.dump"}), "drill-3")
    with pytest.raises(SurroundingsError, match="the command that fetches the backup ended with 3"):
        drill_restored(lender.workplace(restore_drill={**setting, "command": ["sh", "-c", "echo x > {file}; exit 3"]}), "drill-4")
    with pytest.raises(SurroundingsError, match="the backup cannot be read"):
        drill_restored(lender.workplace(restore_drill={**setting, "backup": "nothing.dump"}), "drill-5")
    with pytest.raises(ConfigurationError, match="expected restore_drill with backup and scratch, found none"):
        drill_restored(lender.workplace(), "drill-6")
    assert scratches(lender) == []
    assert not list(lender.home.glob("lethe_drill_*"))
