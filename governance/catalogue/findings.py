"""Findings of a scan: what a person must look at, in names and counts."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum


class FindingKind(StrEnum):
    """What is wrong, in the words of the design's list of findings."""

    UNDECLARED_TABLE = "undeclared-table"
    UNDECLARED_COLUMN = "undeclared-column"
    UNKNOWN_START = "unknown-start-event"
    NO_DUTY = "no-duty-applies"
    INVALID_IDENTIFIER = "invalid-national-id"
    ORPHANED_REFERENCE = "orphaned-reference"
    MISSING_INDEX = "missing-index"
    DUTY_CONFLICT = "duty-conflict"
    RECORD_CHECK = "record-check"
    FORBIDDEN_CATEGORY = "forbidden-category"
    CATEGORY_OUTSIDE_PURPOSE = "category-outside-purpose"
    CATEGORY_OUTSIDE_REGISTER = "category-outside-register"
    CATEGORY_TRANSFERRED = "category-transferred"


#: What fails the nightly validation until a person has corrected it: data that may not be there, or nobody answers for.
GRAVE = frozenset(
    {
        FindingKind.UNDECLARED_TABLE,
        FindingKind.UNDECLARED_COLUMN,
        FindingKind.FORBIDDEN_CATEGORY,
        FindingKind.CATEGORY_OUTSIDE_PURPOSE,
        FindingKind.CATEGORY_OUTSIDE_REGISTER,
        FindingKind.CATEGORY_TRANSFERRED,
    }
)


@dataclass(frozen=True, order=True)
class Finding:
    """`rows` is how many rows are concerned; 0 where the finding is about the schema or the dataset. `field` is the check's id for a
    record check."""

    kind: FindingKind
    collection: str
    field: str | None
    rows: int


@dataclass(frozen=True)
class ScanFacts:
    """What a scan saw: rows of each declared collection, how many tables there are, and the findings."""

    tables: int
    rows: Mapping[str, int]
    findings: tuple[Finding, ...]
