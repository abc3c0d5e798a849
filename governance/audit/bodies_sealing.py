"""What the log tells of its own signatures: a new signing key, and what a timestamp authority has signed."""

from __future__ import annotations

from typing import Annotated, ClassVar

from pydantic import StringConstraints

from governance.audit.body import Body, Count, Digest, Instant, Name

KeyId = Annotated[str, StringConstraints(strict=True, pattern=r"^[0-9a-f]{8}$")]


class SignerRotated(Body):
    """The signing key `old_key_id` hands over to another, and signs nothing alone after the checkpoint that covers this event.

    `new_verifier` is the successor's C2SP verifier key, `statement_digest` the digest of the statement both have signed.
    """

    kind: ClassVar[str] = "signer.rotated"
    old_key_id: KeyId
    new_key_id: KeyId
    new_verifier: Name
    statement_digest: Digest


class TimestampObtained(Body):
    """A timestamp authority (RFC 3161) has signed that the checkpoint of `size` events, whose note has `note_digest`, existed at
    `as_of`, by the authority's clock. `policy` is the authority's, as an object identifier; `token_digest` that of its answer."""

    kind: ClassVar[str] = "timestamp.obtained"
    size: Count
    note_digest: Digest
    token_digest: Digest
    as_of: Instant
    policy: Name


KINDS: tuple[type[Body], ...] = (SignerRotated, TimestampObtained)
