"""The audit events: a closed vocabulary, one model per kind, with canonical bytes out and in.

An event says that something happened, in counts, names, clauses, digests, keyed references and dates. It holds no value read
from a loan database: the models leave no room for one, apart from `detail`, which is text of ours. Unknown kinds and
unknown keys are refused both ways. `nonce` keeps the hashes of neighbouring events from being guessed.

Does not store, number or seal events (see `entry`). The only randomness of this package is in `new_event`.
"""

from __future__ import annotations

import hashlib
import re
import secrets
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Annotated, Any, ClassVar, Literal, TypeVar
from uuid import UUID, uuid4, uuid5

from pydantic import AfterValidator, AwareDatetime, BaseModel, ConfigDict, Field, StrictBool, StrictInt, StringConstraints, ValidationError

from governance.audit.canonical import canonical_bytes, parse_canonical
from governance.errors import DocumentError
from governance.policy.printable import printable

ModelT = TypeVar("ModelT", bound=BaseModel)

PLATFORM = "-"  # the dataset of an event that concerns no single loan database

_DERIVED = UUID("5f0c2f4e-6d0b-5c59-9d0e-1f6f8f3f9a10")  # namespace of ids that follow from what an event is about
_INSTANT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z")
_NAME_LENGTH = 250
_DETAIL_LENGTH = 1000
_KEYS = ("at", "body", "controller", "dataset", "event_id", "kind", "nonce", "run_id")

Count = Annotated[StrictInt, Field(ge=0)]
Digest = Annotated[str, StringConstraints(strict=True, pattern=r"^[0-9a-f]{64}$")]
Name = Annotated[str, StringConstraints(strict=True, min_length=1, max_length=_NAME_LENGTH, pattern=r"^[^\x00-\x1f\x7f]+$")]
Detail = Annotated[str, StringConstraints(strict=True, max_length=_DETAIL_LENGTH, pattern=r"^[^\x00-\x1f\x7f]*$")]
Scope = Annotated[str, StringConstraints(strict=True, pattern=r"^([0-9a-f]{64}|[0-9]{4})$")]  # a plan's digest or a calendar year
Day = Annotated[str, StringConstraints(strict=True, pattern=r"^[0-9]{4}-[0-9]{2}-[0-9]{2}$")]
Instant = Annotated[AwareDatetime, AfterValidator(lambda instant: instant.astimezone(UTC))]


def name_text(text: str) -> str:
    """A name that a lender gave, as an event takes it: what cannot be printed is escaped, and what is longer than a `Name` is cut, with a
    digest of the whole at its end."""
    plain = printable(text)
    if len(plain) <= _NAME_LENGTH:
        return plain
    digest = hashlib.sha256(text.encode()).hexdigest()[:16]
    return f"{plain[: _NAME_LENGTH - len(digest) - 1]}~{digest}"


def detail_text(text: str) -> str:
    """A message of ours, as an event takes it: printable, and cut where it is longer than a `Detail`."""
    plain = printable(text)
    return plain if len(plain) <= _DETAIL_LENGTH else f"{plain[: _DETAIL_LENGTH - 3]}..."


def instant_text(instant: datetime) -> str:
    """RFC 3339 in UTC with six decimals and `Z`: one instant, one text. Raises DocumentError for a time without a zone."""
    if instant.tzinfo is None:
        raise DocumentError("audit event", "at", "a time with a time zone", "one without")
    return instant.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ").rjust(27, "0")  # %Y is not padded everywhere


def parse_instant(text: object, what: str, path: str) -> datetime:
    """Read back what `instant_text` wrote, and nothing else. Raises DocumentError."""
    try:
        if isinstance(text, str) and _INSTANT.fullmatch(text):
            return datetime.fromisoformat(text)
    except ValueError:
        pass
    raise DocumentError(what, path, "an instant like 2026-01-31T02:00:00.000000Z", type(text).__name__)


class Body(BaseModel):
    """What one kind of event says. Subclasses name their `kind`; their fields are the whole content."""

    model_config = ConfigDict(extra="forbid", frozen=True, validate_by_name=True, validate_by_alias=True, serialize_by_alias=True)
    kind: ClassVar[str]


class PlannedStep(Body):
    """One step of a plan: how many rows of a collection are to undergo which action."""

    kind: ClassVar[str] = ""
    step: Count
    collection: Name
    action: Name
    rows: Count


class Rule(Body):
    """The deletion class that demands an action, with its clause in the controller's policy."""

    kind: ClassVar[str] = ""
    class_: Name = Field(alias="class")
    clause: Name


class ScanCompleted(Body):
    """A scan read `tables` collections with `rows` rows each and raised so many findings."""

    kind: ClassVar[str] = "scan.completed"
    tables: Count
    rows: dict[Name, Count]
    findings: Count


class FindingRaised(Body):
    """A person must look at a collection or field; `finding` is the kind of finding."""

    kind: ClassVar[str] = "finding.raised"
    finding: Name
    collection: Name
    field: Name | None
    rows: Count


class FindingAccepted(Body):
    """A person lets a finding stand; `until` is the first day on which that no longer holds. The reason stays in the register."""

    kind: ClassVar[str] = "finding.accepted"
    finding: Name
    collection: Name
    field: Name | None
    until: Day
    accepted_by: Name


class FindingReopened(Body):
    """An acceptance was withdrawn before its day."""

    kind: ClassVar[str] = "finding.reopened"
    finding: Name
    collection: Name
    field: Name | None
    reopened_by: Name


class InventoryNoted(Body):
    """The database was explored: so many tables and columns (paths into JSON documents included), of them personal, of them new or judged
    differently than before; `unreadable` tables could not be sampled. `rules` is the version of the recognition rules."""

    kind: ClassVar[str] = "inventory.noted"
    rules: Name
    tables: Count
    columns: Count
    personal: Count
    changed: Count
    unreadable: Count


class PlanFrozen(Body):
    """A plan was frozen under its digest."""

    kind: ClassVar[str] = "plan.frozen"
    plan_digest: Digest
    policy_version: Name
    policy_digest: Digest
    as_of: Instant
    steps: tuple[PlannedStep, ...]


class RungFrozen(Body):
    """A plan is a rung of the backlog ladder: about `percent` of all persons. `backlog` counts the different rows due of each collection,
    `left` those of persons beyond the rung, which the plan leaves alone."""

    kind: ClassVar[str] = "rung.frozen"
    plan_digest: Digest
    rung: Count
    of: Count
    percent: Count
    backlog: dict[Name, Count]
    left: dict[Name, Count]


class ResolutionRecorded(Body):
    """A resolution of the controller covers one plan or one year. The three are names of roles, not of persons."""

    kind: ClassVar[str] = "resolution.recorded"
    scope: Scope
    policy_digest: Digest
    proposed_by: Name
    agreed_by: Name
    resolved_by: Name


class RunRefused(Body):
    """A run ended before it changed anything; `reason` is the class of the refusal, `detail` its message."""

    kind: ClassVar[str] = "run.refused"
    reason: Name
    detail: Detail


class ChunkEnforced(Body):
    """One transaction of an enforcement. `refs_digest` is over the keyed references of the rows changed, which stay in the ledger.

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


class HoldPlaced(Body):
    """Data of a person or a record may not be changed until the hold ends; `until` is a date, null for an open end."""

    kind: ClassVar[str] = "hold.placed"
    hold_id: Name
    hold_kind: Name
    clause: Name
    collection: Name
    key_ref: Name
    until: Day | None
    placed_by: Name


class HoldReleased(Body):
    """A hold ended before its date, or had none."""

    kind: ClassVar[str] = "hold.released"
    hold_id: Name
    released_by: Name


class ArchiveProbed(Body):
    """What the archive was seen to enforce on throw-away objects; null where it was not tried."""

    kind: ClassVar[str] = "archive.probed"
    overwrite_refused: StrictBool | None
    delete_refused: StrictBool | None
    shorten_refused: StrictBool | None
    downgrade_refused: StrictBool | None
    worm: StrictBool
    detail: Detail


class LogHeartbeat(Body):
    """Nothing else happened since the checkpoint of `size` events; lets each day have its own checkpoint."""

    kind: ClassVar[str] = "log.heartbeat"
    size: Count


BODIES: dict[str, type[Body]] = {
    body.kind: body
    for body in (
        ScanCompleted,
        FindingRaised,
        FindingAccepted,
        FindingReopened,
        InventoryNoted,
        PlanFrozen,
        RungFrozen,
        ResolutionRecorded,
        RunRefused,
        ChunkEnforced,
        FileErased,
        EnforcementCompleted,
        EnforcementHeld,
        CopiesTold,
        AfterCareGiven,
        RunMeasured,
        ValidationCompleted,
        HoldPlaced,
        HoldReleased,
        ArchiveProbed,
        LogHeartbeat,
    )
}


@dataclass(frozen=True)
class Event:
    """One thing that happened, at `at` (UTC), to one dataset of one controller, in one run. `nonce` is 128 bits in hex."""

    event_id: UUID
    at: datetime
    controller: str
    dataset: str
    run_id: str
    body: Body
    nonce: str

    @property
    def kind(self) -> str:
        return self.body.kind


class _Envelope(BaseModel):
    """The checks on what surrounds a body."""

    model_config = ConfigDict(extra="forbid")
    controller: Name
    dataset: Name
    run_id: Name
    nonce: Annotated[str, StringConstraints(strict=True, pattern=r"^[0-9a-f]{32}$")]


def new_event(body: Body, *, at: datetime, controller: str, dataset: str, run_id: str) -> Event:
    """An event with a random id and nonce."""
    return Event(uuid4(), at, controller, dataset, run_id, body, secrets.token_hex(16))


def derived_id(*parts: object) -> UUID:
    """An id that follows from what an event is about, so that telling it again after a kill tells the same event.

    `parts` say what it is about: a plan's digest and a chunk's number, for example.
    """
    return uuid5(_DERIVED, "/".join(str(part) for part in parts))


def to_canonical(event: Event) -> bytes:
    """The RFC 8785 bytes of an event. Raises DocumentError if it could not be read back."""
    what = f"audit event {event.event_id}"
    envelope = {"controller": event.controller, "dataset": event.dataset, "nonce": event.nonce, "run_id": event.run_id}
    _validated(_Envelope, envelope, what, "")
    fields = event.body.model_dump(warnings=False)  # a warning would quote the value
    body = {key: instant_text(value) if isinstance(value, datetime) else value for key, value in fields.items()}
    _body(event.kind, body, what)  # a model built past its checks, as model_construct does, ends here
    whole = {**envelope, "at": instant_text(event.at), "body": body, "event_id": str(event.event_id), "kind": event.kind}
    return canonical_bytes(whole, what)


def from_canonical(content: bytes, what: str = "audit event") -> Event:
    """The event in canonical bytes; `what` names the place in errors. Raises DocumentError (bytes, keys, kind, any field)."""
    document = parse_canonical(content, what)
    if not isinstance(document, dict):
        raise DocumentError(what, "", "an object", type(document).__name__)
    for key in sorted(set(document) ^ set(_KEYS)):
        raise DocumentError(what, key if key in _KEYS else "", f"the keys {', '.join(_KEYS)}", "nothing" if key in _KEYS else "another key")
    envelope = _validated(_Envelope, {key: document[key] for key in _Envelope.model_fields}, what, "")
    return Event(
        event_id=_uuid(document["event_id"], what),
        at=parse_instant(document["at"], what, "at"),
        controller=envelope.controller,
        dataset=envelope.dataset,
        run_id=envelope.run_id,
        body=_body(document["kind"], document["body"], what),
        nonce=envelope.nonce,
    )


def _body(kind: object, fields: object, what: str) -> Body:
    model = BODIES.get(kind) if isinstance(kind, str) else None
    if model is None:
        raise DocumentError(what, "kind", f"one of {', '.join(BODIES)}", "another kind")
    if isinstance(fields, dict) and "as_of" in fields:
        parse_instant(fields["as_of"], what, "body.as_of")
    return _validated(model, fields, what, "body.")


def _validated(model: type[ModelT], fields: Any, what: str, prefix: str) -> ModelT:
    try:
        return model.model_validate(fields)
    except ValidationError as error:
        fault = error.errors(include_url=False, include_input=False, include_context=False)[0]
        unknown = fault["type"] == "extra_forbidden"
        # The name of an unknown key may itself be what must not be repeated.
        path = prefix + ".".join(str(part) for part in (fault["loc"][:-1] if unknown else fault["loc"]))
        raise DocumentError(
            what, path.rstrip("."), "no further key" if unknown else fault["msg"], f"something else ({fault['type']})"
        ) from None


def _uuid(text: object, what: str) -> UUID:
    try:
        if isinstance(text, str) and str(UUID(text)) == text:
            return UUID(text)
    except ValueError:
        pass
    raise DocumentError(what, "event_id", "a UUID in lower case with hyphens", type(text).__name__)
