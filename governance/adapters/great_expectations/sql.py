"""The queries of the expectations. Each returns one row for each row that should not be as it is.

Pure text: executes nothing, reads no clock, imports neither SQLAlchemy nor Great Expectations. What the duties say of a row is put together
in `duties`; here is what is then asked of it.
"""

# ruff: noqa: S608 - building SQL is this module's job; everything put into it is typed and quoted, see `fragments`
from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

from governance.adapters.great_expectations.duties import OVERDUE, judged, judged_is
from governance.adapters.great_expectations.fragments import any_of, equal, ident, literal, present, table
from governance.adapters.great_expectations.inside import clear_inside, is_inside
from governance.adapters.great_expectations.shapes import (
    DEPERSONALISED_TOKEN,
    NETWORK,
    TOKEN_START,
    Child,
    Duty,
    Form,
    Frame,
    Name,
    Place,
    Plan,
    PlanStep,
)
from governance.catalogue.regions import REGION_NAMES


def clear(name: str, form: Form) -> str:
    """The column holds something, and not in the form that a depersonalised row may show."""
    word, _, number = form.partition(":")
    match word:
        case "with-row":
            return "false"
        case "empty":
            unlike = "true"
        case "token":
            unlike = f"{name} !~ {literal(DEPERSONALISED_TOKEN)}"
        case "year" | "month":
            unlike = f"CAST({name} AS date) <> CAST(date_trunc({literal(word)}, CAST({name} AS date)) AS date)"
        case "band":
            unlike = f"mod(CAST({name} AS numeric), {number}) <> 0"
        case "prefix":
            unlike = f"char_length({name}) > {number}"
        case "constant":
            unlike = f"{name} <> {literal(number)}"  # of the column's own type
        case "region":
            unlike = f"{name} NOT IN ({', '.join(literal(region) for region in REGION_NAMES)})"
        case _:
            unlike = f"{name} !~ {literal(NETWORK)}"
    return f"{name} IS NOT NULL AND {unlike}"


def identifying(columns: Mapping[Place, Form] | Mapping[Name, Form]) -> str:
    """Some column, or some value inside its documents, still holds what a depersonalised row must not hold."""
    return any_of(clear_inside(place, form) if is_inside(place) else clear(f"r.{ident(place)}", form) for place, form in columns.items())


def overdue_identity(
    frame: Frame, as_of: datetime, name: str, key: Sequence[str], columns: Mapping[Place, Form], duties: Sequence[Duty]
) -> str:  # fmt: skip
    """Rows that the duties over `columns` let stay no longer and that still identify a person by them."""
    return f"{_overdue(frame, as_of, name, key, duties)} AND ({identifying(columns)})"


def overdue_rows(
    frame: Frame, as_of: datetime, name: str, key: Sequence[str], children: Sequence[Child], duties: Sequence[Duty]
) -> str:  # fmt: skip
    """Rows that the duties let stay no longer and to which nothing points any more, not even a row of their own table."""
    own = [f"r.{ident(part)}" for part in key]
    pointing = ((child.table, equal((f"c.{ident(part)}" for part in child.column), own)) for child in children)
    alone = "".join(f" AND NOT EXISTS (SELECT 1 FROM {table(frame, child)} AS c WHERE {here})" for child, here in pointing)
    return _overdue(frame, as_of, name, key, duties) + alone


def _overdue(frame: Frame, as_of: datetime, name: str, key: Sequence[str], duties: Sequence[Duty]) -> str:
    return (
        judged(frame, as_of, name, key, duties) + f"SELECT 1 FROM {table(frame, name)} AS r JOIN judged ON {judged_is(key)} WHERE {OVERDUE}"
    )


def half_depersonalised(frame: Frame, name: str, columns: Mapping[Name, Form]) -> str:
    """Rows that hold a token beside a clear value, or a token that is none."""
    tokens = [ident(item) for item, form in columns.items() if form == "token"]
    some_token = any_of(f"r.{item} ~ {literal(DEPERSONALISED_TOKEN)}" for item in tokens)
    broken = any_of(f"r.{item} ~ {literal(TOKEN_START)} AND r.{item} !~ {literal(DEPERSONALISED_TOKEN)}" for item in tokens)
    return f"SELECT 1 FROM {table(frame, name)} AS r WHERE ({broken}) OR (({some_token}) AND ({identifying(columns)}))"


def orphans(frame: Frame, name: str, by: Sequence[str], parent: str, parent_key: Sequence[str]) -> str:
    """Rows that point to a row which is not there. A reference with an empty part points nowhere."""
    pointing = [f"c.{ident(part)}" for part in by]
    target = [f"p.{ident(part)}" for part in parent_key]
    return (
        f"SELECT 1 FROM {table(frame, name)} AS c LEFT JOIN {table(frame, parent)} AS p ON {equal(target, pointing)}"
        f" WHERE {present(pointing)} AND {target[0]} IS NULL"
    )


def orphaned_large_objects(frame: Frame, columns: Mapping[Name, Sequence[Name]]) -> str:
    """Large objects to which none of these columns refers."""
    referred = "".join(
        f" AND NOT EXISTS (SELECT 1 FROM {table(frame, name)} AS r WHERE r.{ident(item)} = m.oid)"
        for name, items in columns.items()
        for item in items
    )
    return f"SELECT 1 FROM pg_catalog.pg_largeobject_metadata AS m WHERE true{referred}"


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
    """Steps whose chunks, changes, skips and ledger entries do not add up to what was planned, and steps that nobody planned."""
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
    (SELECT COALESCE(sum(cardinality(l.key_refs)), 0) FROM lethe.ledger AS l WHERE l.event_id = chunk.event_id) AS noted,
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
