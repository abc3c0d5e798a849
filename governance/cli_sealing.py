"""Commands about the keys that sign the log."""

from __future__ import annotations

from governance.cli_common import Home, deployment_of, out
from governance.workplace import Evidence, public_key_path
from governance.workplace_sealing import rotate_signer as rotate


def rotate_signer(home: Home = None) -> None:
    """Replace the key that signs checkpoints. The log says so under the old key; completes a rotation that was interrupted."""
    deployment = deployment_of(home)
    evidence = Evidence(deployment)
    report = rotate(deployment, evidence.store, evidence.clock)
    out.print(f"signing key {report.old} handed over to {report.new}; both signed {report.checkpoint or 'a checkpoint before'}")
    out.print(f"public key {public_key_path(deployment)}; whoever holds an earlier one needs no other")
