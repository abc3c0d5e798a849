"""Rectification where the policy keeps no old value (Kazakhstan: no excess), over the command line, with the letters that tell of it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
import yaml
from certificate_support import text_of
from decision_support import desk_of, requests_of, subjects_of
from rectification_support import approved, corrected, located
from simulators.lender import NOW, Lender, drop_lender, make_lender
from typer.testing import CliRunner

from embedded.postgres import EmbeddedPostgres
from governance.adapters.paper.typesetting import TypstPaper
from governance.cli import app
from governance.requests.letters import decision_letter
from governance.requests.request import Stage
from governance.run.letters import letter_of

NEW = "kanarche.pravilno@example.org"


@pytest.fixture(scope="module")
def kazakh(postgres: EmbeddedPostgres, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Lender]:
    made = make_lender(postgres, tmp_path_factory.mktemp("kazakh"), sample="kredit-seven")
    yield made
    drop_lender(made)


def test_over_the_command_line_nothing_of_before_is_kept(kazakh: Lender, tmp_path: Path) -> None:
    table, key = subjects_of(kazakh)
    (field,) = (name for name, one in kazakh.dataset.collections[table].fields.items() if one.categories == ("user.contact.email",))
    person, old = kazakh.ask(f'SELECT "{key}", "{field}" FROM "{table}" WHERE "{field}" LIKE \'%%@%%\' ORDER BY 1 LIMIT 1')[0]
    request = located(kazakh, person)
    run, home = CliRunner(), ["--home", str(kazakh.home)]
    file = tmp_path / "corrections.yaml"

    file.write_text(yaml.safe_dump({"corrections": [{"at": "user.contact.email", "old": old, "new": "no address"}]}))
    wrong = run.invoke(app, ["request", "correct", str(request), "--file", str(file), *home])
    assert wrong.exit_code != 0
    assert "an address like name@example.org" in f"{wrong.output}{wrong.exception}"
    assert "no address" not in f"{wrong.output}{wrong.exception}"
    assert old not in f"{wrong.output}{wrong.exception}"

    answers = f"user.contact.email\n{old}\nno address\n\nuser.contact.email\n{old}\n{NEW}\n\n"
    made = run.invoke(app, ["request", "correct", str(request), *home], input=answers)
    assert made.exit_code == 0, made.output
    assert "entered; `governance request decide` drafts the decision" in made.output
    shown = run.invoke(app, ["request", "corrections", str(request), *home])
    assert "user.contact.email" in shown.output
    assert NEW not in shown.output
    told = run.invoke(app, ["request", "corrections", str(request), "--identity", "--json", *home])
    assert {"at": "user.contact.email", "old": old, "new": NEW} in yaml.safe_load(told.output)["entered"]

    decision = approved(kazakh, request)
    assert {ruling.clause for ruling in decision.rulings} == {"7.1, 3.2: no excess; law 94-V"}
    corrected(kazakh, request)
    assert kazakh.value(f'SELECT "{field}" FROM "{table}" WHERE "{key}" = %s', person) == NEW
    assert requests_of(kazakh).get(request).stage is Stage.DONE
    desk = desk_of(kazakh)
    with desk.requests.store.begin() as session:
        assert {item.old for item in desk.bench.corrections.wanted(session, request)} == {None}
        kept = [change for one in desk.bench.corrections.of(session, request) for change in one.changes]
    assert kept
    assert {(change.old, change.new) for change in kept} == {(None, NEW)}


def test_letters_say_which_kinds_of_data_were_corrected(kazakh: Lender, tmp_path: Path) -> None:
    desk = desk_of(kazakh)
    (entry,) = [one for one in desk.requests.listed("kredit-seven", everything=True) if one.stage is Stage.DONE]
    request, drafted = desk.requests.get(entry.id), desk.drafted(entry.id)
    assert drafted is not None
    pack = kazakh.dataset.pack
    decision = text_of(TypstPaper().letter(decision_letter(request, pack, drafted.decision, on=NOW.date())), tmp_path)
    assert "corrected" in decision
    document = letter_of("completion", request, pack, desk.requests.history(entry.id), drafted.decision, on=NOW.date())
    assert document["corrected"] == ["user.contact.email"]
    completion = text_of(TypstPaper().letter(document), tmp_path)
    assert "What was corrected: e-mail" in completion
    assert not [page for page in (decision, completion) if NEW in page]
