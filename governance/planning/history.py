"""What is known of one record on one date, from what the evidence says of it: events, ledger, plans, and whether it stands today. Pure.

Says nothing that was not witnessed. That Lethe changed a record, or that somebody placed a hold on it, shows that it stood at that
instant; that Lethe deleted it, that it was gone from then on. Between two instants at which it was seen, and without a deletion in between,
it stood. A record that nobody witnessed is unknown, which is not the same as erased: Lethe keeps no list of the rows a lender had.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from governance.audit.events import Event
from governance.planning.plan import StepAction


class Whereabouts(StrEnum):
    """Where a record was on a date."""

    STANDING = "standing"  # witnessed before and after, or today
    STANDING_AGAIN = "standing-again"  # deleted, and witnessed after that
    STOOD_LATER = "stood-later"  # witnessed only after the date
    LAST_SEEN = "last-seen"  # witnessed only before the date, and nothing is known of it since
    GONE = "gone"  # deleted by Lethe on or before the date
    UNACCOUNTED = "unaccounted"  # witnessed before, not there today, and no deletion of Lethe's tells why
    UNKNOWN = "unknown"  # never witnessed


@dataclass(frozen=True)
class Recorded:
    """An event with its place in the sealed log and the first checkpoint that covers it; None where it is not sealed yet."""

    event: Event
    seq: int | None = None
    checkpoint: int | None = None


@dataclass(frozen=True)
class RuleAtWork:
    """A rule that demanded a change, as its policy put it; `cutoff`: periods that began before it were over. `title` is None where the
    policy pack is not at hand, `cutoff` where the plan is not."""

    class_id: str
    clause: str
    title: str | None
    provenance: str | None
    cutoff: str | None


@dataclass(frozen=True)
class Approved:
    """The resolution that let a plan be enforced; by roles."""

    scope: str
    proposed_by: str
    agreed_by: str
    resolved_by: str
    at: datetime


@dataclass(frozen=True)
class Validated:
    """A validation of a plan's outcome."""

    at: datetime
    success: bool
    evaluated: int


@dataclass(frozen=True)
class Change:
    """What one enforcement did to the record. `fields` are those it changed, none where it deleted. `copies_gone_on` is the first day
    without any declared copy of the collection; None where nobody knows."""

    source: Recorded
    action: StepAction
    fields: tuple[str, ...]
    rules: tuple[RuleAtWork, ...]
    plan_digest: str
    policy_version: str | None
    policy_digest: str | None
    as_of: str | None
    approval: Approved | None
    validations: tuple[Validated, ...]
    copies_gone_on: str | None
    reference: str

    @property
    def at(self) -> datetime:
        """When it was committed."""
        return self.source.event.at


@dataclass(frozen=True)
class HoldSpan:
    """A hold on the record, or on its person (`covers`), from when until when. `until` is its own first free day, `released_at` when
    somebody ended it."""

    hold_id: str
    covers: str
    kind: str
    clause: str
    placed_at: datetime
    placed_by: str
    until: str | None
    released_at: datetime | None
    released_by: str | None

    def active(self, at: datetime, day: date) -> bool:
        """It held at that instant, on that day of the controller's calendar."""
        placed, released = self.placed_at <= at, self.released_at is not None and self.released_at <= at
        return placed and not released and (self.until is None or day < date.fromisoformat(self.until))


@dataclass(frozen=True)
class Place:
    """Where a record was. `gone_at` is the deletion that counts on the date, `seen` the witness before the date, `seen_later` the one
    after it."""

    whereabouts: Whereabouts
    gone_at: datetime | None = None
    seen: datetime | None = None
    seen_later: datetime | None = None


def whereabouts(at: datetime, now: datetime, deleted: Sequence[datetime], witnessed: Sequence[datetime], stands: bool | None) -> Place:
    """Where a record was at `at`, by the instants at which it was deleted and those at which it was otherwise witnessed.

    `stands`: whether its row is there at `now`; None where nobody looked.
    """
    seen_at = sorted([*witnessed, *([now] if stands else [])])
    gone_at = max((instant for instant in deleted if instant <= at), default=None)
    seen = max((instant for instant in seen_at if instant <= at and (gone_at is None or instant > gone_at)), default=None)
    later = min((instant for instant in (*seen_at, *deleted) if instant > at), default=None)
    if gone_at is not None:
        return Place(Whereabouts.GONE if seen is None else Whereabouts.STANDING_AGAIN, gone_at, seen, later)
    if seen is not None and (later is not None or seen == now):
        return Place(Whereabouts.STANDING, None, seen, later)
    if seen is not None:
        return Place(Whereabouts.LAST_SEEN if stands is None else Whereabouts.UNACCOUNTED, None, seen, None)
    return Place(Whereabouts.STOOD_LATER if later is not None else Whereabouts.UNKNOWN, None, None, later)
