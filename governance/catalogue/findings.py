"""Findings of a scan: what a person must look at, in names, counts and shares, never in values."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

WHOLE = "*"
"""The collection of a finding about the dataset as a whole."""

ARCHIVE = "archive"
"""The collection of a finding about the archive of evidence, which concerns no single dataset."""

TIMESTAMPS = "timestamps"
"""The collection of a finding about the timestamps over the log."""


class FindingKind(StrEnum):
    """What is wrong, in the words of the design's list of findings."""

    # The world is closed: what stands there and nobody answers for, or may not stand there.
    UNDECLARED_TABLE = "undeclared-table"
    UNDECLARED_COLUMN = "undeclared-column"
    UNDECLARED_PERSONAL = "undeclared-personal-data"
    UNDECLARED_REFERENCE = "undeclared-reference"
    UNREADABLE_TABLE = "unreadable-table"
    PERSONAL_VIEW = "personal-view"
    RECOGNISED_OTHERWISE = "recognised-otherwise"
    IDENTIFIER_IN_TEXT = "identifier-in-text"
    FORBIDDEN_CATEGORY = "forbidden-category"
    CATEGORY_OUTSIDE_PURPOSE = "category-outside-purpose"
    CATEGORY_OUTSIDE_REGISTER = "category-outside-register"
    CATEGORY_TRANSFERRED = "category-transferred"
    # What the calculus cannot decide.
    UNKNOWN_START = "unknown-start-event"
    NO_DUTY = "no-duty-applies"
    DUTY_CONFLICT = "duty-conflict"
    MISSHAPEN_DOCUMENT = "misshapen-document"
    RECORD_CHECK = "record-check"
    # Accuracy (GDPR 5(1)(d); credithelp art. 2; 94-V clause 2.2).
    INVALID_IDENTIFIER = "invalid-national-id"
    INVALID_PHONE = "invalid-phone"
    INVALID_ACCOUNT = "invalid-iban"
    IMPOSSIBLE_DATE = "impossible-date"
    ORPHANED_REFERENCE = "orphaned-reference"
    MISSING_INDEX = "missing-index"
    # An enforcement was paused, or its hours ended, before its plan was done.
    WORK_LEFT = "work-left"
    # What a change sets off: it may keep copies of what is erased, and nobody declared where.
    TRIGGER = "trigger"
    # What holds the data a second time, and for how long.
    UNBOUNDED_COPY = "unbounded-copy"
    UNDECLARED_COPY = "undeclared-copy"
    # Rows that are due and stay, run after run.
    NOTHING_CHANGED = "nothing-changed"
    SKIPPED_AGAIN = "skipped-again"
    # The database is an older state than the log knows, and what was erased since may stand there again.
    DATABASE_WENT_BACK = "database-went-back"
    # Persons who were erased stand there: by an import, as new clients, or in other records than a client's.
    ERASED_RETURNED = "erased-person-returned"
    ERASED_NEW_RELATION = "erased-person-new-relation"
    ERASED_ELSEWHERE = "erased-person-elsewhere"
    # The schema is not what it was the night before.
    TABLE_ADDED = "table-added"
    TABLE_DROPPED = "table-dropped"
    COLUMN_ADDED = "column-added"
    COLUMN_DROPPED = "column-dropped"
    TYPE_CHANGED = "type-changed"
    NULLS_GROWN = "nulls-grown"
    # The evidence, of all datasets at once: what its archive does not hold to, and what does not arrive there.
    ARCHIVE_CHANGEABLE = "archive-not-write-once"
    ARCHIVE_UNENCRYPTED = "archive-not-encrypted"
    ARCHIVE_DELAYED = "archive-delayed"
    TIMESTAMP_MISSING = "timestamp-missing"


class Gravity(StrEnum):
    """GRAVE fails the nightly validation until a person has corrected or accepted it, WARNING waits for a person, NOTICE only tells."""

    GRAVE = "grave"
    WARNING = "warning"
    NOTICE = "notice"


#: What fails the nightly validation: data that may not be there, that nobody answers for, or that never go.
GRAVE = frozenset(
    {
        FindingKind.UNDECLARED_TABLE,
        FindingKind.UNDECLARED_COLUMN,
        FindingKind.UNDECLARED_PERSONAL,
        FindingKind.UNDECLARED_REFERENCE,
        FindingKind.FORBIDDEN_CATEGORY,
        FindingKind.CATEGORY_OUTSIDE_PURPOSE,
        FindingKind.CATEGORY_OUTSIDE_REGISTER,
        FindingKind.CATEGORY_TRANSFERRED,
        FindingKind.UNBOUNDED_COPY,
        FindingKind.NOTHING_CHANGED,
        FindingKind.DATABASE_WENT_BACK,
        FindingKind.ERASED_RETURNED,
        FindingKind.MISSHAPEN_DOCUMENT,
    }
)

_NOTICES = frozenset({FindingKind.TABLE_ADDED, FindingKind.COLUMN_ADDED, FindingKind.ERASED_NEW_RELATION})


@dataclass(frozen=True, order=True)
class Finding:
    """`collection` is a collection or the path of an undeclared table, `*` for the dataset as a whole. `field` is a field, a path into a
    JSON document (`payload:client.iin`), the check's id for a record check, or a copy's name. `rows` is how many rows are concerned; 0
    where the finding is about the schema or the dataset. `detail` says why, in names, counts and shares; two findings that differ in
    nothing else are the same."""

    kind: FindingKind
    collection: str
    field: str | None
    rows: int
    detail: str | None = dataclasses.field(default=None, compare=False)

    @property
    def place(self) -> tuple[FindingKind, str, str | None]:
        """What makes it the same finding from night to night, whatever the count."""
        return self.kind, self.collection, self.field

    @property
    def gravity(self) -> Gravity:
        """What it means for the night."""
        if self.kind in GRAVE:
            return Gravity.GRAVE
        return Gravity.NOTICE if self.kind in _NOTICES else Gravity.WARNING


@dataclass(frozen=True)
class ScanFacts:
    """What a scan saw: rows of each declared collection, how many tables there are, and the findings."""

    tables: int
    rows: Mapping[str, int]
    findings: tuple[Finding, ...]
