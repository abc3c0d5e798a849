"""Limits of categories against a governed dataset: what may not be stored, not for this purpose, not in this register, not passed on.

Pure: reads declarations only, so it concerns no rows; the values themselves are nobody's business here. A limit reaches the fields whose
category is its own or lies below it; a field of a wider category (plain `user`) is not assumed to hold what the limit names.

What counts as a purpose of a field: the purposes of every duty that covers it, and of the duties elsewhere that keep it. A must-erase that
reaches it from elsewhere ends its processing and so gives it no purpose.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from governance.catalogue.findings import Finding, FindingKind
from governance.catalogue.governed import Collection, GovernedDataset, GovernedField
from governance.policy.document import covered
from governance.policy.pack import Recipient
from governance.policy.rules import CategoryLimit, Effect


@dataclass(frozen=True, order=True)
class LimitViolation:
    """A finding with the clause that it violates and the reason, in names of documents only."""

    finding: Finding
    clause: str
    reason: str


def category_findings(dataset: GovernedDataset) -> list[Finding]:
    """Every violation of a category limit or of a recipient's entitlement, one finding for each kind and field; `rows` is 0."""
    return sorted({violation.finding for violation in limit_violations(dataset)})


def limit_violations(dataset: GovernedDataset) -> list[LimitViolation]:
    """The same with clauses and reasons; several may stand behind one finding."""
    return sorted(
        violation
        for collection in dataset.collections.values()
        for field in collection.fields.values()
        for violation in (*_limited(dataset, collection, field), *_disclosed(dataset, collection, field))
    )


def listed_although_never_transferred(recipient: Recipient, limit: CategoryLimit) -> str | None:
    """The category by which a pack promises a recipient what it also says is never passed on; None if it does not.

    A wider category of the recipient is no promise: the limit is the exception to it.
    """
    if limit.transfer != "never":
        return None
    return next((listed for listed in recipient.categories if covered(listed, limit.category)), None)


def _limited(dataset: GovernedDataset, collection: Collection, field: GovernedField) -> Iterator[LimitViolation]:
    for limit in dataset.pack.category_limits:
        if not any(covered(category, limit.category) for category in field.categories):
            continue
        for kind, reason in _against(dataset, collection, field, limit):
            yield LimitViolation(Finding(kind, collection.name, field.name, 0), limit.clause, reason)


def _against(
    dataset: GovernedDataset, collection: Collection, field: GovernedField, limit: CategoryLimit
) -> Iterator[tuple[FindingKind, str]]:
    what = limit.category
    if limit.forbidden:
        yield FindingKind.FORBIDDEN_CATEGORY, f"{what} must not be stored at all"
    if limit.purposes is not None:
        for purpose in sorted(_purposes(collection, field.name) - set(limit.purposes)):
            yield FindingKind.CATEGORY_OUTSIDE_PURPOSE, f"{what} only for {_listed(limit.purposes)}, and a duty serves {purpose}"
    if limit.registers is not None and collection.register not in limit.registers:
        found = collection.register or "no register"
        yield FindingKind.CATEGORY_OUTSIDE_REGISTER, f"{what} only in the register {_listed(limit.registers)}, not in {found}"
    for recipient in dataset.pack.recipients:
        disclosed = field.name in collection.disclosures.get(recipient.id, ())
        if limit.transfer == "never" and disclosed:
            yield FindingKind.CATEGORY_TRANSFERRED, f"{what} is never passed on, and {recipient.id} receives it"
        elif listed := listed_although_never_transferred(recipient, limit):
            yield FindingKind.CATEGORY_TRANSFERRED, f"{what} is never passed on, and the pack lists {listed} for {recipient.id}"
        if limit.purposes is not None and disclosed:
            for purpose in sorted(set(recipient.purposes) - set(limit.purposes)):
                yield FindingKind.CATEGORY_TRANSFERRED, f"{what} only for {_listed(limit.purposes)}; {recipient.id} gets it for {purpose}"


def _disclosed(dataset: GovernedDataset, collection: Collection, field: GovernedField) -> Iterator[LimitViolation]:
    """A recipient receives only the categories the pack entitles it to, and only what is held for one of its purposes."""
    finding = Finding(FindingKind.CATEGORY_TRANSFERRED, collection.name, field.name, 0)
    for recipient in dataset.pack.recipients:
        if field.name not in collection.disclosures.get(recipient.id, ()):
            continue
        for category in field.categories:
            if covered(category, "user") and not any(covered(category, listed) for listed in recipient.categories):
                yield LimitViolation(finding, recipient.clause, f"{recipient.id} receives {category}, which the pack does not list for it")
        purposes = _purposes(collection, field.name)
        if not purposes & set(recipient.purposes):
            reason = f"{recipient.id} may receive data for {_listed(recipient.purposes)}, and this is held for {_listed(sorted(purposes))}"
            yield LimitViolation(finding, recipient.clause, reason)


def _purposes(collection: Collection, field: str) -> frozenset[str]:
    found: set[str] = set()
    for group in collection.groups:
        if field in group.fields:
            keeping = (item.duty for item in group.inherited if item.duty.effect is not Effect.MUST_ERASE)
            found.update(*(duty.purposes for duty in (*group.direct, *keeping)))
    return frozenset(found)


def _listed(names: tuple[str, ...] | list[str]) -> str:
    return ", ".join(names)
