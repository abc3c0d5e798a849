"""The times at which a log was sealed: they never run backwards, no day is without a checkpoint, and it does not end before today.

Each checkpoint is signed in the transaction that seals the events it covers, so that a day without a sealed event is a day without a
checkpoint. Two events are compared only where both stand in their place and follow each other: an event that is gone is told of elsewhere.
Whose clock it was is the sealer's; a timestamp of another authority is not looked at here.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta

from governance.audit.body import parse_instant
from governance.audit.findings import LogFinding
from governance.errors import DocumentError

_GRACE = 1  # days: today's checkpoint may be still to come


def check_days(sealed: Iterable[tuple[int, str]], size: int, today: date | None) -> list[LogFinding]:
    """What is wrong with the times of a log of `size` events, given as number and `sealed_at` in ascending order. `today` (UTC) is the day
    of the check, None where nobody says: then the end of the log is not judged."""
    findings: list[LogFinding] = []
    before, earlier, since = -2, "", None
    for seq, sealed_at in sealed:
        if seq == before + 1 and sealed_at == earlier:
            before = seq  # of one sealing: nothing to compare
            continue
        day = _day(sealed_at)
        if day is None:
            findings.append(LogFinding("clock", f"event {seq} does not say when it was sealed", seq, seq))
        elif since is not None and seq == before + 1:
            findings.extend(_between(seq, earlier, sealed_at, since, day))
        before, earlier, since = seq, sealed_at, day
    if today is not None and since is not None and before == size - 1:
        findings.extend(_end(size, since, today))
    return findings


def _between(seq: int, earlier: str, later: str, since: date, day: date) -> list[LogFinding]:
    if later < earlier:
        return [LogFinding("clock", f"event {seq} was sealed at {later}, event {seq - 1} before it at {earlier}", seq, seq)]
    if (day - since).days > 1:
        gone = _days(since + timedelta(days=1), day - timedelta(days=1))
        return [LogFinding("day-gap", f"no checkpoint was made on {gone}, between event {seq - 1} and event {seq}", seq - 1, seq)]
    return []


def _end(size: int, last: date, today: date) -> list[LogFinding]:
    if last > today:
        return [LogFinding("clock", f"event {size - 1} was sealed on {last}, which is after {today}", size - 1, size - 1)]
    if (today - last).days > _GRACE:
        gone = _days(last + timedelta(days=1), today - timedelta(days=1))
        return [LogFinding("ended", f"the log ends with checkpoint {size} on {last}: none was made on {gone}", size - 1, size - 1)]
    return []


def _days(first: date, last: date) -> str:
    return f"{first}" if first == last else f"{first} to {last}"


def _day(sealed_at: str) -> date | None:
    try:
        return parse_instant(sealed_at, "sealed entry", "sealed_at").date()
    except DocumentError:
        return None
