"""Use case: a certificate for a person, which proves that the person's records were disposed of, and says nothing of anybody else.

Who asks names records: the person's own (then also every record that a plan found to belong to that person, see `capture`), or any record
by collection and key. Their keyed references are looked up in the ledger; each event that changed one is proved to be in the log, and each
reference to be a leaf of the tree whose root the event carries. Other references show up nowhere: a Merkle path holds hashes of 128 random
looking bits. What an event says of everybody it concerns are counts of rows of a whole chunk.

The ledger that is asked is its copy in the governance database: a loan database that was restored, moved or dropped says nothing here.

Records that came to a person by a path which nobody declared are not found, nor those of plans that were enforced before anything was
captured: name them one by one.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol
from uuid import UUID

from governance.audit.bodies_enforcement import ChunkEnforced, CopiesTold, EnforcementCompleted, FileErased, ValidationCompleted
from governance.audit.body import instant_text
from governance.audit.canonical import canonical_bytes
from governance.audit.entry import Entry
from governance.audit.ledger_entry import LedgerEntry
from governance.audit.merkle import content_root, inclusion_proof, leaf_hash
from governance.catalogue.governed import GovernedDataset
from governance.errors import ConfigurationError, EvidenceError, KeyUnavailable, NothingToCertify
from governance.planning.plan import Plan
from governance.ports import Clock, KeySource, Typesetter
from governance.pseudonym.tokens import Referencer, reference_leaves
from governance.run.bundle import bundle, certificate_json, proof_files
from governance.run.enforce import chunk_event_id
from governance.run.handovers import handovers
from governance.run.prove import prove_many
from governance.run.sealed_events import by_ids, of_plan
from governance.store.captures import Captures
from governance.store.database import Store
from governance.store.protocols import Protocols

KIND = "erasure"


class LedgerReader(Protocol):
    """Reads what is kept of a dataset's ledger."""

    def holding(self, collection: str, references: Collection[str], events: Collection[UUID] | None) -> list[LedgerEntry]:
        """The entries of a collection, of these events or of any, in which one of the references stands."""
        ...


class PlanRegister(Protocol):
    """Keeps plans."""

    def plan(self, digest: str) -> Plan:
        """The plan of that digest."""
        ...


@dataclass(frozen=True)
class Record:
    """A record as somebody names it; the key is personal data and goes into a keyed reference, nowhere else."""

    collection: str
    key: str = field(repr=False)


@dataclass(frozen=True)
class Certifying:
    """What certifying needs."""

    store: Store
    plans: PlanRegister
    ledger: LedgerReader
    keys: KeySource
    typeset: Typesetter
    clock: Clock
    vkey: str


@dataclass(frozen=True)
class Certificate:
    """A bundle with what it proves: so many events, so many records."""

    content: bytes
    events: int
    records: int


@dataclass(frozen=True)
class _Disposal:
    """What one event did to the person's records: their places in its ledger entry."""

    entry: LedgerEntry
    positions: tuple[int, ...]


def certify(asked: Sequence[Record], dataset: GovernedDataset, with_: Certifying, *, language: str, run_id: str) -> Certificate:
    """The certificate over these records. Its making is recorded as access to personal data.

    Raises ConfigurationError (no such collection or language), NothingToCertify (no event in the sealed log changed any of them),
    EvidenceError (ledger and log disagree).
    """
    for record in asked:
        if record.collection not in dataset.collections:
            raise ConfigurationError(f"expected a collection of {', '.join(dataset.collections)}, found {record.collection[:64]!r}")
    disposals = _disposals(asked, dataset, with_)
    sealed = {entry.event.event_id: entry for entry in by_ids(with_.store, list(disposals))}
    if not sealed:
        waits = "; events that did wait to be sealed: `governance seal`" if disposals else ""
        raise NothingToCertify(f"{dataset.name}: no sealed event changed any of the records asked for{waits}")
    chunks = [(entry, disposals[event_id]) for event_id, entry in sealed.items()]
    mine = {disposal.entry.key_refs[position] for _, disposal in chunks for position in disposal.positions}
    around = _around([entry for entry, _ in chunks], mine, with_)
    listed = sorted({entry.seq for entry, _ in chunks} | {entry.seq for entry in around})
    proofs = prove_many(with_.store, listed)
    contents = proof_files(proofs) | _references(chunks)
    names = [_reference(dataset, record, with_.keys, with_.keys.current_version()) for record in asked]
    now = with_.clock.now()
    document: dict[str, Any] = {
        "issued_at": instant_text(now),
        "controller": {"id": dataset.controller, "title": dataset.pack.title_in(language), "country": dataset.pack.country},
        "time_zone": dataset.pack.time_zone,
        "dataset": dataset.name,
        "language": language,
        "asked": names,
        "disposals": [_told(entry, disposal, dataset, language) for entry, disposal in chunks],
        "copies": _copies(around, {disposal.entry.collection for _, disposal in chunks}),
        "checkpoint": proofs[0].checkpoint.decode(),
    }
    contents["certificate.pdf"] = with_.typeset.certificate(document, language)
    handed = handovers(with_.store, [proofs[0].checkpoint], with_.vkey)
    content = bundle(certificate_json(KIND, listed, {"certificate": document}, contents), contents, handed.vkey, handed.files)
    Protocols(with_.store).certified(dataset.name, dataset.controller, content, len(listed), names, now, run_id)
    return Certificate(content, len(listed), len(mine))


def _disposals(asked: Sequence[Record], dataset: GovernedDataset, with_: Certifying) -> dict[UUID, _Disposal]:
    """What the ledger says was done to the records, by event."""
    found: dict[UUID, _Disposal] = {}

    def note(collection: str, references: frozenset[str], events: Collection[UUID] | None) -> None:
        for entry in with_.ledger.holding(collection, references, events):
            places = {position for position, reference in enumerate(entry.key_refs) if reference in references}
            before = found[entry.event_id].positions if entry.event_id in found else ()
            found[entry.event_id] = _Disposal(entry, tuple(sorted(places | set(before))))

    for record in asked:
        references = frozenset(_references_of(dataset, record, with_.keys))
        note(record.collection, references, None)
        if record.collection == dataset.subjects:
            for digest, belonging in Captures(with_.store).belongings(sorted(references)):
                note(belonging.collection, frozenset(belonging.row_refs), _events(with_.plans.plan(digest), belonging.collection))
    return found


def _events(plan: Plan, collection: str) -> list[UUID]:
    steps = [step for step in plan.steps if step.collection == collection]
    return [chunk_event_id(plan.digest, step.number, chunk) for step in steps for chunk in range(len(step.chunks))]


def _references_of(dataset: GovernedDataset, record: Record, keys: KeySource) -> list[str]:
    """The record's reference under every key of the keyring: plans of other years were made under other ones."""
    found = []
    for version in range(keys.current_version() + 1):
        try:
            found.append(_reference(dataset, record, keys, version))
        except KeyUnavailable:
            continue
    return found


def _reference(dataset: GovernedDataset, record: Record, keys: KeySource, version: int) -> str:
    return Referencer(keys.root(version), version, dataset.name, record.collection)(record.key)


def _around(chunks: Sequence[Entry], mine: set[str], with_: Certifying) -> list[Entry]:
    """Events of the same plans that tell of the person or of everybody alike: files of the person, the end, validations, copies."""
    digests = dict.fromkeys(body.plan_digest for entry in chunks if isinstance(body := entry.event.body, ChunkEnforced))
    found = []
    for digest in digests:
        for entry in of_plan(with_.store, with_.plans.plan(digest)):
            body = entry.event.body
            alike = isinstance(body, EnforcementCompleted | ValidationCompleted | CopiesTold)
            if alike or (isinstance(body, FileErased) and body.key_ref in mine):
                found.append(entry)
    return found


def _references(chunks: Sequence[tuple[Entry, _Disposal]]) -> dict[str, bytes]:
    """For each event the person's references with their proofs; none for an event of an earlier version, which carries no root."""
    found = {}
    for entry, disposal in chunks:
        body, leaves = entry.event.body, reference_leaves(disposal.entry.key_refs)
        if not isinstance(body, ChunkEnforced) or body.refs_root is None:
            continue
        if content_root(leaves).hex() != body.refs_root:
            raise EvidenceError(f"event {entry.seq}: the ledger's references are not those that the sealed event speaks of")
        hashes = [leaf_hash(leaf) for leaf in leaves]
        listed = [
            {
                "index": position,
                "size": len(leaves),
                "ref": disposal.entry.key_refs[position],
                "proof": [node.hex() for node in inclusion_proof(position, hashes)],
            }
            for position in disposal.positions
        ]
        found[f"references/{entry.seq}.json"] = canonical_bytes({"references": listed}, f"references of event {entry.seq}")
    return found


def _told(entry: Entry, disposal: _Disposal, dataset: GovernedDataset, language: str) -> dict[str, Any]:
    body = entry.event.body
    assert isinstance(body, ChunkEnforced)  # noqa: S101 - the ledger's ids are those of chunks
    collection = dataset.collections.get(body.collection)
    names = (collection.personal_fields if collection is not None else ()) if body.action == "delete" else body.fields
    fields = [collection.fields[name] for name in names if collection is not None and name in collection.fields]
    return {
        "seq": entry.seq,
        "at": instant_text(entry.event.at),
        "collection": body.collection,
        "action": body.action,
        "categories": sorted({category for item in fields for category in item.categories if category.startswith("user")}),
        "rules": [{"class": rule.class_, "title": _title(dataset, rule.class_, language), "clause": rule.clause} for rule in body.rules],
        "records": len(disposal.positions),
        "provable": body.refs_root is not None,
    }


def _title(dataset: GovernedDataset, class_id: str, language: str) -> str:
    rule = dataset.pack.rule(class_id)
    return rule.title_in(language) if rule is not None else class_id


def _copies(around: Sequence[Entry], collections: set[str]) -> Mapping[str, str | None]:
    """The latest day on which the last copy of a collection is gone, over all the plans; None: never, or not known."""
    found: dict[str, str | None] = {}
    for entry in around:
        if isinstance(body := entry.event.body, CopiesTold):
            for gone in body.collections:
                if gone.collection in collections:
                    day, before = gone.last_gone_on, found.get(gone.collection, "")
                    found[gone.collection] = None if day is None or before is None else max(day, before)
    return found
