"""Whether the declared copies of a dataset are sound: they end, in time, and where data may be stored. Pure; reads documents only.

A copy that is kept longer than a class tolerates its data beyond their due date makes the policy's promise untrue, although the database
keeps it. That is told of every such copy; where a person wrote why it may be (`outlives_because`), it stands for the record only.
"""

from __future__ import annotations

from collections.abc import Iterator

from governance.catalogue.copies import Copy, Deletion
from governance.catalogue.findings import WHOLE, Finding, FindingKind
from governance.catalogue.governed import GovernedDataset
from governance.catalogue.remarks import Gravity, Remark
from governance.policy.schedule import ScheduleProof, longest_hours, schedule_proof


def copy_findings(dataset: GovernedDataset) -> list[Finding]:
    """Copies that never lose what is erased (GDPR 5(1)(e)); the check says the same of the documents before any night."""
    return [
        Finding(FindingKind.UNBOUNDED_COPY, WHOLE, copy.name, 0, f"{copy.kind}, {copy.owner} answers for it: retention unbounded")
        for copy in dataset.copies or ()
        if copy.retention is None
    ]


def copy_remarks(dataset: GovernedDataset) -> Iterator[Remark]:
    """What `governance check` has to say about the copies: faults first, then each copy as it is declared."""
    if dataset.copies is None:
        text = "no copies are declared; `copies: {}` says that there are none, and only then a run can say when the last one is gone"
        yield Remark(Gravity.WARNING, f"{dataset.name}: copies", "GDPR 5(2)", text)
        return
    proofs = {proof.rule.id: proof for proof in schedule_proof(dataset.pack)}
    for copy in dataset.copies:
        place = f"{dataset.name}: copies.{copy.name}"
        if copy.retention is None:
            yield Remark(Gravity.ERROR, place, "GDPR 5(1)(e)", f"what is erased stays in this {copy.kind} for ever: retention is unbounded")
        else:
            yield from _outlived(dataset, copy, place, proofs)
        residency = dataset.pack.residency
        if residency is not None and copy.country not in residency.storage:
            text = f"lies in {copy.country}, and data may be stored in {', '.join(residency.storage)}"
            yield Remark(Gravity.ERROR, place, residency.clause, text)
        yield Remark(Gravity.NOTE, place, "declared", told(dataset, copy))


def _outlived(dataset: GovernedDataset, copy: Copy, place: str, proofs: dict[str, ScheduleProof]) -> Iterator[Remark]:
    """The classes at work in the copy's collections whose last lawful day it may outlive: slowest run, then its whole retention."""
    if copy.retention is None:
        return
    duties = {duty.class_id: duty for name in sorted(copy.collections) for duty in dataset.collections[name].duties}
    kept = longest_hours(copy.retention)
    late = [proofs[name] for name in duties if proofs[name].needed + kept > proofs[name].granted]
    if not late:
        return
    worst = max(late, key=lambda proof: (proof.needed + kept - proof.granted, proof.rule.id))
    over = worst.needed + kept - worst.granted
    clauses = "; ".join(dict.fromkeys(duties[proof.rule.id].clause for proof in late))
    text = (
        f"{copy.retention} may outlive the last lawful day of {', '.join(proof.rule.id for proof in late)}, "
        f"by up to {over} h of {worst.rule.id}, which tolerates {worst.tolerance}"
    )
    if copy.outlives_because is not None:
        yield Remark(Gravity.NOTE, place, clauses, f"{text}; because: {copy.outlives_because}")
    else:
        yield Remark(Gravity.WARNING, place, clauses, text)


def told(dataset: GovernedDataset, copy: Copy) -> str:
    """A copy in one line."""
    whole = copy.collections == frozenset(dataset.collections)
    holds = "all collections" if whole else ", ".join(sorted(copy.collections))
    ways = {
        Deletion.FOLLOWS: "erasures follow"
        + (f", at the latest after {copy.retention}" if copy.retention and copy.retention.hours != 0 else ""),
        Deletion.EXPIRES: f"expires after {copy.retention or 'no time'}",
        Deletion.ON_REQUEST: f"erases on request within {copy.retention or 'no time'}",
    }
    return f"{copy.kind} of {holds} at {copy.place} ({copy.country}); {ways[copy.deletion]}; {copy.owner} answers for it"
