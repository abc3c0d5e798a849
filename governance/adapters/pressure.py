"""How hard a loan database is pressed: sessions that wait for locks, standbys that lag, replication slots that hold back WAL.

Sessions and slots are open to every role. How far a standby is behind is not: `lethe.standbys()`, which `governance install` makes, tells
the engine's role that and nothing else; pg_monitor would let it read the texts of other people's queries. Where the function is missing
or sees nothing, `require_sight` says so before a run: throttling blindly would be none.

A standby that has stalled reports the lag it measured last. So its seconds are also counted from when it was last seen to come further.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass

import sqlalchemy as sa

from governance.connections import open_engine, place, translated
from governance.errors import DatabaseLoginRefused
from governance.ports import Pressure

_MEGABYTE = 1024 * 1024


@dataclass(frozen=True)
class Limits:
    """Beyond these a transaction waits, in seconds and megabytes. `waiting_sessions` may wait for a lock longer than `waiting_seconds`.
    `standbys` are application names that must be there; None: whichever are connected; empty: nobody looks at them."""

    waiting_seconds: float = 1.0
    waiting_sessions: int = 0
    lag_seconds: float = 20.0  # twice the interval at which a standby reports in any case (wal_receiver_status_interval)
    lag_megabytes: int = 256
    slot_megabytes: int = 4096
    standbys: tuple[str, ...] | None = None


class DatabasePressure:
    """See the module. `url` is the engine role's. Keeps an idle session; `close` ends it. One thread at a time."""

    def __init__(self, url: str, limits: Limits, stopwatch: Callable[[], float] = time.monotonic) -> None:
        self._url, self._limits, self._stopwatch = url, limits, stopwatch
        self._engine = open_engine(url, read_only=True, keep=True).execution_options(isolation_level="AUTOCOMMIT")
        self._seen: dict[str, tuple[int, float]] = {}  # how far each standby has come, and when that was first seen

    def close(self) -> None:
        """End the session."""
        self._engine.dispose()

    def require_sight(self) -> None:
        """Raises DatabaseLoginRefused where there are standbys to look at and no right to see how far they are behind."""
        wanted = self._limits.standbys
        if wanted == ():
            return
        with translated(self._url), self._engine.connect() as connection:
            if wanted is None and not connection.scalar(_SENDERS):
                return
            self._positions(connection)

    def pressure(self) -> Pressure | None:
        """The first of waiting sessions, lagging standbys, growing slots that is beyond its limit."""
        with translated(self._url), self._engine.connect() as connection:
            return self._waiting(connection) or self._lagging(connection) or self._growing(connection)

    def _waiting(self, connection: sa.Connection) -> Pressure | None:
        waiting, longest, ours = connection.execute(_WAITING, {"seconds": self._limits.waiting_seconds}).one()
        if ours:
            return Pressure("waiting locks", f"{ours} sessions wait for locks of this enforcement")
        if waiting > self._limits.waiting_sessions:
            return Pressure("waiting locks", f"{waiting} sessions wait for locks, the longest for {longest:.0f} s")
        return None

    def _lagging(self, connection: sa.Connection) -> Pressure | None:
        limits = self._limits
        if limits.standbys == () or (limits.standbys is None and not connection.scalar(_SENDERS)):
            return None
        found = self._positions(connection)
        for name in limits.standbys if limits.standbys is not None else found:
            if name not in found:
                return Pressure("standby lag", f"standby {name} is not connected")
            behind, seconds = found[name]
            if behind > limits.lag_megabytes * _MEGABYTE or (behind > 0 and seconds > limits.lag_seconds):
                return Pressure("standby lag", f"standby {name} is {behind / _MEGABYTE:.1f} MB and {seconds:.0f} s behind")
        return None

    def _positions(self, connection: sa.Connection) -> dict[str, tuple[int, float]]:
        """Bytes and seconds behind, by standby. Raises DatabaseLoginRefused where they are hidden."""
        rows = connection.execute(_STANDBYS).all() if connection.scalar(_INSTALLED) else None
        if rows is None or any(row.reached is None for row in rows):
            raise DatabaseLoginRefused(
                f"{place(self._url)}: the role cannot see how far standbys are behind; run `governance install` again as a superuser, or as"
                " a role that may grant pg_read_all_stats, or say `standbys: []` under `live` to enforce without looking at them"
            )
        found, now = dict[str, tuple[int, float]](), self._stopwatch()
        for name, reached, behind, seconds in rows:
            known = self._seen.get(name)
            if known is None or known[0] != reached:
                known = self._seen[name] = reached, now
            found[name] = behind, max(seconds, now - known[1])
        return found

    def _growing(self, connection: sa.Connection) -> Pressure | None:
        found = connection.execute(_SLOTS, {"bytes": self._limits.slot_megabytes * _MEGABYTE}).first()
        if found is None:
            return None
        return Pressure("replication slot", f"replication slot {found.slot_name} holds back {found.bytes / _MEGABYTE:.0f} MB of WAL")


# Sessions of our own role are no pressure: a worker that waits is in the middle of its transaction. Nor are those that wait for an advisory
# lock: applications elect their leaders so, and those who lost wait for ever.
_WAITING = sa.text(
    "SELECT count(*) FILTER (WHERE since < clock_timestamp() - make_interval(secs => :seconds)),"
    " coalesce(max(extract(epoch FROM clock_timestamp() - since)), 0),"
    " count(*) FILTER (WHERE pg_blocking_pids(pid) && ARRAY(SELECT s.pid FROM pg_stat_activity s WHERE s.usename = current_user))"
    " FROM (SELECT l.pid, min(l.waitstart) AS since FROM pg_locks l JOIN pg_stat_activity a USING (pid) WHERE NOT l.granted"
    " AND l.locktype <> 'advisory' AND a.datname = current_database() AND a.usename <> current_user GROUP BY l.pid) AS waiting"
)
_SENDERS = sa.text("SELECT count(*) FROM pg_stat_replication")
_INSTALLED = sa.text("SELECT to_regprocedure('lethe.standbys()') IS NOT NULL")
# Several of one name are one standby that is as far as the last of them.
_STANDBYS = sa.text(
    "SELECT name, min(reached) AS reached, max(lag_bytes), max(lag_seconds) FROM lethe.standbys() GROUP BY name ORDER BY name"
)
_SLOTS = sa.text(
    "SELECT slot_name, pg_wal_lsn_diff(pg_current_wal_lsn(), restart_lsn) AS bytes FROM pg_replication_slots"
    " WHERE pg_wal_lsn_diff(pg_current_wal_lsn(), restart_lsn) > :bytes ORDER BY bytes DESC LIMIT 1"
)
