"""The DAG files parse fast, without errors and without warnings of ours, and say what they do."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml

from governance.samples import SAMPLES

CHECKOUT = Path(__file__).resolve().parents[2]
DAGS = {
    name: f"{name}.py"
    for name in (
        "answer_request",
        "nightly_governance",
        "seal_and_archive",
        "prune_archive",
        "restore_drill",
        "restore_replay",
        "verify_weekly",
        "watch_incidents",
        "watch_requests",
    )
}


@pytest.fixture
def lethe_home(tmp_path: Path) -> Path:
    """A deployment of every sample that names databases nobody has to reach: parsing connects to nothing."""
    return make_home(tmp_path)


def make_home(folder: Path) -> Path:
    url = "postgresql+psycopg://{}@127.0.0.1:1/{}"
    document = {
        "store": url.format("lethe_store", "lethe"),
        "passfile": "pgpass",
        "keyring": "keyring.json",
        "signing_key": "signer.pem",
        "archive": {"kind": "local", "folder": "archive"},
        "datasets": {
            name: {"pack": name, "dataset": name, **{role: url.format(f"lethe_{role}", name) for role in ("engine", "sealer", "validator")}}
            for name in SAMPLES
        },
    }
    (folder / "lethe.yaml").write_text(yaml.safe_dump(document, sort_keys=False))
    return folder


def parse(folder: Path, home: Path) -> dict[str, Any]:
    """Parse in a process of its own, as the DAG processor does: warnings are errors there, except Airflow's about itself."""
    script = f"""
import json, sys, time, warnings
from pathlib import Path
sys.path[:0] = [{str(CHECKOUT / "plugins")!r}, {str(CHECKOUT)!r}]
import airflow.sdk, airflow.sdk.exceptions, fideslang, sqlalchemy, yaml  # the processor has them
from airflow.dag_processing.dagbag import DagBag
seconds = {{}}
with warnings.catch_warnings(record=True) as seen:
    warnings.simplefilter("always")
    bag = DagBag({str(folder)!r}, collect_dags=False)
    for file in sorted(Path({str(folder)!r}).glob("*.py")):
        began = time.process_time()
        bag.process_file(str(file))
        seconds[str(file)] = time.process_time() - began
nightly = bag.dags.get("nightly_governance")
ours = [str(w.message) for w in seen if {str(CHECKOUT)!r} in w.filename and ".venv" not in w.filename]
print(json.dumps({{
    "errors": bag.import_errors, "warnings": ours,
    "seconds": seconds,
    "mapped": next(nightly.task_dict["govern.scan"].iter_mapped_task_groups())._expand_input.value["dataset"] if nightly else None,
    "docs": {{d.dag_id: d.doc_md for d in bag.dags.values()}},
    "alone": sorted(f"{{d.dag_id}}.{{t.task_id}}" for d in bag.dags.values() for t in d.tasks if t.max_active_tis_per_dag == 1),
    "schedules": {{d.dag_id: [d.catchup, d.max_active_runs, repr(d.timetable)] for d in bag.dags.values()}},
}}))
"""
    environment = os.environ | {"LETHE_HOME": str(home)}
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=False, env=environment)
    assert done.returncode == 0, done.stderr[-2000:]
    return json.loads(done.stdout.strip().splitlines()[-1])  # type: ignore[no-any-return]


@pytest.fixture(scope="module")
def parsed(airflow_home: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    return parse(CHECKOUT / "dags", make_home(tmp_path_factory.mktemp("parsed")))


def test_no_errors_and_no_warnings_of_ours(parsed: dict[str, Any]) -> None:
    assert parsed["errors"] == {}
    assert parsed["warnings"] == []
    assert set(parsed["docs"]) == set(DAGS)


def test_parse_in_less_than_half_a_second(parsed: dict[str, Any]) -> None:
    """A limit of the issue, not a claim of speed: a DAG file is parsed over and over. Processor time, for machines are shared."""
    assert set(parsed["seconds"]) == {str(CHECKOUT / "dags" / file) for file in DAGS.values()}
    assert {file: seconds for file, seconds in parsed["seconds"].items() if seconds >= 0.5} == {}


def test_documented_and_without_surprises(parsed: dict[str, Any]) -> None:
    for dag, doc in parsed["docs"].items():
        assert len(str(doc)) > 300, dag
    for task in ("scan", "plan", "enforce", "validate", "report"):
        assert f"`{task}`" in str(parsed["docs"]["nightly_governance"])
    for dag, (catchup, active_runs, _) in parsed["schedules"].items():
        assert catchup is False
        assert active_runs == (16 if dag == "answer_request" else 1)  # a run that waits for a person keeps no other waiting
    assert parsed["alone"] == ["answer_request.carry_out"]  # two plans at a time would take each other's place
    nightly = str(parsed["schedules"]["nightly_governance"])
    assert "0 2 * * *" in nightly
    assert "Europe/Sofia" in nightly


def test_broken_documents_of_some_datasets_leave_the_night_to_the_others(airflow_home: Path, lethe_home: Path) -> None:
    """The broken ones stay among the mapped datasets, so that their own tasks fail by name; nobody forgets them."""
    first, second, third, *_ = SAMPLES
    for name, kind, content in ((first, "pack", "controller: ["), (second, "pack", None), (third, "dataset", "controller: 7")):
        change(lethe_home, name, kind, f"{name}-broken.yaml")
        if content is not None:
            (lethe_home / f"{name}-broken.yaml").write_text(content)
    found = parse(CHECKOUT / "dags", lethe_home)
    assert found["errors"] == {}
    assert found["mapped"] == list(SAMPLES)
    assert "Europe/" in str(found["schedules"]["nightly_governance"])


def test_where_no_pack_can_be_read_the_import_error_says_why(airflow_home: Path, lethe_home: Path) -> None:
    for name in SAMPLES:
        change(lethe_home, name, "pack", "nobody")
    errors = parse(CHECKOUT / "dags", lethe_home)["errors"]
    assert set(errors) == {str(CHECKOUT / "dags" / "nightly_governance.py")}
    assert "lethe.yaml: at datasets.credithelp.pack" in next(iter(errors.values()))
    assert "found 'nobody'" in next(iter(errors.values()))


def test_a_broken_lethe_yaml_is_a_clear_import_error_where_datasets_are_named(airflow_home: Path, lethe_home: Path) -> None:
    (lethe_home / "lethe.yaml").write_text("store: [")
    errors = parse(CHECKOUT / "dags", lethe_home)["errors"]
    assert set(errors) == {str(CHECKOUT / "dags" / file) for file in ("nightly_governance.py", "restore_replay.py")}
    assert all("lethe.yaml: at line 1" in error for error in errors.values())


def change(home: Path, name: str, key: str, value: str) -> None:
    settings = yaml.safe_load((home / "lethe.yaml").read_text())
    settings["datasets"][name][key] = value
    (home / "lethe.yaml").write_text(yaml.safe_dump(settings, sort_keys=False))


def test_the_checks_can_fail(airflow_home: Path, lethe_home: Path, tmp_path: Path) -> None:
    folder = tmp_path / "dags"
    shutil.copytree(CHECKOUT / "dags", folder, ignore=shutil.ignore_patterns("__pycache__"))
    (folder / "nightly_governance.py").write_text("from airflow.sdk import dag, no_such_thing\n")
    found = parse(folder, lethe_home)
    assert "no_such_thing" in str(found["errors"])
