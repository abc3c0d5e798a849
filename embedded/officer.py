"""A data-protection officer of our own making: the key and certificate to which annexes with names are encrypted in the demo and in tests.

A real officer makes both on a machine of their own and hands out the certificate alone (docs/operating.md); here both lie side by side.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import NameOID

from embedded.files import write_private


@dataclass(frozen=True)
class Officer:
    """Key and certificate, as files in PEM."""

    key: Path
    certificate: Path


def make_officer(folder: Path, name: str = "dpo") -> Officer:
    """A fresh RSA key, mode 0600, and a self-signed certificate for ten years."""
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "Data-protection officer")])
    start = datetime(2026, 1, 1, tzinfo=UTC)
    builder = x509.CertificateBuilder().subject_name(subject).issuer_name(subject).public_key(key.public_key())
    builder = builder.serial_number(x509.random_serial_number()).not_valid_before(start).not_valid_after(start + timedelta(days=3650))
    made = Officer(folder / f"{name}.key", folder / f"{name}.pem")
    write_private(made.key, key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()).decode())
    made.certificate.write_bytes(builder.sign(key, SHA256()).public_bytes(Encoding.PEM))
    return made
