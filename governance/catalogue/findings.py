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


@dataclass(frozen=True, order=True)
class Finding:
    """`rows` is how many rows are concerned; 0 where the finding is about the schema."""

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
