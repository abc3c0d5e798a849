"""One correction over two databases of a controller: what fails in one is gone on with, and what is done is not done again; two attempts
at once; and other kinds of database, which are refused."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest
import yaml
from decision_support import desk_of, requests_of
from rectification_support import NEW_EMAIL, approved, corrected, entered, located, row
from simulators.lender import DATASET, PACK, Lender, drop_lender, governed, make_lender
from test_rectification import FREE

from embedded.postgres import EmbeddedPostgres
from governance.errors import DatabaseBusy, RequestRefused
from governance.requests.request import Stage


@dataclass(frozen=True)
class Two:
    """A controller's loan databases: the sample, and a copy of it under another name."""

    first: Lender
    second: Lender


@pytest.fixture(scope="module")
def two(postgres: EmbeddedPostgres, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Two]:
    home = tmp_path_factory.mktemp("two")
    text = DATASET.replace("fides_key: credithelp", "fides_key: branches").replace("dataset: credithelp,", "dataset: branches,")
    first, copy = make_lender(postgres, home), make_lender(postgres, home)
    second = Lender(postgres, home, copy.name, first.store_name, governed(PACK, text))
    first.workplace(dataset="credithelp")
    (home / "branches.yaml").write_text(text, encoding="utf-8")
    settings = yaml.safe_load((home / "lethe.yaml").read_text())
    entry = {name: second.server.url(second.name, f"lethe_{name}") for name in ("engine", "sealer", "validator")}
    live = {"lock_timeout_seconds": 0.5}
    settings["datasets"]["branches"] = {"pack": ["credithelp"], "dataset": "branches.yaml", **entry, "live": live}
    (home / "lethe.yaml").write_text(yaml.safe_dump(settings))
    yield Two(first, second)
    drop_lender(first)
    postgres.drop_database(copy.name)
    postgres.drop_database(copy.store_name)


def emails(two: Two, client: int) -> list[Any]:
    return [row(lender, "clients", "client_id", client)["email"] for lender in (two.first, two.second)]


def test_what_fails_in_one_database_is_gone_on_with(two: Two) -> None:
    client = two.first.value(FREE, 0)
    (old, _), request = emails(two, client), located(two.first, client)
    entered(two.first, request, {"at": "user.contact.email", "old": old, "new": NEW_EMAIL})
    decision = approved(two.first, request)
    assert decision.corrections.keys() == {"credithelp", "branches"}
    assert decision.corrections["credithelp"] != decision.corrections["branches"]
    with two.second.transaction() as application:
        application.execute("SELECT FROM clients WHERE client_id = %s FOR UPDATE", [client])
        with pytest.raises(DatabaseBusy):
            desk_of(two.first).carry_out(request)
        assert emails(two, client) == [NEW_EMAIL, old]
        assert requests_of(two.first).get(request).stage is Stage.PARTLY_DONE
    told = len(two.first.events("record.corrected"))
    corrected(two.first, request)
    assert emails(two, client) == [NEW_EMAIL, NEW_EMAIL]
    assert len(two.first.events("record.corrected")) == told  # what was done before was not done again
    assert requests_of(two.first).get(request).stage is Stage.DONE


def test_two_attempts_at_once_are_one(two: Two) -> None:
    client = two.first.value(FREE, 1)
    (old, _), request = emails(two, client), located(two.first, client)
    entered(two.first, request, {"at": "user.contact.email", "old": old, "new": NEW_EMAIL})
    decision = approved(two.first, request)
    failures: list[BaseException] = []

    def attempt() -> None:
        try:
            desk_of(two.first).carry_out(request)
        except BaseException as error:
            failures.append(error)

    threads = [threading.Thread(target=attempt) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not failures
    corrected(two.first, request)
    assert emails(two, client) == [NEW_EMAIL, NEW_EMAIL]
    told = [event["body"]["collection"] for event in two.first.events("record.corrected") if event["body"]["decision"] == decision.digest]
    assert len(told) == len(set(told))


def test_one_place_leaves_the_other_database_alone(two: Two) -> None:
    client = two.first.value(FREE, 2)
    (old, _), request = emails(two, client), located(two.first, client)
    entered(two.first, request, {"at": "branches.clients.email", "old": old, "new": NEW_EMAIL})
    approved(two.first, request)
    corrected(two.first, request)
    assert emails(two, client) == [old, NEW_EMAIL]


def test_other_kinds_of_database_are_refused_before_anything_is_written(two: Two) -> None:
    client = two.first.value(FREE, 3)
    request = located(two.first, client)
    file = two.first.home / "lethe.yaml"
    settings = yaml.safe_load(file.read_text())
    sqlite = f"sqlite:///{two.first.home / 'nothing.db'}"
    changed = {**settings["datasets"]["branches"], "engine": sqlite, "sealer": sqlite}
    del changed["validator"], changed["live"]
    file.write_text(yaml.safe_dump({**settings, "datasets": {**settings["datasets"], "branches": changed}}))
    before = two.first.store_contents()
    try:
        with pytest.raises(RequestRefused, match="branches: requests are decided on PostgreSQL alone; nothing was written"):
            entered(two.first, request, {"at": "user.contact.email", "old": "a@example.org", "new": NEW_EMAIL})
    finally:
        file.write_text(yaml.safe_dump(settings))
    assert two.first.store_contents() == before
