"""Composition of the register of requests over one deployment: what people do with it, on the command line, on a page or over HTTP, and the
watch over its clocks."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from functools import cached_property
from pathlib import Path
from typing import Any
from uuid import UUID

from governance.adapters.keyring import FileKeyring
from governance.config import Deployment
from governance.errors import ConfigurationError, DocumentError, RequestInvalid, RequestUnknown
from governance.policy.loading import parse_yaml
from governance.policy.pack import PolicyPack
from governance.ports import Clock
from governance.requests.intake import draft_of
from governance.requests.listed import drafts_of
from governance.requests.proof import Proof
from governance.requests.request import Act, Channel, Entry, Pending, RefusalGround, Request
from governance.run import requests as acts
from governance.run.request_watch import pending, pending_of, purge_requests, watch_requests
from governance.store.database import Store
from governance.store.requests import Requests
from governance.workplace import SystemClock

LARGEST_FILE = 16 * 1024 * 1024  # bytes


class RequestDesk:
    """What people do with requests. `by` is a role or login, `account` the account that is told of who was shown a person. Opens nothing
    before it is asked for it."""

    def __init__(self, deployment: Deployment, run_id: str, *, by: str = "", clock: Clock | None = None) -> None:
        self._deployment, self._run_id, self._by, self._clock = deployment, run_id, by, clock or SystemClock()

    @cached_property
    def register(self) -> Requests:
        """The register over the governance database, with the keys of the deployment."""
        return Requests(Store(self._deployment.store), FileKeyring(self._deployment.keyring), run_id=self._run_id)

    @cached_property
    def packs(self) -> Mapping[str, PolicyPack]:
        """The policies in force now, by controller. One that cannot be read is left out; what concerns it says so."""
        found: dict[str, PolicyPack] = {}
        self._unread: list[str] = []
        for name in self._deployment.datasets:
            try:
                pack = self._deployment.pack(name, self._clock.now())
                found.setdefault(pack.controller, pack)
            except ConfigurationError as error:
                self._unread.append(str(error))
        return found

    def pack(self, controller: str | None) -> PolicyPack:
        """The policy of a controller; None: of the only one there is. Raises ConfigurationError, or RequestInvalid where there is none."""
        known = self.packs
        if controller is None and len(known) == 1:
            return next(iter(known.values()))
        if controller is not None and controller in known:
            return known[controller]
        if self._unread:
            raise ConfigurationError("; ".join(self._unread))
        told = f"controller: expected one of {', '.join(known)}, found {'none' if controller is None else 'another'}"
        raise RequestInvalid(told, [told])

    def find(self, number: str, controller: str | None) -> UUID:
        """The id that is meant: an id, or the number of a request of a controller. Raises RequestUnknown."""
        try:
            return UUID(number)
        except ValueError:
            pass
        if not (number.isascii() and number.isdigit() and len(number) < 10):
            raise RequestUnknown("expected the number of a request as `governance request list` shows it, or its id, found something else")
        return self.register.find(self.pack(controller).controller, int(number))

    def receive(self, values: Mapping[str, Any], *, channel: Channel | None = None, not_duplicate: str | None = None) -> Request:
        """Enter what somebody typed or sent; `channel` where they do not say it. Raises RequestInvalid with every fault."""
        plain = {name: value for name, value in values.items() if value is not None}
        if channel is not None:
            plain["channel"] = channel
        named = plain.get("controller")
        pack = self.pack(named if isinstance(named, str) and named else None)
        plain["controller"] = pack.controller
        draft = draft_of(plain, pack, self._today(pack))
        return acts.receive(self.register, pack, acts.Incoming(draft, not_duplicate), by=self._by, now=self._clock.now())

    def receive_file(self, path: Path, *, not_duplicate: str | None = None) -> Request:
        """Enter the request of a YAML file: a mapping of the fields."""
        return self.receive(read_request(path), not_duplicate=not_duplicate)

    def import_file(self, path: Path) -> Sequence[Request]:
        """Enter every request of a CSV file, or none."""
        found = drafts_of(text_of_file(path), path.name, self.packs, {name: self._today(pack) for name, pack in self.packs.items()})
        incoming = [acts.Incoming(draft, why, place) for place, draft, why in found]
        return acts.receive_all(self.register, self.packs, incoming, by=self._by, now=self._clock.now())

    def entry(self, request_id: UUID) -> Entry:
        """What is shown of a request without opening it."""
        return self.register.entry(request_id)

    def standing(self, request_id: UUID) -> Pending:
        """One request with the days that are left, without opening it."""
        return pending_of(self.entry(request_id), self._clock.now())

    def opened(self, request_id: UUID, *, account: str, purpose: str = "answer a request") -> tuple[Request, Sequence[Act]]:
        """The request with identity and words, and everything done with it; the log is told first, by account."""
        acts.tell_shown(self.register, request_id, purpose=purpose, by=account, now=self._clock.now())
        return self.register.get(request_id), self.register.history(request_id)

    def pending(self) -> Sequence[Pending]:
        """Every open request with the days that are left."""
        return pending(self.register, self._clock)

    def listed(self, controller: str | None, *, everything: bool) -> Sequence[Entry]:
        """Requests without identity."""
        return self.register.listed(controller, everything=everything)

    def verify(self, request_id: UUID, proof: Proof) -> Request:
        """Note that identity was proved."""
        return acts.verify(self.register, self._pack_of(request_id), request_id, proof, **self._act)

    def pause(self, request_id: UUID, asked_on: date) -> Request:
        """Suspend its clock while a proof of identity is awaited."""
        return acts.pause(self.register, self._pack_of(request_id), request_id, asked_on, **self._act)

    def extend(self, request_id: UUID, reason: str, told_on: date) -> Request:
        """Extend its term."""
        return acts.extend(self.register, self._pack_of(request_id), request_id, reason, told_on, **self._act)

    def withdraw(self, request_id: UUID, reason: str) -> Request:
        """The person takes it back."""
        return acts.withdraw(self.register, request_id, reason, **self._act)

    def refuse(self, request_id: UUID, ground: RefusalGround, reason: str) -> Request:
        """Refuse it for what it is."""
        return acts.refuse(self.register, self._pack_of(request_id), request_id, ground, reason, **self._act)

    def charge(self, request_id: UUID, ground: acts.Excess, reason: str) -> Request:
        """Ask a fee for it."""
        return acts.charge(self.register, self._pack_of(request_id), request_id, ground, reason, **self._act)

    def watch(self) -> Sequence[Pending]:
        """Remind, open an incident for what is overdue. Raises RequestDue."""
        return watch_requests(self.register, self.packs, self._clock, run_id=self._run_id)

    def purge(self) -> Mapping[str, int]:
        """Delete entries of the register whose term is over; how many, by controller."""
        return purge_requests(self.register, self.packs, self._clock)

    def today(self, request_id: UUID) -> date:
        """The day in the calendar of the request's controller."""
        return self.entry(request_id).day_of(self._clock.now())

    @property
    def _act(self) -> dict[str, Any]:
        return {"by": self._by, "now": self._clock.now()}

    def _pack_of(self, request_id: UUID) -> PolicyPack:
        return self.pack(self.entry(request_id).controller)

    def _today(self, pack: PolicyPack) -> date:
        return self._clock.now().astimezone(pack.zone).date()


def read_request(path: Path) -> dict[str, Any]:
    """The mapping in a YAML file. Raises ConfigurationError, DocumentError with the line, neither with a piece of the text."""
    try:
        return parse_yaml(text_of_file(path), path.name)
    except DocumentError as error:
        raise DocumentError(path.name, error.path, "a YAML mapping of the fields of a request", "another form") from None


def text_of_file(path: Path) -> str:
    """A text of at most 16 MB in UTF-8. Raises ConfigurationError."""
    try:
        with path.open("rb") as file:
            content = file.read(LARGEST_FILE + 1)
        if len(content) > LARGEST_FILE:
            raise ConfigurationError(f"{path}: expected at most {LARGEST_FILE:,} bytes, found more")
        return content.decode("utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        reason = error.strerror if isinstance(error, OSError) else "not UTF-8"
        raise ConfigurationError(f"{path}: expected a readable file, found: {reason}") from None
