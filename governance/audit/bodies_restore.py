"""What is told of a loan database that went back in time: that it was noticed, that what was erased was erased again, that a drill was held.

These are events of the platform: the database they are about is named inside, for it is the one thing that cannot be relied on.
"""

from __future__ import annotations

from typing import ClassVar

from pydantic import StrictBool

from governance.audit.body import Body, Count, Digest, Name


class RestoreDetected(Body):
    """A loan database lacks `missing` events that the log or the ledger has, `chunks` of them with rows that were erased or changed. `first`
    and `last` are the numbers of the missing ones in the log, null where none of them was sealed."""

    kind: ClassVar[str] = "restore.detected"
    database: Name
    missing: Count
    chunks: Count
    first: Count | None
    last: Count | None


class RestoreReplayed(Body):
    """What was lost is done again and the suites hold: `plans` by digest, rows changed again by collection, events and holds put back.

    `doubtful` counts rows that bear the key of an erased one and were left alone, as the plan's own rule does not find them due;
    `unproved` names expectations that do not hold. Where there are any, `accepted_by` is who looked and takes the answer for it.
    """

    kind: ClassVar[str] = "restore.replayed"
    database: Name
    plans: tuple[Digest, ...]
    events: Count
    holds: Count
    again: dict[Name, Count]
    doubtful: dict[Name, Count]
    unproved: tuple[Name, ...]
    accepted_by: Name | None


class DrillCompleted(Body):
    """A backup was restored to a scratch database, replayed and validated. `back` counts the rows of erased subjects that the backup brought
    back, `resurrected` those that stood there after the replay: a drill that proves anything has the first above and the second at zero.
    `document_digest` is the SHA-256 of its report in the archive."""

    kind: ClassVar[str] = "drill.completed"
    database: Name
    drill: Name
    success: StrictBool
    missing: Count
    back: dict[Name, Count]
    resurrected: dict[Name, Count]
    document_digest: Digest


KINDS: tuple[type[Body], ...] = (RestoreDetected, RestoreReplayed, DrillCompleted)
