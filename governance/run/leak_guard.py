"""An archive that lets nothing through in which personal data stand (design section 7): each object is read once more before it leaves.

What is found is refused, with an incident that says which object, what kind of identifier, how many and where; the object and what waits
behind it stay in the spool. Nothing can be taken out of a sealed log, so a person decides: whoever closes the incident, with nature and
measures written up, lets the object pass. Does not find what was archived before.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from governance.audit.events import PLATFORM
from governance.errors import LeakFound
from governance.planning.leaks import LeakDetector
from governance.ports import Archive, Clock, WormReport
from governance.run.incidents import KIND_OF, open_incident
from governance.store.database import Store
from governance.store.incidents import Incidents


class LeakGuard:
    """The Archive port before another archive. `controller` answers for what concerns no single dataset."""

    def __init__(self, behind: Archive, store: Store, clock: Clock, controller: str) -> None:
        self._behind, self._store, self._clock, self._controller = behind, store, clock, controller
        self._detector = LeakDetector()

    def put(self, name: str, content: bytes, *, retain_until: datetime | None = None) -> None:
        """See the port. Raises LeakFound for an object with personal data in it, unless a person has let it pass."""
        leaks = self._detector.leaks(name, content)
        if leaks and not self._passes(name):
            told = f"{name}: {'; '.join(map(str, leaks))}"
            open_incident(
                self._store,
                self._clock,
                kind=KIND_OF["leak-found"],
                cause="leak-found",
                dataset=PLATFORM,
                detail=told,
                controller=self._controller,
                run_id="archive",
            )
            raise LeakFound(f"{told}; it was not archived, and what waits behind it waits too. See `governance incident list`")
        self._behind.put(name, content, retain_until=retain_until)

    def get(self, name: str) -> bytes:
        """See the port."""
        return self._behind.get(name)

    def names(self, prefix: str = "") -> Iterator[str]:
        """See the port."""
        return self._behind.names(prefix)

    def probe(self, known: WormReport | None = None) -> WormReport:
        """See the port."""
        return self._behind.probe(known)

    def delete_expired(self, name: str) -> None:
        """See the port."""
        self._behind.delete_expired(name)

    def describe(self) -> str:
        """See the port."""
        return self._behind.describe()

    def _passes(self, name: str) -> bool:
        """A closed incident told of it. The name stands at the beginning of what was told, before `: `, which no name contains."""
        register = Incidents(self._store)
        closed = [item for item in register.all(everything=True) if item.cause == "leak-found" and item.closed_at is not None]
        told = (act.entries.get("detail", "") for item in closed for act in register.acts(item.id))
        return any(str(detail).startswith(f"{name}: ") for detail in told)
