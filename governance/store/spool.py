"""Queueing of objects for the archive, in the transaction of what they are evidence of.

Does not talk to the archive; `governance.run.archive` does. Names are create-only here as they are there.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from governance.audit.canonical import digest
from governance.audit.layout import check_name
from governance.errors import ObjectExists
from governance.store.models import SpoolRow


def enqueue(session: Session, name: str, content: bytes, now: datetime) -> None:
    """Queue one object. Queueing the same again is success; other content under the name raises ObjectExists, a bad name EvidenceError."""
    there = session.get(SpoolRow, check_name(name))
    if there is None:
        session.add(SpoolRow(name=name, content=content, sha256=digest(content), queued_at=now))
        session.flush()  # one by one: their order is the order of positions
    elif there.sha256 != digest(content):
        raise ObjectExists(f"{name}: already queued for the archive with other content")


def retained_longer(session: Session, ends: Iterable[tuple[str, datetime]]) -> None:
    """Note until when objects that lie in the archive are locked now."""
    for name, end in ends:
        session.execute(sa.update(SpoolRow).where(SpoolRow.name == name).values(retain_until=end))
