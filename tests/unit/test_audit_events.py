"""The vocabulary of audit events: one sequence of bytes each, nothing unknown in, nothing unreadable out."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta, timezone
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from governance.audit import (
    bodies_archive,
    bodies_certificates,
    bodies_corrections,
    bodies_custody,
    bodies_decisions,
    bodies_enforcement,
    bodies_evidence,
    bodies_incidents,
    bodies_letters,
    bodies_marks,
    bodies_packages,
    bodies_plan,
    bodies_requests,
    bodies_restore,
    bodies_scan,
    bodies_sealing,
    bodies_suppression,
    bodies_verification,
    body,
)
from governance.audit import events as ev
from governance.audit.canonical import canonical_bytes, parse_canonical
from governance.audit.entry import entry_bytes, parse_entry
from governance.errors import DocumentError

unhurried = settings(deadline=None)  # the machine may be busy with other things
AT = datetime(2026, 1, 31, 2, 0, 0, 5, UTC)
REQUEST: Any = {"request": "6f1d2a9e-0c1b-4f7e-8a55-0d9d3c1b2a44", "number": 7}
A, B = "a" * 64, "b" * 64
MOMENT, LATER = "2026-01-31T02:00:00.000000Z", "2026-02-03T02:00:00.000000Z"
PACKAGE = "5f0c2f4e-6d0b-4c59-9d0e-1f6f8f3f9a10"
BODIES: list[body.Body] = [
    bodies_scan.ScanCompleted(tables=2, rows={"clients": 10, "loans": 0}, findings=1),
    bodies_scan.FindingRaised(finding="unknown start event", collection="clients", field=None, rows=3),
    bodies_scan.FindingRaised(finding="undeclared", collection="clients", field="note", rows=3),
    bodies_scan.FindingAccepted(finding="undeclared", collection="clients", field=None, until="2026-12-31", accepted_by="dpo"),
    bodies_scan.FindingReopened(finding="undeclared", collection="clients", field="note", reopened_by="dpo"),
    bodies_scan.InventoryNoted(rules="1", tables=2, columns=20, personal=7, changed=3, unreadable=0),
    bodies_letters.LetterIssued(
        request="0d1f6c1e-4f1c-4f5e-9b1e-0a8c1d2e3f40",
        number=17,
        letter_kind="decision",
        language="bg",
        letter=A,
        words=B,
        on="2026-03-20",
        by="dpo",
    ),
    bodies_plan.PlanFrozen(
        plan_digest=A,
        policy_version="2",
        policy_digest=B,
        as_of=AT,
        steps=(bodies_plan.PlannedStep(step=0, collection="clients", action="delete", rows=4),),
    ),
    bodies_plan.RungFrozen(plan_digest=A, rung=1, of=3, percent=1, backlog={"clients": 900}, left={"clients": 890}),
    bodies_plan.ResolutionRecorded(scope=A, policy_digest=B, proposed_by="manager", agreed_by="dpo", resolved_by="director"),
    bodies_plan.ResolutionRecorded(scope="2026", policy_digest=B, proposed_by="manager", agreed_by="dpo", resolved_by="director"),
    bodies_plan.RunRefused(reason="CapExceeded", detail="clients: 900 rows, at most 500"),
    bodies_enforcement.ChunkEnforced(
        plan_digest=A,
        step=0,
        chunk=1,
        collection="clients",
        action="pseudonymise",
        fields=("egn", "phone"),
        rules=(bodies_enforcement.Rule(class_="client-data", clause="art. 35, row 1"),),
        planned=5,
        changed=4,
        skipped={"hold": 1},
        refs_digest=B,
        refs_root=A,
    ),
    bodies_enforcement.FileErased(
        plan_digest=A,
        step=0,
        collection="clients",
        field="passport_scan",
        key_ref="ref1.aaaa",
        store="scans",
        file_ref="ref1.bbbb",
        outcome="deleted",
        versions=2,
        size=1024,
        digest=B,
    ),
    bodies_enforcement.EnforcementCompleted(plan_digest=A, changed={"delete": 4}, skipped=0),
    bodies_enforcement.EnforcementHeld(
        plan_digest=A, transactions=7, retried=1, waited={"standby lag": 40}, stopped="EnforcementPaused", left={"clients": 9}
    ),
    bodies_enforcement.CopiesTold(
        plan_digest=A,
        erased_on="2026-03-01",
        time_zone="Europe/Sofia",
        declared=True,
        collections=(
            bodies_enforcement.CollectionGone(
                collection="clients",
                copies=(bodies_enforcement.CopyEnd(name="nightly", deletion="expires", gone_on="2026-04-01"),),
                last_gone_on="2026-04-01",
            ),
        ),
    ),
    bodies_enforcement.CopiesTold(
        plan_digest=A,
        erased_on="2026-03-01",
        time_zone="Europe/Sofia",
        declared=False,
        collections=(bodies_enforcement.CollectionGone(collection="clients", copies=(), last_gone_on=None),),
    ),
    bodies_enforcement.AfterCareGiven(plan_digest=A, mode="advise", dead={"clients": 4}, done=0, left=2),
    bodies_enforcement.RunMeasured(plan_digest=A, phases={"enforce": 1200}, steps={"1": 900}, wal_bytes=None, wal_of="server", attempts=1),
    bodies_enforcement.ValidationCompleted(plan_digest=None, success=False, evaluated=9, unsuccessful=("nothing due",), results_digest=B),
    bodies_plan.HoldPlaced(
        hold_id="00000000-0000-0000-0000-000000000009",
        hold_kind="restriction",
        clause="GDPR 18(1)(b)",
        collection="clients",
        key_ref="ref1.aaaa",
        until="2026-12-31",
        placed_by="dpo",
    ),
    bodies_plan.HoldReleased(hold_id="00000000-0000-0000-0000-000000000009", released_by="dpo"),
    bodies_certificates.SubjectsCaptured(governed="credithelp", plan_digest=A, subjects=7, annex=(B,), recipient=A),
    bodies_certificates.SubjectsCaptured(governed="credithelp", plan_digest=A, subjects=7, annex=(), recipient=None),
    bodies_certificates.ProtocolIssued(protocol="credithelp-aaaa", governed="credithelp", plan_digest=A, json_digest=B, pdf_digest=A),
    bodies_certificates.ProtocolApproved(protocol="credithelp-aaaa", governed="credithelp", json_digest=B, approved_by="managers"),
    bodies_certificates.CertificateIssued(governed="credithelp", bundle_digest=A, events=3, asked=("ref1.aaaa",)),
    bodies_suppression.SuppressionRecorded(
        governed="credithelp", plan_digest=A, persons=3, identifiers={"national-id": 3, "phone": 2}, key_version=1, document_digest=B
    ),
    bodies_suppression.SuppressionLifted(governed="credithelp", subject_ref="ref1.aaaa", lifted_by="dpo"),
    bodies_suppression.SuppressionExpired(governed="credithelp", persons=3, erased_before="2026-03-02", retention="P5Y"),
    bodies_evidence.ArchiveProbed(
        overwrite_refused=True, delete_refused=False, shorten_refused=None, downgrade_refused=None, worm=False, detail="a folder"
    ),
    bodies_evidence.LogHeartbeat(size=7),
    bodies_archive.ArchiveStored(objects=4, bytes=900, checkpoint=7, country="BG", region="eu-central-1", exceptions=("expert-plus",)),
    bodies_archive.ArchiveStored(objects=1, bytes=9, checkpoint=None, country=None, region=None, exceptions=()),
    bodies_archive.ArchiveDelayed(waiting=4, since="2026-01-31T02:00:00.000005Z"),
    bodies_archive.LocksLengthened(objects=3, versions=4, retention="P6Y"),
    bodies_archive.ArchivePruned(
        first=0,
        last=41,
        bundles=3,
        documents={"plans": 2},
        manifest=A,
        archived_before="2026-01-31T02:00:00.000005Z",
        retention="P5Y",
    ),
    bodies_archive.ArchivePruned(
        first=None, last=None, bundles=0, documents={}, manifest=B, archived_before="2026-01-31T02:00:00.000005Z", retention="P5Y"
    ),
    bodies_incidents.IncidentOpened(
        incident=1, incident_kind="integrity", cause="validation-failed", concerns="credithelp", aware_at=MOMENT, due_at=LATER
    ),
    bodies_incidents.IncidentAmended(incident=1, incident_kind="availability", due_at=LATER, fields=("kind", "nature"), by="dpo"),
    bodies_incidents.IncidentNotified(incident=1, to="authority", told_at=LATER, late=False, by="dpo"),
    bodies_incidents.IncidentClosed(incident=1, authority_told=True, persons_told=False, by="dpo"),
    bodies_corrections.CorrectionsEntered(**REQUEST, corrections=2, at=("user.contact.email", "credithelp.clients.street"), by="clerk"),
    bodies_corrections.RecordCorrected(
        **REQUEST, decision=A, collection="clients", action="correct", fields=("email",), changed=1, refs_digest=B, corrections=f"cor1.{A}"
    ),
    bodies_corrections.CorrectionCompared(
        **REQUEST, decision=A, collection="clients", fields=("email",), counted=1, followed=("updated_at",), others=f"cor1.{B}"
    ),
    bodies_decisions.RequestProposed(
        **REQUEST, decision=A, granted="partly", plans={"credithelp": B}, rulings={"erase": 3, "keep": 2}, by="clerk"
    ),
    bodies_marks.MarkPlaced(
        mark_id=PACKAGE,
        request=REQUEST["request"],
        request_kind="objection",
        decision=A,
        meaning="objected",
        purposes=("marketing",),
        collections=(),
        clause="GDPR 21(3)",
        until=None,
        collection="clients",
        key_ref="ref1.00",
        hold_id=None,
    ),
    bodies_marks.MarkPlaced(
        mark_id=PACKAGE,
        request=REQUEST["request"],
        request_kind="restriction",
        decision=A,
        meaning="restricted",
        purposes=(),
        collections=("contracts",),
        clause="GDPR 18",
        until="2031-01-01",
        collection="clients",
        key_ref="ref1.00",
        hold_id=PACKAGE,
    ),
    bodies_marks.MarkLifted(mark_id=PACKAGE, request=REQUEST["request"], reason="gone", lifted_by="lethe"),
    bodies_marks.RequestLiftingNoted(**REQUEST, by="dpo"),
    bodies_marks.RequestLifted(**REQUEST, letter=A, marks=2, by="dpo"),
    bodies_decisions.RequestRejected(**REQUEST, decision=A, by="dpo"),
    bodies_decisions.RequestCarriedOut(**REQUEST, decision=A, changed={"credithelp.clients": 1}, left_alone=0, failed=("other",)),
    bodies_decisions.RequestProved(**REQUEST, decision=A, success=True, searched=("credithelp",), hits=0, unfinished=0, others=0),
    bodies_requests.RequestReceived(
        **REQUEST,
        request_kind="erasure",
        channel="letter",
        received="2026-01-30",
        due="2026-03-02",
        represented=True,
        repeats=3,
        duplicate=None,
        by="officer",
    ),
    bodies_requests.RequestVerified(**REQUEST, evidence="passport", seen_on="2026-01-31", power_of_attorney=False, by="officer"),
    bodies_requests.RequestAdvanced(**REQUEST, before="verified", after="located", by="lethe"),
    bodies_requests.RequestExtended(**REQUEST, before="2026-03-02", due="2026-04-30", told_on="2026-02-20", by="officer"),
    bodies_requests.RequestPaused(**REQUEST, since="2026-02-02", clause="GDPR 12(6)", by="officer"),
    bodies_requests.RequestResumed(**REQUEST, days=10, due="2026-03-10", by="officer"),
    bodies_requests.RequestCharged(**REQUEST, ground="excessive", by="officer"),
    bodies_requests.RequestReminded(**REQUEST, reminder="half-time", due="2026-03-02", stage="received"),
    bodies_requests.RequestOverdue(**REQUEST, due="2026-03-02", stage="partly-done"),
    bodies_requests.RequestDecided(**REQUEST, decision=A, recipients=2, by="dpo"),
    bodies_requests.RequestRecipientTold(**REQUEST, recipient="bureau", by="officer"),
    bodies_requests.RequestAnswered(**REQUEST, on="2026-03-01", in_time=True, reply=B, by="officer"),
    bodies_requests.RequestDeclined(**REQUEST, on="2026-03-03", in_time=False, ground="unfounded", by="officer"),
    bodies_requests.RequestWithdrawn(**REQUEST, on="2026-03-01", by="officer"),
    bodies_requests.RequestsPurged(numbers=(1, 2), closed_before="2031-02-03", clause="GDPR 5(2)"),
    bodies_packages.PersonLocated(
        **REQUEST,
        searched=("credithelp",),
        certain=1,
        unsure=1,
        erased=0,
        beside=2,
        third_party_rows=3,
        ambiguous=True,
        by="dpo",
    ),
    bodies_packages.MatchPicked(**REQUEST, governed="credithelp", references=("ref1." + "0" * 32,), dropped=1, by="dpo"),
    bodies_packages.PackageMade(
        **REQUEST,
        package=PACKAGE,
        package_kind="access",
        bundle_digest=A,
        rows=12,
        withheld=2,
        opened_by="passphrase",
        expires_at=LATER,
        by="dpo",
    ),
    bodies_packages.PackageDownloaded(**REQUEST, package=PACKAGE, bundle_digest=A, by="dpo"),
    bodies_packages.PackagePurged(**REQUEST, package=PACKAGE, bundle_digest=A),
    bodies_sealing.SignerRotated(old_key_id="c74f20a3", new_key_id="af0cfe78", new_verifier="lethe/x+af0cfe78+ATtq", statement_digest=A),
    bodies_sealing.TimestampObtained(size=7, note_digest=A, token_digest=B, as_of=AT, policy="1.2.3.4"),
    bodies_verification.VerificationCompleted(
        size=60, root=A, events=60, checkpoints=5, plans=1, documents=2, databases=1, findings=0, success=True
    ),
    bodies_verification.VerificationCompleted(
        size=None, root=None, events=0, checkpoints=0, plans=0, documents=0, databases=0, findings=1, success=False
    ),
    bodies_restore.RestoreDetected(database="credithelp", missing=9, chunks=4, first=7, last=None),
    bodies_restore.RestoreReplayed(
        database="credithelp",
        plans=("a" * 64,),
        events=9,
        holds=1,
        again={"clients": 3},
        doubtful={},
        unproved=("credithelp.clients[1] expect_tokens",),
        accepted_by=None,
    ),
    bodies_restore.DrillCompleted(
        database="credithelp",
        drill="credithelp-20260301",
        success=True,
        missing=9,
        back={"clients": 3},
        resurrected={},
        document_digest="b" * 64,
    ),
    bodies_custody.KeyChanged(purpose="pseudonyms", key="root 2", change="introduced", by="lethe"),
    bodies_custody.ConfigurationChanged(document="policy", of="credithelp", name="credithelp", before=None, after=A),
    bodies_custody.DataAccessed(
        command="explain", purpose="explain a decision", collection="clients", key_ref="ref1.aaaa", records=1, by="lethe"
    ),
]


def event(body: body.Body) -> ev.Event:
    return ev.Event(UUID(int=7), AT, "credithelp", "credithelp", "manual__2026-01-31T02:00:00+00:00", body, "0" * 32)


def document(body: body.Body = BODIES[0]) -> dict[str, object]:
    found: dict[str, object] = json.loads(ev.to_canonical(event(body)))
    return found


def test_whatever_a_lender_calls_a_table_fits_into_an_event() -> None:
    assert body.name_text("клиенты [2024]") == "клиенты [2024]"
    assert body.name_text("a\n\x1b[31mb\u2028") == "a\\n\\x1b[31mb\\u2028"
    long = [body.name_text("x" * 300 + end) for end in "ab"]
    assert [len(name) for name in long] == [250, 250]
    assert long[0] != long[1]
    assert body.name_text("x" * 250) == "x" * 250


def test_every_kind_is_tried_here() -> None:
    assert {body.kind for body in BODIES} == set(ev.BODIES)


@pytest.mark.parametrize("body", BODIES, ids=lambda body: body.kind)
def test_an_event_comes_back_and_its_bytes_are_the_same(body: body.Body) -> None:
    content = ev.to_canonical(event(body))
    assert ev.from_canonical(content) == event(body)
    assert ev.to_canonical(ev.from_canonical(content)) == content
    assert content == canonical_bytes(json.loads(content), "itself")


def test_the_bytes_as_they_stand() -> None:
    assert ev.to_canonical(event(BODIES[0])).decode() == (
        '{"at":"2026-01-31T02:00:00.000005Z","body":{"findings":1,"rows":{"clients":10,"loans":0},"tables":2},'
        '"controller":"credithelp","dataset":"credithelp","event_id":"00000000-0000-0000-0000-000000000007","kind":"scan.completed",'
        '"nonce":"00000000000000000000000000000000","run_id":"manual__2026-01-31T02:00:00+00:00"}'
    )


def test_one_instant_has_one_text() -> None:
    almaty = timezone(timedelta(hours=5))
    assert body.instant_text(AT.astimezone(almaty)) == body.instant_text(AT) == "2026-01-31T02:00:00.000005Z"
    assert body.parse_instant(body.instant_text(AT), "x", "at") == AT
    with pytest.raises(DocumentError, match="time zone"):
        body.instant_text(AT.replace(tzinfo=None))


@pytest.mark.parametrize(
    "text",
    ["2026-01-31T02:00:00Z", "2026-01-31T02:00:00.000000+00:00", "2026-02-30T02:00:00.000000Z", "٢026-01-31T02:00:00.000000Z", 5, None],
)
def test_an_instant_written_otherwise_is_refused(text: object) -> None:
    with pytest.raises(DocumentError, match="x: at when"):
        body.parse_instant(text, "x", "when")


@pytest.mark.parametrize(
    ("change", "place"),
    [
        ({"kind": "scan.finished"}, "kind"),
        ({"kind": ["scan.completed"]}, "kind"),
        ({"extra": 1}, "the top level"),
        ({"at": "yesterday"}, "at"),
        ({"event_id": "7"}, "event_id"),
        ({"event_id": "{00000000-0000-0000-0000-000000000007}"}, "event_id"),
        ({"nonce": "xyz"}, "nonce"),
        ({"nonce": "0" * 31}, "nonce"),
        ({"run_id": ""}, "run_id"),
        ({"dataset": 5}, "dataset"),
        ({"controller": "two\nlines"}, "controller"),
        ({"body": None}, "body"),
        ({"body": {"tables": 2, "rows": {}, "findings": 1, "egn": "8001010003"}}, "body"),
        ({"body": {"tables": 2, "rows": {}}}, "body.findings"),
        ({"body": {"tables": -1, "rows": {}, "findings": 1}}, "body.tables"),
        ({"body": {"tables": True, "rows": {}, "findings": 1}}, "body.tables"),
        ({"body": {"tables": "2", "rows": {}, "findings": 1}}, "body.tables"),
        ({"body": {"tables": 2, "rows": {"clients": "many"}, "findings": 1}}, "body.rows.clients"),
    ],
)
def test_what_an_event_may_not_say(change: dict[str, object], place: str) -> None:
    content = canonical_bytes(document() | change, "test")
    with pytest.raises(DocumentError) as refused:
        ev.from_canonical(content, "line 4")
    assert str(refused.value).startswith(f"line 4: at {place}: expected ")
    assert "8001010003" not in str(refused.value)


def test_a_missing_key_is_named() -> None:
    whole = document()
    del whole["nonce"]
    with pytest.raises(DocumentError, match=r"at nonce: .*found nothing"):
        ev.from_canonical(canonical_bytes(whole, "test"))


@pytest.mark.parametrize("digest", ["A" * 64, "a" * 63, "sha256:" + "a" * 64])
def test_a_digest_is_64_hex_digits(digest: str) -> None:
    with pytest.raises(ValueError, match="plan_digest"):
        bodies_enforcement.EnforcementCompleted(plan_digest=digest, changed={}, skipped=0)


def test_a_body_built_past_its_checks_is_not_written() -> None:
    with pytest.raises(DocumentError, match=r"body\.tables"):
        ev.to_canonical(event(bodies_scan.ScanCompleted.model_construct(tables="Ivan", rows={}, findings=0)))


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"[]",
        b"nul",
        b"\xff",
        b'{"a":1,"a":1}',
        b'{"a":1.5}',
        b'{"a":NaN}',
        b'{"a":1e3}',
        b'{"b":1,"a":2}',
        b'{"a": 1}',
        b'{"a":9007199254740992}',
        b"[" * 100_000,
        b'"\\u0061"',
    ],
)
def test_bytes_that_are_not_a_canonical_event(content: bytes) -> None:
    with pytest.raises(DocumentError):
        ev.from_canonical(content)


@pytest.mark.parametrize("value", [{"a": [{"b": 1.0}]}, {"a": [{"b": float("nan")}]}])
def test_a_float_is_refused_and_its_place_named(value: object) -> None:
    with pytest.raises(DocumentError, match=r"doc: at a\.0\.b: expected no floating-point number, found float"):
        canonical_bytes(value, "doc")


@pytest.mark.parametrize("value", [{"a": 2**53}, {"a": object()}, {1: "a"}, {"a": "\ud800"}])
def test_what_has_no_canonical_form(value: object) -> None:
    with pytest.raises(DocumentError, match="doc: "):
        canonical_bytes(value, "doc")


json_values = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**53) + 1, 2**53 - 1) | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=20,
)


@unhurried
@given(json_values)
def test_canonical_json_comes_back(value: object) -> None:
    content = canonical_bytes(value, "doc")
    assert parse_canonical(content, "doc") == value
    assert json.loads(content) == value


def test_keys_are_sorted_as_the_rfc_shows() -> None:
    # RFC 8785 3.2.3: by UTF-16 code units, so the emoji (surrogates D83D...) stands before U+FB33.
    value = {
        "\u20ac": "Euro Sign",
        "\r": "Carriage Return",
        "\ufb33": "Hebrew Letter Dalet With Dagesh",
        "1": "One",
        "\U0001f600": "Emoji",
        "\u0080": "Control",
        "\u00f6": "o",
    }
    order = ["Carriage Return", "One", "Control", "o", "Euro Sign", "Emoji", "Hebrew Letter Dalet With Dagesh"]
    assert list(json.loads(canonical_bytes(value, "doc")).values()) == order


@unhurried
@given(st.integers(0, 2**53 - 1), st.datetimes(timezones=st.just(UTC)), st.sampled_from(BODIES))
def test_a_sealed_entry_is_canonical_and_comes_back(seq: int, sealed_at: datetime, body: body.Body) -> None:
    line = entry_bytes(seq, sealed_at, ev.to_canonical(event(body)))
    assert line == canonical_bytes(json.loads(line), "line")
    entry = parse_entry(line, "line")
    assert (entry.seq, entry.sealed_at, entry.event) == (seq, sealed_at, event(body))


@pytest.mark.parametrize("line", [b"{}", b"[]", b'{"event":{},"sealed_at":"2026-01-31T02:00:00.000000Z","seq":0}'])
def test_what_is_no_entry(line: bytes) -> None:
    with pytest.raises(DocumentError, match="line 3"):
        parse_entry(line, "line 3")


@pytest.mark.parametrize("seq", [-1, True, "0", None])
def test_a_sequence_number_is_a_whole_number(seq: object) -> None:
    line = canonical_bytes({"event": document(), "sealed_at": "2026-01-31T02:00:00.000000Z", "seq": seq}, "line")
    with pytest.raises(DocumentError, match="at seq"):
        parse_entry(line, "line")
