"""What the log was last told of documents and keys: digests by subject and name. Telling is one transaction with the events of it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime

import sqlalchemy as sa

from governance.audit.events import Event
from governance.ports import Change
from governance.store import outbox
from governance.store.database import Store
from governance.store.models import ToldRow


class ToldRegister:
    """See the module. Raises SurroundingsError when the governance database does not answer."""

    def __init__(self, store: Store, now: datetime) -> None:
        self._store, self._now = store, now

    def tell(
        self, subject: str, present: Mapping[str, str], unknown: frozenset[str], events: Callable[[Sequence[Change]], list[Event]]
    ) -> int:
        """Commit the events of what differs from what was told, and that it was told. Names in `unknown` are left as they are."""
        with self._store.begin() as session:
            self._store.alone(session, f"told {subject}")
            known = {row.name: row for row in session.scalars(sa.select(ToldRow).where(ToldRow.subject == subject))}
            changes = [
                Change(name, known[name].digest if name in known else None, present.get(name))
                for name in sorted((known.keys() | present.keys()) - unknown)
                if name not in known or known[name].digest != present.get(name)
            ]
            for change in changes:
                if change.after is None:
                    session.delete(known[change.name])
                elif change.name in known:
                    known[change.name].digest, known[change.name].told_at = change.after, self._now
                else:
                    session.add(ToldRow(subject=subject, name=change.name, digest=change.after, told_at=self._now))
            for event in events(changes):
                outbox.append(session, event)
        return len(changes)
