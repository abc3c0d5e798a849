"""Puts events, ledger entries and papers together into what they say of one record. See `governance.run.why`.

Believes a ledger entry only where the event has a digest over just its references.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any, TypeVar

from governance.audit.bodies_enforcement import ChunkEnforced, CopiesTold, ValidationCompleted
from governance.audit.bodies_plan import HoldPlaced, HoldReleased, PlanFrozen, ResolutionRecorded
from governance.audit.body import Body
from governance.audit.ledger_entry import LedgerEntry
from governance.errors import EvidenceError
from governance.planning.answer import PolicyInForce
from governance.planning.history import Approved, Change, HoldSpan, Recorded, RuleAtWork, Validated
from governance.planning.plan import Plan, StepAction
from governance.planning.recall import recall
from governance.policy.loading import document_digest, parse_yaml
from governance.pseudonym.tokens import references_digest
from governance.run.trails import Papers

BodyT = TypeVar("BodyT", bound=Body)

#: What is read whole, for it says something of every record.
KINDS = ("plan.frozen", "resolution.recorded", "validation.completed", "copies.told", "hold.released")


class Reader:
    """Puts events together into what they say of one record."""

    def __init__(self, found: Sequence[Recorded], papers: Papers, zone: Any) -> None:
        self.by_id = {item.event.event_id: item for item in found}
        self._papers, self._zone = papers, zone
        self._texts: dict[str, str | None] = {}

    def _of(self, body: type[BodyT]) -> list[tuple[Recorded, BodyT]]:
        found = [(item, item.event.body) for item in self.by_id.values() if isinstance(item.event.body, body)]
        return sorted(found, key=lambda pair: pair[0].event.at)

    def change(self, entry: LedgerEntry, references: Sequence[str]) -> Change:
        """What the event of a ledger entry did. Raises EvidenceError where it did that to other rows."""
        source = self.by_id[entry.event_id]
        body = source.event.body
        if not isinstance(body, ChunkEnforced) or references_digest(entry.key_refs) != body.refs_digest:
            raise EvidenceError(f"the ledger entry of event {entry.event_id} does not hold the references that the event has a digest over")
        plan = self._papers.plan(body.plan_digest)
        return Change(
            source=source,
            action=StepAction(body.action),
            fields=body.fields,
            rules=self._rules(body, plan),
            plan_digest=body.plan_digest,
            policy_version=plan.policy_version if plan is not None else None,
            policy_digest=plan.policy_digest if plan is not None else None,
            as_of=plan.as_of if plan is not None else None,
            approval=self._approval(plan, source.event.at) if plan is not None else None,
            validations=tuple(
                Validated(item.event.at, said.success, said.evaluated)
                for item, said in self._of(ValidationCompleted)
                if said.plan_digest == body.plan_digest
            ),
            copies_gone_on=self._copies(body),
            reference=next(reference for reference in references if reference in entry.key_refs),
        )

    def _rules(self, body: ChunkEnforced, plan: Plan | None) -> tuple[RuleAtWork, ...]:
        step = next((item for item in plan.steps if item.number == body.step), None) if plan is not None else None
        text = self._policy_text(plan.policy_digest) if plan is not None else None
        titles = {rule.class_id: rule.title for rule in recall(plan, text)} if plan is not None and text is not None else {}
        if step is None:
            return tuple(RuleAtWork(rule.class_, rule.clause, None, None, None) for rule in body.rules)
        return tuple(RuleAtWork(rule.class_id, rule.clause, titles.get(rule.class_id), rule.provenance, rule.cutoff) for rule in step.rules)

    def _approval(self, plan: Plan, at: datetime) -> Approved | None:
        """As `run.resolve.require_resolution` takes it: one for the plan itself goes before one for the year; of each the last."""
        year = str(plan.as_of_instant.astimezone(self._zone).year)
        made = [(item, said) for item, said in self._of(ResolutionRecorded) if said.policy_digest == plan.policy_digest]
        for scope in (plan.digest, year):
            fitting = [(item, said) for item, said in made if said.scope == scope and item.event.at <= at]
            if fitting:
                item, said = fitting[-1]
                return Approved(said.scope, said.proposed_by, said.agreed_by, said.resolved_by, item.event.at)
        return None

    def _copies(self, body: ChunkEnforced) -> str | None:
        told = [said for _, said in self._of(CopiesTold) if said.plan_digest == body.plan_digest and said.declared]
        return next((item.last_gone_on for said in told for item in said.collections if item.collection == body.collection), None)

    def holds(self, collection: str, references: Sequence[str], persons: Sequence[tuple[str, tuple[str, ...]]]) -> tuple[HoldSpan, ...]:
        """Holds on the record, and on the persons it belongs to."""
        released = {said.hold_id: (item.event.at, said.released_by) for item, said in self._of(HoldReleased)}
        found = []
        for item, said in self._of(HoldPlaced):
            if said.collection == collection and said.key_ref in references:
                covers = "record"
            elif any(said.collection == name and said.key_ref in made for name, made in persons):
                covers = "person"
            else:
                continue
            ended_at, ended_by = released.get(said.hold_id, (None, None))
            spans = (said.hold_id, covers, said.hold_kind, said.clause, item.event.at, said.placed_by, said.until, ended_at, ended_by)
            found.append(HoldSpan(*spans))
        return tuple(found)

    def policy(self, at: datetime, on: date, packs: Sequence[str]) -> PolicyInForce | None:
        """The version with the latest effective_from not after the day; of two of one day the one that plans were made under last before
        the instant."""
        planned = [(said.as_of, said.policy_digest) for _, said in self._of(PlanFrozen)]
        known = {document_digest(text): text for text in packs}
        known |= {digest: text for _, digest in planned if (text := self._policy_text(digest)) is not None}
        used = {digest: max((as_of for as_of, by in planned if by == digest and as_of <= at), default=None) for digest in known}
        fitting = []
        for digest, text in known.items():
            pack = parse_yaml(text, f"policy/{digest}.yaml")
            since = date.fromisoformat(str(pack["effective_from"]))
            if since <= on:
                last = used[digest]
                rank = (since, last is not None, last.timestamp() if last is not None else 0.0, digest)
                fitting.append((rank, PolicyInForce(str(pack["version"]), digest, since, text, any(by == digest for _, by in planned))))
        return max(fitting, key=lambda pair: pair[0])[1] if fitting else None

    def data_map(self, policy: PolicyInForce, at: datetime) -> str | None:
        """The dataset text of the plan under that policy which is nearest to the instant: the last before it, else the first after it."""
        under = [(said.as_of, said.plan_digest) for _, said in self._of(PlanFrozen) if said.policy_digest == policy.digest]
        before, after = [item for item in under if item[0] <= at], [item for item in under if item[0] > at]
        nearest = max(before, default=None) or min(after, default=None)
        plan = self._papers.plan(nearest[1]) if nearest is not None else None
        return self._papers.dataset(plan.dataset_digest) if plan is not None else None

    def _policy_text(self, digest: str) -> str | None:
        if digest not in self._texts:
            self._texts[digest] = self._papers.policy(digest)
        return self._texts[digest]
