"""The caps of a run by collection: what the policy pack says of all, and what a dataset says of one. Pure.

A dataset knows its collections, a pack does not; so the general caps stand in the pack and the exceptions in the dataset, each with the
clause that allows it and the reason for it.
"""

from __future__ import annotations

from typing import Annotated, Self

from pydantic import Field, model_validator

from governance.policy.document import Strict
from governance.policy.rules import Caps

Cited = Annotated[str, Field(pattern=r"\S")]


class CollectionCaps(Strict):
    """What differs from the pack's caps for one collection. Strict numbers, as in `governance.policy.rules.Caps`."""

    max_share: float | None = Field(default=None, gt=0, le=1, strict=True)
    max_rows: int | None = Field(default=None, gt=0, strict=True)
    share_from_rows: int | None = Field(default=None, ge=0, strict=True)
    clause: Cited
    reason: Cited

    @model_validator(mode="after")
    def _differs(self) -> Self:
        if self.max_share is None and self.max_rows is None and self.share_from_rows is None:
            raise ValueError("one of max_share, max_rows, share_from_rows: caps that say nothing are the pack's")
        return self

    def over(self, caps: Caps) -> Caps:
        """The pack's caps with these in their place; the clause is the dataset's."""
        own = {"max_share": self.max_share, "max_rows": self.max_rows, "share_from_rows": self.share_from_rows}
        return caps.model_copy(update={name: value for name, value in own.items() if value is not None} | {"clause": self.clause})

    def wider_than(self, caps: Caps) -> bool:
        """Some run would pass these and not the pack's."""
        found = self.over(caps)
        return found.max_share > caps.max_share or found.max_rows > caps.max_rows or found.share_from_rows > caps.share_from_rows
