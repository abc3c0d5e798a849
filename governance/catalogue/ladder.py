"""The backlog ladder: how the first enforcement on an old database proceeds, rung by rung, with a person's word between them. Pure.

A database that nobody ever cleaned has years of data due at once. They go in steps: a dry run, then a small share of the persons, a larger
one, all. Each rung is a plan of its own, approved by its digest, enforced and validated before the next is planned.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, Self

from pydantic import Field, model_validator

from governance.policy.document import Strict


class Ladder(Strict):
    """A dataset's ladder: used for a first enforcement of more than `from_rows` row changes. `rungs` are shares of all persons in percent,
    rising; after the last of them come all. `off_because` is the reason why there is none."""

    from_rows: int = Field(default=10_000, ge=0, strict=True)
    rungs: tuple[Annotated[int, Field(ge=1, le=99, strict=True)], ...] = Field(default=(1, 10), min_length=1)
    off_because: Annotated[str, Field(pattern=r"\S")] | None = None

    @model_validator(mode="after")
    def _rises(self) -> Self:
        if any(one >= other for one, other in zip(self.rungs, self.rungs[1:], strict=False)):
            raise ValueError("rungs that rise, each a share of all persons in percent")
        if self.off_because is not None and self.model_fields_set != {"off_because"}:
            raise ValueError("off_because alone: a ladder that is off has no rungs")
        return self


@dataclass(frozen=True)
class NextRung:
    """The rung to be planned: the `number`th of `of`, about `percent` of all persons, if there are more than `from_rows` row changes."""

    number: int
    of: int
    percent: int
    from_rows: int


def next_rung(ladder: Ladder, passed: int) -> NextRung | None:
    """The rung after the last one passed; None where there is no ladder, or all rungs were passed."""
    shares = (*ladder.rungs, 100)
    if ladder.off_because is not None or passed >= len(shares):
        return None
    return NextRung(passed + 1, len(shares), shares[passed], ladder.from_rows if passed == 0 else 0)
