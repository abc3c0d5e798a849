"""Marks of persons: that what is held of them is restricted, or that they objected to purposes; and what objections that stand let go.

Pure. A mark names a person by key and says nothing of who they are. `restricted` tells others to store and do nothing else; what keeps the
nightly run away is the hold that a restriction has beside its mark, and what stays of an erasure has none. `objected` tells others to stop
for its purposes, and here: every class that ends by that right for these purposes counts as over for that person, in every plan of a night,
also over what is written later (GDPR 21(3), 7(3)).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from governance.audit.events import Event
from governance.planning.asked import Release, releases_of
from governance.planning.holds import Hold
from governance.policy.pack import PolicyPack
from governance.policy.rights import RequestKind


class Meaning(StrEnum):
    """What others must know of a person's data."""

    RESTRICTED = "restricted"  # GDPR 18(2); Kazakhstan 94-V: blocking
    OBJECTED = "objected"  # GDPR 21(3), 7(3)


@dataclass(frozen=True)
class Mark:
    """A mark on the person of that key. `kind` is that of the request; `purposes` are those objected to, `collections` those restricted
    (none: all, and what comes later). `until` is the day on which what stays goes, None where nobody can say or it is lifted by a person.
    `hold` is the hold bound to it."""

    id: str
    subject: str
    meaning: Meaning
    kind: RequestKind
    purposes: tuple[str, ...]
    collections: tuple[str, ...]
    clause: str
    until: date | None
    request: str
    hold: str | None = None


#: Meaning, purposes, collections and day of a mark, as others see it.
Seen = tuple[str, frozenset[str], frozenset[str], date | None]


@dataclass(frozen=True)
class Placing:
    """A mark to be placed, with the hold bound to it and the events that tell of both."""

    mark: Mark
    hold: Hold | None
    events: tuple[Event, ...]


@dataclass(frozen=True)
class Objection:
    """A class that ends for whoever objected so: by a request of that kind for exactly these purposes."""

    kind: RequestKind
    purposes: tuple[str, ...]
    release: Release


def objections_of(pack: PolicyPack, standing: Iterable[tuple[RequestKind, tuple[str, ...]]]) -> Mapping[str, tuple[Objection, ...]]:
    """What ends by objections that stand, by class. `standing` are kinds of requests with purposes, each once. What the pack in force says
    no more of such a kind ends nothing."""
    found: dict[str, tuple[Objection, ...]] = {}
    for kind, purposes in sorted(set(standing)):
        right = pack.right(kind)
        for release in releases_of(pack, right, purposes) if right is not None and purposes else ():
            found[release.class_id] = (*found.get(release.class_id, ()), Objection(kind, purposes, release))
    return found


def objecting(marks: Iterable[Mark]) -> Mapping[str, tuple[tuple[RequestKind, tuple[str, ...]], ...]]:
    """The objections among marks, by the key of the person."""
    found: dict[str, tuple[tuple[RequestKind, tuple[str, ...]], ...]] = {}
    for mark in marks:
        if mark.meaning is Meaning.OBJECTED:
            found[mark.subject] = (*found.get(mark.subject, ()), (mark.kind, mark.purposes))
    return found
