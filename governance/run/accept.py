"""Use case: let a finding stand until a day, with a reason, or no longer.

An accepted finding is still found, shown and counted; a grave one does not fail the validation before its day comes. The act is an audit
event, told before it takes effect; its reason is a person's text and stays in the register.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, tzinfo
from typing import Protocol

from governance.audit.bodies_scan import FindingAccepted, FindingReopened
from governance.audit.body import Body, name_text
from governance.audit.events import Event, new_event
from governance.catalogue.findings import Finding
from governance.errors import Refusal
from governance.store.findings import Acceptance, RegisteredFinding

REASON_LENGTH = 500
ACTOR_LENGTH = 100


class Scope(Protocol):
    """What a finding is about: a governed dataset, or the platform (`governance.audit.events.PLATFORM`)."""

    @property
    def name(self) -> str: ...

    @property
    def controller(self) -> str: ...

    @property
    def zone(self) -> tzinfo: ...


class Log(Protocol):
    """Takes audit events."""

    def record(self, event: Event) -> None:
        """Commit one event."""
        ...


class Register(Protocol):
    """The register of findings."""

    def standing(self, dataset: str) -> Sequence[RegisteredFinding]:
        """What the last scan found."""
        ...

    def accept(self, finding_id: int, acceptance: Acceptance | None) -> None:
        """Let a finding stand, or no longer."""
        ...


def accept_finding(
    dataset: Scope,
    register: Register,
    log: Log,
    *,
    finding_id: int,
    until: date,
    reason: str,
    by: str,
    now: datetime,
    run_id: str,
) -> Finding:
    """Accept one finding that stands. Raises Refusal for a day that has come, an empty reason or actor, or no such finding."""
    found = _standing(dataset, register, finding_id)
    acceptance = Acceptance(until, _actor(by), reason.strip())
    if not acceptance.reason:
        raise Refusal("an acceptance names its reason")
    if len(acceptance.reason) > REASON_LENGTH:
        raise Refusal(f"reason: expected at most {REASON_LENGTH} characters, found {len(acceptance.reason)}")
    if not acceptance.active(now.astimezone(dataset.zone).date()):
        raise Refusal(f"until: expected a day after today, found {until}")
    _tell(FindingAccepted(**_about(found), until=until.isoformat(), accepted_by=acceptance.by), dataset, log, now, run_id)
    register.accept(finding_id, acceptance)
    return found


def reopen_finding(dataset: Scope, register: Register, log: Log, *, finding_id: int, by: str, now: datetime, run_id: str) -> Finding:
    """Withdraw an acceptance. Raises Refusal for an empty actor, or no such finding."""
    found = _standing(dataset, register, finding_id)
    _tell(FindingReopened(**_about(found), reopened_by=_actor(by)), dataset, log, now, run_id)
    register.accept(finding_id, None)
    return found


def not_accepted(findings: Sequence[RegisteredFinding], today: date) -> list[Finding]:
    """Those that nobody lets stand on that day."""
    return [item.finding for item in findings if item.acceptance is None or not item.acceptance.active(today)]


def _standing(dataset: Scope, register: Register, finding_id: int) -> Finding:
    for item in register.standing(dataset.name):
        if item.id == finding_id:
            return item.finding
    raise Refusal(f"{dataset.name}: expected the number of a finding that stands, found {finding_id}")


def _actor(by: str) -> str:
    actor = by.strip()
    if not actor or not actor.isprintable() or len(actor) > ACTOR_LENGTH:
        raise Refusal(f"who acts is named by role or staff number: expected up to {ACTOR_LENGTH} characters on one line")
    return actor


def _about(found: Finding) -> dict[str, str | None]:
    field = name_text(found.field) if found.field is not None else None
    return {"finding": found.kind.value, "collection": name_text(found.collection), "field": field}


def _tell(body: Body, dataset: Scope, log: Log, now: datetime, run_id: str) -> None:
    log.record(new_event(body, at=now, controller=dataset.controller, dataset=dataset.name, run_id=run_id))
