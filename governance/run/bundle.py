"""The certificate bundle: one zip file with the events, their proofs, the paper and a verifier, that stands by itself.

    certificate.json                     what it is; SHA-256 of every file below
    entries/<seq>.json, .tlog-proof      each sealed event with its proof of inclusion
    references/<seq>.json                (for a person) keyed references, each with its proof under the event's `refs_root`
    protocol.pdf | certificate.pdf       the same for people
    annex.p7m, annex-2.p7m ...           names, for the data-protection officer alone
    keys/..., and their events           how each key of the log handed over to the next, see `audit.certificate_keys`
    log.vkey, verify.py, README.txt      the log's key, the verifier, how to use both

The same contents give the same bytes: names are sorted, times are fixed. Pure but for the reading of the verifier that ships with Lethe.
"""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterable, Mapping
from importlib.resources import files
from typing import Any

from governance.audit.canonical import canonical_bytes, digest
from governance.audit.certificate_check import FORMAT
from governance.run.prove import EventProof

_LONG_AGO = (1980, 1, 1, 0, 0, 0)  # the first time that a zip file can write


def proof_files(proofs: Iterable[EventProof]) -> dict[str, bytes]:
    """Entries and proofs by their names in a bundle."""
    found: dict[str, bytes] = {}
    for proof in proofs:
        found[f"entries/{proof.seq:012d}.json"] = proof.entry
        found[f"entries/{proof.seq:012d}.tlog-proof"] = proof.proof
    return found


def annex_files(parts: Iterable[bytes]) -> dict[str, bytes]:
    """The parts of an annex by their names in a bundle."""
    return {f"annex{f'-{number}' if number > 1 else ''}.p7m": part for number, part in enumerate(parts, start=1)}


def certificate_json(kind: str, events: Iterable[int], content: Mapping[str, Any], contents: Mapping[str, bytes]) -> bytes:
    """The canonical document that heads a bundle of these files. Raises DocumentError."""
    listed = {name: digest(data) for name, data in contents.items()}
    document = {"format": FORMAT, "kind": kind, "events": list(events), "files": listed, **content}
    return canonical_bytes(document, "certificate")


def bundle(certificate: bytes, contents: Mapping[str, bytes], vkey: str, unlisted: Mapping[str, bytes] | None = None) -> bytes:
    """The zip file. `unlisted`: what may be younger than the certificate, and so is not listed in it: the event that tells of it, and
    hand-overs of the signing key."""
    whole = {
        **contents,
        **(unlisted or {}),
        "certificate.json": certificate,
        "log.vkey": f"{vkey}\n".encode(),
        "verify.py": files("governance").joinpath("standalone", "verify.py").read_bytes(),
        "README.txt": README.encode(),
    }
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as archive:
        for name in sorted(whole):
            entry = zipfile.ZipInfo(name, _LONG_AGO)  # not compressed: other versions of zlib make other bytes
            entry.create_system, entry.external_attr = 3, 0o644 << 16
            archive.writestr(entry, whole[name])
    return target.getvalue()


README = """This bundle proves that events stand in a signed log, and what they say.

To check it, offline, with Python 3.9 or later and its package `cryptography`:

    python verify.py <this file> --key log.vkey

Take log.vkey from where you trust it - the controller's website, an earlier certificate - and not from this bundle alone. verify.py is
short and meant to be read first. Or, where Lethe is installed: governance verify <this file>
Any key the log ever had will do: keys/ holds how each handed over to the next, both signing, and that the log only grew since.

certificate.json lists every file with its SHA-256. entries/ holds the events exactly as they were sealed, with a proof for each
(c2sp.org/tlog-proof). references/, where there, holds keyed references: under the controller's secret each stands for one record of the
person, and each is shown to be among those that the event speaks of. Nothing here names another person's record.

annex.p7m, where there, holds names, encrypted to the controller's data-protection officer, who opens it with

    openssl cms -decrypt -inform DER -in annex.p7m -recip dpo.pem -inkey dpo.key
"""
