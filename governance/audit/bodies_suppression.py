"""What the suppression list tells: erased persons entered, let in again, forgotten. Told by the platform, so each names the `governed`
dataset it speaks of; persons are counted, or named by keyed reference, and what the list keeps of their identifiers never stands here."""

from __future__ import annotations

from typing import ClassVar

from governance.audit.body import Body, Count, Day, Digest, Name


class SuppressionRecorded(Body):
    """So many persons whom a plan has erased, as the ledger says, are on the list by so many identifiers of each kind, made under that
    version of the key. `document_digest` is the SHA-256 of the entries in the archive."""

    kind: ClassVar[str] = "suppression.recorded"
    governed: Name
    plan_digest: Digest
    persons: Count
    identifiers: dict[Name, Count]
    key_version: Count
    document_digest: Digest


class SuppressionLifted(Body):
    """An erased person, by the keyed reference of the erased record, may stand in the database again. The reason stays in the list."""

    kind: ClassVar[str] = "suppression.lifted"
    governed: Name
    subject_ref: Name
    lifted_by: Name


class SuppressionExpired(Body):
    """Persons erased before that day, whose entries were kept for the `retention` of the policy, are no longer on the list."""

    kind: ClassVar[str] = "suppression.expired"
    governed: Name
    persons: Count
    erased_before: Day
    retention: Name


KINDS: tuple[type[Body], ...] = (SuppressionRecorded, SuppressionLifted, SuppressionExpired)
