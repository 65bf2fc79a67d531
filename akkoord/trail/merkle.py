"""Merkle trees by RFC 6962 (RFC 9162): hashing, roots, inclusion proofs. Pure, standard library.

A leaf is hashed after a byte 00, a node after a byte 01, so that neither can pass for the other.
"""

from collections.abc import Sequence
from hashlib import sha256

EMPTY_ROOT = sha256().digest()


def leaf_hash(entry: bytes) -> bytes:
    """The hash of one leaf (RFC 6962, 2.1)."""
    return sha256(b"\x00" + entry).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    """The hash of an inner node."""
    return sha256(b"\x01" + left + right).digest()


def root_of(leaves: Sequence[bytes]) -> bytes:
    """The root over leaf hashes; of none, the hash of nothing."""
    level = leaves
    while len(level) > 1:
        level = _level_above(level)
    return level[0] if level else EMPTY_ROOT


def inclusion_path(leaves: Sequence[bytes], position: int) -> list[bytes]:
    """The siblings from a leaf up to the root. Refuses (IndexError) a position outside."""
    if not 0 <= position < len(leaves):
        raise IndexError("no leaf at this position")
    path = []
    level = leaves
    while len(level) > 1:
        sibling = position ^ 1
        if sibling < len(level):
            path.append(level[sibling])
        level = _level_above(level)
        position >>= 1
    return path


def root_from_path(leaf: bytes, position: int, size: int, path: Sequence[bytes]) -> bytes | None:
    """The root that a path leads to (RFC 9162, 2.1.3.2); None when it cannot fit this place."""
    if not 0 <= position < size:
        return None
    node, last, rest = leaf, size - 1, list(path)
    while last:
        if position & 1 or position < last:
            if not rest:
                return None
            sibling = rest.pop(0)
            node = node_hash(sibling, node) if position & 1 else node_hash(node, sibling)
        position >>= 1
        last >>= 1
    return None if rest else node


def is_included(leaf: bytes, position: int, size: int, path: Sequence[bytes], root: bytes) -> bool:
    """Whether the path proves the leaf at this position of a tree of this size and root."""
    return root_from_path(leaf, position, size, path) == root


def _level_above(level: Sequence[bytes]) -> list[bytes]:
    """Pairs hashed; an odd last node goes up as it is: RFC 6962's split at a power of 2."""
    pairs = iter(level)
    above = [
        sha256(b"\x01" + left + right).digest() for left, right in zip(pairs, pairs, strict=False)
    ]
    if len(level) % 2:
        above.append(level[-1])
    return above
