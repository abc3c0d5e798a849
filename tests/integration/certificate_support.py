"""A lender of credithelp's sample whose DPO has a certificate, carried through a night: planned, approved, enforced, proved, sealed."""

from __future__ import annotations

import shutil
import subprocess
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import yaml
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import NameOID
from simulators.lender import Lender

from governance.adapters.signing_key import create_signing_key
from governance.config import load_deployment
from governance.planning.plan import Plan
from governance.workplace import Evidence, Workplace, public_key_path


@dataclass(frozen=True)
class Dpo:
    """A data-protection officer's key and certificate, as files."""

    key: Path
    certificate: Path

    def opens(self, content: bytes, folder: Path) -> str:
        """What `openssl cms -decrypt` makes of an annex."""
        sealed = folder / "annex.p7m"
        sealed.write_bytes(content)
        command = ["openssl", "cms", "-decrypt", "-inform", "DER", "-in", sealed, "-recip", self.certificate, "-inkey", self.key]
        return subprocess.run(command, check=True, capture_output=True).stdout.decode()


def text_of(page: bytes, folder: Path) -> str:
    """The text of a PDF as poppler reads it; the test is skipped where that is not installed."""
    if shutil.which("pdftotext") is None:
        pytest.skip("pdftotext (Debian: poppler-utils) is not installed")
    (folder / "page.pdf").write_bytes(page)
    return subprocess.run(["pdftotext", folder / "page.pdf", "-"], check=True, capture_output=True).stdout.decode()


def make_dpo(folder: Path, name: str = "dpo") -> Dpo:
    """A fresh self-signed certificate with an RSA key."""
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "Data-protection officer")])
    start = datetime(2026, 1, 1, tzinfo=UTC)
    builder = x509.CertificateBuilder().subject_name(subject).issuer_name(subject).public_key(key.public_key())
    builder = builder.serial_number(1).not_valid_before(start).not_valid_after(start + timedelta(days=3650))
    made = Dpo(folder / f"{name}.key", folder / f"{name}.pem")
    made.key.write_bytes(key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
    made.certificate.write_bytes(builder.sign(key, SHA256()).public_bytes(Encoding.PEM))
    return made


def workplace(lender: Lender, **protocol: object) -> Workplace:
    """The lender's workplace with such `protocol` settings in lethe.yaml, and a signing key."""
    made = lender.workplace()
    settings = yaml.safe_load((lender.home / "lethe.yaml").read_text())
    (lender.home / "lethe.yaml").write_text(yaml.safe_dump({**settings, "protocol": protocol}))
    if not made.deployment.signing_key.exists():
        signer = create_signing_key(made.deployment.signing_key, made.deployment.origin)
        public_key_path(made.deployment).write_text(signer.verifier.encode() + "\n")
    return Workplace(load_deployment(lender.home), lender.dataset.name, made.as_of)


def night(lender: Lender, place: Workplace, *, prove: bool = True) -> Plan:
    """Plan, approve, enforce, prove and seal."""
    plan = place.plan("night", place.as_of)
    lender.resolve(plan.digest)
    place.enforce("night", plan.digest)
    if prove:
        place.validate("night", plan.digest)
    Evidence(place.deployment).seal()
    return plan
