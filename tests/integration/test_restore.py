"""A loan database that went back in time: noticed before anything is done, replayed, and let go only when it is proved.

Restores are real: a dump by pg_dump taken before the night, or a clone of the database, put in the place of the lost one.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa
from simulators.lender import Lender, drop_lender, make_lender, terminate_sessions

from embedded.postgres import EmbeddedPostgres
from governance.adapters.signing_key import create_signing_key
from governance.errors import DatabaseWentBack
from governance.planning.plan import Plan
from governance.samples.copying import connect
from governance.store.database import Store
from governance.store.models import IncidentRow, OutboxRow
from governance.workplace import Evidence, Workplace
from governance.workplace_replay import replay_restored


@pytest.fixture
def night(postgres: EmbeddedPostgres, tmp_path: Path) -> Iterator[Lender]:
    made = make_lender(postgres, tmp_path, tiny=True)
    create_signing_key(tmp_path / "signer.pem", "lethe")
    yield made
    drop_lender(made)


def keep(lender: Lender, name: str) -> str:
    """A copy of the database as it stands, as a backup."""
    terminate_sessions(lender)
    _clone(lender, lender.name, f"{lender.name}_{name}")
    return f"{lender.name}_{name}"


def put_in_place(lender: Lender, backup: str) -> None:
    """The backup takes the place of the database."""
    terminate_sessions(lender)
    lender.server.drop_database(lender.name)
    _clone(lender, backup, lender.name)


def _clone(lender: Lender, template: str, name: str) -> None:
    with connect(lender.server.url("postgres")) as connection:
        connection.autocommit = True
        connection.execute(f'CREATE DATABASE "{name}" TEMPLATE "{template}" STRATEGY FILE_COPY'.encode())


def enforced(lender: Lender, *, seal: bool = True) -> tuple[Workplace, Plan]:
    workplace = lender.workplace()
    plan = workplace.plan("run-1", workplace.as_of)
    lender.resolve(plan.digest)
    workplace.enforce("run-1", plan.digest)
    if seal:
        Evidence(workplace.deployment).seal()
    return workplace, plan


def test_what_a_restore_brought_back_is_erased_again(night: Lender) -> None:
    backup = keep(night, "before")
    workplace, plan = enforced(night)
    undisturbed, events = night.contents("public"), {event["event_id"] for event in night.events()}
    ledger = night.ask("SELECT event_id, collection, action, key_refs FROM lethe.ledger ORDER BY event_id")
    marks = night.ask("SELECT event_id, seq FROM lethe.sealed ORDER BY seq")

    put_in_place(night, backup)
    assert night.contents("public") != undisturbed
    for act in (lambda: workplace.plan("run-2", workplace.as_of), lambda: workplace.enforce("run-2", plan.digest)):
        with pytest.raises(DatabaseWentBack, match=r"events that the log or the ledger has are missing there.*governance replay"):
            act()
    report = replay_restored(workplace, "run-3")
    assert report is not None
    assert sum(report.again.values()) > 20
    assert (report.doubtful, report.unproved) == ({}, ())

    assert night.contents("public") == undisturbed
    assert events <= {event["event_id"] for event in night.events()}
    assert night.ask("SELECT event_id, collection, action, key_refs FROM lethe.ledger ORDER BY event_id") == ledger
    assert set(marks) <= set(night.ask("SELECT event_id, seq FROM lethe.sealed"))
    assert replay_restored(workplace, "run-4") is None
    workplace.plan("run-5", workplace.as_of)
    with Store(night.store).begin() as session:
        assert session.scalars(sa.select(OutboxRow.event)).all()
        assert session.scalar(sa.select(IncidentRow.over_at)) is not None
