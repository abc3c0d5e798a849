"""What enforcement tells: chunks, files, waits, the run's end, copies, after-care, effort, validation."""

from __future__ import annotations

from typing import ClassVar, Literal

from pydantic import Field, StrictBool

from governance.audit.body import Body, Count, Day, Digest, Name


class Rule(Body):
    """The deletion class that demands an action, with its clause in the controller's policy."""

    kind: ClassVar[str] = ""
    class_: Name = Field(alias="class")
    clause: Name


class ChunkEnforced(Body):
    """One transaction of an enforcement. `refs_digest` is over the keyed references of the rows changed, which stay in the ledger.
    `refs_root` is the root of the RFC 9162 tree whose leaves are these references, as ASCII in the ledger's order: it lets one of them be
    shown without the others. Null in events of earlier versions.

    `unlinked` counts rows, doomed themselves, in which a reference (`collection.reference`) to a row deleted here was emptied first;
    `large_objects` those of the database that rows or fields referred to and that went with them; `files` those to be deleted after it.
    """

    kind: ClassVar[str] = "chunk.enforced"
    plan_digest: Digest
    step: Count
    chunk: Count
    collection: Name
    action: Name
    fields: tuple[Name, ...]
    rules: tuple[Rule, ...]
    planned: Count
    changed: Count
    skipped: dict[Name, Count]
    unlinked: dict[Name, Count] = Field(default_factory=dict)
    large_objects: Count = 0
    files: Count = 0
    refs_digest: Digest
    refs_root: Digest | None = None


class FileErased(Body):
    """The end of a file that a row referred to by a field that went: `deleted`, `already-gone`, or `still-referenced` by a row that stays.

    `key_ref` and `file_ref` are keyed references of row and file. `size` in bytes and SHA-256 `digest` are of the content before deletion,
    of the newest of so many `versions`; null where there was none.
    """

    kind: ClassVar[str] = "file.erased"
    plan_digest: Digest
    step: Count
    collection: Name
    field: Name
    key_ref: Name
    store: Name
    file_ref: Name
    outcome: Literal["deleted", "already-gone", "still-referenced"]
    versions: Count
    size: Count | None
    digest: Digest | None


class EnforcementCompleted(Body):
    """Every chunk of a plan has been worked."""

    kind: ClassVar[str] = "enforcement.completed"
    plan_digest: Digest
    changed: dict[Name, Count]
    skipped: Count


class EnforcementHeld(Body):
    """An enforcement did not go freely: seconds waited for, by kind of pressure; transactions retried because the database was too busy;
    where it stopped before its end, why (null where it did not), and how many row changes of the plan were left by collection."""

    kind: ClassVar[str] = "enforcement.held"
    plan_digest: Digest
    transactions: Count
    retried: Count
    waited: dict[Name, Count]
    stopped: Name | None
    left: dict[Name, Count]


class CopyEnd(Body):
    """A copy that still holds what was erased, and the first day on the controller's calendar that begins without it; null: never, as its
    retention is unbounded. `deletion` is follows, expires, or on-request: then the day holds if it is asked in time."""

    kind: ClassVar[str] = ""
    name: Name
    deletion: Name
    gone_on: Day | None


class CollectionGone(Body):
    """The copies of one collection, and the first day that begins without any of them; null: never, or nobody declared copies."""

    kind: ClassVar[str] = ""
    collection: Name
    copies: tuple[CopyEnd, ...]
    last_gone_on: Day | None


class CopiesTold(Body):
    """Until when copies of the database hold what a plan erased in it on `erased_on`. `declared` false: nobody said which copies there are,
    and nothing is known of when the last one is gone."""

    kind: ClassVar[str] = "copies.told"
    plan_digest: Digest
    erased_on: Day
    time_zone: Name
    declared: StrictBool
    collections: tuple[CollectionGone, ...]


class AfterCareGiven(Body):
    """The tables that a plan changed were looked after: dead rows that still stand in each, and how many pieces of advice were carried out
    and how many are left to a person. `mode` is what the operator lets the engine do: advise, analyze or vacuum."""

    kind: ClassVar[str] = "aftercare.given"
    plan_digest: Digest
    mode: Name
    dead: dict[Name, Count]
    done: Count
    left: Count


class RunMeasured(Body):
    """What a run took: milliseconds by phase and by step of its plan (by number), and the write-ahead log written while it enforced. The
    log is the whole `server`'s, so others who wrote meanwhile are in it; null where it could not be read. `attempts` counts enforcements
    begun."""

    kind: ClassVar[str] = "run.measured"
    plan_digest: Digest
    phases: dict[Name, Count]
    steps: dict[Name, Count]
    wal_bytes: Count | None
    wal_of: Name
    attempts: Count


class ValidationCompleted(Body):
    """The suites were evaluated; `unsuccessful` names the expectations that do not hold."""

    kind: ClassVar[str] = "validation.completed"
    plan_digest: Digest | None
    success: StrictBool
    evaluated: Count
    unsuccessful: tuple[Name, ...]
    results_digest: Digest


KINDS: tuple[type[Body], ...] = (
    ChunkEnforced,
    FileErased,
    EnforcementCompleted,
    EnforcementHeld,
    CopiesTold,
    AfterCareGiven,
    RunMeasured,
    ValidationCompleted,
)
