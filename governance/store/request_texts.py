"""Rows of the register of requests as the values of `governance.requests.request`, and back: what tells who somebody is, or what they
wrote, is encrypted on the way in and opened on the way out.

Each field is a JSON text, sealed by `governance.pseudonym.fields` for its row and field under the purpose of this register alone, so that
neither a dump of the database nor a ciphertext carried to another row tells anything. Does not decide who may look.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from datetime import date, datetime
from typing import Any
from uuid import UUID

from governance.errors import KeyUnavailable
from governance.ports import KeySource
from governance.pseudonym.fields import FieldCipher
from governance.requests.request import (
    Act,
    Correction,
    Draft,
    Entry,
    Extension,
    Identity,
    Person,
    RecipientTold,
    Representative,
    Request,
    Stage,
)
from governance.store.models import RequestActRow, RequestRecipientRow, RequestRow

PURPOSE = "request-register"


class RequestTexts:
    """Seals and opens the register's fields with the keys of a deployment."""

    def __init__(self, keys: KeySource) -> None:
        self._cipher = FieldCipher(keys.current_version(), keys.root, PURPOSE)

    def sealed(self, draft: Draft, request_id: UUID) -> dict[str, bytes | None]:
        """The encrypted columns of a new request."""
        agent = draft.representative
        return {
            "person": self.seal(request_id, "person", asdict(draft.person)),
            "representative": None if agent is None else self.seal(request_id, "representative", asdict(agent)),
            "description": self.seal(request_id, "description", draft.description),
            "corrections": self.seal(request_id, "corrections", [asdict(item) for item in draft.corrections]),
        }

    def seal(self, request_id: UUID, field: str, value: Any) -> bytes:
        """One encrypted column."""
        return self._cipher.seal(json.dumps(value, ensure_ascii=False, default=_plain), "request", str(request_id), field)

    def unseal(self, request_id: UUID, field: str, sealed: bytes) -> Any:
        """What `seal` sealed. Raises KeyUnavailable where it does not open."""
        return json.loads(self._text(sealed, f"{field} of request {request_id}", "request", str(request_id), field))

    def seal_act(self, request_id: UUID, act: str, by: str, at: datetime, entries: Mapping[str, Any]) -> bytes:
        """The entries of an act, bound to the whole of it."""
        return self._cipher.seal(json.dumps(dict(entries), ensure_ascii=False, default=_plain), *_place(request_id, act, by, at))

    def request(self, row: RequestRow, recipients: Sequence[RequestRecipientRow]) -> Request:
        """Everything. Raises KeyUnavailable where a field does not open."""
        person = self._open(row, "person")
        representative, identity, extension = (self._open(row, name) for name in ("representative", "identity", "extension"))
        return Request(
            id=row.id,
            number=row.number,
            controller=row.controller,
            kind=row.kind,  # type: ignore[arg-type]  # the register writes none but these
            received=row.received,
            registered_at=row.registered_at,
            channel=row.channel,  # type: ignore[arg-type]
            person=Person(
                name=person["name"],
                national_id=person["national_id"],
                birth_date=_day(person["birth_date"]),
                emails=tuple(person["emails"]),
                phones=tuple(person["phones"]),
                contracts=tuple(person["contracts"]),
                address=person["address"],
            ),
            representative=representative
            and Representative(representative["name"], representative["power_of_attorney"], _day(representative["valid_until"])),
            reply_form=row.reply_form,  # type: ignore[arg-type]
            language=row.language,  # type: ignore[arg-type]
            description=self._open(row, "description"),
            purposes=tuple(row.purposes),
            corrections=tuple(Correction(item["category"], item["value"]) for item in self._open(row, "corrections")),
            stage=Stage(row.stage),
            due=row.due,
            extended=row.extended,
            registered_by=row.registered_by,
            zone=row.zone,
            identity=identity and Identity(**{**identity, "seen_on": date.fromisoformat(identity["seen_on"])}),
            extension=extension and Extension(extension["reason"], date.fromisoformat(extension["told_on"]), extension["by"]),
            paused_on=row.paused_on,
            suspended=row.suspended,
            repeats=row.repeats,
            decision=row.decision,
            recipients=tuple(RecipientTold(item.recipient, item.told_at, item.told_by) for item in recipients),
            reply=row.reply,
            closed_at=row.closed_at,
        )

    def act(self, row: RequestActRow) -> Act:
        """What was done. Raises KeyUnavailable where its entries do not open."""
        text = self._text(row.entries, f"an act of request {row.request}", *_place(row.request, row.act, row.by, row.at))
        return Act(row.at, row.act, row.by, json.loads(text))

    def _open(self, row: RequestRow, field: str) -> Any:
        sealed: bytes | None = getattr(row, field)
        if sealed is None:
            return None
        return self.unseal(row.id, field, sealed)

    def _text(self, sealed: bytes, what: str, *place: str) -> str:
        try:
            return self._cipher.open(sealed, *place)
        except ValueError as error:
            raise KeyUnavailable(f"the register of requests: {what} does not open: {error}") from None


def entry_of(row: RequestRow) -> Entry:
    """What a row tells without opening anything."""
    plain = {name: getattr(row, name) for name in Entry.__dataclass_fields__ if name != "represented"}
    return Entry(**{**plain, "stage": Stage(row.stage)}, represented=row.representative is not None)


def _place(request_id: UUID, act: str, by: str, at: datetime) -> tuple[str, ...]:
    return "request_act", str(request_id), act, by, str(round(at.timestamp() * 1_000_000))


def _plain(value: Any) -> str:
    if isinstance(value, date | datetime):
        return value.isoformat()
    raise TypeError(f"a {type(value).__name__} has no form in the register")


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text is not None else None
