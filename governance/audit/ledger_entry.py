"""What stands in a ledger: which rows the chunk of one event changed, by keyed reference. One form, whoever keeps it: the loan database,
the copy in the governance database, the archive. Pure; holds no value, reads nothing and judges nothing."""

from __future__ import annotations

from typing import NamedTuple
from uuid import UUID


class LedgerEntry(NamedTuple):
    """What one event changed in one collection. `key_refs` in the order of the rows' keys, over which the event has a digest; `event` are
    its canonical bytes where they were read with it, and empty elsewhere."""

    event_id: UUID
    collection: str
    action: str
    key_refs: tuple[str, ...]
    event: bytes = b""
