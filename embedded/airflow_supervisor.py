"""The process that holds Airflow: imports it once, forks one child per component, and says so when one of them ends.

    python -m embedded.airflow_supervisor AIRFLOW_HOME

One import instead of one per component saves a minute of start-up and half of the memory. Nothing is
restarted: a component that ends is written to the log and to `status.json`, the others go on, and whoever reads the status
decides. SIGTERM or SIGINT ends every component singly, scheduler first.

Secrets: the JWT secret and the Fernet key are set in the memory of the components that need them, never in the environment or
in airflow.cfg, and every process those components fork - the ones that run DAG code - forgets them first. That keeps them
out of templates, dumps and child processes; it is no wall against code that reads this user's files.
"""

from __future__ import annotations

import ctypes
import gc
import importlib
import json
import logging
import os
import signal
import sys
import time
from dataclasses import asdict, dataclass, field
from pathlib import Path
from types import FrameType
from typing import NoReturn

from embedded.files import write_private

PR_SET_PDEATHSIG = 1  # linux/prctl.h
GRACE = 20.0  # seconds a component has to end before it is killed

SECRETS = {"jwt-secret": ("api_auth", "jwt_secret"), "fernet-key": ("core", "fernet_key")}


@dataclass(frozen=True)
class Component:
    """One Airflow command and the secrets it cannot do without."""

    name: str
    words: tuple[str, ...]
    secrets: frozenset[str]


# `db migrate` runs first and to its end. Airflow's log servers, which would listen on all interfaces, are off.
MIGRATION = Component("db-migrate", ("db", "migrate"), frozenset({"fernet-key"}))
COMPONENTS = (
    Component("api-server", ("api-server",), frozenset(SECRETS)),
    Component("dag-processor", ("dag-processor",), frozenset({"fernet-key"})),
    Component("scheduler", ("scheduler", "--skip-serve-logs"), frozenset(SECRETS)),
)

# What the components, and the tasks they fork, would import anyway; the DAGs' own great_expectations is the slowest of all.
SHARED_IMPORTS = (
    "airflow.api_fastapi.core_api.app",
    "airflow.api_fastapi.execution_api.app",
    "airflow.cli.cli_parser",
    "airflow.cli.commands.api_server_command",
    "airflow.cli.commands.dag_processor_command",
    "airflow.cli.commands.scheduler_command",
    "airflow.executors.local_executor",
    "airflow.sdk.execution_time.task_runner",
    "great_expectations",
    "pandas",
)


@dataclass
class Status:
    """What `status.json` says: the phase, and for each component its process id and, once it has ended, its exit code."""

    phase: str = "importing"
    pids: dict[str, int] = field(default_factory=dict)
    exit_codes: dict[str, int] = field(default_factory=dict)


class Supervisor:
    """Starts, watches and ends the components. Knows nothing of databases, DAGs or health: those are asked over HTTP."""

    def __init__(self, home: Path) -> None:
        self._home = home
        self._status = Status()
        self._stopping = False

    def run(self) -> int:
        """Stay until told to stop or until the migration fails; returns the exit code."""
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, self._asked_to_stop)
        self._note()
        _import_once()
        if not self._stopping:
            self._status.phase = "migrating"
            self._start(MIGRATION)
            while not self._stopping and MIGRATION.name not in self._status.exit_codes:
                self._collect()
            if self._status.exit_codes.get(MIGRATION.name, 0) != 0:
                self._status.phase = "failed"
                self._note()
                return 1
        if not self._stopping:
            self._status.phase = "running"
            for component in COMPONENTS:
                self._start(component)
        while not self._stopping:
            self._collect()
        self._end_all()
        return 0

    def _start(self, component: Component) -> None:
        pid = os.fork()
        if pid == 0:
            _become(component, self._home)
        self._status.pids[component.name] = pid
        self._say(f"{component.name}: started as process {pid}")
        self._note()

    def _collect(self) -> None:
        """Wait a moment for a child to end and write down which one did."""
        pid, raw = os.waitpid(-1, os.WNOHANG) if self._living() else (0, 0)
        if pid == 0:
            time.sleep(0.1)
            return
        code = os.waitstatus_to_exitcode(raw)
        name = next(name for name, known in self._status.pids.items() if known == pid)
        self._status.exit_codes[name] = code
        expected = self._stopping or (name == MIGRATION.name and code == 0)
        self._say(f"{name}: process {pid} ended with code {code}" + ("" if expected else " UNASKED; it is not started again"))
        self._note()

    def _end_all(self) -> None:
        self._status.phase = "stopping"
        self._note()
        for number, seconds in ((signal.SIGTERM, GRACE), (signal.SIGKILL, 5.0)):
            # Last started first: the scheduler ends its tasks while the server they report to is still there.
            for name in reversed(self._living()):
                os.kill(self._status.pids[name], number)
            deadline = time.monotonic() + seconds
            while self._living() and time.monotonic() < deadline:
                self._collect()
        self._status.phase = "stopped"
        self._note()

    def _living(self) -> list[str]:
        return [name for name in self._status.pids if name not in self._status.exit_codes]

    def _asked_to_stop(self, number: int, frame: FrameType | None) -> None:
        self._stopping = True

    def _note(self) -> None:
        write_private(self._home / "status.json", json.dumps(asdict(self._status)))

    def _say(self, line: str) -> None:
        print(time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime()), line, flush=True)


def _import_once() -> None:
    """Import what every component will need, so that the forks share it."""
    # Its import alone writes 214 INFO lines otherwise.
    logging.getLogger("great_expectations").setLevel(logging.WARNING)
    for module in SHARED_IMPORTS:
        importlib.import_module(module)
    gc.freeze()


def _become(component: Component, home: Path) -> NoReturn:
    """Turn this freshly forked process into the component. Never returns."""
    code = 1
    try:
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGTERM)
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, signal.SIG_DFL)
        log = os.open(home / "logs" / f"{component.name}.log", os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
        os.dup2(log, 1)
        os.dup2(log, 2)
        _give_secrets(component, home)
        from airflow.cli.cli_parser import get_parser

        sys.argv = ["airflow", *component.words]
        arguments = get_parser().parse_args(list(component.words))
        arguments.func(arguments)
        code = 0
    except SystemExit as ending:
        code = ending.code if isinstance(ending.code, int) else int(ending.code is not None)
    except BaseException:
        logging.getLogger(__name__).exception("%s failed", component.name)
    finally:
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(code)


def _give_secrets(component: Component, home: Path) -> None:
    from airflow.configuration import conf

    for name in component.secrets:
        section, option = SECRETS[name]
        if not conf.has_section(section):
            conf.add_section(section)
        conf.set(section, option, (home / name).read_text(encoding="utf-8"))

    def forget() -> None:
        for name in component.secrets:
            conf.remove_option(*SECRETS[name])

    os.register_at_fork(after_in_child=forget)


if __name__ == "__main__":
    sys.exit(Supervisor(Path(sys.argv[1])).run())
