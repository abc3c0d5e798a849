"""Entries of the register of requests that may go, and their deletion. DANGEROUS: what goes is gone, and its keyed tokens with it.

The database refuses to delete a request that is open, and an act of one that stands. Decides nothing about when; `governance.run` does.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Session

from governance.requests.request import Entry
from governance.store.models import Base, RequestMarkRow, RequestRow
from governance.store.request_texts import entry_of


def closed_before(session: Session, controller: str, instant: datetime) -> Sequence[Entry]:
    """A controller's requests that were closed before that instant and on which no mark rests any more, the oldest first."""
    marked = sa.select(RequestMarkRow.request).where(RequestMarkRow.request == RequestRow.id, RequestMarkRow.ended_at.is_(None)).exists()
    query = sa.select(RequestRow).where(RequestRow.controller == controller, RequestRow.closed_at < instant, sa.not_(marked))
    return [entry_of(row) for row in session.scalars(query.order_by(RequestRow.closed_at))]


def purge(session: Session, ids: Sequence[UUID]) -> None:
    """Delete closed requests with everything that any table keeps of them: whatever has a column `request` is a part of one."""
    session.execute(sa.delete(RequestRow).where(RequestRow.id.in_(ids)))  # first: an act stands while its request does
    for table in parts():
        session.execute(sa.delete(table).where(table.c.request.in_(ids)))


def parts() -> Sequence[sa.Table]:
    """The tables that keep parts of requests, the last made first."""
    return [table for table in reversed(Base.metadata.sorted_tables) if "request" in table.c and isinstance(table.c.request.type, sa.Uuid)]
