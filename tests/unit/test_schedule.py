"""Hours at their worst, the proof of a schedule, terms that overtake each other, and conditions that exclude each other."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from policy_support import pack
from pydantic import TypeAdapter

from governance.policy.calendar import CalendarRule, StartKind, Term, start_of_day
from governance.policy.conditions import Condition
from governance.policy.period import Period
from governance.policy.satisfiable import can_hold
from governance.policy.schedule import cadence_is_kept, ends_before, longest_hours, schedule_proof, shortest_hours

SOFIA = ZoneInfo("Europe/Sofia")


@pytest.mark.parametrize(
    ("period", "shortest", "longest"),
    [
        ("P0D", 0, 0),
        ("P1D", 23, 25),
        ("P30D", 719, 721),
        ("P1W", 167, 169),
        ("P1M", 28 * 24 - 1, 31 * 24 + 1),
        ("P1Y", 365 * 24 - 1, 366 * 24 + 1),
        ("P1Y2M3D", (365 + 56 + 3) * 24 - 1, (366 + 62 + 3) * 24 + 1),
        ("PT24H", 24, 24),
    ],
)
def test_hours_of_a_period(period: str, shortest: int, longest: int) -> None:
    assert shortest_hours(Period.parse(period)) == shortest
    assert longest_hours(Period.parse(period)) == longest


def test_clocks_move_once_however_many_periods_follow_each_other() -> None:
    assert longest_hours(Period(days=1), Period(days=2), Period(hours=5)) == 3 * 24 + 5 + 1


@pytest.mark.parametrize("period", ["P1D", "P30D", "P1M", "P2M", "P1Y", "P18M"])
@pytest.mark.parametrize("zone", ["Europe/Sofia", "Europe/Tallinn", "Asia/Almaty"])
def test_no_real_interval_lies_outside_the_bounds(period: str, zone: str) -> None:
    length, clock = Period.parse(period), ZoneInfo(zone)
    for n in range(0, 3 * 365, 5):
        first = date(2023, 1, 1) + timedelta(days=n)
        hours = (start_of_day(length.after(first), clock) - start_of_day(first, clock)) / timedelta(hours=1)
        assert shortest_hours(length) <= hours <= longest_hours(length)


def with_schedule(**periods: str) -> Any:
    return pack(lambda document: document["schedule"].update(periods))


def test_a_schedule_that_fits_to_the_hour_and_one_that_misses_by_one() -> None:
    exact = with_schedule(scan="P1D", approval="P0D", grace="PT22H", tolerance="P2D")  # 24 + 22 + 1 spent, 48 - 1 tolerated
    assert [(proof.needed, proof.granted, proof.fits) for proof in schedule_proof(exact)] == [(47, 47, True)] * 3
    late = with_schedule(scan="P1D", approval="PT1H", grace="PT22H", tolerance="P2D")
    assert [proof.fits for proof in schedule_proof(late)] == [False] * 3


def test_a_class_may_have_a_tolerance_of_its_own() -> None:
    strict = pack(lambda document: document["deletion_classes"][1].update(tolerance="P1D"))
    assert [(proof.rule.id, proof.granted, proof.fits) for proof in schedule_proof(strict)] == [
        ("loans", 719, True),
        ("decisions", 23, False),
        ("consents", 719, True),
    ]


@pytest.mark.parametrize(
    ("scan", "kept"), [("P1D", True), ("PT25H", True), ("P1W", True), ("PT24H", False), ("PT12H", False), ("P0D", False)]
)
def test_no_scan_is_promised_that_no_night_makes(scan: str, kept: bool) -> None:
    assert cadence_is_kept(with_schedule(scan=scan)) is kept


def term(period: str, rule: CalendarRule = CalendarRule.FROM_EVENT, zone: ZoneInfo = SOFIA) -> Term:
    return Term(Period.parse(period), rule, zone)


@pytest.mark.parametrize(
    ("first", "second", "kind", "expected"),
    [
        (term("P1Y"), term("P5Y"), StartKind.DATE, "always"),
        (term("P5Y"), term("P1Y"), StartKind.DATE, "never"),
        (term("P12M"), term("P1Y"), StartKind.DATE, "never"),
        (term("P5Y"), term("P5Y", CalendarRule.FROM_NEXT_YEAR), StartKind.DATE, "sometimes"),  # not for 31 December
        (term("P365D"), term("P1Y"), StartKind.DATE, "sometimes"),  # only over a 29 February
        (term("P60D"), term("P2M"), StartKind.INSTANT, "sometimes"),
        (term("PT24H", zone=ZoneInfo("UTC")), term("P0D", zone=ZoneInfo("UTC")), StartKind.INSTANT, "never"),  # gone by midnight
        (term("PT24H"), term("P0D"), StartKind.INSTANT, "sometimes"),  # in the first hour of a day of 25
        (term("PT24H"), term("P1D"), StartKind.INSTANT, "sometimes"),  # not before a day of 23
        (term("PT24H"), term("P2D"), StartKind.INSTANT, "always"),
        (term("P4Y"), term("P5Y", CalendarRule.FROM_NEXT_YEAR_AFTER_REPORTING_PERIOD), StartKind.YEAR, "always"),
    ],
)
def test_which_of_two_terms_ends_first(first: Term, second: Term, kind: StartKind, expected: str) -> None:
    assert ends_before(first, second, kind) == expected


def condition(value: object) -> Condition:
    parsed: Condition = TypeAdapter(Condition).validate_python(value)
    return parsed


A, B = {"field": "status", "in": ["a"]}, {"field": "status", "in": ["b"]}
NULL, PRESENT = {"field": "status", "is_null": True}, {"field": "status", "is_null": False}
MORE, LESS = {"field": "days", "greater_than": 45}, {"field": "days", "less_than": 46}


@pytest.mark.parametrize(
    ("these", "none_of", "expected"),
    [
        ([A], [], True),
        ([A, B], [], False),
        ([A, NULL], [], False),
        ([A], [{"any": [A, B]}], False),
        ([{"any": [A, B]}], [A], True),
        ([PRESENT], [A, B], True),  # some other status
        ([PRESENT], [PRESENT], False),
        ([MORE, LESS], [], True),  # 45.5: not every column holds whole numbers
        ([MORE, {"field": "days", "less_than": 45}], [], False),
        ([MORE], [{"field": "days", "is_null": False}], False),
        ([{"field": "days", "in": [7]}, MORE], [], False),
        ([{"field": "days", "in": [46]}, MORE], [LESS], True),
        ([{"field": "days", "is_null": False}], [MORE, LESS], False),
        ([A, {"field": "other", "in": [1]}], [], True),
        ([{"all": [A, {"any": [B, NULL]}]}], [], False),
    ],
)
def test_whether_conditions_can_hold_together(these: list[object], none_of: list[object], expected: bool) -> None:
    assert can_hold(these=[condition(item) for item in these], none_of=[condition(item) for item in none_of]) is expected


def test_a_condition_that_is_not_there() -> None:
    assert can_hold(these=[None], none_of=[None])
    assert can_hold(these=[])
