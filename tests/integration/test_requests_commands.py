"""`governance request ...` over a real governance database: nothing personal on a command line, in a message, a listing or an event."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from evidence_support import make_store
from request_support import AGENT, CANARIES, PERSON, make_home, told
from typer.testing import CliRunner, Result

from embedded.postgres import EmbeddedPostgres
from governance.cli import app
from governance.errors import ConfigurationError, RequestDue, RequestInvalid, RequestRefused, RequestUnknown
from governance.store.database import Store
from governance.store.models import RequestRow

TODAY = datetime.now(UTC).date()
YESTERDAY = (TODAY - timedelta(days=1)).isoformat()
FIELDS: dict[str, str] = {
    "controller": "credithelp",
    "kind": "access",
    "received": YESTERDAY,
    "channel": "letter",
    "name": PERSON.name,
    "national_id": str(PERSON.national_id),
    "birth_date": "1899-12-01",
    "emails": PERSON.emails[0],
    "phones": PERSON.phones[0],
    "contracts": PERSON.contracts[0],
    "address": str(PERSON.address),
    "representative_name": "",
    "power_of_attorney": "",
    "power_of_attorney_until": "",
    "reply_form": "paper",
    "language": "bg",
    "description": "kanarski първи ред\nвтори ред\n",
    "purposes": "",
    "corrections": "",
}
HEADER = "controller,kind,received,name,national_id,birth_date,address,reply_form,language,description,not_duplicate"


class Desk:
    """The commands of one home."""

    def __init__(self, home: Path, store: Store) -> None:
        self.home, self.store = home, store

    def run(self, *words: str, typed: str = "") -> Result:
        return CliRunner().invoke(app, ["request", *words, "--home", str(self.home)], input=typed)

    def said(self, *words: str, typed: str = "") -> str:
        result = self.run(*words, typed=typed)
        assert result.exit_code == 0, (result.output, result.exception)
        return result.output

    def raised(self, *words: str, typed: str = "") -> Exception:
        result = self.run(*words, typed=typed)
        assert isinstance(result.exception, Exception)
        assert not any(canary in str(result.exception) for canary in CANARIES)
        return result.exception

    def count(self) -> int:
        with self.store.begin() as session:
            return session.scalar(sa.select(sa.func.count()).select_from(RequestRow)) or 0

    def csv(self, *lines: str) -> str:
        path = self.home / "list.csv"
        path.write_text("\n".join((HEADER, *lines)), encoding="utf-8-sig")
        return str(path)


@pytest.fixture
def desk(postgres: EmbeddedPostgres, make_database: Callable[..., str], tmp_path: Path) -> Desk:
    store, url = make_store(postgres, make_database)
    return Desk(make_home(tmp_path, url), store)


def typed(**other: str) -> str:
    return "\n".join({**FIELDS, **other}.values()) + "\n"


def test_a_request_goes_from_prompt_to_end(desk: Desk) -> None:
    output = desk.said(
        "new", "--by", "officer", typed=typed(national_id="9932010008", birth_date="2099-01-01") + "9932010009\n1899-12-01\n"
    )
    assert "national_id: expected a national id of BG with the right check digit, found another number" in output
    assert "request 1 of credithelp is entered; answer by" in output
    again = desk.raised("new", "--by", "officer", typed=typed())
    assert isinstance(again, RequestInvalid)
    assert "one of the same person and kind open as number 1" in str(again)
    assert "request 2 of" in desk.said("new", "--by", "officer", "--not-a-duplicate", typed="another matter\n" + typed())

    listed = desk.said("list")
    assert "credithelp" in listed
    shown = json.loads(desk.said("show", "1", "--controller", "credithelp", "--json"))
    assert [act["act"] for act in shown["acts"]] == ["received"]
    assert not any(canary in listed + json.dumps(shown, ensure_ascii=False) for canary in CANARIES)
    assert told(desk.store)[-1][0] == "request.received"
    opened = json.loads(desk.said("show", shown["id"], "--identity", "--json"))
    assert opened["person"]["name"] == PERSON.name
    assert opened["description"] == "kanarski първи ред\nвтори ред"
    kind, body = told(desk.store)[-1]
    assert (kind, body["key_ref"], body["records"]) == ("data.accessed", shown["id"], 1)
    assert PERSON.name in desk.said("show", shown["id"], "--identity")

    act = ("1", "--controller", "credithelp", "--by", "officer")
    assert "waits for a proof of identity" in desk.said("pause", *act)
    seen = "паспорт 371\n" + str(PERSON.national_id) + "\n"
    wrong = desk.raised("verify", *act, "--evidence", "passport", typed="паспорт 371\n7501020018\n")
    assert isinstance(wrong, RequestInvalid)
    assert "is verified; answer by" in desk.said("verify", *act, "--evidence", "passport", typed=seen)
    assert "is extended; answer by" in desk.said("extend", *act, typed="kanarski\n")
    assert isinstance(desk.raised("extend", *act, typed="kanarski\n"), RequestRefused)
    assert "waits for a fee" in desk.said("refuse", *act, "--ground", "excessive", "--charge", typed="kanarski\n")
    assert "is refused" in desk.said("refuse", *act, "--ground", "excessive", typed="kanarski\n")
    assert isinstance(desk.raised("withdraw", *act, typed="\n"), RequestRefused)
    assert "is withdrawn" in desk.said("withdraw", "2", *act[1:], typed="kanarski\n")
    assert desk.said("list") == "no requests\n"
    assert "refused" in desk.said("list", "--all")
    assert {entry["number"] for entry in json.loads(desk.said("list", "--all", "--json"))} == {1, 2}
    for missing in ("7", "x", "'; DROP TABLE request; --"):
        assert isinstance(desk.raised("show", missing, "--controller", "credithelp"), RequestUnknown)
    events = json.dumps(told(desk.store), ensure_ascii=False)
    assert not any(canary in events for canary in CANARIES)
    assert not any(canary in path.read_text() for path in desk.home.iterdir() if path.is_file() for canary in CANARIES)


def test_a_representative_shows_a_power_of_attorney(desk: Desk) -> None:
    paper = {"representative_name": AGENT.name, "power_of_attorney": AGENT.power_of_attorney, "power_of_attorney_until": YESTERDAY}
    desk.said("new", "--by", "officer", typed=typed(**paper))
    act = ("verify", "1", "--controller", "credithelp", "--by", "officer", "--evidence", "notary")
    expired = desk.raised(*act, typed=f"акт 7\n\n{PERSON.name}\n{AGENT.name}\n{YESTERDAY}\n")
    assert "expired" in str(expired)
    stranger = desk.raised(*act, typed=f"акт 7\n\nДруг Човек\n{AGENT.name}\n\n")
    assert "found somebody else" in str(stranger)
    assert "as YYYY-MM-DD" in str(desk.raised(*act, typed=f"акт 7\n\n{PERSON.name}\n{AGENT.name}\nsoon\n"))
    assert "is verified" in desk.said(*act, typed=f"акт 7\n\n{PERSON.name}\n{AGENT.name}\n\n")
    assert told(desk.store)[-1][1]["power_of_attorney"] is True


WRONG_FILES: tuple[tuple[str, type[Exception], str], ...] = (
    ("name: [kanarski", ConfigurationError, "at line 1: expected a YAML mapping"),
    ("- kanarski", ConfigurationError, "expected a YAML mapping of the fields of a request, found another form"),
    ("controller: credithelp\ncontroller: kanarski", ConfigurationError, "at line 2"),
    ("controller: kanarski", RequestInvalid, "controller: expected one of credithelp, expert-plus, found another"),
    ("controller: credithelp\nnational_id: 9932010009", RequestInvalid, "national_id: expected a text in quotes, found a int"),
    ("controller: credithelp\ndescription: " + "x" * 10_000_000, RequestInvalid, "at most 10,000 characters, found 10,000,000"),
    ("x" * 17_000_000, ConfigurationError, "expected at most 16,777,216 bytes, found more"),
    ("a: \x00", ConfigurationError, "expected a YAML mapping"),
)


def test_a_file_that_is_wrong_enters_nothing(desk: Desk) -> None:
    path = desk.home / "request.yaml"
    for text, error, said in WRONG_FILES:
        path.write_text(text)
        found = desk.raised("new", "--by", "officer", "--file", str(path))
        assert isinstance(found, error), said
        assert said in str(found)
    assert (desk.count(), told(desk.store)) == (0, [])


def test_a_file_enters_a_request(desk: Desk) -> None:
    path = desk.home / "request.yaml"
    given: dict[str, Any] = {name: value for name, value in FIELDS.items() if value}
    path.write_text(json.dumps(given))  # JSON is YAML
    assert "request 1 of credithelp is entered" in desk.said("new", "--by", "officer", "--file", str(path))
    path.unlink()
    assert isinstance(desk.raised("new", "--by", "officer", "--file", str(path)), ConfigurationError)


def line(name: str, **other: str) -> str:
    values = {
        "controller": "credithelp", "kind": "erasure", "received": YESTERDAY, "name": name, "national_id": "", "birth_date": "1980-01-01",
        "address": "Видин", "reply_form": "paper", "language": "bg", "description": '"kanarski, ""да"""', "not_duplicate": "",
    }  # fmt: skip
    return ",".join({**values, **other}.values())


def test_a_list_is_entered_whole_or_not_at_all(desk: Desk) -> None:
    bad = desk.csv(
        line("Анна Канарева"),
        line("Борис Канаров", kind="blocking"),
        line("Вера Канарева", national_id="9932010008", description='"kanarski\nдва реда"'),
        line("Анна Канарева", controller="kanarski"),
        "kanarski,x",
    )
    found = desk.raised("import", bad, "--by", "officer")
    assert isinstance(found, RequestInvalid)
    assert [fault.partition(": expected")[0] for fault in found.faults] == [
        "list.csv: line 7",
        "list.csv: line 3, column 2 (kind)",
        "list.csv: line 4, column 5 (national_id)",
        "list.csv: line 6, column 1 (controller)",
    ]
    twice = desk.csv(line("Анна Канарева"), line("Борис Канаров"), line("Анна Канарева"))
    found = desk.raised("import", twice, "--by", "officer")
    assert str(found).startswith("list.csv: line 4: expected a request that is not in the register, found one of the same person and kind")
    assert (desk.count(), told(desk.store)) == (0, [])
    good = desk.csv(
        line("Анна Канарева"),
        "",
        line("Анна Канарева", not_duplicate="сестра"),
        line("Ержан Канаров", controller="expert-plus", kind="blocking", language="kk"),
    )
    output = desk.said("import", good, "--by", "officer")
    assert output.count("is entered") == 3
    assert {body["channel"] for _, body in told(desk.store)} == {"import"}
    assert len(json.loads(desk.said("list", "--json"))) == 3


WRONG_LISTS = (
    ("", "line 1: expected the columns controller, description"),
    ("controller,kanarski\n", "line 1, column 2: expected each of controller, "),
    ("name,name\n", "line 1, column 2: expected each of controller"),
    (HEADER + "\n", "line 2: expected a request, found none"),
    (HEADER + '\n"kanarski', "line 2: expected well-formed CSV"),
    (HEADER + '\n"' + "x" * 200_000 + '"', "line 2: expected well-formed CSV"),
)


def test_a_list_of_another_form_is_named(desk: Desk) -> None:
    path = desk.home / "other.csv"
    for text, said in WRONG_LISTS:
        path.write_text(text)
        found = desk.raised("import", str(path), "--by", "officer")
        assert isinstance(found, RequestInvalid), said
        assert f"other.csv: {said}" in str(found)
    assert desk.count() == 0


def test_the_watch_fails_for_what_is_due(desk: Desk) -> None:
    assert desk.said("watch") == ""
    desk.said("new", "--by", "officer", typed=typed(received=(TODAY - timedelta(days=40)).isoformat()))
    found = desk.raised("watch")
    assert isinstance(found, RequestDue)
    assert "request 1 of credithelp (access, received): overdue by" in str(found)
    assert [kind for kind, _ in told(desk.store)] == ["request.received", "request.overdue", "incident.opened"]
    assert "over by" in desk.said("list").replace("\n", " ") or "over" in desk.said("list")
    assert date.fromisoformat(told(desk.store)[0][1]["due"]) < TODAY
