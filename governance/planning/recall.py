"""What a plan said when it was made: its rules with title, clause and cut-off, by the policy pack it names by digest. Pure."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from governance.errors import EvidenceError
from governance.planning.plan import Plan
from governance.policy.loading import document_digest, parse_yaml


@dataclass(frozen=True)
class RecalledRule:
    """One rule at work in a plan: what the policy called it, where it stands, who says so, and which starts were due ("before")."""

    class_id: str
    title: str
    clause: str
    provenance: str
    cutoff: str


def recall(plan: Plan, policy_text: str) -> tuple[RecalledRule, ...]:
    """The rules of all steps, each once. Reads only ids and titles of the pack, so that packs of an older form still speak.

    Raises EvidenceError if this is not the pack that the plan names, DocumentError if it is no document at all.
    """
    if document_digest(policy_text) != plan.policy_digest:
        raise EvidenceError(f"plan {plan.digest[:12]}: expected the policy pack {plan.policy_digest}, found another")
    titles = dict(_titles(policy_text, f"policy/{plan.policy_digest}.yaml"))
    found = {
        (rule.class_id, rule.cutoff): RecalledRule(rule.class_id, titles[rule.class_id], rule.clause, rule.provenance, rule.cutoff)
        for step in plan.steps
        for rule in step.rules
    }
    return tuple(found.values())


def _titles(policy_text: str, file: str) -> Iterator[tuple[str, str]]:
    pack = parse_yaml(policy_text, file)
    for section in ("deletion_classes", "minimisation_rules"):
        yield from ((item["id"], item["title"]) for item in pack.get(section, ()))
