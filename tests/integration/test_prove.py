"""Proofs out of a governance database that the real sealer filled."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import nullcontext
from uuid import UUID

import pytest
import sqlalchemy as sa
from evidence_support import SIGNER, SetClock, make_loans, make_store, scan_event

from embedded.postgres import EmbeddedPostgres
from governance.adapters.outbox import Outbox
from governance.audit import merkle, subtrees
from governance.audit.checkpoint import open_checkpoint
from governance.audit.merkle import leaf_hash
from governance.audit.tlog_proof import check_consistency, check_inclusion, parse_growth, parse_proof
from governance.errors import EventUnknown, LogInconsistent
from governance.run.prove import prove, prove_growth, prove_many
from governance.run.seal import seal
from governance.store.database import Store
from governance.store.models import CheckpointRow

BUNDLES = (13, 12, 1, 14, 20)
SIZES = (13, 25, 26, 40, 60)


@pytest.fixture(scope="module")
def sealed(postgres: EmbeddedPostgres) -> Iterator[tuple[Store, str]]:
    """A store with sixty events under five checkpoints, and its URL."""
    made: list[str] = []

    def make_database(owner: str = "postgres") -> str:
        made.append(f"prove_{len(made)}")
        postgres.create_database(made[-1], owner)
        return postgres.url(made[-1], owner)

    store, url = make_store(postgres, make_database)
    loans, clock = make_loans(postgres, make_database), SetClock()
    for size in BUNDLES:
        loans.write(*(scan_event() for _ in range(size)))
        seal(store, {"loans": Outbox(loans.sealer)}, SIGNER, clock)
    with sa.create_engine(url, poolclass=sa.NullPool).begin() as connection:
        connection.exec_driver_sql(
            "CREATE TABLE saved_entry AS SELECT * FROM log_entry; CREATE TABLE saved_checkpoint AS SELECT * FROM checkpoint"
        )
    yield store, url
    for name in made:
        postgres.drop_database(name)


def test_every_event_is_proven_to_every_checkpoint_that_covers_it(sealed: tuple[Store, str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(subtrees, "STRETCH", 4)  # so that sixty events are many stretches
    store, _ = sealed
    for size in SIZES:
        proofs = prove_many(store, list(range(size)), size)
        assert [found.seq for found in proofs] == list(range(size))
        for found in proofs:
            proof = parse_proof(found.proof, "proof")
            checkpoint, _ = check_inclusion(proof, leaf_hash(found.entry), (SIGNER.verifier,), "proof")
            assert (proof.index, proof.checkpoint, checkpoint.size) == (found.seq, found.checkpoint, size)


def test_by_id_and_by_number_it_is_the_same(sealed: tuple[Store, str]) -> None:
    store, _ = sealed
    seventh = prove(store, 7)
    assert prove(store, seventh.event_id) == seventh
    assert prove_many(store, [7, seventh.event_id, 3, 7])[::3] == [seventh, seventh]
    assert f'"event_id":"{seventh.event_id}"'.encode() in seventh.entry
    assert open_checkpoint(seventh.checkpoint, SIGNER.verifier, "note").size == 60


def test_every_checkpoint_contains_those_before(sealed: tuple[Store, str]) -> None:
    store, _ = sealed
    with store.begin() as session:
        notes = {row.size: row.note.encode() for row in session.scalars(sa.select(CheckpointRow))}
    for old in SIZES:
        for new in SIZES:
            if old > new:
                with pytest.raises(EventUnknown, match=f"checkpoint {old} is not older than checkpoint {new}"):
                    prove_growth(store, old, new)
                continue
            proof = parse_growth(prove_growth(store, old, new), "growth")
            assert proof.checkpoint == notes[new]
            older = open_checkpoint(notes[old], SIGNER.verifier, "old")
            assert check_consistency(proof, older, (SIGNER.verifier,), "growth").size == new


def test_what_is_not_there_is_said(sealed: tuple[Store, str]) -> None:
    store, _ = sealed
    with pytest.raises(EventUnknown, match="event 60 is not in the log of checkpoint 60"):
        prove(store, 60)
    with pytest.raises(EventUnknown, match="event 00000000-0000-0000-0000-000000000007 is not in the log"):
        prove(store, UUID(int=7))
    with pytest.raises(EventUnknown, match="event 30 is not in the log of checkpoint 26"):
        prove(store, 30, 26)
    with pytest.raises(EventUnknown, match="there is no checkpoint 27"):
        prove_growth(store, 13, 27)


def test_an_empty_log_has_no_proof(postgres: EmbeddedPostgres, make_database: Callable[..., str]) -> None:
    store, _ = make_store(postgres, make_database)
    with pytest.raises(EventUnknown, match="nothing was sealed yet"):
        prove(store, 0)


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE log_entry SET entry = replace(entry, '\"tables\":1', '\"tables\":2') WHERE seq = 30",
        "UPDATE log_entry SET leaf_hash = sha256('x') WHERE seq = 31",
        "DELETE FROM log_entry WHERE seq = 55",
        "UPDATE checkpoint SET frontier = (SELECT frontier FROM checkpoint WHERE size = 26) WHERE size = 25",
        "UPDATE checkpoint SET frontier = (SELECT frontier FROM checkpoint WHERE size = 60) WHERE size = 40",
        "UPDATE checkpoint SET frontier = 'x' WHERE size = 13",
        "UPDATE checkpoint SET note = (SELECT note FROM checkpoint WHERE size = 40) WHERE size = 60",
    ],
)
def test_a_proof_is_refused_where_the_tables_were_changed(sealed: tuple[Store, str], change: str) -> None:
    store, url = sealed
    back = (
        "DELETE FROM log_entry; INSERT INTO log_entry SELECT * FROM saved_entry;"
        " DELETE FROM checkpoint; INSERT INTO checkpoint SELECT * FROM saved_checkpoint"
    )
    for statement, good in ((change, False), (back, True)):
        with sa.create_engine(url, poolclass=sa.NullPool).begin() as connection:
            connection.exec_driver_sql(statement)
        with nullcontext() if good else pytest.raises(LogInconsistent):
            prove_many(store, [24, 25, 30, 59])


def test_nodes_are_those_of_the_whole_tree() -> None:
    leaves = [leaf_hash(bytes([n])) for n in range(77)]
    reads: list[tuple[int, int]] = []

    def read(first: int, end: int) -> list[bytes]:
        reads.append((first, end))
        return leaves[first:end]

    tree = subtrees.Subtrees(read)
    for size in (1, 2, 31, 64, 77):
        assert tree.node(0, size) == merkle.root(leaves[:size])
    assert reads == [(0, subtrees.STRETCH)]
