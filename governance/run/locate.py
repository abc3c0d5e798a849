"""Use case: find the person of a request in every database of the controller, and let somebody pick where it is not sure who is meant.

A request goes on to LOCATED by itself only where every match is certain and there is one in each database; else it waits at AMBIGUOUS. That
nobody was found is a result, and only of databases that were searched whole: one that does not answer fails the search. Does not decide
what happens to what was found.
"""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from governance.audit.bodies_packages import MatchPicked, PersonLocated
from governance.errors import RequestRefused
from governance.ports import Clock, PersonFinder
from governance.requests.located import Located, together
from governance.requests.matching import asked_values
from governance.requests.request import Request, Stage
from governance.requests.spelling import Identifier
from governance.store.located import LocatedRecords
from governance.store.requests import Requests

#: Stages at which the person may be looked for, again after the first time: data change while a request waits. A proposal is rejected
#: first.
_SEARCHED_AT = frozenset({Stage.VERIFIED, Stage.AMBIGUOUS, Stage.LOCATED})


def locate(
    request_ids: Sequence[UUID], finders: Sequence[PersonFinder], register: Requests, records: LocatedRecords, clock: Clock, *, by: str
) -> list[Located]:
    """Find the persons of requests of one controller, in one search of each database; what was found of each, in their order.

    Raises RequestUnknown; RequestRefused, before anything is searched, for a request at another stage, of another controller, or that gives
    too little to find anybody by. All are noted in one transaction: killed before its end, none is, and they are looked for again.
    """
    requests = register.several(request_ids)
    for request in requests:
        _require_searchable(request, finders)
    persons = [request.person for request in requests]
    parts = [finder.find(persons) for finder in finders]
    now = clock.now()
    found = [together([part[n] for part in parts]) for n in range(len(requests))]
    with register.opened_together(request_ids) as entries:
        for entry in entries:
            _require_stage(entry.request)
        records.keep(entries[0].session, dict(zip(request_ids, found, strict=True)), now)
        for entry, located in zip(entries, found, strict=True):
            certain = len(located.certain)
            body = PersonLocated(
                **entry.named,
                searched=located.searched,
                certain=certain,
                unsure=len(located.candidates) - certain,
                erased=sum(item.erased for item in located.candidates),
                beside=len(located.beside),
                third_party_rows=sum(item.rows for item in located.third_parties),
                ambiguous=located.ambiguous,
                by=by,
            )
            entry.tell(body, now)
            entry.advance(Stage.AMBIGUOUS if located.ambiguous else Stage.LOCATED, by=by, now=now)
    return found


def pick(
    request_id: UUID,
    dataset: str,
    references: Sequence[str],
    finder: PersonFinder,
    register: Requests,
    records: LocatedRecords,
    clock: Clock,
    *,
    reason: str,
    by: str,
) -> Located:
    """Say which rows of a dataset are the person's, by keyed reference; none at all where nobody there is meant. What stands then.

    Raises RequestRefused for a request that waits for no pick in that dataset, for a reference that was not found, and without a reason.
    """
    if not reason.strip():
        raise RequestRefused("--reason: expected why these rows are the person's, found nothing")
    located = records.of(request_id)
    known = {item.key_ref for item in (*located.candidates, *located.beside) if item.dataset == dataset}
    if dataset not in located.open_datasets:
        raise RequestRefused(
            f"request {request_id}: nothing waits for a pick in {dataset}; in: {', '.join(located.open_datasets) or 'none'}"
        )
    if unknown := [item for item in references if item not in known]:
        raise RequestRefused(f"request {request_id}: expected references of what was found in {dataset}, found {len(unknown)} others")
    subjects = [item.key for item in located.candidates if item.dataset == dataset and item.key_ref in references]
    third_parties = finder.third_parties(register.get(request_id).person, subjects) if subjects else ()
    now = clock.now()
    with register.opened(request_id) as entry:
        if records.within(entry.session, request_id) != located:
            raise RequestRefused(f"request {request_id}: it was searched again meanwhile; look again before picking")
        _require_stage(entry.request)
        picked = located.having_picked(dataset, references, third_parties)
        records.keep(entry.session, {request_id: picked}, now)
        entry.note("picked", by, now, {"dataset": dataset, "references": list(references), "reason": reason})
        dropped = len(known) - len(references)
        entry.tell(MatchPicked(**entry.named, governed=dataset, references=tuple(references), dropped=dropped, by=by), now)
        if not picked.ambiguous:
            entry.advance(Stage.LOCATED, by=by, now=now)
    return picked


def _require_searchable(request: Request, finders: Sequence[PersonFinder]) -> None:
    _require_stage(request)
    if any(finder.dataset.controller != request.controller for finder in finders) or not finders:
        raise RequestRefused(f"request {request.number} of {request.controller}: expected the databases of that controller")
    given = asked_values(request.person).keys()
    if not given - {Identifier.NAME, Identifier.BIRTH_DATE} and given != {Identifier.NAME, Identifier.BIRTH_DATE}:
        # Of a name alone there are many; who asks is asked for more (GDPR 11(2), 12(6)).
        raise RequestRefused(
            f"request {request.number} of {request.controller}: expected a national id, contract, e-mail, phone, or name and birth date"
        )


def _require_stage(request: Request) -> None:
    if request.stage not in _SEARCHED_AT:
        stages = ", ".join(sorted(stage.value for stage in _SEARCHED_AT))
        raise RequestRefused(f"request {request.number} of {request.controller}: expected one at {stages}, found {request.stage.value}")
