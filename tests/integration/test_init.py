"""`governance init` on databases it has never seen: a document that loads, names the right subjects and references, and can be governed."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa
import yaml
from fideslang.models import Dataset
from simulators.lender import PACK, Lender, drop_lender, governed_sample, make_lender
from typer.testing import CliRunner

from embedded.postgres import EmbeddedPostgres
from governance.adapters.discovery.overlap import shares_of
from governance.catalogue.binding import load_dataset
from governance.catalogue.inventory import ColumnFacts, ColumnKind, TableFacts
from governance.catalogue.linking import Candidate
from governance.catalogue.resolve import govern
from governance.cli import app, main

SAMPLES = ["credithelp", "expert-plus", "kredit-seven", "koduliising", "credit-plus"]


def run(*words: str) -> str:
    result = CliRunner().invoke(app, list(words))
    assert result.exit_code == 0, result.output
    return result.stdout


@pytest.fixture
def lender(postgres: EmbeddedPostgres, tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[Lender]:
    made = make_lender(postgres, tmp_path, sample=getattr(request, "param", "credithelp"))
    yield made
    drop_lender(made)


@pytest.mark.slow
@pytest.mark.parametrize("lender", SAMPLES, indirect=True)
def test_a_proposal_finds_what_people_declared(lender: Lender) -> None:
    name = lender.dataset.name
    text = run("init", lender.engine, "--name", name, "--pack", name)
    dataset, bindings = load_dataset(text, "proposal.yaml")
    declared = governed_sample(name)
    assert bindings.subjects == declared.subjects
    assert bindings.controller == declared.controller
    assert {item.name for item in dataset.collections} == set(declared.collections)
    found = {
        (item.name, field.name, target.field)
        for item in dataset.collections
        for field in item.fields
        for target in (field.fides_meta.references or [] if field.fides_meta else [])
    }
    wanted = {
        (collection.name, own, f"{reference.collection}.{part}")
        for collection in declared.collections.values()
        for reference in collection.references
        for own, part in zip(reference.fields, declared.collections[reference.collection].key, strict=True)
    }
    assert len(wanted - found) <= 0.05 * len(wanted), sorted(wanted - found)
    keys = {item.name: {f.name for f in item.fields if f.fides_meta and f.fides_meta.primary_key} for item in dataset.collections}
    assert keys == {collection.name: set(collection.key) for collection in declared.collections.values()}


FOREIGN = """
CREATE TABLE "Klient" (kliendi_nr INTEGER PRIMARY KEY, eesnimi TEXT, perenimi TEXT, isikukood TEXT, e_post TEXT, suhe_lopetatud DATE);
CREATE TABLE laenud (laenu_nr INTEGER PRIMARY KEY, kliendi_nr INTEGER, summa NUMERIC, lopetatud DATE, olek TEXT);
CREATE TABLE tariifid (tariifi_nr INTEGER PRIMARY KEY, nimetus TEXT);
CREATE TABLE logi (aeg TIMESTAMP, tekst TEXT);
"""


def foreign(folder: Path) -> str:
    path = folder / "võõras.sqlite"
    with sa.create_engine(f"sqlite:///{path}").begin() as connection:
        for statement in filter(str.strip, FOREIGN.split(";")):
            connection.exec_driver_sql(statement)
        for n in range(1, 121):
            person = (n, f"Mari{n % 7}", f"Tamm{n % 11}", "", f"mari{n}@post.example", None)
            connection.exec_driver_sql('INSERT INTO "Klient" VALUES (?, ?, ?, ?, ?, ?)', person)
            connection.exec_driver_sql("INSERT INTO laenud VALUES (?, ?, ?, NULL, 'avatud')", (n + 1000, n, n * 10))
        connection.exec_driver_sql("INSERT INTO tariifid VALUES (1, 'väike'), (2, 'suur')")
    return f"sqlite:///{path}"


def test_a_foreign_sqlite_database_from_proposal_to_governed(tmp_path: Path) -> None:
    target = tmp_path / "loans.yaml"
    run("init", foreign(tmp_path), "--name", "foreign", "--pack", "credithelp", "-o", str(target))
    text = target.read_text(encoding="utf-8")
    dataset, bindings = load_dataset(text, "loans.yaml")
    assert bindings.subjects == "Klient"
    assert "logi" not in {item.name for item in dataset.collections}  # no key: told, not governed
    assert "logi" in text
    categories = {(item.name, field.name): field.data_categories for item in dataset.collections for field in item.fields}
    assert categories["Klient", "e_post"] == ["user.contact.email"]
    assert categories["Klient", "isikukood"] == ["user.government_id.national_identification_number"]
    assert categories["tariifid", "nimetus"] == ["system.operations"]
    # A person takes the marks away, names classes, and it is governed.
    document = yaml.safe_load(text)
    personal: dict[str, list[str]] = {"Klient": [], "laenud": []}
    for (table, field), found in categories.items():
        if table in personal and found != ["system.operations"]:
            personal[table].append(field)
    ends = {"Klient": "suhe_lopetatud", "laenud": "lopetatud"}
    for name, fields in personal.items():
        duty = {"class": "other", "covers": ["user"], "start": ends[name], "not_started_when": {"field": ends[name], "is_null": True}}
        bound = document["bindings"]["collections"].setdefault(name, {})
        if fields:
            bound |= {"duties": [duty], "on_due": dict.fromkeys(fields, "nullify")}
    open_case = {"collection": "laenud", "subject": "kliendi_nr", "active_when": {"field": "olek", "in": ["vaidlus"]}}
    document["bindings"]["extensions"] = {"pending-dispute": [open_case], "authority-request": [open_case]}
    dataset_of = govern(yaml.safe_dump(document, allow_unicode=True), "loans.yaml", PACK, "pack.yaml")
    assert dataset_of.subjects == "Klient"
    assert [item.collection for item in dataset_of.collections["laenud"].references] == ["Klient"]


def test_init_writes_over_nothing_and_changes_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    url = foreign(tmp_path)
    before = (tmp_path / "võõras.sqlite").read_bytes()
    (tmp_path / "mine.yaml").write_text("mine")

    def failing(*words: str) -> str:
        monkeypatch.setattr("sys.argv", ["governance", *words])
        with pytest.raises(SystemExit) as ended:
            main()
        assert ended.value.code == 1
        return capsys.readouterr().err

    assert "expected a file that does not exist yet" in failing("init", url, "-o", str(tmp_path / "mine.yaml"))
    assert (tmp_path / "mine.yaml").read_text() == "mine"
    assert "without a password" in failing("init", "postgresql://me:secret@127.0.0.1/loans")
    assert "secret" not in failing("init", "postgresql://me:secret@127.0.0.1/loans")
    assert "there is no such file" in failing("init", f"sqlite:///{tmp_path}/nothing.sqlite")
    assert not (tmp_path / "nothing.sqlite").exists()
    assert "expected a database URL" in failing("init", "loans")
    run("init", url, "--name", "foreign")
    assert (tmp_path / "võõras.sqlite").read_bytes() == before


def test_shares_of_references(lender: Lender) -> None:
    lender.ask(
        """CREATE TABLE a (a_id integer PRIMARY KEY); INSERT INTO a SELECT generate_series(1, 100);
           CREATE TABLE b (b_id integer PRIMARY KEY, a_id bigint, x integer, t text, e integer);
           INSERT INTO b SELECT n, n, n + 50, 'x', NULL FROM generate_series(1, 100) n; GRANT SELECT ON a, b TO lethe_engine"""
    )
    columns = tuple(ColumnFacts(name, ColumnKind.INTEGER, "integer", True) for name in ("a_id", "x", "t", "e"))
    tables = {"a": TableFacts(None, "a", False, columns[:1], ("a_id",)), "b": TableFacts(None, "b", False, columns, ("b_id",))}
    asked = [Candidate("b", (name,), "a", ("a_id",), 0.9, "") for name in ("a_id", "x", "t", "e")]
    assert {item.columns[0]: share for item, share in shares_of(lender.engine, tables, asked).items()} == {"a_id": 1.0, "x": 0.5}


def test_fides_in_and_out(tmp_path: Path) -> None:
    exported = run("dataset", "export", "credit-plus", "--pack", "credit-plus")
    document = yaml.safe_load(exported)
    Dataset(**document["dataset"][0])
    assert {item["fides_key"] for item in document["data_category"]} >= {"user.demographic.trade_union", "user.financial.amount"}
    (tmp_path / "fides.yaml").write_text(exported, encoding="utf-8")
    imported = run("dataset", "import", str(tmp_path / "fides.yaml"), "--controller", "credit-plus")
    dataset, bindings = load_dataset(imported, "imported.yaml")
    assert bindings.collections == {}
    shipped, _ = load_dataset(governed_sample("credit-plus").dataset_text, "shipped.yaml")
    assert dataset.collections == shipped.collections
