"""What every kind of event body is made of: the base model, the fields it may have, and how names, messages and instants are written.

The kinds themselves stand beside this file (`bodies_*`), the vocabulary that is made of them in `events`.
"""

from __future__ import annotations

import hashlib
import re
from datetime import UTC, datetime
from typing import Annotated, ClassVar

from pydantic import AfterValidator, AwareDatetime, BaseModel, ConfigDict, Field, StrictInt, StringConstraints

from governance.errors import DocumentError
from governance.policy.printable import printable

_INSTANT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z")
_NAME_LENGTH = 250
_DETAIL_LENGTH = 1000

Count = Annotated[StrictInt, Field(ge=0)]
Digest = Annotated[str, StringConstraints(strict=True, pattern=r"^[0-9a-f]{64}$")]
Name = Annotated[str, StringConstraints(strict=True, min_length=1, max_length=_NAME_LENGTH, pattern=r"^[^\x00-\x1f\x7f]+$")]
Detail = Annotated[str, StringConstraints(strict=True, max_length=_DETAIL_LENGTH, pattern=r"^[^\x00-\x1f\x7f]*$")]
Scope = Annotated[str, StringConstraints(strict=True, pattern=r"^([0-9a-f]{64}|[0-9]{4})$")]  # a plan's digest or a calendar year
Day = Annotated[str, StringConstraints(strict=True, pattern=r"^[0-9]{4}-[0-9]{2}-[0-9]{2}$")]
Instant = Annotated[AwareDatetime, AfterValidator(lambda instant: instant.astimezone(UTC))]


def name_text(text: str) -> str:
    """A name that a lender gave, as an event takes it: what cannot be printed is escaped, and what is longer than a `Name` is cut, with a
    digest of the whole at its end."""
    plain = printable(text)
    if len(plain) <= _NAME_LENGTH:
        return plain
    digest = hashlib.sha256(text.encode()).hexdigest()[:16]
    return f"{plain[: _NAME_LENGTH - len(digest) - 1]}~{digest}"


def detail_text(text: str) -> str:
    """A message of ours, as an event takes it: printable, and cut where it is longer than a `Detail`."""
    plain = printable(text)
    return plain if len(plain) <= _DETAIL_LENGTH else f"{plain[: _DETAIL_LENGTH - 3]}..."


def instant_text(instant: datetime) -> str:
    """RFC 3339 in UTC with six decimals and `Z`: one instant, one text. Raises DocumentError for a time without a zone."""
    if instant.tzinfo is None:
        raise DocumentError("audit event", "at", "a time with a time zone", "one without")
    return instant.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ").rjust(27, "0")  # %Y is not padded everywhere


def parse_instant(text: object, what: str, path: str) -> datetime:
    """Read back what `instant_text` wrote, and nothing else. Raises DocumentError."""
    try:
        if isinstance(text, str) and _INSTANT.fullmatch(text):
            return datetime.fromisoformat(text)
    except ValueError:
        pass
    raise DocumentError(what, path, "an instant like 2026-01-31T02:00:00.000000Z", type(text).__name__)


class Body(BaseModel):
    """What one kind of event says. Subclasses name their `kind`; their fields are the whole content."""

    model_config = ConfigDict(extra="forbid", frozen=True, validate_by_name=True, validate_by_alias=True, serialize_by_alias=True)
    kind: ClassVar[str]
