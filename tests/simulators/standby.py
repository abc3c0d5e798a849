"""A real standby of a server of a test's own, which can be made to fall behind: it goes on receiving and stops replaying, or is stopped
altogether by SIGSTOP."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import psycopg
import pytest
from simulators.lender import server_of_its_own

from embedded import postgres as embedded_postgres
from embedded import processes
from embedded.account import with_parent
from embedded.files import Passfile
from embedded.postgres import SETTINGS, SUPERUSER, EmbeddedPostgres

_ENVIRONMENT = {"PATH": os.defpath, "LC_ALL": "C", "TZ": "UTC"}


@contextmanager
def primary() -> Iterator[EmbeddedPostgres]:
    """A server that standbys may follow."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(embedded_postgres, "SETTINGS", SETTINGS | {"wal_level": "logical", "max_wal_senders": "4"})
        with server_of_its_own() as server:
            yield server


@contextmanager
def receiver_of(server: EmbeddedPostgres, name: str) -> Iterator[None]:
    """A process that takes the server's WAL and replays none of it, as an archive does; it reports every second."""
    account, folder = server._account, server.data.with_name(f"wal-{name}")
    folder.mkdir(mode=0o700)
    account.give(folder)
    source = f"host=127.0.0.1 port={server.port} user={SUPERUSER} application_name={name}"
    words = [str(server._programs() / "pg_receivewal"), "-D", str(folder), "-d", source, "--status-interval=1", "--no-loop"]
    environment = {**_ENVIRONMENT, "PGPASSWORD": Passfile(server.home / "superuser.pgpass").passwords()[SUPERUSER]}
    process = processes.spawn(account.command(with_parent(words)), server.home / f"{name}.log", Path("/"), environment)
    try:
        yield
    finally:
        process.send_signal(signal.SIGINT)
        process.wait(30)
        shutil.rmtree(folder, ignore_errors=True)


@dataclass(frozen=True)
class Standby:
    """`name` is the application_name under which the primary knows it."""

    name: str
    port: int
    password: str
    process: subprocess.Popen[bytes]

    def stop_replaying(self) -> None:
        self._ask("SELECT pg_wal_replay_pause()")

    def go_on_replaying(self) -> None:
        self._ask("SELECT pg_wal_replay_resume()")

    def answers(self) -> bool:
        try:
            self._ask("SELECT 1")
        except psycopg.OperationalError:
            return False
        return True

    def _ask(self, statement: str) -> None:
        address = {"host": "127.0.0.1", "port": self.port, "dbname": "postgres", "user": SUPERUSER, "password": self.password}
        with psycopg.connect(**address, connect_timeout=5, autocommit=True) as connection:  # type: ignore[arg-type]
            connection.execute(statement.encode())


@contextmanager
def standby_of(server: EmbeddedPostgres, name: str) -> Iterator[Standby]:
    """A copy of the whole server that follows it."""
    programs, account = server._programs(), server._account
    folder, port = server.data.with_name(f"standby-{name}"), processes.free_port()
    password = Passfile(server.home / "superuser.pgpass").passwords()[SUPERUSER]
    folder.mkdir(mode=0o700)
    account.give(folder)
    source = f"host=127.0.0.1 port={server.port} user={SUPERUSER} application_name={name}"
    words = [str(programs / "pg_basebackup"), "-D", str(folder), "-d", source, "-R", "-X", "stream", "-c", "fast"]
    environment = {**_ENVIRONMENT, "PGPASSWORD": password}
    done = subprocess.run(account.command(words), check=False, capture_output=True, text=True, cwd="/", env=environment)
    assert done.returncode == 0, done.stderr
    settings = {**SETTINGS, "wal_level": "logical", "max_wal_senders": "4", "port": str(port), "shared_buffers": "64MB", "fsync": "off"}
    words = [str(programs / "postgres"), "-D", str(folder), *(word for key, value in settings.items() for word in ("-c", f"{key}={value}"))]
    process = processes.spawn(account.command(with_parent(words)), server.home / f"{name}.log", Path("/"), _ENVIRONMENT)
    standby = Standby(name, port, password, process)
    try:
        assert processes.wait_until(standby.answers, 30), (server.home / f"{name}.log").read_text()
        yield standby
    finally:
        process.send_signal(signal.SIGINT)
        process.wait(30)
        shutil.rmtree(folder, ignore_errors=True)
