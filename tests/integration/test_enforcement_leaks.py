"""No personal value leaves the loan database: not by logs at DEBUG, not by output, not by what the server says when it refuses.

Canaries stand in every personal column that takes text. Every stage runs, undisturbed and into errors that quote rows; then everything the
run has left anywhere is searched for the marker. A search that could not find it would be worth nothing, so that is tried first.
"""

from __future__ import annotations

import logging
import traceback
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import psycopg
import pytest
import sqlalchemy as sa
from simulators.lender import AS_OF, MARKER, NOW, Lender, terminate_sessions

from governance.connections import translated
from governance.errors import DatabaseUnavailable, LetheError, SurroundingsError
from governance.planning.evaluate import Evaluator
from governance.planning.explain import Node, explain
from governance.run.report import report_run
from governance.run.scan import scan


@pytest.fixture
def lender(marked: Lender) -> Lender:
    return marked


@pytest.fixture
def everything_said(caplog: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str]) -> Iterator[Callable[[], str]]:
    """Everything logged at any level by anybody, and everything printed, so far."""
    caplog.set_level(logging.DEBUG)
    for name in ("sqlalchemy", "sqlalchemy.engine", "psycopg"):
        caplog.set_level(logging.DEBUG, logger=name)

    def said() -> str:
        logging.getLogger("test").debug("the search looks at logs")
        printed = capfd.readouterr()
        text = caplog.text + printed.out + printed.err
        assert "the search looks at logs" in text
        return text

    yield said
    logging.getLogger("sqlalchemy.engine").setLevel(logging.NOTSET)


@contextmanager
def failing() -> Iterator[list[str]]:
    """Catches an error of Lethe and keeps how Python prints it, chains and all."""
    printed: list[str] = []
    try:
        yield printed
    except LetheError as error:
        logging.getLogger("test").exception("a stage failed")
        printed.append("".join(traceback.format_exception(error)))
    assert printed, "nothing failed"


def left_behind(lender: Lender) -> str:
    """What a run left outside the lender's own tables."""
    texts = [lender.store_contents()]
    for schema in ("lethe", "lethe_work"):
        for name in lender.contents(schema):
            texts += [row[0] for row in lender.ask(f"SELECT t::text FROM {name} t")]
    return "\n".join(texts)


def text_of(node: Node) -> str:
    return "\n".join([node.text, *map(text_of, node.children)])


def test_the_search_finds_what_it_looks_for(lender: Lender, everything_said: Callable[[], str]) -> None:
    """A plain engine and a plain error do leak: the marker is there to be found."""
    engine = sa.create_engine(lender.engine, poolclass=sa.NullPool)
    with engine.connect() as connection:
        connection.execute(sa.text("SELECT first_name FROM clients")).all()
    assert MARKER in everything_said()
    lender.ask("ALTER TABLE clients ADD CONSTRAINT no_tokens CHECK (first_name NOT LIKE 'psn%')")
    with pytest.raises(psycopg.errors.CheckViolation) as caught:
        lender.ask("UPDATE clients SET first_name = 'psn' || first_name")
    assert MARKER in "".join(traceback.format_exception(caught.value))


@pytest.mark.slow
def test_an_undisturbed_run_says_nothing_personal(lender: Lender, everything_said: Callable[[], str]) -> None:
    database, registers = lender.database(), lender.registers()
    facts = scan(database, database, lender.finding_register(), as_of=AS_OF, now=NOW, run_id="run-1")
    plan = lender.approved_plan(chunk_size=5)
    for collection, rows in lender.rows().items():
        for key in rows:
            around = database.rows_around(collection, str(key))
            proof = text_of(explain(lender.dataset, Evaluator(lender.dataset, around, AS_OF).row(collection, key), AS_OF))
            assert MARKER not in proof
    lender.enforce(plan, database)
    document = report_run(plan, facts, database, registers, evaluated=1, time_zone="Europe/Sofia", now=NOW, run_id="run-1")
    assert MARKER not in everything_said()
    assert MARKER not in left_behind(lender)
    assert MARKER not in repr(document) + repr(plan) + repr(facts)
    assert any(MARKER in repr(rows) for rows in lender.rows().values()), "nothing kept still holds a canary"


OBSTACLES = {
    "check constraint": "ALTER TABLE clients ADD CONSTRAINT no_tokens CHECK (first_name NOT LIKE 'psn%' OR client_id < 0)",
    "trigger": "BEGIN RAISE EXCEPTION 'client % must stay', OLD.first_name; END",
    "trigger of class 42": "BEGIN RAISE EXCEPTION 'client % must stay', OLD.first_name USING ERRCODE = 'undefined_table'; END",
    "dynamic statement": "BEGIN EXECUTE 'SELECT ' || OLD.first_name; RETURN NEW; END",
    "cast": "BEGIN PERFORM OLD.first_name::integer; RETURN NEW; END",
    "privilege": "BEGIN RAISE EXCEPTION 'client % must stay', OLD.first_name USING ERRCODE = 'insufficient_privilege'; END",
    "lock timeout": "BEGIN RAISE EXCEPTION 'client % is busy', OLD.first_name USING ERRCODE = 'lock_not_available'; END",
    "connection": "BEGIN RAISE EXCEPTION 'client % is away', OLD.first_name USING ERRCODE = 'connection_failure'; END",
}


def obstruct(lender: Lender, obstacle: str) -> None:
    if obstacle.startswith("ALTER"):
        lender.ask(obstacle)
        return
    lender.ask(f"CREATE FUNCTION obstacle() RETURNS trigger LANGUAGE plpgsql AS $${obstacle}$$")
    lender.ask("CREATE TRIGGER obstacle BEFORE UPDATE ON clients FOR EACH ROW EXECUTE FUNCTION obstacle()")


@pytest.mark.slow
@pytest.mark.parametrize("obstacle", OBSTACLES.values(), ids=OBSTACLES)
def test_a_refusal_of_the_server_is_not_repeated(lender: Lender, everything_said: Callable[[], str], obstacle: str) -> None:
    plan = lender.approved_plan()
    obstruct(lender, obstacle)  # after the plan, which was tried against what stood then
    before = lender.rows()["clients"].keys()
    with failing() as printed:
        lender.enforce(plan)
    assert "lethe_engine@" in printed[0]
    assert MARKER not in printed[0]
    assert MARKER not in everything_said()
    assert MARKER not in left_behind(lender)
    assert lender.events("enforcement.completed") == []
    # The chunk that failed is wholly undone: its clients are whole.
    assert all(row["first_name"].startswith(MARKER) for row in lender.rows()["clients"].values())
    assert lender.rows()["clients"].keys() <= before


def test_notices_of_the_server_are_not_logged(lender: Lender, everything_said: Callable[[], str]) -> None:
    obstruct(lender, "BEGIN RAISE WARNING 'client % changes', OLD.first_name; RAISE NOTICE '%', OLD; RETURN NEW; END")
    lender.enforce(lender.approved_plan())
    assert MARKER not in everything_said()


def test_a_database_that_dies_while_values_are_read(lender: Lender, everything_said: Callable[[], str]) -> None:
    """The scan reads national ids into memory; its failure there must be one of ours, too."""
    database = lender.database()
    died: list[str] = []

    def die(conn: object, cursor: object, statement: str, *rest: object) -> None:
        if "TABLESAMPLE" in statement and not died:
            died.append(statement)
            terminate_sessions(lender)

    sa.event.listen(sa.Engine, "before_cursor_execute", die)
    try:
        with pytest.raises(DatabaseUnavailable, match=r"lethe_engine@.*lost"):
            scan(database, database, lender.finding_register(), as_of=AS_OF, now=NOW, run_id="run-1")
    finally:
        sa.event.remove(sa.Engine, "before_cursor_execute", die)
    assert died
    assert MARKER not in everything_said()
    assert lender.events() == []


def test_our_own_faults_are_named_and_values_are_not(lender: Lender) -> None:
    """A fault in a statement's own text may name what is missing; a fault in data may not."""
    engine = sa.create_engine(lender.engine, poolclass=sa.NullPool)
    with pytest.raises(SurroundingsError, match='relation "nowhere" does not exist'), translated(lender.engine), engine.connect() as c:
        c.execute(sa.text("SELECT * FROM nowhere"))
    for statement in ("SELECT first_name::regclass FROM clients", "SELECT first_name::integer FROM clients"):
        with pytest.raises(SurroundingsError) as caught, translated(lender.engine), engine.connect() as c:
            c.execute(sa.text(statement))
        assert MARKER.casefold() not in "".join(traceback.format_exception(caught.value)).casefold()
