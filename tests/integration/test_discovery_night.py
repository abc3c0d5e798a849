"""A lender's database over several nights: what appears that nobody declared, how it is told, accepted, declared and governed."""

from __future__ import annotations

import json
import logging
import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from simulators.lender import AS_OF, DATASET, NOW, TODAY, Lender, changed, drop_lender, make_lender
from typer.testing import CliRunner

from embedded.postgres import EmbeddedPostgres
from governance.catalogue.findings import Gravity
from governance.cli import app
from governance.errors import DocumentError, NothingScanned, ValidationFailed
from governance.run.accept import accept_finding
from governance.store.findings import RegisteredFinding
from governance.workplace import Workplace

pytestmark = pytest.mark.slow

LATER = AS_OF + timedelta(days=2)
Place = tuple[str, str, str | None]


@pytest.fixture
def lender(postgres: EmbeddedPostgres, tmp_path: Path) -> Iterator[Lender]:
    made = make_lender(postgres, tmp_path)
    yield made
    drop_lender(made)


def standing(workplace: Workplace) -> dict[Place, RegisteredFinding]:
    return {
        (item.finding.kind.value, item.finding.collection, item.finding.field): item
        for item in workplace.findings.standing(workplace.dataset.name)
    }


def night(lender: Lender, number: int = 0, **documents: Any) -> dict[Place, RegisteredFinding]:
    workplace = lender.workplace(as_of=AS_OF + timedelta(days=number), **documents)
    workplace.scan(f"night-{number}")
    return standing(workplace)


def grave(found: dict[Place, RegisteredFinding]) -> set[Place]:
    return {place for place, item in found.items() if item.finding.gravity is Gravity.GRAVE}


LEADS = """CREATE TABLE leads (lead_id integer PRIMARY KEY, client_id integer REFERENCES clients (client_id), f1 text, weight integer);
           INSERT INTO leads SELECT n, NULL, 'person' || n || '@mail.example', n FROM generate_series(1, 300) n"""


def test_the_sample_lender_as_it_ships_has_no_grave_finding(lender: Lender) -> None:
    found = night(lender)
    assert grave(found) == set()
    assert not [place for place in found if place[0].startswith(("table-", "column-", "type-", "nulls-"))]  # the first night


def test_an_undeclared_table_is_found_the_night_it_appears(lender: Lender) -> None:
    night(lender)
    lender.ask(LEADS)
    found = night(lender, 1)
    assert grave(found) == {
        ("undeclared-table", "leads", None),
        ("undeclared-reference", "leads", "client_id"),
        ("undeclared-personal-data", "leads", "f1"),
    }
    assert ("table-added", "leads", None) in found
    told = found["undeclared-personal-data", "leads", "f1"].finding.detail
    assert told is not None
    assert told.startswith("user.contact.email, clear")
    assert "mail.example" not in told
    assert ("table-added", "leads", None) not in night(lender, 2)  # told once; that it is undeclared stands


def test_another_schema_a_copy_and_a_window(lender: Lender) -> None:
    lender.ask(
        """CREATE SCHEMA crm; CREATE TABLE crm.people AS SELECT first_name, phone FROM clients;
           CREATE MATERIALIZED VIEW kept AS SELECT client_id, email FROM clients;
           CREATE VIEW shown AS SELECT client_id, email FROM clients"""
    )
    found = night(lender)
    places = {place for place in found if place[1] in {"crm.people", "kept", "shown"}}
    assert places == {
        ("undeclared-table", "crm.people", None),
        ("undeclared-personal-data", "crm.people", "first_name"),
        ("undeclared-personal-data", "crm.people", "phone"),
        ("undeclared-table", "kept", None),
        ("undeclared-personal-data", "kept", "email"),
        ("personal-view", "shown", None),
    }


def test_a_table_that_nobody_may_read_is_told(lender: Lender) -> None:
    lender.ask("CREATE TABLE vault (vault_id integer PRIMARY KEY, x text); REVOKE ALL ON vault FROM lethe_engine")
    found = night(lender)
    assert found["unreadable-table", "vault", None].finding.detail == "no privilege"
    assert ("undeclared-table", "vault", None) in grave(found)


def test_drift_of_declared_columns(lender: Lender) -> None:
    night(lender)
    lender.ask("ALTER TABLE offices ADD COLUMN fax text; ALTER TABLE applications ALTER COLUMN term_months TYPE bigint")
    lender.ask("UPDATE clients SET phone = NULL")
    found = night(lender, 1)
    assert found["type-changed", "applications", "term_months"].finding.detail == "from integer to bigint"
    assert ("column-added", "offices", "fax") in found
    assert ("undeclared-column", "offices", "fax") in grave(found)
    assert found["nulls-grown", "clients", "phone"].finding.gravity is Gravity.WARNING
    lender.ask("ALTER TABLE offices DROP COLUMN fax")
    assert ("column-dropped", "offices", "fax") in night(lender, 2)


def test_a_dropped_declared_column_stops_the_night_and_is_registered(lender: Lender) -> None:
    night(lender)
    lender.ask("ALTER TABLE applications DROP COLUMN refusal_reason")
    workplace = lender.workplace(as_of=AS_OF + timedelta(days=1))
    with pytest.raises(DocumentError, match=r"applications.fields.refusal_reason: expected a column"):
        workplace.scan("night-1")
    assert ("column-dropped", "applications", "refusal_reason") in standing(workplace)


def test_a_forbidden_category_under_an_innocent_name(postgres: EmbeddedPostgres, tmp_path: Path) -> None:
    lender = make_lender(postgres, tmp_path, sample="credit-plus")
    table = lender.dataset.subjects
    lender.ask(f'ALTER TABLE "{table}" ADD COLUMN veroizpovedanie text')
    lender.ask(f"""UPDATE "{table}" SET veroizpovedanie = (ARRAY['православие', 'ислям', 'католицизъм', 'юдаизъм'])[1 + random() * 3]""")
    workplace = lender.workplace("credit-plus", dataset="credit-plus")
    workplace.scan("night")
    found = standing(workplace)["forbidden-category", str(table), "veroizpovedanie"]
    assert found.finding.gravity is Gravity.GRAVE
    assert str(found.finding.detail).startswith("6.3: user.demographic.religious_belief")
    drop_lender(lender)


# -- identifiers in texts -------------------------------------------------------------------------------------------------------

EVENTS = """CREATE TABLE events (event_id integer PRIMARY KEY, at timestamptz NOT NULL, payload jsonb, remark text);
            INSERT INTO events SELECT row_number() OVER (), '2026-03-01 12:00+00',
                   jsonb_build_object('command', 'call', 'who', jsonb_build_object('pin', egn)),
                   CASE WHEN client_id % 3 = 0 THEN 'клиентът с ЕГН ' || egn || ' се обади отново' ELSE 'няма никой на този адрес днес' END
              FROM clients WHERE egn ~ '^\\d{10}$' LIMIT 150"""

DECLARED = """      - name: events
        fields:
          - {name: event_id, data_categories: [system.operations], fides_meta: {data_type: integer, primary_key: true}}
          - {name: at, data_categories: [system.operations]}
          - {name: payload, data_categories: [user.content]}
          - {name: remark, data_categories: [user.content], fides_meta: {data_type: string}}
      - name: offices
"""
BOUND = """  collections:
    events:
      duties: [{class: other, covers: [user], start: at, start_kind: instant}]
    clients:
"""


def test_identifiers_of_known_subjects_inside_texts_are_found_bound_and_go(lender: Lender) -> None:
    lender.ask(EVENTS)
    found = night(lender)
    remark = found["undeclared-personal-data", "events", "remark"].finding
    known = int(re.findall(r"of known subjects (\d+)", str(remark.detail))[0])
    expected = lender.value("SELECT count(DISTINCT payload->'who'->>'pin') FROM events WHERE remark LIKE '%ЕГН%'")
    assert known == expected > 10
    assert ("undeclared-personal-data", "events", "payload:who.pin") in found
    # A person declares the table and binds it to a deletion class, like any other.
    text = changed(DATASET, "      - name: offices\n", DECLARED)
    text = changed(text, "  collections:\n    clients:\n", BOUND)
    (lender.home / "declared.yaml").write_text(text, encoding="utf-8")
    again = night(lender, 1, dataset="declared.yaml")
    assert not [place for place in grave(again) if place[1] == "events"]
    assert again["identifier-in-text", "events", "remark"].finding.gravity is Gravity.WARNING
    lender.ask("GRANT DELETE ON events TO lethe_engine")
    plan = lender.workplace(dataset="declared.yaml").plan("night-1", AS_OF)
    assert [step.collection for step in plan.steps if step.collection == "events"] == []
    later = lender.workplace(dataset="declared.yaml", as_of=LATER).plan("night-2", LATER)
    assert [(step.action.value, step.rows) for step in later.steps if step.collection == "events"] == [("delete", 150)]


# -- what a person does about it --------------------------------------------------------------------------------------------------


def test_grave_findings_fail_the_validation_until_they_are_accepted_or_mended(lender: Lender) -> None:
    lender.ask(LEADS)
    workplace = lender.workplace()
    workplace.scan("night")
    with pytest.raises(ValidationFailed, match="expect_no_undeclared_personal_data"):
        workplace.validate("night", None)
    accepted = {"until": datetime.now(UTC).date() + timedelta(days=30), "reason": "the old CRM, gone by May", "by": "dpo"}
    for item in standing(workplace).values():
        if item.finding.gravity is Gravity.GRAVE:
            act = {"finding_id": item.id, "now": NOW, "run_id": "accept"}
            accept_finding(workplace.dataset, workplace.findings, workplace.database, **accepted, **act)
    assert workplace.grave_findings() == []
    assert len(grave(standing(workplace))) == 3  # they stand, and are shown
    assert [event["body"]["until"] for event in lender.events("finding.accepted")] == [accepted["until"].isoformat()] * 3


def test_findings_and_inventory_on_the_command_line(lender: Lender) -> None:
    lender.ask(LEADS)
    lender.workplace()

    def run(*words: str) -> str:
        result = CliRunner().invoke(app, [*words, "--home", str(lender.home)], env={"COLUMNS": "200"})
        assert result.exit_code == 0, result.output
        return result.output

    assert "undeclared-table" in run("scan")
    scanned = json.loads(run("scan", "--json"))
    listed = json.loads(run("finding", "list", "--json"))
    assert scanned["findings"] == listed
    number = next(item["number"] for item in listed if item["kind"] == "undeclared-table")
    accept = ("finding", "accept", str(number), "--until", "2999-01-01", "--reason", "old", "--by", "dpo")
    assert "is accepted until 2999-01-01" in run(*accept)
    assert "accepted until 2999-01-01 by dpo" in run("finding", "list")
    assert "is open" in run("finding", "reopen", str(number), "--by", "dpo")
    columns = {(item["table"], item["column"]): item for item in json.loads(run("inventory", "list", "--json"))}
    assert columns["clients", "egn"]["declared"] == ["user.government_id.national_identification_number"]
    assert columns["leads", "f1"]["recognised"] == "user.contact.email"
    assert ("offices", "office_id") not in columns
    assert "user.contact.email" in run("inventory", "history", "leads", "f1")


def test_what_passes_between_tasks_is_small_and_the_report_has_every_finding(lender: Lender) -> None:
    lender.ask(";".join(f"CREATE TABLE leads_{n} (lead_id integer PRIMARY KEY, email text, phone text)" for n in range(100)))
    workplace = lender.workplace()
    scanned = workplace.scan("night")
    found = standing(workplace)
    assert scanned["findings"] == len(found) > 200
    assert scanned["rows"].keys() == lender.dataset.collections.keys()
    assert scanned["tables"] == len(lender.dataset.collections)
    assert len(json.dumps(scanned)) < 2_000  # XCom has it
    lender.ask("DROP TABLE leads_7")
    lender.workplace().scan("by-hand")  # before the night's report
    plan = workplace.plan("night", AS_OF)
    report = workplace.report("night", plan.digest, json.loads(json.dumps(scanned)), 1)
    told = {
        (item["kind"], item["collection"], item["field"]): (item["gravity"], item["rows"], item["detail"]) for item in report["findings"]
    }
    assert told == {place: (item.finding.gravity.value, item.finding.rows, item.finding.detail) for place, item in found.items()}
    assert len(report["findings"]) == len(found)
    assert (report["tables"], report["scanned"]) == (scanned["tables"], scanned["rows"])


def test_the_inventory_says_as_of_when_it_is(lender: Lender) -> None:
    night(lender)
    (seen,) = {item.last_seen for item in lender.workplace().inventory.current(lender.dataset.name)}
    lender.ask("ALTER TABLE applications DROP COLUMN refusal_reason")
    for number in (1, 2):  # for as long as the dataset does not fit
        with pytest.raises(DocumentError):
            lender.workplace(as_of=AS_OF + timedelta(days=number)).scan(f"night-{number}")
    result = CliRunner().invoke(app, ["inventory", "list", "--home", str(lender.home)], env={"COLUMNS": "200"})
    assert f"Inventory as of {seen:%Y-%m-%d %H:%M} UTC" in result.output
    assert "applications.refusal_reason" in CliRunner().invoke(app, ["inventory", "list", "--all", "--home", str(lender.home)]).output


def test_an_empty_database_is_no_success(postgres: EmbeddedPostgres, lender: Lender) -> None:
    lender.ask("DROP SCHEMA public CASCADE")
    with pytest.raises(NothingScanned):
        lender.workplace().scan("night")


def test_nothing_sampled_leaves_the_process(lender: Lender, caplog: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str]) -> None:
    marker = "KANAREQ7"
    lender.ask(
        f"""CREATE TABLE leads (lead_id integer PRIMARY KEY, mail text, note text, payload jsonb);
            INSERT INTO leads SELECT n, '{marker}' || n || '@mail.example', 'write to {marker}' || n || '@mail.example about it, please',
                   jsonb_build_object('name', '{marker}', 'mail', '{marker}' || n || '@mail.example') FROM generate_series(1, 300) n"""
    )
    caplog.set_level(logging.DEBUG)
    workplace = lender.workplace()
    facts = workplace.scan("night")
    assert ("undeclared-personal-data", "leads", "note") in standing(workplace)
    printed = capfd.readouterr()
    said = caplog.text + printed.out + printed.err + json.dumps(facts) + lender.store_contents() + json.dumps(lender.events())
    assert marker.casefold() not in said.casefold()


def test_the_scan_changes_nothing_of_the_lenders(lender: Lender) -> None:
    before = lender.contents("public")
    night(lender)
    assert lender.contents("public") == before
    assert AS_OF.date() >= TODAY
