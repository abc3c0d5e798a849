"""Planning waits for nobody all night: what another session keeps locked, or what takes too long, ends it with a word, and nothing is
planned."""

from __future__ import annotations

import pytest
from simulators.lender import AS_OF, Lender

from governance.adapters import postgres as adapter
from governance.errors import DatabaseBusy


@pytest.mark.parametrize("table", ["contracts", "lethe_work.current_plan"])
def test_a_table_that_another_session_keeps_locked_ends_planning(lender: Lender, table: str, monkeypatch: pytest.MonkeyPatch) -> None:
    before = lender.plan()
    frozen = lender.contents("lethe_work")
    monkeypatch.setattr(adapter, "_LOCK_TIMEOUT", "100ms")
    with lender.transaction() as application:
        application.execute(f"LOCK TABLE {table} IN ACCESS EXCLUSIVE MODE".encode())
        with pytest.raises(DatabaseBusy, match=rf"lethe_engine@.*/{lender.name}: gave up after a timeout or deadlock \(LockNotAvailable\)"):
            lender.workplace().plan("night", AS_OF)
    assert lender.contents("lethe_work") == frozen  # the plan before stands, and may be gone on with
    assert lender.registers().latest_plan(lender.dataset.name).digest == before.digest
    assert lender.workplace().plan("night", AS_OF).rows == before.rows  # the lock is gone: try again


def test_a_statement_that_takes_too_long_ends_planning(lender: Lender, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(adapter, "_STATEMENT_TIMEOUT", "1ms")
    with pytest.raises(DatabaseBusy, match=r"gave up after a timeout or deadlock \(QueryCanceled\)"):
        lender.workplace().plan("night", AS_OF)
    assert lender.contents("lethe_work") == {}
