"""Databases as nobody would make them on purpose: names that are markup, too long or cannot be printed, two tables that would share a
path, servers that are gone behind a table, columns that vanish, runs that meet or are killed."""

from __future__ import annotations

import json
import threading
from dataclasses import replace
from datetime import timedelta

import pytest
from simulators.lender import AS_OF, TODAY, Lender
from typer.testing import CliRunner

from embedded.postgres import EmbeddedPostgres
from governance.adapters.install import install_loan_schema
from governance.adapters.postgres import PostgresLoanDatabase
from governance.audit.events import Event
from governance.catalogue.binding import load_dataset
from governance.cli import app, main
from governance.errors import DatabaseBusy, DocumentError, LetheError
from governance.samples import SAMPLES
from governance.workplace import Workplace

Place = tuple[str, str, str | None]

pytestmark = pytest.mark.slow


def places(workplace: Workplace) -> set[Place]:
    return {(item.finding.kind.value, item.finding.collection, item.finding.field) for item in workplace.findings.standing("credithelp")}


def night(lender: Lender, number: int = 0) -> set[Place]:
    workplace = lender.workplace(as_of=AS_OF + timedelta(days=number))
    workplace.scan(f"night-{number}")
    return places(workplace)


def run(lender: Lender, *words: str) -> str:
    lender.workplace()
    result = CliRunner().invoke(app, [*words, "--home", str(lender.home)], env={"COLUMNS": "200"})
    assert result.exit_code == 0, (result.output, result.exception)
    return result.output


def number_of(lender: Lender, kind: str, collection: str) -> str:
    listed = json.loads(run(lender, "finding", "list", "--json"))
    return str(next(item["number"] for item in listed if (item["kind"], item["collection"]) == (kind, collection)))


MAILS = "SELECT n AS id, 'person' || n || '@mail.example' AS {} FROM generate_series(1, 50) n"


def test_names_that_are_markup(lender: Lender) -> None:
    lender.ask(f'CREATE TABLE "sum [eur] [/x]" AS {MAILS}'.replace("{}", '"mail [b] [/y]"'))
    assert "sum [eur] [/x]" in run(lender, "scan")
    assert "sum [eur] [/x].mail [b] [/y]" in run(lender, "finding", "list")
    number = number_of(lender, "undeclared-table", "sum [eur] [/x]")
    assert "sum [eur] [/x]" in run(lender, "finding", "accept", number, "--until", "2999-01-01", "--reason", "r", "--by", "dpo")
    assert "sum [eur] [/x]" in run(lender, "finding", "reopen", number, "--by", "dpo")
    listed = run(lender, "inventory", "list")
    assert "sum [eur] [/x]" in listed
    assert "mail [b] [/y]" in listed
    assert "sum [eur] [/x].mail [b] [/y]" in run(lender, "inventory", "history", "sum [eur] [/x]", "mail [b] [/y]")
    assert "[/z].[/q] was never seen" in run(lender, "inventory", "history", "[/z]", "[/q]")


def test_names_with_control_characters(lender: Lender) -> None:
    name = "bad\n\x1b[31mname"
    column = "m\tail"
    lender.ask(f'CREATE TABLE "{name}" AS {MAILS}'.replace("{}", f'"{column}"'))
    found = night(lender)
    assert ("undeclared-table", name, None) in found
    assert ("undeclared-personal-data", name, "m\tail") in found
    assert "\x1b[31m" not in run(lender, "finding", "list")
    assert "\x1b[31m" not in run(lender, "inventory", "list")
    number = number_of(lender, "undeclared-table", name)
    run(lender, "finding", "accept", number, "--until", "2999-01-01", "--reason", "r", "--by", "dpo")


def test_a_path_into_a_document_longer_than_an_event_takes(lender: Lender) -> None:
    keys = [f"level_{n}_of_a_very_deep_document_of_the_bureau" for n in range(8)]
    inner = "'person' || n || '@mail.example'"
    document = inner
    for key in reversed(keys):
        document = f"jsonb_build_object('{key}', {document})"
    lender.ask(f"CREATE TABLE deep AS SELECT n AS id, {document} AS payload FROM generate_series(1, 50) n")
    label = f"payload:{'.'.join(keys)}"
    assert len(label) > 250
    assert ("undeclared-personal-data", "deep", label) in night(lender)


def test_two_tables_of_one_path(lender: Lender) -> None:
    lender.ask(f'CREATE SCHEMA crm; CREATE TABLE crm.people AS {MAILS.format("a")}; CREATE TABLE "crm.people" AS {MAILS.format("a")}')
    found = {place for place in night(lender) if place[0] == "undeclared-table"}
    assert len(found) == 2
    assert len({place[1] for place in found}) == 2


def test_privileges_that_lack_for_a_table_and_for_a_column(lender: Lender) -> None:
    lender.ask(
        """CREATE TABLE vault (id integer PRIMARY KEY, a text, b text); ALTER TABLE vault ENABLE ROW LEVEL SECURITY;
           REVOKE ALL ON vault FROM lethe_engine; GRANT SELECT (id, a) ON vault TO lethe_engine"""
    )
    found = night(lender)
    assert {("unreadable-table", "vault", None), ("unreadable-table", "vault", "b")} <= found
    assert "vault" in run(lender, "finding", "list")


def test_partitions_belong_to_their_table_and_foreign_tables_are_tables(lender: Lender) -> None:
    lender.ask(
        """CREATE TABLE parted (id integer, at date) PARTITION BY RANGE (at);
           CREATE TABLE parted_2024 PARTITION OF parted FOR VALUES FROM ('2024-01-01') TO ('2025-01-01');
           CREATE FOREIGN DATA WRAPPER nowhere; CREATE SERVER nowhere FOREIGN DATA WRAPPER nowhere;
           CREATE FOREIGN TABLE far (id integer, x text) SERVER nowhere"""
    )
    found = {place for place in night(lender) if place[0] == "undeclared-table"}
    assert found == {("undeclared-table", "parted", None), ("undeclared-table", "far", None)}


def test_a_view_whose_server_is_gone_stops_nothing(lender: Lender) -> None:
    lender.ask(
        """CREATE FUNCTION far() RETURNS text LANGUAGE plpgsql AS
           $$BEGIN RAISE EXCEPTION 'no such server' USING ERRCODE = '08001'; END$$;
           CREATE VIEW distant AS SELECT far() AS x; GRANT SELECT ON distant TO lethe_engine"""
    )
    assert ("unreadable-table", "distant", None) in night(lender)


TEXTS = """CREATE TABLE events (event_id integer PRIMARY KEY, remark text);
           INSERT INTO events SELECT n, 'писмо до person' || n || '@mail.example за договора' FROM generate_series(1, 50) n"""


def test_a_column_of_the_subjects_that_is_gone_hides_no_finding(lender: Lender) -> None:
    night(lender)
    lender.ask(TEXTS + "; ALTER TABLE clients RENAME COLUMN email TO mail_to")
    workplace = lender.workplace(as_of=AS_OF + timedelta(days=1))
    with pytest.raises(DocumentError, match=r"clients\.fields\.email"):
        workplace.scan("night-1")
    assert {("undeclared-personal-data", "events", "remark"), ("column-dropped", "clients", "email")} <= places(workplace)


def test_subjects_that_may_not_be_read_hide_no_finding(lender: Lender) -> None:
    lender.ask(TEXTS + "; REVOKE SELECT ON clients FROM lethe_engine")
    workplace = lender.workplace()
    with pytest.raises(LetheError):
        workplace.scan("night")
    assert {("undeclared-personal-data", "events", "remark"), ("unreadable-table", "clients", None)} <= places(workplace)


def test_drift_is_told_although_the_scan_before_was_killed(lender: Lender, monkeypatch: pytest.MonkeyPatch) -> None:
    night(lender)
    lender.ask("CREATE TABLE leads (id integer PRIMARY KEY)")
    workplace = lender.workplace(as_of=AS_OF + timedelta(days=1))

    def killed(*args: object, **more: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(type(workplace.findings), "note", killed)
        with pytest.raises(KeyboardInterrupt):
            workplace.scan("night-1")
    assert ("table-added", "leads", None) in night(lender, 1)


def test_two_first_scans_at_once(lender: Lender) -> None:
    lender.ask("; ".join(f"CREATE TABLE extra_{n} AS {MAILS.format('mail')}" for n in range(10)))
    failed: list[BaseException] = []
    workplaces = [lender.workplace() for _ in range(4)]

    def scan(workplace: Workplace) -> None:
        try:
            workplace.scan("night")
        except BaseException as error:
            failed.append(error)

    threads = [threading.Thread(target=scan, args=(one,)) for one in workplaces]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failed == []


def test_an_acceptance_nobody_could_read_in_the_log_is_none(lender: Lender) -> None:
    lender.ask("CREATE TABLE leads (id integer PRIMARY KEY)")
    night(lender)
    number = number_of(lender, "undeclared-table", "leads")
    words = ["finding", "accept", number, "--until", "2999-01-01", "--reason", "r", "--by", "d\npo", "--home", str(lender.home)]
    result = CliRunner().invoke(app, words)
    assert isinstance(result.exception, LetheError), result.exception
    assert all(item.acceptance is None for item in lender.workplace().findings.standing("credithelp"))


def test_a_table_without_columns_is_added_once(lender: Lender) -> None:
    night(lender)
    lender.ask("CREATE TABLE nothing ()")
    night(lender, 1)
    assert ("table-added", "nothing", None) not in night(lender, 2)


def test_a_proposal_over_names_that_are_traps(lender: Lender) -> None:
    lender.ask(
        """CREATE TABLE "yes" ("null" integer PRIMARY KEY, "1e3" text, "a: b" text, "#x" text, " lead" text, "%s" text, ":p" text,
             "~" text, "&a" text, "*a" text, "!t" text, "- x" text, "'" text, "{a}" text, "@m" text);
           CREATE TABLE "bad
bindings: {controller: evil}" (id integer PRIMARY KEY, a text);
           REVOKE ALL ON "bad
bindings: {controller: evil}" FROM lethe_engine;
           COMMENT ON COLUMN "yes"."1e3" IS 'line
# two: ""x'' \u2028 end'; COMMENT ON TABLE "yes" IS '- a: [b'"""
    )
    text = CliRunner().invoke(app, ["init", lender.engine, "--name", "traps", "--pack", "credithelp"]).stdout
    dataset, bindings = load_dataset(text, "traps.yaml")
    assert bindings.controller == "credithelp"
    fields = next([field.name for field in one.fields] for one in dataset.collections if one.name == "yes")
    assert sorted(fields) == sorted(["null", "1e3", "a: b", "#x", " lead", "%s", ":p", "~", "&a", "*a", "!t", "- x", "'", "{a}", "@m"])


def test_an_error_nobody_expected_is_told_without_its_text(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    def broken(*args: object, **more: object) -> None:
        raise ValueError("invalid literal: '8001011234'")

    monkeypatch.setattr("governance.cli_dataset.explore", broken)
    monkeypatch.setattr("sys.argv", ["governance", "init", "postgresql://me@127.0.0.1/loans"])
    with pytest.raises(SystemExit) as ended:
        main()
    assert ended.value.code == 1
    told = capsys.readouterr().err
    assert "unexpected ValueError at test_discovery_attacks.py" in told
    assert "8001011234" not in told


def test_an_administrator_who_does_not_own_everything_installs(postgres: EmbeddedPostgres, lender: Lender) -> None:
    for role in ("lethe_test_dba", "lethe_test_other"):
        postgres.create_role(role)
    lender.ask("GRANT lethe_owner, lethe_engine TO lethe_test_dba")
    name = f"{lender.name}_dba"
    postgres.create_database(name, "lethe_test_dba")
    SAMPLES["credithelp"](postgres.url(name, "lethe_test_dba"), clients=200, seed=1, as_of=TODAY)
    of_others = replace(lender, name=name)
    of_others.ask("CREATE SCHEMA house AUTHORIZATION lethe_test_other; SET ROLE lethe_test_other; CREATE TABLE house.t ()")
    install_loan_schema(postgres.url(name, "lethe_test_dba"), lender.dataset)
    assert ("unreadable-table", "house.t", None) in night(of_others)
    postgres.drop_database(name)


def test_what_is_known_costs_no_transaction_again(lender: Lender, monkeypatch: pytest.MonkeyPatch) -> None:
    lender.ask("; ".join(f"CREATE TABLE extra_{n} (id integer)" for n in range(10)))
    first = night(lender)
    recorded: list[str] = []
    record = PostgresLoanDatabase.record

    def counted(database: PostgresLoanDatabase, event: Event) -> None:
        recorded.append(event.kind)
        record(database, event)

    monkeypatch.setattr(PostgresLoanDatabase, "record", counted)
    assert night(lender, 1) == first
    assert recorded == ["inventory.noted", "scan.completed"]


def test_a_column_with_a_colon_keeps_its_documents(lender: Lender) -> None:
    document = "jsonb_build_object('mail', 'person' || n || '@mail.example')"
    lender.ask(f"""CREATE TABLE odd AS SELECT n AS "a", {document} AS "a:b" FROM generate_series(1, 50) n""")
    night(lender)
    kept = {item.entry.label: item.entry.column for item in lender.workplace().inventory.current("credithelp") if item.entry.table == "odd"}
    assert kept == {"a": "a", "a:b": "a:b", "a:b:mail": "a:b"}


def test_a_table_of_subjects_that_is_locked_is_told_and_not_waited_for(lender: Lender, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("governance.adapters.postgres._LOCK_TIMEOUT", "100ms")
    lender.ask(TEXTS)
    workplace = lender.workplace()
    with lender.transaction() as holder:
        holder.execute("LOCK TABLE clients IN ACCESS EXCLUSIVE MODE")
        with pytest.raises(DatabaseBusy):
            workplace.scan("night")
    found = {(item.finding.kind.value, item.finding.collection): item.finding.detail for item in workplace.findings.standing("credithelp")}
    assert found["unreadable-table", "clients"] == "locked"
    assert "of known subjects unknown" in str(found["undeclared-personal-data", "events"])
