"""What a policy says about requests beside their clocks: when a clock may be suspended, what may be refused or charged, when a request is a
repetition, and how long the register of requests itself is kept.

What a pack does not state does not apply: no suspension, no refusal as excessive, no signature for e-mail. Two terms have a default.
"""

from __future__ import annotations

from typing import Literal

from pydantic import Field, field_validator

from governance.policy.document import Cited, PeriodField, Provenance, Strict
from governance.policy.period import Period


class RequestPause(Cited):
    """The clock is suspended while a proof of identity is awaited that was asked for without delay (GDPR 12(6); EDPB Guidelines 01/2022,
    paragraph 157)."""

    awaiting: Literal["identity"]


class RequestRefusal(Cited):
    """Requests that may be refused for what they are, and whether a fee may be asked for them instead (GDPR 12(5))."""

    grounds: tuple[Literal["unfounded", "excessive"], ...] = Field(min_length=1)
    charge: bool = False


class RequestTerm(Cited):
    """A term counted from the day on which a request was closed."""

    period: PeriodField

    @field_validator("period")
    @classmethod
    def _in_days(cls, period: Period) -> Period:
        if period.hours is not None:
            raise ValueError("a calendar period such as P5Y: days of closing have no hour")
        return period


class SignedMail(Cited):
    """By e-mail a request counts as proved only with an electronic signature (credithelp art. 31)."""


_KEPT = RequestTerm(period=Period.parse("P5Y"), clause="GDPR 5(2), 5(1)(e)", provenance=Provenance.DERIVED)
_REPEATED = RequestTerm(period=Period.parse("P12M"), clause="GDPR 12(5)", provenance=Provenance.DERIVED)


class RequestRules(Strict):
    """See the module. `keep`: entries of the register, after they were closed; `repeated`: one of the same person and kind that comes
    within this term after the last was closed repeats it."""

    pause: RequestPause | None = None
    refusal: RequestRefusal | None = None
    signed_mail: SignedMail | None = None
    repeated: RequestTerm = _REPEATED
    keep: RequestTerm = _KEPT
