"""The registers of columns and of findings on a real governance database: versions, ends, acceptance, and what the audit log is told."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from simulators.lender import governed

from embedded.postgres import EmbeddedPostgres
from governance.audit.bodies_scan import FindingAccepted, FindingReopened
from governance.audit.events import Event
from governance.catalogue.drift import KnownColumn, remembered
from governance.catalogue.explored import UNREAD, InventoryEntry
from governance.catalogue.findings import Finding, FindingKind
from governance.catalogue.verdict import Certainty, Verdict
from governance.errors import Refusal
from governance.run.accept import accept_finding, not_accepted, reopen_finding
from governance.store.database import Store
from governance.store.findings import Acceptance, FindingRegister
from governance.store.inventory import Inventory, last_whole
from governance.store.migrate import upgrade

NOW = datetime(2026, 3, 1, 2, tzinfo=UTC)
NIGHTS = [NOW + timedelta(days=n) for n in range(6)]
MAIL = Verdict("mail", "email", "user.contact.email", 0.9, Certainty.CLEAR, ("name: 'mail'",), "1", direct=True)
ENTRY = InventoryEntry("leads", "mail", "mail", "text", 0.1, None, MAIL)


@pytest.fixture
def store(postgres: EmbeddedPostgres, make_database: Callable[..., str]) -> Store:
    postgres.create_role("lethe_store")
    url = make_database(owner="lethe_store")
    upgrade(url)
    return Store(url)


class Events:
    def __init__(self) -> None:
        self.recorded_events: list[Event] = []

    def record(self, event: Event) -> None:
        self.recorded_events.append(event)


def versions(inventory: Inventory, label: str = "mail") -> list[tuple[str | None, str, float | None, int | None]]:
    """Category, rules, nulls and the night on which the version ended."""
    return [
        (item.entry.verdict.category, item.entry.verdict.rules, item.entry.nulls, None if item.until is None else NIGHTS.index(item.until))
        for item in inventory.history("d", "leads", label)
    ]


def test_a_verdict_stands_until_it_changes(store: Store) -> None:
    inventory = Inventory(store)
    assert last_whole(inventory.current("d")) is None
    assert inventory.note("d", [ENTRY], NIGHTS[0]) == 1
    better = replace(ENTRY, nulls=0.05, verdict=replace(MAIL, score=0.95, reasons=("values: 95 %",)))
    assert inventory.note("d", [better], NIGHTS[1]) == 0
    (standing,) = inventory.current("d")
    assert (standing.entry, standing.since, standing.last_seen) == (better, NIGHTS[0], NIGHTS[1])
    assert inventory.note("d", [replace(ENTRY, nulls=None)], NIGHTS[2]) == 0
    (standing,) = inventory.current("d")
    assert (standing.entry.nulls, last_whole([standing])) == (0.05, NIGHTS[2])  # too small a sample says nothing about it
    path = replace(ENTRY, label="mail:who", nulls=None)
    assert remembered([standing.entry, path]) == {"leads": {"mail": KnownColumn("text", 0.05)}}


@pytest.mark.parametrize(
    "changed",
    [
        replace(ENTRY, type_text="varchar(80)"),
        replace(ENTRY, declared=("user.contact.email",)),
        replace(ENTRY, verdict=replace(MAIL, rules="2")),
        replace(ENTRY, verdict=replace(MAIL, category="user.contact")),
        replace(ENTRY, verdict=replace(MAIL, certainty=Certainty.LIKELY)),
    ],
)
def test_each_change_begins_a_version(store: Store, changed: InventoryEntry) -> None:
    inventory = Inventory(store)
    inventory.note("d", [ENTRY], NIGHTS[0])
    assert inventory.note("d", [changed], NIGHTS[1]) == 1
    first, second = inventory.history("d", "leads", "mail")
    assert (first.entry, first.since, first.until) == (ENTRY, NIGHTS[0], NIGHTS[1])
    assert (second.entry, second.since, second.until) == (changed, NIGHTS[1], None)


def test_what_no_longer_stands_ends_and_may_come_back(store: Store) -> None:
    inventory = Inventory(store)
    inventory.note("d", [ENTRY], NIGHTS[0])
    inventory.note("other", [ENTRY], NIGHTS[0])
    inventory.note("d", [], NIGHTS[1])
    assert inventory.current("d") == []
    assert len(inventory.current("other")) == 1
    inventory.note("d", [ENTRY], NIGHTS[2])
    assert versions(inventory) == [("user.contact.email", "1", 0.1, 1), ("user.contact.email", "1", 0.1, None)]


def test_a_column_that_could_not_be_read_keeps_what_was_known_of_it(store: Store) -> None:
    inventory = Inventory(store)
    path = replace(ENTRY, label="mail:client.iin", verdict=replace(MAIL, label="mail:client.iin"))
    unread = replace(ENTRY, nulls=None, verdict=Verdict("mail", UNREAD, None, 0.0, Certainty.SUSPECTED, (), "1"))
    inventory.note("d", [ENTRY, path], NIGHTS[0])
    assert inventory.note("d", [unread], NIGHTS[1]) == 0
    assert [item.entry for item in inventory.current("d")] == [ENTRY, path]
    assert inventory.note("d", [ENTRY], NIGHTS[2]) == 0  # read again, and the path is not in it any more
    assert [item.entry for item in inventory.current("d")] == [ENTRY]


# -- findings -------------------------------------------------------------------------------------------------------------------

LEADS = Finding(FindingKind.UNDECLARED_TABLE, "leads", None, 0)
MAILS = Finding(FindingKind.UNDECLARED_PERSONAL, "leads", "mail", 7, "an e-mail")
INDEX = Finding(FindingKind.MISSING_INDEX, "contracts", "client_id", 0)


def test_findings_keep_their_first_sight_and_end(store: Store) -> None:
    register, dataset = FindingRegister(store), governed()
    assert register.note(dataset, [LEADS, INDEX], NIGHTS[0], whole=True) == {LEADS: NIGHTS[0], INDEX: NIGHTS[0]}
    assert register.note(dataset, [LEADS, MAILS], NIGHTS[1], whole=True) == {LEADS: NIGHTS[0], MAILS: NIGHTS[1]}
    assert {item.finding for item in register.standing(dataset.name)} == {LEADS, MAILS}
    gone = [item for item in register.all(dataset.name) if item.gone_at is not None]
    assert [(item.finding, item.gone_at) for item in gone] == [(INDEX, NIGHTS[1])]
    register.note(dataset, [INDEX], NIGHTS[2], whole=False)  # a scan that failed half-way says nothing about the rest
    assert {item.finding for item in register.standing(dataset.name)} == {LEADS, MAILS, INDEX}
    again = next(item for item in register.all(dataset.name) if item.finding == INDEX)
    assert (again.first_seen, again.last_seen, again.gone_at) == (NIGHTS[0], NIGHTS[2], None)
    assert register.standing("another") == []
    found = {night: {item.finding for item in register.found_at(dataset.name, NIGHTS[night])} for night in (0, 2)}
    assert found == {0: {LEADS, INDEX}, 2: {INDEX}}  # also what later scans did not find any more


def test_the_owner_is_the_collections_and_else_the_datasets(store: Store) -> None:
    owned = governed()
    contracts = replace(owned.collections["contracts"], owner="core-banking")
    dataset = replace(owned, collections={**owned.collections, "contracts": contracts})
    register = FindingRegister(store)
    register.note(dataset, [LEADS, INDEX], NIGHTS[0], whole=True)
    assert {item.finding: item.owner for item in register.standing(dataset.name)} == {
        LEADS: "data-protection-officer",
        INDEX: "core-banking",
    }


def test_a_finding_is_accepted_until_a_day(store: Store) -> None:
    register, dataset, events = FindingRegister(store), governed(), Events()
    register.note(dataset, [LEADS, MAILS], NIGHTS[0], whole=True)
    number = next(item.id for item in register.standing(dataset.name) if item.finding == LEADS)
    act = {"now": NIGHTS[0], "run_id": "r"}
    people = {"reason": "goes with the old CRM", "by": "dpo"}
    accept_finding(dataset, register, events, finding_id=number, until=date(2026, 4, 1), **people, **act)
    assert not_accepted(register.standing(dataset.name), date(2026, 3, 31)) == [MAILS]
    assert set(not_accepted(register.standing(dataset.name), date(2026, 4, 1))) == {LEADS, MAILS}
    register.note(dataset, [replace(LEADS, rows=3)], NIGHTS[1], whole=True)  # found again, still accepted
    (item,) = register.standing(dataset.name)
    assert item.acceptance == Acceptance(date(2026, 4, 1), "dpo", "goes with the old CRM")
    reopen_finding(dataset, register, events, finding_id=number, by="dpo", **act)
    assert [item.acceptance for item in register.standing(dataset.name)] == [None]
    accepted, reopened = (event.body for event in events.recorded_events)
    about = {"finding": "undeclared-table", "collection": "leads", "field": None}
    assert accepted == FindingAccepted(**about, until="2026-04-01", accepted_by="dpo")
    assert reopened == FindingReopened(**about, reopened_by="dpo")


@pytest.mark.parametrize(
    ("fault", "message"),
    [
        ({"until": date(2026, 3, 1)}, "a day after today, found 2026-03-01"),
        ({"reason": "  "}, "names its reason"),
        ({"by": ""}, "who acts"),
        ({"reason": "x" * 501}, "at most 500 characters, found 501"),
        ({"finding_id": 10**6}, "the number of a finding that stands, found 1000000"),
    ],
)
def test_an_acceptance_that_says_too_little(store: Store, fault: dict[str, object], message: str) -> None:
    register, dataset, events = FindingRegister(store), governed(), Events()
    register.note(dataset, [LEADS], NIGHTS[0], whole=True)
    about = {"finding_id": register.standing(dataset.name)[0].id, "until": date(2026, 4, 1), "reason": "r", "by": "dpo"}
    with pytest.raises(Refusal, match=message):
        accept_finding(dataset, register, events, **{**about, **fault}, now=NOW, run_id="r")
    assert register.standing(dataset.name)[0].acceptance is None
    assert events.recorded_events == []
