"""What someone with every right in the databases could do to sealed evidence there, each found and located.

One governance database and one loan database with thirty sealed events; each test changes them as an administrator without triggers would,
asks, and puts everything back.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from uuid import UUID

import pytest
import sqlalchemy as sa
from evidence_support import SIGNER, LoanDatabase, SetClock, make_loans, make_store, scan_event

from embedded.postgres import EmbeddedPostgres
from governance.adapters.kept_events import KeptEvents
from governance.adapters.outbox import Outbox, append
from governance.audit.bodies_enforcement import ChunkEnforced
from governance.audit.checkpoint import sign_checkpoint
from governance.audit.events import PLATFORM, Event, new_event
from governance.pseudonym.tokens import references_digest
from governance.run.seal import seal
from governance.run.verify_databases import verify_databases
from governance.store import outbox as platform_outbox
from governance.store.database import Store

REFS = ("ref1.aa", "ref1.bb", "ref1.cc")
CHUNKS = (10, 11, 12)  # the numbers of the events that changed rows
LOAN_TABLES = ("lethe.outbox", "lethe.ledger", "lethe.sealed")
STORE_TABLES = ("log_entry", "checkpoint", "outbox")


def chunk(n: int) -> Event:
    body = ChunkEnforced(
        plan_digest="a" * 64,
        step=0,
        chunk=n,
        collection="clients",
        action="delete",
        fields=(),
        rules=(),
        planned=3,
        changed=3,
        skipped={},
        refs_digest=references_digest([f"{ref}{n}" for ref in REFS]),
        **({"refs_root": "b" * 64} if "refs_root" in ChunkEnforced.model_fields else {}),
    )
    return new_event(body, at=SetClock().now(), controller="test", dataset="loans", run_id="run")


@dataclass
class World:
    store: Store
    store_admin: str
    loans: LoanDatabase
    ids: dict[int, UUID]

    def check(self) -> list[str]:
        return verify_databases(self.store, SIGNER.verifier, {"loans": KeptEvents(self.loans.sealer)})

    def change(self, statement: str) -> None:
        """In the loan database if it speaks of schema lethe, else in the governance database."""
        url = self.loans.admin if "lethe." in statement else self.store_admin
        with sa.create_engine(url, poolclass=sa.NullPool).begin() as connection:
            connection.exec_driver_sql("SET session_replication_role = replica")  # no trigger, no foreign key
            connection.exec_driver_sql(statement)


@pytest.fixture(scope="module")
def made(postgres: EmbeddedPostgres) -> Iterator[World]:
    made: list[str] = []

    def make_database(owner: str = "postgres") -> str:
        made.append(f"tampered_{len(made)}")
        postgres.create_database(made[-1], owner)
        return postgres.url(made[-1], owner)

    store, url = make_store(postgres, make_database)
    loans, clock = make_loans(postgres, make_database), SetClock()
    with store.begin() as session:
        for _ in range(2):
            platform_outbox.append(session, scan_event(PLATFORM))
    loans.write(*(scan_event() for _ in range(8)))
    seal(store, {"loans": Outbox(loans.sealer)}, SIGNER, clock)
    with sa.create_engine(loans.engine, poolclass=sa.NullPool).begin() as connection:
        for n in range(3):
            event = chunk(n)
            append(connection, event)
            connection.execute(
                sa.text("INSERT INTO lethe.ledger VALUES (:id, 'clients', 'delete', :refs)"),
                {"id": event.event_id, "refs": [f"{ref}{n}" for ref in REFS]},
            )
    loans.write(*(scan_event() for _ in range(7)))
    seal(store, {"loans": Outbox(loans.sealer)}, SIGNER, clock)
    clock.advance(days=1)
    seal(store, {"loans": Outbox(loans.sealer)}, SIGNER, clock)  # a heartbeat: number 20
    loans.write(*(scan_event() for _ in range(9)))
    seal(store, {"loans": Outbox(loans.sealer)}, SIGNER, clock)
    loans.write(scan_event())  # and one that waits
    world = World(store, postgres.url(str(sa.make_url(url).database), "postgres"), loans, {})
    with store.begin() as session:
        world.ids = {row.seq: row.event_id for row in session.execute(sa.text("SELECT seq, event_id FROM log_entry"))}
    for table in LOAN_TABLES:
        world.change(f"ALTER TABLE {table} DISABLE TRIGGER USER")  # those that fire always, too
        world.change(f"CREATE TABLE saved_{table.split('.')[1]} AS SELECT * FROM {table}")
    for table in STORE_TABLES:
        world.change(f"CREATE TABLE saved_{table} AS SELECT * FROM {table}")
    yield world
    for name in made:
        postgres.drop_database(name)


@pytest.fixture
def world(made: World) -> Iterator[World]:
    yield made
    for tables in (LOAN_TABLES, STORE_TABLES):
        made.change(
            "; ".join(
                f"DELETE FROM {table}; INSERT INTO {table} OVERRIDING SYSTEM VALUE SELECT * FROM saved_{table.split('.')[-1]}"
                for table in tables
            )
        )


LOANS: list[tuple[str, str, list[str]]] = [
    ("an event is deleted", "DELETE FROM lethe.outbox WHERE event_id = '{5}'", ["loans: event 5 ({5}) is gone from the outbox"]),
    (
        "two events are deleted",
        "DELETE FROM lethe.outbox WHERE event_id IN ('{5}', '{25}')",
        ["loans: event 5 ({5}) is gone from the outbox", "loans: event 25 ({25}) is gone from the outbox"],
    ),
    (
        "a count in an event is changed",
        "UPDATE lethe.outbox SET event = replace(event, '\"tables\":1', '\"tables\":2') WHERE event_id = '{5}'",
        ["loans: event 5 ({5}) in the outbox is not what was sealed"],
    ),
    (
        "the time of an event is changed",
        "UPDATE lethe.outbox SET event = replace(event, '2026-01-31', '2026-01-30') WHERE event_id = '{7}'",
        ["loans: event 7 ({7}) in the outbox is not what was sealed"],
    ),
    (
        "a blank is added to an event",
        "UPDATE lethe.outbox SET event = event || ' ' WHERE event_id = '{28}'",
        ["loans: event 28 ({28}) in the outbox is not what was sealed"],
    ),
    (
        "an event is emptied",
        "UPDATE lethe.outbox SET event = '' WHERE event_id = '{3}'",
        ["loans: event 3 ({3}) in the outbox is not what was sealed"],
    ),
    (
        "two events change places",
        "UPDATE lethe.outbox o SET event = p.event FROM lethe.outbox p WHERE (o.event_id, p.event_id) IN (('{3}', '{4}'), ('{4}', '{3}'))",
        ["loans: event 3 ({3}) in the outbox is not what was sealed", "loans: event 4 ({4}) in the outbox is not what was sealed"],
    ),
    (
        "an event gets another id",
        "UPDATE lethe.outbox SET event_id = '00000000-0000-0000-0000-000000000001' WHERE event_id = '{9}'",
        ["loans: event 9 ({9}) is gone from the outbox"],
    ),
    (
        "an event that was never sealed is marked as sealed",
        "INSERT INTO lethe.sealed SELECT event_id, 900 FROM lethe.outbox WHERE event_id NOT IN (SELECT event_id FROM lethe.sealed)",
        ["loans: event * in the outbox is marked as sealed under 900, and is not in the log"],
    ),
    (
        "a mark names another number",
        "UPDATE lethe.sealed SET seq = 500 WHERE event_id = '{6}'",
        ["loans: event 6 ({6}) in the outbox is marked as sealed under 500"],
    ),
    (
        "two marks change places",
        "UPDATE lethe.sealed SET seq = -seq WHERE seq IN (8, 9); UPDATE lethe.sealed SET seq = 17 + seq WHERE seq < 0",
        [
            "loans: event 8 ({8}) in the outbox is marked as sealed under 9",
            "loans: event 9 ({9}) in the outbox is marked as sealed under 8",
        ],
    ),
    (
        "a ledger entry is deleted",
        "DELETE FROM lethe.ledger WHERE event_id = '{10}'",
        ["loans: the ledger entry of event 10 ({10}) is gone"],
    ),
    (
        "a reference is taken out of the ledger",
        "UPDATE lethe.ledger SET key_refs = key_refs[2:] WHERE event_id = '{11}'",
        ["loans: the ledger entry of event 11 ({11}) is not the one that the event has the digest of"],
    ),
    (
        "a reference is put into the ledger",
        "UPDATE lethe.ledger SET key_refs = key_refs || 'ref1.zz'::text WHERE event_id = '{11}'",
        ["loans: the ledger entry of event 11 ({11}) is not the one that the event has the digest of"],
    ),
    (
        "a reference in the ledger is changed",
        "UPDATE lethe.ledger SET key_refs[1] = 'ref1.zz' WHERE event_id = '{12}'",
        ["loans: the ledger entry of event 12 ({12}) is not the one that the event has the digest of"],
    ),
    (
        "references in the ledger change places",
        "UPDATE lethe.ledger SET key_refs = ARRAY[key_refs[2], key_refs[1], key_refs[3]] WHERE event_id = '{12}'",
        ["loans: the ledger entry of event 12 ({12}) is not the one that the event has the digest of"],
    ),
    (
        "a ledger entry names another collection",
        "UPDATE lethe.ledger SET collection = 'loans' WHERE event_id = '{10}'",
        ["loans: the ledger entry of event 10 ({10}) is not the one that the event has the digest of"],
    ),
    (
        "two ledger entries change places",
        "UPDATE lethe.ledger a SET key_refs = b.key_refs FROM lethe.ledger b"
        " WHERE (a.event_id, b.event_id) IN (('{10}', '{11}'), ('{11}', '{10}'))",
        [
            "loans: the ledger entry of event 10 ({10}) is not the one that the event has the digest of",
            "loans: the ledger entry of event 11 ({11}) is not the one that the event has the digest of",
        ],
    ),
    (
        "a ledger entry is made up for an event that changed nothing",
        "INSERT INTO lethe.ledger VALUES ('{5}', 'clients', 'delete', '{{ref1.zz}}')",
        ["loans: the ledger has an entry for event 5 ({5}), which changed no rows"],
    ),
]
STORE: list[tuple[str, str, list[str]]] = [
    (
        "a line of the log is changed",
        "UPDATE log_entry SET entry = replace(entry, '\"tables\":1', '\"tables\":2') WHERE seq = 5",
        ["governance database: event 5 was changed", "loans: event 5 ({5}) in the outbox is not what was sealed"],
    ),
    (
        "a line of the log is changed, and its hash with it",
        "UPDATE log_entry SET entry = replace(entry, '\"tables\":1', '\"tables\":2'),"
        " leaf_hash = sha256('\\x00'::bytea || convert_to(replace(entry, '\"tables\":1', '\"tables\":2'), 'UTF8')) WHERE seq = 5",
        [
            "governance database: checkpoint 10 does not match the log: the change lies between 0 and 10",
            "loans: event 5 ({5}) in the outbox is not what was sealed",
        ],
    ),
    (
        "a hash of the log is changed",
        "UPDATE log_entry SET leaf_hash = sha256('x') WHERE seq = 15",
        ["governance database: log/hashes/000000000010-000000000019.txt: the hash of event 15 was changed"],
    ),
    (
        "a line of the log is deleted",
        "DELETE FROM log_entry WHERE seq = 15",
        [
            "governance database: *log/hashes/000000000010-000000000019.txt*",
            "*event 15*missing",
            "loans: event {15} in the outbox is marked*15*",
        ],
    ),
    (
        "the last lines of the log are deleted, with their checkpoint",
        "DELETE FROM log_entry WHERE seq >= 21; DELETE FROM checkpoint WHERE size = 30",
        [f"loans: event * in the outbox is marked as sealed under {seq}, and is not in the log" for seq in range(21, 30)],
    ),
    (
        "the last lines of the log are deleted",
        "DELETE FROM log_entry WHERE seq >= 21",
        ["governance database: *events 21 to 29 are missing", *[f"*marked as sealed under {seq}, and*" for seq in range(21, 30)]],
    ),
    (
        "lines of the log change places",
        "UPDATE log_entry a SET entry = b.entry FROM log_entry b WHERE (a.seq, b.seq) IN ((3, 4), (4, 3))",
        ["governance database: event 4 stands where 3 belongs", "*event 3 ({3})*not what was sealed", "*event 4 ({4})*not what was sealed"],
    ),
    (
        "a line of the log is of another dataset",
        "UPDATE log_entry SET dataset = 'others' WHERE seq = 5",
        ["loans: event {5} in the outbox is marked as sealed under 5, and is not in the log"],
    ),
    (
        "a checkpoint is deleted",
        "DELETE FROM checkpoint WHERE size = 20",
        ["governance database: checkpoint 20 is missing"],
    ),
    (
        "a checkpoint is put under another size",
        "UPDATE checkpoint SET note = (SELECT note FROM checkpoint WHERE size = 10) WHERE size = 20",
        ["governance database: log/checkpoints/000000000020.note: holds checkpoint 10, not 20"],
    ),
    (
        "a checkpoint is changed",
        "UPDATE checkpoint SET note = replace(note, E'\\n20\\n', E'\\n21\\n') WHERE size = 20",
        ["governance database: checkpoint 20 does not count*signature of lethe/test*is false"],
    ),
    (
        "a frontier is changed",
        "UPDATE checkpoint SET frontier = (SELECT frontier FROM checkpoint WHERE size = 10) WHERE size = 20",
        ["governance database: log/hashes/000000000020-000000000020.txt: the frontier before event 20 was changed"],
    ),
    (
        "an event of the platform is deleted",
        "DELETE FROM outbox WHERE event_id = '{0}'",
        ["governance database: event 0 ({0}) is gone from the outbox"],
    ),
    (
        "an event of the platform is changed",
        "UPDATE outbox SET event = replace(event, '\"tables\":1', '\"tables\":2') WHERE event_id = '{1}'",
        ["governance database: event 1 ({1}) in the outbox is not what was sealed"],
    ),
]


def matches(pattern: str, finding: str) -> bool:
    """`*` stands for anything; everything else for itself."""
    parts, at = pattern.split("*"), 0
    if not finding.startswith(parts[0]) or (parts[-1] and not finding.endswith(parts[-1])):
        return False
    for part in parts:
        at = finding.find(part, at)
        if at < 0:
            return False
        at += len(part)
    return True


def test_untouched_nothing_is_wrong(made: World) -> None:
    assert made.check() == []


@pytest.mark.parametrize(("statement", "expected"), [case[1:] for case in LOANS + STORE], ids=[case[0] for case in LOANS + STORE])
def test_it_is_found_and_located(world: World, statement: str, expected: list[str]) -> None:
    ids = [str(world.ids[seq]) for seq in range(30)]
    world.change(statement.format(*ids))
    found = world.check()
    for pattern in expected:
        assert any(matches(pattern.format(*ids), finding) for finding in found), (pattern.format(*ids), found)
    assert len(found) <= len(expected) + 3, found


def test_an_emptied_outbox_lacks_every_event(world: World) -> None:
    world.change("DELETE FROM lethe.outbox")
    assert len(world.check()) == 27  # the platform's two events and the heartbeat are elsewhere


def test_a_checkpoint_signed_with_another_history(world: World) -> None:
    forged = sign_checkpoint(20, b"x" * 32, SIGNER).decode()
    world.change(f"UPDATE checkpoint SET note = '{forged}' WHERE size = 20")
    assert any("checkpoint 20 does not match the log that checkpoint" in finding for finding in world.check())


def test_a_database_that_is_down_is_a_finding_and_keeps_no_other_from_being_checked(world: World) -> None:
    world.change(f"DELETE FROM lethe.outbox WHERE event_id = '{world.ids[5]}'")
    gone = sa.make_url(world.loans.sealer).set(database="nobody").render_as_string()
    found = verify_databases(world.store, SIGNER.verifier, {"gone": KeptEvents(gone), "loans": KeptEvents(world.loans.sealer)})
    assert found[0].startswith("gone: could not be compared with the log: ")
    assert found[1:] == [f"loans: event 5 ({world.ids[5]}) is gone from the outbox"]
