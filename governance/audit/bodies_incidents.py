"""What the register of incidents tells: one opened, amended, told to somebody, closed.

An incident is named by its number in the register. What people write about it - nature, consequences, measures, reasons - stays in the
register and its acts: it can name persons, and an event can never be taken back.
"""

from __future__ import annotations

from typing import Annotated, ClassVar, Literal

from pydantic import StrictBool, StringConstraints

from governance.audit.body import Body, Count, Name

#: What was harmed (credithelp art. 36; Guidelines 9/2022 of the EDPB, 2.1.2).
IncidentKind = Literal["confidentiality", "availability", "integrity"]
#: What made it known.
IncidentCause = Literal[
    "verification-failed",  # the log or its archive is not what was sealed
    "validation-failed",  # the data are not as the policy demands
    "worm-lost",  # the archive no longer refuses changes
    "archive-down",  # the archive was not reached for longer than it may be
    "leak-found",  # personal data in an artefact that may hold none
    "restore-unreplayed",  # a database went back in time, and what was erased stands again
    "request-overdue",  # a person was not answered in time
    "reported",  # by a person
]
#: Causes that are no breach of security (GDPR 4(12)): by themselves they start no clock to the authority.
NO_BREACH: frozenset[IncidentCause] = frozenset({"request-overdue"})
#: Who was told.
IncidentAddressee = Literal["authority", "persons"]
#: One instant, one text, so that an event comes back byte for byte.
Moment = Annotated[str, StringConstraints(strict=True, pattern=r"^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}\.[0-9]{6}Z$")]


class IncidentOpened(Body):
    """An incident was entered. `concerns` is a dataset, or `-` for none; the clock runs from `aware_at` to `due_at` (GDPR 33(1));
    None: what caused it is no breach of personal data, and no clock runs."""

    kind: ClassVar[str] = "incident.opened"
    incident: Count
    incident_kind: IncidentKind
    cause: IncidentCause
    concerns: Name
    aware_at: Moment
    due_at: Moment | None


class IncidentAmended(Body):
    """Entries of the register were written or changed; `fields` says which, what they say stands there. `by` is `lethe` or a role."""

    kind: ClassVar[str] = "incident.amended"
    incident: Count
    incident_kind: IncidentKind
    due_at: Moment | None
    fields: tuple[Name, ...]
    by: Name


class IncidentNotified(Body):
    """Authority (GDPR 33) or persons (GDPR 34) were told of an incident at `told_at`; `late`: the authority, after its clock ran out."""

    kind: ClassVar[str] = "incident.notified"
    incident: Count
    to: IncidentAddressee
    told_at: Moment
    late: StrictBool
    by: Name


class IncidentClosed(Body):
    """A person closed an incident; whether the authority and the persons were told, or the register says why not."""

    kind: ClassVar[str] = "incident.closed"
    incident: Count
    authority_told: StrictBool
    persons_told: StrictBool
    by: Name


KINDS: tuple[type[Body], ...] = (IncidentOpened, IncidentAmended, IncidentNotified, IncidentClosed)
