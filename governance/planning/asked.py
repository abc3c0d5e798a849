"""What a plan made because persons asked rests on: whose data, and which deletion classes end for them.

A class that was released counts as over for the rows of those persons, where it stands as the release says; what extends it and every hold
still stop it. Everybody else's rows are left alone as if they were on hold. Pure.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from governance.policy.pack import PolicyPack
from governance.policy.rights import Right
from governance.policy.rules import Effect


@dataclass(frozen=True)
class Release:
    """A class that ends because it was asked for. `standings`: where it may stand (`governance.planning.evaluate.Standing`); `waits_for`:
    extensions of the person while which it does not end; `clause` and `provenance` are those of the right."""

    class_id: str
    clause: str
    provenance: str
    standings: tuple[str, ...]
    waits_for: tuple[str, ...] = ()


@dataclass(frozen=True)
class Asked:
    """Of a frozen plan: the kind of request, the classes that end, and for how many persons; `subjects_digest` commits to them by their
    keyed references, as chunks are committed to. `identities` are keyed references of who they are - key, national id, names, birth date -
    by which a replay knows that a row with their key is theirs, and not that of somebody who was given the number after a restore."""

    kind: str
    releases: tuple[Release, ...]
    subjects: int
    subjects_digest: str
    identities: tuple[str, ...]

    @property
    def by_class(self) -> Mapping[str, Release]:
        """The releases by the class they end."""
        return by_class(self.releases)

    @classmethod
    def from_document(cls, values: Mapping[str, Any]) -> Asked:
        """What a stored document stands for. Raises KeyError or TypeError for anything else."""
        lists = ({**item, "standings": tuple(item["standings"]), "waits_for": tuple(item["waits_for"])} for item in values["releases"])
        return cls(**{**values, "releases": tuple(Release(**item) for item in lists), "identities": tuple(values["identities"])})


@dataclass(frozen=True)
class Asking:
    """For the evaluator: the releases, and the keys of the persons who ask."""

    releases: Mapping[str, Release]
    subjects: frozenset[Hashable]


def by_class(releases: Iterable[Release]) -> Mapping[str, Release]:
    """Releases by the class they end."""
    return {release.class_id: release for release in releases}


def releases_of(pack: PolicyPack, right: Right, purposes: Iterable[str] = ()) -> tuple[Release, ...]:
    """The classes that end under a right, those of other purposes than the named ones excepted (none named: all of the right).

    A class that also serves a purpose which is not named stays, and so does one that must be kept: a pack that says otherwise is faulty
    (`governance check`), and a faulty pack destroys nothing.
    """
    named = set(purposes)
    found = []
    for item in right.yields:
        rule = pack.rule(item.class_id)
        if rule is None or rule.effect is Effect.MUST_KEEP or (named and not named.issuperset(rule.purposes)):
            continue
        found.append(Release(item.class_id, item.clause, item.provenance.value, item.standing, item.waits_for))
    return tuple(found)
