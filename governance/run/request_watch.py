"""Use case: look at the clocks of all open requests once a day - remind at half time and when three days are left, open an incident for
what is overdue, which starts no clock to the authority - and delete entries of the register whose own term is over.

Each reminder is told once as an event, for the day that is due when it is told; another day is reminded of anew. A clock that is suspended
is left alone. Sends no mail: the run fails while a request is nearly due or overdue, and whatever tells people of failed runs tells them.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from uuid import UUID

from governance.audit.bodies_requests import RequestOverdue, RequestReminded, RequestsPurged
from governance.audit.body import name_text
from governance.audit.events import PLATFORM
from governance.errors import RequestDue
from governance.policy.clocks import DEFAULT_NOTICE, notice_clock
from governance.policy.pack import PolicyPack
from governance.ports import Clock
from governance.requests.request import Entry, Pending
from governance.run.incidents import KIND_OF, OURSELVES, incident_over, open_incident
from governance.store.request_purge import closed_before, purge
from governance.store.requests import Requests

LAST_DAYS = timedelta(days=3)
AT_ONCE = 500  # entries deleted, and named in an event


def pending(register: Requests, clock: Clock) -> Sequence[Pending]:
    """Every open request, the most urgent first. Changes nothing."""
    now = clock.now()
    found = [pending_of(entry, now) for entry in register.listed()]
    return sorted(found, key=lambda item: (item.days is None, item.days or 0, item.entry.controller, item.entry.number))


def pending_of(entry: Entry, now: datetime) -> Pending:
    """A request with the days that are left of its clock."""
    return Pending(entry, None if entry.paused_on is not None else (entry.due - entry.day_of(now)).days)


def watch_requests(register: Requests, packs: Mapping[str, PolicyPack], clock: Clock, *, run_id: str) -> Sequence[Pending]:
    """Tell reminders and what is overdue, each once; open the incident of what is overdue, or note that it is over.

    `packs` by controller: whose authority is told of an incident by when. Raises RequestDue naming the requests with three days left or
    fewer, and those overdue.
    """
    found = pending(register, clock)
    for item in found:
        if item.days is not None:
            _remind(register, item.entry.id, clock)
    overdue = [item for item in found if item.days is not None and item.days < 0]
    if overdue:
        controller = overdue[0].entry.controller
        open_incident(
            register.store,
            clock,
            kind=KIND_OF["request-overdue"],
            cause="request-overdue",
            dataset=PLATFORM,
            detail="; ".join(map(str, overdue)),
            controller=controller,
            run_id=run_id,
            tell_within=notice_clock(packs[controller]) if controller in packs else DEFAULT_NOTICE,
        )
    else:
        incident_over(register.store, clock, cause="request-overdue", dataset=PLATFORM, run_id=run_id)
    urgent = [item for item in found if item.days is not None and item.days <= LAST_DAYS.days]
    if urgent:
        raise RequestDue("; ".join(map(str, urgent)) + ". See `governance request list`")
    return found


def _remind(register: Requests, request_id: UUID, clock: Clock) -> None:
    """Tell the gravest thing that is to be told of a request and was not told yet for this due date; what is less grave is past then."""
    now = clock.now()
    with register.opened(request_id) as entry:
        at, told = entry.entry, entry.reminded
        if at.closed or at.paused_on is not None:
            return
        today = at.day_of(now)
        dates = {"due": at.due.isoformat(), "stage": at.stage.value}
        if today > at.due:
            if told.overdue is None:
                entry.change(overdue_told_at=now)
                entry.note("overdue", OURSELVES, now, {"due": at.due})
                entry.tell(RequestOverdue(**entry.named, **dates), now)
        elif at.due - today <= LAST_DAYS:
            if told.last_days is None:
                entry.change(last_days_told_at=now)
                entry.note("reminded", OURSELVES, now, {"reminder": "last-days", "due": at.due})
                entry.tell(RequestReminded(**entry.named, reminder="last-days", **dates), now)
        elif 2 * (today - at.received) >= at.due - at.received and told.half_time is None:
            entry.change(half_time_told_at=now)
            entry.note("reminded", OURSELVES, now, {"reminder": "half-time", "due": at.due})
            entry.tell(RequestReminded(**entry.named, reminder="half-time", **dates), now)


def purge_requests(register: Requests, packs: Mapping[str, PolicyPack], clock: Clock) -> Mapping[str, int]:
    """Delete entries that were closed longer ago than the pack keeps them, with all that was done with them; how many, by controller.

    Deletion and event are one transaction. What is open stays, however old.
    """
    now = clock.now()
    deleted: dict[str, int] = {}
    for controller, pack in sorted(packs.items()):
        keep, today = pack.request_rules.keep, now.astimezone(pack.zone).date()
        while True:
            with register.store.begin() as session:
                register.alone(session, controller)
                over = [entry for entry in closed_before(session, controller, now) if keep.period.after(entry.closed_on) <= today][:AT_ONCE]
                if not over:
                    break
                purge(session, [entry.id for entry in over])
                last: date = max(entry.closed_on for entry in over)
                body = RequestsPurged(
                    numbers=tuple(sorted(entry.number for entry in over)),
                    closed_before=(last + timedelta(days=1)).isoformat(),
                    clause=name_text(keep.clause),
                )
                register.tell(session, body, controller, now)
                deleted[controller] = deleted.get(controller, 0) + len(over)
    return deleted
