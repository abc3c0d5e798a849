"""The composition root of sealing: the signing keys of a deployment, rounds of sealing from one key to the next, rotation, timestamps."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from governance.adapters.signing_key import SigningKeyFiles
from governance.adapters.timestamping import HttpTimestampAuthority, read_roots
from governance.config import Deployment
from governance.ports import Clock
from governance.run.read_ahead import Outbox
from governance.run.rotate import RotationReport, finish, former_of, rotate
from governance.run.seal import SealReport, seal_all
from governance.run.timestamp import TimestampReport, timestamp
from governance.store.database import Store


def signing_keys(deployment: Deployment) -> SigningKeyFiles:
    """The keys that sign, or signed, checkpoints."""
    return SigningKeyFiles(deployment.signing_key, deployment.origin)


def seal_with_present_key(deployment: Deployment, store: Store, outboxes: Mapping[str, Outbox], clock: Clock) -> SealReport:
    """Seal everything committed; completes a rotation that was begun and interrupted, and goes on under the new key."""
    keys = signing_keys(deployment)
    total: SealReport | None = None
    while total is None or total.more:
        finish(store, keys)
        report = seal_all(store, outboxes, keys.current(), clock, former=former_of(store, keys))
        if total is not None:
            report = replace(report, sealed=total.sealed + report.sealed, repaired=total.repaired + report.repaired)
        total = report
    return total


def rotate_signer(deployment: Deployment, store: Store, clock: Clock) -> RotationReport:
    """Replace the signing key."""
    return rotate(store, signing_keys(deployment), clock)


def timestamp_newest(deployment: Deployment, store: Store, clock: Clock) -> TimestampReport:
    """Have the newest checkpoint stamped where lethe.yaml names an authority. Raises ConfigurationError for its root certificates."""
    entry = deployment.timestamp
    if entry is None:
        return TimestampReport()
    authority = HttpTimestampAuthority(entry.url, read_roots(entry.roots), entry.policy, entry.timeout_seconds)
    return timestamp(store, authority, deployment.origin.removeprefix("lethe/"), clock)
