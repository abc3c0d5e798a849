"""Days of the whole system that are no ordinary nights: persons ask to be erased, and a database is restored from a backup.

The tests of this file share one system. The first goes the way of a request through the living Airflow - page, endpoint, DAG, approval by
another account, letters - and looks for what is personal in everything that Airflow, registers and evidence keep of it.
"""

from __future__ import annotations

import hashlib
import json
import shutil
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import quote
from uuid import UUID, uuid4

import pytest
import sqlalchemy as sa
import yaml
from canary_support import files_below, rows_of
from night_support import DUE_APPLICATION, NIGHTLY, clear_failed, ended, governance
from simulators.pg_programs import dump, program, restore

from embedded.airflow import OFFICER, USER
from embedded.airflow_api import AirflowApi, NotAnswering
from embedded.processes import wait_until
from embedded.system import DemoSystem
from embedded.watching import log_of
from governance.audit.events import from_canonical
from governance.config import load_deployment
from governance.requests.proof import Proof
from governance.requests.request import Stage
from governance.store.database import Store
from governance.store.models import IncidentRow, OutboxRow, RestoreRow, SpoolRow
from governance.workplace_letters import LetterDesk
from governance.workplace_requests import RequestDesk

pytestmark = [pytest.mark.whole_system, pytest.mark.slow]

ANSWERING, RESTORED, OTHER = "answer_request", "credithelp", "expert-plus"
WORDS = "KANARSKI: изтрийте всичко, което пазите за мен"
STREET = "ул. Канарска 99, Видин"
#: Clients with a consent to marketing, which ends when they ask.
CLIENTS = """SELECT c.egn, concat_ws(' ', c.first_name, c.middle_name, c.last_name) FROM clients c
    WHERE EXISTS (SELECT 1 FROM marketing_consents m WHERE m.client_id = c.client_id AND m.contact IS NOT NULL)
      AND c.egn ~ '^[0-9]{10}$' AND NOT EXISTS (SELECT 1 FROM lethe.holds h WHERE h.key = c.client_id::text)
    ORDER BY c.client_id LIMIT 4"""


class Office:
    """The living Airflow with its two accounts, and what the registers say."""

    def __init__(self, system: DemoSystem) -> None:
        self.system = system
        self.accounts = {name: system.airflow.api(name) for name in (USER, OFFICER)}
        self.admin = self.accounts[USER]
        self.admin.runs(ANSWERING), self.accounts[OFFICER].runs(ANSWERING)  # log in
        self.desk = RequestDesk(load_deployment(system.home), "test-office", by="counter")

    def sent(self, method: str, path: str, *, by: str = USER, **options: Any) -> Any:
        """What is answered, whatever its status."""
        return self.accounts[by]._http.request(method, path, **options)

    def states(self, run: str) -> dict[str, str]:
        return {task.task: task.state for task in self.admin.tasks(ANSWERING, run)}

    def log(self, run: str, task: str) -> str:
        (found,) = (item for item in self.admin.tasks(ANSWERING, run) if item.task == task)
        return log_of(self.system.airflow.home, ANSWERING, run, found).read_text(encoding="utf-8")

    def parked(self, run: str) -> None:
        """Wait until it asks; an answer in the first seconds can be lost (airflow-notes: the resume race)."""
        assert wait_until(lambda: self.states(run).get("approve") == "awaiting_input", 90, pause=0.5), self.states(run)
        time.sleep(3)

    def answer(self, run: str, option: str, *, by: str) -> int:
        path = f"/api/v2/dags/{ANSWERING}/dagRuns/{run}/taskInstances/approve/-1/hitlDetails"
        return int(self.sent("PATCH", path, by=by, json={"chosen_options": [option], "params_input": {}}).status_code)

    def stage(self, request_id: UUID) -> Stage:
        return self.desk.entry(request_id).stage

    def verified(self, request_id: UUID) -> None:
        self.desk.verify(request_id, Proof("passport", "seen", self.desk.today(request_id)))

    def told(self) -> list[tuple[str, dict[str, Any]]]:
        with self.desk.register.store.begin() as session:
            rows = session.scalars(sa.select(OutboxRow.event).order_by(OutboxRow.position)).all()
        return [(event.kind, event.body.model_dump()) for event in (from_canonical(row.encode()) for row in rows)]

    def loans(self) -> str:
        """Digest of every row of the lender."""
        found = hashlib.sha256()
        for table, content in rows_of(self.system.postgres.url(RESTORED), "schemaname = 'public'"):
            found.update(table.encode() + b"".join(sorted(content.splitlines())))
        return found.hexdigest()


def fields(egn: str, name: str) -> dict[str, str]:
    received = (datetime.now(UTC).date() - timedelta(days=2)).isoformat()
    return {
        "controller": RESTORED, "kind": "erasure", "received": received, "name": name, "national_id": egn, "address": STREET,
        "reply_form": "paper", "language": "bg", "description": WORDS,
    }  # fmt: skip


def entered_on_the_page(system: DemoSystem, values: dict[str, str], folder: Any) -> UUID:
    """As a person does it: log in, open the page, be told what is wrong, correct it."""
    from playwright.sync_api import sync_playwright

    quiet = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update", "--disable-sync"]
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=quiet)
        page = browser.new_page(viewport={"width": 1300, "height": 900})
        page.goto(system.airflow.address)
        page.fill('input[name="username"]', USER)
        page.fill('input[name="password"]', system.airflow.password_of(USER))
        page.click('button[type="submit"]')
        page.wait_for_url("**/")
        page.goto(f"{system.airflow.address}/plugin/requests")
        inside = page.frame_locator("iframe")
        inside.get_by_text("No open requests.").wait_for()
        inside.get_by_text("Enter a request").click()
        for name, value in values.items():
            field = inside.locator(f"#{name}")
            field.wait_for()
            if field.evaluate("one => one.tagName") == "SELECT":
                field.select_option(value)
            else:
                field.fill(value)
        inside.locator("#birth_date").fill("2030-01-01")
        inside.get_by_role("button").click()
        inside.get_by_text("Nothing was entered:").wait_for()
        assert inside.locator("#birth_date-fault").inner_text() == "expected a day of birth that has come, found a day to come"
        assert inside.locator("#description").input_value() == values["description"]
        inside.locator("#birth_date").fill("")
        inside.get_by_role("button").click()
        said = inside.get_by_role("status").inner_text()
        assert said.startswith(f"Request 1 of {RESTORED} is entered; answer by ")
        page.screenshot(path=str(folder / "entered.png"))
        browser.close()
    return UUID(said.split()[-1])


def kept(system: DemoSystem) -> Iterator[tuple[str, bytes]]:
    """Everything that Airflow, the governance database, our schemas in the lender's and the server's log keep."""
    everything = "schemaname NOT IN ('pg_catalog', 'information_schema')"
    for database, schemas in {"airflow": everything, "lethe": everything, RESTORED: "schemaname IN ('lethe', 'lethe_work')"}.items():
        for table, content in rows_of(system.postgres.url(database), schemas):
            yield f"{database}: {table}", content
    for path in (*files_below(system.home / "airflow"), system.postgres.log):
        yield str(path), path.read_bytes()


@pytest.mark.skipif(shutil.which("chromium") is None, reason="chromium is not installed")
def test_a_request_goes_from_the_page_to_the_letter_by_another_account_and_nothing_personal_stays_behind(
    demo_system: DemoSystem, tmp_path: Any
) -> None:
    office = Office(demo_system)
    with sa.create_engine(demo_system.postgres.url(RESTORED), poolclass=sa.NullPool).connect() as connection:
        persons = [tuple(row) for row in connection.execute(sa.text(CLIENTS))]
    assert len(persons) == 4

    # By page and endpoint, behind the login.
    asked = entered_on_the_page(demo_system, fields(*persons[0]), tmp_path)
    endpoint = "/governance/api/requests"
    stranger = AirflowApi(demo_system.airflow.address, "nobody", "nothing")
    for path in ("/governance/requests", f"/governance/requests/{asked}", "/governance/requests/new"):
        assert stranger._http.get(path).status_code == 401
    assert stranger._http.post(endpoint, json=fields(*persons[1])).status_code == 401
    with pytest.raises(NotAnswering):
        stranger.trigger(ANSWERING, request=str(asked))
    answers = [office.sent("POST", endpoint, json=fields(*person)) for person in persons[1:]]
    assert [answer.status_code for answer in answers] == [201, 201, 201]
    rejected, unverified, withdrawn = (UUID(answer.json()["id"]) for answer in answers)
    office.verified(asked)
    office.verified(rejected)
    office.desk.withdraw(withdrawn, "they changed their mind")

    # What is no id never comes to Airflow; what is the id of nothing, or of what cannot be decided, fails by name and changes nothing.
    before = office.loans()
    for conf in ({"request": f"{persons[0][1]} {persons[0][0]}"}, {"request": str(asked), "name": persons[0][1]}, {}, {"request": None}):
        refused = office.sent("POST", f"/api/v2/dags/{ANSWERING}/dagRuns", json={"logical_date": None, "conf": conf})
        assert (refused.status_code, persons[0][1] in refused.text) == (400, False)
    noted = {"logical_date": None, "conf": {"request": str(asked)}, "note": persons[0][1]}
    assert office.sent("POST", f"/api/v2/dags/{ANSWERING}/dagRuns", json=noted).status_code == 400
    assert office.admin.runs(ANSWERING) == []
    wrong = {uuid4(): ("locate", "RequestUnknown"), unverified: ("decide", "found stage received"), withdrawn: ("decide", "withdrawn")}
    runs = {request_id: office.admin.trigger(ANSWERING, request=str(request_id)) for request_id in wrong}
    run, other = (office.admin.trigger(ANSWERING, request=str(one)) for one in (asked, rejected))  # these are right, and do not wait
    for request_id, (task, why) in wrong.items():
        assert ended(demo_system, ANSWERING, runs[request_id], 120) == "failed"
        states = office.states(runs[request_id])
        assert (states[task], states["carry_out"], states["prove"]) == ("failed", "upstream_failed", "upstream_failed")
        assert why in office.log(runs[request_id], task)
    told = [body["request"] for kind, body in office.told() if kind.startswith("request.") and kind != "request.received"]
    assert {str(unverified): 0, str(withdrawn): 1} == {one: told.count(one) for one in map(str, (unverified, withdrawn))}
    assert (office.stage(unverified), office.stage(withdrawn)) == (Stage.RECEIVED, Stage.WITHDRAWN)

    # Whoever drafted it is refused, visibly; a rejection ends visibly; another account approves, and it is carried out and proved.
    office.parked(run)
    office.parked(other)
    page = office.sent("GET", f"/governance/requests/{asked}", by=OFFICER)
    assert page.status_code == 200
    assert "waits for approval" in page.text
    assert not [text for text in (*persons[0], WORDS, STREET) if text in page.text]
    assert office.sent("GET", f"/governance/requests/{uuid4()}", by=OFFICER).status_code == 404
    assert office.answer(run, "Approve", by=USER) == 200
    assert office.answer(other, "Reject", by=OFFICER) == 200
    assert ended(demo_system, ANSWERING, run, 60) == ended(demo_system, ANSWERING, other, 60) == "failed"
    assert "whoever registered it does not approve it; expected somebody else" in office.log(run, "approve")
    assert "was rejected; nothing was done" in office.log(other, "approve")
    for one in (run, other):
        assert office.states(one)["carry_out"] == office.states(one)["prove"] == "upstream_failed"
    assert (office.stage(asked), office.stage(rejected), office.loans()) == (Stage.PROPOSED, Stage.LOCATED, before)
    again = {"dry_run": False, "dag_run_id": run, "task_ids": ["approve"], "include_downstream": True, "reset_dag_runs": True}
    again |= {"only_failed": False}
    assert office.sent("POST", f"/api/v2/dags/{ANSWERING}/clearTaskInstances", json=again).status_code == 200
    office.parked(run)
    assert office.answer(run, "Approve", by=OFFICER) == 200
    assert ended(demo_system, ANSWERING, run, 120) == "success"
    assert set(office.states(run).values()) == {"success"}
    assert office.stage(asked) is Stage.DONE
    events = [(kind, body) for kind, body in office.told() if body.get("request") == str(asked)]
    (carried,) = (body for kind, body in events if kind == "request.carried-out")
    (proved,) = (body for kind, body in events if kind == "request.proved")
    assert (sum(carried["changed"].values()) > 0, carried["failed"], proved["success"]) == (True, (), True)
    assert [body["by"] for kind, body in events if kind in ("request.proposed", "request.decided")] == [USER, OFFICER]
    assert office.loans() != before

    # Letters, and nothing personal anywhere but there and in the loan tables.
    letters, now = LetterDesk(load_deployment(demo_system.home), "test-office", by=OFFICER), datetime.now(UTC)
    letters.issue(asked, "decision", account=OFFICER, now=now)
    digest, letter = letters.issue(asked, "completion", account=OFFICER, now=now)
    assert letter.startswith(b"%PDF")
    assert letters.answer(asked, digest, now=now).stage is Stage.ANSWERED
    texts = {text for person in persons for text in person} | {"KANARSKI", WORDS, STREET}
    needles = {form.encode() for text in texts for form in (text, json.dumps(text)[1:-1], quote(text))}
    leaks, named = [], set()
    for place, content in kept(demo_system):
        leaks += [place for needle in needles if needle in content]
        named |= {place} if str(asked).encode() in content else set()
    assert leaks == []
    assert {"airflow: public.dag_run", "airflow: public.log", "lethe: public.request"} <= named  # the control: the id stands there


def test_after_a_restore_the_night_is_refused_until_the_replay_is_green_and_a_drill_proves_the_backup(demo_system: DemoSystem) -> None:
    """By the three DAGs: the night fails at its plan, `restore_replay` puts it right, the same night goes through once it is cleared, and
    meanwhile `restore_drill` holds a drill with the same backup. The other dataset - one, for time - knows of nothing."""
    system, api = demo_system, demo_system.airflow.api()
    file = system.home / "lethe.yaml"
    settings = yaml.safe_load(file.read_text(encoding="utf-8"))
    for some in (settings["datasets"], settings["archive"]["residency_exceptions"]):
        for name in some.keys() - {RESTORED, OTHER}:
            del some[name]
    file.write_text(yaml.safe_dump(settings, sort_keys=False), encoding="utf-8")
    backup, superuser = system.home / "before.dump", sa.create_engine(system.postgres.url(RESTORED), poolclass=sa.NullPool)
    due = sa.text("SELECT count(*) FROM job_applicants WHERE applicant_id = 999999")
    with superuser.begin() as connection:
        connection.execute(sa.text(DUE_APPLICATION))
    dump(system.postgres, RESTORED, backup)
    for words in (["run", "--dataset", RESTORED], ["seal"]):
        done = governance(system, *words)
        assert done.returncode == 0, (words, done.stderr)
    restore(system.postgres, RESTORED, backup)
    with superuser.connect() as connection:
        assert connection.scalar(due) == 1

    run = api.trigger(NIGHTLY)

    def refused() -> list[tuple[str, str, int]]:
        failed = [task for task in api.tasks(NIGHTLY, run) if task.state == "failed"]
        return [((RESTORED, OTHER)[task.map_index], task.task, task.tries) for task in failed]

    assert wait_until(lambda: refused() != [], 240, pause=0.5)
    log = log_of(system.airflow.home, NIGHTLY, run, next(task for task in api.tasks(NIGHTLY, run) if task.state == "failed"))
    assert f"DatabaseWentBack: {RESTORED}: the database went back in time" in log.read_text()
    assert "Restored Person" not in log.read_text()

    settings["datasets"][RESTORED]["restore_drill"] = {
        "scratch": system.postgres.url("postgres"),
        "pg_restore": str(program("pg_restore")),
        "backup": backup.name,
    }
    file.write_text(yaml.safe_dump(settings, sort_keys=False), encoding="utf-8")
    assert ended(system, "restore_replay", api.trigger("restore_replay", dataset=RESTORED)) == "success"
    with superuser.connect() as connection:
        assert connection.scalar(due) == 0
    assert ended(system, NIGHTLY, run) == "failed"  # once the others are through
    assert refused() == [(RESTORED, "govern.plan", 1)]
    clear_failed(api, run)
    drill = api.trigger("restore_drill")
    assert ended(system, "restore_drill", drill) == "success"
    assert ended(system, NIGHTLY, run) == "success"
    assert [task.map_index for task in api.tasks("restore_drill", drill) if task.task == "drill"] == [0]

    with Store(load_deployment(system.home).store).begin() as session:
        [drilled] = session.scalars(sa.select(SpoolRow.content).where(SpoolRow.name.startswith("drills/")))
        assert session.scalars(sa.select(RestoreRow.replayed_at.is_not(None))).all() == [True]
        [incident] = session.scalars(sa.select(IncidentRow).where(IncidentRow.cause == "restore-unreplayed"))
        assert incident.over_at is not None
    document = json.loads(drilled)
    assert (document["success"], document["resurrected"]) == (True, {})
    assert document["back"]["job_applicants"] >= 1
    with superuser.connect() as connection:
        assert connection.scalar(sa.text("SELECT count(*) FROM pg_database WHERE datname LIKE 'lethe_drill_%'")) == 0
