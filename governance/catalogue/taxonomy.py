"""Categories against a taxonomy that may lack them: the nearest it has, and what it would take to declare them. Pure."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from types import MappingProxyType

from governance.catalogue.recognition import OWN_CATEGORIES
from governance.policy.document import TAXONOMY
from governance.policy.pack import PolicyPack


@dataclass(frozen=True)
class OwnCategory:
    """A category that fideslang has not. Its parent is one that fideslang has, or another own one."""

    key: str
    title: str

    @property
    def parent(self) -> str:
        """The category it stands below."""
        return self.key.rpartition(".")[0]


def nearest(category: str, known: Collection[str]) -> str:
    """The category itself, or else the nearest above it that is known. Raises ValueError where none is."""
    wanted = category
    while category not in known:
        category = category.rpartition(".")[0]
        if not category:
            raise ValueError(f"no known category above {wanted!r}")
    return category


def own_categories(used: Iterable[str], pack: PolicyPack | None = None) -> tuple[OwnCategory, ...]:
    """What fideslang lacks of the categories used, parents before children, titled by the pack or else as the recognisers do."""
    titles: Mapping[str, str] = MappingProxyType({**OWN_CATEGORIES, **{item.key: item.title for item in (pack.categories if pack else ())}})
    missing: set[str] = set()
    for category in used:
        while category and category not in TAXONOMY:
            missing.add(category)
            category = category.rpartition(".")[0]
    return tuple(OwnCategory(key, titles.get(key, _title(key))) for key in sorted(missing))


def _title(key: str) -> str:
    return key.rpartition(".")[2].replace("_", " ").capitalize()
