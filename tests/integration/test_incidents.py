"""Incidents on a real governance database: one for each cause and dataset, a clock of 72 hours, and a register that is written up before
anything is closed."""

from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import timedelta

import pytest
import sqlalchemy as sa
from evidence_support import START, SetClock, make_store

from embedded.postgres import EmbeddedPostgres
from governance.audit.events import PLATFORM, from_canonical
from governance.errors import Refusal, SurroundingsError
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


def opened(store: Store, clock: SetClock, cause: str = "validation-failed", dataset: str = "credithelp") -> Incident:
    return open_incident(
        store,
        clock,
        kind=KIND_OF[cause],  # type: ignore[index]
        cause=cause,  # type: ignore[arg-type]
        dataset=dataset,
        detail="2 of 9 expectations fail",
        controller="credithelp",
        run_id="night",
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
