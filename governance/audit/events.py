"""The audit events: a closed vocabulary, one model per kind (see `bodies_*`), with canonical bytes out and in.

An event says that something happened, in counts, names, clauses, digests, keyed references and dates. It holds no value read
from a loan database: the models leave no room for one, apart from `detail`, which is text of ours. Unknown kinds and
unknown keys are refused both ways. `nonce` keeps the hashes of neighbouring events from being guessed.

Does not store, number or seal events (see `entry`). The only randomness of this package is in `new_event`.
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Any, TypeVar
from uuid import UUID, uuid4, uuid5

from pydantic import BaseModel, ConfigDict, StringConstraints, ValidationError

from governance.audit import (
    bodies_archive,
    bodies_certificates,
    bodies_corrections,
    bodies_custody,
    bodies_decisions,
    bodies_enforcement,
    bodies_evidence,
    bodies_incidents,
    bodies_letters,
    bodies_marks,
    bodies_packages,
    bodies_plan,
    bodies_requests,
    bodies_restore,
    bodies_scan,
    bodies_sealing,
    bodies_suppression,
    bodies_verification,
)
from governance.audit.body import Body, Name, instant_text, parse_instant
from governance.audit.canonical import canonical_bytes, parse_canonical
from governance.errors import DocumentError

ModelT = TypeVar("ModelT", bound=BaseModel)

PLATFORM = "-"  # the dataset of an event that concerns no single loan database

_DERIVED = UUID("5f0c2f4e-6d0b-5c59-9d0e-1f6f8f3f9a10")  # namespace of ids that follow from what an event is about
_KEYS = ("at", "body", "controller", "dataset", "event_id", "kind", "nonce", "run_id")
_KEY_SET = frozenset(_KEYS)

BODIES: dict[str, type[Body]] = {
    body.kind: body
    for body in (
        *bodies_scan.KINDS,
        *bodies_plan.KINDS,
        *bodies_enforcement.KINDS,
        *bodies_certificates.KINDS,
        *bodies_evidence.KINDS,
        *bodies_custody.KINDS,
        *bodies_sealing.KINDS,
        *bodies_archive.KINDS,
        *bodies_verification.KINDS,
        *bodies_restore.KINDS,
        *bodies_suppression.KINDS,
        *bodies_incidents.KINDS,
        *bodies_requests.KINDS,
        *bodies_letters.KINDS,
        *bodies_decisions.KINDS,
        *bodies_corrections.KINDS,
        *bodies_marks.KINDS,
        *bodies_packages.KINDS,
    )
}


@dataclass(frozen=True)
class Event:
    """One thing that happened, at `at` (UTC), to one dataset of one controller, in one run. `nonce` is 128 bits in hex."""

    event_id: UUID
    at: datetime
    controller: str
    dataset: str
    run_id: str
    body: Body
    nonce: str

    @property
    def kind(self) -> str:
        return self.body.kind


class Envelope(BaseModel):
    """The checks on what surrounds a body."""

    model_config = ConfigDict(extra="forbid")
    controller: Name
    dataset: Name
    run_id: Name
    nonce: Annotated[str, StringConstraints(strict=True, pattern=r"^[0-9a-f]{32}$")]


_ENVELOPE_KEYS = tuple(Envelope.model_fields)


def new_event(body: Body, *, at: datetime, controller: str, dataset: str, run_id: str) -> Event:
    """An event with a random id and nonce."""
    return Event(uuid4(), at, controller, dataset, run_id, body, secrets.token_hex(16))


def derived_id(*parts: object) -> UUID:
    """An id that follows from what an event is about, so that telling it again after a kill tells the same event.

    `parts` say what it is about: a plan's digest and a chunk's number, for example.
    """
    return uuid5(_DERIVED, "/".join(str(part) for part in parts))


def to_canonical(event: Event) -> bytes:
    """The RFC 8785 bytes of an event. Raises DocumentError if it could not be read back."""
    what = f"audit event {event.event_id}"
    envelope = {"controller": event.controller, "dataset": event.dataset, "nonce": event.nonce, "run_id": event.run_id}
    _validated(Envelope, envelope, what, "")
    fields = event.body.model_dump(warnings=False)  # a warning would quote the value
    body = {key: instant_text(value) if isinstance(value, datetime) else value for key, value in fields.items()}
    _body(event.kind, body, what)  # a model built past its checks, as model_construct does, ends here
    whole = {**envelope, "at": instant_text(event.at), "body": body, "event_id": str(event.event_id), "kind": event.kind}
    return canonical_bytes(whole, what)


def from_canonical(content: bytes, what: str = "audit event") -> Event:
    """The event in canonical bytes; `what` names the place in errors. Raises DocumentError (bytes, keys, kind, any field)."""
    document = parse_canonical(content, what)
    if not isinstance(document, dict):
        raise DocumentError(what, "", "an object", type(document).__name__)
    if document.keys() != _KEY_SET:
        key = min(document.keys() ^ _KEY_SET)
        raise DocumentError(what, key if key in _KEYS else "", f"the keys {', '.join(_KEYS)}", "nothing" if key in _KEYS else "another key")
    envelope = _validated(Envelope, {key: document[key] for key in _ENVELOPE_KEYS}, what, "")
    return Event(
        event_id=_uuid(document["event_id"], what),
        at=parse_instant(document["at"], what, "at"),
        controller=envelope.controller,
        dataset=envelope.dataset,
        run_id=envelope.run_id,
        body=_body(document["kind"], document["body"], what),
        nonce=envelope.nonce,
    )


def _body(kind: object, fields: object, what: str) -> Body:
    model = BODIES.get(kind) if isinstance(kind, str) else None
    if model is None:
        raise DocumentError(what, "kind", f"one of {', '.join(BODIES)}", "another kind")
    if isinstance(fields, dict) and "as_of" in fields:
        parse_instant(fields["as_of"], what, "body.as_of")
    return _validated(model, fields, what, "body.")


def _validated(model: type[ModelT], fields: Any, what: str, prefix: str) -> ModelT:
    try:
        return model.model_validate(fields)
    except ValidationError as error:
        fault = error.errors(include_url=False, include_input=False, include_context=False)[0]
        unknown = fault["type"] == "extra_forbidden"
        # The name of an unknown key may itself be what must not be repeated.
        path = prefix + ".".join(str(part) for part in (fault["loc"][:-1] if unknown else fault["loc"]))
        raise DocumentError(
            what, path.rstrip("."), "no further key" if unknown else fault["msg"], f"something else ({fault['type']})"
        ) from None


def _uuid(text: object, what: str) -> UUID:
    try:
        if isinstance(text, str) and str(found := UUID(text)) == text:
            return found
    except ValueError:
        pass
    raise DocumentError(what, "event_id", "a UUID in lower case with hyphens", type(text).__name__)
