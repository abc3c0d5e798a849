"""After-care of the tables a run has worked: what their state asks for, each time with the statement to run. Pure; executes nothing.

An erased value still stands on disk, in a dead row, until the table is vacuumed; so vacuuming is part of erasing, and no mere housekeeping.
No statement here takes a lock that keeps others from writing: VACUUM leaves out the truncation at its end, indexes are built and dropped
CONCURRENTLY. VACUUM FULL is never advised.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum

BLOAT_SHARE, BLOAT_BYTES = 0.3, 8 << 20
"""From where on unused space is worth a word: this share of a table of at least so many unused bytes."""
UNUSED_BYTES = 8 << 20
"""An index that nobody reads costs something from this size on."""
_LEFT_OVER = ("_ccnew", "_ccold")
"""How PostgreSQL names what a REINDEX CONCURRENTLY that failed leaves behind."""


class Mode(StrEnum):
    """What the operator lets the engine do itself."""

    ADVISE = "advise"
    ANALYZE = "analyze"
    VACUUM = "vacuum"


class Outcome(StrEnum):
    """What became of a piece of advice: done by us; left to a person; tried or wanted, and not allowed, or the table was busy."""

    DONE = "done"
    ADVISED = "advised"
    NOT_ALLOWED = "not-allowed"
    BUSY = "busy"


@dataclass(frozen=True)
class TableState:
    """A table, its partitions taken together. `name` is quoted, with its schema. Rows and dead rows as the server's statistics count them.

    `vacuumed_at` and `analyzed_at` are the last time of either kind, by hand or automatic; of partitions the one done longest ago.
    `unused` is how many bytes its rows would not need, estimated from the widths that ANALYZE saw; None where it never looked. `ours`: the
    engine's role may vacuum and analyze it.
    """

    collection: str
    name: str
    rows: int
    dead: int
    modified: int
    vacuumed_at: datetime | None
    analyzed_at: datetime | None
    size: int
    unused: int | None
    ours: bool

    @property
    def dead_share(self) -> float:
        """Dead rows among all that stand on disk, 0 to 1."""
        return self.dead / (self.rows + self.dead) if self.dead else 0.0

    @property
    def unused_share(self) -> float | None:
        """Unused bytes among all, 0 to 1; None where nothing is known."""
        return None if self.unused is None else (self.unused / self.size if self.size else 0.0)


@dataclass(frozen=True)
class IndexState:
    """An index of such a table. `needed`: it is unique, of a constraint, or a foreign key is looked up by it. `scans` are those counted
    since `counted_since`, None: since the database was made."""

    collection: str
    name: str
    bare_name: str
    valid: bool
    needed: bool
    scans: int
    size: int
    counted_since: datetime | None


@dataclass(frozen=True)
class OpenKey:
    """A foreign key to such a table whose columns lead no index: deletes scan the child once for each row. Names are quoted."""

    collection: str
    child: str
    columns: str


@dataclass(frozen=True)
class Advice:
    """One thing to do. `statement` can be run as it stands."""

    collection: str
    what: str
    reason: str
    statement: str
    outcome: Outcome = Outcome.ADVISED


@dataclass(frozen=True)
class Care:
    """The tables after the run, as they were found and, where something was done, are now; and all advice."""

    mode: Mode
    tables: tuple[TableState, ...]
    advice: tuple[Advice, ...]

    @property
    def done(self) -> int:
        """How many pieces of advice were carried out."""
        return sum(item.outcome is Outcome.DONE for item in self.advice)


def vacuum(table: TableState) -> Advice:
    """Remove the dead rows and bring statistics up to date. TRUNCATE FALSE: giving space back would lock the table for a moment."""
    reason = f"{table.dead:,} dead rows ({table.dead_share:.0%}): until it is vacuumed, what was erased may still stand on disk"
    return Advice(table.collection, "vacuum", reason, f"VACUUM (ANALYZE, TRUNCATE FALSE) {table.name}")


def analyze(table: TableState) -> Advice:
    """Bring statistics up to date."""
    reason = f"{table.modified:,} rows were changed since statistics were taken; the server plans by the old ones"
    return Advice(table.collection, "analyze", reason, f"ANALYZE {table.name}")


def wanted(table: TableState) -> Advice | None:
    """What a table's rows ask for: vacuuming, which takes statistics too; else statistics; else nothing."""
    if table.dead:
        return vacuum(table)
    return analyze(table) if table.modified else None


def allowed(mode: Mode, table: TableState) -> Advice | None:
    """What the engine is to do itself to a table; None for nothing."""
    if mode is Mode.VACUUM:
        return wanted(table)
    return analyze(table) if mode is Mode.ANALYZE and table.modified else None


def left_over(table: TableState, mode: Mode) -> Advice:
    """What a table still asks for after we did what we were let."""
    if mode is not Mode.VACUUM:
        return vacuum(table)
    reason = f"{table.dead:,} dead rows could not be removed yet: an older transaction or a replication slot still sees them"
    return replace(vacuum(table), reason=reason)


def permission(table: TableState, role: str, *, maintain: bool) -> Advice:
    """How the role comes to be allowed to do it. `role` is quoted; `maintain`: the server knows the privilege (PostgreSQL 17 on)."""
    if maintain:
        statement = f"GRANT MAINTAIN ON TABLE {table.name} TO {role}"
        return Advice(table.collection, "grant", f"{role} may not vacuum or analyze it", statement, Outcome.NOT_ALLOWED)
    reason = f"{role} may not: before PostgreSQL 17 only the owner vacuums and analyzes; let the owner run it"
    return Advice(table.collection, "owner", reason, f"VACUUM (ANALYZE, TRUNCATE FALSE) {table.name}", Outcome.NOT_ALLOWED)


def indexes(tables: Iterable[TableState], found: Iterable[IndexState], keys: Iterable[OpenKey]) -> Iterator[Advice]:
    """Advice on space and indexes, which is for a person alone: in the order of tables, indexes and keys."""
    for table in tables:
        share = table.unused_share
        if table.unused is not None and share is not None and table.unused >= BLOAT_BYTES and share >= BLOAT_SHARE:
            reason = f"about {table.unused >> 20:,} MiB ({share:.0%}) unused; new rows fill the table, its indexes stay as wide as they are"
            yield Advice(table.collection, "reindex", reason, f"REINDEX TABLE CONCURRENTLY {table.name}")
    for index in found:
        if not index.valid and index.bare_name.rstrip("0123456789").endswith(_LEFT_OVER):
            reason = "left behind by a REINDEX CONCURRENTLY that failed: it is kept up to date and never read"
            yield Advice(index.collection, "drop-index", reason, f"DROP INDEX CONCURRENTLY {index.name}")
        elif not index.valid:
            yield Advice(index.collection, "reindex", "invalid: no query may use it", f"REINDEX INDEX CONCURRENTLY {index.name}")
        elif not index.needed and not index.scans and index.size >= UNUSED_BYTES:
            since = f"since {index.counted_since:%Y-%m-%d}" if index.counted_since else "since the database was made"
            reason = f"{index.size >> 20:,} MiB and not read once {since}, on this server; replicas count for themselves"
            yield Advice(index.collection, "drop-index", reason, f"DROP INDEX CONCURRENTLY {index.name}")
    for key in keys:
        reason = "a foreign key without an index: each deleted row scans the whole table"
        yield Advice(key.collection, "create-index", reason, f"CREATE INDEX CONCURRENTLY ON {key.child} ({key.columns})")
