"""The governance database: migrations and models agree, and what goes wrong on the way there is said in one line."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
import sqlalchemy as sa
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from evidence_support import START, make_store

from embedded import processes
from embedded.postgres import EmbeddedPostgres
from governance.audit.bodies_evidence import LogHeartbeat
from governance.audit.events import PLATFORM, new_event, to_canonical
from governance.errors import (
    ConfigurationError,
    DatabaseBusy,
    DatabaseLoginRefused,
    DatabaseUnavailable,
    EvidenceError,
    ObjectExists,
    SurroundingsError,
)
from governance.store import outbox
from governance.store.database import Store
from governance.store.migrate import upgrade
from governance.store.models import Base, FindingRow, PlanRow, SpoolRow
from governance.store.spool import enqueue


def touch(store: Store) -> None:
    with store.begin():
        pass


def test_migrations_make_what_the_models_say(postgres: EmbeddedPostgres, make_database: Callable[..., str]) -> None:
    _, url = make_store(postgres, make_database)
    with sa.create_engine(url, poolclass=sa.NullPool).connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_server_default": True})
        assert compare_metadata(context, Base.metadata) == []
        assert set(sa.inspect(connection).get_table_names()) == {*Base.metadata.tables, "alembic_version"}


def test_upgrading_again_changes_nothing(postgres: EmbeddedPostgres, make_database: Callable[..., str]) -> None:
    store, url = make_store(postgres, make_database)
    with store.begin() as session:
        enqueue(session, "plans/a.json", b"{}", START)
    upgrade(url)
    with store.begin() as session:
        assert session.get_one(SpoolRow, "plans/a.json").content == b"{}"


def test_a_schema_that_is_not_there_yet_is_named(postgres: EmbeddedPostgres, make_database: Callable[..., str]) -> None:
    url = make_database()
    with pytest.raises(ConfigurationError, match="the governance schema is at nothing, expected 0020"):
        touch(Store(url))


def test_a_block_that_raises_leaves_nothing(postgres: EmbeddedPostgres, make_database: Callable[..., str]) -> None:
    store, _ = make_store(postgres, make_database)

    def fail_half_way() -> None:
        with store.begin() as session:
            enqueue(session, "plans/a.json", b"{}", START)
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fail_half_way()
    with store.begin() as session:
        assert session.scalars(sa.select(SpoolRow)).all() == []


def test_times_and_texts_come_back_as_they_were(postgres: EmbeddedPostgres, make_database: Callable[..., str]) -> None:
    store, _ = make_store(postgres, make_database)
    plan = PlanRow(digest="a", dataset="d", policy_version="1", policy_digest="b", as_of=START, document='{"ключ":"Ā"}', created_at=START)
    with store.begin() as session:
        session.add(plan)
    with store.begin() as session:
        found = session.get_one(PlanRow, "a")
        assert (found.as_of, found.document) == (START, '{"ключ":"Ā"}')


@pytest.mark.parametrize("field", ["phone", None])
def test_a_finding_stands_once(field: str | None, postgres: EmbeddedPostgres, make_database: Callable[..., str]) -> None:
    store, _ = make_store(postgres, make_database)

    def add() -> None:
        with store.begin() as session:
            seen = {"first_seen": START, "last_seen": START}
            session.add(FindingRow(dataset="d", kind="k", collection="c", field=field, rows=1, gravity="grave", owner="dpo", **seen))

    add()
    with pytest.raises(SurroundingsError, match="UniqueViolation"):
        add()


def test_the_spool_is_create_only_and_keeps_its_order(postgres: EmbeddedPostgres, make_database: Callable[..., str]) -> None:
    store, _ = make_store(postgres, make_database)
    names = ["z", "a", "m"]
    with store.begin() as session:
        for name in names:
            enqueue(session, name, name.encode(), START)
        enqueue(session, "a", b"a", START)
    with pytest.raises(ObjectExists, match="a: already queued for the archive with other content"), store.begin() as session:
        enqueue(session, "a", b"b", START)
    with pytest.raises(EvidenceError), store.begin() as session:
        enqueue(session, "../a", b"b", START)
    with store.begin() as session:
        assert session.scalars(sa.select(SpoolRow.name).order_by(SpoolRow.position)).all() == names


def test_a_database_that_is_down(postgres: EmbeddedPostgres) -> None:
    url = sa.make_url(postgres.url("lethe", "lethe_store")).set(port=processes.free_port())
    with pytest.raises(DatabaseUnavailable, match=rf"^lethe_store@127\.0\.0\.1:{url.port}/lethe: .*[^\n]$") as down:
        touch(Store(url.render_as_string(hide_password=False)))
    assert "passfile" not in str(down.value)


def test_a_wrong_password(postgres: EmbeddedPostgres, make_database: Callable[..., str], tmp_path: Path) -> None:
    _, url = make_store(postgres, make_database)
    passfile = tmp_path / "pgpass"
    passfile.touch(0o600)
    passfile.write_text("*:*:*:*:not-the-password\n")
    wrong = sa.make_url(url).update_query_dict({"passfile": str(passfile)})
    with pytest.raises(DatabaseLoginRefused, match=r"^lethe_store@127\.0\.0\.1:\d+/test_\d+: .*password") as refused:
        touch(Store(wrong.render_as_string(hide_password=False)))
    assert "not-the-password" not in str(refused.value)


def test_a_lock_that_is_not_given_up(postgres: EmbeddedPostgres, make_database: Callable[..., str]) -> None:
    store, url = make_store(postgres, make_database)
    with sa.create_engine(url, poolclass=sa.NullPool).begin() as connection:
        connection.execute(sa.text("LOCK TABLE plan"))
        impatient = sa.text("SET LOCAL lock_timeout = '50ms'; SELECT * FROM plan")
        with pytest.raises(DatabaseBusy, match="LockNotAvailable"), store.begin() as session:
            session.execute(impatient)


@pytest.mark.parametrize("change", ["UPDATE outbox SET event = ''", "DELETE FROM outbox", "TRUNCATE outbox"])
def test_what_stands_in_the_outbox_can_only_be_added_to(postgres: EmbeddedPostgres, make_database: Callable[..., str], change: str) -> None:
    store, _ = make_store(postgres, make_database)
    event = new_event(LogHeartbeat(size=0), at=START, controller="test", dataset=PLATFORM, run_id="r")
    for _ in range(2):
        with store.begin() as session:
            outbox.append(session, event)
    with pytest.raises(SurroundingsError), store.begin() as session:
        session.execute(sa.text(change))
    with store.begin() as session:
        assert outbox.unsealed(session, 10) == [(event.event_id, to_canonical(event))]
