"""A loan database that went back in time: noticed before anything is done, replayed, and let go only when it is proved.

Restores are real: a dump by pg_dump taken before the night, or a clone of the database, put in the place of the lost one.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from simulators.lender import NOW, TODAY, Lender, differences, drop_lender, make_lender, terminate_sessions

from embedded.postgres import EmbeddedPostgres
from governance.adapters.install import install_loan_schema
from governance.adapters.outbox import Outbox
from governance.adapters.replaying import ReplayDatabase
from governance.adapters.signing_key import create_signing_key
from governance.errors import DatabaseUnavailable, DatabaseWentBack, LogInconsistent
from governance.planning.holds import HoldKind
from governance.planning.plan import Plan, Step
from governance.run.hold import place_hold
from governance.run.replay import ReplayReport, replay
from governance.samples.copying import connect
from governance.store.database import Store
from governance.store.models import IncidentRow, LedgerRow, LogEntryRow, OutboxRow, RestoreRow, SpoolRow
from governance.workplace import Evidence, Workplace
from governance.workplace_replay import replay_restored, replay_world
from governance.workplace_restore import keep_ledger


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


@pytest.mark.slow
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
        told = "\n".join(session.scalars(sa.select(OutboxRow.event)))
        assert told.count('"kind":"restore.detected"') == told.count('"kind":"restore.replayed"') == 1
        assert session.scalar(sa.select(IncidentRow.over_at)) is not None
        assert session.scalar(sa.select(RestoreRow.replayed_at)) is not None


def replayed(workplace: Workplace, accepted_by: str | None = None) -> ReplayReport | None:
    """A replay without the suites, which take seconds and have their test above."""
    world = replace(replay_world(workplace, "run-9"), validate=lambda plan: None)
    return replay(world, "run-9", accepted_by=accepted_by)


def test_the_ledger_stands_outside_the_database_once_its_events_are_sealed(night: Lender) -> None:
    _, plan = enforced(night)
    ledger = night.ask("SELECT l.event_id, s.seq, l.key_refs FROM lethe.ledger l JOIN lethe.sealed s USING (event_id) ORDER BY s.seq")
    with Store(night.store).begin() as session:
        kept = session.execute(sa.select(LedgerRow.event_id, LedgerRow.seq, LedgerRow.key_refs).order_by(LedgerRow.seq)).all()
        names = session.scalars(sa.select(SpoolRow.name).where(SpoolRow.name.startswith("ledger/"))).all()
    assert [tuple(row) for row in kept] == ledger
    assert len(ledger) >= len(plan.steps) > 5
    assert names == [f"ledger/credithelp/{ledger[0][1]:012d}-{ledger[-1][1]:012d}.jsonl"]


def test_what_an_earlier_version_sealed_is_kept_with_the_next_sealing(night: Lender) -> None:
    workplace, _ = enforced(night)
    with Store(night.store).begin() as session:
        kept = session.execute(sa.select(LedgerRow.event_id, LedgerRow.seq, LedgerRow.key_refs).order_by(LedgerRow.seq)).all()
        session.execute(sa.delete(LedgerRow))
        session.execute(sa.delete(SpoolRow).where(SpoolRow.name.startswith("ledger/")))
    Evidence(workplace.deployment).seal()
    with Store(night.store).begin() as session:
        assert session.execute(sa.select(LedgerRow.event_id, LedgerRow.seq, LedgerRow.key_refs).order_by(LedgerRow.seq)).all() == kept


def test_an_entry_that_is_not_what_its_event_committed_to_is_not_kept(night: Lender) -> None:
    workplace, _ = enforced(night, seal=False)
    [(event,)] = night.ask("SELECT event_id FROM lethe.ledger ORDER BY event_id LIMIT 1")
    with Store(night.store).begin() as session:
        session.execute(sa.delete(LedgerRow))
    night.ask("ALTER TABLE lethe.ledger DISABLE TRIGGER append_only")
    night.ask("UPDATE lethe.ledger SET key_refs[1] = 'ref1.00000000000000000000000000000000' WHERE event_id = %s", event)
    with pytest.raises(LogInconsistent, match=f"event {event} has another entry in the ledger than it committed to; it was not sealed"):
        Evidence(workplace.deployment).seal()
    with Store(night.store).begin() as session:
        assert session.scalar(sa.select(LogEntryRow.seq).where(LogEntryRow.event_id == event)) is None
        assert session.get(LedgerRow, event) is None
        assert session.scalar(sa.select(sa.func.count()).select_from(LedgerRow)) == night.value("SELECT count(*) - 1 FROM lethe.ledger")


def test_a_database_lost_before_the_seal_is_noticed_by_the_ledger(night: Lender) -> None:
    backup = keep(night, "before")
    workplace, _ = enforced(night, seal=False)
    undisturbed, chunks = night.contents("public"), night.events("chunk.enforced")
    put_in_place(night, backup)
    with pytest.raises(DatabaseWentBack):
        workplace.plan("run-2", workplace.as_of)
    assert replayed(workplace) is not None
    assert night.contents("public") == undisturbed
    assert {item["event_id"]: item for item in night.events("chunk.enforced")} == {item["event_id"]: item for item in chunks}
    assert Evidence(workplace.deployment).seal().sealed > 0
    workplace.plan("run-5", workplace.as_of)


@pytest.mark.slow
def test_a_point_in_time_in_the_middle_of_a_night(night: Lender) -> None:
    workplace, plan = night.workplace(), night.approved_plan(chunk_size=2)

    class Killed(Exception):
        pass

    done: list[int] = []

    def stop(step: Step, rows: int) -> None:
        done.append(rows)
        if len(done) == 6:
            raise Killed

    with pytest.raises(Killed):
        night.enforce(plan, progress=stop)
    backup = keep(night, "half")
    night.enforce(plan)
    keep_ledger(workplace.deployment, night.dataset, plan)
    Evidence(workplace.deployment).seal()
    undisturbed = night.contents("public")
    put_in_place(night, backup)
    report = replayed(workplace)
    assert report is not None
    assert report.again
    assert night.contents("public") == undisturbed
    workplace.plan("run-5", workplace.as_of)


@pytest.mark.slow
def test_a_backup_of_before_the_installation(night: Lender) -> None:
    backup = keep(night, "before")
    with connect(night.server.url(backup)) as connection:
        connection.execute("DROP SCHEMA lethe CASCADE")
        connection.execute("DROP SCHEMA lethe_work CASCADE")
    workplace, _ = enforced(night)
    undisturbed = night.contents("public")
    put_in_place(night, backup)
    with pytest.raises(DatabaseWentBack, match="until `governance install`, then `governance replay"):
        workplace.plan("run-2", workplace.as_of)
    with pytest.raises(DatabaseWentBack, match="`governance install` first"):
        replayed(workplace)
    install_loan_schema(night.admin, night.dataset)
    replayed(workplace)
    assert night.contents("public") == undisturbed


@pytest.mark.slow
def test_killed_anywhere_and_called_again_the_end_is_the_same(night: Lender, monkeypatch: pytest.MonkeyPatch) -> None:
    backup = keep(night, "before")
    workplace, _ = enforced(night)
    undisturbed, ledger = night.contents("public"), night.ask("SELECT * FROM lethe.ledger ORDER BY event_id")
    stopped = 0
    for owner, name in (
        (ReplayDatabase, "find"),
        (ReplayDatabase, "freeze_replay"),
        (ReplayDatabase, "_perform"),
        (ReplayDatabase, "put_back"),
        (Outbox, "mark_sealed"),
        (ReplayDatabase, "standing"),
    ):
        put_in_place(night, backup)
        for nth in (1, 3):
            with monkeypatch.context() as patch:
                patch.setattr(owner, name, failing(getattr(owner, name), nth))
                try:
                    replayed(workplace)
                except DatabaseUnavailable:
                    stopped += 1
                    with pytest.raises(DatabaseWentBack):
                        workplace.plan("run-2", workplace.as_of)
        replayed(workplace)
        assert night.contents("public") == undisturbed, name
        assert night.ask("SELECT * FROM lethe.ledger ORDER BY event_id") == ledger, name
        assert workplace.plan("run-5", workplace.as_of).steps == ()
    assert stopped >= 8


def failing(real: Callable[..., Any], nth: int) -> Callable[..., Any]:
    """The method, but the connection is lost before the nth call of it, and after that every time."""
    calls: list[None] = []

    def call(*given: Any, **named: Any) -> Any:
        calls.append(None)
        if len(calls) >= nth:
            raise DatabaseUnavailable("the connection was lost")
        return real(*given, **named)

    return call


@pytest.mark.slow
def test_a_new_person_who_got_the_key_of_an_erased_one_is_left_alone(night: Lender) -> None:
    backup = keep(night, "before")
    before = night.rows()["job_applicants"]
    workplace, _ = enforced(night)
    gone = sorted(before.keys() - night.rows()["job_applicants"].keys())
    assert gone
    put_in_place(night, backup)
    night.ask("DELETE FROM job_applicants WHERE applicant_id = %s", gone[0])
    columns = "applicant_id, full_name, position, applied_on, status"
    night.ask(f"INSERT INTO job_applicants ({columns}) VALUES (%s, 'New Person', 'clerk', %s, 'open')", gone[0], TODAY)
    for _ in range(2):  # it stays refused
        with pytest.raises(DatabaseWentBack, match="1 rows of job_applicants bear the key of an erased one and are held, or not due"):
            replayed(workplace)
    with pytest.raises(DatabaseWentBack, match="the replay did not come to its end"):
        workplace.plan("run-2", workplace.as_of)
    report = replayed(workplace, accepted_by="dpo")
    assert report is not None
    assert report.doubtful == {"job_applicants": 1}
    assert night.value("SELECT full_name FROM job_applicants WHERE applicant_id = %s", gone[0]) == "New Person"
    workplace.plan("run-5", workplace.as_of)


def untouched_client(before: dict[str, Any], after: dict[str, Any]) -> Any:
    """A client of whom the night changed nothing."""
    contracts = {key: row["client_id"] for key, row in before["contracts"].items()}
    touched: set[Any] = set()
    for table, rows in differences(before, after).items():
        for key in rows:
            row = before[table][key]
            touched |= {row.get("client_id"), contracts.get(row.get("contract_id"))}
    return min(before["clients"].keys() - touched)


@pytest.mark.slow
def test_a_hold_placed_after_the_backup_stands_again(night: Lender) -> None:
    backup, before = keep(night, "before"), night.rows()
    workplace, _ = enforced(night)
    key = untouched_client(before, night.rows())
    held = place_hold(
        night.dataset,
        workplace.holds,
        workplace.reference,
        collection="clients",
        key=str(key),
        kind=HoldKind.LEGAL_DISPUTE,
        clause="art. 21",
        until=date(2031, 1, 1),
        by="dpo",
        now=NOW,
        run_id="hold",
    )
    Evidence(workplace.deployment).seal()
    row = night.ask("SELECT * FROM lethe.holds")
    put_in_place(night, backup)
    report = replayed(workplace)
    assert report is not None
    assert report.holds == 1
    assert night.ask("SELECT * FROM lethe.holds") == row
    assert [hold.id for hold in workplace.holds.standing()] == [held.id]


@pytest.mark.slow
def test_what_loses_nothing_raises_no_alarm(night: Lender, monkeypatch: pytest.MonkeyPatch) -> None:
    workplace, _ = enforced(night, seal=False)
    with monkeypatch.context() as patch:  # a sealer that dies between the log and its marks
        patch.setattr(Outbox, "mark_sealed", failing(Outbox.mark_sealed, 1))
        with pytest.raises(DatabaseUnavailable):
            Evidence(workplace.deployment).seal()
    assert night.value("SELECT count(*) FROM lethe.sealed") == 0
    workplace.plan("run-2", workplace.as_of)
    night_long = keep(night, "now")  # the present state, moved elsewhere
    put_in_place(night, night_long)
    workplace.plan("run-3", workplace.as_of)
    Evidence(workplace.deployment).seal()
    with connect(night.admin) as connection:
        connection.autocommit = True
        connection.execute("VACUUM FULL")
    workplace.plan("run-4", workplace.as_of)
    with Store(night.store).begin() as session:
        assert session.scalar(sa.select(sa.func.count()).select_from(RestoreRow)) == 0


@pytest.mark.slow
def test_events_whose_content_has_expired_keep_no_replay_from_its_end(night: Lender) -> None:
    backup = keep(night, "before")
    workplace, _ = enforced(night)
    undisturbed, told = night.contents("public"), len(night.events())
    with Store(night.store).begin() as session:
        first = sa.select(sa.func.min(LogEntryRow.seq)).where(LogEntryRow.dataset == "credithelp")
        session.execute(sa.update(LogEntryRow).where(LogEntryRow.seq == first.scalar_subquery()).values(entry=""))
    put_in_place(night, backup)
    assert replayed(workplace) is not None
    assert night.contents("public") == undisturbed
    assert len(night.events()) == told - 1
    workplace.plan("run-5", workplace.as_of)


def test_going_back_from_a_copy_to_the_original_is_noticed(night: Lender) -> None:
    original = keep(night, "original")
    workplace, _ = enforced(night)
    copied = keep(night, "copy")
    put_in_place(night, copied)
    workplace.plan("run-2", workplace.as_of)
    Evidence(workplace.deployment).seal()
    put_in_place(night, original)
    with pytest.raises(DatabaseWentBack):
        workplace.plan("run-3", workplace.as_of)
