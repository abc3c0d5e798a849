"""Encrypts the annex with the names of subjects to the data-protection officer: CMS EnvelopedData (RFC 5652 section 6) in DER, AES-256 in
CBC mode under a fresh key, that key encrypted to the RSA key of an X.509 certificate. `openssl cms -decrypt -inform DER` opens it.

Holds no private key and cannot open what it made. Whether the certificate is still valid is its holder's business: what counts is who
has the private key.
"""

from __future__ import annotations

import hashlib
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey
from cryptography.hazmat.primitives.ciphers.algorithms import AES256
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.hazmat.primitives.serialization.pkcs7 import PKCS7EnvelopeBuilder, PKCS7Options

from governance.errors import ConfigurationError

_LEAST_BITS = 2048


class DpoCertificate:
    """The certificate in a PEM file. Raises ConfigurationError for a file that holds none, or none with an RSA key of 2048 bits or more.
    `whose` is for messages; the person's own is of the same kind."""

    def __init__(self, path: Path, whose: str = "the DPO's certificate") -> None:
        try:
            certificate = x509.load_pem_x509_certificate(path.read_bytes())
        except OSError as error:
            raise ConfigurationError(f"{path}: expected {whose}, found: {error.strerror}") from None
        except ValueError:
            raise ConfigurationError(f"{path}: expected an X.509 certificate in PEM, found something else") from None
        key = certificate.public_key()
        if not isinstance(key, RSAPublicKey) or key.key_size < _LEAST_BITS:  # CMS key transport of the library knows RSA alone
            found = f"RSA of {key.key_size} bits" if isinstance(key, RSAPublicKey) else "another kind of key"
            raise ConfigurationError(f"{path}: expected a certificate with an RSA key of {_LEAST_BITS} bits or more, found {found}")
        self._certificate = certificate
        self.fingerprint = hashlib.sha256(certificate.public_bytes(Encoding.DER)).hexdigest()

    def encrypt(self, content: bytes) -> bytes:
        """The content as EnvelopedData."""
        builder = PKCS7EnvelopeBuilder().set_data(content).add_recipient(self._certificate)
        return builder.set_content_encryption_algorithm(AES256).encrypt(Encoding.DER, [PKCS7Options.Binary])
