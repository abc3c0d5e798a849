"""The embedded Airflow runs DAGs through its scheduler, keeps its secrets from them, reports what dies and leaves nothing behind."""

from __future__ import annotations

import json
import os
import signal
import stat
from collections.abc import Iterator
from pathlib import Path

import pytest

from embedded import processes
from embedded.airflow import EmbeddedAirflow
from embedded.postgres import EmbeddedPostgres
from governance.errors import SurroundingsError

pytestmark = [pytest.mark.whole_system, pytest.mark.slow]

PROBE = """
from airflow.sdk import dag, task

@dag(schedule=None)
def probe():
    @task
    def look():
        import json, os, pathlib
        from airflow.configuration import conf
        seen = dict(os.environ)
        seen["jwt"] = conf.get("api_auth", "jwt_secret", fallback="")
        seen["fernet"] = conf.get("core", "fernet_key", fallback="")
        pathlib.Path(os.environ["LETHE_HOME"], "seen.json").write_text(json.dumps(seen))
    look()

probe()
"""


@pytest.fixture(scope="module")
def airflow(postgres: EmbeddedPostgres, tmp_path_factory: pytest.TempPathFactory) -> Iterator[EmbeddedAirflow]:
    home = tmp_path_factory.mktemp("lethe")
    for folder in ("dags", "plugins"):
        (home / folder).mkdir()
    (home / "dags" / "probe.py").write_text(PROBE)
    postgres.create_role("airflow")
    postgres.create_database("airflow", "airflow")
    airflow = EmbeddedAirflow(
        home / "airflow",
        home / "dags",
        home / "plugins",
        postgres.url("airflow", "airflow"),
        {"LETHE_HOME": str(home)},
        die_with_parent=True,
    )
    airflow.start()
    airflow.wait_until_healthy()
    yield airflow
    airflow.remove()
    postgres.drop_database("airflow")


def family(airflow: EmbeddedAirflow) -> list[int]:
    return processes.of_session(int((airflow.home / "pid").read_text()), airflow.home)


def test_the_scheduler_runs_a_dag_and_its_task_sees_no_secret(airflow: EmbeddedAirflow) -> None:
    api = airflow.api()
    assert processes.wait_until(lambda: api.has_dag("probe"), 60)
    run = api.trigger("probe")
    assert processes.wait_until(lambda: api.run_state("probe", run) not in {"queued", "running"}, 120)
    assert api.run_state("probe", run) == "success"
    assert [(task.task, task.state) for task in api.tasks("probe", run)] == [("look", "success")]
    assert api.import_errors() == {}

    text = (airflow.home.parent / "seen.json").read_text()
    for name in ("jwt-secret", "fernet-key"):
        secret = airflow.home / name
        assert stat.S_IMODE(secret.stat().st_mode) == 0o600
        assert len(secret.read_text()) >= 44
        assert secret.read_text() not in text
        assert secret.read_text() not in (airflow.home / "airflow.cfg").read_text()
    assert len((airflow.home / "jwt-secret").read_text()) >= 64
    assert json.loads(text)["LETHE_HOME"] == str(airflow.home.parent)


def test_it_listens_on_the_loopback_address_only(airflow: EmbeddedAirflow) -> None:
    inodes = set()
    for pid in family(airflow):
        for descriptor in Path(f"/proc/{pid}/fd").iterdir():
            target = os.readlink(descriptor)
            if target.startswith("socket:["):
                inodes.add(target.removeprefix("socket:[").removesuffix("]"))
    listening = [
        line.split()[1]
        for table in ("tcp", "tcp6")
        for line in Path(f"/proc/net/{table}").read_text().splitlines()[1:]
        if line.split()[3] == "0A" and line.split()[9] in inodes  # 0A: TCP_LISTEN
    ]
    port = int(airflow.address.rsplit(":", 1)[1])
    assert listening == [f"0100007F:{port:04X}"]


def test_a_component_that_dies_is_reported_and_nothing_is_left_after_stop(airflow: EmbeddedAirflow) -> None:
    airflow.raise_if_something_ended()
    os.kill(airflow.status()["pids"]["dag-processor"], signal.SIGKILL)
    assert processes.wait_until(lambda: "dag-processor" in airflow.status()["exit_codes"], 10)
    with pytest.raises(SurroundingsError, match="dag-processor ended with code -9"):
        airflow.raise_if_something_ended()
    assert "dag-processor: process" in (airflow.home / "logs" / "supervisor.log").read_text()

    relatives = family(airflow)
    assert len(relatives) >= 3
    airflow.stop()
    assert family(airflow) == []
    assert [pid for pid in relatives if processes.command_line(pid)] == []


def test_what_a_killed_supervisor_leaves_is_swept_by_stop(airflow: EmbeddedAirflow) -> None:
    airflow.start()
    supervisor = airflow.running_pid()
    assert supervisor is not None
    assert processes.wait_until(lambda: "scheduler" in airflow.status().get("pids", {}), 120)
    os.kill(supervisor, signal.SIGKILL)
    assert processes.wait_until(lambda: airflow.running_pid() is None, 5)
    with pytest.raises(SurroundingsError, match="Airflow is not running"):
        airflow.raise_if_something_ended()
    airflow.stop()
    assert family(airflow) == []
