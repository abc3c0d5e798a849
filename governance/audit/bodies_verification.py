"""What a verification of the evidence found, in numbers; the findings themselves are told to whoever ran it."""

from __future__ import annotations

from typing import ClassVar

from pydantic import StrictBool

from governance.audit.body import Body, Count, Digest


class VerificationCompleted(Body):
    """The deployment's own evidence was checked: the archive, and with `databases` so many loan databases beside the log.

    `size` and `root` are of the last checkpoint the archive was found to match, null where there was none. `events`, `checkpoints`, `plans`
    and `documents` are those that are as they were sealed; `findings` counts what is wrong, and `success` says that nothing is.
    """

    kind: ClassVar[str] = "verification.completed"
    size: Count | None
    root: Digest | None
    events: Count
    checkpoints: Count
    plans: Count
    documents: Count
    databases: Count
    findings: Count
    success: StrictBool


KINDS: tuple[type[Body], ...] = (VerificationCompleted,)
