"""Questions to the database that may fail by the values they are asked of: each in a savepoint, so that the transaction lives on."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

import psycopg
import sqlalchemy as sa
from sqlalchemy.exc import DBAPIError

from governance.connections import code_of

# Wrong data, a constraint, no such operator, a function that raises, a feature that is not there. Anything else - a lost connection, a
# timeout, a missing privilege - is no answer.
_ANSWERS = ("0A", "21", "22", "23", "2F", "38", "39", "42", "P0")
_NO_ANSWERS = ("42501",)


class Uncomputable(Exception):
    """The database could not compute it. `state` is the SQLSTATE; the message is left behind, for it may quote a value."""

    def __init__(self, state: str) -> None:
        super().__init__(state)
        self.state = state


@contextmanager
def trying(connection: sa.Connection) -> Iterator[None]:
    """Undo what is done inside if the database cannot do it. Raises Uncomputable, and whatever is no answer as it is."""
    try:
        with connection.begin_nested():
            yield
    except (DBAPIError, psycopg.Error) as error:
        state = code_of(error)
        if state is None or not state.startswith(_ANSWERS) or state in _NO_ANSWERS:
            raise
        raise Uncomputable(state) from None


def tried(connection: sa.Connection, statement: str) -> Sequence[Any]:
    """The one row of a query, or () of a statement without rows. Raises Uncomputable."""
    with trying(connection):
        # Without parameters, so that percent signs of a constraint stay what they are.
        result = connection.exec_driver_sql(statement, execution_options={"no_parameters": True})
        return tuple(result.one()) if result.returns_rows else ()
