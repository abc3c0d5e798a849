"""The file of the signing key: private from its first byte, and refused in every other state."""

from __future__ import annotations

import stat
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ec import SECP256R1, generate_private_key
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import BestAvailableEncryption, Encoding, NoEncryption, PrivateFormat, PublicFormat

from governance.adapters.signing_key import create_signing_key, load_signing_key
from governance.errors import KeyUnavailable


def test_a_key_comes_back(tmp_path: Path) -> None:
    made = create_signing_key(tmp_path / "keys" / "signer.pem", "lethe/test")
    found = load_signing_key(tmp_path / "keys" / "signer.pem", "lethe/test")
    assert found.verifier.encode() == made.verifier.encode()
    assert stat.S_IMODE((tmp_path / "keys" / "signer.pem").stat().st_mode) == 0o600


def test_a_key_is_never_overwritten(tmp_path: Path) -> None:
    path = tmp_path / "signer.pem"
    create_signing_key(path, "lethe/test")
    before = path.read_bytes()
    with pytest.raises(KeyUnavailable, match=r"signer\.pem: the signing key cannot be created: File exists"):
        create_signing_key(path, "lethe/test")
    assert path.read_bytes() == before


@pytest.mark.parametrize("mode", [0o640, 0o604, 0o620, 0o666])
def test_a_key_open_to_others_is_refused(mode: int, tmp_path: Path) -> None:
    path = tmp_path / "signer.pem"
    create_signing_key(path, "lethe/test")
    path.chmod(mode)
    with pytest.raises(KeyUnavailable, match=f"expected a signing key of mode 0600, found {mode:04o}"):
        load_signing_key(path, "lethe/test")


def test_a_key_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(KeyUnavailable, match=r"no\.pem: expected a readable signing key, found: No such file or directory"):
        load_signing_key(tmp_path / "no.pem", "lethe/test")


PUBLIC = Ed25519PrivateKey.generate().public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
OTHER = generate_private_key(SECP256R1()).private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
LOCKED = Ed25519PrivateKey.generate().private_bytes(Encoding.PEM, PrivateFormat.PKCS8, BestAvailableEncryption(b"x"))


@pytest.mark.parametrize("content", [b"", b"secret", PUBLIC, OTHER, LOCKED], ids=["empty", "text", "public", "another kind", "encrypted"])
def test_what_is_no_signing_key(content: bytes, tmp_path: Path) -> None:
    path = tmp_path / "signer.pem"
    path.touch(0o600)
    path.write_bytes(content)
    with pytest.raises(KeyUnavailable, match="expected an unencrypted Ed25519 private key in PEM") as refused:
        load_signing_key(path, "lethe/test")
    assert "secret" not in str(refused.value)
