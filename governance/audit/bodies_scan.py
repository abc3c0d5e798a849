"""What scans tell: databases explored, findings raised and accepted."""

from __future__ import annotations

from typing import ClassVar

from governance.audit.body import Body, Count, Day, Name


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


KINDS: tuple[type[Body], ...] = (ScanCompleted, FindingRaised, FindingAccepted, FindingReopened, InventoryNoted)
