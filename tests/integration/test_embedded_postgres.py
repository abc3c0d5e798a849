"""The embedded PostgreSQL keeps its data through a crash, guards its passwords and touches nothing that is not its own."""

from __future__ import annotations

import os
import stat
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import psycopg
import pytest
from sqlalchemy import create_engine, make_url, text
from sqlalchemy.exc import OperationalError
from sqlalchemy.pool import NullPool

from embedded import processes
from embedded.postgres import EmbeddedPostgres
from governance.errors import SurroundingsError

pytestmark = pytest.mark.slow


@pytest.fixture
def server(tmp_path: Path) -> Iterator[EmbeddedPostgres]:
    """A server of the test's own, in a folder that the account it drops to cannot enter (pytest makes it 0700)."""
    server = EmbeddedPostgres(tmp_path / "postgres", die_with_parent=True)
    server.start()
    yield server
    server.remove()


def ask(url: str, statement: str) -> list[tuple[object, ...]]:
    engine = create_engine(url, poolclass=NullPool)
    with engine.begin() as connection:
        result = connection.execute(text(statement))
        return [tuple(row) for row in result] if result.returns_rows else []


def test_a_killed_server_comes_back_with_what_was_committed(server: EmbeddedPostgres) -> None:
    ask(server.url("postgres"), "CREATE TABLE kept AS SELECT 42 AS answer")
    port = server.port
    with psycopg.connect(server.url("postgres").replace("+psycopg", "")) as session:
        backend = session.info.backend_pid
        assert processes.command_line(backend)
        server.crash_with_sigkill()
        assert processes.command_line(backend) == []  # dead with its postmaster, not later
        with pytest.raises(psycopg.OperationalError):
            session.execute("SELECT 1")
    assert server.running_pid() is None
    assert (server.data / "postmaster.pid").exists()
    server.start()
    assert server.port == port
    assert ask(server.url("postgres"), "SELECT answer FROM kept") == [(42,)]


@pytest.mark.parametrize("dead", [False, True], ids=["living", "dead but not collected"])
def test_a_process_id_that_belongs_to_a_stranger_by_now_does_not_stop_the_restart(server: EmbeddedPostgres, dead: bool) -> None:
    server.crash_with_sigkill()
    lock = server.data / "postmaster.pid"
    # The stranger must be of the server's own account, or PostgreSQL itself sees that the file is stale.
    with subprocess.Popen(server._account.command(["sleep", "60"])) as stranger:
        processes.wait_until(lambda: processes.command_line(stranger.pid)[:1] == ["sleep"], 5)
        if dead:
            stranger.kill()
            processes.wait_until(lambda: not processes.command_line(stranger.pid), 5)
        lock.write_text("\n".join([str(stranger.pid), *lock.read_text().splitlines()[1:]]) + "\n")
        assert server.running_pid() is None
        server.stop()
        server.start()
        assert server.running_pid() not in {None, stranger.pid}
        assert (stranger.poll() is None) is not dead
        stranger.terminate()


def test_a_second_start_adopts_the_running_server(server: EmbeddedPostgres) -> None:
    again = EmbeddedPostgres(server.home)
    again.start()
    assert again.running_pid() == server.running_pid()
    assert again.url("postgres") == server.url("postgres")


def test_stopping_one_server_leaves_another_alone(server: EmbeddedPostgres, tmp_path: Path) -> None:
    other = EmbeddedPostgres(tmp_path / "other", fast=True, die_with_parent=True)
    other.start()
    before = server.running_pid()
    other.remove()
    assert other.running_pid() is None
    assert not other.home.exists()
    assert server.running_pid() == before
    assert ask(server.url("postgres"), "SELECT 1") == [(1,)]


def test_a_taken_port_is_given_up_unless_it_was_asked_for(server: EmbeddedPostgres, tmp_path: Path) -> None:
    other = EmbeddedPostgres(tmp_path / "other", fast=True, die_with_parent=True)
    other.home.mkdir()
    (other.home / "port").write_text(str(server.port))
    other.start()
    assert other.port != server.port
    other.stop()
    insisting = EmbeddedPostgres(other.home, server.port, fast=True, die_with_parent=True)
    with pytest.raises(SurroundingsError, match="is taken by another process"):
        insisting.start()
    other.remove()


def test_passwords_are_demanded_and_kept_from_other_users(server: EmbeddedPostgres) -> None:
    server.create_role("somebody")
    address = make_url(server.url("postgres", "somebody"))
    assert address.password is None
    assert ask(server.url("postgres", "somebody"), "SELECT current_user") == [("somebody",)]
    for passfile in (server.passfile.path, server.home / "superuser.pgpass"):
        assert stat.S_IMODE(passfile.stat().st_mode) == 0o600
    assert set(server.passfile.passwords()) == {"somebody"}
    for role in ("somebody", "postgres"):
        with pytest.raises(psycopg.OperationalError, match="password"):
            psycopg.connect(host="127.0.0.1", port=server.port, dbname="postgres", user=role, password="wrong")


def test_creating_again_changes_nothing(server: EmbeddedPostgres) -> None:
    for _ in range(2):
        server.create_role("keeper", login=False)
        server.create_role("owner")
        server.create_database("twice", owner="owner")
    ask(server.url("twice", "owner"), "CREATE TABLE mine ()")
    with pytest.raises(OperationalError, match="no password supplied"):
        ask(server.url("twice", "keeper"), "SELECT 1")


def test_values_of_rows_do_not_reach_the_log(server: EmbeddedPostgres) -> None:
    engine = create_engine(server.url("postgres"), poolclass=NullPool)
    with engine.connect() as connection, pytest.raises(Exception, match="invalid input syntax"):
        connection.execute(text("SELECT CAST(:value AS integer)"), {"value": "canary-7501020018"})
    assert "listening on" in server.log.read_text()
    assert "canary" not in server.log.read_text()


def test_the_server_dies_with_a_killed_test_run(tmp_path: Path) -> None:
    script = (
        "import sys, pathlib; from embedded.postgres import EmbeddedPostgres\n"
        "s = EmbeddedPostgres(pathlib.Path(sys.argv[1]), fast=True, die_with_parent=True); s.start()\n"
        "print('up', flush=True); sys.stdin.read()"
    )
    home = tmp_path / "postgres"
    words = [sys.executable, "-c", script, str(home)]
    with subprocess.Popen(words, stdin=subprocess.PIPE, stdout=subprocess.PIPE, cwd=Path(__file__).parents[2]) as starter:
        assert starter.stdout is not None
        assert starter.stdout.readline() == b"up\n"
        server = EmbeddedPostgres(home)
        assert server.running_pid() is not None
        starter.kill()
    assert processes.wait_until(lambda: server.running_pid() is None, 15)
    server.remove()


def test_fresh_databases_are_empty_and_named_apart(make_database: Callable[..., str], postgres: EmbeddedPostgres) -> None:
    first, second = make_database(), make_database()
    assert first != second
    ask(first, "CREATE TABLE only_here ()")
    assert ask(second, "SELECT count(*) FROM pg_tables WHERE schemaname = 'public'") == [(0,)]


@pytest.mark.skipif(os.geteuid() != 0, reason="only root has privileges to drop")
def test_root_runs_the_server_as_somebody_else(server: EmbeddedPostgres) -> None:
    pid = server.running_pid()
    status = Path(f"/proc/{pid}/status").read_text()
    uids = next(line.split()[1:] for line in status.splitlines() if line.startswith("Uid:"))
    assert "0" not in uids
    assert server.data.owner() != "root"
    assert stat.S_IMODE(server.data.stat().st_mode) == 0o700
