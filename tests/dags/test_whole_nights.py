"""Nights of the whole system, seen from outside: which dataset fails and which go through, what leaks (nothing), what the evidence proves.

The tests of this file share one system and run in order: a first night over planted canaries on which three of five datasets fail, each
for a reason of its own; their repair; the evidence; then a night on which somebody puts a due record back behind the engine's back; and one
that is paused.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import pytest
import sqlalchemy as sa
from canary_support import MARKER, NEEDLES, files_below, found_in, marked_subject, plant_everywhere, rows_of
from night_support import (
    CAPPED,
    DOWN,
    DUE_APPLICATION,
    FAILS_AT,
    NIGHTLY,
    PENDING,
    SEALING,
    STAGES,
    Sabotage,
    Seen,
    clear_failed,
    governance,
    look,
    one_night,
)

from embedded.processes import wait_until
from embedded.system import BUCKET, DemoSystem
from embedded.watching import RunFailed, log_of
from governance.config import load_deployment
from governance.samples import SAMPLES
from governance.store.database import Store
from governance.store.registers import Registers

pytestmark = [pytest.mark.whole_system, pytest.mark.slow]

# Personal texts that conditions or keys read, so that they bear no canary. Whoever adds one says so here.
WITHOUT_CANARY = {
    ("dolzhniki", "yazyk_obshcheniya"),
    ("Borrower", "PreferredLanguage"),
    ("jarelmaksulepingud", "lepingu_nr"),
}
PAUSED = "credithelp"
THROUGH = [name for name in SAMPLES if name not in FAILS_AT]


@dataclass(frozen=True)
class FirstNight:
    """What was seen of the run when it had failed, and when it was repaired; everything that was printed during and after it."""

    failed: Seen
    repaired: Seen
    message: str
    sealing: dict[str, str]
    said: list[str]


@pytest.fixture(scope="module")
def night(demo_system: DemoSystem) -> FirstNight:
    """The first night: canaries, three failures, the repair, and the commands a person runs afterwards."""
    system, deployment = demo_system, load_deployment(demo_system.home)
    datasets = {name: deployment.governed(name) for name in SAMPLES}
    for name, dataset in datasets.items():
        written, left_out = plant_everywhere(system.postgres.url(name, name), dataset)
        assert len(written) > 25, name
        assert left_out <= WITHOUT_CANARY, name
    api, sabotage = system.airflow.api(), Sabotage(system)
    try:
        with pytest.raises(RunFailed) as caught:
            one_night(system)
        run, _ = api.runs(NIGHTLY)[0]
        failed, sealing = look(system, run), {task.task: task.state for task in api.tasks(SEALING, api.runs(SEALING)[0][0])}
        now = Registers(Store(deployment.store)).latest_plan(PENDING).as_of_instant.astimezone(datasets[PENDING].zone)
        sabotage.mend({CAPPED: Registers(Store(deployment.store)).latest_plan(CAPPED).digest, PENDING: str(now.year)})
        clear_failed(api, run)
        over = lambda: api.run_state(NIGHTLY, run) == "success" or any(task.state == "failed" for task in api.tasks(NIGHTLY, run))  # noqa: E731
        assert wait_until(over, 180, pause=0.5)
        repaired = look(system, run)
    finally:
        sabotage.end()
    said = [str(caught.value)]
    commands = [
        ["seal"],
        ["archive"],
        *(["explain", "--dataset", n, *marked_subject(system.postgres.url(n), d)] for n, d in datasets.items()),
    ]
    commands += [[word, "--dataset", "credithelp"] for word in ("report", "scan", "plan", "validate")]
    for words in commands:
        done = governance(system, *words)
        assert done.returncode == 0, (words, done.stderr)
        said.append(done.stdout + done.stderr)
    unknown = governance(system, "explain", "--dataset", "credithelp", "clients", MARKER)
    assert unknown.returncode == 1
    said.append(unknown.stdout + unknown.stderr.replace(MARKER, ""))
    return FirstNight(failed, repaired, str(caught.value), sealing, said)


# -- who fails and who goes through -----------------------------------------------------------------------------------------------


def test_three_fail_each_at_its_stage_and_the_others_go_through(night: FirstNight) -> None:
    seen = night.failed
    assert seen.state == "failed"
    for name in THROUGH:
        assert seen.states[name] == dict.fromkeys(STAGES, "success"), name
    for name, stage in FAILS_AT.items():
        at = STAGES.index(stage)
        expected = ["success"] * at + ["failed"] + ["upstream_failed"] * (len(STAGES) - at - 1)
        assert [seen.states[name][each] for each in STAGES] == expected, name


def test_the_failed_are_named_in_airflow_and_in_what_is_printed(demo_system: DemoSystem, night: FirstNight) -> None:
    reasons = {DOWN: "DatabaseUnavailable", CAPPED: "CapExceeded", PENDING: "ApprovalMissing"}
    api = demo_system.airflow.api()
    logs = {
        (tuple(SAMPLES)[task.map_index], task.task.removeprefix("govern.")): log_of(
            demo_system.airflow.home, NIGHTLY, api.runs(NIGHTLY)[0][0], task
        )
        for task in api.tasks(NIGHTLY, api.runs(NIGHTLY)[0][0])
        if task.map_index >= 0
    }
    for name, stage in FAILS_AT.items():
        assert night.failed.labels[name, stage] == name
        assert f"{stage} {name} failed" in night.message
        tries = night.failed.tries[name][stage]
        log = logs[name, stage].with_name(f"attempt={tries}.log").read_text()
        assert reasons[name] in log, name
    for name in THROUGH:
        assert f" {name} failed" not in night.message


def test_only_what_may_heal_by_itself_is_tried_again(night: FirstNight) -> None:
    assert night.failed.tries[DOWN]["scan"] == 3
    for name in (CAPPED, PENDING):
        assert night.failed.tries[name]["enforce"] == 1
        assert night.failed.events[name]["run.refused"] == 1


def test_reports_are_stored_for_those_who_went_through_and_for_no_other(night: FirstNight) -> None:
    assert set(night.failed.reports) == set(THROUGH)
    for name in THROUGH:
        document, _ = night.failed.reports[name]
        assert sum(step["changed"] for step in document["steps"]) == sum(step["planned"] for step in document["steps"]) > 0
    for name in FAILS_AT:
        assert night.failed.events[name]["chunk.enforced"] == 0


def test_evidence_is_sealed_and_archived_although_one_outbox_is_down_and_sealing_says_so(night: FirstNight) -> None:
    assert set(SAMPLES) - night.failed.sealed == {DOWN}
    assert night.sealing == {"seal": "failed", "certify": "success", "archive": "success", "outcome": "upstream_failed"}


def test_after_the_repair_the_run_is_a_success_and_nothing_was_done_twice(night: FirstNight) -> None:
    before, after = night.failed, night.repaired
    assert after.states == dict.fromkeys(SAMPLES, dict.fromkeys(STAGES, "success"))
    assert after.state == "success"
    for name in THROUGH:
        assert after.tries[name] == before.tries[name]
        assert after.reports[name] == before.reports[name]
        assert after.events[name] == before.events[name]
    for name in SAMPLES:
        document, _ = after.reports[name]
        assert sum(step["changed"] for step in document["steps"]) == sum(step["planned"] for step in document["steps"]) > 0, name
        once = ("plan.frozen", "enforcement.completed", "validation.completed", "scan.completed")
        assert {kind: after.events[name][kind] for kind in once} == dict.fromkeys(once, 1), name
        assert after.events[name]["chunk.enforced"] >= len(document["steps"])
    for name in (CAPPED, PENDING):  # planned before the repair, and not planned again
        assert after.tries[name]["plan"] == 1


# -- what leaks -------------------------------------------------------------------------------------------------------------------


def test_the_search_finds_what_is_there(demo_system: DemoSystem, night: FirstNight) -> None:
    """The control: canaries of people who are not due still stand in the loan databases, and the search sees each kind of them."""
    kinds = set()
    for name in SAMPLES:
        content = b"".join(rows for _, rows in rows_of(demo_system.postgres.url(name), "schemaname = 'public'"))
        assert MARKER.encode() in content, name
        kinds |= {needle for needle in NEEDLES if needle in content}
    assert kinds == set(NEEDLES)


def test_no_personal_value_leaves_the_loan_tables(demo_system: DemoSystem, night: FirstNight) -> None:
    """Airflow's logs, XCom and metadata, validation results, audit log, archive, printed output: none holds a canary."""
    system, leaks, searched = demo_system, [], 0
    everything = "schemaname NOT IN ('pg_catalog', 'information_schema')"
    ours = dict.fromkeys(SAMPLES, "schemaname IN ('lethe', 'lethe_work')")
    for database, schemas in {"airflow": everything, "lethe": everything, **ours}.items():
        for table, content in rows_of(system.postgres.url(database), schemas):
            searched += len(content)
            leaks += [f"{database}: {table}"] if found_in(content) else []
    assert searched > 100_000
    logs = list(files_below(system.home / "airflow"))
    assert any("task_id=govern.enforce" in str(path) for path in logs)
    archived = list(files_below(system.s3.objects / BUCKET))
    assert {path.relative_to(system.s3.objects / BUCKET).parts[0] for path in archived} >= {"log", "plans", "validations"}
    for path in [*logs, *archived, system.postgres.log]:
        leaks += [str(path)] if found_in(path.read_bytes()) else []
    leaks += [text for text in night.said if found_in(text.encode())]
    assert leaks == []


# -- what the evidence proves -----------------------------------------------------------------------------------------------------


def test_the_archive_verifies_and_a_changed_event_is_named(demo_system: DemoSystem, night: FirstNight, tmp_path: Path) -> None:
    good = governance(demo_system, "verify")
    assert good.returncode == 0, good.stdout + good.stderr
    assert "nothing is wrong" in good.stdout
    copy = tmp_path / "archive"
    shutil.copytree(demo_system.s3.objects / BUCKET, copy)
    bundle = min((copy / "log" / "entries").iterdir())
    lines = bundle.read_text().splitlines(keepends=True)
    bundle.write_text("".join([*lines[:3], lines[3].replace('"kind":"', '"kind":"x', 1), *lines[4:]]))
    bad = governance(demo_system, "verify", str(copy), "--public-key", str(demo_system.home / "signer.vkey"))
    assert bad.returncode == 1
    assert "event 3 " in bad.stdout


def test_what_airflow_says_of_its_dags(demo_system: DemoSystem, night: FirstNight) -> None:
    words = [str(Path(sys.executable).parent / "airflow"), "dags", "list-import-errors"]
    environment = {**os.environ, "AIRFLOW_HOME": str(demo_system.airflow.home), "LETHE_HOME": str(demo_system.home)}
    done = subprocess.run(words, capture_output=True, text=True, check=False, env=environment)
    assert done.returncode == 0, done.stderr
    assert "No data found" in done.stdout
    ours = [
        line for line in done.stderr.splitlines() if "Warning" in line and ("dags/" in line or "plugins/" in line or "governance" in line)
    ]
    assert ours == []


@pytest.mark.skipif(shutil.which("chromium") is None, reason="chromium is not installed")
def test_a_person_finds_the_night_in_the_browser(demo_system: DemoSystem, night: FirstNight, tmp_path: Path) -> None:
    """Log in, open the DAG, read its documentation, see the mapped dataset succeed."""
    from playwright.sync_api import sync_playwright

    quiet = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update", "--disable-sync"]
    airflow = demo_system.airflow
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=quiet)
        page = browser.new_page(viewport={"width": 1500, "height": 950})
        page.goto(airflow.address)
        page.fill('input[name="username"]', "admin")
        page.fill('input[name="password"]', airflow.password_of("admin"))
        page.click('button[type="submit"]')
        page.wait_for_url("**/")
        page.goto(f"{airflow.address}/dags/nightly_governance/tasks")
        page.get_by_text("govern.validate").first.wait_for()
        page.get_by_label("Dag Docs", exact=True).click()
        page.get_by_text("Nothing personal passes between tasks").first.wait_for()
        page.screenshot(path=str(tmp_path / "documentation.png"))
        browser.close()
    assert (tmp_path / "documentation.png").stat().st_size > 20_000


# -- and a night that must fail ----------------------------------------------------------------------------------------------------


def test_a_record_put_back_behind_the_engines_back_fails_the_night(demo_system: DemoSystem, night: FirstNight) -> None:
    """Somebody restores an erased job application right after enforcement. The suites see it, and the run fails by name and count."""
    put_back = f"""
        CREATE FUNCTION put_back() RETURNS trigger SECURITY DEFINER LANGUAGE plpgsql AS $$
        BEGIN
          IF NEW.event LIKE '%"kind":"enforcement.completed"%' THEN
            {DUE_APPLICATION};
          END IF;
          RETURN NEW;
        END $$;
        CREATE TRIGGER put_back AFTER INSERT ON lethe.outbox FOR EACH ROW EXECUTE FUNCTION put_back()"""
    superuser = sa.create_engine(demo_system.postgres.url("credithelp"), poolclass=sa.NullPool)
    with superuser.begin() as connection:
        connection.execute(sa.text(put_back.replace(":", r"\:")))
    try:
        with pytest.raises(RunFailed, match=r"validate.* its log: (\S+)") as caught:
            one_night(demo_system)
    finally:
        with superuser.begin() as connection:
            connection.execute(sa.text("DROP TRIGGER put_back ON lethe.outbox; DROP FUNCTION put_back()"))
    log = Path(str(caught.value).rsplit("its log: ", 1)[1].split()[0]).read_text()
    assert "ValidationFailed" in log
    assert "job_applicants" in log
    assert "1 found" in log
    assert "Restored Person" not in log
    api = demo_system.airflow.api()
    run, _ = api.runs("nightly_governance")[0]
    wait_until(lambda: api.run_state("nightly_governance", run) in ("failed", "success"), 60)
    assert api.run_state("nightly_governance", run) == "failed"


def test_the_next_night_mends_it(demo_system: DemoSystem, night: FirstNight) -> None:
    one_night(demo_system)
    report = governance(demo_system, "report", "--dataset", "credithelp").stdout
    assert "job_applicants" in report
    with sa.create_engine(demo_system.postgres.url("credithelp"), poolclass=sa.NullPool).connect() as connection:
        assert connection.scalar(sa.text("SELECT count(*) FROM job_applicants WHERE applicant_id = 999999")) == 0
    assert governance(demo_system, "verify").returncode == 0


# -- and one that is paused -------------------------------------------------------------------------------------------------------


def test_a_paused_dataset_waits_visibly_and_goes_on_when_it_is_resumed(demo_system: DemoSystem, night: FirstNight) -> None:
    """The others go through meanwhile, and no worker is held. Something must be due: a plan of which nothing is left waits for nobody."""
    api, index = demo_system.airflow.api(), tuple(SAMPLES).index(PAUSED)
    superuser = sa.create_engine(demo_system.postgres.url(PAUSED), poolclass=sa.NullPool)
    with superuser.begin() as connection:
        connection.execute(sa.text(DUE_APPLICATION))
    done = governance(demo_system, "pause", "--dataset", PAUSED, "--by", "dba")
    assert done.returncode == 0, done.stderr
    try:
        run = api.trigger(NIGHTLY)

        def states(name: str) -> dict[str, str]:
            mine = [task for task in api.tasks(NIGHTLY, run) if task.map_index == tuple(SAMPLES).index(name)]
            return {task.task.removeprefix("govern."): task.state for task in mine}

        others = [name for name in SAMPLES if name != PAUSED]
        through = dict.fromkeys(STAGES, "success")
        assert wait_until(lambda: states(PAUSED).get("enforce") == "up_for_reschedule", 180, pause=0.5), states(PAUSED)
        assert wait_until(lambda: all(states(name) == through for name in others), 180, pause=0.5)
        assert api.run_state(NIGHTLY, run) == "running"
        (waiting,) = [task for task in api.tasks(NIGHTLY, run) if task.task == "govern.enforce" and task.map_index == index]
        found = api._request("GET", f"/api/v2/dags/{NIGHTLY}/dagRuns/{run}/taskInstances/govern.enforce/{index}")
        assert found["rendered_map_index"] == f"{PAUSED} (paused)"
        assert "dba paused it at" in log_of(demo_system.airflow.home, NIGHTLY, run, waiting).read_text()
    finally:
        done = governance(demo_system, "resume", "--dataset", PAUSED, "--by", "dba")
    assert done.returncode == 0, done.stderr
    assert wait_until(lambda: api.run_state(NIGHTLY, run) in ("success", "failed"), 180, pause=0.5)
    assert states(PAUSED) == through
    assert api.run_state(NIGHTLY, run) == "success"
    found = api._request("GET", f"/api/v2/dags/{NIGHTLY}/dagRuns/{run}/taskInstances/govern.enforce/{index}")
    assert (found["rendered_map_index"], found["try_number"]) == (PAUSED, 1)
