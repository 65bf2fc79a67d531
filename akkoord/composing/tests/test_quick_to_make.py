"""A large letter is made and compiled in time: an author who presses a button does not wait."""

import time
from collections.abc import Callable
from dataclasses import replace

import pytest

from akkoord.composing.making import make_letter
from akkoord.composing.tests.letters import VALUES, compiled
from akkoord.composing.tests.test_making import FULL, HOUSE
from akkoord.composing.tree import MOST_BLOCKS, Tree, as_text, new_block, read_tree
from akkoord.messages.compile import BLOCKS, MessageSource
from akkoord.messages.tests.factories import make_source

LONGEST = 3.0  # seconds of work: what else the machine does is not the letter's
WORDS = "Een fiets die kraakt {{ first_name | default: 'lezer' }}, is vaak nog geen maand oud. " * 7


def of_blocks() -> MessageSource:
    """As many blocks as a letter may have, of every kind, with over 100 kB of words."""
    long = {**FULL, "text": {"text": WORDS * 8}, "columns": FULL["columns"] | {"left_text": WORDS}}
    blocks = [new_block(kind, values) for kind, values in long.items()] * 2
    blocks += [new_block("text", long["text"]) for _ in range(MOST_BLOCKS - len(blocks))]
    tree = Tree(tuple(replace(block, id=f"{place:08x}") for place, block in enumerate(blocks)))
    made = make_letter(read_tree(as_text(tree)), HOUSE)
    return replace(
        make_source(body=made.body, body_format=BLOCKS), look=HOUSE.look, for_programs=True
    )


def of_markdown() -> MessageSource:
    """Over 600 headings, paragraphs and lists."""
    return make_source(body=f"## Kop\n\n{WORDS}\n\n- een\n- [twee](https://example.nl/)\n\n" * 160)


def of_mjml() -> MessageSource:
    """Three hundred blocks in a hundred and fifty rows of two columns."""
    row = (
        f"<mj-section><mj-column><mj-text>{WORDS}</mj-text></mj-column>"
        '<mj-column><mj-button href="https://example.nl/">Kom</mj-button></mj-column></mj-section>'
    )
    return make_source(body=row * 150, body_format="mjml")


@pytest.mark.parametrize("letter", [of_blocks, of_markdown, of_mjml])
def test_a_letter_of_a_hundred_kilobytes_compiles_within_three_seconds(
    letter: Callable[[], MessageSource],
) -> None:
    source = letter()
    assert len(source.body.encode()) > 100_000
    began = time.process_time()
    made = compiled(source)
    took = time.process_time() - began
    assert "Zoë" in made.preview(VALUES).html
    assert took < LONGEST, f"{took:.2f} s"
