"""Holds that people place beside what the data themselves say: legal dispute, authority request, restriction, statutory blocking.

A hold on a row of the subjects' collection covers everything of that person; any other covers that record. It stops every duty of what it
covers, whatever the policy says of extensions, until it is released or its date has come (design section 1).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum


class HoldKind(StrEnum):
    """Why data may not be changed."""

    LEGAL_DISPUTE = "legal-dispute"  # credithelp art. 21; GDPR 17(3)(e)
    AUTHORITY_REQUEST = "authority-request"  # credithelp art. 21
    RESTRICTION = "restriction"  # GDPR 18; credit-plus 8.3.2
    STATUTORY_BLOCKING = "statutory-blocking"  # Kazakhstan 94-V


@dataclass(frozen=True)
class Hold:
    """A hold that was not released. `key` is the row's key as text; `until` the first day on which it no longer holds, None for open."""

    id: str
    collection: str
    key: str
    kind: HoldKind
    clause: str
    until: date | None

    def active(self, today: date) -> bool:
        """Whether it holds on a date of the controller's calendar."""
        return self.until is None or today < self.until
