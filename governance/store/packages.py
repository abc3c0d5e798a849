"""The register of packages: which were made for which request, until when they lie there, and that they are gone.

Holds digests and times, nothing of what is in a package, and not what opens it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Session

from governance.errors import RequestRefused
from governance.store.database import Store
from governance.store.models import RequestPackageRow


@dataclass(frozen=True)
class Package:
    """One package. See `RequestPackageRow`."""

    id: UUID
    request: UUID
    kind: str
    digest: str
    size: int
    opened_by: str
    made_at: datetime
    expires_at: datetime
    purged_at: datetime | None


class Packages:
    """Reads the register. Raises SurroundingsError when the governance database does not answer."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def get(self, package: UUID) -> Package:
        """Raises RequestRefused where there is no such package."""
        with self._store.begin() as session:
            row = session.get(RequestPackageRow, package)
            if row is None:
                raise RequestRefused(f"there is no package of the id {package}")
            return _package(row)

    def of(self, request: UUID) -> Sequence[Package]:
        """Those of a request, the oldest first."""
        query = sa.select(RequestPackageRow).where(RequestPackageRow.request == request).order_by(RequestPackageRow.made_at)
        with self._store.begin() as session:
            return [_package(row) for row in session.scalars(query)]

    def lying(self, expired_at: datetime | None = None) -> Sequence[Package]:
        """Those whose files were not purged; with an instant, whose time is over then."""
        query = sa.select(RequestPackageRow).where(RequestPackageRow.purged_at.is_(None)).order_by(RequestPackageRow.expires_at)
        if expired_at is not None:
            query = query.where(RequestPackageRow.expires_at <= expired_at)
        with self._store.begin() as session:
            return [_package(row) for row in session.scalars(query)]


def add_package(session: Session, package: Package) -> None:
    """Enter a package, in a transaction of the caller's."""
    session.add(RequestPackageRow(**{name: getattr(package, name) for name in Package.__dataclass_fields__}))


def mark_purged(session: Session, package: UUID, now: datetime) -> bool:
    """Note that its file is gone; False where that stands there already."""
    row = session.get(RequestPackageRow, package, with_for_update=True)
    if row is None or row.purged_at is not None:
        return False
    row.purged_at = now
    return True


def _package(row: RequestPackageRow) -> Package:
    return Package(**{name: getattr(row, name) for name in Package.__dataclass_fields__})
