"""What the static check of a policy has to say (see `governance.run.check`): the proof of each rule, and remarks. Pure values."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from governance.policy.pack import PolicyPack
from governance.policy.schedule import ScheduleProof


class Gravity(StrEnum):
    """What a remark of the check asks for."""

    ERROR = "error"
    WARNING = "warning"
    NOTE = "note"


@dataclass(frozen=True)
class Remark:
    """Something the check has to say: about what place of which document, under which clause."""

    gravity: Gravity
    place: str
    clause: str
    text: str


@dataclass(frozen=True)
class RuleLine:
    """The proof of one rule: its schedule, and how many personal fields of the datasets it covers directly."""

    schedule: ScheduleProof
    fields: int


@dataclass(frozen=True)
class PolicyCheck:
    """What the check of one policy version says. `datasets`: the names of those it was checked with."""

    pack: PolicyPack
    datasets: tuple[str, ...]
    rules: tuple[RuleLine, ...]
    remarks: tuple[Remark, ...]

    @property
    def passed(self) -> bool:
        """Nothing is certain to go wrong."""
        return all(remark.gravity is not Gravity.ERROR for remark in self.remarks)
