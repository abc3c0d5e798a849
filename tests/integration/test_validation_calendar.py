"""The suites' calendar, computed by PostgreSQL, against the calendar of the policy, computed by Python: every day of four decades.

Two formulations of the same regulation by two libraries; where they agree on every leap day, month end and clock change, neither is a typo.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from zoneinfo import ZoneInfo

import psycopg
import pytest
import sqlalchemy as sa

from embedded.postgres import EmbeddedPostgres
from governance.adapters.great_expectations import duties
from governance.adapters.great_expectations.shapes import Calendar, Duty, Frame, StartKind
from governance.policy.calendar import CalendarRule, Term
from governance.policy.period import Period

FIRST, LAST = date(1999, 1, 1), date(2040, 12, 31)
SOFIA = ZoneInfo("Europe/Sofia")
FRAME = Frame.parse_obj({"time_zone": "Europe/Sofia", "plausible_from": "1950-01-01"})


@pytest.fixture(scope="module")
def connection(postgres: EmbeddedPostgres) -> Iterator[psycopg.Connection]:
    url = sa.make_url(postgres.url("postgres")).set(drivername="postgresql")
    with psycopg.connect(url.render_as_string(hide_password=False), autocommit=True) as opened:
        yield opened


def duty(period: str, calendar: Calendar, kind: StartKind) -> Duty:
    return Duty.parse_obj({"clause": "x", "start": "start", "start_kind": kind, "period": period, "calendar": calendar})


@pytest.mark.parametrize("calendar", list(Calendar))
@pytest.mark.parametrize("period", ["P5Y", "P10Y", "P12M", "P1M", "P13M", "P60D", "P0D", "P2W", "P1Y2M3D"])
def test_every_day_falls_due_on_the_same_day(period: str, calendar: Calendar, connection: psycopg.Connection) -> None:
    rule = duty(period, calendar, StartKind.DATE)
    query = f"""SELECT start, {duties.due_day(rule, duties.start_day(rule, FRAME))}
                FROM (SELECT CAST(day AS date) AS start FROM generate_series(DATE '{FIRST}', DATE '{LAST}', '1 day') AS day) AS r"""
    term = Term(Period.parse(period), CalendarRule(calendar.value), SOFIA)
    found = connection.execute(query).fetchall()
    assert len(found) == (LAST - FIRST).days + 1
    assert found == [(start, term.due_on(start)) for start, _ in found]


def test_every_half_hour_lies_on_the_same_day_of_the_controllers_calendar(connection: psycopg.Connection) -> None:
    rule = duty("P0D", Calendar.FROM_EVENT, StartKind.INSTANT)
    query = f"""SELECT start, {duties.start_day(rule, FRAME)}
                FROM generate_series(TIMESTAMPTZ '2024-01-01 00:00Z', TIMESTAMPTZ '2026-01-01 00:00Z', '30 minutes') AS r(start)"""
    term = Term(Period.parse("P0D"), CalendarRule.FROM_EVENT, SOFIA)
    found = connection.execute(query).fetchall()
    assert len(found) > 35_000
    assert found == [(start, term.start_date(start)) for start, _ in found]


def test_every_reporting_year_falls_due_on_the_same_day(connection: psycopg.Connection) -> None:
    rule = duty("P10Y", Calendar.FROM_NEXT_YEAR_AFTER_REPORTING_PERIOD, StartKind.YEAR)
    query = f"SELECT start, {duties.due_day(rule, duties.start_day(rule, FRAME))} FROM generate_series(1950, 2100) AS r(start)"
    term = Term(Period.parse("P10Y"), CalendarRule.FROM_NEXT_YEAR_AFTER_REPORTING_PERIOD, SOFIA)
    found = connection.execute(query).fetchall()
    assert found == [(year, term.due_on(term.start_date(year))) for year, _ in found]
