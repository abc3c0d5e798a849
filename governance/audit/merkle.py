"""The Merkle tree of RFC 9162 section 2.1 (the same as RFC 6962): hashes, roots, proofs and their verification, compact appending.

Works on leaf *hashes*; what a leaf holds is the caller's business. Positions and sizes count leaves from zero.
Proofs are lists of 32-byte node hashes in the order of the RFC. Verification never raises: a malformed proof is a false one.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Sequence

HASH_BYTES = 32
Node = Callable[[int, int], bytes]  # the root over the leaves from the first (included) to the second (not included)
EMPTY_ROOT = hashlib.sha256(b"").digest()  # RFC 9162 2.1.1: MTH({}) = HASH()


def leaf_hash(content: bytes) -> bytes:
    """Hash of one leaf's content."""
    return hashlib.sha256(b"\x00" + content).digest()  # RFC 9162 2.1.1: HASH(0x00 || d[0])


def node_hash(left: bytes, right: bytes) -> bytes:
    """Hash of an inner node; the other prefix keeps a leaf from passing for a node."""
    return hashlib.sha256(b"\x01" + left + right).digest()  # RFC 9162 2.1.1: HASH(0x01 || ...)


class Frontier:
    """The right edge of a tree: roots of its full subtrees, largest first. Enough to append and to know the root, log2(n) hashes.

    `Frontier(size, hashes)` takes up where an earlier one left off; the caller vouches for the hashes (see `root`).
    """

    def __init__(self, size: int = 0, hashes: Sequence[bytes] = ()) -> None:
        if size < 0 or len(hashes) != size.bit_count() or any(len(node) != HASH_BYTES for node in hashes):
            raise ValueError(f"a tree of {size} leaves has {max(size, 0).bit_count()} full subtrees of {HASH_BYTES}-byte hashes")
        self._size, self._hashes = size, list(hashes)

    @property
    def size(self) -> int:
        return self._size

    @property
    def hashes(self) -> tuple[bytes, ...]:
        return tuple(self._hashes)

    def append(self, leaf: bytes) -> None:
        """Add one leaf hash; merges as many full subtrees as the size has trailing one bits."""
        node, size = leaf, self._size
        while size & 1:
            node, size = node_hash(self._hashes.pop(), node), size >> 1
        self._hashes.append(node)
        self._size += 1

    def extend(self, leaves: Iterable[bytes]) -> Frontier:
        """A new frontier with these leaf hashes added; this one stays as it is. By levels: the hashes of `append`, sooner."""
        sha256 = hashlib.sha256  # inline, see `content_root`
        level, edge, kept = list(leaves), list(self._hashes), list[bytes]()
        size, height = self._size + len(level), self._size
        while level or height:
            if height & 1:  # a full subtree that waits for its other half
                level.insert(0, edge.pop())
            if len(level) & 1:
                kept.append(level.pop())
            level = [sha256(b"\x01" + left + right).digest() for left, right in zip(level[::2], level[1::2], strict=True)]
            height >>= 1
        return Frontier(size, kept[::-1])

    def root(self) -> bytes:
        """The root hash of the whole tree."""
        if not self._hashes:
            return EMPTY_ROOT
        node = self._hashes[-1]
        for left in reversed(self._hashes[:-1]):
            node = node_hash(left, node)
        return node


def root(leaves: Iterable[bytes]) -> bytes:
    """The root hash over leaf hashes, in one pass and log2(n) memory."""
    return Frontier().extend(leaves).root()


def content_root(contents: Iterable[bytes]) -> bytes:
    """The root hash over leaf contents, level by level: the same as `root` of their leaf hashes in less time, and in the memory of
    one level. A node left over at the end of a level goes up as it is, which is RFC 9162 2.1.1's split read from below."""
    sha256 = hashlib.sha256  # inline: a call for each of millions of leaves would cost as much as the hash
    level = [sha256(b"\x00" + content).digest() for content in contents]
    while len(level) > 1:
        above = [sha256(b"\x01" + left + right).digest() for left, right in zip(level[::2], level[1::2], strict=False)]
        if len(level) & 1:
            above.append(level[-1])
        level = above
    return level[0] if level else EMPTY_ROOT


def inclusion_proof(position: int, leaves: Sequence[bytes]) -> list[bytes]:
    """The nodes that lead from leaf `position` to the root of `leaves`. Raises ValueError outside the tree."""
    return inclusion_path(position, len(leaves), lambda first, end: root(leaves[first:end]))


def consistency_proof(old_size: int, leaves: Sequence[bytes]) -> list[bytes]:
    """The nodes that show the first `old_size` leaves unchanged in the tree of `leaves`. Raises ValueError outside 1..size."""
    return consistency_path(old_size, len(leaves), lambda first, end: root(leaves[first:end]))


def inclusion_path(position: int, size: int, node: Node) -> list[bytes]:
    """The inclusion proof of leaf `position` in a tree of `size` leaves, of nodes that `node` knows. Raises ValueError outside the tree."""
    if not 0 <= position < size:
        raise ValueError(f"no leaf {position} in a tree of {size}")
    first, end, path = 0, size, list[bytes]()
    while end - first > 1:  # RFC 9162 2.1.3.1: PATH(m, D_n), from the root down
        middle = first + split(end - first)
        if position < middle:
            path.append(node(middle, end))
            end = middle
        else:
            path.append(node(first, middle))
            first = middle
    return path[::-1]


def consistency_path(old_size: int, size: int, node: Node) -> list[bytes]:
    """The consistency proof of the first `old_size` of `size` leaves, of nodes that `node` knows. Raises ValueError outside 1..size."""
    if not 1 <= old_size <= size:
        raise ValueError(f"no tree of {old_size} leaves within one of {size}")
    first, end, path = 0, size, list[bytes]()
    while old_size != end:  # RFC 9162 2.1.4.1: SUBPROOF(m, D_n, b), from the root down
        middle = first + split(end - first)
        if old_size <= middle:
            path.append(node(middle, end))
            end = middle
        else:
            path.append(node(first, middle))
            first = middle
    return [*([node(first, end)] if first else []), *path[::-1]]  # b is true as long as the subtree begins with the tree


def verify_inclusion(leaf: bytes, position: int, size: int, proof: Sequence[bytes], root: bytes) -> bool:
    """Whether the proof leads from this leaf hash at `position` to `root` of a tree of `size` leaves."""
    if not 0 <= position < size:  # RFC 9162 2.1.3.2 step 1
        return False
    index, last, node = position, size - 1, leaf  # step 2, 3
    for sibling in proof:  # step 4
        if last == 0:
            return False
        if index & 1 or index == last:
            node = node_hash(sibling, node)
            while not index & 1 and index:
                index, last = index >> 1, last >> 1
        else:
            node = node_hash(node, sibling)
        index, last = index >> 1, last >> 1
    return last == 0 and node == root  # step 5


def verify_consistency(old_size: int, new_size: int, old_root: bytes, new_root: bytes, proof: Sequence[bytes]) -> bool:
    """Whether the proof shows the tree of `old_root` to be the beginning of the tree of `new_root`."""
    if not 0 < old_size <= new_size:
        return False
    if old_size == new_size:
        return not proof and old_root == new_root
    nodes = [old_root, *proof] if old_size.bit_count() == 1 else list(proof)  # RFC 9162 2.1.4.2 step 2
    if not nodes:  # step 1
        return False
    index, last = old_size - 1, new_size - 1  # step 3
    while index & 1:  # step 4
        index, last = index >> 1, last >> 1
    old, new = nodes[0], nodes[0]  # step 5
    for node in nodes[1:]:  # step 6
        if last == 0:
            return False
        if index & 1 or index == last:
            old, new = node_hash(node, old), node_hash(node, new)
            while not index & 1 and index:
                index, last = index >> 1, last >> 1
        else:
            new = node_hash(new, node)
        index, last = index >> 1, last >> 1
    return last == 0 and old == old_root and new == new_root  # step 7


def split(size: int) -> int:
    """RFC 9162 2.1.1: k, the largest power of two smaller than n; for n of at least 2."""
    return 1 << ((size - 1).bit_length() - 1)
