"""From the words of `shapes` to PostgreSQL. Every query returns one row for each row that should not be as it is.

The formulation is forward: for each governed row the *latest* day until which any duty lets its data be kept, over a UNION ALL of the
duties, compared with today. The engine does the opposite (a cut-off computed once, compared with the start); that is on purpose.

Pure text: executes nothing, reads no clock, imports neither SQLAlchemy nor Great Expectations. Names and literals are of the types in
`shapes`, which admit no quote, colon, percent sign or brace.
"""

# ruff: noqa: S608 - building SQL is this module's job; everything put into it is typed and quoted, see above
from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime

from governance.adapters.great_expectations.shapes import (
    DEPERSONALISED_TOKEN,
    TOKEN_START,
    Calendar,
    Child,
    Condition,
    Duty,
    Form,
    Frame,
    Name,
    Plan,
    PlanStep,
    StartKind,
)

_NEVER = "DATE 'infinity'"
_END_OF_CALENDAR = "DATE '9000-01-01'"  # beyond it a start is a placeholder; date arithmetic could overflow


def ident(name: str) -> str:
    """A quoted identifier."""
    return '"' + name.replace('"', '""') + '"'


def literal(value: str) -> str:
    """A quoted text constant; standard_conforming_strings is on since PostgreSQL 9.1."""
    return "'" + value.replace("'", "''") + "'"


def table(frame: Frame, name: str) -> str:
    """A table with its schema, both quoted."""
    return f"{ident(frame.in_schema)}.{ident(name)}"


def column(path: str) -> str:
    """A column of the row itself (alias `r`), or of a look-up (alias `l_<name>`)."""
    before, _, last = path.rpartition(".")
    return f"{ident('l_' + before) if before else 'r'}.{ident(last)}"


def condition(item: Condition) -> str:
    """Two-valued: an absent value is in no list."""
    if item.null is not None:
        return f"{column(item.column)} IS {'NULL' if item.null else 'NOT NULL'}"
    return f"({column(item.column)} IN ({', '.join(literal(value) for value in item.one_of or ())})) IS TRUE"


def every(conditions: Sequence[Condition]) -> str:
    """All of them hold."""
    return " AND ".join(f"({condition(item)})" for item in conditions)


def any_of(parts: Iterable[str]) -> str:
    """At least one holds; false for none."""
    return " OR ".join(f"({part})" for part in parts) or "false"


def today(frame: Frame, as_of: datetime) -> str:
    """The controller's calendar date at the instant `as_of`, by the server's own time-zone data. Raises ValueError for a naive time."""
    if as_of.tzinfo is None:
        raise ValueError("as_of needs a time zone")
    return f"CAST(TIMESTAMPTZ {literal(as_of.isoformat())} AT TIME ZONE {literal(frame.time_zone)} AS date)"


def start_day(duty: Duty, frame: Frame) -> str:
    """The start event as a date of the controller's calendar."""
    start = column(duty.start)
    if duty.start_kind is StartKind.INSTANT:
        return f"CAST({start} AT TIME ZONE {literal(frame.time_zone)} AS date)"
    if duty.start_kind is StartKind.YEAR:
        return f"make_date(LEAST(GREATEST({start}, 1), 9999), 12, 31)"
    return start


def due_day(duty: Duty, start: str) -> str:
    """First day on which data with this start may no longer be kept.

    PostgreSQL ends a month that has no such day on its last day, as Regulation (EEC, Euratom) 1182/71 art. 3(2)(c) demands. A period from
    an event leaves out the event's own day (art. 3(1)), so its last lawful day is start + period and the day after is the first unlawful.
    """
    if duty.calendar is Calendar.FROM_EVENT:
        return f"CAST({start} + INTERVAL {literal(duty.period)} AS date) + 1"
    new_year = f"make_date(CAST(EXTRACT(YEAR FROM {start}) AS integer) + 1, 1, 1)"
    return f"CAST({new_year} + INTERVAL {literal(duty.period)} AS date)"


def kept_until(duty: Duty, frame: Frame, own_table: str, key: str) -> str:
    """SELECT k, until: the governed row's key and the first day this duty no longer keeps it.

    NULL where the duty does not apply; infinity while it has not begun, its start is unknown or implausible, or something extends it.
    """
    start = start_day(duty, frame)
    stops = [
        f"{start} IS NULL",
        f"{start} < DATE {literal(frame.plausible_from.isoformat())}",
        f"{start} >= {_END_OF_CALENDAR}",
        *([every(duty.not_started_when)] if duty.not_started_when else []),
        *([every(duty.extended_when)] if duty.extended_when else []),
        *(["h.subject IS NOT NULL"] if duty.subject and frame.subject_holds else []),
    ]
    applies = every(duty.applies_when) or "true"
    joins = "".join(
        f" LEFT JOIN {table(frame, look.table)} AS {ident('l_' + name)} ON {ident('l_' + name)}.{ident(look.key)} = {column(look.by)}"
        for name, look in duty.look_ups.items()
    )
    if duty.subject and frame.subject_holds:
        joins += f" LEFT JOIN held AS h ON h.subject = {column(duty.subject)}"
    return (
        f"SELECT {column(duty.reaches or key)} AS k,"
        f" CASE WHEN NOT ({applies}) THEN NULL WHEN {any_of(stops)} THEN {_NEVER} ELSE {due_day(duty, start)} END AS until"
        f" FROM {table(frame, duty.table or own_table)} AS r{joins}"
    )


def latest(duties: Sequence[Duty], frame: Frame, own_table: str, key: str) -> str:
    """WITH ... `latest(k, until)`: for each governed row the latest `until` of all duties that apply to it."""
    held = " UNION ".join(
        f"SELECT {ident(hold.subject)} AS subject FROM {table(frame, hold.table)}"
        f" WHERE {ident(hold.closed)} IS NULL AND {ident(hold.subject)} IS NOT NULL"
        for hold in frame.subject_holds
    )
    kept = " UNION ALL ".join(kept_until(duty, frame, own_table, key) for duty in duties)
    return (
        f"WITH held AS ({held}), " if held else "WITH "
    ) + f"kept AS ({kept}), latest AS (SELECT k, max(until) AS until FROM kept WHERE k IS NOT NULL GROUP BY k) "


def identifying(columns: Mapping[Name, Form]) -> str:
    """Some column still holds what a depersonalised row must not hold."""
    return any_of(_clear(f"r.{ident(name)}", form) for name, form in columns.items() if form is not Form.WITH_ROW)


def _clear(name: str, form: Form) -> str:
    return f"{name} IS NOT NULL" + (f" AND {name} !~ {literal(DEPERSONALISED_TOKEN)}" if form is Form.TOKEN else "")


def overdue_identity(
    frame: Frame, as_of: datetime, name: str, key: str, columns: Mapping[Name, Form], duties: Sequence[Duty]
) -> str:  # fmt: skip
    """Rows whose every duty over `columns` ended and that still identify a person by them."""
    return (
        latest(duties, frame, name, key)
        + f"SELECT 1 FROM {table(frame, name)} AS r JOIN latest ON latest.k = r.{ident(key)}"
        + f" WHERE latest.until <= {today(frame, as_of)} AND ({identifying(columns)})"
    )


def overdue_rows(
    frame: Frame, as_of: datetime, name: str, key: str, children: Sequence[Child], duties: Sequence[Duty]
) -> str:  # fmt: skip
    """Rows whose every duty ended and to which nothing points any more."""
    alone = "".join(
        f" AND NOT EXISTS (SELECT 1 FROM {table(frame, child.table)} AS c WHERE c.{ident(child.column)} = r.{ident(key)})"
        for child in children
    )
    return (
        latest(duties, frame, name, key)
        + f"SELECT 1 FROM {table(frame, name)} AS r JOIN latest ON latest.k = r.{ident(key)}"
        + f" WHERE latest.until <= {today(frame, as_of)}{alone}"
    )


def half_depersonalised(frame: Frame, name: str, columns: Mapping[Name, Form]) -> str:
    """Rows that hold a token beside a clear value, or a token that is none."""
    tokens = [ident(item) for item, form in columns.items() if form is Form.TOKEN]
    some_token = any_of(f"r.{item} ~ {literal(DEPERSONALISED_TOKEN)}" for item in tokens)
    broken = any_of(f"r.{item} ~ {literal(TOKEN_START)} AND r.{item} !~ {literal(DEPERSONALISED_TOKEN)}" for item in tokens)
    return f"SELECT 1 FROM {table(frame, name)} AS r WHERE ({broken}) OR (({some_token}) AND ({identifying(columns)}))"


def orphans(frame: Frame, name: str, by: str, parent: str, parent_key: str) -> str:
    """Rows that point to a row which is not there."""
    return (
        f"SELECT 1 FROM {table(frame, name)} AS c LEFT JOIN {table(frame, parent)} AS p ON p.{ident(parent_key)} = c.{ident(by)}"
        f" WHERE c.{ident(by)} IS NOT NULL AND p.{ident(parent_key)} IS NULL"
    )


def undeclared_columns(frame: Frame, name: str, columns: Sequence[str]) -> str:
    """Columns in the table but not declared, or declared but not there. From the catalogue: grants hide nothing."""
    actual = (
        "SELECT CAST(a.attname AS text) AS name FROM pg_catalog.pg_attribute AS a JOIN pg_catalog.pg_class AS c ON c.oid = a.attrelid"
        " JOIN pg_catalog.pg_namespace AS n ON n.oid = c.relnamespace WHERE a.attnum > 0 AND NOT a.attisdropped"
        f" AND c.relkind IN ('r', 'p') AND n.nspname = {literal(frame.in_schema)} AND c.relname = {literal(name)}"
    )
    return _difference(actual, columns)


def undeclared_tables(frame: Frame, tables: Sequence[str]) -> str:
    """Tables in the schema but not declared, or declared but not there. Plain views hold no data of their own and do not count."""
    actual = (
        "SELECT CAST(c.relname AS text) AS name FROM pg_catalog.pg_class AS c JOIN pg_catalog.pg_namespace AS n ON n.oid = c.relnamespace"
        f" WHERE c.relkind IN ('r', 'p', 'f', 'm') AND NOT c.relispartition AND n.nspname = {literal(frame.in_schema)}"
    )
    return _difference(actual, tables)


def all_empty(frame: Frame, tables: Sequence[str]) -> str:
    """One row if every one of these tables is empty: then this is not the database that was meant."""
    some = any_of(f"EXISTS (SELECT 1 FROM {table(frame, name)})" for name in tables)
    return f"SELECT 1 WHERE NOT ({some})"


def _difference(actual: str, names: Sequence[str]) -> str:
    declared = ", ".join(f"({literal(name)})" for name in names)
    return (
        f"SELECT 1 FROM ({actual}) AS actual FULL JOIN (VALUES {declared}) AS declared(name) ON declared.name = actual.name"
        " WHERE actual.name IS NULL OR declared.name IS NULL"
    )


def plan_mismatches(plan: Plan) -> str:
    """Steps whose chunks, changes, skips and ledger rows do not add up to what was planned, and steps that nobody planned."""
    steps = " UNION ALL ".join(_step(item) for item in plan.steps) or f"{_step_columns('0', '', '', '0')} WHERE false"
    return f"""
WITH planned AS ({steps}),
chunk AS (
  SELECT event_id, CAST(event AS jsonb) -> 'body' AS body
  FROM lethe.outbox
  WHERE position('"chunk.enforced"' IN event) > 0 AND position({literal(plan.digest)} IN event) > 0
    AND CAST(event AS jsonb) ->> 'kind' = 'chunk.enforced' AND CAST(event AS jsonb) -> 'body' ->> 'plan_digest' = {literal(plan.digest)}
),
counted AS (
  SELECT CAST(body ->> 'step' AS bigint) AS step, body ->> 'collection' AS collection, body ->> 'action' AS action,
    CAST(body ->> 'planned' AS bigint) AS rows, CAST(body ->> 'changed' AS bigint) AS changed,
    (SELECT COALESCE(sum(CAST(value AS bigint)), 0) FROM jsonb_each_text(body -> 'skipped')) AS skipped,
    (SELECT count(*) FROM lethe.ledger AS l WHERE l.event_id = chunk.event_id) AS noted,
    (SELECT count(*) FROM lethe.ledger AS l WHERE l.event_id = chunk.event_id
       AND (l.collection, l.action) IS DISTINCT FROM (chunk.body ->> 'collection', chunk.body ->> 'action')) AS misnamed
  FROM chunk
),
done AS (
  SELECT step, collection, action, sum(rows) AS rows, sum(changed) AS changed, sum(skipped) AS skipped, sum(misnamed) AS misnamed,
    count(*) FILTER (WHERE noted <> changed OR changed + skipped <> rows) AS unequal
  FROM counted GROUP BY step, collection, action
)
SELECT 1 FROM planned FULL JOIN done USING (step, collection, action)
WHERE planned.rows IS NULL OR COALESCE(done.rows, 0) <> planned.rows OR COALESCE(done.changed + done.skipped, 0) <> planned.rows
  OR done.unequal > 0 OR done.misnamed > 0"""


def _step(item: PlanStep) -> str:
    return _step_columns(str(item.step), item.collection, item.action, str(item.rows))


def _step_columns(step: str, collection: str, action: str, rows: str) -> str:
    values = f"CAST({step} AS bigint) AS step, {literal(collection)} AS collection, {literal(action)} AS action"
    return f"SELECT {values}, CAST({rows} AS bigint) AS rows"
