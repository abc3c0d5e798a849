"""The few calls of Airflow's REST API that the demo and the tests make: log in, health, start a run, follow its tasks.

Speaks to a server of ours on the loopback address only; knows nothing of what the DAGs do.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import httpx

from governance.errors import SurroundingsError


class NotAnswering(SurroundingsError):
    """Airflow's API server does not answer, or answers with an error."""


@dataclass(frozen=True)
class TaskState:
    """One task instance of a run. `map_index` is -1 for one that is not mapped; `state` is Airflow's word, "none" while it waits."""

    task: str
    map_index: int
    state: str
    tries: int


class AirflowApi:
    """A logged-in client. Every method raises NotAnswering when there is no proper answer."""

    def __init__(self, address: str, user: str, password: str) -> None:
        self._login = {"username": user, "password": password}
        # One connection a request, so there is nothing to close; no proxy, the server is on this machine.
        self._http = httpx.Client(base_url=address, timeout=30, trust_env=False, limits=httpx.Limits(max_keepalive_connections=0))

    def healthy(self) -> bool:
        """Whether the scheduler and the DAG processor have reported in lately; False while the server is not up."""
        try:
            health = self._http.get("/api/v2/monitor/health", timeout=10)
        except httpx.HTTPError:
            return False
        return health.status_code == 200 and all(
            health.json()[part]["status"] == "healthy" for part in ("metadatabase", "scheduler", "dag_processor")
        )

    def warm_up(self) -> None:
        """Have the server build the part that tasks talk to, so that the first task does not wait for it."""
        try:
            self._http.get("/execution/health", timeout=180)  # it imports half of Airflow, on a machine that has other work too
        except httpx.HTTPError as error:
            raise NotAnswering(f"Airflow's API does not answer GET /execution/health: {type(error).__name__}") from error

    def has_dag(self, dag: str) -> bool:
        """Whether the DAG processor has read this DAG."""
        return self._request("GET", f"/api/v2/dags/{dag}", missing_is_fine=True) is not None

    def import_errors(self) -> dict[str, str]:
        """Error text by DAG file."""
        found = self._request("GET", "/api/v2/importErrors")
        return {error["filename"]: error["stack_trace"] for error in found["import_errors"]}

    def trigger(self, dag: str, **params: object) -> str:
        """Queue a run for the scheduler, with these params of the DAG; returns the run id."""
        run_id: str = self._request("POST", f"/api/v2/dags/{dag}/dagRuns", json={"logical_date": None, "conf": params})["dag_run_id"]
        return run_id

    def runs(self, dag: str) -> list[tuple[str, str]]:
        """(run id, state) of the newest ten runs, newest first."""
        found = self._request("GET", f"/api/v2/dags/{dag}/dagRuns", params={"order_by": "-run_after", "limit": 10})
        return [(run["dag_run_id"], run["state"]) for run in found["dag_runs"]]

    def run_state(self, dag: str, run: str) -> str:
        """Airflow's word for the run: queued, running, success or failed."""
        state: str = self._request("GET", f"/api/v2/dags/{dag}/dagRuns/{run}")["state"]
        return state

    def tasks(self, dag: str, run: str) -> list[TaskState]:
        """Every task instance of the run."""
        found = self._request("GET", f"/api/v2/dags/{dag}/dagRuns/{run}/taskInstances", params={"limit": 500})
        return [
            TaskState(
                task=one["task_id"],
                map_index=one["map_index"],
                state=one["state"] or "none",
                tries=one["try_number"],
            )
            for one in found["task_instances"]
        ]

    def _request(self, method: str, path: str, *, missing_is_fine: bool = False, **options: Any) -> Any:
        try:
            if "Authorization" not in self._http.headers:
                answer = self._http.post("/auth/token", json=self._login)
                answer.raise_for_status()
                self._http.headers["Authorization"] = f"Bearer {answer.json()['access_token']}"
            answer = self._http.request(method, path, **options)
            if missing_is_fine and answer.status_code == httpx.codes.NOT_FOUND:
                return None
            answer.raise_for_status()
        except httpx.HTTPStatusError as error:
            raise NotAnswering(f"Airflow's API answered {error.response.status_code} to {method} {path}") from error
        except httpx.HTTPError as error:
            raise NotAnswering(f"Airflow's API does not answer {method} {path}: {type(error).__name__}") from error
        return answer.json()
