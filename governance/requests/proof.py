"""What somebody saw that proves who a person is, and what speaks against it (GDPR 12(6); credithelp art. 26, 31; koduliising 6.9).

Pure. Compares what the paper says with what the request says; whether the paper is genuine only a person can see.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date

from governance.policy.pack import PolicyPack
from governance.requests.fields import FieldFault, line_of_words, person_name
from governance.requests.request import Evidence, Request
from governance.requests.same import same_name


@dataclass(frozen=True)
class Attorney:
    """A power of attorney as it was seen: who granted it to whom, and its last day, if it has one."""

    granted_by: str = field(repr=False)
    granted_to: str = field(repr=False)
    valid_until: date | None


@dataclass(frozen=True)
class Proof:
    """What somebody saw: the kind of evidence, its number or place, the national id it bears if any, and the power of attorney."""

    evidence: Evidence
    detail: str = field(repr=False)
    seen_on: date
    national_id: str | None = field(default=None, repr=False)
    attorney: Attorney | None = None


def faults_of(pack: PolicyPack, request: Request, proof: Proof, today: date) -> Sequence[str]:
    """What speaks against a proof, each as field, expected, found."""
    return [*_unreadable(proof), *_against(pack, request, proof, today), *_of_representative(request, proof)]


def _against(pack: PolicyPack, request: Request, proof: Proof, today: date) -> Iterator[str]:
    if not request.received <= proof.seen_on <= today:
        yield f"seen_on: expected a day from {request.received} to {today}, found another"
    signed = pack.request_rules.signed_mail
    if request.channel == "e-mail" and signed is not None and proof.evidence != "e-signature":
        yield f"evidence: expected e-signature for a request by e-mail ({signed.clause}), found {proof.evidence}"
    known = request.person.national_id
    if known is not None and proof.national_id is not None and known != proof.national_id.strip():
        yield "national_id: expected the one that the request names, found another"


def _of_representative(request: Request, proof: Proof) -> Iterator[str]:
    agent, paper = request.representative, proof.attorney
    if agent is None:
        if paper is not None:
            yield "attorney: expected none, for no representative asks, found one"
    elif paper is None:  # koduliising 6.9, credithelp art. 31
        yield "attorney: expected the power of attorney of the representative, found none"
    else:
        if same_name(paper.granted_by) != same_name(request.person.name):
            yield "attorney.granted_by: expected the person the request is about, found somebody else"
        if same_name(paper.granted_to) != same_name(agent.name):
            yield "attorney.granted_to: expected the representative of the request, found somebody else"
        if paper.valid_until is not None and paper.valid_until < proof.seen_on:
            yield f"attorney.valid_until: expected {proof.seen_on} or later, found a power of attorney that has expired"


def _unreadable(proof: Proof) -> Iterator[str]:
    reads: list[tuple[Callable[[str, object], str], str, object]] = [(line_of_words, "detail", proof.detail)]
    if proof.attorney is not None:
        reads += [(person_name, "name", proof.attorney.granted_by), (person_name, "name", proof.attorney.granted_to)]
    for read, what, value in reads:
        try:
            read(what, value)
        except FieldFault as error:
            yield f"{'attorney' if what == 'name' else what}: expected {error.fault.expected}, found {error.fault.found}"
