"""Use case: prove a policy and its datasets before any night runs under them. Reads documents only; touches no database.

For one policy version with the datasets bound to it: every rule's schedule fits, every rule is at work somewhere, every personal field is
covered, no duty is empty or without effect, no category is where it may not be. What is certain to go wrong is an error and fails the
check; what a person should look at is a warning; what the law asks of the surroundings is said for the record.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence

from governance.catalogue.copies_check import copy_remarks
from governance.catalogue.governed import GovernedDataset
from governance.catalogue.limits import limit_violations, listed_although_never_transferred
from governance.catalogue.remarks import Gravity, PolicyCheck, Remark, RuleLine
from governance.catalogue.soundness import bound_rules, faults
from governance.policy.document import Provenance
from governance.policy.pack import PolicyPack
from governance.policy.rights import DECIDED
from governance.policy.rules import DeletionClass, Effect, RecordCheck
from governance.policy.schedule import CADENCE, ScheduleProof, cadence_is_kept, schedule_proof


def check_policy(pack: PolicyPack, datasets: Sequence[GovernedDataset]) -> PolicyCheck:
    """Check a policy with all datasets that are governed by it. Without any, what concerns bindings is not judged."""
    fields: Counter[str] = Counter()
    for dataset in datasets:
        fields.update(bound_rules(dataset))
    proofs = schedule_proof(pack)
    remarks = [*_schedule(pack, proofs), *_withdrawal(pack), *_rights(pack), *_transfers(pack)]
    if datasets:
        remarks += [*_unbound(pack, datasets)]
    for dataset in datasets:
        remarks += [*_dataset(dataset)]
    remarks += [*_residency(pack)]
    lines = tuple(RuleLine(proof, fields[proof.rule.id]) for proof in proofs)
    return PolicyCheck(pack, tuple(dataset.name for dataset in datasets), lines, tuple(remarks))


def _schedule(pack: PolicyPack, proofs: Sequence[ScheduleProof]) -> Iterator[Remark]:
    if not cadence_is_kept(pack):
        text = f"a scan every {pack.schedule.scan} is promised, and the nightly run comes every {CADENCE}"
        yield Remark(Gravity.ERROR, "schedule.scan", pack.schedule.clause, text)
    for proof in proofs:
        if not proof.fits:
            text = f"up to {proof.needed} h until what is due is gone, and {proof.tolerance} tolerates no more than {proof.granted} h"
            yield Remark(Gravity.ERROR, proof.rule.id, proof.rule.clause, text)


def _withdrawal(pack: PolicyPack) -> Iterator[Remark]:
    """Erasure of what rests on consent waits for open obligations where the policy says so, and nowhere else."""
    withdrawal = pack.consent_withdrawal
    if withdrawal is None:
        return
    consent = {purpose.id for purpose in pack.purposes if purpose.legal_basis == "consent"}
    debts = {extension.id for extension in pack.extensions if extension.kind == "open-debt"}
    for rule in pack.rules:
        if rule.effect is not Effect.MUST_ERASE or not consent.issuperset(rule.purposes):
            continue
        if withdrawal.when == "obligations-met" and withdrawal.extension not in rule.extended_by:
            text = f"consent may be withdrawn once obligations are met, so the class must be extended by {withdrawal.extension}"
            yield Remark(Gravity.ERROR, rule.id, withdrawal.clause, text)
        if withdrawal.when == "any-time":
            for extension in sorted(debts.intersection(rule.extended_by)):
                text = f"consent may be withdrawn at any time, so an open debt ({extension}) must not extend the class"
                yield Remark(Gravity.ERROR, rule.id, withdrawal.clause, text)


def _rights(pack: PolicyPack) -> Iterator[Remark]:
    """Nothing that must be kept ends because a person asks, and of everything that is kept it is said whether it does."""
    legal = {purpose.id for purpose in pack.purposes if purpose.legal_basis == "legal-obligation"}
    for right in pack.rights:
        for item in right.yields:
            rule = pack.rule(item.class_id)
            if rule is not None and rule.effect is Effect.MUST_KEEP:
                text = f"a class that must be kept yields to {right.kind}"
                yield Remark(Gravity.ERROR, rule.id, item.clause, text)
            elif rule is not None and rule.effect is Effect.MAY_KEEP and (served := sorted(legal.intersection(rule.purposes))):
                text = f"a class that serves a legal obligation ({', '.join(served)}) yields to {right.kind}: GDPR 17(3)(b)"
                yield Remark(Gravity.ERROR, rule.id, item.clause, text)
        if right.kind != "erasure":
            continue
        for rule in pack.rules:
            if rule.effect is not Effect.MUST_ERASE and right.yielding(rule.id) is None and right.staying(rule.id) is None:
                text = "rights.erasure does not say whether the class yields or stays, and on which ground"
                yield Remark(Gravity.ERROR, rule.id, right.clause, text)
    stated = {right.kind for right in pack.rights}
    for clock in pack.request_clocks:
        for kind in clock.kinds:
            if kind in DECIDED and kind not in stated:
                yield Remark(Gravity.WARNING, f"rights.{kind}", clock.clause, "a clock runs for it, and no right says what is done")


def _transfers(pack: PolicyPack) -> Iterator[Remark]:
    for limit in pack.category_limits:
        for recipient in pack.recipients:
            if listed := listed_although_never_transferred(recipient, limit):
                text = f"{limit.category} is never passed on, and the recipient is listed for {listed}"
                yield Remark(Gravity.ERROR, recipient.id, limit.clause, text)


def _unbound(pack: PolicyPack, datasets: Sequence[GovernedDataset]) -> Iterator[Remark]:
    """What no dataset binds is enforced nowhere. The company's own word must be; a statute may concern data that it does not hold."""
    bound = {class_id for dataset in datasets for class_id in bound_rules(dataset)}
    checked = {item.id for dataset in datasets for item in dataset.record_checks}
    unbound: list[DeletionClass | RecordCheck] = [rule for rule in pack.rules if rule.id not in bound]
    unbound += [item for item in pack.record_checks if item.id not in checked]
    for item in unbound:
        gravity = Gravity.ERROR if item.provenance is Provenance.SOURCE else Gravity.WARNING
        yield Remark(gravity, item.id, item.clause, f"not bound in any dataset, although {item.provenance}")


def _dataset(dataset: GovernedDataset) -> Iterator[Remark]:
    for fault in faults(dataset):
        place = f"{dataset.name}: {fault.collection}.{', '.join(fault.fields)}"
        yield Remark(Gravity.ERROR if fault.certain else Gravity.WARNING, place, fault.clause, fault.text)
    for violation in limit_violations(dataset):
        place = f"{dataset.name}: {violation.finding.collection}.{violation.finding.field}"
        yield Remark(Gravity.ERROR, place, violation.clause, f"{violation.finding.kind}: {violation.reason}")
    yield from copy_remarks(dataset)
    for collection in dataset.collections.values():
        if collection.caps is not None:
            wider = collection.caps.wider_than(dataset.pack.caps)
            text = f"caps of its own{', wider than the pack allows' if wider else ''}, because: {collection.caps.reason}"
            place = f"{dataset.name}: {collection.name}.caps"
            yield Remark(Gravity.WARNING if wider else Gravity.NOTE, place, collection.caps.clause, text)


def _residency(pack: PolicyPack) -> Iterator[Remark]:
    """Where an archive lies is not in its address, so this is for the operator to see to."""
    if pack.residency is not None:
        text = f"data may be stored in {', '.join(pack.residency.storage)} and evidence archived in {', '.join(pack.residency.archive)}"
        yield Remark(Gravity.NOTE, "residency", pack.residency.clause, text)
