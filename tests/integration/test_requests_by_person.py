"""Requests that a person decides - access, portability, information, automated decision, complaint - from intake to the letter that closes
them, by the command line: with four eyes, with a package where one was promised, and with every step in the log."""

from __future__ import annotations

import json
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from decision_support import person_of
from request_support import told
from simulators.lender import Lender, drop_lender, make_lender
from typer.testing import CliRunner, Result

from embedded.postgres import EmbeddedPostgres
from governance.cli import app
from governance.errors import LetheError
from governance.store.database import Store

pytestmark = pytest.mark.skipif(shutil.which("pdftotext") is None, reason="poppler-utils are not installed")
ANSWER = "Преценихме наново: решението остава.\n\nКанарски втори абзац."
NOBODY = {"name": "Канарчо Никой Никоев", "national_id": "", "birth_date": "1980-01-01"}


class Counter:
    """The commands of one home, and who sits at it."""

    def __init__(self, lender: Lender, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        self.lender, self.folder, self.who = lender, folder, "drafter"
        lender.workplace(lender.dataset.name, dataset=lender.dataset.name)
        monkeypatch.setattr("governance.cli_request_decisions.account", lambda: self.who)
        (folder / "answer.txt").write_text(ANSWER, encoding="utf-8")

    def run(self, *words: str, typed: str = "") -> Result:
        return CliRunner().invoke(app, ["request", *words, "--home", str(self.lender.home)], input=typed)

    def said(self, *words: str, typed: str = "") -> str:
        result = self.run(*words, typed=typed)
        assert result.exit_code == 0, (words, result.output, result.exception)
        return result.output

    def refused(self, *words: str, typed: str = "") -> str:
        result = self.run(*words, typed=typed)
        assert isinstance(result.exception, LetheError), (words, result.output, result.exception)
        assert "Канарски" not in str(result.exception)
        return str(result.exception)

    def found(self, kind: str, **person: str) -> str:
        """The id of a request of that kind, entered, verified and located."""
        fields = {
            "kind": kind, "received": "2026-01-01", "channel": "letter", "reply_form": "office", "language": "bg",
            "description": "Канарски текст", **person,
        }  # fmt: skip
        path = self.folder / "request.yaml"
        path.write_text(json.dumps({name: value for name, value in fields.items() if value}, ensure_ascii=False))
        entered = self.said("new", "--by", "clerk", "--file", str(path))
        number = entered.split()[-1]
        self.said("verify", number, "--evidence", "passport", "--by", "counter", typed="seen\n\n")
        self.said("locate", number, "--by", "clerk")
        return number

    def approved(self, number: str) -> None:
        digest = self.said("decision", number).partition("digest ")[2].partition(":")[0]
        assert "whoever drafted it does not approve it" in self.refused("approve", number, "--digest", digest)
        self.who = "officer"
        self.said("approve", number, "--digest", digest)
        self.who = "drafter"

    def letter(self, number: str, kind: str, *more: str) -> tuple[str, str]:
        """A letter's digest and its text."""
        path = self.folder / f"{kind}-{number[:8]}.pdf"
        digest = self.said("letter", number, kind, "--by", "officer", "-o", str(path), *more).split()[-1]
        return digest, subprocess.run(["pdftotext", "-raw", path, "-"], check=True, capture_output=True).stdout.decode()

    def stage(self, number: str) -> str:
        return str(json.loads(self.said("show", number, "--json"))["stage"])

    def events(self, number: str) -> list[str]:
        return [kind for kind, body in told(Store(self.lender.store)) if body.get("request") == number]


@pytest.fixture(scope="module")
def lender(postgres: EmbeddedPostgres, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Lender]:
    made = make_lender(postgres, tmp_path_factory.mktemp("by-person"), tiny=True)
    yield made
    drop_lender(made)


@pytest.fixture
def counter(lender: Lender, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Counter:
    return Counter(lender, tmp_path, monkeypatch)


def client(lender: Lender) -> dict[str, str]:
    """A client, as they give themselves."""
    person = person_of(lender, lender.value("SELECT min(client_id) FROM contracts"))
    return {"name": person.name, "national_id": str(person.national_id)}


def rows(lender: Lender) -> Any:
    with sa.create_engine(lender.engine, poolclass=sa.NullPool).connect() as connection:
        return connection.execute(sa.text("SELECT md5(string_agg(c::text, ',' ORDER BY client_id)) FROM clients c")).scalar()


@pytest.mark.parametrize("kind", ["automated-decision", "complaint", "information"])
def test_an_answer_in_words_is_approved_written_and_closes_the_request(counter: Counter, kind: str) -> None:
    before, number = rows(counter.lender), counter.found(kind, **client(counter.lender))
    assert "governance request judge" in counter.refused("decide", number)
    counter.said("judge", number, "refused", typed="Канарски отговор\n\n")
    drafted = counter.said("judge", number, "partly", "--file", str(counter.folder / "answer.txt"))  # drafted anew
    assert "Канарски" not in drafted
    assert "expected an approved decision, found stage proposed" in counter.refused("carry-out", number)
    counter.approved(number)
    counter.said("carry-out", number)
    counter.said("carry-out", number)  # again is success
    digest, page = counter.letter(number, "decision")
    assert "Преценихме наново: решението остава." in page
    assert "Канарски втори абзац." in page
    assert "таблицата" not in page  # there is none
    counter.said("answer", number, digest[:16], "--by", "officer")
    assert counter.stage(number) == "answered"
    moves = [event for event in counter.events(number) if event.startswith("request.") and event != "request.advanced"]
    ended = ["received", "verified", "located", "proposed", "proposed", "decided", "answered"]
    assert moves == [f"request.{move}" for move in ended]
    assert "Канарски" not in json.dumps(told(Store(counter.lender.store)), ensure_ascii=False)
    assert rows(counter.lender) == before


@pytest.mark.parametrize("kind", ["access", "portability"])
def test_what_is_granted_needs_its_package_and_ends_with_a_letter(counter: Counter, kind: str, tmp_path: Path) -> None:
    number, file = counter.found(kind, **client(counter.lender)), ("--file", str(counter.folder / "answer.txt"))
    assert "after the approval" in counter.refused("package", number, "--by", "officer")
    assert "something is held" in counter.refused("judge", number, "nothing-held", *file)
    counter.said("judge", number, "wholly", *file)
    counter.approved(number)
    assert "expected its package" in counter.refused("carry-out", number)
    counter.said("package", number, "--by", "officer")
    counter.said("carry-out", number)
    until = "2026-12-31"
    _, page = counter.letter(number, "decision")
    assert "решението остава" in page
    digest, page = counter.letter(number, "completion", "--package-until", until)
    assert "2026" in page
    counter.said("answer", number, digest[:16], "--by", "officer")
    assert counter.stage(number) == "answered"
    assert {"package.made", "letter.issued", "request.answered"} <= set(counter.events(number))


def test_of_whom_nothing_is_held_is_told_so(counter: Counter) -> None:
    number, file = counter.found("access", **NOBODY), ("--file", str(counter.folder / "answer.txt"))
    assert "nothing is held of this person" in counter.refused("judge", number, "wholly", *file)
    counter.said("judge", number, "nothing-held", *file)
    counter.approved(number)
    counter.said("carry-out", number)
    digest, page = counter.letter(number, "decision")
    assert "Не съхраняваме данни за Вас." in page
    counter.said("answer", number, digest, "--by", "officer")
    assert counter.stage(number) == "answered"


def test_what_a_person_may_not_decide_is_refused_and_changes_nothing(counter: Counter, tmp_path: Path) -> None:
    file, answer = tmp_path / "other.txt", ("--file", str(counter.folder / "answer.txt"))
    erasure, complaint = counter.found("erasure", **client(counter.lender)), counter.found("complaint", **NOBODY)
    assert "erasure is decided by the policy" in counter.refused("judge", erasure, "wholly", *answer)
    for text, expected in (
        ("{{ 7 * 7 }} Канарски", "text without marks of a template"),
        ("", "expected a text, found none"),
        ("x" * 10_001, "at most 10,000 characters"),
        ("Канарски\u202eb", "letters that can be printed"),
    ):
        file.write_text(text, encoding="utf-8")
        assert expected in counter.refused("judge", complaint, "refused", "--file", str(file))
    assert "expected a readable file" in counter.refused("judge", complaint, "refused", "--file", str(tmp_path))
    assert "no decision was drafted" in counter.refused("decision", complaint)
    assert [counter.stage(number) for number in (erasure, complaint)] == ["located", "located"]
