"""Each word of the suites on a real PostgreSQL: a small lender of debts, rows on both sides of every edge, found or left alone.

Expectations are built from plain documents as suites write them, and their queries run under the validator's role.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from importlib.resources import files
from typing import Any

import psycopg
import pytest
from psycopg import sql
from pydantic.v1 import ValidationError
from validation_support import connect

from embedded.postgres import EmbeddedPostgres
from governance.adapters.great_expectations.runner import _quiet
from governance.adapters.great_expectations.shapes import Frame
from governance.adapters.install import LOGIN_ROLES

DATABASE = "validation_words"
AS_OF = datetime(2026, 3, 1, 1, tzinfo=UTC)  # six in the morning of 1 March in Almaty
TOKEN = "psn1." + "a" * 32
SCHEMA = """
CREATE TABLE person (id text PRIMARY KEY, name text, born date, income numeric, postcode text, ip text, seen date, boss text);
CREATE TABLE debt (
  bank integer, number text, person_id text REFERENCES person, closed date, balance numeric, debtor text, PRIMARY KEY (bank, number));
CREATE TABLE court (id integer PRIMARY KEY, bank integer, number text, ended date);
CREATE TABLE code (id integer PRIMARY KEY, person_id text, sent timestamptz);
CREATE TABLE consent (id integer PRIMARY KEY, person_id text, given date, withdrawn date);
GRANT SELECT ON ALL TABLES IN SCHEMA public TO lethe_validator;
"""
FRAME = {
    "time_zone": "Asia/Almaty",
    "plausible_from": "1990-01-01",
    "subjects": {"table": "person", "key": "id"},
    "subject_holds": [
        {
            "id": "open-debt", "clause": "x", "table": "debt", "subject": "person_id", "active_when": [{"column": "balance", "above": 0}],
        },
        {
            "id": "court", "clause": "x", "table": "court", "subject": "debt.person_id", "active_when": [{"column": "ended", "null": True}],
            "look_ups": {"debt": {"by": ["bank", "number"], "table": "debt", "key": ["bank", "number"]}},
        },
    ],
    "keys": {"debt": ["bank", "number"], "consent": "id"},
}  # fmt: skip
SEEN = {"clause": "x", "start": "seen", "period": "P1Y", "calendar": "from-event"}
CLOSED = {"clause": "x", "start": "closed", "period": "P1Y", "calendar": "from-event"}
RUNNING, OVER = "2025-03-01", "2025-02-28"  # a year later, 1 March is the first unlawful day after 28 February
Connection = psycopg.Connection[Any]
Count = Callable[..., int]


@pytest.fixture(scope="module")
def database(postgres: EmbeddedPostgres) -> Iterator[str]:
    for role in LOGIN_ROLES:
        postgres.create_role(role)
    postgres.create_role("lethe_owner", login=False)
    postgres.create_database(DATABASE)
    with connect(postgres, DATABASE) as connection:
        connection.execute(files("governance.adapters").joinpath("install.sql").read_text())
        connection.execute(SCHEMA)
    yield DATABASE
    postgres.drop_database(DATABASE)


@pytest.fixture
def connection(postgres: EmbeddedPostgres, database: str) -> Iterator[Connection]:
    """A transaction that is rolled back; queries in it run as the validator."""
    with connect(postgres, database) as opened:
        yield opened
        opened.rollback()


def built(kind: str, frame: dict[str, Any] | None = None, **kwargs: Any) -> Any:
    with _quiet():
        from governance.adapters.great_expectations.expectations import ALLOWED
    given: dict[str, Any] = {"frame": Frame.parse_obj({**FRAME, **(frame or {})})}
    if "duties" in kwargs:
        given["as_of"] = kwargs.pop("as_of", AS_OF)
    return ALLOWED[f"expect_{kind}"](**given, **kwargs)


@pytest.fixture
def count(connection: Connection) -> Count:
    def run(kind: str, frame: dict[str, Any] | None = None, **kwargs: Any) -> int:
        query = built(kind, frame, **kwargs).query()
        connection.execute("SET LOCAL ROLE lethe_validator")
        found = connection.execute(sql.SQL("SELECT count(*) FROM ({}) AS found").format(sql.SQL(query))).fetchone()  # type: ignore[arg-type]
        connection.execute("RESET ROLE")
        assert found is not None
        return int(found[0])

    return run


def persons(connection: Connection, *seen: str | None) -> None:
    for number, day in enumerate(seen):
        connection.execute("INSERT INTO person (id, name, seen) VALUES (%s, 'x', %s)", [f"p{number}", day])


def overdue(count: Count, *duties: dict[str, Any], **how: Any) -> int:
    return count("overdue_rows_gone", table="person", key="id", duties=list(duties), **how)


# -- conditions and hours ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("condition", "applying"), [({"above": 100}, 1), ({"below": 100}, 1), ({"above": -1}, 3), ({"below": -1}, 0)])
def test_above_and_below_are_strict_and_an_absent_value_is_neither(
    condition: dict[str, int], applying: int, connection: Connection, count: Count
) -> None:
    connection.execute(
        "INSERT INTO person (id, income, seen) VALUES ('a', 99.99, '2020-01-01'), ('b', 100, '2020-01-01'), ('c', 100.01, '2020-01-01'),"
        " ('d', NULL, '2020-01-01')"
    )
    assert overdue(count, {**SEEN, "applies_when": [{"column": "income", **condition}]}) == applying


def test_hours_have_passed_at_the_instant_and_not_before(connection: Connection, count: Count) -> None:
    connection.execute(
        """INSERT INTO code VALUES (1, 'a', '2026-02-28 01:00:00Z'), (2, 'a', '2026-02-28 01:00:00.000001Z'), (3, 'a', NULL),
             (4, 'a', '1980-01-01'), (5, 'a', 'infinity'), (6, 'a', '2026-02-28 00:59:59Z')"""
    )
    code = {"clause": "IV.15", "start": "sent", "start_kind": "instant", "period": "PT24H", "calendar": "from-event"}
    assert count("overdue_rows_gone", table="code", key="id", duties=[code]) == 2
    assert count("overdue_rows_gone", table="code", key="id", duties=[code], as_of=AS_OF.replace(microsecond=1)) == 3
    days = {**code, "period": "P1D"}  # the day after the 28th in Almaty is not over at six in the morning of 1 March
    assert count("overdue_rows_gone", table="code", key="id", duties=[days]) == 0


def test_hours_are_elapsed_time_over_a_change_of_the_clock(connection: Connection, count: Count) -> None:
    connection.execute("INSERT INTO code VALUES (1, 'a', '2026-03-28 12:00 Europe/Sofia')")  # the 29th has 23 hours there
    code = {"clause": "x", "start": "sent", "start_kind": "instant", "period": "PT24H", "calendar": "from-event"}
    noon = datetime(2026, 3, 29, 9, tzinfo=UTC)  # twelve on the wall clock, 23 hours later
    frame = {"time_zone": "Europe/Sofia"}
    assert count("overdue_rows_gone", frame, table="code", key="id", duties=[code], as_of=noon) == 0
    assert count("overdue_rows_gone", frame, table="code", key="id", duties=[code], as_of=noon.replace(hour=10)) == 1


# -- effects -------------------------------------------------------------------------------------------------------------------------

SEEN_UNKNOWN = {**SEEN, "start": "born"}  # nobody's birth date is known here
CONSENT = {**SEEN, "table": "consent", "reaches": "person_id", "start": "given"}
WITHDRAWN = {
    **CONSENT, "effect": "must-erase", "start": "withdrawn", "period": "P0D", "applies_when": [{"column": "withdrawn", "null": False}],
}  # fmt: skip
KEEP, MAY = {**SEEN, "effect": "must-keep"}, {**SEEN, "effect": "may-keep"}


@pytest.mark.parametrize(
    ("own", "seen", "withdrawn", "found"),
    [
        ([KEEP], OVER, None, 1),
        ([KEEP], RUNNING, None, 0),
        ([KEEP], OVER, "2026-02-28", 1),
        ([KEEP], RUNNING, "2026-02-28", 0),  # the conflict: it has to go and has to stay, so it stays
        ([MAY], OVER, None, 1),
        ([MAY], RUNNING, None, 0),
        ([MAY], RUNNING, "2026-02-28", 1),  # a permission yields
        ([MAY], RUNNING, "2026-03-01", 0),  # but not on the day of the withdrawal itself
        ([KEEP, {**MAY, "period": "P2Y"}], OVER, None, 0),
        ([KEEP, {**MAY, "period": "P2Y"}], OVER, "2026-02-28", 1),
        ([{**KEEP, "period": "P2Y"}, MAY], OVER, "2026-02-28", 0),
        ([KEEP, {**KEEP, "period": "P2Y"}], OVER, None, 0),
        ([KEEP, SEEN_UNKNOWN], OVER, None, 0),  # an unknown start never ends
        ([KEEP, {**SEEN_UNKNOWN, "effect": "must-erase"}], OVER, None, 1),  # and never demands
        ([{**SEEN, "effect": "must-erase"}], OVER, None, 1),
        ([{**SEEN, "effect": "must-erase"}], RUNNING, None, 0),
        ([{**KEEP, "applies_when": [{"column": "name", "in": ["y"]}]}], OVER, None, 0),  # no duty applies: nothing is known to be over
        ([{**KEEP, "applies_when": [{"column": "name", "in": ["y"]}]}], OVER, "2026-02-28", 1),
        ([{**KEEP, "not_started_when": [{"column": "name", "in": ["x"]}]}], OVER, None, 0),
        ([{**KEEP, "extended_when": [{"column": "name", "in": ["x"]}]}], OVER, "2026-02-28", 0),
    ],
)
def test_what_must_stay_may_stay_and_must_go(
    own: list[dict[str, Any]], seen: str, withdrawn: str | None, found: int, connection: Connection, count: Count
) -> None:
    persons(connection, seen)
    connection.execute("INSERT INTO consent VALUES (1, 'p0', NULL, %s), (2, NULL, NULL, '2020-01-01')", [withdrawn])
    assert overdue(count, *own, WITHDRAWN) == found


def test_the_earliest_demand_and_the_latest_permission_count(connection: Connection, count: Count) -> None:
    persons(connection, OVER)
    connection.execute("INSERT INTO consent VALUES (1, 'p0', '2020-01-01', '2020-01-01'), (2, 'p0', '2026-01-01', '2026-03-01')")
    may = {**CONSENT, "effect": "may-keep"}
    assert overdue(count, MAY, may) == 0
    assert overdue(count, MAY, may, WITHDRAWN) == 1
    connection.execute("DELETE FROM consent WHERE id = 2")
    assert overdue(count, MAY, may) == 1


# -- composite keys, references and self references ------------------------------------------------------------------------------------


def test_composite_keys_are_compared_whole(connection: Connection, count: Count) -> None:
    connection.execute(
        """INSERT INTO debt VALUES (1, 'a', NULL, '2020-01-01', 0, 'x'), (1, 'b', NULL, '2020-01-01', 0, NULL),
             (2, 'a', NULL, '2020-01-01', 0, 'x');
           INSERT INTO court VALUES (1, 1, 'a', '2026-01-01'), (2, 2, NULL, '2026-01-01'), (3, 9, NULL, '2026-01-01')"""
    )
    case = {"clause": "x", "table": "court", "reaches": ["bank", "number"], "start": "ended", "period": "P1Y", "calendar": "from-event"}
    of_debts: dict[str, Any] = {"table": "debt", "key": ["bank", "number"], "frame": {"keys": {"court": "id"}}}
    child = {"table": "court", "column": ["bank", "number"]}
    assert count("overdue_rows_gone", **of_debts, duties=[CLOSED]) == 3
    assert count("overdue_rows_gone", **of_debts, duties=[CLOSED, case]) == 2
    assert count("overdue_rows_gone", **of_debts, duties=[CLOSED], children=[child]) == 2
    assert count("no_overdue_identity", **of_debts, duties=[CLOSED, case], columns={"debtor": "empty"}) == 1


def test_a_composite_reference_points_nowhere_where_a_part_is_empty(connection: Connection, count: Count) -> None:
    connection.execute(
        """INSERT INTO debt VALUES (1, 'a'), (2, 'b');
           INSERT INTO court VALUES (1, 1, 'a'), (2, 1, NULL), (3, NULL, 'b'), (4, 1, 'b'), (5, 2, 'a')"""
    )
    reference = {"table": "court", "column": ["bank", "number"], "to_table": "debt", "to_column": ["bank", "number"]}
    assert count("references_intact", **reference) == 2


def test_a_row_to_which_a_row_of_its_own_table_points_is_left_aside(connection: Connection, count: Count) -> None:
    persons(connection, OVER, OVER, OVER, RUNNING)
    connection.execute("UPDATE person SET boss = 'p0' WHERE id = 'p3'; UPDATE person SET boss = 'p1' WHERE id = 'p2'")
    boss = {"table": "person", "column": "boss"}
    assert overdue(count, SEEN) == 3
    assert overdue(count, SEEN, children=[boss]) == 1
    connection.execute("DELETE FROM person WHERE id = 'p2'")
    assert overdue(count, SEEN, children=[boss]) == 1  # now nobody points to p1


# -- subject holds ---------------------------------------------------------------------------------------------------------------------


def test_subject_holds_stop_the_duties_that_name_them(connection: Connection, count: Count) -> None:
    persons(connection, OVER, OVER, OVER, OVER)
    connection.execute(
        """INSERT INTO debt VALUES (1, 'a', 'p0', NULL, 0.01), (1, 'b', 'p1', NULL, 0), (1, 'c', 'p2', NULL, NULL), (1, 'd', 'p3', NULL, 0);
           INSERT INTO court VALUES (1, 1, 'c', NULL), (2, 1, 'd', '2026-01-01'), (3, 1, NULL, NULL)"""
    )
    whose = {**SEEN, "subject": "id"}
    assert overdue(count, SEEN) == 4
    assert overdue(count, whose) == 2
    assert overdue(count, {**whose, "held_by": ["open-debt"]}) == 3
    assert overdue(count, {**whose, "held_by": ["court"]}) == 3
    assert overdue(count, {**whose, "held_by": ["court", "open-debt"]}) == 2
    assert overdue(count, {**whose, "held_by": []}) == 4
    assert overdue(count, {**whose, "effect": "must-erase", "held_by": ["court"]}) == 3


def test_holds_of_one_id_add_up_and_the_closed_form_still_works(connection: Connection, count: Count) -> None:
    persons(connection, OVER, OVER, OVER)
    connection.execute("INSERT INTO debt VALUES (1, 'a', 'p0', NULL, 5), (1, 'b', 'p1', '2026-01-01', 0), (1, 'c', 'p2', NULL, 0)")
    same = [{**FRAME["subject_holds"][0]}, {"id": "open-debt", "clause": "x", "table": "debt", "subject": "person_id", "closed": "closed"}]  # type: ignore[index]
    assert overdue(count, {**SEEN, "subject": "id", "held_by": ["open-debt"]}, frame={"subject_holds": same}) == 1


# -- placed holds ----------------------------------------------------------------------------------------------------------------------


def hold(connection: Connection, collection: str, key: str, until: str | None = None, released: str | None = None) -> None:
    connection.execute(
        "INSERT INTO lethe.holds VALUES (gen_random_uuid(), %s, %s, 'restriction', 'GDPR 18', %s, '2026-01-01', %s)",
        [collection, key, until, released],
    )


def test_a_hold_covers_until_its_date_or_its_release(connection: Connection, count: Count) -> None:
    persons(connection, *[OVER] * 6)
    hold(connection, "person", "p0")
    hold(connection, "person", "p1", until="2026-03-02")
    hold(connection, "person", "p2", until="2026-03-01")  # its date has come: it holds no longer
    hold(connection, "person", "p3", released="2026-02-01")
    hold(connection, "debt", "p4")  # of a record elsewhere
    assert overdue(count, SEEN) == 4
    assert overdue(count, {**SEEN, "effect": "must-erase"}) == 4


def test_a_hold_on_a_person_covers_all_that_leads_to_the_person(connection: Connection, count: Count) -> None:
    persons(connection, OVER, OVER)
    connection.execute("INSERT INTO debt VALUES (1, 'a', 'p0', '2020-01-01'), (1, 'b', 'p1', '2020-01-01'), (1, 'c', NULL, '2020-01-01')")
    hold(connection, "person", "p0")
    of_debts: dict[str, Any] = {"table": "debt", "key": ["bank", "number"]}
    assert count("overdue_rows_gone", **of_debts, duties=[{**CLOSED, "subject": "person_id", "held_by": []}]) == 2
    assert count("overdue_rows_gone", **of_debts, duties=[CLOSED]) == 3


def test_a_hold_on_a_record_covers_it_and_what_it_keeps_elsewhere(connection: Connection, count: Count) -> None:
    persons(connection, OVER, OVER, OVER)
    connection.execute(
        "INSERT INTO debt VALUES (1, 'a/%', 'p0', '2020-01-01'), (1, 'a/b', 'p1', '2020-01-01'), (1, 'c', 'p2', '2020-01-01')"
    )
    keeps = {**CLOSED, "table": "debt", "reaches": "person_id", "subject": "person_id"}
    of_debts: dict[str, Any] = {"table": "debt", "key": ["bank", "number"], "duties": [CLOSED]}
    assert (count("overdue_rows_gone", **of_debts), overdue(count, SEEN, keeps)) == (3, 3)
    hold(connection, "debt", "1/a%2F%25")
    hold(connection, "debt", "1/a/b")  # not how a key is written
    assert (count("overdue_rows_gone", **of_debts), overdue(count, SEEN, keeps)) == (2, 2)


def test_a_row_on_hold_is_left_alone_whatever_other_rows_demand(connection: Connection, count: Count) -> None:
    persons(connection, RUNNING, RUNNING)
    connection.execute("INSERT INTO consent VALUES (1, 'p0', NULL, '2026-01-01'), (2, 'p1', NULL, '2026-01-01')")
    assert overdue(count, MAY, WITHDRAWN) == 2
    hold(connection, "person", "p0")
    assert overdue(count, MAY, WITHDRAWN) == 1
    hold(connection, "consent", "2")  # what the held consent demands is stopped
    assert overdue(count, MAY, WITHDRAWN) == 0


# -- forms -----------------------------------------------------------------------------------------------------------------------------

IDENTITY: dict[str, tuple[str, list[str], list[str]]] = {
    "year": ("born", ["1980-01-01", "infinity"], ["1980-01-02", "1980-02-01"]),
    "month": ("born", ["1980-02-01", "1980-01-01"], ["1980-02-02", "1980-02-29"]),
    "band:500": ("income", ["0", "500", "-1500", "1000.00"], ["499", "500.01", "-1", "NaN"]),
    "prefix:2": ("postcode", ["", "9", "90", "ЖА"], ["901", "9000"]),
    "network": (
        "ip",
        ["192.0.2.0", "10.0.0.0", "2001:db8:1::", "2001::", "::", "0:0:1::"],
        [
            "192.0.2.1",
            "192.0.2.10",
            "256.0.0.0",
            "192.0.2.0/24",
            "2001:db8:1::1",
            "2001:db8:1:2::",
            "2001:db8:1:0:1::",
            "x",
            "x\n192.0.2.0",
        ],
    ),
    "token": ("name", [TOKEN], ["x", TOKEN[:-1]]),
    "empty": ("name", [], ["x", ""]),
}


@pytest.mark.parametrize("form", IDENTITY)
def test_a_form_is_met_by_nothing_and_by_its_own_values_only(form: str, connection: Connection, count: Count) -> None:
    name, coarse, clear = IDENTITY[form]
    column = sql.Identifier(name)
    connection.execute("INSERT INTO person (id, seen) VALUES ('nothing', %s)", [OVER])
    for number, value in enumerate(coarse):
        connection.execute(sql.SQL("INSERT INTO person (id, seen, {}) VALUES (%s, %s, %s)").format(column), [f"c{number}", OVER, value])
    wanted: dict[str, Any] = {"table": "person", "key": "id", "columns": {name: form}, "duties": [SEEN]}
    assert count("no_overdue_identity", **wanted) == 0
    for number, value in enumerate(clear):
        connection.execute(sql.SQL("INSERT INTO person (id, seen, {}) VALUES (%s, %s, %s)").format(column), [f"x{number}", OVER, value])
    assert count("no_overdue_identity", **wanted) == len(clear)
    connection.execute("UPDATE person SET seen = %s", [RUNNING])
    assert count("no_overdue_identity", **wanted) == 0


@pytest.mark.parametrize(("values", "found"), [("'1980-01-01', 500", 0), ("'1980-01-02', 500", 1), ("'1980-01-01', 501", 1)])
def test_beside_a_token_everything_else_is_coarse_too(values: str, found: int, connection: Connection, count: Count) -> None:
    connection.execute(f"INSERT INTO person (id, name, born, income) VALUES ('a', '{TOKEN}', {values}), ('b', 'clear', '1980-01-02', 7)")
    columns = {"name": "token", "born": "year", "income": "band:500", "seen": "with-row"}
    assert count("token_form", table="person", columns=columns) == found


# -- what does not fit together is refused -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"held_by": ["closed-debt"], "subject": "id"}, "held_by"),
        ({"subject": ["id", "name"]}, "subject"),
        ({"table": "code", "reaches": "person_id"}, "key a suite"),
        ({"table": "debt", "reaches": ["bank", "number"]}, "reaches"),
    ],
)
def test_a_duty_that_does_not_fit_frame_or_key_is_refused(change: dict[str, Any], message: str) -> None:
    built("overdue_rows_gone", table="person", key="id", duties=[SEEN])
    with pytest.raises(ValidationError, match=message):
        built("overdue_rows_gone", table="person", key="id", duties=[{**SEEN, **change}])


def test_keys_and_references_of_different_lengths_are_refused() -> None:
    child = {"table": "court", "column": ["bank", "number"]}
    with pytest.raises(ValidationError, match="children"):
        built("overdue_rows_gone", table="person", key="id", duties=[SEEN], children=[child])
    with pytest.raises(ValidationError, match="as many columns"):
        built("references_intact", table="court", column="bank", to_table="debt", to_column=["bank", "number"])
