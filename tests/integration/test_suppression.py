"""An erased person who comes back is noticed: captured before the change, on the list by the ledger's word, known again in any spelling."""

from __future__ import annotations

import base64
import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from conftest import Copy
from simulators.lender import AS_OF, Lender, SetClock
from typer.testing import CliRunner

from governance.adapters.identifying import SubjectIdentifiers
from governance.adapters.keyring import FileKeyring
from governance.adapters.signing_key import create_signing_key
from governance.catalogue.findings import FindingKind, Gravity
from governance.cli import app
from governance.errors import KeyUnavailable, Refusal
from governance.planning.holds import HoldKind
from governance.planning.plan import Plan
from governance.planning.suppression import Erasure
from governance.policy.period import Period
from governance.run.hold import place_hold
from governance.run.suppression import Found, forget, lift, matcher_of, settle, traced
from governance.store.database import Store
from governance.store.models import OutboxRow, SpoolRow, SuppressionRow
from governance.store.suppressions import Suppressions
from governance.workplace import Evidence, Workplace
from governance.workplace_restore import keep_ledger
from governance.workplace_suppression import erased_returned, suppressed_in

CLIENTS = "SELECT client_id, egn, phone, email FROM clients ORDER BY client_id"


def persons(lender: Lender) -> dict[int, tuple[str | None, ...]]:
    return {key: tuple(rest) for key, *rest in lender.ask(CLIENTS)}


def night(lender: Lender) -> tuple[Workplace, Plan]:
    place = lender.workplace()
    plan = place.plan("run-1", place.as_of)
    lender.resolve(plan.digest)
    place.enforce("run-1", plan.digest)
    return place, plan


def gone(before: dict[int, tuple[str | None, ...]], after: dict[int, tuple[str | None, ...]]) -> dict[int, tuple[str | None, ...]]:
    """Of those with an EGN: who stands there no longer, or without it."""
    return {key: who for key, who in before.items() if who[0] and (key not in after or after[key][0] != who[0])}


def imported(lender: Lender, key: int, egn: str, email: str | None = None) -> None:
    """A new record, as an import makes it."""
    lender.ask(
        "INSERT INTO clients (client_id, egn, first_name, last_name, email, created_at) VALUES (%s, %s, 'A', 'B', %s, now())",
        key,
        egn,
        email,
    )


def look(place: Workplace, url: str | None = None) -> Found:
    return suppressed_in(place.deployment, place.dataset, place.clock, url)


def told(lender: Lender, kind: str) -> list[dict[str, Any]]:
    with Store(lender.store).begin() as session:
        events = [json.loads(event) for event in session.scalars(sa.select(OutboxRow.event).order_by(OutboxRow.position))]
    return [event["body"] for event in events if event["kind"] == kind]


def on_the_list(lender: Lender) -> set[str]:
    return {person.subject_ref for person in Suppressions(Store(lender.store)).persons(lender.dataset.name)}


def test_an_erased_person_who_returns_in_another_spelling_is_found_and_nobody_else(lender: Lender, tmp_path: Path) -> None:
    before = persons(lender)
    create_signing_key(lender.home / "signer.pem", "lethe")
    place, _ = night(lender)
    erased = gone(before, persons(lender))
    assert len(erased) >= 2
    assert on_the_list(lender) == {place.reference("clients", str(key)) for key in erased}
    (recorded,) = told(lender, "suppression.recorded")
    assert (recorded["persons"], recorded["identifiers"]["national-id"], recorded["key_version"]) == (len(erased), len(erased), 1)
    assert look(place) == Found()

    key, (egn, *_) = next(iter(erased.items()))
    assert egn is not None
    imported(lender, 900_001, f"{egn[:4]} {egn[4:6]} {egn[6:]}")
    (sighting,) = look(place).returned
    assert sighting.person.subject_ref == place.reference("clients", str(key))

    # The scan finds it, gravely, and it fails a validation until a person lets it stand.
    place.scan("run-2")
    (finding,) = (item for item in place.findings.standing(place.dataset.name) if item.finding.kind is FindingKind.ERASED_RETURNED)
    assert (finding.finding.collection, finding.finding.rows) == ("clients", 1)
    assert sighting.person.subject_ref in str(finding.finding.detail)
    assert FindingKind.ERASED_RETURNED in {item.kind for item in place.grave_findings()}

    # An importer asks before it imports; nothing of the file is printed.
    file = tmp_path / "import.csv"
    others = [who[0] for who in persons(lender).values() if who[0] and who[0].isdigit()]
    lines = ["ЕГН;name", f'{others[0]};"two\nlines"', f"ЕГН {egn};A", f"{others[-1]};B", f"{egn}.0;C"]
    file.write_text("\n".join(lines) + "\n", encoding="utf-8-sig")
    common = ["--home", str(lender.home)]
    result = CliRunner().invoke(app, ["suppression", "check", str(file), "--column", "national-id=ЕГН", "--delimiter", ";", *common])
    assert (result.exit_code, result.output.split()) == (1, ["4", "6"])
    assert [event["body"]["command"] for event in lender.events("data.accessed")] == ["suppression check"]
    listed = CliRunner().invoke(app, ["suppression", "list", "--json", *common])
    assert json.loads(listed.output)["persons"] == len(erased)

    # Nothing of it stands in plain anywhere, and the list goes to the archive.
    Evidence(place.deployment).seal()
    everything = lender.store_contents() + str(lender.events()) + result.output + listed.output
    for person in erased.values():
        for value in filter(None, person):
            assert value not in everything
    with Store(lender.store).begin() as session:
        (name,) = session.scalars(sa.select(SpoolRow.name).where(SpoolRow.name.startswith("suppression/credithelp/"))).all()
    assert name.endswith(f"{recorded['document_digest']}.jsonl")

    # Lifted by a person, the next scan lets it stand.
    assert (
        CliRunner().invoke(app, ["suppression", "lift", sighting.person.subject_ref, "--reason", "x", "--by", "dpo", *common]).exit_code
        == 0
    )
    assert look(place) == Found(lifted=1)
    place.scan("run-3")
    assert FindingKind.ERASED_RETURNED not in {item.kind for item in place.grave_findings()}
    assert told(lender, "suppression.lifted")[0]["lifted_by"] == "dpo"
    for reference, reason in ((sighting.person.subject_ref, "again"), ("ref1.0", "x"), (sighting.person.subject_ref, " ")):
        with pytest.raises(Refusal):
            lift(place.dataset, Suppressions(Store(lender.store)), reference, reason=reason, by="dpo", now=AS_OF, run_id="r")


def test_who_concludes_something_new_is_told_apart(lender: Lender) -> None:
    before = persons(lender)
    place, _ = night(lender)
    (_, (egn, *_)), *_ = gone(before, persons(lender)).items()
    assert egn is not None
    imported(lender, 900_001, egn)
    application = (
        "INSERT INTO applications (application_id, client_id, office_id, submitted_at, status, amount, term_months)"
        " SELECT 900001, 900001, min(office_id), now() + %s::interval, 'submitted', 100, 12 FROM offices"
    )
    lender.ask(application, "-3 years")  # older than the erasure: what an import brings back
    assert len(look(place).returned) == 1
    erased_at = min(person.erased_at for person in Suppressions(Store(lender.store)).persons("credithelp"))
    lender.ask("UPDATE applications SET submitted_at = %s WHERE application_id = 900001", erased_at + timedelta(days=900))
    assert len(look(place).returned) == 1  # not begun yet: a date in the future proves nothing
    lender.ask("UPDATE applications SET submitted_at = now() WHERE application_id = 900001")
    found = look(place)
    assert (found.returned, len(found.lawful)) == ((), 1)
    place.scan("run-2")
    kinds = {item.finding.kind: item.finding.gravity.value for item in place.findings.standing("credithelp")}
    assert kinds[FindingKind.ERASED_NEW_RELATION] == "notice"
    assert FindingKind.ERASED_RETURNED not in kinds


def test_who_stands_in_other_records_than_a_client_s_is_told_by_collection_and_row(lender: Lender) -> None:
    before = persons(lender)
    place, _ = night(lender)
    erased = gone(before, persons(lender))
    number, phone, email = next(who for who in erased.values() if who[1] and who[2])
    source = SubjectIdentifiers(lender.engine, lender.dataset, FileKeyring(lender.keyring))
    register = Suppressions(Store(lender.store))
    matcher, now = matcher_of(lender.dataset, register, FileKeyring(lender.keyring)), place.clock.now()

    def looked(at: datetime = now) -> dict[str, tuple[int, list[str]]]:
        return {item.collection: (item.rows, item.references) for item in traced(matcher, source, at, lender.dataset.zone)}

    standing = looked()
    living = next(key for key, who in persons(lender).items() if who[0] and who[0].isdigit())
    applicant = (
        "INSERT INTO job_applicants (applicant_id, full_name, email, position, applied_on, status, decided_on)"
        " VALUES (%s, 'A', %s, 'x', %s, %s, %s)"
    )
    call = "INSERT INTO call_recordings (recording_id, client_id, phone, recorded_at, duration_s, audio) VALUES (%s, %s, %s, %s, 1, '')"
    assert email is not None
    lender.ask(applicant, 900_001, email.upper(), "2015-01-01", "rejected", "2015-02-01")
    lender.ask(call, 900_001, None, phone, "2015-01-01")
    lender.ask(call, 900_002, living, phone, "2015-01-01")  # a phone of the family: the client there has a number of their own
    found = looked()
    assert found["job_applicants"] == (1, [place.reference("job_applicants", "900001")])
    assert found["call_recordings"][0] == standing.get("call_recordings", (0, []))[0] + 1
    assert place.reference("call_recordings", "900002") not in found["call_recordings"][1]
    assert found.keys() == standing.keys() | {"job_applicants", "call_recordings"}
    # Who applies for work after the erasure has begun something new.
    tomorrow = now.date() + timedelta(days=2)
    lender.ask("UPDATE job_applicants SET decided_on = %s WHERE applicant_id = 900001", tomorrow)
    assert "job_applicants" in looked()
    assert "job_applicants" not in looked(now + timedelta(days=3))

    place.scan("run-2")
    (finding,) = (
        item.finding for item in place.findings.standing("credithelp")
        if item.finding.kind is FindingKind.ERASED_ELSEWHERE and item.finding.collection == "job_applicants"
    )  # fmt: skip
    assert (finding.rows, finding.gravity, finding.field) == (1, Gravity.WARNING, None)
    assert place.reference("job_applicants", "900001") in str(finding.detail)
    assert not any(reference in str(finding.detail) for reference in on_the_list(lender)), "no person is named"
    assert FindingKind.ERASED_ELSEWHERE not in {item.kind for item in place.grave_findings()}
    assert not any(str(value) in str(finding.detail) for value in (number, phone, email))


def test_whom_the_plan_skips_and_who_remains_a_client_is_not_on_the_list(lender: Lender) -> None:
    first = persons(lender)
    source = SubjectIdentifiers(lender.engine, lender.dataset, FileKeyring(lender.keyring))
    plan = lender.plan()
    place = lender.workplace()
    erased = {erasure.subject_ref for erasure in source.erasures(plan)}
    keys = [key for key in first if place.reference("clients", str(key)) in erased]
    assert len(keys) >= 2
    held, remaining = keys[0], keys[1]
    imported(lender, 900_001, f" {first[remaining][0]}")  # the same person, as a client under another number
    plan = place.plan("run-1", place.as_of)
    lender.resolve(plan.digest)
    hold: dict[str, Any] = {"kind": HoldKind.RESTRICTION, "clause": "GDPR 18", "until": None, "by": "dpo", "now": place.clock.now()}
    place_hold(place.dataset, place.holds, place.reference, collection="clients", key=str(held), run_id="run-0", **hold)
    place.enforce("run-1", plan.digest)
    assert persons(lender)[held] == first[held]
    assert persons(lender).get(remaining) != first[remaining]
    listed = on_the_list(lender)
    assert place.reference("clients", str(held)) not in listed
    assert place.reference("clients", str(remaining)) not in listed
    assert listed == {place.reference("clients", str(key)) for key in keys[2:]}
    assert look(place).returned == ()
    with Store(lender.store).begin() as session:  # and what was captured of them is forgotten
        assert {row.subject_ref for row in session.scalars(sa.select(SuppressionRow))} == listed


class Killed(Exception):
    """The process was killed here."""


def test_killed_between_capture_and_change_nobody_is_on_the_list(lender: Lender, monkeypatch: pytest.MonkeyPatch) -> None:
    create_signing_key(lender.home / "signer.pem", "lethe")
    place = lender.workplace()
    plan = place.plan("run-1", place.as_of)
    lender.resolve(plan.digest)
    register = Suppressions(Store(lender.store))
    source = SubjectIdentifiers(lender.engine, lender.dataset, FileKeyring(lender.keyring))

    def half() -> Iterator[Erasure]:
        yield next(source.erasures(plan))
        raise Killed

    with pytest.raises(Killed):
        register.capture(plan, half(), AS_OF)
    assert not register.captured(plan.digest)
    expected = {erasure.subject_ref for erasure in source.erasures(plan)}
    register.capture(plan, source.erasures(plan), AS_OF)
    Evidence(place.deployment).seal()
    assert on_the_list(lender) == set()
    # Killed after its changes, before it could say so: the next sealing does.
    lender.enforce(plan)
    assert on_the_list(lender) == set()
    Evidence(place.deployment).seal()
    assert on_the_list(lender) == expected
    assert settle(plan, register, SetClock(), whole=True, run_id="r") == 0
    assert len(told(lender, "suppression.recorded")) == 1


def test_what_an_earlier_plan_left_open_is_settled_before_the_next_one(lender: Lender) -> None:
    place = lender.workplace()
    plan = place.plan("run-1", place.as_of)
    lender.resolve(plan.digest)
    register = Suppressions(Store(lender.store))
    register.capture(plan, SubjectIdentifiers(lender.engine, lender.dataset, FileKeyring(lender.keyring)).erasures(plan), AS_OF)
    _, later = night(lender)
    assert later.digest == plan.digest or register.unsettled("credithelp") == []
    assert on_the_list(lender)


def test_a_rotated_keyring_knows_them_again_and_a_lost_key_is_told(lender: Lender) -> None:
    before = persons(lender)
    place, _ = night(lender)
    (_, (egn, *_)), *_ = gone(before, persons(lender)).items()
    assert egn is not None
    imported(lender, 900_001, egn)
    roots = json.loads(lender.keyring.read_text())["roots"]
    second = {"2": base64.b64encode(bytes(range(32, 64))).decode()}
    lender.keyring.write_text(json.dumps({"current": 2, "roots": {**roots, **second}}))
    assert len(look(place).returned) == 1
    lender.keyring.write_text(json.dumps({"current": 2, "roots": second}))
    with pytest.raises(KeyUnavailable, match="expected a root of version 1"):
        look(place)


def test_entries_are_forgotten_after_their_retention(lender: Lender) -> None:
    night(lender)
    register, listed = Suppressions(Store(lender.store)), on_the_list(lender)
    erased = max(person.erased_at for person in register.persons("credithelp"))
    period = Period.parse("P5Y")
    still = SetClock(datetime(erased.year + 5, erased.month, min(erased.day, 28), 23, 59, tzinfo=UTC))
    assert forget("credithelp", "credithelp", register, period, still, run_id="r") == 0
    assert forget("credithelp", "credithelp", register, period, SetClock(still.time + timedelta(days=5)), run_id="r") == len(listed)
    assert on_the_list(lender) == set()
    (expired,) = told(lender, "suppression.expired")
    assert (expired["persons"], expired["retention"]) == (len(listed), "P5Y")


def test_other_databases_keep_the_same_list(lender: Lender, copy: Copy) -> None:
    other = copy(lender)
    create_signing_key(other.home / "signer.pem", "lethe")
    place = other.workplace()
    before = persons(lender)
    plan = other.approved_plan()
    place.enforce("run-1", plan.digest)
    listed = on_the_list(lender)
    assert len(listed) >= 2
    assert look(place) == Found()
    # The original still holds everybody: what a copy that came back would hold.
    keys = {key for key in before if place.reference("clients", str(key)) in listed}
    found = look(place, lender.engine)
    assert {sighting.person.subject_ref for sighting in found.returned} == listed
    assert len(keys) == len(listed)
    assert keep_ledger(place.deployment, place.dataset, plan) == 0
    # Elsewhere than among the clients, too.
    email = next(who[2] for key, who in before.items() if key in keys and who[2])
    other.ask(
        "INSERT INTO job_applicants (applicant_id, full_name, email, position, applied_on, status, decided_on)"
        " VALUES (900001, 'A', :email, 'x', '2015-01-01', 'rejected', '2015-02-01')",
        email=email,
    )
    (told_,) = [item for item in erased_returned(place.deployment, place.dataset, place.clock) if item.collection == "job_applicants"]
    assert (told_.kind, told_.rows) == (FindingKind.ERASED_ELSEWHERE, 1)
    assert place.reference("job_applicants", "900001") in str(told_.detail)
