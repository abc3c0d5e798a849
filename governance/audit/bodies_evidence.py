"""What the log tells of itself and of its archive."""

from __future__ import annotations

from typing import ClassVar

from pydantic import StrictBool

from governance.audit.body import Body, Count, Detail


class ArchiveProbed(Body):
    """What the archive was seen to enforce on throw-away objects; null where it was not tried."""

    kind: ClassVar[str] = "archive.probed"
    overwrite_refused: StrictBool | None
    delete_refused: StrictBool | None
    shorten_refused: StrictBool | None
    downgrade_refused: StrictBool | None
    worm: StrictBool
    detail: Detail


class LogHeartbeat(Body):
    """Nothing else happened since the checkpoint of `size` events; lets each day have its own checkpoint."""

    kind: ClassVar[str] = "log.heartbeat"
    size: Count


KINDS: tuple[type[Body], ...] = (ArchiveProbed, LogHeartbeat)
