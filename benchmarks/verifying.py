"""How fast evidence is verified: a whole archive in a local folder, events a second on one core; and one certificate.

    python -m benchmarks.verifying [--events 200000] [--bundle 20000] [--repeat 3]

The log is made of events as a chunk of an enforcement tells them, sealed in bundles as the sealer cuts them. What is timed is what
`governance verify` does, with the reading of the files; processor time, since machines are shared, beside the time on the wall. To be met
are 50 000 events a second, and less than a second for a certificate. The peak of memory is that of a fresh process, above what it needs to
begin.
"""

from __future__ import annotations

import argparse
import multiprocessing
import statistics
import tempfile
import time
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path
from uuid import UUID

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from governance.adapters.bundle_files import read_bundle
from governance.adapters.local_archive import LocalArchive
from governance.audit import layout, merkle
from governance.audit.bodies_enforcement import ChunkEnforced
from governance.audit.canonical import canonical_bytes, digest
from governance.audit.certificate_check import check_certificate, entry_name, proof_name
from governance.audit.checkpoint import sign_checkpoint
from governance.audit.entry import entry_bytes
from governance.audit.events import Event, to_canonical
from governance.audit.layout import HashBundle
from governance.audit.note import NoteSigner
from governance.audit.tlog_proof import format_proof
from governance.run.verify import verify

SIGNER = NoteSigner("lethe/benchmark", Ed25519PrivateKey.from_private_bytes(bytes(range(32))))
START = datetime(2026, 1, 1, 4, 30, tzinfo=UTC)


def main() -> None:
    """Print the figures."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n\n")[0])
    parser.add_argument("--events", type=int, default=200_000)
    parser.add_argument("--bundle", type=int, default=20_000)
    parser.add_argument("--repeat", type=int, default=3)
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="lethe-verifying-") as home:
        folder = Path(home)
        size = make(folder, arguments.events, arguments.bundle)
        print(f"{arguments.events:,} events, {size / arguments.events:.0f} bytes a line, bundles of {arguments.bundle:,}")
        fresh = multiprocessing.get_context("spawn")
        with fresh.Pool(1, maxtasksperchild=1) as pool:
            runs = [pool.apply(whole, (folder / "archive", arguments.events)) for _ in range(arguments.repeat)]
        processor, wall, megabytes = (statistics.median(run[n] for run in runs) for n in range(3))
        print(f"archive: {arguments.events / processor:,.0f} events/s of processor time, {arguments.events / wall:,.0f} on the wall")
        print(f"         {megabytes:,.0f} MB at its peak")
        print(f"certificate: {statistics.median(one(folder / 'certificate') for _ in range(arguments.repeat)) * 1000:,.1f} ms")


def make(folder: Path, events: int, bundle: int) -> int:
    """An archive of so many events, and a certificate of its first; returns the bytes of all lines."""
    target, tree, written = LocalArchive(folder / "archive"), merkle.Frontier(), 0
    leaves: list[bytes] = []
    first_line = b""
    for day, first in enumerate(range(0, events, bundle)):
        lines = [line(seq, START + timedelta(days=day)) for seq in range(first, min(first + bundle, events))]
        first_line = first_line or lines[0]
        hashes = tuple(map(merkle.leaf_hash, lines))
        target.put(layout.entries_name(first, first + len(lines) - 1), b"".join(text + b"\n" for text in lines))
        target.put(layout.hashes_name(first, first + len(lines) - 1), HashBundle(first, tree.hashes, hashes).text())
        tree = tree.extend(hashes)
        target.put(layout.checkpoint_name(tree.size), sign_checkpoint(tree.size, tree.root(), SIGNER))
        leaves.extend(hashes)
        written += sum(map(len, lines))
    note = sign_checkpoint(tree.size, tree.root(), SIGNER)
    proof = format_proof(0, merkle.inclusion_proof(0, leaves), note)
    files = {entry_name(0): first_line, proof_name(0): proof}
    document = {"events": [0], "files": {name: digest(content) for name, content in files.items()}, "format": "lethe-certificate/1"}
    for name, content in {**files, "certificate.json": canonical_bytes(document, "certificate")}.items():
        path = folder / "certificate" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
    return written


def line(seq: int, at: datetime) -> bytes:
    """A sealed event of an enforcement, like `first_event` but for its numbers, digest and id."""
    numbered = first_event().replace(b'"chunk":0,', b'"chunk":%d,' % seq).replace(b"0" * 64, b"%064x" % seq)
    return entry_bytes(seq, at, numbered.replace(str(UUID(int=0)).encode(), str(UUID(int=seq)).encode()))


@cache
def first_event() -> bytes:
    """The canonical bytes of one event."""
    body = {
        "plan_digest": "a" * 64,
        "step": 1,
        "chunk": 0,
        "collection": "clients",
        "action": "pseudonymise",
        "fields": ("egn", "first_name", "last_name", "phone"),
        "rules": ({"class": "client-data", "clause": "art. 35, row 1"},),
        "planned": 500,
        "changed": 500,
        "skipped": {},
        "refs_digest": "0" * 64,
    }
    if "refs_root" in ChunkEnforced.model_fields:
        body["refs_root"] = "0" * 64
    return to_canonical(Event(UUID(int=0), START, "benchmark", "loans", "nightly", ChunkEnforced.model_validate(body), "1" * 32))


def whole(folder: Path, events: int) -> tuple[float, float, float]:
    """Processor time, time on the wall, and megabytes above those at the beginning."""
    before = _peak()
    processor, wall = time.process_time(), time.monotonic()
    report = verify(LocalArchive(folder), SIGNER.verifier)
    took = time.process_time() - processor, time.monotonic() - wall
    if report.findings or report.log.events != events:
        raise AssertionError(report.summary())
    return *took, _peak() - before


def _peak() -> float:
    """Megabytes of this process at its peak so far; getrusage would tell those of the parent before it became this one."""
    status = Path("/proc/self/status").read_text()
    return int(status.split("VmHWM:")[1].split()[0]) / 1024


def one(folder: Path) -> float:
    """Seconds for a certificate, from its files to the answer."""
    began = time.monotonic()
    check = check_certificate(read_bundle(folder), SIGNER.verifier)
    took = time.monotonic() - began
    if check.findings:
        raise AssertionError(check.findings[0])
    return took


if __name__ == "__main__":
    main()
