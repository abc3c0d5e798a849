"""What stands in the rows of a chunk after the change, where triggers of the table could have made it something else.

The count of changed rows cannot tell: a trigger may put an old value back, or a deleted row. Reads only, inside the chunk's transaction,
and asks deferred constraints and triggers at once, for nothing may come after the look. Raises PlanMismatch; the caller rolls back.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import JSONB

from governance.adapters.keysets import Columns, KeySet, among
from governance.adapters.schema_findings import SET_OFF
from governance.errors import PlanMismatch

_TRIGGERED = sa.text(f"SELECT EXISTS (SELECT FROM {SET_OFF} WHERE c.relname = :name)")  # noqa: S608 - one piece of SQL for two queries, no value in it


def triggered(connection: sa.Connection, table: sa.Table) -> bool:
    """An UPDATE or DELETE of the table sets off somebody's trigger."""
    return bool(connection.scalar(_TRIGGERED, {"name": table.name}))


def require_gone(connection: sa.Connection, table: sa.Table, key: Columns, keys: KeySet) -> None:
    """Raises PlanMismatch if one of the deleted rows stands."""
    connection.exec_driver_sql("SET CONSTRAINTS ALL IMMEDIATE")
    left = connection.scalar(sa.select(sa.func.count()).select_from(table).where(among(key, keys)))
    if left:
        raise PlanMismatch(f"{table.name}: {left} deleted rows stand again, by a trigger; the chunk was rolled back")


def require_written(
    connection: sa.Connection, table: sa.Table, rows: sa.ColumnElement[bool], written: Mapping[sa.Column[Any], sa.ColumnElement[Any]]
) -> None:
    """Raises PlanMismatch if one of the changed `rows` holds something else than was written."""
    connection.exec_driver_sql("SET CONSTRAINTS ALL IMMEDIATE")
    other = sa.or_(*(_comparable(column).is_distinct_from(_comparable(value)) for column, value in written.items()))
    left = connection.scalar(sa.select(sa.func.count()).select_from(table).where(rows, other))
    if left:
        raise PlanMismatch(f"{table.name}: {left} due rows do not hold what was written, by a trigger; the chunk was rolled back")


def _comparable(value: sa.ColumnElement[Any]) -> sa.ColumnElement[Any]:
    """PostgreSQL compares no two values of type json, which it keeps as the text that was written."""
    return sa.cast(value, sa.Text) if isinstance(value.type, sa.JSON) and not isinstance(value.type, JSONB) else value
