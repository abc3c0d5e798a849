"""Use case: place the marks that an approved decision asks for, lift them again, and end those that are about nothing any more.

Placing follows from the decision alone and is safe to repeat: a mark's id follows from the decision and the person, so what stands is not
placed twice. Lifting a restriction needs the letter that told the person before (GDPR 18(3)). In each loan database all that belongs
together - mark, hold, the lender's flag, events - is one transaction; the register of requests learns of it after.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal, Protocol
from uuid import UUID

from governance.audit.bodies_marks import MarkLifted, MarkPlaced, RequestLifted, RequestLiftingNoted
from governance.audit.bodies_plan import HoldPlaced, HoldReleased
from governance.audit.body import Body, name_text
from governance.audit.events import Event, derived_id, new_event
from governance.catalogue.governed import GovernedDataset
from governance.errors import RequestRefused
from governance.planning.holds import Hold
from governance.planning.marks import Mark, Placing, Seen
from governance.requests.located import Located
from governance.requests.marking import LASTING, Wanted, wanted_marks
from governance.requests.request import Request
from governance.run.decide_requests import AskedDatabase
from governance.store import request_marks
from governance.store.decisions import Drafted
from governance.store.letters import Letters
from governance.store.requests import Requests

ENGINE = "lethe"


class Describe(Protocol):
    """The events of lifting one mark."""

    def __call__(self, mark: Mark, /) -> Sequence[Event]: ...


class Marks(Protocol):
    """The marks of a loan database."""

    @property
    def dataset(self) -> GovernedDataset:
        """What is declared about it."""
        ...

    def standing(self) -> tuple[Mark, ...]:
        """Every mark that was not lifted."""
        ...

    def place(self, placings: Sequence[Placing], now: datetime) -> int:
        """Add marks with their holds and events, in one transaction; those excepted that stand or stood."""
        ...

    def lift(self, marks: Sequence[Mark], now: datetime, describe: Describe) -> int:
        """Lift marks with their holds and events, in one transaction."""
        ...

    def gone(self) -> tuple[Mark, ...]:
        """Marks that stand and are about nothing any more."""
        ...

    def here(self, subjects: Collection[str]) -> frozenset[str]:
        """Those of these persons who stand in the database."""
        ...


class MarkLook(Protocol):
    """Sees marks as others do."""

    def missing(self, wanted: Sequence[tuple[str, Seen, bool]]) -> Sequence[bool]:
        """For each (person, mark, whether it needs a hold) whether it is not seen whole."""
        ...


@dataclass(frozen=True)
class Marking:
    """What marks are placed and proved with: loan databases, their marks and looks at them, by dataset."""

    databases: Mapping[str, AskedDatabase]
    marks: Mapping[str, Marks]
    looks: Mapping[str, MarkLook]
    run_id: str

    def place(
        self, together: Sequence[Request], drafted: Sequence[Drafted], located: Sequence[Located], now: datetime
    ) -> Mapping[UUID, frozenset[str]]:
        """Place what decisions ask for on the persons they name who stand there still, dataset by dataset, all or none in each; by request
        the datasets in which marks that last were asked for."""
        lasting: dict[UUID, set[str]] = {request.id: set() for request in together}
        for name, asked in self._asked(together, drafted, located).items():
            dataset = self.marks[name].dataset
            placings = [self._placing(dataset, one, now) for one in asked]
            if placings:
                self.marks[name].place(placings, now)
            for one in asked:
                if one.request.kind in LASTING:
                    lasting[one.request.id].add(name)
        return {request_id: frozenset(names) for request_id, names in lasting.items()}

    def missing(self, together: Sequence[Request], drafted: Sequence[Drafted], located: Sequence[Located]) -> Mapping[UUID, int]:
        """How many marks that decisions ask for are not seen whole, by request; read anew, as others see them."""
        short = {request.id: 0 for request in together}
        for name, asked in self._asked(together, drafted, located).items():
            missing = self.looks[name].missing([(one.key, one.seen, one.wanted.hold is not None) for one in asked])
            for one, absent in zip(asked, missing, strict=True):
                short[one.request.id] += absent
        return short

    def standing(self, name: str, references: Iterable[str], located: Sequence[Located]) -> Mapping[str, str]:
        """The keys, as text, of the persons whom keyed references name, of those who stand in a dataset. `located`: where they were found
        before; where that explains every reference, no key of anybody else is read."""
        likely = [item.key for found in located for item in found.candidates if item.dataset == name]
        keys = self.databases[name].subjects_of(sorted(set(references)), likely)
        here = self.marks[name].here(keys.values())
        return {reference: key for reference, key in keys.items() if key in here}

    def _asked(self, together: Sequence[Request], drafted: Sequence[Drafted], located: Sequence[Located]) -> dict[str, list[_Asked]]:
        """The marks that decisions ask for of persons who stand, by dataset."""
        found: dict[str, list[_Asked]] = {}
        for name in self.marks:
            pairs = [
                (request, one, wanted, reference)
                for request, one in zip(together, drafted, strict=True)
                if (wanted := wanted_marks(one.decision, name))
                for reference in one.subjects.get(name, ())
            ]
            if not pairs:
                continue
            keys = self.standing(name, (reference for *_, reference in pairs), located)
            found[name] = [
                _Asked(request, one, reference, keys[reference], mark, number)
                for request, one, wanted, reference in pairs
                if reference in keys
                for number, mark in enumerate(wanted)
            ]
        return found

    def _placing(self, dataset: GovernedDataset, one: _Asked, now: datetime) -> Placing:
        mark, hold, bodies = _made(dataset, one)
        return Placing(mark, hold, tuple(_event(body, dataset, now, self.run_id) for body in bodies))


@dataclass(frozen=True)
class _Asked:
    """One mark that a decision asks for of one person."""

    request: Request
    drafted: Drafted
    reference: str
    key: str
    wanted: Wanted
    number: int

    @property
    def seen(self) -> Seen:
        """As others should see it."""
        made = self.wanted
        return made.meaning.value, frozenset(made.purposes), frozenset(made.collections), made.until


def note_lifting(requests: Requests, request_id: UUID, *, reason: str, by: str, now: datetime) -> None:
    """Note why the marks of a request are going to be lifted; the letter to the person says it. Raises RequestRefused where none stand."""
    if not reason.strip() or not by.strip():
        raise RequestRefused("lifting: expected a reason that the person is told, and who gives it, by role or login")
    with requests.opened(request_id) as entry:
        if not request_marks.marked(entry.session, request_id):
            raise RequestRefused(f"{entry}: expected a request whose restriction or objection stands, found none that does")
        entry.note("lifting", by, now, {"reason": reason.strip()})
        entry.tell(RequestLiftingNoted(**entry.named, by=by.strip()), now)


def lift_marks(
    requests: Requests,
    letters: Letters,
    marks: Mapping[str, Marks],
    request_id: UUID,
    letter: str,
    *,
    by: str,
    now: datetime,
    run_id: str,
) -> int:
    """Lift the marks of a request everywhere, with the holds that kept the nightly run away; how many.

    `letter` is the SHA-256 of the letter about the lifting, which went out before. Raises RequestRefused where the request has no such
    letter, none that was made after the last reason was noted, or no marks stand. Called again after a failure it goes on.
    """
    if not by.strip():
        raise RequestRefused("lifting names who does it, by role or login")
    entry = requests.entry(request_id)
    called = f"request {entry.number} of {entry.controller}"
    noted = next((act.at for act in reversed(requests.history(request_id)) if act.act == "lifting"), None)
    found = next((kept for kept in letters.of(request_id) if kept.letter == letter), None)
    if noted is None or found is None or found.kind != "lifting" or found.issued_at < noted:
        raise RequestRefused(
            f"{called}: expected the digest of its letter about the lifting, for the person is told before it (GDPR 18(3))"
        )
    with requests.store.begin() as session:
        where = request_marks.marked(session, request_id)
    if not where:
        raise RequestRefused(f"{called}: expected a request whose restriction or objection stands, found none that does")
    lifted = 0
    for name in where:
        own = [mark for mark in marks[name].standing() if mark.request == str(request_id)]
        lifted += marks[name].lift(own, now, _lifting(marks[name].dataset, "lifted", by.strip(), now, run_id))
    with requests.opened(request_id) as opened:
        for name in where:
            request_marks.ended(opened.session, request_id, name, now)
        opened.note("lifted", by, now, {"letter": letter, "marks": lifted})
        opened.tell(RequestLifted(**opened.named, letter=letter, marks=lifted, by=by.strip()), now)
    return lifted


def settle_marks(marks: Marks, requests: Requests, *, now: datetime, run_id: str) -> int:
    """After an enforcement: end the marks that are about nothing any more, and let requests go on which none rests; how many ended."""
    name, over = marks.dataset.name, marks.gone()
    ended = marks.lift(over, now, _lifting(marks.dataset, "gone", ENGINE, now, run_id))
    standing = {mark.request for mark in marks.standing()}
    with requests.store.begin() as session:
        for request_id in request_marks.resting(session, name):
            if str(request_id) not in standing:
                request_marks.ended(session, request_id, name, now)
    return ended


def _made(dataset: GovernedDataset, one: _Asked) -> tuple[Mark, Hold | None, list[Body]]:
    persons, digest, wanted = str(dataset.subjects), one.drafted.decision.digest, one.wanted
    at = (digest, dataset.name, one.reference, one.number)
    by = one.drafted.approved_by or ENGINE
    hold = None
    bodies: list[Body] = []
    if wanted.hold is not None:
        hold = Hold(str(derived_id("hold", *at)), persons, one.key, wanted.hold, wanted.clause, None)
        bodies.append(
            HoldPlaced(
                hold_id=hold.id,
                hold_kind=hold.kind.value,
                clause=name_text(hold.clause),
                collection=persons,
                key_ref=one.reference,
                until=None,
                placed_by=by,
            )
        )
    mark = Mark(
        id=str(derived_id("mark", *at)),
        subject=one.key,
        meaning=wanted.meaning,
        kind=one.request.kind,
        purposes=wanted.purposes,
        collections=wanted.collections,
        clause=wanted.clause,
        until=wanted.until,
        request=str(one.request.id),
        hold=hold.id if hold is not None else None,
    )
    bodies.append(
        MarkPlaced(
            mark_id=mark.id,
            request=mark.request,
            request_kind=mark.kind,
            decision=digest,
            meaning=mark.meaning.value,
            purposes=mark.purposes,
            collections=mark.collections,
            clause=name_text(mark.clause),
            until=mark.until.isoformat() if mark.until is not None else None,
            collection=persons,
            key_ref=one.reference,
            hold_id=mark.hold,
        )
    )
    return mark, hold, bodies


def _lifting(dataset: GovernedDataset, reason: Literal["lifted", "gone"], by: str, now: datetime, run_id: str) -> Describe:
    def describe(mark: Mark, /) -> Sequence[Event]:
        bodies: list[Body] = [MarkLifted(mark_id=mark.id, request=mark.request, reason=reason, lifted_by=by)]
        if mark.hold is not None:
            bodies.append(HoldReleased(hold_id=mark.hold, released_by=by))
        return [_event(body, dataset, now, run_id) for body in bodies]

    return describe


def _event(body: Body, dataset: GovernedDataset, now: datetime, run_id: str) -> Event:
    return new_event(body, at=now, controller=dataset.controller, dataset=dataset.name, run_id=run_id)
