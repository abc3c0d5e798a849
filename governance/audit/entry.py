"""A sealed entry: an event with its place in the log. One line of canonical JSON `{"event":…,"sealed_at":…,"seq":n}`.

The Merkle leaf is hashed over exactly these bytes (without the line's newline). `seq` counts from zero and is the leaf's position.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache

from governance.audit.body import instant_text, parse_instant
from governance.audit.canonical import canonical_bytes, parse_canonical
from governance.audit.events import Event, from_canonical
from governance.errors import DocumentError


@dataclass(frozen=True)
class Entry:
    """An event as it stands in the log."""

    seq: int
    sealed_at: datetime
    event: Event


def entry_bytes(seq: int, sealed_at: datetime, event: bytes) -> bytes:
    """The line of an event whose canonical bytes are given; they are taken over as they are."""
    # RFC 8785 3.2.3: keys sorted; "event" < "sealed_at" < "seq".
    return b'{"event":%b,"sealed_at":"%b","seq":%d}' % (event, _instant_bytes(sealed_at), seq)


def parse_entry(line: bytes, what: str) -> Entry:
    """Read a line back; `what` names it in errors. Raises DocumentError."""
    document = parse_canonical(line, what)
    if not isinstance(document, dict) or set(document) != {"event", "sealed_at", "seq"}:
        raise DocumentError(what, "", "an object with event, sealed_at and seq", "something else")
    seq = document["seq"]
    if type(seq) is not int or seq < 0:
        raise DocumentError(what, "seq", "a whole number from zero", type(seq).__name__)
    event = from_canonical(canonical_bytes(document["event"], what), what)
    return Entry(seq, parse_instant(document["sealed_at"], what, "sealed_at"), event)


@lru_cache(maxsize=4)
def _instant_bytes(instant: datetime) -> bytes:
    """One instant for all events of a round."""
    return instant_text(instant).encode()
