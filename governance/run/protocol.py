"""Use case: issue the destruction protocol of an enforced and validated plan, from sealed events, and hand it out as a bundle.

What it says must be provable, so it is issued after sealing, and its document lists the events with the SHA-256 of their proofs against the
newest checkpoint. The event that tells of the protocol itself is sealed later: a bundle made after that holds it too, and with it the proof
that this text, to the letter, was issued then.
"""

from __future__ import annotations

import json
from dataclasses import dataclass

from governance.audit.bodies_enforcement import ChunkEnforced, EnforcementCompleted, ValidationCompleted
from governance.audit.canonical import digest
from governance.audit.entry import Entry
from governance.audit.tlog_proof import parse_proof
from governance.catalogue.governed import GovernedDataset
from governance.errors import EventUnknown, EvidenceError, NothingToCertify
from governance.planning.plan import Plan
from governance.ports import Clock, ResidueReader, Typesetter
from governance.run.bundle import annex_files, bundle, certificate_json, proof_files
from governance.run.enforce import completed_id
from governance.run.handovers import handovers
from governance.run.protocol_document import Sources, protocol_content, protocol_id
from governance.run.prove import EventProof, prove, prove_many
from governance.run.sealed_events import by_ids, of_plan, resolution_of
from governance.store.captures import Captures
from governance.store.database import Store
from governance.store.protocols import Protocol, Protocols, issued_id

KIND = "destruction-protocol"


@dataclass(frozen=True)
class Issuing:
    """What issuing needs: the governance database, the typesetter, what looks at the residue (None where nothing does), how small a group
    is, and the clock."""

    store: Store
    typeset: Typesetter
    residue: ResidueReader | None
    threshold: int
    clock: Clock


def issue(plan: Plan, dataset: GovernedDataset, with_: Issuing, *, run_id: str) -> Protocol:
    """The protocol of a plan, issued now unless it was before. `dataset` is resolved under the documents the plan was made under.

    Raises NothingToCertify unless the log holds the end of the plan's enforcement, its validation, and any change.
    """
    protocols, captures = Protocols(with_.store), Captures(with_.store)
    if (before := protocols.of_plan(plan.digest)) is not None:
        return before
    events = of_plan(with_.store, plan)
    if missing := _missing(events):
        raise NothingToCertify(
            f"{plan.dataset}: plan {plan.digest[:12]}: the sealed log holds no {missing} of it; nothing to issue a protocol of"
        )
    year = plan.as_of_instant.astimezone(dataset.zone).year
    resolution = resolution_of(with_.store, plan, year, _first_change(events).seq)
    listed = sorted({entry.seq for entry in events} | ({resolution.seq} if resolution is not None else set()))
    proofs = prove_many(with_.store, listed)
    now = with_.clock.now()
    content = protocol_content(
        Sources(
            plan,
            dataset,
            events,
            resolution,
            captures.found(plan.digest),
            None if with_.residue is None else with_.residue.residue(plan, with_.threshold),
            with_.threshold,
            now,
            proofs[0].checkpoint.decode(),
        )
    )
    completed = next(proof for proof in proofs if proof.seq == content["completed"]["seq"])
    content["inclusion"] = _inclusion(completed)
    pdf = with_.typeset.protocol(content)
    contents = {**proof_files(proofs), **annex_files(captures.annex(plan.digest)), "protocol.pdf": pdf}
    document = certificate_json(KIND, listed, {"protocol": content}, contents)
    protocols.issue(plan, protocol_id(plan), document, pdf, now, run_id)
    issued = protocols.of_plan(plan.digest)
    assert issued is not None  # noqa: S101 - just written
    return issued


def due(store: Store, plan: Plan) -> bool:
    """Whether a protocol is to be issued by itself: the plan changed something, came to its end, and its last validation succeeded."""
    if not plan.steps or not by_ids(store, [completed_id(plan)]):  # cheaper to ask than what follows
        return False
    events = of_plan(store, plan)
    verdicts = [body.success for entry in events if isinstance(body := entry.event.body, ValidationCompleted)]
    return not _missing(events) and verdicts[-1]


def export(protocol: Protocol, plan: Plan, store: Store, vkey: str) -> bytes:
    """The bundle of an issued protocol. Raises EvidenceError where log or register no longer give what the protocol lists."""
    listed = json.loads(protocol.document)
    size = _checkpoint_size(listed["protocol"]["checkpoint"])
    proofs = prove_many(store, listed["events"], size)
    contents = {
        **proof_files(proofs),
        **annex_files(Captures(store).annex(protocol.plan_digest)),
        "protocol.pdf": protocol.pdf,
    }
    found = {name: digest(content) for name, content in contents.items()}
    if found != listed["files"]:
        changed = sorted(name for name in found.keys() | listed["files"].keys() if found.get(name) != listed["files"].get(name))
        raise EvidenceError(f"protocol {protocol.id}: {changed[0]} is not what was issued on {protocol.issued_at:%Y-%m-%d}")
    try:
        told = [prove(store, issued_id(plan))]
    except EventUnknown:  # not sealed yet
        told = []
    handed = handovers(store, [proof.checkpoint for proof in (*proofs, *told)], vkey)
    return bundle(protocol.document, contents, handed.vkey, {**proof_files(told), **handed.files})


def _missing(events: list[Entry]) -> str | None:
    kinds = {type(entry.event.body) for entry in events}
    for kind in (EnforcementCompleted, ValidationCompleted):
        if kind not in kinds:
            return kind.kind
    return None if any(isinstance(body := entry.event.body, ChunkEnforced) and body.changed for entry in events) else "changed row"


def _first_change(events: list[Entry]) -> Entry:
    return next(entry for entry in events if isinstance(entry.event.body, ChunkEnforced))


def _inclusion(proof: EventProof) -> dict[str, object]:
    parsed = parse_proof(proof.proof, f"proof of event {proof.seq}")
    return {"seq": proof.seq, "hashes": [node.hex() for node in parsed.hashes]}


def _checkpoint_size(note: str) -> int:
    return int(note.split("\n")[1])
