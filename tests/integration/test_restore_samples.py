"""Replay and drill of every sample by the commands an operator types: circles, self references, composite, text and UUID keys, JSON paths.

Backups are real: pg_dump of before the night, restored by pg_restore in the place of the database. And on SQLite, where both are refused.
"""

from __future__ import annotations

import json
from pathlib import Path

import pytest
import sqlalchemy as sa
from simulators.lender import AS_OF, Lender, drop_lender, make_lender
from simulators.pg_programs import dump, program, restore
from simulators.portable import sqlite_copy
from typer.testing import CliRunner

from embedded.postgres import EmbeddedPostgres
from governance.adapters.signing_key import create_signing_key
from governance.cli import app
from governance.config import load_deployment
from governance.errors import ConfigurationError, DatabaseWentBack
from governance.samples import SAMPLES
from governance.store.database import Store
from governance.store.models import IncidentRow, SpoolRow
from governance.workplace import Evidence, Workplace

CLOCKS = {"KZ": (None, 1), "BG": (72, None), "EE": (72, None)}  # hours, working days


def governance(home: Path, *words: str) -> str:
    result = CliRunner().invoke(app, [*words, "--home", str(home)], env={"COLUMNS": "120"})
    assert result.exit_code == 0, (words, result.output, result.exception)
    return result.stdout


def refused(home: Path, *words: str) -> BaseException:
    result = CliRunner().invoke(app, [*words, "--home", str(home)], env={"COLUMNS": "120"})
    assert result.exit_code != 0, (words, result.output)
    assert result.exception is not None
    return result.exception


@pytest.mark.slow
@pytest.mark.parametrize("sample", SAMPLES)
def test_a_restored_sample_is_refused_then_replayed_by_command(postgres: EmbeddedPostgres, tmp_path: Path, sample: str) -> None:
    lender = make_lender(postgres, tmp_path, sample=sample)
    try:
        create_signing_key(tmp_path / "signer.pem", "lethe")
        dump(postgres, lender.name, tmp_path / "before.dump")
        scratch = {"scratch": postgres.url("postgres"), "pg_restore": str(program("pg_restore")), "backup": "before.dump"}
        workplace = lender.workplace(sample, dataset=sample, restore_drill=scratch)
        plan = workplace.plan("run-1", workplace.as_of)
        lender.resolve(plan.digest)
        workplace.enforce("run-1", plan.digest)
        Evidence(workplace.deployment).seal()
        undisturbed = lender.contents("public")

        told = governance(tmp_path, "drill")
        assert "rows came back; none stands after the replay, and the suites hold" in told
        with Store(lender.store).begin() as session:
            [name] = session.scalars(sa.select(SpoolRow.name).where(SpoolRow.name.startswith("drills/"))).all()
            document = json.loads(session.get_one(SpoolRow, name).content)
        assert name in told
        assert (document["success"], document["resurrected"]) == (True, {})
        assert document["back"].keys() == {step.collection for step in plan.steps}

        restore(postgres, lender.name, tmp_path / "before.dump")
        assert lender.contents("public") != undisturbed
        refusal = refused(tmp_path, "plan")
        assert isinstance(refusal, DatabaseWentBack)
        assert f"`governance replay --dataset {sample}` is green" in str(refusal)
        told = governance(tmp_path, "replay")
        assert f"{sample}: the replay is green" in told
        assert lender.contents("public") == undisturbed
        assert "there is nothing to replay" in governance(tmp_path, "replay")
        assert workplace.plan("run-2", workplace.as_of).steps == ()
        with Store(lender.store).begin() as session:
            [incident] = session.scalars(sa.select(IncidentRow)).all()
            # The clock of the controller's own authority (94-V art. 25(2); GDPR 33(1)).
            assert (incident.cause, (incident.clock_hours, incident.clock_working_days)) == (
                "restore-unreplayed",
                CLOCKS[lender.dataset.pack.country],
            )
            assert incident.over_at is not None
    finally:
        drop_lender(lender)


def test_over_sqlite_a_loss_is_noticed_and_neither_replayed_nor_drilled(lender: Lender, tmp_path: Path) -> None:
    other = sqlite_copy(lender, tmp_path)
    create_signing_key(other.home / "signer.pem", "lethe")
    other.install()
    path = Path(str(sa.make_url(other.admin).database))
    before = path.read_bytes()
    other.enforce(other.approved_plan())
    other.write_settings()
    workplace = Workplace(load_deployment(other.home), other.dataset.name, AS_OF)
    Evidence(workplace.deployment).seal()
    path.write_bytes(before)
    with pytest.raises(DatabaseWentBack, match="Nothing is planned or changed until it lacks none; a replay is built for PostgreSQL alone"):
        workplace.plan("run-2", workplace.as_of)
    for command in ("replay", "drill"):
        refusal = refused(other.home, command)
        assert isinstance(refusal, ConfigurationError)
        assert "neither replay nor drill over this kind of database; a replay is built for PostgreSQL alone" in str(refusal)
