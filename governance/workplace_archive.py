"""What the packs of a deployment say of where its archive may lie. Part of the composition root."""

from __future__ import annotations

from datetime import datetime

from governance.config import Deployment
from governance.policy.residency import Residence


def residence_of(deployment: Deployment, now: datetime) -> Residence:
    """What the policies in force say of the archive's country; before the first one is in force, that one. Raises DocumentError."""
    rules = {}
    for name in deployment.datasets:
        versions = deployment.pack_versions(name)
        packs = [version.pack for version in versions if version.pack.effective_from <= now.astimezone(version.pack.zone).date()]
        pack = packs[-1] if packs else versions[0].pack
        if pack.residency is not None:
            rules[name] = pack.residency
    return Residence(deployment.archive.country, rules, tuple(deployment.archive.residency_exceptions))
