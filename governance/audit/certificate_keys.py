"""The keys of a certificate: whoever holds any key its log ever had can check it, because the hand-overs from key to key come with it.

    keys/<new key id>.rotation      the statement by which a key hands over, signed by both (see `audit.signers`)
    entries/<seq>.json, .tlog-proof the event `signer.rotated`, proved under a checkpoint of the key that handed over
    keys/<size>.tlog-consistency    that a checkpoint of a key which has handed over since is the beginning of one of the last key

None of them is listed in certificate.json, which may be older than they are. A key that handed over counts no more by itself: what it
signed must be contained in a log that the last key signs, so a key stolen after its retirement proves nothing beside its hand-over. Of
who is shown no hand-over at all it cannot be known that there was one. Pure; raises nothing for what stands in the files.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from governance.audit import layout
from governance.audit.canonical import digest
from governance.audit.checkpoint import Checkpoint
from governance.audit.note import NoteVerifier
from governance.audit.signers import Rotation, follow
from governance.audit.tlog_proof import check_consistency, parse_growth
from governance.errors import DocumentError, LogInconsistent

_GROWTH = re.compile(rf"{layout.KEYS}(\d{{12,18}})\.tlog-consistency")

Vouching = tuple[Checkpoint, tuple[str, ...]]
"""A checkpoint, and the ids of the known keys that signed it."""


def growth_name(size: int) -> str:
    """The proof that the checkpoint of that size is the beginning of a later one."""
    return f"{layout.KEYS}{size:012d}.tlog-consistency"


def is_handover(name: str) -> bool:
    """Whether a file of a bundle is a statement or a proof of growth."""
    return layout.rotated_to(name) is not None or _GROWTH.fullmatch(name) is not None


class CertificateKeys:
    """The keys that hand-overs in a bundle lead to from one that is trusted. `findings`: statements that cannot be followed."""

    def __init__(self, files: Mapping[str, bytes], anchor: NoteVerifier) -> None:
        self._files = files
        chain = follow(anchor, sorted((name, content) for name, content in files.items() if layout.rotated_to(name) is not None))
        said = (finding.message for finding in chain.findings)
        self.findings = [text if text.startswith(layout.KEYS) else f"{layout.KEYS}*.rotation: {text}" for text in said]
        self.verifiers: Sequence[NoteVerifier] = chain.verifiers
        self._untold: dict[str, Rotation] = {layout.rotation_name(one.new.key_id): one for one in chain.rotations}
        self._retired = frozenset(one.old.key_id for one in chain.rotations)

    def knows(self, verifier: NoteVerifier) -> bool:
        """Whether it is the trusted key, or one that hand-overs lead to from it."""
        return verifier.encode() in [one.encode() for one in self.verifiers]

    def handed_over(self, name: str, body: Mapping[str, Any], signed: Sequence[str]) -> str | None:
        """What is wrong with an event `signer.rotated` in the file of that name, under a checkpoint that these keys signed."""
        statement = layout.rotation_name(str(body.get("new_key_id")))
        rotation = self._untold.pop(statement, None)
        if (
            rotation is None
            or digest(self._files[statement]) != body.get("statement_digest")
            or rotation.new.encode() != body.get("new_verifier")
        ):
            return f"{name}: tells of a hand-over whose statement is not here, or is another one"
        if rotation.old.key_id not in signed:
            return f"{name}: the checkpoint over this hand-over is not signed by the key {rotation.old.key_id} that handed over"
        return None

    def check(self, checkpoints: Mapping[int, Vouching]) -> Iterator[str]:
        """Once the events were looked at: hand-overs that none tells of, and checkpoints of retired keys alone that are not shown to be
        the beginning of a later one."""
        for name in sorted(self._untold):
            yield f"{name}: no event here tells of this hand-over"
        spare = {name for name in self._files if _GROWTH.fullmatch(name)}
        last = [verifier for verifier in self.verifiers if verifier.key_id not in self._retired]
        for size, (checkpoint, signed) in sorted(checkpoints.items()):
            if self._retired.issuperset(signed):
                name = growth_name(size)
                spare.discard(name)
                if name not in self._files:
                    yield f"{name}: is missing"
                    continue
                try:
                    check_consistency(parse_growth(self._files[name], name), checkpoint, last, name)
                except (DocumentError, LogInconsistent) as error:
                    yield str(error)
        for name in sorted(spare):
            yield f"{name}: does not belong to the certificate"
