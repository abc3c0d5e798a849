"""Rotation of the signing key: the log itself says which key follows, under the old one's signature, before the new one signs anything.

    1  the next key is made beside the present one
    2  both sign a statement, which is queued for the archive; the event `signer.rotated` is written with it
    3  the event is sealed under the old key, which is retired in the same transaction
    4  the next key takes the place of the old one
    5  the next checkpoint bears the signatures of both, every later one that of the new key

Killed between any two, the log goes on: before 3 under the old key, after it under the new one, which whoever seals first puts in its place
(`finish`). Rotating again completes what was begun and begins nothing new. Does not know where keys lie.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Protocol

import sqlalchemy as sa

from governance.audit import layout
from governance.audit.bodies_sealing import SignerRotated
from governance.audit.canonical import digest
from governance.audit.events import PLATFORM, derived_id, new_event
from governance.audit.note import NoteSigner
from governance.audit.signers import sign_rotation
from governance.ports import Clock
from governance.run.seal import seal, seal_all
from governance.store import outbox
from governance.store.database import Store
from governance.store.models import CheckpointRow, SignerRotationRow
from governance.store.spool import enqueue

_LAST_SIZE = sa.select(sa.func.max(CheckpointRow.size))


class SigningKeys(Protocol):
    """The keys of a deployment. Raises KeyUnavailable."""

    def current(self) -> NoteSigner:
        """The key that signs."""
        ...

    def successor(self) -> NoteSigner:
        """The key that is to follow, made if there is none yet; the same one until it has taken over."""
        ...

    def former(self, key_id: str) -> NoteSigner:
        """A key that has handed over."""
        ...

    def install(self, key_id: str) -> None:
        """Put the successor of that id in the place of the present key. Repeating it after a kill completes it."""
        ...


@dataclass(frozen=True)
class RotationReport:
    """Key ids, and the name of the checkpoint that both have signed, None if it was there before."""

    old: str
    new: str
    checkpoint: str | None


def rotate(store: Store, keys: SigningKeys, clock: Clock) -> RotationReport:
    """Have the signing key followed by a new one. Raises as `seal`, and KeyUnavailable."""
    if (begun := finish(store, keys)) is None:
        old, new = keys.current(), keys.successor()
        _announce(store, old, new, clock)
        while finish(store, keys) is None:
            seal_all(store, {}, keys.current(), clock, former=former_of(store, keys))
        begun = old.verifier.key_id
    signer = keys.current()
    report = seal(store, {}, signer, clock, former=former_of(store, keys))
    return RotationReport(begun, signer.verifier.key_id, report.checkpoint)


def finish(store: Store, keys: SigningKeys) -> str | None:
    """Put the next key in its place if the log has retired the present one; the retired one's id, None if there was nothing to do."""
    key_id = keys.current().verifier.key_id
    with store.begin() as session:
        row = session.get(SignerRotationRow, key_id)
    if row is None:
        return None
    keys.install(row.new_key_id)
    return key_id


def former_of(store: Store, keys: SigningKeys) -> NoteSigner | None:
    """The key before the present one, as long as a checkpoint needs its signature as well; None after that, for it may be destroyed."""
    key_id = keys.current().verifier.key_id
    with store.begin() as session:
        row = session.scalar(sa.select(SignerRotationRow).where(SignerRotationRow.new_key_id == key_id))
        waiting = row is not None and session.scalar(_LAST_SIZE) == row.size
    return keys.former(row.old_key_id) if row is not None and waiting else None


def _announce(store: Store, old: NoteSigner, new: NoteSigner, clock: Clock) -> None:
    """Statement and event, in one transaction; the same keys give the same, so a second time changes nothing."""
    now, statement = clock.now(), sign_rotation(old, new)
    old_id, successor = old.verifier.key_id, new.verifier
    body = SignerRotated(
        old_key_id=old_id, new_key_id=successor.key_id, new_verifier=successor.encode(), statement_digest=digest(statement)
    )
    event = new_event(body, at=now, controller=old.name.removeprefix("lethe/"), dataset=PLATFORM, run_id="rotate-signer")
    event = replace(event, event_id=derived_id(body.kind, old_id, successor.encode()))
    with store.begin() as session:
        enqueue(session, layout.rotation_name(successor.key_id), statement, now)
        outbox.append(session, event)
