"""Airflow 3.3 of our own: API server, DAG processor and scheduler on this machine, bound to 127.0.0.1.

`start` returns at once, `wait_until_healthy` when the scheduler and the DAG processor report in. Metadata lie in the database
whose URL is given; settings in `airflow.cfg`, so `AIRFLOW_HOME=.lethe/airflow .venv/bin/airflow dags list` just works; secrets
in files of mode 0600 (see embedded/airflow_supervisor.py for who gets to see them). Two accounts with random passwords: `admin`, and
`officer`, for nobody approves what they drafted themselves.

For the demo and the tests; docker-compose.yml is the layout for real use.
"""

from __future__ import annotations

import configparser
import io
import json
import os
import secrets
import shutil
import sys
from base64 import urlsafe_b64encode
from collections.abc import Mapping
from pathlib import Path

from embedded import processes
from embedded.account import with_parent
from embedded.airflow_api import AirflowApi
from embedded.files import keep_private, write_private
from governance.errors import SurroundingsError

USER, OFFICER = "admin", "officer"
ROLES = {USER: "admin", OFFICER: "user"}  # of Airflow's SimpleAuthManager: a user starts runs and answers under *Required actions*
CHECKOUT = Path(__file__).resolve().parent.parent
RETRY_DELAY = 5  # seconds; servers of this machine are back by then, or somebody has to look

# From the caller's environment, what a process needs to live in and to reach an outside store; nothing that configures Airflow.
PASSED_ON = ("HOME", "LANG", "SSL_CERT_FILE", "SSL_CERT_DIR", "REQUESTS_CA_BUNDLE", "AWS_CA_BUNDLE", "TMPDIR")


class EmbeddedAirflow:
    """One Airflow with its home folder (AIRFLOW_HOME). `environment` is what the DAGs find, LETHE_HOME for example."""

    def __init__(
        self, home: Path, dags: Path, plugins: Path, metadata: str, environment: Mapping[str, str], *, die_with_parent: bool = False
    ) -> None:
        self.home = home.absolute()
        self._dags, self._plugins, self._metadata = dags.absolute(), plugins.absolute(), metadata
        self._environment = dict(environment)
        self._die_with_parent = die_with_parent

    def start(self) -> None:
        """Start the supervisor, or do nothing when it runs with these settings. Does not wait: see `wait_until_healthy`."""
        if self.running_pid() is not None:
            if self._settings(self._recorded_port()) == (self.home / "airflow.cfg").read_text(encoding="utf-8"):
                return
            self.stop()  # the metadata have moved to another port, for example
        (self.home / "logs").mkdir(parents=True, exist_ok=True)
        self.home.chmod(0o700)
        self._sweep()
        write_private(self.home / "airflow.cfg", self._settings(self._choose_port()))
        keep_private(self.home / "jwt-secret", secrets.token_urlsafe(64))
        keep_private(self.home / "fernet-key", urlsafe_b64encode(secrets.token_bytes(32)).decode())
        passwords = json.loads(keep_private(self.home / "passwords.json", "{}"))
        write_private(self.home / "passwords.json", json.dumps({name: secrets.token_urlsafe(12) for name in ROLES} | passwords))
        (self.home / "status.json").unlink(missing_ok=True)
        words = [sys.executable, "-m", "embedded.airflow_supervisor", str(self.home)]
        words = with_parent(words) if self._die_with_parent else words
        server = processes.spawn(words, self.home / "logs" / "supervisor.log", self.home, self._surroundings())
        (self.home / "pid").write_text(str(server.pid), encoding="utf-8")
        processes.wait_until(lambda: self._is_ours(server.pid) or server.poll() is not None, 10)  # setpriv is quick, but first

    def wait_until_healthy(self, seconds: float = 180) -> None:
        """Return when scheduler and DAG processor report in. SurroundingsError names the component that ended, and its log."""
        api = self.api()

        def settled() -> bool:
            self.raise_if_something_ended()
            return api.healthy()

        if not processes.wait_until(settled, seconds, pause=0.25):
            raise SurroundingsError(f"Airflow is not healthy after {seconds:.0f} s; its logs are in {self.home / 'logs'}")

    def raise_if_something_ended(self) -> None:
        """SurroundingsError when the supervisor or a component is no longer there."""
        status = self.status()
        for name, code in status.get("exit_codes", {}).items():
            if name != "db-migrate" or code != 0:
                raise SurroundingsError(f"Airflow's {name} ended with code {code}; see {self.home / 'logs' / f'{name}.log'}")
        if self.running_pid() is None:
            raise SurroundingsError(f"Airflow is not running; see {self.home / 'logs' / 'supervisor.log'}")

    def stop(self) -> None:
        """End all components and whatever they left behind. Nothing happens when nothing of ours runs."""
        pid = self.running_pid()
        if pid is not None:
            processes.end(pid, self._is_ours, 40)
        self._sweep()

    def remove(self) -> None:
        """Stop, and delete AIRFLOW_HOME with its logs and secrets. The metadata database is the caller's."""
        self.stop()
        shutil.rmtree(self.home, ignore_errors=True)

    def running_pid(self) -> int | None:
        """Process id of this Airflow's supervisor, or None."""
        pid = self._recorded_pid()
        return pid if pid is not None and self._is_ours(pid) else None

    def status(self) -> dict[str, dict[str, int]]:
        """What the supervisor last wrote: phase, pids, exit_codes; empty before it wrote anything."""
        try:
            status: dict[str, dict[str, int]] = json.loads((self.home / "status.json").read_text(encoding="utf-8"))
        except FileNotFoundError:
            return {}
        return status

    def api(self, user: str = USER) -> AirflowApi:
        """A client logged in as one of the accounts, at the port of the last start."""
        return AirflowApi(self.address, user, self.password_of(user))

    @property
    def address(self) -> str:
        parser = configparser.ConfigParser(interpolation=None)
        parser.read(self.home / "airflow.cfg", encoding="utf-8")
        return parser["api"]["base_url"]

    def password_of(self, user: str) -> str:
        """The password of one of the accounts."""
        word: str = json.loads((self.home / "passwords.json").read_text(encoding="utf-8"))[user]
        return word

    # -- inside -------------------------------------------------------------------------------------------------------

    def _settings(self, port: int) -> str:
        address = f"http://127.0.0.1:{port}"
        settings: dict[str, dict[str, object]] = {
            "core": {
                "load_examples": "False",
                "executor": "LocalExecutor",
                "parallelism": "4",
                "dags_folder": self._dags,
                "plugins_folder": self._plugins,
                "dags_are_paused_at_creation": "False",
                "default_task_retry_delay": RETRY_DELAY,
                "execution_api_server_url": f"{address}/execution/",
                "simple_auth_manager_users": ",".join(f"{name}:{role}" for name, role in ROLES.items()),
                "simple_auth_manager_passwords_file": self.home / "passwords.json",
            },
            "database": {"sql_alchemy_conn": self._metadata, "sql_alchemy_conn_async": self._metadata},
            "api": {"host": "127.0.0.1", "port": port, "base_url": address, "workers": 1},
            "workers": {"min_heartbeat_interval": 1},
            "scheduler": {"enable_health_check": "False"},
            "dag_processor": {"parsing_processes": 1},
            "logging": {"logging_level": "WARNING", "uvicorn_logging_level": "WARNING", "base_log_folder": self.home / "logs"},
        }
        parser = configparser.ConfigParser(interpolation=None)
        # Airflow reads this file with interpolation, hence the doubled percent signs (the URL holds some).
        parser.read_dict(
            {name: {key: str(value).replace("%", "%%") for key, value in options.items()} for name, options in settings.items()}
        )
        text = io.StringIO()
        parser.write(text)
        return text.getvalue()

    def _surroundings(self) -> dict[str, str]:
        passed = {name: os.environ[name] for name in PASSED_ON if name in os.environ}
        return passed | {
            "PATH": f"{Path(sys.executable).parent}:{os.defpath}",
            "PYTHONPATH": str(CHECKOUT),
            "PYTHONUNBUFFERED": "1",
            "AIRFLOW_HOME": str(self.home),
            # A proxy of the machine is no way to a server on the loopback address.
            "NO_PROXY": "127.0.0.1,localhost",
            # Threads do not survive a fork, and two cores are soon full anyway.
            "OPENBLAS_NUM_THREADS": "1",
            **self._environment,
        }

    def _choose_port(self) -> int:
        port = self._recorded_port() if (self.home / "airflow.cfg").exists() else 0
        return port if port and processes.port_is_free(port) else processes.free_port()

    def _recorded_port(self) -> int:
        return int(self.address.rsplit(":", 1)[1])

    def _recorded_pid(self) -> int | None:
        try:
            return int((self.home / "pid").read_text(encoding="utf-8"))
        except (FileNotFoundError, ValueError):
            return None

    def _is_ours(self, pid: int) -> bool:
        return processes.command_line(pid)[1:] == ["-m", "embedded.airflow_supervisor", str(self.home)]

    def _sweep(self) -> None:
        """Kill what a killed supervisor left: processes of its session that work in our home folder."""
        leader = self._recorded_pid()
        if leader is not None:
            for pid in processes.of_session(leader, self.home):
                processes.end(pid, lambda pid: pid in processes.of_session(leader, self.home), 5)
