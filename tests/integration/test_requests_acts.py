"""Requests come in, are verified, suspended, extended, charged, refused, watched and deleted, on a real governance database."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from evidence_support import SIGNER, SetClock
from request_support import AGENT, CANARIES, PERSON, RECEIVED, Keys, draft, entered, make_requests, rich_draft, told

from embedded.postgres import EmbeddedPostgres
from governance.adapters.local_archive import LocalArchive
from governance.config import read_document
from governance.errors import Refusal, RequestDue, RequestInvalid, RequestRefused, RequestUnknown
from governance.policy.loading import load_pack
from governance.policy.pack import PolicyPack
from governance.requests.proof import Attorney, Proof
from governance.requests.request import Draft, Request, Stage
from governance.run.archive import archive
from governance.run.incident_watch import running, watch
from governance.run.incidents import amend_incident, close_incident
from governance.run.leak_guard import LeakGuard
from governance.run.request_watch import pending, purge_requests, watch_requests
from governance.run.requests import Incoming, charge, extend, pause, receive, receive_all, refuse, tell_shown, verify, withdraw
from governance.run.seal import seal
from governance.store.incidents import Incidents
from governance.store.models import OutboxRow, RequestRow, RequestTokenRow
from governance.store.request_purge import parts
from governance.store.requests import Requests

NOW = datetime(2026, 2, 2, 10, 0, tzinfo=UTC)
BY = {"by": "officer", "now": NOW}
PASSPORT = Proof("passport", "канар 371", date(2026, 2, 2))
PAPER = Attorney(PERSON.name, AGENT.name, date(2026, 12, 31))
WHY = "kanarski: сложен случай"


def pack_of(name: str) -> PolicyPack:
    text, file = read_document("pack", name, None)  # type: ignore[arg-type]
    return load_pack(text, file)


BG, KZ = pack_of("credithelp"), pack_of("expert-plus")


@pytest.fixture
def register(postgres: EmbeddedPostgres, make_database: Callable[..., str]) -> Requests:
    return make_requests(postgres, make_database)[0]


def received(register: Requests, made: Draft | None = None, pack: PolicyPack = BG, why: str | None = None) -> Request:
    return receive(register, pack, Incoming(made or draft(), why), **BY)


def last(register: Requests) -> tuple[str, dict[str, Any]]:
    return told(register.store)[-1]


def test_the_clock_is_the_policy_s(register: Requests) -> None:
    request = received(register)
    assert (request.due, request.zone, request.repeats) == (date(2026, 3, 2), "Europe/Sofia", None)  # 28 February is a Saturday
    assert last(register) == (
        "request.received",
        {
            "request": str(request.id), "number": 1, "request_kind": "erasure", "channel": "letter", "received": "2026-01-30",
            "due": "2026-03-02", "represented": False, "repeats": None, "duplicate": None, "by": "officer",
        },
    )  # fmt: skip
    kazakh = received(register, draft(controller="expert-plus"), KZ)
    assert (kazakh.number, kazakh.due) == (1, date(2026, 2, 2))  # one working day after a Friday
    with pytest.raises(RequestRefused, match=r"the policy of expert-plus, version .* states a clock, found portability"):
        received(register, draft(controller="expert-plus", kind="portability"), KZ)
    with pytest.raises(RequestRefused, match="states no longer term"):
        extend(register, KZ, kazakh.id, WHY, NOW.date(), **BY)
    with pytest.raises(RequestRefused, match="lets no clock be suspended"):
        pause(register, KZ, kazakh.id, NOW.date(), **BY)
    with pytest.raises(RequestRefused, match="lets no request be refused or charged as excessive"):
        refuse(register, KZ, kazakh.id, "excessive", WHY, **BY)
    with pytest.raises(RequestInvalid, match="names who acts"):
        receive(register, BG, Incoming(draft()), by=" ", now=NOW)


def test_the_same_person_is_known_again(register: Requests) -> None:
    first = received(register)
    again = replace(PERSON, name="незабравкова канарчева ЦВЕТЕЛИНА", national_id=None, phones=(), emails=(), contracts=())
    with pytest.raises(RequestInvalid, match="one of the same person and kind open as number 1"):
        received(register, draft(person=again))
    assert received(register, draft(person=again, kind="access")).number == 2
    namesake = replace(PERSON, national_id="7501020018")
    assert received(register, draft(person=namesake)).number == 3, "another national id is another person"
    assert received(register, draft(person=again), why="брат близнак, kanarski").number == 4
    assert last(register)[1]["duplicate"] == 1
    rotated = Requests(register.store, Keys(current=2), run_id="test")
    with pytest.raises(RequestInvalid, match="same person and kind"):
        received(rotated, draft(person=again))
    for number in (1, 3, 4):
        withdraw(register, register.find("credithelp", number), "", **BY)
    assert received(register).repeats == 4, "closed a moment ago"
    assert first.repeats is None
    withdraw(register, register.find("credithelp", 5), "", **BY)
    late = NOW + timedelta(days=370)
    assert receive(register, BG, Incoming(draft(received=late.date())), by="officer", now=late).repeats is None


def test_of_two_that_come_at_once_one_is_the_duplicate(register: Requests) -> None:
    outcomes: list[str] = []

    def enter() -> None:
        try:
            outcomes.append(str(received(register).number))
        except RequestInvalid:
            outcomes.append("duplicate")

    threads = [threading.Thread(target=enter) for _ in range(5)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(outcomes) == ["1", *["duplicate"] * 4]


def test_a_list_comes_in_whole_or_not_at_all(register: Requests) -> None:
    other = replace(PERSON, name="Друг Човек", national_id=None, phones=(), emails=(), contracts=(), birth_date=date(1980, 1, 1))
    with pytest.raises(RequestInvalid) as raised:
        receive_all(
            register,
            {"credithelp": BG},
            [Incoming(draft()), Incoming(draft(person=other)), Incoming(draft(), place="line 4, column 5 (name)")],
            **BY,
        )
    assert raised.value.faults == (
        "line 4, column 5 (name): expected a request that is not in the register, found one of the same person and kind open as number 1; "
        "enter it with a reason if it is another",
    )
    assert register.listed(everything=True) == told(register.store) == []
    assert [
        item.number for item in receive_all(register, {"credithelp": BG}, [Incoming(draft()), Incoming(draft(person=other))], **BY)
    ] == [1, 2]


NO_PROOFS = (
    (PASSPORT, "attorney: expected the power of attorney of the representative, found none"),
    (replace(PASSPORT, attorney=replace(PAPER, granted_by="Друг Човек")), "granted_by: expected the person .* found somebody else"),
    (replace(PASSPORT, attorney=replace(PAPER, granted_to="Друг Човек")), "attorney.granted_to: expected the representative"),
    (replace(PASSPORT, attorney=replace(PAPER, valid_until=date(2026, 2, 1))), "found a power of attorney that has expired"),
    (replace(PASSPORT, attorney=PAPER, national_id="7501020018"), "national_id: expected the one that the request names"),
    (replace(PASSPORT, attorney=PAPER, seen_on=date(2026, 2, 3)), "seen_on: expected a day from 2026-01-30 to 2026-02-02"),
    (replace(PASSPORT, attorney=PAPER, detail="x'; DROP TABLE {{y}}"), "detail: expected letters, digits and the marks"),
)


def test_what_proves_nothing_changes_nothing(register: Requests) -> None:
    request = received(register, draft(representative=AGENT))
    for proof, said in NO_PROOFS:
        with pytest.raises(RequestInvalid, match=said) as raised:
            verify(register, BG, request.id, proof, **BY)
        assert not any(canary in str(raised.value) for canary in CANARIES)
    assert register.get(request.id) == request
    assert len(told(register.store)) == 1


def test_identity_is_proved_by_what_the_policy_asks(register: Requests) -> None:
    request = received(register, draft(representative=AGENT, channel="e-mail"))
    with pytest.raises(RequestInvalid, match=r"evidence: expected e-signature for a request by e-mail \(art. 31\), found passport"):
        verify(register, BG, request.id, replace(PASSPORT, attorney=PAPER), **BY)
    proved = verify(register, BG, request.id, replace(PASSPORT, evidence="e-signature", attorney=PAPER), **BY)
    assert proved.stage is Stage.VERIFIED
    assert proved.identity is not None
    assert (proved.identity.seen_by, proved.identity.power_of_attorney_seen) == ("officer", True)
    with pytest.raises(RequestInvalid, match="attorney: expected none"):
        verify(register, BG, received(register, draft(kind="access")).id, replace(PASSPORT, attorney=PAPER), **BY)
    with pytest.raises(RequestRefused, match="expected stage received, found verified"):
        verify(register, BG, request.id, replace(PASSPORT, evidence="e-signature", attorney=PAPER), **BY)
    with pytest.raises(RequestRefused, match="whose identity is not proved"):
        refuse(register, BG, request.id, "identity-not-proved", WHY, **BY)


def test_a_clock_stands_while_a_proof_is_awaited(register: Requests) -> None:
    request = received(register)
    with pytest.raises(RequestRefused, match="asked_on: expected a day from 2026-01-30 to 2026-02-02"):
        pause(register, BG, request.id, date(2026, 2, 3), **BY)
    assert pause(register, BG, request.id, date(2026, 2, 2), **BY).paused_on == date(2026, 2, 2)
    assert last(register)[1]["clause"] == "GDPR 12(6); EDPB Guidelines 01/2022, paragraph 157"
    with pytest.raises(RequestRefused, match="found one that is suspended"):
        pause(register, BG, request.id, date(2026, 2, 2), **BY)
    with pytest.raises(RequestRefused, match="found one that is suspended"):
        extend(register, BG, request.id, WHY, date(2026, 2, 2), **BY)
    late = SetClock(NOW + timedelta(days=60))
    assert [item.days for item in pending(register, late)] == [None]
    assert watch_requests(register, {"credithelp": BG}, late, run_id="w")[0].days is None
    seen = replace(PASSPORT, seen_on=date(2026, 2, 12))
    proved = verify(register, BG, request.id, seen, by="officer", now=late.now())
    # One month is 28 February (Regulation 1182/71 art. 3(2)(c)); ten days later is 10 March, a Tuesday.
    assert (proved.paused_on, proved.suspended, proved.due) == (None, 10, date(2026, 3, 10))
    assert [kind for kind, _ in told(register.store)] == ["request.received", "request.paused", "request.resumed", "request.verified"]
    with pytest.raises(RequestRefused, match="expected a running clock"):
        pause(register, BG, request.id, date(2026, 2, 12), by="officer", now=late.now())


def test_a_term_is_extended_once_and_the_person_is_told_within_the_first(register: Requests) -> None:
    request = received(register)
    act = {"by": "officer", "now": NOW + timedelta(days=40)}
    with pytest.raises(RequestRefused, match="told_on: expected a day from 2026-01-30 to 2026-03-02, found 2026-03-03"):
        extend(register, BG, request.id, WHY, date(2026, 3, 3), **act)
    with pytest.raises(RequestInvalid, match="reason: expected a text, found none"):
        extend(register, BG, request.id, " ", date(2026, 3, 2), **act)
    longer = extend(register, BG, request.id, WHY, date(2026, 3, 2), **act)
    assert (longer.due, longer.extended) == (date(2026, 4, 30), True)
    assert longer.extension is not None
    assert (longer.extension.reason, longer.extension.told_on) == (WHY, date(2026, 3, 2))
    assert last(register)[1] == {
        "request": str(request.id), "number": 1, "before": "2026-03-02", "due": "2026-04-30", "told_on": "2026-03-02", "by": "officer",
    }  # fmt: skip
    with pytest.raises(RequestRefused, match="found one that was extended"):
        extend(register, BG, request.id, WHY, date(2026, 3, 2), **act)


def test_what_is_excessive_is_refused_or_charged_with_reasons(register: Requests) -> None:
    request = received(register)
    charge(register, BG, request.id, "excessive", WHY, **BY)
    assert last(register) == ("request.charged", {"request": str(request.id), "number": 1, "ground": "excessive", "by": "officer"})
    assert register.get(request.id).stage is Stage.RECEIVED
    with pytest.raises(RequestRefused, match="on another a decision refuses"):
        refuse(register, BG, request.id, "law", WHY, **BY)
    assert refuse(register, BG, request.id, "identity-not-proved", WHY, **BY).closed
    assert last(register)[1]["ground"] == "identity-not-proved"
    with pytest.raises(RequestRefused, match="expected an open request, found one that is refused"):
        charge(register, BG, request.id, "excessive", WHY, **BY)
    other = received(register, draft(kind="access"))
    assert refuse(register, BG, other.id, "unfounded", WHY, **BY).stage is Stage.REFUSED
    assert register.history(other.id)[-1].entries["reason"] == WHY


def test_reminders_are_told_once_and_what_is_overdue_is_an_incident(register: Requests) -> None:
    packs, clock = {"credithelp": BG}, SetClock(NOW)
    request = received(register)  # due on 2 March: half of 31 days is over on 15 February

    def look(day: date) -> list[str]:
        clock.time = datetime(day.year, day.month, day.day, 6, tzinfo=UTC)
        before = len(told(register.store))
        urgent = day >= date(2026, 2, 27)
        if urgent:
            with pytest.raises(RequestDue, match="request 1 of credithelp"):
                watch_requests(register, packs, clock, run_id="w")
        else:
            watch_requests(register, packs, clock, run_id="w")
        return [kind if kind != "request.reminded" else body["reminder"] for kind, body in told(register.store)[before:]]

    assert [look(date(2026, 2, day)) for day in (14, 15, 16, 26, 27, 28)] == [[], ["half-time"], [], [], ["last-days"], []]
    assert look(date(2026, 3, 2)) == []
    assert look(date(2026, 3, 3)) == ["request.overdue", "incident.opened"]
    assert look(date(2026, 3, 4)) == []
    incident = Incidents(register.store).all()[0]
    assert (incident.cause, incident.kind, incident.dataset, incident.seen) == ("request-overdue", "availability", "-", 2)
    assert incident.detail == "request 1 of credithelp (erasure, received): overdue by 2 days"
    opened = next(body for kind, body in told(register.store) if kind == "incident.opened")
    assert (incident.breach, incident.clock_runs, opened["due_at"]) == (False, False, None)  # GDPR 33(1) is about breaches
    clock.advance(hours=100)
    assert running(register.store, clock.now()) == watch(register.store, clock) == []
    clock.advance(hours=-100)
    with pytest.raises(RequestDue, match="overdue by 2 days"):
        watch_requests(register, packs, clock, run_id="w")
    extend(register, BG, request.id, WHY, date(2026, 2, 27), by="officer", now=clock.now())
    watch_requests(register, packs, clock, run_id="w")
    assert Incidents(register.store).all()[0].over_at == clock.now()
    assert [kind for kind, _ in told(register.store)[-2:]] == ["request.extended", "incident.amended"]
    by_officer = {"by": "officer", "run_id": "w"}
    with pytest.raises(Refusal, match=r"lacks nature; consequences; measures$"):
        close_incident(register.store, clock, incident.id, **by_officer)
    texts = dict.fromkeys(("nature", "consequences", "measures"), "answered too late")
    amend_incident(register.store, clock, incident.id, texts, **by_officer)
    assert close_incident(register.store, clock, incident.id, **by_officer).state == "closed"
    clock.time = datetime(2026, 3, 16, 6, tzinfo=UTC)
    watch_requests(register, packs, clock, run_id="w")
    assert last(register)[1]["reminder"] == "half-time", "for the new day once more"
    assert [act.act for act in register.history(request.id)] == ["received", "reminded", "reminded", "overdue", "extended", "reminded"]


def test_the_register_keeps_what_is_closed_as_long_as_the_policy_says(register: Requests) -> None:
    open_one, closed = received(register), received(register, draft(kind="access"))
    withdraw(register, closed.id, "kanarski", **BY)
    entered(register, draft(controller="koduliising"))
    packs, clock = {"credithelp": BG}, SetClock(datetime(2031, 2, 1, 20, tzinfo=UTC))
    assert purge_requests(register, packs, clock) == {}
    clock.advance(hours=4)  # 2 February in Sofia: five years
    assert purge_requests(register, packs, clock) == {"credithelp": 1}
    assert last(register) == ("request.purged", {"numbers": (2,), "closed_before": "2026-02-03", "clause": "art. 23; GDPR 5(2)"})
    assert purge_requests(register, packs, clock) == {}
    with pytest.raises(RequestUnknown):
        register.get(closed.id)
    with register.store.begin() as session:
        left = {table.name: session.scalar(sa.select(sa.func.count()).where(table.c.request == closed.id)) for table in parts()}
    assert left.keys() >= {"request_act", "request_token", "request_recipient"}
    assert set(left.values()) == {0}
    assert register.get(open_one.id).number == 1
    assert received(register, draft(kind="access")).number == 3, "a number is never given twice"


def test_who_is_shown_a_person_is_told_first_and_canaries_stay_in(
    register: Requests, caplog: pytest.LogCaptureFixture, tmp_path: Path
) -> None:
    request = receive(register, BG, Incoming(rich_draft(), WHY), **BY)
    verify(register, BG, request.id, replace(PASSPORT, attorney=PAPER), **BY)
    extend(register, BG, request.id, WHY, NOW.date(), **BY)
    tell_shown(register, request.id, purpose="answer a request", **BY)
    assert last(register) == (
        "data.accessed",
        {
            "command": "request show", "purpose": "answer a request", "collection": "request", "key_ref": str(request.id), "records": 1,
            "by": "officer",
        },
    )  # fmt: skip
    refuse(register, BG, request.id, "unfounded", WHY, **BY)
    with register.store.begin() as session:
        events = "".join(session.scalars(sa.select(OutboxRow.event)))
        row = session.scalars(sa.select(RequestRow)).one()
        tokens = [token.token for token in session.scalars(sa.select(RequestTokenRow))]
    stored = events + "".join(tokens) + repr([getattr(row, column.key) for column in sa.inspect(RequestRow).columns]) + caplog.text
    assert not any(canary in stored for canary in CANARIES)
    assert not any(canary.encode() in row.person + row.description for canary in CANARIES)
    assert len(tokens) == 5
    assert RECEIVED.isoformat() in events
    seal(register.store, {}, SIGNER, SetClock(NOW))
    guarded = LeakGuard(LocalArchive(tmp_path), register.store, SetClock(NOW), "credithelp")
    archive(register.store, guarded, SIGNER, SetClock(NOW))  # and nothing that looks like a person to it
    kept = b"".join(guarded.get(name) for name in guarded.names())
    assert str(request.id).encode() in kept
    assert not any(canary.encode() in kept for canary in CANARIES)
