"""The governance database: what was planned, resolved, validated, found and sealed, and what still waits for the archive.

Holds no value of a loan database: plans and reports name collections, fields, clauses and counts. What persons write in their requests is
encrypted (`RequestRow`). Documents are canonical JSON text,
kept as they were hashed. The tables are made by the migrations beside this file; a test holds the two together.
Times are UTC with time zone.
"""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import ARRAY, BigInteger, DateTime, ForeignKey, Identity, Index, LargeBinary, MetaData, Text, UniqueConstraint, Uuid, text
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column


class Base(DeclarativeBase):
    """Names every constraint, so that a later migration can address it."""

    metadata = MetaData(
        naming_convention={
            "pk": "pk_%(table_name)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "fk": "fk_%(table_name)s_%(column_0_N_name)s",
            "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        }
    )
    type_annotation_map = {  # noqa: RUF012 - SQLAlchemy's own way of declaring it
        str: Text(),
        int: BigInteger(),
        datetime: DateTime(timezone=True),
        bytes: LargeBinary(),
        UUID: Uuid(),
    }


class PlanRow(Base):
    """A frozen plan, addressed by the SHA-256 of its document. `shifts` is a JSON object: by collection and column, by how much the plan
    moves the share of NULLs when all of it is carried out; null where it was not counted. `rung` is its number on the backlog ladder;
    `asked` the kind of request it was made for, null for a plan of a night."""

    __tablename__ = "plan"
    digest: Mapped[str] = mapped_column(primary_key=True)
    dataset: Mapped[str] = mapped_column(index=True)
    policy_version: Mapped[str]
    policy_digest: Mapped[str]
    as_of: Mapped[datetime]
    document: Mapped[str]
    created_at: Mapped[datetime]
    shifts: Mapped[str | None]
    rung: Mapped[int | None]
    asked: Mapped[str | None]


class DocumentRow(Base):
    """A policy pack or dataset that a plan was made under, as it stood then, addressed by the SHA-256 of its text.

    `name` is the controller of a pack, the database of a dataset; only packs have a version and a date from which it applied.
    """

    __tablename__ = "document"
    digest: Mapped[str] = mapped_column(primary_key=True)
    kind: Mapped[str]
    name: Mapped[str] = mapped_column(index=True)
    version: Mapped[str | None]
    effective_from: Mapped[date | None]
    text: Mapped[str]
    first_used_at: Mapped[datetime]


class ResolutionRow(Base):
    """A resolution of the controller for one plan (scope: its digest) or one year (scope: its four digits). Roles, not persons."""

    __tablename__ = "resolution"
    __table_args__ = (Index("ix_resolution_dataset_policy_digest_scope", "dataset", "policy_digest", "scope"),)
    id: Mapped[int] = mapped_column(Identity(always=True), primary_key=True)
    dataset: Mapped[str]
    policy_digest: Mapped[str]
    scope: Mapped[str]
    proposed_by: Mapped[str]
    agreed_by: Mapped[str]
    resolved_by: Mapped[str]
    recorded_at: Mapped[datetime]


class PauseRow(Base):
    """The enforcement of a dataset (null: of all) was paused from `paused_at` until `resumed_at` (null: still). By roles, not persons."""

    __tablename__ = "pause"
    id: Mapped[int] = mapped_column(Identity(always=True), primary_key=True)
    dataset: Mapped[str | None] = mapped_column(index=True)
    paused_by: Mapped[str]
    paused_at: Mapped[datetime]
    resumed_by: Mapped[str | None]
    resumed_at: Mapped[datetime | None]


class ValidationRow(Base):
    """One evaluation of a dataset's suites; counts only."""

    __tablename__ = "validation"
    __table_args__ = (Index("ix_validation_dataset_run_id", "dataset", "run_id"),)
    id: Mapped[int] = mapped_column(Identity(always=True), primary_key=True)
    dataset: Mapped[str]
    run_id: Mapped[str]
    plan_digest: Mapped[str | None]
    success: Mapped[bool]
    document: Mapped[str]
    recorded_at: Mapped[datetime]


class RunReportRow(Base):
    """What one run did to one dataset, as people are told."""

    __tablename__ = "run_report"
    run_id: Mapped[str] = mapped_column(primary_key=True)
    dataset: Mapped[str] = mapped_column(primary_key=True)
    document: Mapped[str]
    recorded_at: Mapped[datetime]


class PhaseRow(Base):
    """One attempt at one phase of a run: scan, plan, enforce, validate or report. `ended_at` and `outcome` are null while it works, and
    stay so where it was killed; `outcome` is `done` or the class of the error. `steps` is a JSON object: milliseconds by number of the
    plan's step."""

    __tablename__ = "phase"
    __table_args__ = (Index("ix_phase_dataset_phase", "dataset", "phase"), Index("ix_phase_dataset_run_id", "dataset", "run_id"))
    id: Mapped[int] = mapped_column(Identity(always=True), primary_key=True)
    dataset: Mapped[str]
    run_id: Mapped[str]
    phase: Mapped[str]
    plan_digest: Mapped[str | None]
    started_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]
    outcome: Mapped[str | None]
    wal_bytes: Mapped[int | None]
    steps: Mapped[str | None]


class FindingRow(Base):
    """Something a person must look at; seen again, it is the same finding with a later `last_seen`. `gone_at` is when a scan first did not
    find it any more. An acceptance holds before `accepted_until`; its reason is a person's text and stays in this table."""

    __tablename__ = "finding"
    __table_args__ = (UniqueConstraint("dataset", "kind", "collection", "field", postgresql_nulls_not_distinct=True),)
    id: Mapped[int] = mapped_column(Identity(always=True), primary_key=True)
    dataset: Mapped[str]
    kind: Mapped[str]
    collection: Mapped[str]
    field: Mapped[str | None]
    rows: Mapped[int]
    first_seen: Mapped[datetime]
    last_seen: Mapped[datetime]
    gravity: Mapped[str]
    owner: Mapped[str]
    detail: Mapped[str | None]
    gone_at: Mapped[datetime | None]
    accepted_until: Mapped[date | None]
    accepted_by: Mapped[str | None]
    accepted_reason: Mapped[str | None]


class InventoryRow(Base):
    """A column of a loan database, or a path into its JSON documents, as it was known from `since` until `until` (null: still).

    A new version stands for a change of type, declaration, verdict, certainty or rules; score and reasons are those last seen, the share
    of NULLs is the least since the version began. `declared` holds the categories of the dataset document, joined by blanks; null where
    nobody declared it.
    """

    __tablename__ = "inventory"
    __table_args__ = (
        Index("ix_inventory_dataset_table_path_label", "dataset", "table_path", "label"),
        Index("uq_inventory_standing", "dataset", "table_path", "label", unique=True, postgresql_where=text("until IS NULL")),
    )
    id: Mapped[int] = mapped_column(Identity(always=True), primary_key=True)
    dataset: Mapped[str]
    table_path: Mapped[str]
    column_name: Mapped[str]
    label: Mapped[str]
    type_text: Mapped[str]
    nulls: Mapped[float | None]
    declared: Mapped[str | None]
    recogniser: Mapped[str]
    category: Mapped[str | None]
    certainty: Mapped[str]
    score: Mapped[float]
    direct: Mapped[bool]
    reasons: Mapped[str]
    rules: Mapped[str]
    since: Mapped[datetime]
    last_seen: Mapped[datetime]
    until: Mapped[datetime | None]


class LogEntryRow(Base):
    """One sealed event: its place, its line and the line's leaf hash. The line is empty once its retention is over and it was pruned."""

    __tablename__ = "log_entry"
    seq: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    dataset: Mapped[str] = mapped_column(index=True)
    event_id: Mapped[UUID] = mapped_column(unique=True)
    leaf_hash: Mapped[bytes]
    entry: Mapped[str]


class CheckpointRow(Base):
    """A signed checkpoint and the tree's frontier behind it (hex, joined by spaces), from which the next sealing goes on."""

    __tablename__ = "checkpoint"
    size: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    note: Mapped[str]
    frontier: Mapped[str]
    sealed_at: Mapped[datetime]


class SignerRotationRow(Base):
    """The signing key `old_key_id` handed over to another with the checkpoint of `size` events, and may sign nothing more alone."""

    __tablename__ = "signer_rotation"
    old_key_id: Mapped[str] = mapped_column(primary_key=True)
    new_key_id: Mapped[str] = mapped_column(unique=True)
    size: Mapped[int]


class SpoolRow(Base):
    """An object on its way to the archive, in the order of `position`; kept when it has arrived, for an archive to come."""

    __tablename__ = "spool"
    name: Mapped[str] = mapped_column(primary_key=True)
    position: Mapped[int] = mapped_column(Identity(always=True), unique=True)
    content: Mapped[bytes]
    sha256: Mapped[str]
    queued_at: Mapped[datetime]
    archived_at: Mapped[datetime | None]
    retain_until: Mapped[datetime | None]


class OutboxRow(Base):
    """An event that concerns no single loan database, as canonical bytes; append-only. It is sealed once it stands in the log."""

    __tablename__ = "outbox"
    event_id: Mapped[UUID] = mapped_column(primary_key=True)
    position: Mapped[int] = mapped_column(Identity(always=True), index=True)
    event: Mapped[str]
    written_at: Mapped[datetime] = mapped_column(server_default=text("clock_timestamp()"))


class WormProbeRow(Base):
    """What the archive was seen to enforce; the event of it, with every attempt, went through the outbox. `place`: which archive it was;
    null where an earlier version of Lethe did not note it."""

    __tablename__ = "worm_probe"
    at: Mapped[datetime] = mapped_column(primary_key=True)
    event_id: Mapped[UUID] = mapped_column(unique=True)
    worm: Mapped[bool]
    place: Mapped[str | None]


class PrunedRow(Base):
    """An object of the archive whose retention is over. Its event is written first (`event_id`, `manifest`, see `archive.pruned`), then it
    is deleted: from the archive, and from this database in the transaction that sets `deleted_at`."""

    __tablename__ = "pruned"
    name: Mapped[str] = mapped_column(primary_key=True)
    event_id: Mapped[UUID] = mapped_column(primary_key=True)
    sha256: Mapped[str]
    manifest: Mapped[str]
    announced_at: Mapped[datetime]
    deleted_at: Mapped[datetime | None]


class CaptureRow(Base):
    """To whom the rows of a plan belong was captured before its first change; `recipient` is the SHA-256 of the certificate that the names
    were encrypted to, null where nobody named one."""

    __tablename__ = "capture"
    plan_digest: Mapped[str] = mapped_column(primary_key=True)
    dataset: Mapped[str]
    subjects: Mapped[int]
    recipient: Mapped[str | None]
    captured_at: Mapped[datetime]


class AnnexRow(Base):
    """A part of a plan's annex: names of subjects as CMS EnvelopedData, which only the holder of the private key can read."""

    __tablename__ = "annex"
    plan_digest: Mapped[str] = mapped_column(primary_key=True)
    part: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    ciphertext: Mapped[bytes]
    sha256: Mapped[str]
    subjects: Mapped[int]


class BelongingRow(Base):
    """The rows of one subject that a plan names in one collection, all by keyed reference. Which of them were changed the ledger says."""

    __tablename__ = "belonging"
    subject_ref: Mapped[str] = mapped_column(primary_key=True)
    plan_digest: Mapped[str] = mapped_column(primary_key=True)
    collection: Mapped[str] = mapped_column(primary_key=True)
    row_refs: Mapped[list[str]] = mapped_column(ARRAY(Text()))


class ProtocolRow(Base):
    """The destruction protocol of an enforced plan: canonical JSON, and the PDF made of it."""

    __tablename__ = "protocol"
    id: Mapped[str] = mapped_column(primary_key=True)
    plan_digest: Mapped[str] = mapped_column(unique=True)
    dataset: Mapped[str]
    document: Mapped[str]
    pdf: Mapped[bytes]
    pdf_digest: Mapped[str]
    issued_at: Mapped[datetime]


class ProtocolApprovalRow(Base):
    """A role approved a protocol; roles, not persons."""

    __tablename__ = "protocol_approval"
    protocol: Mapped[str] = mapped_column(primary_key=True)
    approved_by: Mapped[str] = mapped_column(primary_key=True)
    approved_at: Mapped[datetime]


class LedgerRow(Base):
    """What one chunk changed, by keyed references in the order of their keys, beside its event's canonical bytes: a copy of the entry in
    the loan database, held against the digest in the event, that outlives it. `seq` is the event's place in the log, null while it is not
    sealed; `restore_id` the last loss of the database in which the event was missing there."""

    __tablename__ = "ledger"
    __table_args__ = (
        Index("ix_ledger_dataset_seq", "dataset", "seq"),
        Index("ix_ledger_restore_id", "restore_id", postgresql_where=text("restore_id IS NOT NULL")),
    )
    event_id: Mapped[UUID] = mapped_column(primary_key=True)
    dataset: Mapped[str]
    seq: Mapped[int | None]
    collection: Mapped[str]
    action: Mapped[str]
    key_refs: Mapped[list[str]] = mapped_column(ARRAY(Text()))
    event: Mapped[str]
    restore_id: Mapped[int | None]


class RestoreRow(Base):
    """A loan database was found without events that the log or the ledger has. No plan is made or carried out there before `replayed_at`;
    at most one stands open for a dataset. `report` is a JSON object: what the replay came to, in counts."""

    __tablename__ = "restore"
    __table_args__ = (Index("uq_restore_open", "dataset", unique=True, postgresql_where=text("replayed_at IS NULL")),)
    id: Mapped[int] = mapped_column(Identity(always=True), primary_key=True)
    dataset: Mapped[str] = mapped_column(index=True)
    detected_at: Mapped[datetime]
    missing: Mapped[int]
    replayed_at: Mapped[datetime | None]
    report: Mapped[str | None]


class SuppressionPlanRow(Base):
    """The persons whom a plan is to erase were captured before its first change; `settled_at`: since when it is known whom it erased."""

    __tablename__ = "suppression_plan"
    __table_args__ = (Index("ix_suppression_plan_unsettled", "dataset", postgresql_where=text("settled_at IS NULL")),)
    plan_digest: Mapped[str] = mapped_column(primary_key=True)
    dataset: Mapped[str]
    captured_at: Mapped[datetime]
    settled_at: Mapped[datetime | None]


class SuppressionRow(Base):
    """A person of the suppression list, by the keyed reference of the erased record. `tokens` are keyed tokens of identifiers behind their
    kind; `needs` are steps of the plan, each with the reference that it must have changed. On the list since `erased_at`; null: captured,
    and not erased as far as the ledger is known. The reason for lifting is a person's own text."""

    __tablename__ = "suppression"
    __table_args__ = (
        UniqueConstraint("plan_digest", "subject_ref", name="uq_suppression_plan_digest_subject_ref"),
        Index("ix_suppression_dataset_erased_at", "dataset", "erased_at"),
    )
    id: Mapped[int] = mapped_column(Identity(always=True), primary_key=True)
    dataset: Mapped[str]
    plan_digest: Mapped[str]
    subject_ref: Mapped[str]
    needs: Mapped[list[str]] = mapped_column(ARRAY(Text()))
    tokens: Mapped[list[str]] = mapped_column(ARRAY(Text()))
    key_version: Mapped[int]
    erased_at: Mapped[datetime | None]
    lifted_at: Mapped[datetime | None]
    lifted_by: Mapped[str | None]
    lifted_reason: Mapped[str | None]


class IncidentRow(Base):
    """An incident (GDPR 33(5), credithelp art. 37); of one cause in one dataset (`-`: none) one stands at a time. Texts are people's own
    and stay here. Its clock is in hours, or in working days of a country and time zone.
    Whether it is over (`over_at`) is told by the check that found it; a person closes it."""

    __tablename__ = "incident"
    __table_args__ = (
        Index("uq_incident_open", "cause", "dataset", unique=True, postgresql_where=text("closed_at IS NULL AND cause <> 'reported'")),
    )
    id: Mapped[int] = mapped_column(Identity(always=True), primary_key=True)
    controller: Mapped[str]
    dataset: Mapped[str] = mapped_column(index=True)
    kind: Mapped[str]
    cause: Mapped[str]
    run_id: Mapped[str]
    detail: Mapped[str]
    opened_at: Mapped[datetime]
    seen: Mapped[int]
    last_seen_at: Mapped[datetime]
    over_at: Mapped[datetime | None]
    supposed_at: Mapped[datetime | None]
    found_at: Mapped[datetime]
    reported_at: Mapped[datetime]
    reported_by: Mapped[str]
    aware_at: Mapped[datetime]
    clock_hours: Mapped[int | None]
    clock_working_days: Mapped[int | None]
    clock_country: Mapped[str | None]
    clock_zone: Mapped[str | None]
    due_at: Mapped[datetime]
    nature: Mapped[str | None]
    person_categories: Mapped[str | None]
    persons: Mapped[int | None]
    record_categories: Mapped[str | None]
    records: Mapped[int | None]
    consequences: Mapped[str | None]
    measures: Mapped[str | None]
    authority_notified_at: Mapped[datetime | None]
    authority_not_notified: Mapped[str | None]
    delay_reason: Mapped[str | None]
    persons_notified_at: Mapped[datetime | None]
    persons_not_notified: Mapped[str | None]
    closed_at: Mapped[datetime | None]
    closed_by: Mapped[str | None]


class IncidentActRow(Base):
    """What was done with an incident and by whom; append-only. `entries` is a JSON object: what was written into which field."""

    __tablename__ = "incident_act"
    id: Mapped[int] = mapped_column(Identity(always=True), primary_key=True)
    incident: Mapped[int] = mapped_column(index=True)
    at: Mapped[datetime]
    act: Mapped[str]
    by: Mapped[str]
    entries: Mapped[str]


class RequestRow(Base):
    """A request of a person. Everything that tells who they are or what they wrote is a ciphertext (see `governance.store.request_texts`);
    `zone` is the controller's time zone, whose days the dates are; `suspended` is how many days its clock was lengthened by. `*_told_at` is
    when the log was told of half time, of the last days and of the day that passed, for the due date that stands."""

    __tablename__ = "request"
    __table_args__ = (
        UniqueConstraint("controller", "number"),
        Index("ix_request_open", "due", postgresql_where=text("closed_at IS NULL")),
    )
    id: Mapped[UUID] = mapped_column(primary_key=True)
    number: Mapped[int]
    controller: Mapped[str]
    kind: Mapped[str]
    received: Mapped[date]
    registered_at: Mapped[datetime]
    registered_by: Mapped[str]
    channel: Mapped[str]
    reply_form: Mapped[str]
    language: Mapped[str]
    purposes: Mapped[list[str]] = mapped_column(ARRAY(Text()))
    zone: Mapped[str]
    stage: Mapped[str]
    due: Mapped[date]
    extended: Mapped[bool]
    paused_on: Mapped[date | None]
    suspended: Mapped[int]
    repeats: Mapped[int | None]
    decision: Mapped[str | None]
    reply: Mapped[str | None]
    closed_at: Mapped[datetime | None]
    half_time_told_at: Mapped[datetime | None]
    last_days_told_at: Mapped[datetime | None]
    overdue_told_at: Mapped[datetime | None]
    person: Mapped[bytes]
    representative: Mapped[bytes | None]
    description: Mapped[bytes]
    corrections: Mapped[bytes]
    identity: Mapped[bytes | None]
    extension: Mapped[bytes | None]


class RequestNumberRow(Base):
    """The last number given to a request of a controller; it stays when requests go, for a number is never given twice."""

    __tablename__ = "request_number"
    controller: Mapped[str] = mapped_column(primary_key=True)
    last: Mapped[int]


class RequestTokenRow(Base):
    """Keyed tokens of who a request is about, by which the same person is known again; one alone is never enough but for a national id."""

    __tablename__ = "request_token"
    request: Mapped[UUID] = mapped_column(primary_key=True)
    kind: Mapped[str] = mapped_column(primary_key=True)
    token: Mapped[str] = mapped_column(primary_key=True, index=True)


class RequestRecipientRow(Base):
    """A recipient that must be told of what a request led to (GDPR 19); `told_at` is null until it was."""

    __tablename__ = "request_recipient"
    request: Mapped[UUID] = mapped_column(primary_key=True)
    recipient: Mapped[str] = mapped_column(primary_key=True)
    told_at: Mapped[datetime | None]
    told_by: Mapped[str | None]


class RequestDecisionRow(Base):
    """A draft of a decision, the `number`th about its request, and what became of it. `document` is free of personal data, `subjects` a
    JSON object: by dataset, keyed references of the persons it is about. Requests of one `batch` share their plans. By logins or roles."""

    __tablename__ = "request_decision"
    request: Mapped[UUID] = mapped_column(primary_key=True)
    digest: Mapped[str] = mapped_column(primary_key=True)
    number: Mapped[int]
    batch: Mapped[UUID] = mapped_column(index=True)
    document: Mapped[str]
    subjects: Mapped[str]
    drafted_by: Mapped[str]
    drafted_at: Mapped[datetime]
    approved_by: Mapped[str | None]
    approved_at: Mapped[datetime | None]
    rejected_by: Mapped[str | None]
    rejected_at: Mapped[datetime | None]


class RequestActRow(Base):
    """What was done with a request and by whom; append-only while the request stands. `entries` is a ciphertext: what was written into
    which field."""

    __tablename__ = "request_act"
    id: Mapped[int] = mapped_column(Identity(always=True), primary_key=True)
    request: Mapped[UUID] = mapped_column(index=True)
    at: Mapped[datetime]
    act: Mapped[str]
    by: Mapped[str]
    entries: Mapped[bytes]


class RequestLetterRow(Base):
    """A letter to the person of a request, by the SHA-256 of its PDF; `page` is a ciphertext. Append-only while the request stands."""

    __tablename__ = "request_letter"
    letter: Mapped[str] = mapped_column(primary_key=True)
    request: Mapped[UUID] = mapped_column(index=True)
    kind: Mapped[str]
    language: Mapped[str]
    words: Mapped[str]
    day: Mapped[date]
    issued_at: Mapped[datetime]
    issued_by: Mapped[str]
    page: Mapped[bytes]


class RequestCorrectionRow(Base):
    """What is to be corrected, as it was entered last; `document` is a ciphertext. Goes with its request."""

    __tablename__ = "request_correction"
    request: Mapped[UUID] = mapped_column(primary_key=True)
    entered_at: Mapped[datetime]
    entered_by: Mapped[str]
    document: Mapped[bytes]


class RequestCorrectedRow(Base):
    """The single values that a decision changes in one dataset, old and new; `document` is a ciphertext. `corrected_at` is when they were
    changed, null for a draft. Once they were it stands as long as its request."""

    __tablename__ = "request_corrected"
    request: Mapped[UUID] = mapped_column(primary_key=True)
    decision: Mapped[str] = mapped_column(primary_key=True)
    dataset: Mapped[str] = mapped_column(primary_key=True)
    drafted_at: Mapped[datetime]
    corrected_at: Mapped[datetime | None]
    document: Mapped[bytes]


class RequestLocatedRow(Base):
    """What was found of the person of a request; `document` is a ciphertext, for keys of rows lead to one person. Goes with its request."""

    __tablename__ = "request_located"
    request: Mapped[UUID] = mapped_column(ForeignKey("request.id", ondelete="CASCADE"), primary_key=True)
    located_at: Mapped[datetime]
    document: Mapped[bytes]


class RequestMarkRow(Base):
    """Marks of a restriction or objection stand in a loan database because of a request, from `placed_at` until `ended_at` (null: still).
    While they do, the request stays."""

    __tablename__ = "request_mark"
    request: Mapped[UUID] = mapped_column(ForeignKey("request.id", ondelete="CASCADE"), primary_key=True)
    dataset: Mapped[str] = mapped_column(primary_key=True)
    placed_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]


class RequestPackageRow(Base):
    """A package that was made for the person of a request. The file lies in the Lethe home, encrypted to the person: `opened_by` is
    `passphrase`, or the SHA-256 of a certificate. `purged_at` is when the file was deleted, null while it lies there."""

    __tablename__ = "request_package"
    id: Mapped[UUID] = mapped_column(primary_key=True)
    request: Mapped[UUID] = mapped_column(ForeignKey("request.id", ondelete="CASCADE"), index=True)
    kind: Mapped[str]
    digest: Mapped[str]
    size: Mapped[int]
    opened_by: Mapped[str]
    made_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    purged_at: Mapped[datetime | None]


class ToldRow(Base):
    """What the log was last told of a document or key: the SHA-256 of a document, of a public key, or the check value of a root secret."""

    __tablename__ = "told"
    subject: Mapped[str] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(primary_key=True)
    digest: Mapped[str]
    told_at: Mapped[datetime]
