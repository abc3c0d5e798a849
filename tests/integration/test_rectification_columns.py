"""Corrections of columns of every kind that can be corrected, in rows under a key of several columns and in partitions; and what such
columns cannot bear, told before anything is written."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any
from uuid import UUID

import pytest
from simulators.graphs import Declared, dataset, graph
from simulators.lender import NOW, Lender, drop_lender

from embedded.postgres import EmbeddedPostgres
from governance.adapters.corrected import CorrectedRows
from governance.adapters.correcting import CorrectingDatabase
from governance.adapters.keyring import FileKeyring
from governance.audit.bodies_corrections import CorrectionCompared, RecordCorrected
from governance.audit.events import Event, new_event
from governance.errors import PlanMismatch
from governance.pseudonym.tokens import references_digest
from governance.requests.corrections import Change, Compared, CorrectionStep, steps_of

TOLD = {"request": str(UUID(int=1)), "number": 1, "decision": "a" * 64}
DIGEST = f"cor1.{'b' * 64}"
KEY = "a%2Fb %25/2020-02-28 10:30:00.25+00"  # branch `a/b %`, since 2020-02-28 10:30:00.25 UTC
FIELDS = {
    "email": ("Old@example.org", "New@example.org"),
    "code": ("A1        ", "B22"),
    "status": ("single", "married"),
    "nick": ("иво", "ива"),
    "income": ("12.50", "1300.75"),
    "children": ("2", "3"),
    "born": ("1980-01-20", "1980-01-02"),
    "smoker": ("false", "true"),
    "address": ("192.0.2.7", "2001:db8::7"),
    "street": (None, 'ул. "Нова"\t\\ 7\nет. 2'),
    "city": ("София", None),
}


@pytest.fixture(scope="module")
def people(postgres: EmbeddedPostgres, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Lender]:
    of = dataset(people=Declared(dict.fromkeys(FIELDS, "nullify"), key=("branch", "since"), whole=("amount", "low")))
    lender = graph(
        postgres, tmp_path_factory.mktemp("columns"), of,
        "CREATE TYPE marital AS ENUM ('single', 'married')",
        "CREATE DOMAIN nickname AS varchar(5) CHECK (VALUE <> 'forbi')",
        "CREATE TABLE people (branch text, since timestamptz, ended date, email varchar(30), code char(10), status marital, nick nickname,"
        " income numeric(8, 2), children smallint, born date, smoker boolean, address inet, street text, city text, amount numeric,"
        " low text GENERATED ALWAYS AS (lower(email)) STORED, CHECK (income < 5000 OR children > 5), PRIMARY KEY (branch, since))"
        " PARTITION BY LIST (branch)",
        "CREATE TABLE people_a PARTITION OF people FOR VALUES IN ('a/b %')",
        "CREATE TABLE people_rest PARTITION OF people DEFAULT",
        "CREATE UNIQUE INDEX one_email ON people (branch, lower(email))",
        "INSERT INTO people (branch, since, email, code, status, nick, income, children, born, smoker, address, city) VALUES"
        " ('a/b %', '2020-02-28 10:30:00.25+00', 'Old@example.org', 'A1', 'single', 'иво', 12.5, 2, '1980-01-20', false, '192.0.2.7',"
        " 'София'),"
        " ('a/b %', '2021-02-28 10:30:00+00', 'other@example.org', 'A2', 'single', 'ана', 1, 1, '1981-01-20', true, '192.0.2.8', 'Варна')",
    )  # fmt: skip
    yield lender
    drop_lender(lender)


def database(lender: Lender) -> CorrectingDatabase:
    return CorrectingDatabase(lender.engine, lender.dataset, FileKeyring(lender.keyring))


def changes(**fields: tuple[str | None, str | None]) -> list[Change]:
    return [Change("graph", "people", name, KEY, "ref1.x", old, new) for name, (old, new) in fields.items()]


def carried_out(lender: Lender, *those: Change) -> tuple[dict[str, int], dict[UUID, CorrectionStep], list[Compared]]:
    steps, came = {}, []

    def event(body: Any) -> Event:
        return new_event(body, at=NOW, controller=lender.dataset.controller, dataset="graph", run_id="run")

    def describe(step: CorrectionStep) -> Event:
        made = event(
            RecordCorrected(
                **TOLD, collection=step.collection, action="correct", fields=step.fields, changed=len(step.rows),
                refs_digest=references_digest(step.references), corrections=DIGEST,
            )
        )  # fmt: skip
        steps[made.event_id] = step
        return made

    def compared(one: Compared) -> Event:
        came.append(one)
        return event(
            CorrectionCompared(
                **TOLD, collection="people", fields=one.step.fields, counted=one.counted, followed=one.followed, others=DIGEST
            )
        )  # fmt: skip

    done = database(lender).correct(steps_of(those), frozenset(), NOW.date(), describe, compared)
    return done, steps, came


BAD = [
    ({"email": "x" * 31}, "at most 30 characters"),
    ({"email": "OTHER@example.org"}, "a value that stands once, by one_email"),
    ({"code": "12345678901"}, "at most 10 characters"),
    ({"status": "divorced"}, "one of single, married"),
    ({"nick": "forbi"}, "nickname_check"),
    ({"nick": "longer"}, "at most 5 characters"),
    ({"income": "1234567.00"}, "8 digits, 2 of them after the point"),
    ({"income": "4e3"}, "a decimal number with a point"),
    ({"income": "6000"}, "people_check"),
    ({"children": "40000"}, "a whole number of 16 bits"),
    ({"children": "two"}, "a whole number of 16 bits"),
    ({"born": "20.01.1980"}, "a day as YYYY-MM-DD"),
    ({"smoker": "maybe"}, "true or false"),
    ({"address": "192.0.2"}, "an IP address"),
    ({"low": "x"}, "a column that can be written"),
    ({"branch": "elsewhere"}, "no part of a key"),
]


def test_what_a_column_cannot_bear_is_told_before_anything_is_written(people: Lender) -> None:
    contents = people.contents("public", "lethe")
    for fields, expected in BAD:
        ((name, new),) = fields.items()
        found = database(people).correction_faults([(1, change) for change in changes(**{name: ("old", new)})])
        assert any(expected in fault.expected for fault in found), (name, new, found)
        assert not [fault for fault in found if new in str(fault) and len(new) > 1], name
    assert not database(people).correction_faults([(1, change) for change in changes(**FIELDS)])
    people.ask("REVOKE UPDATE ON people FROM lethe_engine")
    (fault,) = database(people).correction_faults([(1, change) for change in changes(city=("София", "Русе"))])
    people.ask("GRANT UPDATE ON people TO lethe_engine")
    assert (fault.expected, fault.found) == ("a column that lethe_engine may write", "none: GRANT UPDATE ON people TO lethe_engine")
    assert people.contents("public", "lethe") == contents


def test_every_kind_of_column_is_corrected_in_its_row_alone(people: Lender) -> None:
    (other,) = people.ask("SELECT p::text, xmin::text FROM people p WHERE email = 'other@example.org'")
    with pytest.raises(PlanMismatch, match="1 of 1 rows changed since, or are gone"):
        carried_out(people, *changes(**{**FIELDS, "born": ("1980-01-21", "1980-01-02")}))
    done, steps, (compared,) = carried_out(people, *changes(**FIELDS))
    assert done == {"people": 1}
    assert (compared.counted, compared.followed) == (1, ("low",))  # what is generated follows
    (row,) = people.ask("SELECT email, trim(code), status::text, nick, income, children, born, smoker, host(address), street, city, low"
                        " FROM people WHERE since < '2021-01-01'")  # fmt: skip
    assert [str(value) for value in row[:4]] == ["New@example.org", "B22", "married", "ива"]
    assert (float(row[4]), row[5], row[6], row[7], row[8]) == (1300.75, 3, date(1980, 1, 2), True, "2001:db8::7")
    assert row[9:] == (FIELDS["street"][1], None, "new@example.org")
    assert people.ask("SELECT p::text, xmin::text FROM people p WHERE email = 'other@example.org'") == [other]
    # Another role, by statements of its own, finds it so; and whoever writes the row next is not taken for us.
    validator = CorrectedRows(people.server.url(people.name, "lethe_validator"), people.dataset)
    (looked,) = validator.look(steps)
    assert (looked.wrong, looked.later, looked.others) == (0, 0, compared.others)
    people.ask("UPDATE people SET amount = 5 WHERE since < '2021-01-01'")
    (looked,) = validator.look(steps)
    assert (looked.wrong, looked.later, looked.others) == (0, 1, None)
    with pytest.raises(PlanMismatch, match="1 of 1 rows changed since"):
        carried_out(people, *changes(**FIELDS))
