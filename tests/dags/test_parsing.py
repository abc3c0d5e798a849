"""The DAG files parse fast, without errors and without warnings of ours, and say what they do."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

CHECKOUT = Path(__file__).resolve().parents[2]
DAGS = {"nightly_governance": "nightly_governance.py", "seal_and_archive": "seal_and_archive.py"}


@pytest.fixture
def lethe_home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A deployment that names databases nobody has to reach: parsing connects to nothing."""
    url = "postgresql+psycopg://{}@127.0.0.1:1/{}"
    entry = {"pack": "credithelp", "dataset": "credithelp"}
    entry |= {role: url.format(f"lethe_{role}", "credithelp") for role in ("engine", "sealer", "validator")}
    document = {
        "store": url.format("lethe_store", "lethe"),
        "passfile": "pgpass",
        "keyring": "keyring.json",
        "signing_key": "signer.pem",
        "archive": {"kind": "local", "folder": "archive"},
        "datasets": {"credithelp": entry},
    }
    (tmp_path / "lethe.yaml").write_text(yaml.safe_dump(document))
    monkeypatch.setenv("LETHE_HOME", str(tmp_path))
    return tmp_path


def parse(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Parse in a process of its own, as the DAG processor does: warnings are errors there, except Airflow's about itself."""
    script = f"""
import json, sys, time, warnings
sys.path[:0] = [{str(CHECKOUT / "plugins")!r}, {str(CHECKOUT)!r}]
import airflow.sdk, airflow.sdk.exceptions, fideslang, sqlalchemy, yaml  # the processor has them
from airflow.dag_processing.dagbag import DagBag
with warnings.catch_warnings(record=True) as seen:
    warnings.simplefilter("always")
    bag = DagBag({str(folder)!r})
ours = [str(w.message) for w in seen if {str(CHECKOUT)!r} in w.filename and ".venv" not in w.filename]
print(json.dumps({{
    "errors": bag.import_errors, "warnings": ours,
    "seconds": {{s.file: s.duration.total_seconds() for s in bag.dagbag_stats}},
    "docs": {{d.dag_id: d.doc_md for d in bag.dags.values()}},
    "schedules": {{d.dag_id: [d.catchup, d.max_active_runs, repr(d.timetable)] for d in bag.dags.values()}},
}}))
"""
    return subprocess.run([sys.executable, "-c", script, *arguments], capture_output=True, text=True, check=False)


@pytest.fixture
def parsed(airflow_home: Path, lethe_home: Path) -> dict[str, object]:
    found = parse(CHECKOUT / "dags")
    assert found.returncode == 0, found.stderr[-2000:]
    return json.loads(found.stdout.strip().splitlines()[-1])  # type: ignore[no-any-return]


def test_no_errors_and_no_warnings_of_ours(parsed: dict[str, dict[str, object]]) -> None:
    assert parsed["errors"] == {}
    assert parsed["warnings"] == []
    assert set(parsed["docs"]) == set(DAGS)


def test_parse_in_less_than_half_a_second(parsed: dict[str, dict[str, float]]) -> None:
    """A limit of the issue, not a claim of speed: a DAG file is parsed over and over."""
    assert len(parsed["seconds"]) >= len(DAGS)
    assert {file: seconds for file, seconds in parsed["seconds"].items() if seconds >= 0.5} == {}


def test_documented_and_without_surprises(parsed: dict[str, dict[str, object]]) -> None:
    for dag, doc in parsed["docs"].items():
        assert len(str(doc)) > 300, dag
    for task in ("scan", "plan", "enforce", "validate", "report"):
        assert f"`{task}`" in str(parsed["docs"]["nightly_governance"])
    for catchup, active_runs, _ in parsed["schedules"].values():  # type: ignore[misc]
        assert (catchup, active_runs) == (False, 1)
    nightly = str(parsed["schedules"]["nightly_governance"])
    assert "0 2 * * *" in nightly
    assert "Europe/Sofia" in nightly


def test_a_broken_lethe_yaml_is_one_clear_import_error(airflow_home: Path, lethe_home: Path) -> None:
    text = (lethe_home / "lethe.yaml").read_text()
    (lethe_home / "lethe.yaml").write_text(text.replace("pack: credithelp", "pack: credithlep"))
    errors = json.loads(parse(CHECKOUT / "dags").stdout.strip().splitlines()[-1])["errors"]
    assert set(errors) == {str(CHECKOUT / "dags" / "nightly_governance.py")}
    assert "lethe.yaml: at datasets" in next(iter(errors.values()))
    assert "found 'credithlep'" in next(iter(errors.values()))


def test_the_checks_can_fail(airflow_home: Path, lethe_home: Path, tmp_path: Path) -> None:
    folder = tmp_path / "dags"
    shutil.copytree(CHECKOUT / "dags", folder, ignore=shutil.ignore_patterns("__pycache__"))
    (folder / "nightly_governance.py").write_text("from airflow.sdk import dag, no_such_thing\n")
    found = json.loads(parse(folder).stdout.strip().splitlines()[-1])
    assert "no_such_thing" in str(found["errors"])
