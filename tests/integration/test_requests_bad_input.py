"""What cannot be a request, by every way in: a YAML file, a CSV list, prompts, the form of the page and the endpoint. Each is answered with
the field, what was expected and what was found; what was typed is not repeated, and nothing is entered."""

from __future__ import annotations

import csv
import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa
import yaml
from evidence_support import make_store
from request_support import AGENT, CANARIES, PERSON, asked_of_airflow, make_home, told
from test_requests_commands import FIELDS
from typer.testing import CliRunner

from embedded.postgres import EmbeddedPostgres
from governance.cli import app
from governance.config import load_deployment
from governance.errors import RequestInvalid
from governance.requests.intake import FIELDS as NAMES
from governance.store.database import Store
from governance.store.models import RequestRow
from governance.workplace_requests import RequestDesk

CHECKOUT = Path(__file__).resolve().parents[2]
TODAY = datetime.now(UTC).date()
TOMORROW, LATER = ((TODAY + timedelta(days=days)).isoformat() for days in (2, 400))
SQL, TEMPLATE, SCRIPT_TAG = "'; DROP TABLE request; -- KANARSKI", "{{ 7*7 }} KANARSKI", "<script>KANARSKI</script>"
LARGE = 10_000_000  # characters


@dataclass(frozen=True)
class Case:
    """What is other than in a request that could be entered, and the field and fault that are told of it."""

    name: str
    given: dict[str, str]
    field: str
    expected: str


def injected(field: str, expected: str) -> list[Case]:
    """SQL, a template and markup in one field."""
    return [Case(f"{kind} in {field}", {field: text}, field, expected) for kind, text in
            (("SQL", SQL), ("a template", TEMPLATE), ("markup", SCRIPT_TAG))]  # fmt: skip


AGENT_FIELDS = {"representative_name": AGENT.name, "power_of_attorney": AGENT.power_of_attorney}
NAMELESS = dict.fromkeys(("national_id", "birth_date", "emails", "phones", "contracts"), "")
CASES = (
    Case("a wrong checksum", {"national_id": "9932010008"}, "national_id", "with the right check digit"),
    Case("letters in a national id", {"national_id": "99320100O9"}, "national_id", "expected digits"),
    Case("a birth date to come", {"birth_date": LATER, "national_id": ""}, "birth_date", "a day of birth that has come"),
    Case("a birth date that is none", {"birth_date": "1899-02-30"}, "birth_date", "a day of the calendar"),
    Case("a contradictory identity", {"birth_date": "1950-01-01"}, "birth_date", "the day of birth that the national id says"),
    Case("a letter of tomorrow", {"received": TOMORROW}, "received", "a day not after"),
    Case("nothing but a name", NAMELESS, "national_id", "beside the name"),
    Case("their own representative", {**AGENT_FIELDS, "representative_name": PERSON.name}, "representative_name", "somebody else"),
    Case("no power of attorney", {"representative_name": AGENT.name}, "power_of_attorney", "an explicit power of attorney"),
    Case("nobody whom a power empowers", {"power_of_attorney": "815/2026"}, "representative_name", "an explicit power of attorney"),
    Case("an expired power", {**AGENT_FIELDS, "power_of_attorney_until": "2020-01-01"}, "power_of_attorney_until", "valid on the day"),
    Case("no description", {"description": ""}, "description", "expected a value"),
    Case("a long description", {"description": "KANARSKI " * 2_000}, "description", "at most 10,000 characters"),
    Case("a template in the description", {"description": TEMPLATE}, "description", "without marks of a template"),
    Case("markup in the description", {"description": SCRIPT_TAG}, "description", "without marks of a template"),
    Case("letters nobody sees", {"name": "Kanarski\u202eKanarski"}, "name", "letters that can be printed"),
    Case("an unknown kind", {"kind": "kanarski"}, "kind", "for which the policy of"),
    Case("a kind of another policy", {"kind": "blocking"}, "kind", "for which the policy of"),
    Case("a purpose of nobody", {"kind": "objection", "purposes": "kanarski"}, "purposes", "purposes of the policy"),
    Case("purposes of another kind", {"purposes": "marketing"}, "purposes", "expected"),
    Case("no address for paper", {"address": ""}, "address", "an address for a reply on paper"),
    *injected("name", "letters, blanks, hyphens"),
    *injected("national_id", "expected"),
    *injected("birth_date", "a day"),
    *injected("received", "a day"),
    *injected("emails", "an address like"),
    *injected("phones", "a telephone number"),
    *injected("contracts", "letters, digits"),
    *injected("address", "the marks of an address"),
    *injected("reply_form", "one of"),
    *injected("language", "one of"),
    *injected("purposes", "expected"),
    *injected("corrections", "expected"),
    *(Case(f"{case.name}, of a representative", {**AGENT_FIELDS, **case.given}, case.field, case.expected)
      for case in (*injected("representative_name", "letters, blanks"), *injected("power_of_attorney", "the marks of an address"))),
)  # fmt: skip


class Register:
    """An empty register, and that it stays so."""

    def __init__(self, home: Path, store: Store) -> None:
        self.home, self.store = home, store

    @property
    def untouched(self) -> bool:
        with self.store.begin() as session:
            return session.scalar(sa.select(sa.func.count()).select_from(RequestRow)) == 0 and told(self.store) == []


@pytest.fixture
def register(postgres: EmbeddedPostgres, make_database: Callable[..., str], tmp_path: Path) -> Register:
    store, url = make_store(postgres, make_database)
    return Register(make_home(tmp_path, url), store)


def repeated(text: str) -> list[str]:
    """What a person may not find in an answer."""
    return [canary for canary in (*CANARIES, "KANARSKI", "DROP TABLE") if canary in text]


def failed(words: list[str], register: Register) -> tuple[str, ...]:
    result = CliRunner().invoke(app, ["request", *words, "--home", str(register.home)])
    assert isinstance(result.exception, RequestInvalid), (words, result.output, result.exception)
    return tuple(result.exception.faults)


def require_told(case: Case, faults: Sequence[str]) -> None:
    (found,) = [fault for fault in faults if case.field in fault and case.expected in fault][:1] or [f"only {faults}"]
    assert case.expected in found, case.name
    assert repeated("".join(faults)) == [], case.name


def test_by_file_each_fault_is_told_and_nothing_is_entered(register: Register) -> None:
    desk, path = RequestDesk(load_deployment(register.home), "test", by="officer"), register.home / "request.yaml"
    for case in CASES:
        path.write_text(yaml.safe_dump({name: value for name, value in {**FIELDS, **case.given}.items() if value}, allow_unicode=True))
        with pytest.raises(RequestInvalid) as caught:
            desk.receive_file(path)
        require_told(case, caught.value.faults)
    assert register.untouched


def test_by_list_each_fault_is_told_with_its_line_and_nothing_is_entered(register: Register) -> None:
    lines = [{**FIELDS, "description": "kanarski", **case.given} for case in CASES]
    names, path = [name for name in NAMES if name != "channel"], register.home / "list.csv"
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([names, *([line[name] for name in names] for line in lines)])
    faults = failed(["import", str(path), "--by", "officer"], register)
    for number, case in enumerate(CASES, 2):
        require_told(case, [fault for fault in faults if fault.startswith(f"list.csv: line {number}, ")])
    assert register.untouched


def test_by_prompt_each_fault_is_told_and_who_gives_up_has_entered_nothing(register: Register) -> None:
    """Each third, for a command takes half a second; asked again for what is wrong, the person gives up: the input ends."""
    for case in CASES[::3]:
        values = {**FIELDS, **case.given}
        lines = [value for name in NAMES for value in ([*values[name].splitlines(), ""] if name == "description" else [values[name]])]
        words = ["request", "new", "--by", "officer", "--home", str(register.home)]
        result = CliRunner().invoke(app, words, input="\n".join(lines) + "\n")
        assert result.exit_code != 0, result.output
        told_of_it = [line for line in result.output.splitlines() if line.startswith(case.field) and ": expected" in line]
        assert case.expected in "".join(told_of_it), (case.name, result.output)
    assert register.untouched


ASK = """
import json, re, sys, warnings
warnings.simplefilter("ignore")
from airflow.utils.db import initdb
initdb()
from fastapi.testclient import TestClient
from airflow.api_fastapi.app import create_app, get_auth_manager
from airflow.api_fastapi.auth.managers.simple.user import SimpleAuthManagerUser
fields, cases, large = json.load(open(sys.argv[1]))
user = TestClient(create_app(apps="all"), headers={
    "Authorization": "Bearer " + get_auth_manager().generate_jwt(SimpleAuthManagerUser(username="clerk", role="user"))})
csrf = re.search('name="csrf" value="([^"]+)"', user.get("/governance/requests/new").text).group(1)
found = []
for given in cases:
    values = {name: value for name, value in {**fields, **given}.items() if name != "channel"}
    form = user.post("/governance/requests/new", data={**values, "csrf": csrf})
    sent = user.post("/governance/api/requests", json={name: value for name, value in values.items() if value})
    found.append([form.status_code, form.text, sent.status_code, sent.json().get("faults")])
big = {**fields, "description": "x" * large}
del big["channel"]
large_form = user.post("/governance/requests/new", data={**big, "csrf": csrf})
found.append([large_form.status_code, user.post("/governance/api/requests", json=big).status_code])
print("FOUND" + json.dumps(found))
"""


@pytest.mark.slow
def test_by_form_and_endpoint_each_fault_stands_beside_its_field_and_nothing_is_entered(register: Register, tmp_path: Path) -> None:
    airflow_home, asked = tmp_path / "airflow", tmp_path / "asked.json"
    asked.write_text(json.dumps([FIELDS, [case.given for case in CASES], LARGE]))
    (*found, large), printed = asked_of_airflow(ASK, str(asked), register.home, airflow_home)
    assert large == [413, 413]
    for case, (status, page, sent, faults) in zip(CASES, found, strict=True):
        assert (status, sent) == (422, 422), (case.name, status, sent, faults)
        beside = page.partition(f'id="{case.field}-fault"')[2].partition("</div>")[0]
        assert case.expected in beside.replace("&#x27;", "'"), (case.name, beside)
        assert "<script>" not in page
        (told_of_it,) = [fault for fault in faults if fault.startswith(case.field) and case.expected in fault][:1]
        assert repeated(told_of_it) == [], case.name
    assert register.untouched
    kept = b"".join(path.read_bytes() for path in airflow_home.rglob("*") if path.is_file())
    assert repeated(kept.decode("utf-8", "replace") + printed) == []


def test_ten_megabytes_of_description_and_sql_that_is_only_text(register: Register) -> None:
    path = register.home / "request.yaml"
    given = {name: value for name, value in FIELDS.items() if value}
    path.write_text(json.dumps({**given, "description": "x" * LARGE}))
    (said,) = failed(["new", "--by", "officer", "--file", str(path)], register)
    assert "at most 10,000 characters, found 10,000,000" in said
    table = register.home / "list.csv"
    names = ("controller", "kind", "received", "name", "reply_form", "language", "description")
    table.write_text(f"{','.join(names)}\ncredithelp,erasure,2026-01-01,A B,office,bg,{'x' * LARGE}\n")
    (said,) = failed(["import", str(table), "--by", "officer"], register)
    assert "expected well-formed CSV" in said
    assert register.untouched
    path.write_text(json.dumps({**given, "description": SQL}))  # a person may write it: it is bound, encrypted and escaped
    entered = CliRunner().invoke(app, ["request", "new", "--by", "officer", "--file", str(path), "--home", str(register.home)])
    assert "request 1 of credithelp is entered" in entered.output
