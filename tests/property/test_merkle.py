"""The Merkle tree against the recursive definitions of RFC 9162, written down here as they stand there."""

from __future__ import annotations

import hashlib

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from governance.audit import merkle
from governance.audit.merkle import Frontier

unhurried = settings(deadline=None)  # the machine may be busy with other things
leaves = st.lists(st.binary(max_size=40), max_size=70)
trees = st.lists(st.binary(max_size=40), min_size=1, max_size=70)


def sha(*parts: bytes) -> bytes:
    return hashlib.sha256(b"".join(parts)).digest()


def mth(data: list[bytes]) -> bytes:
    """RFC 9162 2.1.1, word for word: over the data, not over leaf hashes."""
    n = len(data)
    if n == 0:
        return sha()
    if n == 1:
        return sha(b"\x00", data[0])
    k = max(1 << i for i in range(n.bit_length()) if 1 << i < n)
    return sha(b"\x01", mth(data[:k]), mth(data[k:]))


def hashes(data: list[bytes]) -> list[bytes]:
    return [merkle.leaf_hash(item) for item in data]


@unhurried
@given(leaves)
def test_the_root_by_levels_is_the_root(data: list[bytes]) -> None:
    assert merkle.content_root(data) == mth(data)
    assert merkle.content_root(iter(data)) == merkle.root(hashes(data))


# The inputs and roots published with the reference implementations of RFC 6962 (Certificate Transparency), sizes 0 to 8.
PUBLISHED_LEAVES = [
    bytes.fromhex(h) for h in ("", "00", "10", "2021", "3031", "40414243", "5051525354555657", "606162636465666768696a6b6c6d6e6f")
]
PUBLISHED_ROOTS = [
    "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
]


@pytest.mark.parametrize("size", range(9))
def test_the_published_roots(size: int) -> None:
    assert merkle.root(hashes(PUBLISHED_LEAVES[:size])).hex() == PUBLISHED_ROOTS[size]


@unhurried
@given(leaves)
def test_root_is_the_definition(data: list[bytes]) -> None:
    assert merkle.root(hashes(data)) == mth(data)


@unhurried
@given(leaves, st.integers(0, 70))
def test_a_frontier_taken_up_again_goes_on_to_the_same_root(data: list[bytes], cut: int) -> None:
    before = Frontier().extend(hashes(data[:cut]))
    again = Frontier(before.size, before.hashes).extend(hashes(data[cut:]))
    assert (again.size, again.root()) == (len(data), mth(data))
    assert before.root() == mth(data[:cut])  # extend leaves the old one as it was
    assert len(again.hashes) == len(data).bit_count()


@unhurried
@given(leaves, st.integers(0, 70))
def test_many_leaves_at_once_leave_the_edge_that_one_by_one_leaves(data: list[bytes], cut: int) -> None:
    at_once, singly = Frontier().extend(hashes(data[:cut])).extend(hashes(data[cut:])), Frontier()
    for leaf in hashes(data):
        singly.append(leaf)
    assert (at_once.size, at_once.hashes) == (singly.size, singly.hashes)


@unhurried
@given(trees, st.data())
def test_inclusion_proofs_verify_for_their_leaf_only(data: list[bytes], draw: st.DataObject) -> None:
    position = draw.draw(st.integers(0, len(data) - 1))
    proof = merkle.inclusion_proof(position, hashes(data))
    leaf = merkle.leaf_hash(data[position])
    assert merkle.verify_inclusion(leaf, position, len(data), proof, mth(data))
    assert not merkle.verify_inclusion(merkle.leaf_hash(data[position] + b"!"), position, len(data), proof, mth(data))
    assert not merkle.verify_inclusion(leaf, position, len(data), [*proof, leaf], mth(data))
    assert not merkle.verify_inclusion(leaf, position, len(data), proof, sha(b"another root"))
    if proof:
        assert not merkle.verify_inclusion(leaf, position, len(data), proof[:-1], mth(data))
        spoilt = draw.draw(st.integers(0, len(proof) - 1))
        changed = [sha(node) if at == spoilt else node for at, node in enumerate(proof)]
        assert not merkle.verify_inclusion(leaf, position, len(data), changed, mth(data))


@unhurried
@given(trees, st.data())
def test_a_proof_is_of_one_position(data: list[bytes], draw: st.DataObject) -> None:
    distinct = [bytes([position]) + item for position, item in enumerate(data)]
    right, wrong = (draw.draw(st.integers(0, len(data) - 1)) for _ in range(2))
    proof = merkle.inclusion_proof(right, hashes(distinct))
    leaf = merkle.leaf_hash(distinct[right])
    assert merkle.verify_inclusion(leaf, wrong, len(data), proof, mth(distinct)) is (right == wrong)


@unhurried
@given(trees, st.data())
def test_consistency_proofs_verify_for_their_trees_only(data: list[bytes], draw: st.DataObject) -> None:
    old = draw.draw(st.integers(1, len(data)))
    proof = merkle.consistency_proof(old, hashes(data))
    assert merkle.verify_consistency(old, len(data), mth(data[:old]), mth(data), proof)
    rewritten = [data[0] + b"!", *data[1:old]]
    assert not merkle.verify_consistency(old, len(data), mth(rewritten), mth(data), proof)
    assert not merkle.verify_consistency(old, len(data), mth(data[:old]), sha(b"another root"), proof)
    assert not merkle.verify_consistency(old, len(data), mth(data[:old]), mth(data), [*proof, sha()])
    if proof:
        assert not merkle.verify_consistency(old, len(data), mth(data[:old]), mth(data), proof[:-1])
        spoilt = draw.draw(st.integers(0, len(proof) - 1))
        changed = [sha(node) if at == spoilt else node for at, node in enumerate(proof)]
        assert not merkle.verify_consistency(old, len(data), mth(data[:old]), mth(data), changed)


@pytest.mark.parametrize(("size", "count"), [(-1, 0), (3, 1), (0, 1)])
def test_a_frontier_that_cannot_be_is_refused(size: int, count: int) -> None:
    with pytest.raises(ValueError, match="full subtrees"):
        Frontier(size, [sha()] * count)


@pytest.mark.parametrize("position", [-1, 3])
def test_no_proof_outside_the_tree(position: int) -> None:
    three = hashes([b"a", b"b", b"c"])
    with pytest.raises(ValueError, match="no leaf"):
        merkle.inclusion_proof(position, three)
    assert not merkle.verify_inclusion(three[0], position, 3, [], merkle.root(three))
    with pytest.raises(ValueError, match="no tree"):
        merkle.consistency_proof(position + 1 if position < 0 else 4, three)
