"""A lender of credithelp's sample whose DPO has a certificate, carried through a night: planned, approved, enforced, proved, sealed."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import pytest
import yaml
from simulators.lender import Lender

from embedded.officer import Officer
from governance.adapters.signing_key import create_signing_key
from governance.config import load_deployment
from governance.planning.plan import Plan
from governance.workplace import Evidence, Workplace, public_key_path


def opened(annex: bytes, officer: Officer, folder: Path) -> str:
    """What `openssl cms -decrypt` makes of an annex; the test is skipped where that is not installed."""
    if shutil.which("openssl") is None:
        pytest.skip("openssl is not installed")
    sealed = folder / "annex.p7m"
    sealed.write_bytes(annex)
    command = ["openssl", "cms", "-decrypt", "-inform", "DER", "-in", sealed, "-recip", officer.certificate, "-inkey", officer.key]
    return subprocess.run(command, check=True, capture_output=True).stdout.decode()


def text_of(page: bytes, folder: Path) -> str:
    """The text of a PDF as poppler reads it; the test is skipped where that is not installed."""
    if shutil.which("pdftotext") is None:
        pytest.skip("pdftotext (Debian: poppler-utils) is not installed")
    (folder / "page.pdf").write_bytes(page)
    return subprocess.run(["pdftotext", folder / "page.pdf", "-"], check=True, capture_output=True).stdout.decode()


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
