"""What presses a database, seen with the engine's role: waiting sessions, a real standby that lags, slots that hold back WAL."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg
import pytest
from simulators.lender import Lender, make_lender
from simulators.standby import primary, receiver_of, standby_of

from embedded.processes import wait_until
from governance.adapters.install import install_loan_schema
from governance.adapters.pressure import DatabasePressure, Limits
from governance.errors import DatabaseLoginRefused
from governance.ports import Pressure
from governance.samples.copying import connect

QUICK = Limits(waiting_seconds=0.2)


@contextmanager
def gauge(lender: Lender, limits: Limits = QUICK) -> Iterator[DatabasePressure]:
    made = DatabasePressure(lender.engine, limits)
    try:
        yield made
    finally:
        made.close()


@contextmanager
def waiting(lender: Lender, statement: str) -> Iterator[None]:
    """A session of the lender's application that waits for a lock as long as the block lasts."""

    def wait() -> None:
        with lender.connect() as connection:
            connection.execute(statement.encode())

    thread = threading.Thread(target=wait, daemon=True)
    thread.start()
    assert wait_until(lambda: lender.value("SELECT count(*) FROM pg_locks WHERE NOT granted") == 1, 10)
    yield
    lender.ask("SELECT pg_terminate_backend(pid) FROM pg_locks WHERE NOT granted")
    thread.join(10)


@pytest.fixture(autouse=True)
def _a_session_may_be_ended() -> Iterator[None]:
    """The application's thread dies of its session's end, as it should."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(threading, "excepthook", lambda arguments: None)
        yield


def test_a_quiet_database_presses_nobody(lender: Lender) -> None:
    with gauge(lender) as looking:
        looking.require_sight()
        assert looking.pressure() is None


def test_a_session_that_waits_for_another_is_pressure_when_it_has_waited_long(lender: Lender) -> None:
    with gauge(lender) as looking, gauge(lender, Limits(waiting_seconds=60)) as patient, gauge(lender, Limits(0.2, 1)) as allowing:
        with lender.transaction() as application:
            application.execute("UPDATE clients SET email = email WHERE client_id = 1")
            with waiting(lender, "UPDATE clients SET email = email WHERE client_id = 1"):
                assert wait_until(lambda: looking.pressure() is not None, 5)
                found = looking.pressure()
                assert found is not None
                assert found.kind == "waiting locks"
                assert found.told.startswith("1 sessions wait for locks, the longest for ")
                assert patient.pressure() is None
                assert allowing.pressure() is None
        assert looking.pressure() is None


def test_a_session_that_waits_for_the_enforcement_itself_is_pressure_at_once(lender: Lender) -> None:
    with gauge(lender, Limits(waiting_seconds=60)) as looking, connect(lender.engine) as ours:
        ours.execute("UPDATE clients SET email = email WHERE client_id = 1")
        with waiting(lender, "UPDATE clients SET email = email WHERE client_id = 1"):
            assert looking.pressure() == Pressure("waiting locks", "1 sessions wait for locks of this enforcement")


@pytest.mark.parametrize("who", ["lethe_engine", "an elected leader"])
def test_those_who_wait_for_good_reason_press_nobody(lender: Lender, who: str) -> None:
    """A worker of ours in the middle of a transaction, and an application that waits to become the leader."""
    with lender.transaction() as holder, gauge(lender) as looking:
        if who == "lethe_engine":
            holder.execute("UPDATE clients SET email = email WHERE client_id = 1")
            statement, user = "UPDATE clients SET email = email WHERE client_id = 1", lender.engine
        else:
            holder.execute("SELECT pg_advisory_xact_lock(7)")
            statement, user = "SELECT pg_advisory_xact_lock(7)", lender.admin

        def wait() -> None:
            with connect(user) as connection:
                connection.execute(statement.encode())

        thread = threading.Thread(target=wait, daemon=True)
        thread.start()
        long = "SELECT count(*) FROM pg_locks WHERE NOT granted AND waitstart < clock_timestamp() - interval '0.3 s'"
        assert wait_until(lambda: lender.value(long) == 1, 10)
        assert looking.pressure() is None
        holder.rollback()
        thread.join(10)


# -- replication --------------------------------------------------------------------------------------------------------------------


@pytest.mark.slow
def test_standbys_and_slots(tmp_path: Path) -> None:
    """One server and one standby for all of it: they take a while to start."""
    with primary() as server:
        lender = make_lender(server, tmp_path, tiny=True)

        def write(megabytes: int) -> None:
            lender.ask(f"SELECT pg_logical_emit_message(false, 'test', repeat('x', 1048576)) FROM generate_series(1, {megabytes})")

        def pressure(**limits: object) -> Pressure | None:
            with gauge(lender, Limits(**limits)) as looking:  # type: ignore[arg-type]
                return looking.pressure()

        # Named, and not there; none at all.
        assert pressure(standbys=("reporting",)) == Pressure("standby lag", "standby reporting is not connected")
        assert pressure() is None

        with standby_of(server, "reporting") as standby:
            assert wait_until(lambda: pressure(standbys=("reporting",)) is None, 20)
            # It receives and does not replay.
            standby.stop_replaying()
            write(8)
            assert wait_until(lambda: pressure(lag_megabytes=4) is not None, 10)
            found = pressure(lag_megabytes=4)
            assert found is not None
            assert found.told.startswith("standby reporting is 8.")
            assert pressure(lag_megabytes=4, standbys=()) is None
            assert pressure(lag_megabytes=100) is None
            # Not much, but for long: seen to stand still, whatever lag it reported last.
            with gauge(lender, Limits(lag_seconds=0.5)) as looking:
                assert looking.pressure() is None
                assert wait_until(lambda: looking.pressure() is not None, 10)
                standby.go_on_replaying()
                assert wait_until(lambda: looking.pressure() is None, 10)

            # A role that may not see says so.
            with connect(server.url(lender.name)) as admin:
                admin.execute("REVOKE pg_read_all_stats FROM lethe_owner")
            blind(lender)
            install_loan_schema(lender.admin, lender.dataset)
            with gauge(lender) as looking:
                looking.require_sight()
            lender.ask("DROP FUNCTION lethe.standbys()")
            blind(lender)

        # An archive replays nothing, and flushes whole segments only.
        install_loan_schema(lender.admin, lender.dataset)
        with receiver_of(server, "archive"), gauge(lender, Limits(lag_seconds=2.5)) as looking:
            assert wait_until(lambda: looking.pressure() is None and lender.value("SELECT count(*) FROM pg_stat_replication") == 1, 10)
            write(1)
            time.sleep(4)
            assert wait_until(lambda: looking.pressure() is None, 5)
            assert lender.value("SELECT replay_lsn IS NULL AND flush_lsn IS NULL AND write_lsn IS NOT NULL FROM pg_stat_replication")

        lender.ask("SELECT pg_create_physical_replication_slot('forgotten', true)")
        write(8)
        found = pressure(slot_megabytes=4)
        assert found is not None
        assert found.kind == "replication slot"
        assert found.told.startswith("replication slot forgotten holds back ")
        assert pressure() is None


def blind(lender: Lender) -> None:
    with (
        gauge(lender) as looking,
        pytest.raises(DatabaseLoginRefused, match=r"run `governance install` again as a superuser.*`standbys: \[\]`"),
    ):
        looking.require_sight()
    with gauge(lender, Limits(standbys=())) as looking:
        looking.require_sight()
        assert looking.pressure() is None


def test_the_engine_cannot_read_what_others_ask(lender: Lender) -> None:
    """Why it is a function and not membership in pg_monitor."""
    with lender.transaction() as application, connect(lender.engine) as ours:
        application.execute("SELECT 'somebody'")
        texts = ours.execute("SELECT query FROM pg_stat_activity WHERE usename <> current_user AND datname = current_database()").fetchall()
        assert set(texts) == {("<insufficient privilege>",)}
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            ours.execute("SET ROLE lethe_owner")
