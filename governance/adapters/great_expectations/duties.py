"""What a set of duties says of each governed row: from the words of `shapes` to one common table expression, `judged`.

The formulation is forward: for each row and each duty the day (or, for a period of hours, the instant) on which the duty ends, compared
with the present; over a UNION ALL of the duties it is then asked whether the latest must-keep, the latest may-keep and the earliest
must-erase have ended. The engine does the opposite (a cut-off computed once, compared with the start); that is on purpose.

Pure text, set-based: each table is read once for each duty that lies in it, whatever the number of rows.
"""

# ruff: noqa: S608 - building SQL is this module's job; everything put into it is typed and quoted, see `fragments`
from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

from governance.adapters.great_expectations.fragments import (
    any_of,
    column,
    equal,
    every,
    ident,
    key_text,
    literal,
    look_up_joins,
    present,
    table,
)
from governance.adapters.great_expectations.shapes import Calendar, Condition, Duty, Effect, Frame, StartKind, SubjectHold

#: True where the data of a row of `judged` should be gone: nothing that must keep them still runs, and either something demands that they
#: go, or some duty let them be kept and no permission is left. A row on hold is left alone.
OVERDUE = (
    "NOT judged.held AND COALESCE(judged.must_keep, true)"
    " AND (COALESCE(judged.must_erase, false)"
    " OR (COALESCE(judged.must_keep, judged.may_keep) IS NOT NULL AND COALESCE(judged.may_keep, true)))"
)
_END_OF_CALENDAR = "DATE '9000-01-01'"  # beyond it a start is a placeholder; date arithmetic could overflow


def instant(as_of: datetime) -> str:
    """The instant as a constant. Raises ValueError for a naive time."""
    if as_of.tzinfo is None:
        raise ValueError("as_of needs a time zone")
    return f"TIMESTAMPTZ {literal(as_of.isoformat())}"


def today(frame: Frame, as_of: datetime) -> str:
    """The controller's calendar date at the instant `as_of`, by the server's own time-zone data. Raises ValueError for a naive time."""
    return f"CAST({instant(as_of)} AT TIME ZONE {literal(frame.time_zone)} AS date)"


def start_day(duty: Duty, frame: Frame) -> str:
    """The start event as a date of the controller's calendar."""
    start = column(duty.start)
    if duty.start_kind is StartKind.INSTANT:
        return f"CAST({start} AT TIME ZONE {literal(frame.time_zone)} AS date)"
    if duty.start_kind is StartKind.YEAR:
        return f"make_date(LEAST(GREATEST({start}, 1), 9999), 12, 31)"
    return start


def due_day(duty: Duty, start: str) -> str:
    """First day on which a duty of a calendar period with this start has ended.

    PostgreSQL ends a month that has no such day on its last day, as Regulation (EEC, Euratom) 1182/71 art. 3(2)(c) demands. A period from
    an event leaves out the event's own day (art. 3(1)), so its last lawful day is start + period and the day after is the first unlawful.
    """
    if duty.calendar is Calendar.FROM_EVENT:
        return f"CAST({start} + INTERVAL {literal(duty.period)} AS date) + 1"
    new_year = f"make_date(CAST(EXTRACT(YEAR FROM {start}) AS integer) + 1, 1, 1)"
    return f"CAST({new_year} + INTERVAL {literal(duty.period)} AS date)"


def over(duty: Duty, frame: Frame, as_of: datetime) -> str:
    """The duty has ended: its first day after has come, or its hours have passed."""
    if duty.in_hours:
        return f"{column(duty.start)} + INTERVAL {literal(duty.period)} <= {instant(as_of)}"
    return f"{due_day(duty, start_day(duty, frame))} <= {today(frame, as_of)}"


def judged(frame: Frame, as_of: datetime, own_table: str, key: Sequence[str], duties: Sequence[Duty]) -> str:
    """WITH ... `judged(k0, ..., held, must_keep, may_keep, must_erase)`: one row for each governed row that any duty speaks of.

    The three truth values say whether all duties that must keep, all that may keep, and any that must erase have ended; NULL where none of
    them applies. `held` is whether the row itself, or its person by a duty of its own, is on hold.
    """
    selections = sorted({selection for duty in duties if (selection := held_by(duty, frame))})
    names = {selection: f"held_{number}" for number, selection in enumerate(selections)}
    keys = ", ".join(f"k{number}" for number in range(len(key)))
    parts = [
        f"stopped AS ({_stopped(frame, as_of)})",
        *(f"{name} AS ({_held(frame, selection)})" for selection, name in names.items()),
        f"spoken AS ({' UNION ALL '.join(_speaks(duty, frame, as_of, own_table, key, names) for duty in duties)})",
        f"judged AS (SELECT {keys}, bool_or(held) AS held,"
        f" bool_and(ended) FILTER (WHERE effect = {literal(Effect.MUST_KEEP)}) AS must_keep,"
        f" bool_and(ended) FILTER (WHERE effect = {literal(Effect.MAY_KEEP)}) AS may_keep,"
        f" bool_or(ended) FILTER (WHERE effect = {literal(Effect.MUST_ERASE)}) AS must_erase"
        f" FROM spoken GROUP BY {keys})",
    ]
    return f"WITH {', '.join(parts)} "


def judged_is(key: Sequence[str]) -> str:
    """The row of `judged` that belongs to row `r`."""
    return equal((f"judged.k{number}" for number in range(len(key))), (f"r.{ident(name)}" for name in key))


def held_by(duty: Duty, frame: Frame) -> tuple[int, ...]:
    """Which subject holds of the frame stop the duty, by their numbers."""
    if duty.subject is None:
        return ()
    return tuple(number for number, hold in enumerate(frame.subject_holds) if duty.held_by is None or hold.id in duty.held_by)


def _stopped(frame: Frame, as_of: datetime) -> str:
    until = f"until IS NULL OR until > {today(frame, as_of)}"
    holds = f"SELECT DISTINCT collection, key FROM lethe.holds WHERE released_at IS NULL AND ({until})"
    return f"{holds} UNION SELECT collection, key FROM lethe_work.beyond" if frame.rung else holds


def _held(frame: Frame, selection: Sequence[int]) -> str:
    return " UNION ".join(_active(frame, frame.subject_holds[number]) for number in selection)


def _active(frame: Frame, hold: SubjectHold) -> str:
    subject = [column(path) for path in hold.subject]
    conditions = hold.active_when or [Condition.parse_obj({"column": hold.closed, "null": True})]
    parts = ", ".join(f"{part} AS s{number}" for number, part in enumerate(subject))
    return (
        f"SELECT {parts} FROM {table(frame, hold.table)} AS r{look_up_joins(frame, hold.look_ups)}"
        f" WHERE {every(conditions)} AND {present(subject)}"
    )


def _speaks(
    duty: Duty, frame: Frame, as_of: datetime, own_table: str, key: Sequence[str], held: Mapping[tuple[int, ...], str]
) -> str:  # fmt: skip
    """SELECT k0, ..., effect, held, ended: the governed row's key and whether this duty has ended for it.

    `ended` is NULL where the duty does not apply; false while it has not begun, its start is unknown or implausible, or something stops it.
    """
    start, lies_in = start_day(duty, frame), duty.table or own_table
    reached = [column(path) for path in duty.reaches or key]
    joins, on_hold, extended = _hold_joins(duty, frame, lies_in, key, held)
    stops = [
        f"{start} IS NULL",
        f"{start} < DATE {literal(frame.plausible_from.isoformat())}",
        f"{start} >= {_END_OF_CALENDAR}",
        *([every(duty.not_started_when)] if duty.not_started_when else []),
        *([every(duty.extended_when)] if duty.extended_when else []),
        *extended,
        *on_hold,
    ]
    return (
        f"SELECT {', '.join(f'{part} AS k{number}' for number, part in enumerate(reached))}, {literal(duty.effect)} AS effect,"
        f" {any_of(on_hold) if duty.table is None else 'false'} AS held,"
        f" CASE WHEN NOT ({every(duty.applies_when)}) THEN NULL WHEN {any_of(stops)} THEN false"
        f" ELSE {over(duty, frame, as_of)} END AS ended"
        f" FROM {table(frame, lies_in)} AS r{look_up_joins(frame, duty.look_ups)}{joins} WHERE {present(reached)}"
    )


def _hold_joins(
    duty: Duty, frame: Frame, lies_in: str, key: Sequence[str], held: Mapping[tuple[int, ...], str]
) -> tuple[str, list[str], list[str]]:  # fmt: skip
    """Joins that find what stops the duty; what then says that a placed hold does; and what says that a subject hold does."""
    own = [f"r.{ident(name)}" for name in (frame.keys[duty.table] if duty.table is not None else key)]
    joins = f" LEFT JOIN stopped AS o ON o.collection = {literal(lies_in)} AND o.key = {key_text(own)}"
    on_hold, extended = ["o.key IS NOT NULL"], []
    subject = [column(path) for path in duty.subject or ()]
    if subject and frame.subjects is not None:
        joins += f" LEFT JOIN stopped AS p ON p.collection = {literal(frame.subjects.table)} AND p.key = {key_text(subject)}"
        on_hold.append("p.key IS NOT NULL")
    if name := held.get(held_by(duty, frame)):
        joins += f" LEFT JOIN {name} AS h ON {equal((f'h.s{number}' for number in range(len(subject))), subject)}"
        extended.append("h.s0 IS NOT NULL")
    return joins, on_hold, extended
