"""What is certified on paper: destruction protocols, their approval, certificates for a person. Told by the platform, not by a loan
database, so each names the `governed` dataset it speaks of."""

from __future__ import annotations

from typing import ClassVar

from governance.audit.body import Body, Count, Digest, Name


class SubjectsCaptured(Body):
    """Before a plan's first change: to how many subjects its rows belonged, and in how many parts the annex with their names was encrypted
    to the certificate of that SHA-256; no parts and null where nobody named a certificate."""

    kind: ClassVar[str] = "subjects.captured"
    governed: Name
    plan_digest: Digest
    subjects: Count
    annex: tuple[Digest, ...]
    recipient: Digest | None


class ProtocolIssued(Body):
    """The destruction protocol of an enforced plan (credithelp art. 22): SHA-256 of its JSON and of its PDF."""

    kind: ClassVar[str] = "protocol.issued"
    protocol: Name
    governed: Name
    plan_digest: Digest
    json_digest: Digest
    pdf_digest: Digest


class ProtocolApproved(Body):
    """A role of the controller approved a destruction protocol, as it stands under that digest."""

    kind: ClassVar[str] = "protocol.approved"
    protocol: Name
    governed: Name
    json_digest: Digest
    approved_by: Name


class CertificateIssued(Body):
    """Somebody had a certificate of disposal made: SHA-256 of the bundle, how many events it proves, and the keyed references of the person
    and records it was asked for. Making one is access to personal data."""

    kind: ClassVar[str] = "certificate.issued"
    governed: Name
    bundle_digest: Digest
    events: Count
    asked: tuple[Name, ...]


KINDS: tuple[type[Body], ...] = (SubjectsCaptured, ProtocolIssued, ProtocolApproved, CertificateIssued)
