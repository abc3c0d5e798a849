"""The nodes of a large tree, computed from leaf hashes that are read stretch by stretch, each node and each stretch once.

For proofs out of a log of millions: a path needs one node of each height, and the frontiers kept with checkpoints are nodes already.
Pure: what reads the leaf hashes is handed in. Nothing here is trusted: a proof made of these nodes is checked against a signed root.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from governance.audit.merkle import EMPTY_ROOT, Frontier, node_hash, root, split

STRETCH = 1 << 12  # leaves read at a time


class Subtrees:
    """Roots over stretches of leaves. `read(first, end)` gives the leaf hashes from `first` up to, not including, `end`."""

    def __init__(self, read: Callable[[int, int], Sequence[bytes]]) -> None:
        self._read = read
        self._nodes: dict[tuple[int, int], bytes] = {}
        self._first = 0
        self._leaves: Sequence[bytes] = ()

    def learn(self, frontier: Frontier) -> None:
        """Take over the full subtrees at the right edge of an earlier tree."""
        first = 0
        for node in frontier.hashes:
            width = 1 << ((frontier.size - first).bit_length() - 1)
            self._nodes[first, first + width] = node
            first += width

    def node(self, first: int, end: int) -> bytes:
        """The root over the leaves `first` to `end - 1`, which must be a node of some tree as RFC 9162 2.1.1 makes them."""
        if first == end:
            return EMPTY_ROOT
        if end - first <= STRETCH and first // STRETCH == (end - 1) // STRETCH:
            return self._nodes.get((first, end)) or self._small(first, end)
        found = self._nodes.get((first, end))
        if found is None:
            middle = first + split(end - first)
            found = self._nodes[first, end] = node_hash(self.node(first, middle), self.node(middle, end))
        return found

    def _small(self, first: int, end: int) -> bytes:
        """A node within one stretch. The stretch is kept until another one is asked for: ask in ascending order."""
        base = first - first % STRETCH
        if self._first != base or base + len(self._leaves) < end:
            self._first, self._leaves = base, self._read(base, base + STRETCH)
        found = root(self._leaves[first - base : end - base])
        self._nodes[first, end] = found
        return found
