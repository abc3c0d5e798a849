"""The graph of collections and their references: its strongly connected components, referencing before referenced. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from graphlib import TopologicalSorter


def components(targets: Mapping[str, Iterable[str]]) -> tuple[tuple[str, ...], ...]:
    """Groups of names that reach each other, each group before those it leads to; names within a group in the order of `targets`.

    A name that lies on no cycle is a group of its own; whether it refers to itself is not told.
    """
    reached = {name: _reached(name, targets) for name in targets}
    group: dict[str, tuple[str, ...]] = {}
    for name in targets:
        if name not in group:
            members = tuple(other for other in targets if other == name or (other in reached[name] and name in reached[other]))
            group |= dict.fromkeys(members, members)
    sorter: TopologicalSorter[tuple[str, ...]] = TopologicalSorter({members: set() for members in group.values()})
    for name, members in group.items():
        for target in targets[name]:
            if group[target] != members:
                sorter.add(group[target], members)
    return tuple(sorter.static_order())


def _reached(name: str, targets: Mapping[str, Iterable[str]]) -> set[str]:
    found: set[str] = set()
    waiting = [name]
    while waiting:
        for target in targets[waiting.pop()]:
            if target not in found:
                found.add(target)
                waiting.append(target)
    return found
