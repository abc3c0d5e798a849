"""What letters to persons tell: that one was made, and its digest. Never what it says or to whom."""

from __future__ import annotations

from typing import ClassVar, Literal

from governance.audit.bodies_requests import RequestId
from governance.audit.body import Body, Count, Day, Digest, Name

#: What a letter is about; `governance.requests.letters`.
LetterKind = Literal["receipt", "identity", "extension", "decision", "refusal", "completion", "lifting"]


class LetterIssued(Body):
    """A letter of a request was made. `letter` is the SHA-256 of the PDF, `words` that of the words of its language, `on` its date."""

    kind: ClassVar[str] = "letter.issued"
    request: RequestId
    number: Count
    letter_kind: LetterKind
    language: Name
    letter: Digest
    words: Digest
    on: Day
    by: Name


KINDS: tuple[type[Body], ...] = (LetterIssued,)
