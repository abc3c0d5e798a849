"""Nights of the whole system, seen from outside: what leaks (nothing), what the evidence proves, and what a failing night says.

The tests of this file share one system and run in order: a first night over planted canaries, its evidence, then a night on which somebody
puts a due record back behind the engine's back.
"""

from __future__ import annotations

import io
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest
import sqlalchemy as sa
from rich.console import Console

from embedded import demo
from embedded.display import Display
from embedded.processes import wait_until
from embedded.system import BUCKET, DemoSystem
from embedded.watching import RunFailed
from governance.config import load_deployment
from governance.samples.canaries import plant

pytestmark = pytest.mark.whole_system

MARKER = "KANAREQ7"
DATASET = "credithelp"
# What cannot hold text holds these: a birth date nobody has, an amount nobody earns.
BIRTH_DATE, AMOUNT = "1907-03-05", "91827364.55"
NUMERIC = {
    "clients": "monthly_income",
    "applications": "declared_income",
    "contracts": "principal",
    "transactions": "amount",
    "accounting_entries": "amount",
    "tax_documents": "amount",
    "nssi_reports": "insured_income",
}
NEEDLES = [MARKER.encode(), MARKER.encode().hex().encode(), BIRTH_DATE.encode(), AMOUNT.encode()]


def one_night(system: DemoSystem) -> str:
    printed = io.StringIO()
    with Display(Console(file=printed, width=200)) as display:
        demo.one_night(system, display)
    return printed.getvalue()


def governance(system: DemoSystem, *words: str) -> subprocess.CompletedProcess[str]:
    """The command as a person runs it."""
    command = [str(Path(sys.executable).parent / "governance"), *words]
    environment = {**os.environ, "LETHE_HOME": str(system.home), "COLUMNS": "200"}
    return subprocess.run(command, capture_output=True, text=True, check=False, env=environment)


def rows_of(system: DemoSystem, database: str, schemas: str) -> Iterator[tuple[str, bytes]]:
    """Every row of every table, as text, by table. `schemas` is an SQL condition on the schema's name."""
    url = sa.make_url(system.postgres.url(database)).set(drivername="postgresql").render_as_string(hide_password=False)
    query = f"SELECT quote_ident(schemaname) || '.' || quote_ident(tablename) FROM pg_tables WHERE {schemas}"
    with psycopg.connect(url) as connection:
        for (table,) in connection.execute(query).fetchall():
            with connection.cursor() as cursor, cursor.copy(f"COPY {table} TO STDOUT") as copy:  # type: ignore[call-overload]
                yield table, b"".join(bytes(part) for part in copy)


def found_in(content: bytes) -> bool:
    return any(needle in content for needle in NEEDLES)


def files_below(folder: Path) -> Iterator[Path]:
    return (path for path in folder.rglob("*") if path.is_file() and not path.is_symlink())


@pytest.fixture(scope="module")
def said(demo_system: DemoSystem) -> list[str]:
    """One night over planted canaries; everything that was printed during and after it."""
    dataset = load_deployment(demo_system.home).governed(DATASET)
    owner = demo_system.postgres.url(DATASET, DATASET)
    personal = {name: collection.personal_fields for name, collection in dataset.collections.items() if collection.personal_fields}
    planted = plant(owner, personal, MARKER, every=2)
    with sa.create_engine(owner, poolclass=sa.NullPool).begin() as connection:
        for table, column in NUMERIC.items():
            key = dataset.collections[table].key
            text = f"UPDATE {table} SET {column} = {AMOUNT} WHERE {column} IS NOT NULL AND hashtext({key}::text) % 2 = 0"
            assert connection.execute(sa.text(text)).rowcount > 0
        connection.execute(sa.text(f"UPDATE clients SET birth_date = '{BIRTH_DATE}' WHERE client_id % 2 = 0"))
    texts = {
        f"{name}.{field}"
        for name, fields in personal.items()
        for field in fields
        if dataset.collections[name].fields[field].data_type == "string"
    }
    assert {place for place, count in planted.items() if count} >= texts
    printed = [one_night(demo_system)]
    some_client = "SELECT client_id::text FROM clients WHERE first_name LIKE :marker LIMIT 1"
    with sa.create_engine(owner, poolclass=sa.NullPool).begin() as connection:
        client = connection.scalar(sa.text(some_client), {"marker": f"{MARKER}%"})
    for words in (["report"], ["scan"], ["plan"], ["explain", "clients", client], ["explain", "clients", MARKER], ["validate"]):
        done = governance(demo_system, *words)
        assert done.returncode == (1 if MARKER in words else 0), done.stderr
        printed.append(done.stdout + done.stderr.replace(MARKER, "") if MARKER in words else done.stdout + done.stderr)
    return printed


def test_the_search_finds_what_is_there(demo_system: DemoSystem, said: list[str]) -> None:
    """The control: canaries of people who are not due still stand in the loan database, and the search sees each kind of them."""
    content = b"".join(rows for _, rows in rows_of(demo_system, DATASET, "schemaname = 'public'"))
    assert [needle for needle in NEEDLES if needle not in content] == []


def test_no_personal_value_leaves_the_loan_tables(demo_system: DemoSystem, said: list[str]) -> None:
    """Airflow's logs, XCom and metadata, validation results, audit log, archive, printed output: none holds a canary."""
    system, leaks, searched = demo_system, [], 0
    everything = "schemaname NOT IN ('pg_catalog', 'information_schema')"
    for database, schemas in (("airflow", everything), ("lethe", everything), (DATASET, "schemaname IN ('lethe', 'lethe_work')")):
        for table, content in rows_of(system, database, schemas):
            searched += len(content)
            leaks += [f"{database}: {table}"] if found_in(content) else []
    assert searched > 100_000
    logs = list(files_below(system.home / "airflow"))
    assert any("task_id=govern.enforce" in str(path) for path in logs)
    archived = list(files_below(system.s3.objects / BUCKET))
    assert {path.relative_to(system.s3.objects / BUCKET).parts[0] for path in archived} >= {"log", "plans", "validations"}
    for path in [*logs, *archived, system.postgres.log]:
        leaks += [str(path)] if found_in(path.read_bytes()) else []
    leaks += [text for text in said if found_in(text.encode())]
    assert leaks == []


def test_the_archive_verifies_and_a_changed_event_is_named(demo_system: DemoSystem, said: list[str], tmp_path: Path) -> None:
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


def test_what_airflow_says_of_its_dags(demo_system: DemoSystem, said: list[str]) -> None:
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
def test_a_person_finds_the_night_in_the_browser(demo_system: DemoSystem, said: list[str], tmp_path: Path) -> None:
    """Log in, open the DAG, read its documentation, see the mapped dataset succeed."""
    from playwright.sync_api import sync_playwright

    quiet = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update", "--disable-sync"]
    airflow = demo_system.airflow
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=quiet)
        page = browser.new_page(viewport={"width": 1500, "height": 950})
        page.goto(airflow.address)
        page.fill('input[name="username"]', "admin")
        page.fill('input[name="password"]', airflow.password)
        page.click('button[type="submit"]')
        page.wait_for_url("**/")
        page.goto(f"{airflow.address}/dags/nightly_governance/tasks")
        page.get_by_text("govern.validate").first.wait_for()
        page.get_by_label("Dag Docs", exact=True).click()
        page.get_by_text("Nothing personal passes between tasks").first.wait_for()
        page.screenshot(path=str(tmp_path / "documentation.png"))
        browser.close()
    assert (tmp_path / "documentation.png").stat().st_size > 20_000


def test_a_record_put_back_behind_the_engines_back_fails_the_night(demo_system: DemoSystem, said: list[str]) -> None:
    """Somebody restores an erased job application right after enforcement. The suites see it, and the run fails by name and count."""
    put_back = """
        CREATE FUNCTION put_back() RETURNS trigger SECURITY DEFINER LANGUAGE plpgsql AS $$
        BEGIN
          IF NEW.event LIKE '%"kind":"enforcement.completed"%' THEN
            INSERT INTO public.job_applicants (applicant_id, full_name, position, applied_on, status, decided_on)
            VALUES (999999, 'Restored Person', 'teller', '2020-01-01', 'rejected', '2020-02-01');
          END IF;
          RETURN NEW;
        END $$;
        CREATE TRIGGER put_back AFTER INSERT ON lethe.outbox FOR EACH ROW EXECUTE FUNCTION put_back()"""
    superuser = sa.create_engine(demo_system.postgres.url(DATASET), poolclass=sa.NullPool)
    with superuser.begin() as connection:
        connection.execute(sa.text(put_back.replace(":", r"\:")))
    try:
        with pytest.raises(RunFailed, match=r"validate.* its log: (\S+)") as caught:
            one_night(demo_system)
    finally:
        with superuser.begin() as connection:
            connection.execute(sa.text("DROP TRIGGER put_back ON lethe.outbox; DROP FUNCTION put_back()"))
    log = Path(str(caught.value).rsplit("its log: ", 1)[1].split(";")[0].split()[0]).read_text()
    assert "ValidationFailed" in log
    assert "job_applicants" in log
    assert "1 found" in log
    assert "Restored Person" not in log
    api = demo_system.airflow.api()
    run, _ = api.runs("nightly_governance")[0]
    wait_until(lambda: api.run_state("nightly_governance", run) in ("failed", "success"), 60)
    assert api.run_state("nightly_governance", run) == "failed"


def test_the_next_night_mends_it(demo_system: DemoSystem, said: list[str]) -> None:
    one_night(demo_system)
    report = governance(demo_system, "report").stdout
    assert "job_applicants" in report
    with sa.create_engine(demo_system.postgres.url(DATASET), poolclass=sa.NullPool).connect() as connection:
        assert connection.scalar(sa.text("SELECT count(*) FROM job_applicants WHERE applicant_id = 999999")) == 0
    assert governance(demo_system, "verify").returncode == 0
