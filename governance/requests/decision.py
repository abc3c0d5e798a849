"""What is decided about a request, category by category, as the data-protection officer approves it and the person reads it.

Pure and free of personal data: collections, fields, categories, clauses, dates and counts. Its digest - SHA-256 of the canonical document -
is what an approval binds to (design section 8); carrying out asks for that digest again.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from datetime import date
from enum import StrEnum
from functools import cached_property
from typing import Any
from uuid import UUID

from governance.audit.canonical import canonical_bytes
from governance.policy.pack import RequestKind


class Outcome(StrEnum):
    """What happens to the data of one ruling."""

    ERASE = "erase"  # goes now: deleted, or pseudonymised where others need the row
    KEEP = "keep"  # stays for a duty, restricted from now on, until `until`, when the nightly run takes it
    HOLD = "hold"  # stays because of a hold
    GONE = "gone"  # went before: success
    PROVIDE = "provide"  # goes into the package (access, portability)
    WITHHOLD = "withhold"  # stays out of the package: others' data, or not asked for
    CORRECT = "correct"
    LEAVE = "leave"  # is not corrected here: a person does, where a key or a document holds it
    RESTRICT = "restrict"
    STOP = "stop"  # processing for the named purposes ends (objection, withdrawal)


@dataclass(frozen=True)
class Ruling:
    """One outcome over fields of one collection. `until` is the first day on which it is no longer kept; None where nobody can say yet
    (a contract that runs, a hold without end) or nothing is kept. `ground` is the article that lets it be kept or refused, `class_id` and
    `clause` the duty of the pack; empty strings where none applies."""

    dataset: str
    collection: str
    fields: tuple[str, ...]
    categories: tuple[str, ...]
    outcome: Outcome
    rows: int
    class_id: str
    clause: str
    ground: str
    purposes: tuple[str, ...]
    until: str | None

    @property
    def until_day(self) -> date | None:
        """`until` as a date."""
        return date.fromisoformat(self.until) if self.until is not None else None


@dataclass(frozen=True)
class Decision:
    """The whole of it. `plans` are the digests of the plans frozen for it, by dataset; `recipients` the ids of those of the pack's
    recipients that must be told (GDPR 19); `granted` whether what was asked is done wholly, partly or not at all; `corrections` keyed
    digests over the old and new values of what is corrected (GDPR 16), by dataset."""

    request_id: UUID
    kind: RequestKind
    controller: str
    policy_version: str
    policy_digest: str
    as_of: str
    granted: str  # wholly, partly, refused, nothing-held
    rulings: tuple[Ruling, ...]
    recipients: tuple[str, ...]
    plans: dict[str, str]
    corrections: dict[str, str] = field(default_factory=dict)

    def document(self) -> dict[str, Any]:
        """The decision as plain JSON values."""
        document = {"lethe": "decision/1", **asdict(self), "request_id": str(self.request_id)}
        if not self.corrections:  # nor in decisions of other kinds, whose digests stay what they were
            del document["corrections"]
        return document

    @classmethod
    def from_document(cls, document: Mapping[str, Any]) -> Decision:
        """The decision a stored document stands for. Raises KeyError or TypeError for anything else."""
        values = dict(document)
        if values.pop("lethe", None) != "decision/1":
            raise KeyError("lethe: decision/1")
        values["request_id"], values["recipients"] = UUID(values["request_id"]), tuple(values["recipients"])
        values["rulings"] = tuple(_ruling(item) for item in values["rulings"])
        return cls(**values)

    @cached_property
    def digest(self) -> str:
        """SHA-256 of the canonical document, lower-case hex."""
        return hashlib.sha256(canonical_bytes(self.document(), "decision")).hexdigest()

    def having(self, *outcomes: Outcome) -> tuple[Ruling, ...]:
        """The rulings of these outcomes, in order."""
        return tuple(ruling for ruling in self.rulings if ruling.outcome in outcomes)


def _ruling(item: Mapping[str, Any]) -> Ruling:
    lists = {name: tuple(item[name]) for name in ("fields", "categories", "purposes")}
    return Ruling(**{**item, **lists, "outcome": Outcome(item["outcome"])})
