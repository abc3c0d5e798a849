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
from governance.store.models import RequestActRow, RequestRecipientRow, RequestRow, RequestTokenRow
from governance.store.request_texts import entry_of


def closed_before(session: Session, controller: str, instant: datetime) -> Sequence[Entry]:
    """A controller's requests that were closed before that instant, the oldest first."""
    query = sa.select(RequestRow).where(RequestRow.controller == controller, RequestRow.closed_at < instant)
    return [entry_of(row) for row in session.scalars(query.order_by(RequestRow.closed_at))]


def purge(session: Session, ids: Sequence[UUID]) -> None:
    """Delete closed requests with their tokens, recipients and acts."""
    session.execute(sa.delete(RequestTokenRow).where(RequestTokenRow.request.in_(ids)))
    session.execute(sa.delete(RequestRecipientRow).where(RequestRecipientRow.request.in_(ids)))
    session.execute(sa.delete(RequestRow).where(RequestRow.id.in_(ids)))
    session.execute(sa.delete(RequestActRow).where(RequestActRow.request.in_(ids)))  # last: an act stands while its request does
