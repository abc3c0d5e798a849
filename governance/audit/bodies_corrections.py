"""What is told of rectifications (GDPR 16): corrections entered, rows corrected, and what stayed as it was beside them.

Old and new values stay in the register of requests, encrypted; an event has places, counts, keyed references and keyed digests.
"""

from __future__ import annotations

from typing import Annotated, ClassVar, Literal

from pydantic import StringConstraints

from governance.audit.bodies_requests import RequestId
from governance.audit.body import Body, Count, Digest, Name

#: A keyed digest over old and new values (`governance.pseudonym.corrections`).
KeyedDigest = Annotated[str, StringConstraints(strict=True, pattern=r"^cor[0-9]{1,9}\.[0-9a-f]{64}$")]


class CorrectionsEntered(Body):
    """What is to be corrected was entered, or entered anew: places (`dataset.collection.field`) and categories that were named."""

    kind: ClassVar[str] = "request.corrections-entered"
    request: RequestId
    number: Count
    corrections: Count
    at: tuple[Name, ...]
    by: Name


class RecordCorrected(Body):
    """One statement of a rectification, in the transaction of its change: so many rows of a collection got other values in these fields.
    `refs_digest` is over the keyed references of the rows, which stay in the ledger; `corrections` a keyed digest over places, rows, old
    and new values of this statement. `action` is what the triggers on announced collections ask for."""

    kind: ClassVar[str] = "record.corrected"
    request: RequestId
    number: Count
    decision: Digest
    collection: Name
    action: Literal["correct"]
    fields: tuple[Name, ...]
    changed: Count
    refs_digest: Digest
    corrections: KeyedDigest


class CorrectionCompared(Body):
    """What else a statement of a rectification did, in the same transaction: the server counted `counted` changed rows in the whole table,
    none inserted or deleted; the other columns of these rows are as they were, over which `others` is a keyed digest, but for those that
    `followed` by the lender's own triggers or expressions and hold no personal data."""

    kind: ClassVar[str] = "correction.compared"
    request: RequestId
    number: Count
    decision: Digest
    collection: Name
    fields: tuple[Name, ...]
    counted: Count
    followed: tuple[Name, ...]
    others: KeyedDigest


KINDS: tuple[type[Body], ...] = (CorrectionsEntered, RecordCorrected, CorrectionCompared)
