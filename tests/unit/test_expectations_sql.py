"""The words of suites and the SQL they become: what is refused, and what is quoted how. Needs no database and no Great Expectations."""

from __future__ import annotations

import sys
from datetime import UTC, datetime

import pytest
import sqlalchemy as sa
from pydantic.v1 import ValidationError, parse_obj_as

from governance.adapters.great_expectations import duties, fragments, sql
from governance.adapters.great_expectations.shapes import Child, Condition, Duty, Form, Frame, LookUp, Name, Plan, SubjectHold

FRAME = Frame.parse_obj({"schema": "Loan Book", "time_zone": "Europe/Sofia", "plausible_from": "1950-01-01"})
AS_OF = datetime(2026, 3, 1, 1, tzinfo=UTC)
DUTY = {"clause": "art. 1", "start": "ended_on", "period": "P5Y", "calendar": "from-next-year"}
ODD = ['a"b', "a'b", "a;b", "a:b", "a%b", "a{b}", "a\\b", "a\nb", "a\n", "", "1a", "a" * 64]


@pytest.mark.parametrize("name", ODD)
def test_names_that_could_leave_their_quotes_are_refused(name: str) -> None:
    with pytest.raises(ValidationError):
        Child(table=name, column="id")


@pytest.mark.parametrize("name", ["clients", "Loan Book", "клиенти", "a$b", "naïve"])
def test_ordinary_names_of_any_script_pass(name: str) -> None:
    assert fragments.table(FRAME, Child(table=name, column="id").table) == f'"Loan Book"."{name}"'


@pytest.mark.parametrize("value", ["o'clock", "a;b", "a :b", "%s", "{batch}", "\\", "x\n", "$$"])
def test_literals_that_would_need_escaping_are_refused(value: str) -> None:
    with pytest.raises(ValidationError):
        Condition.parse_obj({"column": "status", "in": [value]})


@pytest.mark.parametrize("period", ["5 years", "P", "PT", "P5Y'", "P-1Y", "P1.5Y", "P5Y\n", "P1DT2H", "PT1.5H", "PT90M", ""])
def test_a_period_is_an_iso_period_of_calendar_parts_or_of_hours(period: str) -> None:
    with pytest.raises(ValidationError):
        Duty.parse_obj({**DUTY, "period": period})


@pytest.mark.parametrize(
    "change",
    [
        {"start": "a.b.c"},
        {"sql": "SELECT 1"},
        {"table": "contracts"},
        {"reaches": "client_id"},
        {"calendar": "from-today"},
        {"period": "PT24H", "start_kind": "instant"},
        {"period": "PT24H", "calendar": "from-event"},
        {"effect": "may-erase"},
        {"held_by": ["open-debt"]},
        {"held_by": ["Open' debt"], "subject": "client_id"},
        {"table": "contracts", "reaches": []},
        {"look_ups": {"contract": {"by": ["a", "b"], "table": "contracts", "key": "id"}}},
        {"applies_when": [{"column": "balance", "above": "0"}]},
        {"applies_when": [{"column": "balance", "above": 0.5}]},
        {"applies_when": [{"column": "balance", "below": True}]},
        {"applies_when": [{"column": "balance", "above": 0, "below": 9}]},
        {"applies_when": [{"column": "status"}]},
        {"applies_when": [{"column": "status", "in": []}]},
        {"applies_when": [{"column": "status", "in": ["a"], "null": True}]},
    ],
)
def test_a_duty_that_does_not_say_one_clear_thing_is_refused(change: dict[str, object]) -> None:
    Duty.parse_obj(DUTY)
    with pytest.raises(ValidationError):
        Duty.parse_obj({**DUTY, **change})


@pytest.mark.parametrize(
    "form", ["band", "band:0", "band:-5", "band:5 ", "band:5; DROP", "prefix:1234567890", "network:24", "year:1", "tokens", ""]
)
def test_a_form_is_one_of_the_words_and_a_plain_number(form: str) -> None:
    parse_obj_as(Form, "band:500")
    with pytest.raises(ValidationError):
        parse_obj_as(Form, form)


@pytest.mark.parametrize(
    "hold",
    [
        {"closed": "closed_on", "active_when": [{"column": "closed_on", "null": True}]},
        {},
        {"active_when": []},
        {"closed": "closed_on", "id": "open debt"},
    ],
)
def test_a_subject_hold_says_in_one_way_when_it_is_active(hold: dict[str, object]) -> None:
    said = {"clause": "art. 21", "table": "disputes", "subject": "client_id"}
    SubjectHold.parse_obj({**said, "closed": "closed_on"})
    with pytest.raises(ValidationError):
        SubjectHold.parse_obj({**said, **hold})


def test_nothing_in_a_query_is_taken_for_a_bind_parameter() -> None:
    look = LookUp(by="contract_id", table="contracts", key="contract_id")
    duty = Duty.parse_obj({**DUTY, "start": "contract.ended_at", "start_kind": "instant", "look_ups": {"contract": look}})
    forms = {Name(form.partition(":")[0]): Form(form) for form in ("token", "empty", "year", "month", "band:500", "prefix:2", "network")}
    hours = Duty.parse_obj({**DUTY, "start_kind": "instant", "period": "PT24H", "calendar": "from-event", "subject": ["a", "b"]})
    queries = [
        sql.overdue_identity(FRAME, AS_OF, "clients", ["client_id"], forms, [duty]),
        sql.overdue_rows(FRAME, AS_OF, "clients", ["bank", "number"], [], [hours]),
        sql.plan_mismatches(Plan.parse_obj({"digest": "0" * 64, "steps": [{"step": 1, "collection": "a", "action": "delete", "rows": 2}]})),
    ]
    assert [sa.text(query).compile().params for query in queries] == [{}, {}, {}]
    assert not [query for query in queries if "%" in query]


def test_a_naive_reference_time_is_refused() -> None:
    with pytest.raises(ValueError, match="time zone"):
        duties.today(FRAME, AS_OF.replace(tzinfo=None))


def test_columns_that_leave_with_the_row_never_identify_alone() -> None:
    assert sql.identifying({Name("amount"): Form("with-row")}) == "(false)"


def test_reading_suites_does_not_import_great_expectations() -> None:
    import subprocess

    words = "import sys, governance.adapters.great_expectations.runner; sys.exit('great_expectations' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", words], check=False).returncode == 0
