"""What a scan could read of a database, and why it could not read the rest.

What failed is told by a reason of ours: a driver's own text may quote a value and goes no further than this module.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from sqlalchemy.exc import DBAPIError

from governance.catalogue.inventory import TableFacts
from governance.connections import code_of


class Reason(StrEnum):
    """Why a table, or one column of it, was not read, or not whole."""

    NO_PRIVILEGE = "no privilege"
    ROW_SECURITY = "row security may hide rows"  # read, as far as the role is shown them
    NOT_POPULATED = "not populated"  # a materialized view that holds nothing yet
    TIMEOUT = "timeout"
    LOCKED = "locked"
    GONE = "gone"  # dropped or renamed while the scan ran
    BROKEN = "the database cannot read it"  # a view over what is no more, a function that fails


@dataclass(frozen=True)
class Unreadable:
    """`column` is None where it is about the table."""

    table: str
    reason: Reason
    column: str | None = None


@dataclass(frozen=True)
class Reading:
    """The tables that stand there, and what cannot be read of them. A table that cannot be read stands in both, if its
    columns are known."""

    tables: tuple[TableFacts, ...]
    unreadable: tuple[Unreadable, ...]


_REASONS = {
    **dict.fromkeys(("42501", "1044", "1045", "1142", "1143", "1370"), Reason.NO_PRIVILEGE),
    **dict.fromkeys(("57014", "1317", "1969", "3024", "SQLITE_INTERRUPT"), Reason.TIMEOUT),
    **dict.fromkeys(("55P03", "40P01", "1205", "1213", "SQLITE_BUSY", "SQLITE_LOCKED"), Reason.LOCKED),
    **dict.fromkeys(("42P01", "42703", "3F000", "1146", "1054"), Reason.GONE),
    "55000": Reason.NOT_POPULATED,
}


def reason_of(error: DBAPIError | UnicodeError) -> Reason:
    """Why one table could not be read. Raises the error again if the connection is lost, and with it the scan.

    Whether it is lost, the connection says and no code: a foreign table whose own server is gone fails with those of a lost connection.
    """
    if isinstance(error, UnicodeError):
        return Reason.BROKEN
    if error.connection_invalidated:
        raise error
    return _REASONS.get(code_of(error) or "", Reason.BROKEN)
