"""A timestamp authority on the loopback address: `openssl ts` behind a small HTTP server, with certificates made for the occasion.

`mood` says how it behaves: `good` answers as RFC 3161 asks; `garbage`, `refusing` (status 500), `silent` (never answers), `dripping` (a
byte now and then) and `stale` (gives the answer it gave last, to whatever it is asked) are what a client must survive. Needs the `openssl`
binary.
"""

from __future__ import annotations

import shutil
import subprocess
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

POLICY = "1.2.3.4.1"
OPENSSL = shutil.which("openssl")
_CONFIG = """
[tsa]
serial = {folder}/serial
default_policy = {policy}
digests = sha256, sha512
signer_digest = sha256
ess_cert_id_alg = sha256
accuracy = secs:1
"""


class Authority:
    """One authority with a root of its own. `lifetime` is that of its signing certificate, from now on; negative: over already."""

    def __init__(self, folder: Path, lifetime: timedelta = timedelta(days=1)) -> None:
        folder.mkdir(parents=True)
        self.folder, self.mood, self.asked = folder, "good", 0
        self.released = threading.Event()
        self._last: bytes | None = None
        self._make_certificates(lifetime)
        (folder / "serial").write_text("01\n")
        (folder / "tsa.cnf").write_text(_CONFIG.format(folder=folder, policy=POLICY))
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), self._handler())
        self._thread = threading.Thread(target=self._server.serve_forever, daemon=True)
        self._thread.start()

    @property
    def roots(self) -> Path:
        """The root certificate, PEM."""
        return self.folder / "root.pem"

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._server.server_port}/tsr"

    def stop(self) -> None:
        """End the server; nothing answers there any more."""
        self.released.set()
        self._server.shutdown()
        self._server.server_close()

    def answer(self, query: bytes) -> bytes:
        """What `openssl ts` says to a query."""
        asked, said = self.folder / f"{self.asked}.tsq", self.folder / f"{self.asked}.tsr"
        asked.write_bytes(query)
        words = [str(OPENSSL), "ts", "-reply", "-config", "tsa.cnf", "-section", "tsa", "-queryfile", asked.name, "-out", said.name]
        subprocess.run([*words, "-signer", "tsa.pem", "-inkey", "tsa.key"], cwd=self.folder, check=True, capture_output=True, timeout=30)
        return said.read_bytes()

    def _handler(self) -> type[BaseHTTPRequestHandler]:
        authority = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                query = self.rfile.read(int(self.headers["Content-Length"]))
                authority.asked += 1
                if authority.mood == "silent":
                    authority.released.wait(60)
                    return
                if authority.mood == "dripping":
                    self.send_response(200)
                    self.end_headers()
                    while not authority.released.wait(0.2):
                        self.wfile.write(b"0")
                    return
                if authority.mood == "refusing":
                    self.send_error(500)
                    return
                if authority.mood == "garbage":
                    content = b"<html>we are closed</html>"
                elif authority.mood == "stale" and authority._last is not None:
                    content = authority._last
                else:
                    content = authority._last = authority.answer(query)
                self.send_response(200)
                self.send_header("Content-Type", "application/timestamp-reply")
                self.send_header("Content-Length", str(len(content)))
                self.end_headers()
                self.wfile.write(content)

            def log_message(self, *_: object) -> None:
                """Nothing."""

        return Handler

    def _make_certificates(self, lifetime: timedelta) -> None:
        now = datetime.now(UTC)
        root_key, key = ec.generate_private_key(ec.SECP256R1()), ec.generate_private_key(ec.SECP256R1())
        root_name, name = _name("Root of the test"), _name("Timestamps of the test")
        root = _builder(root_name, root_name, root_key.public_key(), now - timedelta(days=10), now + timedelta(days=10))
        root = root.add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        leaf = _builder(name, root_name, key.public_key(), now - timedelta(days=5), now + lifetime)
        leaf = leaf.add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        leaf = leaf.add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.TIME_STAMPING]), critical=True)
        (self.folder / "root.pem").write_bytes(root.sign(root_key, hashes.SHA256()).public_bytes(Encoding.PEM))
        (self.folder / "tsa.pem").write_bytes(leaf.sign(root_key, hashes.SHA256()).public_bytes(Encoding.PEM))
        (self.folder / "tsa.key").write_bytes(key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))


@contextmanager
def authority(folder: Path, lifetime: timedelta = timedelta(days=1)) -> Iterator[Authority]:
    """An authority for a while."""
    made = Authority(folder, lifetime)
    try:
        yield made
    finally:
        made.stop()


def _name(text: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, text)])


def _builder(
    subject: x509.Name, issuer: x509.Name, key: ec.EllipticCurvePublicKey, begins: datetime, ends: datetime
) -> x509.CertificateBuilder:
    made = x509.CertificateBuilder(issuer, subject, key, x509.random_serial_number(), begins, ends)
    return made.add_extension(x509.SubjectKeyIdentifier.from_public_key(key), critical=False)
