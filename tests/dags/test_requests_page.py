"""The pages and the endpoint of requests inside a real Airflow API application, with its own logins, over a real governance database."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from embedded.postgres import EmbeddedPostgres

CHECKOUT = Path(__file__).resolve().parents[2]
SCRIPT = """
import json, re, sys, warnings
warnings.simplefilter("ignore")
import airflow
from airflow.utils.db import initdb
initdb()
from datetime import timedelta
from fastapi.testclient import TestClient
from airflow.api_fastapi.app import create_app, get_auth_manager
from airflow.api_fastapi.auth.managers.simple.user import SimpleAuthManagerUser
app = create_app(apps="all")
fields = json.loads(sys.argv[1])

def client(role):
    user = SimpleAuthManagerUser(username=f"{role}-login", role=role)
    token = get_auth_manager().generate_jwt(user)
    return TestClient(app, headers={"Authorization": f"Bearer {token}"})

found = {}
nobody, viewer, user, other = TestClient(app), client("viewer"), client("user"), client("op")
at = "/governance/requests"
pages = [("GET", at), ("GET", at + "/new"), ("POST", at + "/new"), ("POST", "/governance/api/requests")]
found["nobody"] = [nobody.request(method, path).status_code for method, path in pages]
found["viewer"] = [viewer.request(method, path).status_code for method, path in pages]
form = user.get("/governance/requests/new")
csrf = re.search('name="csrf" value="([^"]+)"', form.text).group(1)
path = "/governance/requests/new"
asked = {name: value for name, value in fields.items() if name != "channel"}
found["no_token"] = user.post(path, data=asked).status_code
found["other_login"] = other.post(path, data={**asked, "csrf": csrf}).status_code
found["json_as_form"] = user.post(path, json={**asked, "csrf": csrf}).status_code
wrong = user.post(path, data={**asked, "csrf": csrf, "name": '"><script>alert(1)</script>', "national_id": "9932010008"})
said = 'National id</a>: expected a national id of BG' in wrong.text and 'id="national_id-fault"' in wrong.text
found["wrong"] = [wrong.status_code, said, "<script>" in wrong.text, "&lt;script&gt;" in wrong.text]
found["large"] = user.post(path, data={**asked, "csrf": csrf, "description": "x" * 600_000}).status_code
right = user.post(path, data={**asked, "csrf": csrf})
said = "Request 1 of credithelp is entered" in right.text
found["entered"] = [right.status_code, said, fields["name"] in right.text, right.headers["cache-control"]]
api = "/governance/api/requests"
found["duplicate"] = [(answer := user.post(api, json=asked)).status_code, answer.json()]
found["form_as_json"] = user.post(api, data=asked).status_code
kind = {"Content-Type": "application/json"}
found["no_object"] = [user.post(api, content=text, headers=kind).status_code for text in ("[]", "{", '"x"', "[" * 100_000)]
sent = user.post(api, json={**asked, "kind": "erasure", "emails": ["a@b.example"]})
found["sent"] = [sent.status_code, sorted(sent.json()), sent.text.count(fields["name"])]
found["unsound"] = [(answer := user.post(api, json={**asked, "kind": "'; DROP TABLE request; --"})).status_code, "DROP" in answer.text]
listed = viewer.get("/governance/requests")
policy = listed.headers["content-security-policy"][:18]
found["listed"] = [listed.status_code, fields["name"] in listed.text, sent.json()["id"] in listed.text, policy]
one = "/governance/requests/" + sent.json()["id"]
page = user.get(one)
found["one"] = [nobody.get(one).status_code, viewer.get(one).status_code, page.status_code, fields["name"] in page.text,
    "None was drafted yet." in page.text, user.get(one[:-1] + "x").status_code, user.get("/governance/requests/Ivan%20Ivanov").status_code]
print("FOUND" + json.dumps(found))
"""


@pytest.mark.slow
def test_requests_are_entered_behind_airflow_s_login(postgres: EmbeddedPostgres, make_database: Callable[..., str], tmp_path: Path) -> None:
    sys.path.insert(0, str(CHECKOUT / "tests" / "integration"))
    from evidence_support import make_store
    from request_support import CANARIES, asked_of_airflow, make_home, told
    from test_requests_commands import FIELDS

    store, url = make_store(postgres, make_database)
    airflow_home = tmp_path / "airflow"
    found, printed = asked_of_airflow(SCRIPT, json.dumps(FIELDS), make_home(tmp_path, url), airflow_home)
    assert found["nobody"] == [401, 401, 401, 401]
    assert found["viewer"] == [200, 403, 403, 403]
    assert (found["no_token"], found["other_login"], found["json_as_form"], found["large"]) == (403, 403, 415, 413)
    assert found["wrong"] == [422, True, False, True]
    assert found["entered"] == [201, True, False, "no-store"]
    assert found["duplicate"][0] == 422
    assert "open as number 1" in found["duplicate"][1]["faults"][0]
    assert (found["form_as_json"], found["no_object"]) == (415, [400, 400, 400, 400])
    assert found["sent"] == [201, ["id"], 0]
    assert found["unsound"] == [422, False]
    assert found["listed"] == [200, False, True, "default-src 'none'"]
    assert found["one"] == [401, 403, 200, False, True, 404, 404]
    events = told(store)
    assert [(kind, body["channel"], body["by"]) for kind, body in events] == [
        ("request.received", "form", "user-login"), ("request.received", "api", "user-login"),
    ]  # fmt: skip
    # Neither what the server printed nor anything Airflow keeps holds a person.
    kept = b"".join(path.read_bytes() for path in airflow_home.rglob("*") if path.is_file())
    for canary in CANARIES:
        assert canary not in printed
        assert canary.encode() not in kept
        assert canary not in str(events)
