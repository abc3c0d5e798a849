"""The register of requests on a real governance database: it keeps what came in, encrypted, moves as allowed, and tells each move once."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from uuid import uuid4

import pytest
import sqlalchemy as sa
from evidence_support import START
from request_support import AGENT, CANARIES, PERSON, Keys, draft, entered, make_requests, rich_draft, seen, told

from embedded.postgres import EmbeddedPostgres
from governance.errors import KeyUnavailable, RequestRefused, RequestUnknown, SurroundingsError
from governance.requests.request import Stage
from governance.store.requests import Requests

D = "d" * 64


@pytest.fixture
def register(postgres: EmbeddedPostgres, make_database: Callable[..., str]) -> Requests:
    return make_requests(postgres, make_database)[0]


def test_a_request_comes_back_as_it_went_in(register: Requests) -> None:
    made = rich_draft()
    request = entered(register, made)
    assert register.get(request.id) == request
    assert (request.number, request.stage, request.zone, request.closed) == (1, Stage.RECEIVED, "Europe/Sofia", False)
    assert all(getattr(request, name) == getattr(made, name) for name in made.__dataclass_fields__)
    assert entered(register).number == 2
    assert entered(register, draft(controller="koduliising")).number == 1
    assert register.find("credithelp", 2) != request.id == register.find("credithelp", 1)
    assert [entry.number for entry in register.listed("credithelp")] == [1, 2]
    assert len(register.listed()) == 3
    with pytest.raises(RequestUnknown):
        register.get(uuid4())
    with pytest.raises(RequestUnknown, match="number of a request of credithelp"):
        register.find("credithelp", 9)


def test_it_goes_all_the_way_and_every_move_is_told_once(register: Requests) -> None:
    request = entered(register)
    act = {"by": "officer", "now": START + timedelta(hours=1)}
    with pytest.raises(RequestRefused, match="proves identity"):
        register.advance(request.id, Stage.VERIFIED, **act)
    assert register.verified(request.id, seen(), now=act["now"]).stage is Stage.VERIFIED
    for stage in (Stage.LOCATED, Stage.PROPOSED, Stage.DECIDED):
        assert register.advance(request.id, stage, **act, reason="kanarski").stage is stage
        register.advance(request.id, stage, **act)
    with pytest.raises(RequestRefused, match="after decided expected done, located, partly-done, found answered"):
        register.advance(request.id, Stage.ANSWERED, **act)
    register.decided(request.id, D, ["bureau", "authorities", "bureau"], **act)
    register.decided(request.id, D, ["bureau", "authorities"], **act)
    with pytest.raises(RequestRefused, match="entered once"):
        register.decided(request.id, "e" * 64, [], **act)
    register.told(request.id, "bureau", **act)
    after = register.told(request.id, "bureau", **act)
    assert [(item.recipient, item.told_by) for item in after.recipients] == [("authorities", None), ("bureau", "officer")]
    with pytest.raises(RequestRefused, match="a recipient that its decision names"):
        register.told(request.id, "kanarski", **act)
    register.advance(request.id, Stage.DONE, **act)
    closed = register.advance(request.id, Stage.ANSWERED, **act, reply=D)
    assert (closed.closed, closed.closed_at, closed.decision, closed.reply) == (True, act["now"], D, D)
    assert register.listed() == []
    assert [entry.stage for entry in register.listed(everything=True)] == [Stage.ANSWERED]
    with pytest.raises(RequestRefused, match="nothing, for it is closed"):
        register.advance(request.id, Stage.WITHDRAWN, **act)
    assert [kind for kind, _ in told(register.store)] == [
        "request.received", "request.verified", "request.advanced", "request.advanced", "request.advanced", "request.decided",
        "request.recipient-told", "request.advanced", "request.answered",
    ]  # fmt: skip
    assert told(register.store)[-1][1] == {
        "request": str(request.id), "number": 1, "on": "2026-01-31", "in_time": True, "reply": D, "by": "officer",
    }  # fmt: skip
    acts = register.history(request.id)
    assert [act.act for act in acts] == [
        "received", "identity", "verified", "located", "proposed", "decided", "decision", "recipient-told", "done", "answered",
    ]  # fmt: skip
    assert acts[3].entries == {"before": "verified", "after": "located", "reason": "kanarski"}


def test_nothing_personal_stands_in_the_database_in_plain(postgres: EmbeddedPostgres, make_database: Callable[..., str]) -> None:
    register, url = make_requests(postgres, make_database)
    request = entered(register, rich_draft())
    register.verified(request.id, seen(), now=START)
    register.advance(request.id, Stage.REFUSED, by="officer", now=START, reason="kanarski", ground="unfounded")
    assert register.get(request.id).person == PERSON
    assert register.get(request.id).representative == AGENT
    with sa.create_engine(url, poolclass=sa.NullPool).connect() as connection:
        for table in sa.inspect(connection).get_table_names():
            for row in connection.execute(sa.text(f'SELECT * FROM "{table}"')):
                raw = b"".join(value if isinstance(value, bytes) else str(value).encode() for value in row)
                assert not any(canary.encode() in raw for canary in CANARIES), table
        assert connection.scalar(sa.text("SELECT get_byte(person, 3) FROM request")) == 1, "the version of the key"
    assert not any(canary in repr(register.get(request.id)) + repr(register.history(request.id)) for canary in CANARIES)


def test_a_ciphertext_opens_in_its_own_place_and_under_its_own_key_only(
    postgres: EmbeddedPostgres, make_database: Callable[..., str]
) -> None:
    register, url = make_requests(postgres, make_database)
    first, second = entered(register), entered(register, draft(description="kanarski 2"))
    rotated = Requests(register.store, Keys(current=2), run_id="test")
    third = entered(rotated)
    assert [rotated.get(item.id) for item in (first, third)] == [first, third], "earlier versions are still opened"
    with pytest.raises(KeyUnavailable, match=r"person of request .* another root of version 1"):
        Requests(register.store, Keys(fill=50), run_id="test").get(first.id)
    with sa.create_engine(url, poolclass=sa.NullPool).begin() as connection:
        connection.execute(
            sa.text("UPDATE request a SET description = b.description FROM request b WHERE a.id = :a AND b.id = :b"),
            {"a": first.id, "b": second.id},
        )
    with pytest.raises(KeyUnavailable, match="description of request"):
        register.get(first.id)
    with sa.create_engine(url, poolclass=sa.NullPool).begin() as connection:
        connection.execute(sa.text("UPDATE request SET description = person WHERE id = :b"), {"b": second.id})
    with pytest.raises(KeyUnavailable, match="description of request"):
        register.get(second.id)


def test_acts_are_append_only_and_open_requests_stay(register: Requests) -> None:
    entered(register)
    for statement in (
        "UPDATE request_act SET act = 'x'",
        "DELETE FROM request_act",
        "TRUNCATE request_act",
        "DELETE FROM request",
        "TRUNCATE request",
    ):
        with pytest.raises(SurroundingsError), register.store.begin() as session:
            session.execute(sa.text(statement))
    assert len(register.history(register.find("credithelp", 1))) == 1
