"""Use case: incidents - opened by a check that fails or by a person, written up, told to the authority and the persons, and closed.

- The clock: whoever is told must be told within so many hours of becoming aware (GDPR 33(1): 72; credithelp art. 36), or so many working
  days (94-V art. 25(2): one); see `governance.policy.clocks`. A check that fails is when we become aware; a person may correct that, and
  every correction is an event. An incident keeps the clock that it was opened with.
- What is no breach of personal data (`NO_BREACH`: a request that is overdue) starts no clock, and is closed without a notice. Where it
  came of a breach, a person reports that one.
- One incident stands for each cause and dataset: a check that fails again is seen again, not opened again. When it succeeds again the
  incident is over, which the register notes; closing it is a person's act, for somebody must say what it meant.
- Each act is written to the register and told to the log in one transaction. Texts of people stay in the register.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime
from types import MappingProxyType
from typing import Any, get_args

from sqlalchemy.orm import Session

from governance.audit.bodies_incidents import (
    NO_BREACH,
    IncidentAddressee,
    IncidentAmended,
    IncidentCause,
    IncidentClosed,
    IncidentKind,
    IncidentNotified,
    IncidentOpened,
)
from governance.audit.body import Body, detail_text, instant_text
from governance.audit.events import PLATFORM, new_event
from governance.errors import Refusal
from governance.policy.clocks import DEFAULT_NOTICE, NoticeClock
from governance.ports import Clock
from governance.store import outbox
from governance.store.database import Store
from governance.store.incidents import Incident, clock_of, incident_of, note_act, standing
from governance.store.models import IncidentRow

OURSELVES = "lethe"  # who acts where no person does

#: What each cause harms, until a person judges otherwise. A validation or verification fails where data or evidence are not what the
#: registers say they are, and so is a database that went back in time; a leak discloses; an archive that is down keeps evidence from those
#: who ask for it; one that is not write-once any more keeps nothing from being changed. A request that is overdue keeps from a person what
#: is theirs.
KIND_OF: Mapping[IncidentCause, IncidentKind] = MappingProxyType(
    {
        "verification-failed": "integrity",
        "validation-failed": "integrity",
        "worm-lost": "integrity",
        "archive-down": "availability",
        "leak-found": "confidentiality",
        "restore-unreplayed": "integrity",
        "request-overdue": "availability",
    }
)

#: What a person may write (GDPR 33(3), (5); credithelp art. 37), by the kind of value.
TEXTS = (
    "nature",
    "person_categories",
    "record_categories",
    "consequences",
    "measures",
    "delay_reason",
    "authority_not_notified",
    "persons_not_notified",
    "reported_by",
)
NUMBERS = ("persons", "records")
INSTANTS = ("supposed_at", "found_at", "reported_at", "aware_at")


def open_incident(
    store: Store,
    clock: Clock,
    *,
    kind: IncidentKind,
    cause: IncidentCause,
    dataset: str,
    detail: str,
    controller: str,
    run_id: str,
    tell_within: NoticeClock = DEFAULT_NOTICE,
    by: str = OURSELVES,
) -> Incident:
    """Enter an incident, or, where one of that cause stands for that dataset, note that it was seen again and return that one.

    `dataset` is a dataset's name, or `governance.audit.events.PLATFORM` for what concerns no single one. `detail` is a message of ours:
    names and counts, no values; it stays in the register. `tell_within`, counted from now, is when the authority must know. What a person
    reports (cause `reported`) is always a new one. Raises SurroundingsError, and Refusal for nobody named.
    """
    _require_named(by)
    now, told = clock.now(), detail_text(detail)
    with store.begin() as session:
        store.alone(session, f"incident {cause} {dataset}")  # two checks that fail at once are one incident
        row = standing(session, cause, dataset) if cause != "reported" else None
        if row is not None:
            row.seen, row.last_seen_at, row.detail, row.over_at = row.seen + 1, now, told, None
            note_act(session, row, "seen", by, now, {"detail": told, "run_id": run_id})
            return incident_of(row)
        row = IncidentRow(
            controller=controller,
            dataset=dataset,
            kind=kind,
            cause=cause,
            run_id=run_id,
            detail=told,
            opened_at=now,
            seen=1,
            last_seen_at=now,
            found_at=now,
            reported_at=now,
            reported_by=by.strip(),
            aware_at=now,
            clock_hours=tell_within.hours,
            clock_working_days=tell_within.working_days,
            clock_country=tell_within.country,
            clock_zone=tell_within.zone,
            due_at=tell_within.due(now),
        )
        session.add(row)
        session.flush()
        note_act(session, row, "opened", by, now, {"kind": kind, "detail": told, "run_id": run_id})
        body = IncidentOpened(
            incident=row.id,
            incident_kind=kind,
            cause=cause,
            concerns=dataset,
            aware_at=instant_text(now),
            due_at=_due(row),
        )
        _tell(session, row, body, now, run_id)
        return incident_of(row)


def incident_over(store: Store, clock: Clock, *, cause: IncidentCause, dataset: str, run_id: str) -> Incident | None:
    """The check that opened an incident succeeds again: note it, once, and return the incident, which a person closes. None: none is
    open."""
    now = clock.now()
    with store.begin() as session:
        store.alone(session, f"incident {cause} {dataset}")
        row = standing(session, cause, dataset)
        if row is None:
            return None
        if row.over_at is None:
            row.over_at = now
            note_act(session, row, "over", OURSELVES, now, {"over_at": now, "run_id": run_id})
            _tell(session, row, _amended(row, ("over_at",), OURSELVES), now, run_id)
        return incident_of(row)


def amend_incident(store: Store, clock: Clock, number: int, entries: Mapping[str, Any], *, by: str, run_id: str) -> Incident:
    """Write what is known of an incident; what stood in a field before stays among its acts.

    `entries` by field of `TEXTS`, `NUMBERS`, `INSTANTS` or `kind`. A new `aware_at` moves the end of the clock. Raises Refusal where nobody
    is named, nothing is written, no such incident is open, or a value cannot be one: an empty text, a number below 0, an instant to come.
    """
    _require_named(by)
    now = clock.now()
    checked = {name: _checked(name, value, now) for name, value in entries.items()}
    if not checked:
        raise Refusal("amending an incident: expected at least one entry, found none")
    with _open(store, number) as (session, row):
        for name, value in checked.items():
            setattr(row, name, value)
        row.due_at = clock_of(row).due(row.aware_at)
        note_act(session, row, "amended", by, now, checked)
        _tell(session, row, _amended(row, tuple(sorted(checked)), by), now, run_id)
        return incident_of(row)


def notify_incident(
    store: Store, clock: Clock, number: int, *, to: IncidentAddressee, at: datetime, by: str, run_id: str, delay_reason: str | None = None
) -> Incident:
    """Note that the authority, or the persons concerned, were told at that instant. Sends nothing: a person did.

    A notice that came late says why (GDPR 33(1)): raises Refusal without a reason, for an instant to come or before we were aware, a second
    notice to the same, nobody named, or no such open incident. In a later phase further facts are amendments (GDPR 33(4)).
    """
    _require_named(by)
    now = clock.now()
    if at > now:
        raise Refusal(f"notice of incident {number}: expected an instant that has come, found {instant_text(at)}")
    with _open(store, number) as (session, row):
        told = row.authority_notified_at if to == "authority" else row.persons_notified_at
        if told is not None:
            raise Refusal(f"incident {number}: the notice to the {to} stands at {instant_text(told)}; what came to light since is amended")
        if at < row.aware_at:
            raise Refusal(f"notice of incident {number}: expected an instant after {instant_text(row.aware_at)}, when we were aware of it")
        late = to == "authority" and row.cause not in NO_BREACH and at > row.due_at
        reason = _text("delay_reason", delay_reason) if delay_reason is not None else row.delay_reason
        if late and reason is None:
            raise Refusal(f"incident {number}: the clock ran out at {instant_text(row.due_at)}; expected the reasons of the delay")
        entries: dict[str, Any] = {"authority_notified_at" if to == "authority" else "persons_notified_at": at}
        if reason is not None and reason != row.delay_reason:
            entries["delay_reason"] = reason
        for name, value in entries.items():
            setattr(row, name, value)
        note_act(session, row, "notified", by, now, entries)
        _tell(session, row, IncidentNotified(incident=row.id, to=to, told_at=instant_text(at), late=late, by=by.strip()), now, run_id)
        return incident_of(row)


def close_incident(store: Store, clock: Clock, number: int, *, by: str, run_id: str) -> Incident:
    """Close an incident that is written up. Raises Refusal naming what is missing, nobody named, or no such open incident."""
    _require_named(by)
    now = clock.now()
    with _open(store, number) as (session, row):
        missing = [name for name in ("nature", "consequences", "measures") if getattr(row, name) is None]  # GDPR 33(5)
        breach = row.cause not in NO_BREACH
        if breach and row.authority_notified_at is None and row.authority_not_notified is None:
            missing.append("a notice to the authority, or authority_not_notified: why none is needed")  # GDPR 33(1)
        if breach and row.persons_notified_at is None and row.persons_not_notified is None:
            missing.append("a notice to the persons, or persons_not_notified: why none is needed")  # GDPR 34(1), (3)
        if missing:
            raise Refusal(f"incident {number} is not written up; it lacks {'; '.join(missing)}")
        row.closed_at, row.closed_by = now, by.strip()
        note_act(session, row, "closed", by, now, {})
        body = IncidentClosed(
            incident=row.id,
            authority_told=row.authority_notified_at is not None,
            persons_told=row.persons_notified_at is not None,
            by=by.strip(),
        )
        _tell(session, row, body, now, run_id)
        return incident_of(row)


@contextmanager
def _open(store: Store, number: int) -> Iterator[tuple[Session, IncidentRow]]:
    with store.begin() as session:
        row = session.get(IncidentRow, number, with_for_update=True)
        if row is None:
            raise Refusal(f"expected the number of an incident as `governance incident list` shows it, found {number}")
        if row.closed_at is not None:
            raise Refusal(f"incident {number} was closed at {instant_text(row.closed_at)}; what comes to light now is a new one")
        yield session, row


def _checked(name: str, value: Any, now: datetime) -> Any:
    if name in TEXTS:
        return _text(name, value)
    if name in NUMBERS:
        if not isinstance(value, int) or value < 0:
            raise Refusal(f"{name}: expected a number of 0 or more, found another value")
        return value
    if name in INSTANTS:
        if not isinstance(value, datetime) or value.tzinfo is None or value > now:
            raise Refusal(f"{name}: expected an instant with a time zone that has come, found another value")
        return value
    if name == "kind" and value in get_args(IncidentKind):
        return value
    expected = "one of " + ", ".join((*TEXTS, *NUMBERS, *INSTANTS, f"kind ({', '.join(get_args(IncidentKind))})"))
    raise Refusal(f"an entry of an incident: expected {expected}, found {name!r}")


def _text(name: str, value: Any) -> str:
    if not isinstance(value, str) or not value.strip():
        raise Refusal(f"{name}: expected a text, found none")
    return value.strip()


def _require_named(by: str) -> None:
    if not by.strip():
        raise Refusal("an act on an incident names who acts, by role or staff number")


def _due(row: IncidentRow) -> str | None:
    return None if row.cause in NO_BREACH else instant_text(row.due_at)


def _amended(row: IncidentRow, fields: tuple[str, ...], by: str) -> IncidentAmended:
    kind: Any = row.kind
    return IncidentAmended(incident=row.id, incident_kind=kind, due_at=_due(row), fields=fields, by=by.strip())


def _tell(session: Session, row: IncidentRow, body: Body, now: datetime, run_id: str) -> None:
    outbox.append(session, new_event(body, at=now, controller=row.controller, dataset=PLATFORM, run_id=run_id))
