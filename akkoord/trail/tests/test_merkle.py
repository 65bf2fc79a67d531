"""RFC 6962 trees against the RFC's reference vectors, and properties for every size."""

from hashlib import sha256

import pytest
from hypothesis import given
from hypothesis import strategies as st

from akkoord.trail.merkle import (
    EMPTY_ROOT,
    inclusion_path,
    is_included,
    leaf_hash,
    node_hash,
    root_of,
)

# The entries and roots of the reference implementation of RFC 6962 (Certificate Transparency).
ENTRIES = [
    b"",
    b"\x00",
    b"\x10",
    b"\x20\x21",
    b"\x30\x31",
    b"\x40\x41\x42\x43",
    bytes.fromhex("5051525354555657"),
    bytes.fromhex("606162636465666768696a6b6c6d6e6f"),
]
ROOTS = [
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
def test_inv45_root_is_the_one_of_rfc_6962(size: int) -> None:
    assert root_of([leaf_hash(entry) for entry in ENTRIES[:size]]).hex() == ROOTS[size]


def test_nothing_has_the_hash_of_nothing() -> None:
    assert root_of([]) == EMPTY_ROOT == sha256(b"").digest()


def test_leaf_never_passes_for_a_node() -> None:
    left, right = leaf_hash(b"a"), leaf_hash(b"b")
    assert leaf_hash(left + right) != node_hash(left, right)


def _split_root(leaves: list[bytes]) -> bytes:
    """RFC 6962's own definition: split at the largest power of two below the size."""
    if len(leaves) == 1:
        return leaves[0]
    split = 1 << (len(leaves) - 1).bit_length() - 1
    return node_hash(_split_root(leaves[:split]), _split_root(leaves[split:]))


@given(st.lists(st.binary(max_size=8), min_size=1, max_size=70))
def test_inv45_every_leaf_of_every_size_is_proven(entries: list[bytes]) -> None:
    leaves = [leaf_hash(entry) for entry in entries]
    root = root_of(leaves)
    assert root == _split_root(leaves)
    for position, leaf in enumerate(leaves):
        assert is_included(leaf, position, len(leaves), inclusion_path(leaves, position), root)


@given(st.integers(2, 70), st.data())
def test_inv45_another_leaf_place_or_path_proves_nothing(size: int, data: st.DataObject) -> None:
    leaves = [leaf_hash(bytes([number])) for number in range(size)]
    root = root_of(leaves)
    position = data.draw(st.integers(0, size - 1))
    path = inclusion_path(leaves, position)
    other = data.draw(st.integers(0, size - 1).filter(lambda each: each != position))
    assert not is_included(leaves[other], position, size, path, root)
    assert not is_included(leaves[position], other, size, path, root)
    assert not is_included(leaves[position], position, size, path[:-1], root)
    assert not is_included(leaves[position], position, size, [*path, root], root)
    assert not is_included(leaves[position], size, size, path, root)


def test_position_outside_is_refused() -> None:
    with pytest.raises(IndexError):
        inclusion_path([leaf_hash(b"")], 1)
