"""A tree of blocks: what is read is whole or refused, also when somebody else made it."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from akkoord.composing.kinds import KINDS
from akkoord.composing.tree import (
    MOST_BLOCKS,
    Tree,
    TreeRefused,
    as_text,
    new_block,
    read_tree,
)


def text_of(*blocks: Any, **more: Any) -> str:
    return json.dumps({"v": 1, "blocks": list(blocks)} | more)


BLOCK = {"id": "abcdef", "kind": "text", "text": "Dag"}


@pytest.mark.parametrize(
    "text",
    [
        "",
        "geen json",
        "[]",
        "null",
        '{"v": 1}',
        '{"v": 2, "blocks": []}',
        '{"v": 1, "blocks": {}}',
        text_of("text"),
        text_of({**BLOCK, "kind": "script"}),
        text_of({**BLOCK, "kind": ["text"]}),
        text_of({**BLOCK, "onload": "x"}),
        text_of({**BLOCK, "html": "<b>"}),
        text_of({**BLOCK, "text": 3}),
        text_of({**BLOCK, "text": ["a"]}),
        text_of({**BLOCK, "text": "x" * 10_001}),
        text_of({**BLOCK, "align": "justify"}),
        text_of({**BLOCK, "id": "../../x"}),
        text_of({**BLOCK, "id": ""}),
        text_of({**BLOCK, "if": 1}),
        text_of({**BLOCK, "if": "x" * 2_001}),
        text_of(BLOCK, BLOCK),
        text_of(BLOCK, also=1),
        text_of({"id": "abcdef", "kind": "image", "picture": "https://elders.example.org/x.png"}),
        text_of({"id": "abcdef", "kind": "image", "picture": "../../etc/passwd"}),
        text_of({"id": "abcdef", "kind": "image", "ornament": "ja"}),
        "[" * 100_000,
        "x" * 300_001,
        text_of(*({**BLOCK, "id": f"abcdef{n}"} for n in range(1_000))),
    ],
)
def test_a_tree_of_somebody_elses_making_is_refused_with_a_sentence(text: str) -> None:
    with pytest.raises(TreeRefused) as refusal:
        read_tree(text)
    assert len(refusal.value.sentence) > 10


def test_a_fault_says_in_which_block() -> None:
    with pytest.raises(TreeRefused) as refusal:
        read_tree(text_of(BLOCK, {**BLOCK, "id": "ghijkl", "html": "x"}))
    assert (refusal.value.block, refusal.value.part) == (2, "html")


def test_lines_and_directions_do_not_get_in() -> None:
    block = {"id": "abcdef", "kind": "heading", "text": "Dag\r\nBcc: x@example.nl\u202eabc\x00"}
    (read,) = read_tree(text_of(block)).blocks
    assert read["text"] == "Dag Bcc: x@example.nlabc"


@given(st.lists(st.sampled_from(sorted(KINDS)), max_size=12))
def test_what_is_written_is_read_back(kinds: list[str]) -> None:
    tree = Tree(tuple(new_block(kind) for kind in kinds))
    assert read_tree(as_text(tree)) == tree


@given(st.text(max_size=300))
def test_any_text_in_a_block_comes_back_or_is_refused(words: str) -> None:
    try:
        tree = Tree((new_block("text", {"text": words}),))
    except TreeRefused:
        return
    assert read_tree(as_text(tree)) == tree


def test_the_verbs() -> None:
    one, two, three = (new_block("text", {"text": words}) for words in "abc")
    tree = Tree((one, two)).with_block(three, after=one.id)
    assert [block["text"] for block in tree.blocks] == ["a", "c", "b"]
    assert [block["text"] for block in tree.moved(two.id, 0).blocks] == ["b", "a", "c"]
    assert [block["text"] for block in tree.moved(one.id, 99).blocks] == ["c", "b", "a"]
    doubled, copy = tree.doubled(one.id)
    assert [block["text"] for block in doubled.blocks] == ["a", "a", "c", "b"]
    assert copy.id != one.id
    assert [block["text"] for block in tree.without(three.id).blocks] == ["a", "b"]
    with pytest.raises(TreeRefused):
        tree.without("nietdaar")


def test_no_more_than_sixty_blocks() -> None:
    tree = Tree(tuple(new_block("divider") for _ in range(MOST_BLOCKS)))
    with pytest.raises(TreeRefused):
        tree.with_block(new_block("divider"))
