"""The narrow door to the register of requests. `governance.store.requests` stands behind it."""

from __future__ import annotations

from datetime import datetime
from typing import Protocol
from uuid import UUID

from governance.requests.request import Request, Stage


class RequestRegister(Protocol):
    """Keeps requests, their identity fields encrypted."""

    def get(self, request_id: UUID) -> Request:
        """The request of that id, as it stands. Raises RequestUnknown."""
        ...

    def advance(self, request_id: UUID, to: Stage, *, by: str, now: datetime, reason: str = "") -> Request:
        """Move a request to a stage, with its event, in one transaction; moving it to where it already is, is success and tells nothing.

        `by` is a role or login, `reason` a text that stays in the register. Raises RequestUnknown; RequestRefused where
        `governance.requests.request.NEXT` does not allow it.
        """
        ...
