"""Paths into JSON documents on PostgreSQL: jsonb, json and texts; arrays; the rest untouched; what is finished is not due again; what
cannot be found is told. Declared, planned, rehearsed, enforced, proved."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import psycopg
import pytest
import yaml
from simulators.graphs import PACK, graph, refusal
from simulators.lender import AS_OF, DATASET, Lender, drop_lender, make_lender
from test_actions_on_columns import suites, unproved

from embedded.postgres import EmbeddedPostgres
from governance.catalogue.governed import GovernedDataset
from governance.catalogue.resolve import govern
from governance.errors import DocumentError
from governance.planning.evaluate import Evaluator
from governance.pseudonym.tokens import is_token

TABLE = """
CREATE TABLE people (id integer PRIMARY KEY, ended date, amount numeric, name text, payload jsonb, old json, note text)
"""
PERSON: dict[str, Any] = {
    "applicant": {"name": "Иван Петров", "born": "1980-07-15", "income": 1999.99, "home": "гр. Русе, ул. Варна 5"},
    "contacts": [{"phone": "+359887000001", "kind": "own"}, {"phone": 359887000002, "kind": "work"}, {"kind": "none"}],
    "tags": ["vip", "late"],
    "ip": "192.0.2.77",
    "smoker": True,
    "sum": 1.10,
    "big": 12345678901234567890,
    "z": None,
}
ON_DUE = {
    "name": "pseudonymise",
    "payload.applicant.name": "pseudonymise",
    "payload.applicant.born": "generalise:year",
    "payload.applicant.income": "generalise:band:500",
    "payload.applicant.home": "generalise:region",
    "payload.contacts[].phone": "nullify",
    "payload.tags[]": "constant:tag",
    "payload.ip": "generalise:network",
    "payload.smoker": "constant:false",
    "old.name": "pseudonymise",
    "note.name": "generalise:prefix:1",
}
CONTACT = "user.contact"


def leaf(name: str, data_type: str = "string", category: str = CONTACT) -> dict[str, Any]:
    return {"name": name, "data_categories": [category], "fides_meta": {"data_type": data_type}}


def array(name: str, *fields: dict[str, Any]) -> dict[str, Any]:
    return {"name": name, "fides_meta": {"data_type": "object[]"}, "fields": list(fields)}


FIELDS: list[dict[str, Any]] = [
    {"name": "id", "data_categories": ["system.operations"], "fides_meta": {"primary_key": True}},
    {"name": "ended", "data_categories": ["system.operations"]},
    {"name": "amount", "data_categories": ["user.financial"]},
    leaf("name"),
    {
        "name": "payload",
        "fields": [
            {"name": "applicant", "fields": [leaf("name"), leaf("born"), leaf("income", "float"), leaf("home")]},
            array("contacts", leaf("phone"), leaf("kind", category="system.operations")),
            leaf("tags", "string[]"),
            leaf("ip"),
            leaf("smoker", "boolean"),
        ],
    },
    {"name": "old", "fields": [leaf("name")]},
    {"name": "note", "fields": [leaf("name")]},
]


def dataset(on_due: dict[str, str] = ON_DUE, fields: list[dict[str, Any]] = FIELDS, *duties: dict[str, Any]) -> GovernedDataset:
    collection = {
        "duties": [
            {"class": "old", "covers": [CONTACT], "start": "ended"},
            {"class": "books", "covers": ["user.financial"], "start": "ended"},
            *duties,
        ],
        "on_due": {"amount": "with-row", **on_due},
    }
    document = {
        "dataset": [{"fides_key": "graph", "collections": [{"name": "people", "fields": fields}]}],
        "bindings": {"controller": "lender", "collections": {"people": collection}},
    }
    return govern(yaml.safe_dump(document, allow_unicode=True, sort_keys=False), "graph.yaml", PACK, "pack.yaml")


def made(server: EmbeddedPostgres, home: Path, of: GovernedDataset, *changes: str) -> Lender:
    """Six persons of whom four are due: whole documents in 1 and 5, none in 2, other shapes in 3 and 4; 6 as 3."""
    lender = graph(server, home, of, TABLE, *changes)
    whole, odd = json.dumps(PERSON, ensure_ascii=False), {"applicant": [{"name": "A"}, {"name": ["B", None, 7, {"x": 1}]}], "contacts": {}}
    rows: list[tuple[Any, ...]] = [
        (1, "2010-01-01", 1, "Иван Петров", whole, '{"name":   "Иван Петров", "n": 1.10}', '{"n": [1e2],  "name": "Иван"}'),
        (2, "2010-01-01", 1, None, None, None, None),
        (3, "2010-01-01", 1, "x", json.dumps({**odd, "contacts": {"phone": "1"}}), "null", "no document"),
        (4, "2010-01-01", 1, "y", json.dumps({"applicant": "Иван Петров", "tags": "late", "ip": ["198.51.100.7", "x"]}), "[]", "{"),
        (5, None, 1, "Иван Петров", whole, '{"name": "Иван Петров"}', "no document"),
        (6, None, 1, "x", json.dumps(odd), "{}", "{}"),
    ]
    with lender.connect() as connection, connection.cursor() as cursor:
        cursor.executemany("INSERT INTO people VALUES (%s, %s, %s, %s, %s, %s, %s)", rows)
    return lender


@pytest.fixture
def lender(postgres: EmbeddedPostgres, tmp_path: Path) -> Iterator[Lender]:
    of = made(postgres, tmp_path, dataset())
    yield of
    drop_lender(of)


def documents(lender: Lender, column: str = "payload") -> dict[int, Any]:
    found = lender.ask(f"SELECT id, {column}::text FROM people WHERE {column} IS NOT NULL ORDER BY id")
    return {number: json.loads(text, parse_float=Decimal) for number, text in found}


def test_a_night(lender: Lender) -> None:
    stayed = lender.ask("SELECT * FROM people WHERE id IN (2, 5, 6) ORDER BY id")
    evaluator = Evaluator(lender.dataset, lender.rows(), AS_OF)
    assert {key: set(evaluator.row("people", key).fields) for key in (2, 5, 6)} == {2: set(), 5: set(), 6: set()}
    assert set(evaluator.row("people", 1).fields) == set(ON_DUE)
    assert set(evaluator.row("people", 4).fields) == {"name", "payload.tags[]", "payload.ip"}
    plan = lender.approved_plan(chunk_size=2)
    (step,) = plan.steps
    assert {change.field: change.action for change in step.fields} == ON_DUE
    assert (step.action, step.rows) == ("pseudonymise", 3)
    lender.enforce(plan)
    found = documents(lender)
    token = lender.value("SELECT name FROM people WHERE id = 1")
    assert is_token(token)
    assert found[1] == {
        "applicant": {"name": token, "born": "1980-01-01", "income": 1500, "home": "област Русе"},
        "contacts": [{"phone": None, "kind": "own"}, {"phone": None, "kind": "work"}, {"kind": "none"}],
        "tags": ["tag", "tag"],
        "ip": "192.0.2.0",
        "smoker": False,
        "sum": Decimal("1.1"),
        "big": 12345678901234567890,
        "z": None,
    }
    first, second = found[3]["applicant"]
    assert is_token(first["name"])
    assert [is_token(name) for name in second["name"]] == [True, False, True, False]
    assert second["name"][1] is second["name"][3] is None
    assert found[3]["contacts"] == {"phone": None}
    assert found[4] == {"applicant": "Иван Петров", "tags": "tag", "ip": ["198.51.100.0", None]}  # the first is told, see below
    assert lender.ask("SELECT old::text, note FROM people WHERE id IN (1, 3, 4) ORDER BY id") == [
        (f'{{"name": "{token}", "n": 1.10}}', '{"n": [1E+2], "name": "И"}'),
        ("null", "no document"),
        ("[]", "{"),
    ]
    assert lender.ask("SELECT * FROM people WHERE id IN (2, 5, 6) ORDER BY id") == stayed
    assert lender.value("SELECT payload -> 'sum' = '1.10' AND payload -> 'sum' = '1.1' FROM people WHERE id = 1")
    evaluator = Evaluator(lender.dataset, lender.rows(), AS_OF)
    assert all(not evaluator.row("people", key).fields for key in range(1, 7))
    assert lender.plan(run_id="run-2").steps == ()
    (event, *_) = lender.events("chunk.enforced")
    assert set(event["body"]["fields"]) == set(ON_DUE)
    assert "Иван" not in json.dumps(lender.events(), ensure_ascii=False) + lender.store_contents()


def test_every_value_that_stands_again_makes_the_row_due_again(lender: Lender) -> None:
    lender.enforce(lender.approved_plan())
    whole = documents(lender)[5]
    for number, path in enumerate(ON_DUE):
        column, *steps = path.replace("[]", "").split(".")
        if column != "payload":
            continue
        value = whole
        for step in steps:
            value = [item[step] for item in value if step in item] if isinstance(value, list) else value[step]
        place = "{contacts,1,phone}" if steps[0] == "contacts" else "{tags,0}" if steps[0] == "tags" else "{" + ",".join(steps) + "}"
        again = json.dumps(value[0] if isinstance(value, list) else value, ensure_ascii=False, default=float)
        lender.ask("UPDATE people SET payload = jsonb_set(payload, %s, %s) WHERE id = 1", place, again)
        as_of = AS_OF - timedelta(hours=number)  # the same plan at the same time would be the same events
        plan = lender.plan(as_of=as_of)
        assert [step.rows for step in plan.steps] == [1], path
        lender.enforce(plan)
        assert lender.plan(as_of=as_of).steps == ()


def test_what_cannot_be_found_is_left_and_told(lender: Lender) -> None:
    def told() -> dict[str | None, int]:
        findings = lender.database().scan(AS_OF).findings
        return {item.field: item.rows for item in findings if item.kind == "misshapen-document"}

    assert told() == {"payload": 1, "note": 3}
    lender.enforce(lender.approved_plan())
    assert told() == {"payload": 1, "note": 3}
    lender.ask("UPDATE people SET note = '{}', payload = '{}'")
    assert told() == {}


def test_the_outcome_is_proved_and_the_proof_can_fail(lender: Lender, tmp_path: Path) -> None:
    forms = {"pseudonymise": "token", "nullify": "empty"}
    columns = {name: forms.get(action, action.removeprefix("generalise:")) for name, action in ON_DUE.items()}
    folder = suites(tmp_path / "suites", columns)
    assert unproved(lender, folder) == 3
    lender.enforce(lender.approved_plan())
    assert unproved(lender, folder) is None
    for place, value in {
        "{applicant,name}": '"Иван"',
        "{applicant,born}": '"1980-07-15"',
        "{applicant,income}": "1999",
        "{applicant,home}": '"Русе, ул. Варна 5"',
        "{contacts,1,phone}": '"1"',
        "{tags,1}": '"late"',
        "{ip}": '"192.0.2.77"',
        "{smoker}": "true",
    }.items():
        before = lender.value("SELECT payload::text FROM people WHERE id = 1")
        lender.ask("UPDATE people SET payload = jsonb_set(payload, %s, %s) WHERE id = 1", place, value)
        assert unproved(lender, folder) == 1, place
        lender.ask("UPDATE people SET payload = %s WHERE id = 1", before)
    lender.ask('UPDATE people SET note = \'{"name": "Ив"}\', old = \'{"name": "x"}\' WHERE id = 3')
    assert unproved(lender, folder) == 1
    assert unproved(lender, suites(tmp_path / "others", {"payload.applicant.name": "token", "payload.tags[]": "constant:tag"})) is None


def test_paths_of_one_column_may_fall_due_by_different_duties(postgres: EmbeddedPostgres, tmp_path: Path) -> None:
    fields = [item for item in FIELDS if item["name"] not in ("old", "note", "payload")]
    fields.append({"name": "payload", "fields": [leaf("ip", category="user.location"), array("contacts", leaf("phone"))]})
    on_due = {"name": "nullify", "payload.ip": "nullify", "payload.contacts[].phone": "pseudonymise"}
    later = {"class": "older", "covers": ["user.location"], "start": "ended"}
    columns = [{"name": name, "data_categories": ["system.operations"]} for name in ("old", "note")]
    lender = made(postgres, tmp_path, dataset(on_due, [*fields, *columns], later))
    lender.ask("UPDATE people SET ended = '2020-06-01' WHERE id = 3")
    plan = lender.approved_plan(chunk_size=1)
    assert sorted((step.rows, [change.field for change in step.fields]) for step in plan.steps) == [
        (2, ["payload.ip"]),
        (3, ["name", "payload.contacts[].phone"]),
    ]
    lender.enforce(plan, workers=2)
    found = documents(lender)
    assert found[1]["ip"] is None
    assert [is_token(item.get("phone")) for item in found[1]["contacts"]] == [True, True, False]
    assert found[4]["ip"] is None
    assert is_token(found[3]["contacts"]["phone"])
    assert lender.plan(run_id="run-2").steps == ()
    drop_lender(lender)


def test_a_document_may_also_go_as_a_whole(postgres: EmbeddedPostgres, tmp_path: Path) -> None:
    fields = [item for item in FIELDS if item["name"] not in ("old", "note", "payload")]
    whole = {"name": "payload", "data_categories": ["user.location"], "fields": [array("contacts", leaf("phone"))]}
    columns = [{"name": name, "data_categories": ["system.operations"]} for name in ("old", "note")]
    on_due = {"name": "nullify", "payload": "nullify", "payload.contacts[].phone": "nullify"}
    later = {"class": "older", "covers": ["user.location"], "start": "ended"}
    lender = made(postgres, tmp_path, dataset(on_due, [*fields, whole, *columns], later))
    lender.ask("UPDATE people SET ended = '2020-06-01' WHERE id = 1")
    lender.enforce(lender.approved_plan())
    assert lender.ask("SELECT id FROM people WHERE payload IS NULL ORDER BY id") == [(2,), (3,), (4,)]
    assert documents(lender)[1] == {
        **json.loads(json.dumps(PERSON), parse_float=Decimal),
        "contacts": [{**item, "phone": None} if "phone" in item else item for item in PERSON["contacts"]],
    }
    assert lender.plan(run_id="run-2").steps == ()
    drop_lender(lender)


#: change of the table, words of the refusal
REFUSED: dict[str, tuple[str, str]] = {
    "a column of something else": (
        "ALTER TABLE people ALTER note TYPE integer USING 0",
        "at bindings.collections.people.on_due.note: expected a column of documents: jsonb, json or text, found people.note INTEGER",
    ),
    "UNIQUE": ("ALTER TABLE people ADD CONSTRAINT one UNIQUE (payload)", "people.payload UNIQUE by one"),
    "a generated column": (
        "ALTER TABLE people DROP note, ADD note text GENERATED ALWAYS AS (name) STORED",
        "on_due.note: expected a column that can be written, found people.note GENERATED from name",
    ),
}


@pytest.mark.parametrize(("change", "words"), REFUSED.values(), ids=REFUSED)
def test_what_a_column_cannot_bear_is_refused(postgres: EmbeddedPostgres, tmp_path: Path, change: str, words: str) -> None:
    lender = graph(postgres, tmp_path, dataset(), TABLE, change)
    refusal(lender, words)
    drop_lender(lender)


#: change of the table once it is filled, words of the refusal
BROKEN: dict[str, tuple[str, str]] = {
    "a CHECK of what is inside": (
        "ALTER TABLE people ADD CONSTRAINT named CHECK (payload #>> '{applicant,name}' NOT LIKE 'psn%')",
        "on_due.payload: expected rows of people that meet the constraint named once payload changed, found 1 of 3 due rows that would not",
    ),
}


@pytest.mark.parametrize(("change", "words"), BROKEN.values(), ids=BROKEN)
def test_what_would_break_is_rehearsed(lender: Lender, change: str, words: str) -> None:
    lender.ask(change)
    refusal(lender, words)


def test_a_text_that_would_become_too_long_is_rehearsed(postgres: EmbeddedPostgres, tmp_path: Path) -> None:
    lender = made(postgres, tmp_path, dataset({**ON_DUE, "note.name": "pseudonymise"}))
    lender.ask("ALTER TABLE people ALTER note TYPE varchar(40)")
    refusal(lender, "columns whose range holds what", "pseudonymise at note.name", "SQLSTATE 22001")
    drop_lender(lender)


def test_a_trigger_that_puts_a_document_back_stops_the_run(lender: Lender) -> None:
    lender.ask(
        "CREATE FUNCTION back() RETURNS trigger LANGUAGE plpgsql AS $$BEGIN NEW.old := OLD.old; RETURN NEW; END$$;"
        " CREATE TRIGGER back BEFORE UPDATE ON people FOR EACH ROW EXECUTE FUNCTION back()"
    )
    plan = lender.approved_plan()
    before = lender.contents("public")
    with pytest.raises(Exception, match="due rows do not hold what was written, by a trigger"):
        lender.enforce(plan)
    assert lender.contents("public") == before
    lender.ask("DROP TRIGGER back ON people")
    lender.enforce(plan)
    assert lender.plan(run_id="run-2").steps == ()


@pytest.mark.parametrize(
    ("on_due", "place", "expected"),
    [
        ({"payload.applicant": "nullify"}, "payload.applicant", "a field of 'people'"),
        ({"payload.applicant.name": "generalise:band:5"}, "payload.applicant.name", "data_type integer or float"),
        ({"payload.applicant.income": "pseudonymise"}, "payload.applicant.income", "data_type string"),
        ({"payload.smoker": "constant:no"}, "payload.smoker", "true or false"),
        ({"payload.applicant.name": "generalise:prefix:300"}, "payload.applicant.name", "at most 255"),
        ({"payload.contacts[].kind": "nullify"}, "payload.contacts[].kind", "a field that holds personal data"),
    ],
)
def test_a_binding_that_does_not_fit_is_refused_with_its_place(on_due: dict[str, str], place: str, expected: str) -> None:
    with pytest.raises(DocumentError, match=expected) as caught:
        dataset({**ON_DUE, **on_due})
    assert caught.value.path == f"bindings.collections.people.on_due.{place}"


def test_a_document_of_too_many_levels_stops_the_run_and_says_so(lender: Lender) -> None:
    deep = "[" * 3000 + "]" * 3000
    lender.ask("UPDATE people SET payload = jsonb_set(payload, '{deep}', %s) WHERE id = 1", deep)
    plan = lender.approved_plan()
    before = lender.contents("public")
    with pytest.raises(Exception, match=r"people\.payload: a document of more levels than can be taken apart"):
        lender.enforce(plan)
    assert lender.contents("public") == before


def test_texts_that_json_takes_and_jsonb_does_not_are_told(lender: Lender) -> None:
    lender.ask("UPDATE people SET old = %s WHERE id = 1", r'{"name": "\u0000"}')
    assert [item.rows for item in lender.database().scan(AS_OF).findings if item.field == "old"] == [1]
    lender.ask("UPDATE people SET ended = NULL WHERE id > 1")
    with pytest.raises(psycopg.Error):
        lender.ask("SELECT old::jsonb FROM people WHERE id = 1")
    lender.enforce(lender.approved_plan())  # where the row is worked for its other fields, the text is mended with them
    assert is_token(lender.value("SELECT old ->> 'name' FROM people WHERE id = 1"))
    assert [item for item in lender.database().scan(AS_OF).findings if item.field == "old"] == []


def test_a_night_finds_the_paths_that_nobody_declared_and_no_others(postgres: EmbeddedPostgres, tmp_path: Path) -> None:
    lender = make_lender(postgres, tmp_path, tiny=True)
    document = yaml.safe_load(DATASET)
    (clients,) = [item for item in document["dataset"][0]["collections"] if item["name"] == "clients"]
    inner = [array("contacts", leaf("email", category="user.contact.email")), leaf("phone", category="user.contact.phone_number")]
    clients["fields"].append({"name": "payload", "fields": inner})
    paths = {"payload.contacts[].email": "nullify", "payload.phone": "nullify"}
    document["bindings"]["collections"]["clients"]["on_due"] |= paths
    (tmp_path / "own.yaml").write_text(yaml.safe_dump(document, allow_unicode=True), encoding="utf-8")
    lender.ask(
        """ALTER TABLE clients ADD payload jsonb; UPDATE clients SET payload = jsonb_build_object(
            'contacts', jsonb_build_array(jsonb_build_object('email', 'person' || client_id || '@mail.example')),
            'phone', '+35988' || (7000000 + client_id), 'spouse', jsonb_build_object('email', 'other' || client_id || '@mail.example'))"""
    )

    def undeclared() -> set[str | None]:
        workplace = lender.workplace(dataset="own.yaml")
        workplace.scan("night")
        standing = workplace.findings.standing("credithelp")
        return {item.finding.field for item in standing if item.finding.collection == "clients" and "undeclared" in item.finding.kind.value}

    assert undeclared() == {"payload:spouse.email"}
    noted = {item.entry.label: item.entry for item in lender.workplace(dataset="own.yaml").inventory.current("credithelp")}
    assert noted["payload:contacts.*.email"].declared == ("user.contact.email",)
    assert noted["payload:phone"].personal
    assert noted["payload:spouse.email"].declared is None
    lender.ask("UPDATE clients SET payload = payload - 'spouse'")
    assert undeclared() == set()
    drop_lender(lender)
