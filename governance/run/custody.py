"""Use case: tell the log which documents and keys changed since it was last told, and who was shown a record.

The governance store remembers what was told; telling and remembering are one transaction, so each change is told once, also where a run
was killed, and two runs at a time tell it once. A change that was undone before anybody looked is not seen. Reads no document and no key
itself.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from governance.audit.bodies_custody import ConfigurationChanged, DataAccessed, KeyChanged
from governance.audit.body import Body, name_text
from governance.audit.events import PLATFORM, Event, new_event
from governance.catalogue.governed import GovernedDataset
from governance.ports import Change, EventLog, Told

CONFIGURATION, ROOTS, SIGNERS = "configuration", "roots", "signers"
_CURRENT = "current"  # the name under which it is remembered which root is used


@dataclass(frozen=True)
class Document:
    """A document that decides: what it is, of which dataset (None: of all), its name, and the SHA-256 of its content, None where it cannot
    be read now."""

    kind: Literal["deployment", "policy", "dataset", "suite"]
    of: str | None
    name: str
    digest: str | None


@dataclass(frozen=True)
class Keys:
    """The root secrets of pseudonyms by version, each as a check value that tells nothing of it, and which one is current."""

    current: int
    checks: Mapping[int, str]


def tell_configuration(told: Told, documents: Sequence[Document], *, controller: str, now: datetime, run_id: str) -> int:
    """Tell which documents are new, other or gone. `controller` names the deployment."""
    by_name = {"/".join((document.kind, document.of or "", document.name)): document for document in documents}

    def events(changes: Sequence[Change]) -> list[Event]:
        return [_event(_configuration(change), controller, now, run_id) for change in changes]

    present = {name: document.digest for name, document in by_name.items() if document.digest is not None}
    unreadable = frozenset(name for name, document in by_name.items() if document.digest is None)
    return told.tell(CONFIGURATION, present, unreadable, events)


def _configuration(change: Change) -> ConfigurationChanged:
    kind, of, name = change.name.split("/", 2)
    said = {"document": kind, "of": name_text(of) if of else None, "name": name_text(name), "before": change.before, "after": change.after}
    return ConfigurationChanged.model_validate(said)


def tell_roots(told: Told, keys: Keys, *, by: str | None, controller: str, now: datetime, run_id: str) -> int:
    """Tell which root secrets are new, gone or replaced, and which is current. `by`: who made them just now, None if they were found."""
    current = keys.checks[keys.current]
    present = {f"root {version}": check for version, check in keys.checks.items()} | {_CURRENT: current}

    def bodies(changes: Sequence[Change]) -> Iterator[Body]:
        for change in changes:
            if change.name != _CURRENT:
                yield _key("pseudonyms", change, by)
            elif change.before is not None:  # the first one there is need not be told twice
                yield KeyChanged(purpose="pseudonyms", key=f"root {keys.current}", change="current", by=by)

    return told.tell(ROOTS, present, frozenset(), lambda changes: [_event(body, controller, now, run_id) for body in bodies(changes)])


def tell_signer(told: Told, name: str, digest: str, *, by: str | None, controller: str, now: datetime, run_id: str) -> int:
    """Tell of the key that signs checkpoints where it is another than before. `name` is the public name, `digest` of the public key."""

    def events(changes: Sequence[Change]) -> list[Event]:
        return [_event(_key("checkpoints", change, by), controller, now, run_id) for change in changes]

    return told.tell(SIGNERS, {name: digest}, frozenset(), events)


def _key(purpose: Literal["pseudonyms", "checkpoints"], change: Change, by: str | None) -> KeyChanged:
    what: Literal["introduced", "withdrawn", "replaced"]
    what = "introduced" if change.before is None else "withdrawn" if change.after is None else "replaced"
    return KeyChanged(purpose=purpose, key=name_text(change.name), change=what, by=by)


def _event(body: Body, controller: str, now: datetime, run_id: str) -> Event:
    return new_event(body, at=now, controller=controller, dataset=PLATFORM, run_id=run_id)


def tell_access(
    dataset: GovernedDataset,
    log: EventLog,
    *,
    command: str,
    purpose: str,
    collection: str,
    key_ref: str | None,
    records: int,
    by: str,
    now: datetime,
    run_id: str,
) -> None:
    """Tell that somebody is about to be shown records; to be called before they are: what could not be told is not shown."""
    body = DataAccessed(
        command=command, purpose=purpose, collection=name_text(collection), key_ref=key_ref, records=records, by=name_text(by)
    )
    log.record(new_event(body, at=now, controller=dataset.controller, dataset=dataset.name, run_id=run_id))
