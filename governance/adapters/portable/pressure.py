"""The gauge of dialects on which nothing is measured: it never advises against a transaction.

Who else waits is known by the locks' own timeouts alone; replicas of MariaDB are not looked at.
"""

from __future__ import annotations

from governance.ports import Pressure


class Unmeasured:
    """See the module."""

    def require_sight(self) -> None:
        """Nothing is looked at, so nothing is needed."""

    def pressure(self) -> Pressure | None:
        """None."""
        return None

    def close(self) -> None:
        """Nothing is open."""
