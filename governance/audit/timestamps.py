"""Timestamps over checkpoints (RFC 3161): that a checkpoint existed at a time which an authority vouches for, not the sealer.

Judges an authority's answer with nothing but the checkpoint's note and the root certificates one trusts: status, signature and certificate
chain at the time stated, the purpose of the signing certificate, the digest of the note, and nonce and policy where they are known. Asks no
authority (see `adapters.timestamping`), and does not look whether a certificate was revoked.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from cryptography import x509
from rfc3161_client import VerificationError, VerifierBuilder, decode_timestamp_response

from governance.audit.findings import LogFinding
from governance.errors import DocumentError, LogInconsistent

_SHA256 = x509.ObjectIdentifier("2.16.840.1.101.3.4.2.1")  # RFC 5754 2.2


@dataclass(frozen=True)
class Timestamp:
    """`at`: the authority's time, UTC. `policy`: the rules it stamps by, as an object identifier."""

    at: datetime
    policy: str


def parse_roots(content: bytes, what: str) -> tuple[x509.Certificate, ...]:
    """The certificates in a PEM file. Raises DocumentError, also for a file without any."""
    try:
        found = tuple(x509.load_pem_x509_certificates(content))
    except ValueError:
        found = ()
    if not found:
        raise DocumentError(what, "", "root certificates of timestamp authorities in PEM", "none")
    return found


def check_timestamp(
    answer: bytes, note: bytes, roots: Sequence[x509.Certificate], what: str, *, nonce: int | None = None, policy: str | None = None
) -> Timestamp:
    """What the answer (TimeStampResp, DER) proves of the note. Raises LogInconsistent, saying what does not hold."""
    try:
        response = decode_timestamp_response(answer)
        if response.status not in (0, 1):  # RFC 3161 2.4.2: granted, grantedWithMods
            raise LogInconsistent(f"{what}: the authority refused (status {response.status})")
        info = response.tst_info
        if info.message_imprint.hash_algorithm != _SHA256:
            raise LogInconsistent(f"{what}: is made over another digest than SHA-256")
        builder = VerifierBuilder(
            policy_id=x509.ObjectIdentifier(policy) if policy is not None else None, roots=list(dict.fromkeys(roots)), nonce=nonce
        )
        builder.build().verify_message(response, note)
        return Timestamp(info.gen_time.astimezone(UTC), info.policy.dotted_string)
    except VerificationError as error:
        raise LogInconsistent(f"{what}: {error}") from None
    except ValueError:  # of the decoder, for bytes that are no answer
        raise LogInconsistent(f"{what}: expected the answer of a timestamp authority, found something else") from None


def check_timestamps(
    answers: Mapping[int, bytes], notes: Mapping[int, bytes], roots: Sequence[x509.Certificate]
) -> tuple[dict[int, datetime], list[LogFinding]]:
    """The times at which checkpoints existed at the latest, by size, and what is wrong with the others. Both files by size.

    A timestamp over a checkpoint vouches for every smaller one that the tree contains, so a checkpoint's time is the earliest of those of
    its own size or more.
    """
    stamped: dict[int, datetime] = {}
    findings = []
    for size, answer in answers.items():
        note = notes.get(size)
        if note is None:
            findings.append(LogFinding("timestamp", f"the timestamp over checkpoint {size} has no checkpoint"))
            continue
        try:
            stamped[size] = check_timestamp(answer, note, roots, f"the timestamp over checkpoint {size}").at
        except LogInconsistent as error:
            findings.append(LogFinding("timestamp", str(error)))
    times: dict[int, datetime] = {}
    earliest: datetime | None = None
    for size in sorted({*notes, *stamped}, reverse=True):
        if size in stamped:
            earliest = min(stamped[size], earliest or stamped[size])
        if earliest is not None:
            times[size] = earliest
    return times, findings
