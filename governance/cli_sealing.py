"""Commands about the keys that sign the log, and what other commands tell of signatures and timestamps."""

from __future__ import annotations

from governance.cli_common import Home, deployment_of, out
from governance.run.timestamp import TimestampReport
from governance.run.verify import VerificationReport
from governance.workplace import Evidence, public_key_path
from governance.workplace_sealing import rotate_signer as rotate


def rotate_signer(home: Home = None) -> None:
    """Replace the key that signs checkpoints. The log says so under the old key; completes a rotation that was interrupted."""
    deployment = deployment_of(home)
    evidence = Evidence(deployment)
    report = rotate(deployment, evidence.store, evidence.clock)
    out.print(f"signing key {report.old} handed over to {report.new}; both signed {report.checkpoint or 'a checkpoint before'}")
    out.print(f"public key {public_key_path(deployment)}; whoever holds an earlier one needs no other")


def tell_timestamp(report: TimestampReport) -> None:
    """What became of the timestamp over the newest checkpoint."""
    if report.size is not None:
        out.print(f"checkpoint {report.size} was timestamped at {report.at:%Y-%m-%d %H:%M:%S} UTC")
    if report.problem is not None:
        out.print(f"[yellow]no timestamp since {report.since:%Y-%m-%d %H:%M} UTC: {report.problem}; the next archiving asks again[/yellow]")


def tell_signers(report: VerificationReport) -> None:
    """How far the key that was given reaches, and which time is trusted."""
    if report.log.earlier_keys:
        out.print(f"checkpoints up to {report.log.earlier_keys} were signed with earlier keys; the tree of a later one vouches for them")
    if report.times:
        size = max(report.times)
        out.print(f"checkpoint {size} existed by {report.times[size]:%Y-%m-%d %H:%M:%S} UTC, as a timestamp authority says")
