"""Incidents on a real governance database: one for each cause and dataset, a clock of 72 hours, and a register that is written up before
anything is closed."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path

import pytest
import sqlalchemy as sa
from evidence_support import START, SetClock, make_store
from simulators.lender import Lender
from typer.testing import CliRunner

from embedded.postgres import EmbeddedPostgres
from governance.audit.events import PLATFORM, from_canonical
from governance.cli import app
from governance.errors import IncidentDue, Refusal, SurroundingsError, ValidationFailed
from governance.policy.clocks import DEFAULT_NOTICE, NoticeClock
from governance.run.incident_watch import validation_holds, watch
from governance.run.incidents import (
    KIND_OF,
    amend_incident,
    close_incident,
    incident_over,
    notify_incident,
    open_incident,
)
from governance.store.database import Store
from governance.store.incidents import Incident, Incidents
from governance.store.models import IncidentActRow, OutboxRow

SECRET = "Иван Иванов, who called on Monday"
WRITTEN = {"nature": "rows stood past their day", "consequences": "none seen", "measures": "plan again"}


@pytest.fixture
def store(postgres: EmbeddedPostgres, make_database: Callable[..., str]) -> Store:
    return make_store(postgres, make_database)[0]


def opened(
    store: Store, clock: SetClock, cause: str = "validation-failed", dataset: str = "credithelp", within: NoticeClock = DEFAULT_NOTICE
) -> Incident:
    return open_incident(
        store,
        clock,
        kind=KIND_OF[cause],  # type: ignore[index]
        cause=cause,  # type: ignore[arg-type]
        dataset=dataset,
        detail="2 of 9 expectations fail",
        controller="credithelp",
        run_id="night",
        tell_within=within,
    )


def told(store: Store) -> list[tuple[str, dict[str, object]]]:
    with store.begin() as session:
        events = [from_canonical(row.event.encode()) for row in session.scalars(sa.select(OutboxRow).order_by(OutboxRow.position))]
    assert {event.dataset for event in events} <= {PLATFORM}
    return [(event.kind, event.body.model_dump()) for event in events]


def test_a_check_that_fails_opens_one_incident_until_it_is_closed(store: Store) -> None:
    clock = SetClock()
    first = opened(store, clock)
    assert (first.kind, first.state, first.due_at, first.seen) == ("integrity", "open", START + timedelta(hours=72), 1)
    clock.advance(hours=24)
    again = opened(store, clock)
    assert (again.id, again.seen, again.last_seen_at, again.due_at) == (first.id, 2, clock.now(), first.due_at)
    assert opened(store, clock, dataset="koduliising").id != first.id
    assert opened(store, clock, cause="leak-found").kind == "confidentiality"
    assert [kind for kind, _ in told(store)] == ["incident.opened"] * 3
    assert told(store)[0][1] == {
        "incident": first.id,
        "incident_kind": "integrity",
        "cause": "validation-failed",
        "concerns": "credithelp",
        "aware_at": "2026-01-31T01:30:00.000000Z",
        "due_at": "2026-02-03T01:30:00.000000Z",
    }
    amend_incident(
        store, clock, first.id, {**WRITTEN, "authority_not_notified": "no risk", "persons_not_notified": "no risk"}, by="dpo", run_id="r"
    )
    close_incident(store, clock, first.id, by="dpo", run_id="r")
    assert opened(store, clock).id not in {first.id}


def test_two_checks_that_fail_at_once_are_one_incident(store: Store) -> None:
    found: list[Incident] = []
    threads = [threading.Thread(target=lambda: found.append(opened(store, SetClock()))) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len({incident.id for incident in found}) == 1
    assert sorted(incident.seen for incident in found) == [1, 2, 3, 4, 5, 6]
    assert len(told(store)) == 1


def test_what_people_write_stays_in_the_register(store: Store) -> None:
    clock = SetClock()
    number = opened(store, clock).id
    clock.advance(hours=1)
    entries = {**WRITTEN, "nature": SECRET, "persons": 12, "kind": "confidentiality", "supposed_at": START - timedelta(days=2)}
    amended = amend_incident(store, clock, number, entries, by="dpo", run_id="r")
    assert (amended.nature, amended.persons, amended.kind) == (SECRET, 12, "confidentiality")
    assert Incidents(store).acts(number)[-1].entries["nature"] == SECRET
    kind, body = told(store)[-1]
    assert (kind, body["fields"], body["by"]) == (
        "incident.amended",
        ("consequences", "kind", "measures", "nature", "persons", "supposed_at"),
        "dpo",
    )
    with store.begin() as session:
        assert all(SECRET not in event and "who called" not in event for event in session.scalars(sa.select(OutboxRow.event)))


def test_becoming_aware_at_another_time_moves_the_clock(store: Store) -> None:
    clock = SetClock()
    number = opened(store, clock).id
    earlier = START - timedelta(hours=10)
    assert amend_incident(store, clock, number, {"aware_at": earlier}, by="dpo", run_id="r").due_at == earlier + timedelta(hours=72)
    assert told(store)[-1][1]["due_at"] == "2026-02-02T15:30:00.000000Z"


def test_an_incident_keeps_its_clock_of_one_working_day(store: Store) -> None:
    clock = SetClock()  # half past six on a Saturday morning in Almaty
    number = opened(store, clock, within=NoticeClock(None, 1, "KZ", "Asia/Almaty")).id
    monday = datetime(2026, 2, 2, 19, tzinfo=UTC)
    assert Incidents(store).all()[0].due_at == monday
    thursday = amend_incident(store, clock, number, {"aware_at": START - timedelta(days=2)}, by="dpo", run_id="r")
    assert (thursday.due_at, thursday.clock_hours, thursday.clock_working_days) == (datetime(2026, 1, 30, 19, tzinfo=UTC), None, 1)
    assert told(store)[-1][1]["due_at"] == "2026-01-30T19:00:00.000000Z"
    with pytest.raises(IncidentDue, match=r"overdue by 6\.5 hours"):
        watch(store, clock)


def test_a_late_notice_says_why(store: Store) -> None:
    clock = SetClock()
    number = opened(store, clock).id
    clock.advance(hours=72)
    due = clock.now()
    clock.advance(hours=1)
    act = {"by": "dpo", "run_id": "r"}
    with pytest.raises(Refusal, match="has come"):
        notify_incident(store, clock, number, to="authority", at=clock.now() + timedelta(seconds=1), **act)
    with pytest.raises(Refusal, match="when we were aware"):
        notify_incident(store, clock, number, to="authority", at=START - timedelta(seconds=1), **act)
    with pytest.raises(Refusal, match="reasons of the delay"):
        notify_incident(store, clock, number, to="authority", at=due + timedelta(microseconds=1), **act)
    assert len(told(store)) == 1
    in_time = notify_incident(store, clock, number, to="authority", at=due, **act)
    assert (in_time.state, in_time.clock_runs, told(store)[-1][1]["late"]) == ("notified", False, False)
    with pytest.raises(Refusal, match="stands at"):
        notify_incident(store, clock, number, to="authority", at=due, **act)
    other = opened(store, clock, dataset="koduliising").id
    clock.advance(hours=73)
    late = notify_incident(store, clock, other, to="authority", at=clock.now(), delay_reason="nobody was there", **act)
    assert (late.delay_reason, told(store)[-1][1]["late"]) == ("nobody was there", True)


def test_nothing_is_closed_before_it_is_written_up(store: Store) -> None:
    clock = SetClock()
    number = opened(store, clock).id
    with pytest.raises(Refusal, match=r"nature; consequences; measures; a notice to the authority.*; a notice to the persons"):
        close_incident(store, clock, number, by="dpo", run_id="r")
    amend_incident(store, clock, number, {**WRITTEN, "persons_not_notified": "tokens only"}, by="dpo", run_id="r")
    with pytest.raises(Refusal, match="lacks a notice to the authority"):
        close_incident(store, clock, number, by="dpo", run_id="r")
    notify_incident(store, clock, number, to="authority", at=clock.now(), by="dpo", run_id="r")
    with pytest.raises(Refusal, match="who acts"):
        close_incident(store, clock, number, by=" ", run_id="r")
    closed = close_incident(store, clock, number, by="dpo", run_id="r")
    assert (closed.state, closed.closed_by) == ("closed", "dpo")
    assert Incidents(store).all() == []
    assert Incidents(store).all(everything=True) == [closed]
    for act in (
        lambda: amend_incident(store, clock, number, {"nature": "x"}, by="dpo", run_id="r"),
        lambda: close_incident(store, clock, number, by="dpo", run_id="r"),
        lambda: amend_incident(store, clock, number + 1, {"nature": "x"}, by="dpo", run_id="r"),
    ):
        with pytest.raises(Refusal, match=r"was closed|as `governance incident list` shows it"):
            act()
    assert [act.act for act in Incidents(store).acts(number)] == ["opened", "amended", "notified", "closed"]


def test_a_check_that_holds_again_ends_it_but_does_not_close_it(store: Store) -> None:
    clock = SetClock()
    over = {"cause": "validation-failed", "dataset": "credithelp", "run_id": "r"}
    assert incident_over(store, clock, **over) is None  # type: ignore[arg-type]
    opened(store, clock)
    clock.advance(hours=24)
    for _ in range(2):
        found = incident_over(store, clock, **over)  # type: ignore[arg-type]
        assert found is not None
        assert (found.over_at, found.state) == (clock.now(), "open")
    assert [kind for kind, _ in told(store)] == ["incident.opened", "incident.amended"]
    assert opened(store, clock).over_at is None


@pytest.mark.parametrize(
    ("entries", "told"),
    [
        ({}, "at least one entry"),
        ({"nature": "  "}, "nature: expected a text"),
        ({"persons": -1}, "persons: expected a number"),
        ({"aware_at": START + timedelta(seconds=1)}, "aware_at: expected an instant"),
        ({"aware_at": START.replace(tzinfo=None)}, "aware_at: expected an instant"),
        ({"kind": "theft"}, "found 'kind'"),
        ({"closed_at": START}, "found 'closed_at'"),
    ],
)
def test_what_cannot_be_written_is_refused(entries: dict[str, object], told: str, store: Store) -> None:
    number = opened(store, SetClock()).id
    with pytest.raises(Refusal, match=told):
        amend_incident(store, SetClock(), number, entries, by="dpo", run_id="r")
    assert len(Incidents(store).acts(number)) == 1


def test_acts_are_append_only(store: Store) -> None:
    number = opened(store, SetClock()).id
    with pytest.raises(SurroundingsError, match="lacks a privilege"), store.begin() as session:
        session.execute(sa.update(IncidentActRow).where(IncidentActRow.incident == number).values(by="nobody"))


def test_clocks_are_watched_until_the_authority_was_told_or_need_not_be(store: Store) -> None:
    clock = SetClock()
    number = opened(store, clock).id
    other = opened(store, clock, dataset="koduliising").id
    clock.advance(hours=48)
    assert [item.left for item in watch(store, clock)] == [timedelta(hours=24)] * 2
    clock.advance(minutes=1)
    with pytest.raises(IncidentDue, match=rf"incident {number} \(validation-failed, credithelp\): 24.0 hours left.*incident {other}"):
        watch(store, clock)
    notify_incident(store, clock, number, to="authority", at=clock.now(), by="dpo", run_id="r")
    clock.advance(hours=25)
    with pytest.raises(IncidentDue, match=rf"^incident {other} .*overdue by 1.0 hours"):
        watch(store, clock)
    amend_incident(store, clock, other, {"authority_not_notified": "no risk to anybody"}, by="dpo", run_id="r")
    assert watch(store, clock) == []


def test_a_validation_that_fails_opens_an_incident_and_one_that_holds_ends_it(lender: Lender) -> None:
    place = lender.workplace()
    with pytest.raises(ValidationFailed) as failed:
        place.validate("night-1", None)  # the sample has a backlog, so data that are due still stand
    (found,) = Incidents(Store(lender.store)).all()
    assert (found.cause, found.dataset, found.kind, found.run_id, found.clock_hours) == (
        "validation-failed", "credithelp", "integrity", "night-1", 72,
    )  # fmt: skip
    assert found.detail.startswith(str(failed.value)[:500])
    validation_holds(Store(lender.store), place.clock, place.dataset, "night-2")
    assert Incidents(Store(lender.store)).all()[0].over_at is not None


def test_the_commands_by_which_people_keep_the_register(lender: Lender, tmp_path: Path) -> None:
    lender.workplace()
    run = partial(CliRunner().invoke, app, env={"LETHE_HOME": str(lender.home), "COLUMNS": "200"})

    def done(*words: str, says: str = "") -> str:
        result = run(["incident", *words])
        assert result.exit_code == 0, result.output
        assert says in result.output
        return result.output

    done("list", says="no incidents")
    done(
        "open",
        "--kind",
        "confidentiality",
        "--by",
        "dpo",
        "--dataset",
        "credithelp",
        says="incident 1: is open; the authority is to be told by",
    )
    done("amend", "1", "--by", "dpo", "--nature", "a letter *went* astray", "--persons", "1", says="is amended")
    asked = run(["incident", "amend", "1", "--by", "dpo", "--ask"], input="\n" * 3 + "none seen\nasked it back\n" + "\n" * 6)
    assert asked.exit_code == 0, asked.output
    shown = json.loads(done("show", "1", "--json"))
    assert (shown["nature"], shown["persons"], shown["consequences"], shown["measures"]) == (
        "a letter *went* astray", 1, "none seen", "asked it back",
    )  # fmt: skip
    file = tmp_path / "notice.md"
    done("notice", "1", "--file", str(file), says="written to")
    text = file.read_text()
    assert text.index("Комисия за защита на личните данни") < text.index("Commission for Personal Data Protection")
    assert "a letter \\*went\\* astray" in text
    assert file.stat().st_mode & 0o777 == 0o600
    assert run(["incident", "notice", "1", "--file", str(file)]).exit_code == 1
    done("notify", "1", "--to", "authority", "--by", "dpo", says="the notice to the authority is noted")
    refused = run(["incident", "close", "1", "--by", "dpo"])
    assert isinstance(refused.exception, Refusal)
    done("amend", "1", "--by", "dpo", "--persons-not-notified", "it came back unopened")
    done("close", "1", "--by", "dpo", says="is closed")
    done("list", says="no incidents")
    assert "closed" in done("list", "--all")
    register = json.loads(done("export"))
    assert [act["act"] for act in register["incidents"][0]["acts"]] == ["opened", "amended", "amended", "notified", "amended", "closed"]
    assert "by dpo" in done("show", "1")
