"""How far a PostgreSQL server has written its write-ahead log."""

from __future__ import annotations

import sqlalchemy as sa

from governance.connections import open_engine, translated

_POSITION = sa.text("SELECT CASE WHEN NOT pg_is_in_recovery() THEN CAST(pg_current_wal_insert_lsn() - CAST('0/0' AS pg_lsn) AS bigint) END")


def wal_position(url: str) -> int | None:
    """The server's position in its log, in bytes since its beginning; None on a standby, which writes none. Of the whole server:
    everybody's writing moves it. Raises DatabaseUnavailable, SurroundingsError."""
    with translated(url), open_engine(url, read_only=True).connect() as connection:
        found = connection.scalar(_POSITION)
    return int(found) if found is not None else None
