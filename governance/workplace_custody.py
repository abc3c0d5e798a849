"""Composition of custody: what of a deployment's documents and keys is told to the log, and under which account people act.

Called at the beginning of a scan, before a sealing, and after keys were made. A document or key that this machine cannot read now is left
for another: its own stage says so.
"""

from __future__ import annotations

import os
import pwd
from collections.abc import Iterator
from contextlib import suppress
from datetime import datetime
from pathlib import Path
from typing import Literal

from governance.adapters.keyring import FileKeyring
from governance.audit.canonical import digest
from governance.audit.note import NoteSigner
from governance.config import Deployment, read_document
from governance.errors import ConfigurationError, KeyUnavailable
from governance.run.custody import Document, Keys, tell_configuration, tell_roots, tell_signer
from governance.store.database import Store
from governance.store.told import ToldRegister


def account() -> str:
    """The operating system's account that acts, and behind root the one that became it by sudo. Names of accounts, not of persons."""
    uid = os.getuid()
    try:
        name = pwd.getpwuid(uid).pw_name
    except KeyError:  # a container's user need not have a name
        name = f"uid {uid}"
    behind = os.environ.get("SUDO_USER") if uid == 0 else None
    return f"{behind} as {name}" if behind else name


def tell_custody(
    deployment: Deployment, store: Store, now: datetime, run_id: str, *, signer: NoteSigner | None = None, by: str | None = None
) -> int:
    """Tell the log what changed of documents and keys since it was told; how much. `signer` where it is at hand, `by` who made keys."""
    told, controller = ToldRegister(store, now), deployment.origin
    changed = tell_configuration(told, list(documents(deployment)), controller=controller, now=now, run_id=run_id)
    with suppress(KeyUnavailable):
        keyring = FileKeyring(deployment.keyring)
        keys = Keys(keyring.current_version(), keyring.checks())
        changed += tell_roots(told, keys, by=by, controller=controller, now=now, run_id=run_id)
    if signer is not None:
        public = signer.verifier
        named = digest(public.encode().encode())
        changed += tell_signer(told, f"{public.name} {public.key_id}", named, by=by, controller=controller, now=now, run_id=run_id)
    return changed


def documents(deployment: Deployment) -> Iterator[Document]:
    """Every document that decides in a deployment, by the name under which lethe.yaml knows it."""
    yield Document("deployment", None, "lethe.yaml", _digest_of(deployment.home / "lethe.yaml"))
    for name in deployment.datasets:
        entry = deployment.entry(name)
        for pack in dict.fromkeys(entry.pack):
            yield Document("policy", name, pack, _digest("pack", pack, deployment.home))
        yield Document("dataset", name, entry.dataset, _digest("dataset", entry.dataset, deployment.home))
        for suite in sorted(deployment.suites(name).glob("*.json")):
            yield Document("suite", name, suite.name, _digest_of(suite))


def _digest(kind: Literal["pack", "dataset"], document: str, home: Path) -> str | None:
    try:
        return digest(read_document(kind, document, home)[0].encode())
    except (KeyError, ConfigurationError):
        return None


def _digest_of(path: Path) -> str | None:
    try:
        return digest(path.read_bytes())
    except OSError:
        return None
