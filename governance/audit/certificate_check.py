"""The check of one certificate: a bundle of files that proves single events of the log, and nothing about the others.

    certificate.json                what it is, its events, and the SHA-256 of every file that can be listed
    entries/<seq>.json              a sealed entry, byte for byte
    entries/<seq>.tlog-proof        the proof that the log holds it
    references/<seq>.json           references to records of one person, each with the proof that the event speaks of it
    keys/*, and their events        how one key of the log handed over to the next, see `certificate_keys`; not listed
    log.vkey, verify.py, README.txt for whoever receives it; not listed, since trust must come from elsewhere
    anything else                   listed

Pure: file contents and a public key go in, findings come out, each beginning with the file it is about. `standalone/verify.py` asks the
same in one file that ships with each bundle; a test holds the two together.

Cannot know whether the text of a certificate is the one that was issued, unless an event in the bundle names its SHA-256. Such an event is
sealed after the text was written, so that the text cannot list it; it and the hand-overs are all that need not be listed.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from governance.audit.bodies_sealing import SignerRotated
from governance.audit.body import parse_instant
from governance.audit.canonical import digest, parse_canonical
from governance.audit.certificate_keys import CertificateKeys, Vouching, is_handover
from governance.audit.checkpoint import Checkpoint
from governance.audit.merkle import leaf_hash, verify_inclusion
from governance.audit.note import NoteVerifier
from governance.audit.tlog_proof import check_inclusion, parse_proof
from governance.errors import DocumentError, LogInconsistent

CERTIFICATE = "certificate.json"
FORMAT = "lethe-certificate/1"
KEY = "log.vkey"
PROGRAM = "verify.py"
UNLISTED = frozenset({CERTIFICATE, PROGRAM, "README.txt", KEY})  # for the reader, or the list itself
ISSUED = frozenset({"certificate.issued", "protocol.issued"})  # name the SHA-256 of documents

_ELSEWHERE = frozenset({"plan_digest", "bundle_digest"})  # named by events, and never in a bundle
_ENTRY = re.compile(r"entries/(\d{12,18})\.(json|tlog-proof)")
_REFERENCES = re.compile(r"references/(\d{1,18})\.json")


@dataclass(frozen=True)
class CertificateCheck:
    """`findings`: what is wrong, empty if nothing is. `events`: those proven, by number, with their kind. `references`: how many records of
    the person are proven. `checkpoints`: that vouch for the events. `vouched`: files whose SHA-256 an event names."""

    findings: tuple[str, ...]
    events: Mapping[int, str]
    references: int
    checkpoints: tuple[Checkpoint, ...]
    vouched: frozenset[str]


def entry_name(seq: int) -> str:
    return f"entries/{seq:012d}.json"


def proof_name(seq: int) -> str:
    return f"entries/{seq:012d}.tlog-proof"


def check_certificate(files: Mapping[str, bytes], verifier: NoteVerifier) -> CertificateCheck:
    """Check the files of a bundle, by name. The key, any that the log had, must come from elsewhere. Never raises for what stands in a
    file."""
    check = _Check(files, verifier)
    check.run()
    checkpoints = tuple(checkpoint for _, (checkpoint, _) in sorted(check.checkpoints.items()))
    kinds = {seq: str(event["kind"]) for seq, event in sorted(check.proven.items())}
    return CertificateCheck(tuple(check.findings), kinds, check.references, checkpoints, frozenset(check.vouched))


class _Check:
    def __init__(self, files: Mapping[str, bytes], verifier: NoteVerifier) -> None:
        self.files, self.keys = files, CertificateKeys(files, verifier)
        self.findings: list[str] = []
        self.proven: dict[int, dict[str, Any]] = {}  # the events, by number
        self.checkpoints: dict[int, Vouching] = {}
        self.references, self.vouched = 0, set[str]()

    def run(self) -> None:
        certificate = self._certificate()
        events, listed = certificate["events"], certificate["files"]
        self.findings += _listed(self.files, listed)
        self.findings += [*self.keys.findings, *self._key()]
        for seq in sorted({int(found[1]) for found in map(_ENTRY.fullmatch, self.files) if found} | set(events)):
            self._event(seq, listed=seq in events and entry_name(seq) in listed)
        self.findings += self.keys.check(self.checkpoints)
        for name in sorted(name for name in self.files if _REFERENCES.fullmatch(name)):
            self._references(name)

    def _certificate(self) -> dict[str, Any]:
        """The certificate as far as it can be read; what cannot is told and left empty."""
        document = self._json(CERTIFICATE)
        events, listed = document.get("events"), document.get("files")
        if document and document.get("format") != FORMAT:
            self.findings.append(f"{CERTIFICATE}: at format: expected {FORMAT}, found something else")
        if not isinstance(events, list) or not events or not all(type(seq) is int and 0 <= seq < 10**18 for seq in events):
            self.findings.append(f"{CERTIFICATE}: at events: expected numbers of events, found something else")
            events = []
        if not isinstance(listed, dict):
            self.findings.append(f"{CERTIFICATE}: at files: expected the SHA-256 of files by name, found something else")
            listed = {}
        return {"events": events, "files": listed}

    def _key(self) -> Iterator[str]:
        if KEY in self.files:
            try:
                known = self.keys.knows(NoteVerifier.decode(self.files[KEY].decode("utf-8", "replace"), KEY))
            except DocumentError as error:
                yield str(error)
            else:
                if not known:
                    yield f"{KEY}: is another key than the one given; it was not used"

    def _event(self, seq: int, *, listed: bool) -> None:
        """One entry with its proof."""
        for name in (entry_name(seq), proof_name(seq)):
            if name not in self.files:
                self._note(f"{name}: is missing")
                return
        content = self.files[entry_name(seq)]
        try:
            proof = parse_proof(self.files[proof_name(seq)], proof_name(seq))
            if proof.index != seq:
                raise LogInconsistent(f"{proof_name(seq)}: is about event {proof.index}, not {seq}")
            checkpoint, signed = check_inclusion(proof, leaf_hash(content), self.keys.verifiers, proof_name(seq))
            event = _event_of(content, seq)
        except (DocumentError, LogInconsistent) as error:
            self.findings.append(str(error))
            return
        if self.checkpoints.setdefault(checkpoint.size, (checkpoint, signed))[0].root != checkpoint.root:
            self.findings.append(f"{proof_name(seq)}: another checkpoint {checkpoint.size} than before: the log was forked")
        self.proven[seq] = event
        if event["kind"] in ISSUED:
            self._issued(seq, event["body"])
        elif event["kind"] == SignerRotated.kind and not listed:
            if (wrong := self.keys.handed_over(entry_name(seq), event["body"], signed)) is not None:
                self.findings.append(wrong)
        elif not listed:
            self.findings.append(f"{entry_name(seq)}: {CERTIFICATE} does not list this event")

    def _issued(self, seq: int, body: dict[str, Any]) -> None:
        """Each document that the event names is here."""
        names = {digest(content): name for name, content in self.files.items()}
        self.vouched |= {names[value] for value in body.values() if isinstance(value, str) and value in names}
        for key in sorted(body):
            if key.endswith("_digest") and key not in _ELSEWHERE and body[key] not in names:
                self.findings.append(f"{entry_name(seq)}: names a document ({key}) that is not here, or was changed")

    def _references(self, name: str) -> None:
        """The references of one event, each a leaf of the tree whose root the event carries."""
        found = _REFERENCES.fullmatch(name)
        seq = int(found[1]) if found else -1
        event = self.proven.get(seq)
        if event is None:
            self.findings.append(f"{name}: is about event {seq}, which is not proven here")
            return
        references = self._json(name).get("references")
        if not isinstance(references, list) or not references:
            self.findings.append(f"{name}: expected references, found something else")
            return
        told = set[str]()
        for number, reference in enumerate(references, start=1):
            if isinstance(reference, dict) and str(reference.get("ref")) in told:
                self.findings.append(f"{name}: reference {number} stands twice")
            elif _is_reference(reference, event["body"]):
                told.add(reference["ref"])
                self.references += 1
            else:
                self.findings.append(f"{name}: reference {number} is not one of those that event {seq} speaks of")

    def _json(self, name: str) -> dict[str, Any]:
        try:
            document = parse_canonical(self.files[name], name)
        except KeyError:
            self._note(f"{name}: is missing")
            return {}
        except DocumentError as error:
            self.findings.append(str(error))
            return {}
        if not isinstance(document, dict):
            self.findings.append(f"{name}: expected an object, found something else")
            return {}
        return document

    def _note(self, finding: str) -> None:
        """A finding that another check may have made already."""
        if finding not in self.findings:
            self.findings.append(finding)


def _listed(files: Mapping[str, bytes], listed: Mapping[str, Any]) -> Iterator[str]:
    """Files that are missing, changed or of no certificate."""
    for name, expected in sorted(listed.items()):
        if name not in files:
            yield f"{name}: is missing"
        elif digest(files[name]) != expected:
            yield f"{name}: was changed: it has another SHA-256 than in {CERTIFICATE}"
    for name in sorted(files.keys() - listed.keys() - UNLISTED):
        if not _ENTRY.fullmatch(name) and not is_handover(name):  # events that are not listed have to be ISSUED, or hand-overs
            yield f"{name}: does not belong to the certificate"


def _event_of(content: bytes, seq: int) -> dict[str, Any]:
    """The event of an entry; of what kind is not asked, so that certificates outlive the vocabulary. Raises DocumentError."""
    what = entry_name(seq)
    entry = parse_canonical(content, what)
    event = entry.get("event") if isinstance(entry, dict) else None
    if not isinstance(event, dict) or not isinstance(event.get("kind"), str) or not isinstance(event.get("body"), dict):
        raise DocumentError(what, "", "a sealed event", "something else")
    if entry.get("seq") != seq:
        raise DocumentError(what, "seq", f"{seq}", "another number")
    parse_instant(entry.get("sealed_at"), what, "sealed_at")
    return event


def _is_reference(found: Any, body: Mapping[str, Any]) -> bool:
    """Whether it is a leaf of the event's tree, which has a leaf for each row changed: a path alone does not fix how many there are."""
    try:
        path = [bytes.fromhex(node) for node in found["proof"]]
        index, size, leaf = found["index"], found["size"], leaf_hash(found["ref"].encode("ascii"))
        sizes = type(index) is int and type(size) is int and size == body["changed"]
        return sizes and verify_inclusion(leaf, index, size, path, bytes.fromhex(body["refs_root"]))
    except (KeyError, TypeError, ValueError, AttributeError):
        return False
