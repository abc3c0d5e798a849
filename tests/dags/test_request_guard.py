"""What may be written to the DAG of requests over Airflow's API: the id of a request, and no words."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).resolve().parents[2]
ID = "0e6a1f0c-7b52-4f43-9d0e-3a1c5b7d9f11"
RUNS = "/api/v2/dags/answer_request/dagRuns"
PASSED: tuple[tuple[str, Any], ...] = (
    (RUNS, {"logical_date": None, "conf": {"request": ID}}),
    (f"{RUNS}/", {"logical_date": "2026-11-28T14:02:00.000Z", "conf": {"request": ID}, "dag_run_id": None, "note": ""}),
    (f"{RUNS}/manual/taskInstances/approve/-1/hitlDetails", {"chosen_options": ["Approve"], "params_input": {}}),
    ("/api/v2/dags/answer_request/clearTaskInstances", {"dry_run": False, "task_ids": ["approve"]}),
    ("/api/v2/dags/answer_request", {"is_paused": True}),
    ("/api/v2/dags/nightly_governance/dagRuns", {"logical_date": None, "conf": {}, "note": "kanarski"}),
    ("/api/v2/backfills", {"dag_id": "nightly_governance"}),
)
REFUSED: tuple[tuple[str, Any, str], ...] = (
    (RUNS, {"logical_date": None, "conf": {"request": "kanarski"}}, "conf"),
    (RUNS, {"logical_date": None, "conf": {"request": f"{ID} kanarski"}}, "conf"),
    (RUNS, {"logical_date": None, "conf": {"request": f"{ID}\n"}}, "conf"),
    (RUNS, {"logical_date": None, "conf": {"request": ID, "name": "kanarski"}}, "conf"),
    (RUNS, {"logical_date": None, "conf": {"request": {"name": "kanarski"}}}, "conf"),
    (RUNS, {"logical_date": None, "conf": None}, "conf"),
    (RUNS, {"logical_date": None}, "conf"),
    (RUNS, {"logical_date": "kanarski", "conf": {"request": ID}}, "logical_date"),
    (RUNS, {"logical_date": None, "conf": {"request": ID}, "note": "kanarski"}, "note"),
    (RUNS, {"logical_date": None, "conf": {"request": ID}, "dag_run_id": "kanarski"}, "dag_run_id"),
    (RUNS, {"logical_date": None, "conf": {"request": ID}, "kanarski": 1}, "another form"),
    (RUNS, ["kanarski"], "another form"),
    (f"{RUNS}/manual", {"note": "kanarski"}, "note"),
    (f"{RUNS}/manual/taskInstances/approve", {"note": "kanarski"}, "note"),
    (RUNS.replace("dagRuns", "clearDagRuns"), {"runs": [{"note": "kanarski"}]}, "note"),
    (
        f"{RUNS}/manual/taskInstances/approve/-1/hitlDetails",
        {"chosen_options": ["Approve"], "params_input": {"x": "kanarski"}},
        "params_input",
    ),
    (f"{RUNS}/manual/taskInstances/decide/xcomEntries", {"key": "return_value", "value": "kanarski"}, "XCom"),
    ("/prefix/api/v2/backfills", {"dag_id": "answer_request", "dag_run_conf": {"request": "kanarski"}}, "backfill"),
)


@pytest.fixture
def fault_of(airflow_home: Path, monkeypatch: pytest.MonkeyPatch) -> Any:
    monkeypatch.syspath_prepend(str(ROOT / "plugins"))
    from lethe_guard import fault_of

    yield fault_of
    sys.modules.pop("lethe_guard", None)


def test_ids_pass_and_words_are_refused_without_being_repeated(fault_of: Any) -> None:
    assert [(path, fault_of(path, document)) for path, document in PASSED if fault_of(path, document) is not None] == []
    for path, document, why in REFUSED:
        said = fault_of(path, document)
        assert said is not None, (path, document)
        assert why in said
        assert "kanarski" not in said.lower()
