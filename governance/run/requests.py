"""Use case: requests of persons come in, are verified, extended, suspended, charged, refused or withdrawn, each as the policy allows.

- A clock runs from receipt (GDPR 12(3)); a kind for which the policy states none is refused where it comes in. The longer term needs a
  reason, and that the person was told of it within the first one. A clock is suspended only where the policy says so, and only while a
  proof of identity is awaited (EDPB Guidelines 01/2022, paragraph 157).
- A request of the same person and kind as one that is open is refused as a duplicate, unless somebody says why it is none; within the
  policy's term after the last was closed it is entered as a repetition, which may be refused or charged as excessive if it is (GDPR 12(5)).
- Each act is one transaction of row, act and event. Words of people stay in the register, encrypted.

What is found, decided and done for a request stands elsewhere. Nothing here sends a letter: a person did, or `letters` made it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal
from uuid import UUID

from governance.audit.bodies_custody import DataAccessed
from governance.audit.bodies_requests import RequestCharged, RequestExtended, RequestPaused, RequestResumed
from governance.audit.body import name_text
from governance.errors import RequestInvalid, RequestRefused
from governance.policy.clocks import answer_by, clock_for, suspended_for
from governance.policy.pack import PolicyPack, RequestClock, RequestKind
from governance.requests.fields import FieldFault, free_text, text_of
from governance.requests.proof import Proof, faults_of
from governance.requests.request import Draft, Entry, Identity, RefusalGround, Request, Stage
from governance.requests.same import marks_of
from governance.store.open_request import OpenRequest
from governance.store.requests import Requests

Excess = Literal["unfounded", "excessive"]


@dataclass(frozen=True)
class Incoming:
    """A request to be entered; `not_duplicate` says why it is entered although one of the same person and kind is open, `place` where it
    stands in a list."""

    draft: Draft
    not_duplicate: str | None = None
    place: str = ""


def receive(register: Requests, pack: PolicyPack, incoming: Incoming, *, by: str, now: datetime) -> Request:
    """Enter a request. Raises RequestRefused for a duplicate, naming the number of the one that is open."""
    return receive_all(register, {pack.controller: pack}, [incoming], by=by, now=now)[0]


def receive_all(
    register: Requests, packs: Mapping[str, PolicyPack], incoming: Sequence[Incoming], *, by: str, now: datetime
) -> Sequence[Request]:
    """Enter requests, all or none. `packs` by controller. Raises RequestInvalid naming every duplicate with its place, also those that are
    duplicates of others in the list."""
    _named(by)
    entered: list[Request] = []
    faults: list[str] = []
    with register.store.begin() as session:
        for controller in sorted({item.draft.controller for item in incoming}):  # in one order, so that two lists do not wait crosswise
            register.alone(session, controller)
        for item in incoming:
            draft, why = item.draft, _words("not_duplicate", item.not_duplicate)
            pack = packs[draft.controller]
            marks = marks_of(draft.person, pack.country)
            before = register.same(session, draft, marks)
            standing = next((entry.number for entry in before if not entry.closed), None)
            if standing is not None and why is None:
                faults.append(
                    f"{f'{item.place}: ' if item.place else ''}expected a request that is not in the register, found one of the same "
                    f"person and kind open as number {standing}; enter it with a reason if it is another"
                )
                continue
            entered.append(
                register.enter(
                    session,
                    draft,
                    due=answer_by(_clock(pack, draft.kind), draft.received, pack.country),
                    zone=pack.zone,
                    by=by,
                    now=now,
                    repeats=_repeated(pack, before, draft.received),
                    duplicate=standing,
                    entries={"not_duplicate": why} if why is not None else {},
                    marks=marks,
                )
            )
        if faults:
            raise RequestInvalid("; ".join(faults), faults)
    return entered


def verify(register: Requests, pack: PolicyPack, request_id: UUID, proof: Proof, *, by: str, now: datetime) -> Request:
    """Note that identity was proved, and by whom it was seen; a suspended clock runs again from the day on which it was.

    Raises RequestInvalid where a representative shows no power of attorney, or one that is expired, somebody else's or for somebody else;
    where the paper bears another national id; where a request by e-mail is not signed although the policy asks for it.
    """
    _named(by)
    with register.opened(request_id) as entry:
        entry.require_open()
        request, today = entry.request, entry.day(now)
        _refuse(faults_of(pack, request, proof, today), entry)
        if request.paused_on is not None:
            clock = _clock(pack, request.kind)
            days = suspended_for(clock, request.paused_on, proof.seen_on, pack.country)
            _run_on(entry, pack, clock, request, days, by, now)
        identity = Identity(proof.evidence, proof.detail.strip(), proof.seen_on, by, power_of_attorney_seen=proof.attorney is not None)
        entry.verify(identity, now)
        return entry.request


def pause(register: Requests, pack: PolicyPack, request_id: UUID, asked_on: date, *, by: str, now: datetime) -> Request:
    """Suspend the clock from the day on which the person was asked to prove identity. `verify` makes it run again.

    Raises RequestRefused where the policy allows no suspension, identity is proved, the clock stands already, or the day cannot be one.
    """
    _named(by)
    with register.opened(request_id) as entry:
        entry.require_open()
        rule, now_at = pack.request_rules.pause, entry.entry
        if rule is None:
            raise RequestRefused(f"{entry}: {_policy(pack)} lets no clock be suspended")
        if now_at.stage is not Stage.RECEIVED or now_at.paused_on is not None:
            found = "one that is suspended" if now_at.paused_on is not None else f"stage {now_at.stage}"
            raise RequestRefused(f"{entry}: expected a running clock and a proof of identity to await, found {found}")
        _within("asked_on", asked_on, now_at.received, min(entry.day(now), now_at.due), entry)
        entry.change(paused_on=asked_on)
        entry.note("paused", by, now, {"since": asked_on})
        entry.tell(RequestPaused(**entry.named, since=asked_on.isoformat(), clause=name_text(rule.clause), by=by), now)
        return entry.request


def extend(register: Requests, pack: PolicyPack, request_id: UUID, reason: str, told_on: date, *, by: str, now: datetime) -> Request:
    """Extend the term, once; the person was told so with the reason on `told_on`, within the first term (GDPR 12(3); credithelp art. 18).

    Raises RequestRefused where the policy states no longer term, it was extended before, is suspended, or the person was not told in time.
    """
    _named(by)
    why = _required("reason", reason)
    with register.opened(request_id) as entry:
        entry.require_open()
        now_at = entry.entry
        clock = _clock(pack, now_at.kind)
        if clock.extendable_to is None:
            raise RequestRefused(f"{entry}: {_policy(pack)} states no longer term for this kind of request ({clock.clause})")
        if now_at.extended or now_at.paused_on is not None:
            found = "one that was extended" if now_at.extended else "one that is suspended"
            raise RequestRefused(f"{entry}: expected a clock that runs and was not extended, found {found}")
        _within("told_on", told_on, now_at.received, min(entry.day(now), now_at.due), entry)
        due = answer_by(clock, now_at.received, pack.country, extended=True, suspended=now_at.suspended)
        _set_due(entry, due, extended=True)
        entry.seal("extension", {"reason": why, "told_on": told_on, "by": by})
        entry.note("extended", by, now, {"reason": why, "told_on": told_on, "before": now_at.due, "due": due})
        dates = {"before": now_at.due.isoformat(), "due": due.isoformat(), "told_on": told_on.isoformat()}
        entry.tell(RequestExtended(**entry.named, **dates, by=by), now)
        return entry.request


def withdraw(register: Requests, request_id: UUID, reason: str, *, by: str, now: datetime) -> Request:
    """The person takes the request back. Raises RequestRefused where it is decided or closed."""
    _named(by)
    return register.advance(request_id, Stage.WITHDRAWN, by=by, now=now, reason=_words("reason", reason) or "")


def refuse(
    register: Requests, pack: PolicyPack, request_id: UUID, ground: RefusalGround, reason: str, *, by: str, now: datetime
) -> Request:
    """Refuse a request for what it is, before anything is decided; the person was told why (GDPR 12(4), 12(5)).

    What the law does not give is refused by a decision, not here. Raises RequestRefused where the policy knows no such ground, or identity
    was proved.
    """
    _named(by)
    why = _required("reason", reason)
    if ground == "law":
        raise RequestRefused("expected the ground unfounded, excessive or identity-not-proved; on another a decision refuses, found law")
    with register.opened(request_id) as entry:
        entry.require_open()
        if ground == "identity-not-proved":
            if entry.entry.stage is not Stage.RECEIVED:
                raise RequestRefused(f"{entry}: expected a request whose identity is not proved, found stage {entry.entry.stage}")
        else:
            _excess(pack, ground, entry)
        entry.advance(Stage.REFUSED, by=by, now=now, reason=why, ground=ground)
        return entry.request


def charge(register: Requests, pack: PolicyPack, request_id: UUID, ground: Excess, reason: str, *, by: str, now: datetime) -> Request:
    """Note that a fee is asked for a request instead of refusing it (GDPR 12(5)(a)); `reason` says how much and why. Its clock runs on.

    Raises RequestRefused where the policy allows none.
    """
    _named(by)
    why = _required("reason", reason)
    with register.opened(request_id) as entry:
        entry.require_open()
        rule = _excess(pack, ground, entry)
        if not rule:
            raise RequestRefused(f"{entry}: {_policy(pack)} lets no fee be asked")
        entry.note("charged", by, now, {"ground": ground, "reason": why})
        entry.tell(RequestCharged(**entry.named, ground=ground, by=by), now)
        return entry.request


def tell_shown(register: Requests, request_id: UUID, *, purpose: str, by: str, now: datetime) -> None:
    """Tell that somebody is about to be shown whose request it is and what they wrote; what could not be told is not shown."""
    with register.opened(request_id) as entry:
        body = DataAccessed(
            command="request show", purpose=purpose, collection="request", key_ref=str(request_id), records=1, by=name_text(by)
        )
        entry.tell(body, now)


def _run_on(entry: OpenRequest, pack: PolicyPack, clock: RequestClock, request: Request, days: int, by: str, now: datetime) -> None:
    suspended = request.suspended + days
    due = answer_by(clock, request.received, pack.country, extended=request.extended, suspended=suspended)
    entry.change(paused_on=None, suspended=suspended)
    _set_due(entry, due, extended=request.extended)
    entry.note("resumed", by, now, {"days": days, "before": request.due, "due": due})
    entry.tell(RequestResumed(**entry.named, days=days, due=due.isoformat(), by=by), now)


def _set_due(entry: OpenRequest, due: date, *, extended: bool) -> None:
    """Another day, of which people are reminded anew."""
    entry.change(due=due, extended=extended, half_time_told_at=None, last_days_told_at=None, overdue_told_at=None)


def _excess(pack: PolicyPack, ground: Excess, entry: OpenRequest) -> bool:
    """Whether a fee may be asked instead. Raises RequestRefused where the policy does not know the ground."""
    rule = pack.request_rules.refusal
    if rule is None or ground not in rule.grounds:
        raise RequestRefused(f"{entry}: {_policy(pack)} lets no request be refused or charged as {ground}")
    return rule.charge


def _repeated(pack: PolicyPack, before: Sequence[Entry], received: date) -> int | None:
    """The number of the last one that was closed within the policy's term before."""
    period = pack.request_rules.repeated.period
    return max((entry.number for entry in before if entry.closed and period.after(entry.closed_on) > received), default=None)


def _clock(pack: PolicyPack, kind: RequestKind) -> RequestClock:
    found = clock_for(pack, kind)
    if found is None:
        raise RequestRefused(f"expected a kind of request for which {_policy(pack)} states a clock, found {kind}")
    return found


def _within(field: str, found: date, first: date, last: date, entry: OpenRequest) -> None:
    if not first <= found <= last:
        raise RequestRefused(f"{entry}: {field}: expected a day from {first} to {last}, found {found}")


def _refuse(faults: Sequence[str], entry: OpenRequest) -> None:
    if faults:
        raise RequestInvalid(f"{entry}: nothing is changed: {'; '.join(faults)}", faults)


def _required(field: str, value: str) -> str:
    words = _words(field, value)
    if words is None:
        raise RequestInvalid(f"{field}: expected a text, found none", [f"{field}: expected a text, found none"])
    return words


def _words(field: str, value: str | None) -> str | None:
    """What somebody wrote, None where it is nothing. Raises RequestInvalid."""
    if value is None or not value.strip():
        return None
    try:
        return free_text("reason", value)
    except FieldFault as error:
        told = str(error).replace("reason", field, 1)
        raise RequestInvalid(told, [told]) from None


def _named(by: str) -> None:
    try:
        text_of("name", by)
    except FieldFault as error:
        told = str(error).replace("name", "by", 1)
        raise RequestInvalid(f"an act on a request names who acts, by role or login: {told}", [told]) from None


def _policy(pack: PolicyPack) -> str:
    return f"the policy of {pack.controller}, version {pack.version},"
