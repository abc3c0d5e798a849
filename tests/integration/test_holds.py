"""Holds on a real loan database: placed, seen by plan and enforcement, released; each act told in the outbox, without a key."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from simulators.lender import NOW, Lender, drop_lender, make_lender

from embedded.postgres import EmbeddedPostgres
from governance.adapters.holds import HoldTable
from governance.adapters.keyring import FileKeyring
from governance.errors import ConfigurationError, Refusal
from governance.planning.holds import Hold, HoldKind
from governance.pseudonym.tokens import Referencer
from governance.run.hold import place_hold, release_hold
from governance.samples.credithelp.cases import CASES

GOES = CASES["fully-expired"].key  # the only loan is beyond every term: without a hold everything of this client goes


@pytest.fixture
def lender(postgres: EmbeddedPostgres, tmp_path: Path) -> Iterator[Lender]:
    made = make_lender(postgres, tmp_path)
    yield made
    drop_lender(made)


def refer(lender: Lender, collection: str, key: str) -> str:
    return Referencer(FileKeyring(lender.keyring).root(1), 1, lender.dataset.name, collection)(key)


def place(lender: Lender, **changes: Any) -> Hold:
    told: dict[str, Any] = {"collection": "clients", "key": str(GOES), "kind": HoldKind.LEGAL_DISPUTE, "clause": "art. 21", "until": None}
    told |= {"by": "dpo", "now": NOW, "run_id": "run-0"} | changes
    return place_hold(lender.dataset, HoldTable(lender.engine, lender.dataset), lambda name, key: refer(lender, name, key), **told)


def contracts(lender: Lender) -> int:
    return int(lender.value("SELECT count(*) FROM contracts WHERE client_id = %s", GOES))


def test_a_held_person_stays_until_the_release_and_then_goes(lender: Lender) -> None:
    hold = place(lender)
    (standing,) = HoldTable(lender.engine, lender.dataset).standing()
    assert standing == hold
    lender.enforce(lender.approved_plan())
    assert contracts(lender) == 1
    release_hold(lender.dataset, HoldTable(lender.engine, lender.dataset), hold.id, by="dpo", now=NOW, run_id="run-2")
    assert HoldTable(lender.engine, lender.dataset).standing() == ()
    lender.enforce(lender.approved_plan())
    assert contracts(lender) == 0
    assert lender.value("SELECT count(*) FROM clients WHERE client_id = %s", GOES) == 0


def test_a_hold_placed_after_planning_wins(lender: Lender) -> None:
    plan = lender.approved_plan()
    place(lender, kind=HoldKind.RESTRICTION)
    results = lender.enforce(plan)
    assert contracts(lender) == 1
    assert sum(result.skipped.get("no longer due", 0) for result in results) > 0


def test_the_events_name_the_record_by_keyed_reference_only(lender: Lender) -> None:
    hold = place(lender, until=date(2027, 1, 1))
    release_hold(lender.dataset, HoldTable(lender.engine, lender.dataset), hold.id, by="deputy", now=NOW, run_id="run-0")
    placed, released = lender.events("hold.placed", "hold.released")
    assert placed["body"] == {
        "hold_id": hold.id,
        "hold_kind": "legal-dispute",
        "clause": "art. 21",
        "collection": "clients",
        "key_ref": refer(lender, "clients", str(GOES)),
        "until": "2027-01-01",
        "placed_by": "dpo",
    }
    assert released["body"] == {"hold_id": hold.id, "released_by": "deputy"}


@pytest.mark.parametrize(
    ("changes", "error", "words"),
    [
        ({"key": "999999"}, Refusal, "clients holds no record of that key; no hold was placed"),
        ({"key": "1; DROP TABLE clients"}, Refusal, "clients holds no record of that key"),
        ({"collection": "people"}, ConfigurationError, "found 'people'"),
        ({"until": date(2026, 3, 1)}, Refusal, "expected a day after today, found 2026-03-01"),
        ({"clause": " "}, Refusal, "names the clause"),
        ({"by": ""}, Refusal, "by role or staff number"),
    ],
)
def test_what_is_refused_leaves_nothing_behind(lender: Lender, changes: dict[str, Any], error: type[Exception], words: str) -> None:
    with pytest.raises(error, match=words):
        place(lender, **changes)
    assert HoldTable(lender.engine, lender.dataset).standing() == ()
    assert lender.events("hold.placed") == []


@pytest.mark.parametrize("known", ["not an id", "00000000-0000-0000-0000-000000000001"])
def test_only_a_hold_that_stands_is_released_and_only_once(lender: Lender, known: str) -> None:
    holds = HoldTable(lender.engine, lender.dataset)
    with pytest.raises(Refusal, match="governance hold list"):
        release_hold(lender.dataset, holds, known, by="dpo", now=NOW, run_id="run-0")
    hold = place(lender)
    release_hold(lender.dataset, holds, hold.id, by="dpo", now=NOW, run_id="run-0")
    with pytest.raises(Refusal, match="no hold"):
        release_hold(lender.dataset, holds, hold.id, by="dpo", now=NOW, run_id="run-0")
    assert len(lender.events("hold.released")) == 1
