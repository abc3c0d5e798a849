"""What is read ahead of a chunk is used only where it still holds; and keys travel as arrays without changing on the way."""

from __future__ import annotations

import string
from collections.abc import Iterator
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

import pytest
import sqlalchemy as sa
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from simulators.lender import Lender

from embedded.postgres import EmbeddedPostgres
from governance.adapters.keysets import KeySet, among
from governance.adapters.replacing import Replacements
from governance.audit.events import Event
from governance.planning.plan import ChunkOutcome, Plan, Step, StepAction
from governance.pseudonym.tokens import Tokeniser
from governance.run.enforce import _Describer
from governance.workplace import SystemClock


def pseudonymising(plan: Plan) -> Step:
    return next(step for step in plan.steps if step.collection == "clients" and step.action is StepAction.PSEUDONYMISE)


def telling(lender: Lender, plan: Plan) -> Any:
    def describe(outcome: ChunkOutcome) -> Event:
        return _Describer(lender.database(), SystemClock(), "ahead").chunk(outcome)

    return describe


def test_a_value_that_changed_after_it_was_read_is_read_again(lender: Lender) -> None:
    """An address corrected between the reading and the locks: its token is that of the corrected one, and it is not undone."""
    plan = lender.approved_plan(chunk_size=100)
    step, database = pseudonymising(plan), lender.database()
    (field,) = [change.field for change in step.fields if change.field == "email"]
    perform = database.prepare(plan, step, range(1), telling(lender, plan))
    (client,) = lender.ask(f"SELECT min(key_1) FROM lethe_work.step_{step.number}")[0]
    lender.ask(f"UPDATE clients SET email = 'corrected@example.com' WHERE client_id = {client}")
    (outcome,) = perform()
    assert outcome is not None
    assert len(outcome.references) == outcome.planned
    collection = lender.dataset.collections["clients"]
    kind = collection.fields[field].categories[0]
    expected = Tokeniser(bytes(range(32)), 1, "credithelp", collection.pseudonym_domain, kind)("corrected@example.com")
    assert lender.ask(f"SELECT email FROM clients WHERE client_id = {client}") == [(expected,)]


def test_what_still_holds_is_not_computed_twice(lender: Lender, monkeypatch: pytest.MonkeyPatch) -> None:
    computed = []
    genuine = Replacements.compute
    monkeypatch.setattr(Replacements, "compute", lambda *args: computed.append(1) or genuine(*args))  # type: ignore[func-returns-value]
    plan = lender.approved_plan(chunk_size=100)
    step = pseudonymising(plan)
    perform = lender.database().prepare(plan, step, range(1), telling(lender, plan))
    assert len(computed) == 1
    # Locks and statistics make no new version of a row.
    lender.ask("ANALYZE clients")
    lender.ask("SELECT 1 FROM clients FOR UPDATE")
    assert None not in perform()
    assert len(computed) == 1


def test_a_row_that_went_after_it_was_read_is_skipped(lender: Lender) -> None:
    plan = lender.approved_plan(chunk_size=100)
    step = pseudonymising(plan)
    perform = lender.database().prepare(plan, step, range(1), telling(lender, plan))
    (client,) = lender.ask(f"SELECT min(key_1) FROM lethe_work.step_{step.number}")[0]
    with lender.connect() as connection:
        connection.execute("SET session_replication_role = replica")  # no foreign keys
        connection.execute(f"DELETE FROM clients WHERE client_id = {client}".encode())
    (outcome,) = perform()
    assert outcome is not None
    assert outcome.skipped == {"no longer there": 1}
    assert len(outcome.references) == outcome.planned - 1


def test_a_chunk_done_while_it_was_prepared_is_done_once(lender: Lender) -> None:
    plan = lender.approved_plan(chunk_size=100)
    step = pseudonymising(plan)
    first, second = (lender.database().prepare(plan, step, range(1), telling(lender, plan)) for _ in range(2))
    assert None not in first()
    assert second() == [None]


ODD = st.text(st.sampled_from(string.ascii_letters + "{}\",\\'\n\t %/ÄжҚ€😀"), max_size=8) | st.sampled_from(
    ["NULL", "null", "", "{}", " x "]
)


@pytest.fixture(scope="module")
def connection(postgres: EmbeddedPostgres) -> Iterator[sa.Connection]:
    with sa.create_engine(postgres.url("postgres"), poolclass=sa.NullPool).connect() as connection:
        yield connection


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(ODD, max_size=12, unique=True), st.lists(ODD, max_size=12, unique=True))
def test_texts_of_every_kind_are_found_as_keys(connection: sa.Connection, present: list[str], asked: list[str]) -> None:
    table = sa.table("t", sa.column("a", sa.Text), sa.column("b", sa.Text))
    with connection.begin() as transaction:
        connection.exec_driver_sql("CREATE TEMPORARY TABLE t (a text, b varchar(20))")
        if present:
            connection.execute(sa.insert(table), [{"a": one, "b": one[::-1]} for one in present])
        single = KeySet([(one,) for one in asked])
        assert set(connection.scalars(sa.select(table.c.a).where(among([table.c.a], single)))) == set(present) & set(asked)
        double = KeySet([(one, one[::-1]) for one in asked] + [(one, one + "x") for one in asked])
        found = connection.scalars(sa.select(table.c.a).where(among([table.c.a, table.c.b], double)))
        assert sorted(found) == sorted(set(present) & set(asked))
        transaction.rollback()


@pytest.mark.parametrize(
    ("declared", "type_", "values"),
    [
        ("bigint", sa.BigInteger(), [-(2**63), 0, 2**63 - 1]),
        ("uuid", sa.Uuid(), [UUID(int=1), UUID(int=2**127)]),
        ("numeric(30, 10)", sa.Numeric(30, 10), [Decimal("-1.5"), Decimal("12345678901234567890.0123456789")]),
        ("date", sa.Date(), [date(1, 1, 1), date(2026, 3, 1)]),
        ("timestamptz", sa.DateTime(timezone=True), [datetime(2026, 3, 1, 12, 30, 0, 123456, tzinfo=UTC)]),
        ("bytea", sa.LargeBinary(), [b"", b"\x00\xff\\"]),
        ("char(5)", sa.CHAR(5), ["ab   ", 'a"b  ']),
    ],
)
def test_keys_of_every_kind_are_found(connection: sa.Connection, declared: str, type_: Any, values: list[Any]) -> None:
    table = sa.table("t", sa.column("a", type_), sa.column("n", sa.Integer))
    with connection.begin() as transaction:
        connection.exec_driver_sql(f"CREATE TEMPORARY TABLE t (a {declared} PRIMARY KEY, n int)")
        connection.execute(sa.insert(table), [{"a": one, "n": n} for n, one in enumerate(values)])
        for keys, columns in (
            ([(one,) for one in values], [table.c.a]),
            ([(one, n) for n, one in enumerate(values)], [table.c.a, table.c.n]),
        ):
            assert set(connection.scalars(sa.select(table.c.n).where(among(columns, KeySet(keys))))) == set(range(len(values)))
        assert connection.scalar(sa.select(sa.func.count()).select_from(table).where(among([table.c.a], KeySet([])))) == 0
        transaction.rollback()
