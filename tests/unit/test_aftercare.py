"""After-care: what the state of tables and indexes asks for, and what the engine does itself."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from governance.catalogue.aftercare import (
    BLOAT_BYTES,
    UNUSED_BYTES,
    IndexState,
    Mode,
    OpenKey,
    Outcome,
    TableState,
    allowed,
    indexes,
    left_over,
    permission,
    wanted,
)

TABLE = TableState("clients", "public.clients", 900, 100, 100, None, None, 100 * BLOAT_BYTES, 0, ours=True)
INDEX = IndexState("clients", "public.by_city", "by_city", True, False, 0, UNUSED_BYTES, datetime(2026, 1, 5, tzinfo=UTC))
VACUUM = "VACUUM (ANALYZE, TRUNCATE FALSE) public.clients"


def test_dead_rows_ask_for_vacuum_which_takes_statistics_too() -> None:
    advice = wanted(TABLE)
    assert advice is not None
    assert (advice.what, advice.statement) == ("vacuum", VACUUM)
    assert advice.reason.startswith("100 dead rows (10%)")


def test_changed_rows_alone_ask_for_statistics_and_nothing_for_nothing() -> None:
    advice = wanted(replace(TABLE, dead=0))
    assert advice is not None
    assert advice.statement == "ANALYZE public.clients"
    assert wanted(replace(TABLE, dead=0, modified=0)) is None


@pytest.mark.parametrize(
    ("mode", "dead", "modified", "statement"),
    [
        (Mode.ADVISE, 5, 5, None),
        (Mode.ANALYZE, 5, 5, "ANALYZE public.clients"),
        (Mode.ANALYZE, 5, 0, None),
        (Mode.VACUUM, 5, 5, VACUUM),
        (Mode.VACUUM, 5, 0, VACUUM),
        (Mode.VACUUM, 0, 5, "ANALYZE public.clients"),
        (Mode.VACUUM, 0, 0, None),
    ],
)
def test_the_operator_says_how_far_the_engine_goes(mode: Mode, dead: int, modified: int, statement: str | None) -> None:
    advice = allowed(mode, replace(TABLE, dead=dead, modified=modified))
    assert (advice.statement if advice else None) == statement


def test_what_vacuum_could_not_remove_is_told_with_the_reason() -> None:
    assert "an older transaction or a replication slot still sees them" in left_over(TABLE, Mode.VACUUM).reason
    assert left_over(TABLE, Mode.ANALYZE).reason == wanted(TABLE).reason  # type: ignore[union-attr]


def test_a_missing_permission_names_the_statement_that_gives_it() -> None:
    granted = permission(TABLE, "lethe_engine", maintain=True)
    assert granted.statement == "GRANT MAINTAIN ON TABLE public.clients TO lethe_engine"
    older = permission(TABLE, "lethe_engine", maintain=False)
    assert (older.statement, older.outcome) == (VACUUM, Outcome.NOT_ALLOWED)


def test_shares_of_an_empty_table_and_of_one_nobody_looked_at() -> None:
    empty = replace(TABLE, rows=0, dead=0, size=0)
    assert (empty.dead_share, empty.unused_share) == (0.0, 0.0)
    assert replace(TABLE, unused=None).unused_share is None


def test_unused_space_is_told_from_a_share_and_a_size_on() -> None:
    wide = replace(TABLE, size=2 * BLOAT_BYTES, unused=BLOAT_BYTES)
    (advice,) = indexes([wide], [], [])
    assert advice.statement == "REINDEX TABLE CONCURRENTLY public.clients"
    assert list(indexes([replace(wide, unused=BLOAT_BYTES - 1)], [], [])) == []
    assert list(indexes([replace(wide, size=100 * BLOAT_BYTES)], [], [])) == []
    assert list(indexes([replace(wide, unused=None)], [], [])) == []


def test_indexes_that_are_invalid_left_over_or_unused() -> None:
    def statements(index: IndexState) -> list[str]:
        return [item.statement for item in indexes([], [index], [])]

    assert statements(INDEX) == ["DROP INDEX CONCURRENTLY public.by_city"]
    assert statements(replace(INDEX, needed=True)) == []
    assert statements(replace(INDEX, scans=1)) == []
    assert statements(replace(INDEX, size=UNUSED_BYTES - 1)) == []
    assert statements(replace(INDEX, valid=False)) == ["REINDEX INDEX CONCURRENTLY public.by_city"]
    for name in ("by_city_ccnew", "by_city_ccold", "by_city_ccnew1"):
        left = replace(INDEX, name=f"public.{name}", bare_name=name, valid=False)
        assert statements(left) == [f"DROP INDEX CONCURRENTLY public.{name}"]


def test_an_unused_index_says_since_when_its_readers_are_counted() -> None:
    (advice,) = indexes([], [INDEX], [])
    assert "since 2026-01-05" in advice.reason
    (advice,) = indexes([], [replace(INDEX, counted_since=None)], [])
    assert "since the database was made" in advice.reason


def test_a_foreign_key_without_an_index_has_the_statement_that_makes_one() -> None:
    (advice,) = indexes([], [], [OpenKey("clients", 'public."Loans"', "client_id, part")])
    assert advice.statement == 'CREATE INDEX CONCURRENTLY ON public."Loans" (client_id, part)'


def test_nothing_locks_writers_out() -> None:
    said = [wanted(TABLE), wanted(replace(TABLE, dead=0)), left_over(TABLE, Mode.VACUUM)]
    said += indexes(
        [replace(TABLE, size=2 * BLOAT_BYTES, unused=BLOAT_BYTES)], [INDEX, replace(INDEX, valid=False)], [OpenKey("a", "b", "c")]
    )
    for item in said:
        assert item is not None
        assert "FULL" not in item.statement
        assert item.statement.startswith(("VACUUM (ANALYZE, TRUNCATE FALSE)", "ANALYZE")) or "CONCURRENTLY" in item.statement
