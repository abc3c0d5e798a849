"""What a connection could try against the evidence on MariaDB and SQLite: refused, and every row as it was.

SQLite knows no roles: whoever may write the file may also drop its triggers, which docs/operating.md says; tried here is what passes by
accident or by the tables' own statements.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable

import pytest
import sqlalchemy as sa
from simulators.lender import Lender
from simulators.portable import PortableLender

from governance.adapters.portable.own_tables import LEDGER, OUTBOX, SEALED

Copy = Callable[[Lender], PortableLender]
TABLES = (OUTBOX, LEDGER, SEALED)


def contents(url: str) -> list[list[tuple[object, ...]]]:
    with sa.create_engine(url, poolclass=sa.NullPool).connect() as connection:
        return [[tuple(row) for row in connection.execute(sa.select(table).order_by(table.c.event_id))] for table in TABLES]


def test_nothing_that_was_written_is_changed(lender: Lender, copy: Copy) -> None:
    made = copy(lender)
    plan = made.approved_plan()
    made.enforce(plan)
    engine = sa.create_engine(made.engine, poolclass=sa.NullPool)
    of_sqlite = engine.dialect.name == "sqlite"
    if of_sqlite:
        with engine.begin() as connection:
            connection.execute(sa.text("INSERT INTO lethe_sealed SELECT event_id, position FROM lethe_outbox LIMIT 1"))
    before = contents(made.engine)
    assert before[0]
    assert before[1]
    passed = []
    for table in TABLES:
        columns = ", ".join(column.name for column in table.columns)
        values = ", ".join(f"'{column.name}'" if column.name in ("event", "key_refs") else column.name for column in table.columns)
        replace = "INSERT OR REPLACE" if of_sqlite else "REPLACE"
        statements = [
            f"UPDATE {table.name} SET event_id = event_id",
            f"DELETE FROM {table.name}",
            f"{replace} INTO {table.name} ({columns}) SELECT {values} FROM {table.name}",
        ]
        if of_sqlite:
            statements.append(f"UPDATE OR REPLACE {table.name} SET event_id = 'another'")
        else:
            statements += [f"TRUNCATE {table.name}", f"DROP TABLE {table.name}", f"DROP TRIGGER {table.name}_delete"]
            statements += [f"ALTER TABLE {table.name} ADD COLUMN more int", f"RENAME TABLE {table.name} TO gone"]
        for statement in statements:
            with engine.connect() as connection:
                try:
                    connection.execute(sa.text(statement))
                    connection.commit()
                    passed.append(statement)
                except sa.exc.DBAPIError:
                    pass
    assert passed == []
    assert contents(made.engine) == before


def test_a_replaced_position_or_number_is_refused_too(lender: Lender, copy: Copy) -> None:
    """The row in the way may be met by any of its unique columns."""
    made = copy(lender)
    if not made.engine.startswith("sqlite"):
        pytest.skip("REPLACE asks for DELETE there")
    made.enforce(made.approved_plan())
    with sqlite3.connect(str(sa.make_url(made.engine).database)) as connection:
        with pytest.raises(sqlite3.IntegrityError, match="lethe_outbox: append-only"):
            connection.execute("INSERT OR REPLACE INTO lethe_outbox SELECT position, 'another', event FROM lethe_outbox LIMIT 1")
        connection.execute("INSERT INTO lethe_sealed SELECT event_id, position FROM lethe_outbox LIMIT 1")
        with pytest.raises(sqlite3.IntegrityError, match="lethe_sealed: append-only"):
            connection.execute(
                "INSERT OR REPLACE INTO lethe_sealed SELECT event_id, (SELECT seq FROM lethe_sealed) FROM lethe_outbox LIMIT 1 OFFSET 1"
            )
    connection.close()
