"""A text that would keep the machine busy, or end its process, is refused before it is read."""

import time

import pytest
from django.utils import translation

from akkoord.messages.sentences import compile_sentence
from akkoord.messages.template import CompileError
from akkoord.messages.tests.test_compile import compiled

LINES = "<br>" * 5_000
LINES_OF_MJML = f"<mj-section><mj-column><mj-text>{LINES}a</mj-text></mj-column></mj-section>"
BIG = 400_000  # below what any text may have


@pytest.mark.parametrize(
    ("body", "kind"),
    [
        ("{{ first_name }}" * (BIG // 16), "markdown"),
        ("{{" * (BIG // 2), "markdown"),
        ("{{ first_name " + "| upcase " * (BIG // 10) + "}}", "markdown"),
        ("[" * BIG, "markdown"),
        ("[a](" * (BIG // 4), "markdown"),
        ("<" * BIG, "markdown"),
        ("|a" * 2000 + "\n" + "|-" * 2000 + "\n" + ("|a" * 2000 + "\n") * 90, "markdown"),
        ("<mj-section><mj-column><mj-text>a</mj-text></mj-column></mj-section>" * 5000, "mjml"),
        ("<mj-section>" * (BIG // 12), "mjml"),
        ("<mj-wrapper>" * 2000 + "</mj-wrapper>" * 2000, "mjml"),
        ("<mj-section><mj-column><mj-text>" + "<b>" * 2900 + "</b>" * 2900, "mjml"),
        ("<div>" * 2900 + "</div>" * 2900, "html"),
    ],
)
def test_a_template_bomb_is_refused_before_it_takes_time(body: str, kind: str) -> None:
    """Some took minutes, and two thousand elements inside each other ended the process."""
    begun = time.process_time()
    with pytest.raises(CompileError) as refused:
        compiled(body=body, body_format=kind)
    assert refused.value.code == "too-much-markup"
    assert time.process_time() - begun < 1
    assert "te veel opmaak" in said_in_dutch(refused.value)


@pytest.mark.parametrize(
    ("body", "kind"),
    [
        ("> " * 2_000 + "diep", "markdown"),
        ("".join("  " * depth + "- a\n" for depth in range(300)), "markdown"),
        ("*a **a " * 8_000, "markdown"),
        (LINES_OF_MJML, "mjml"),
        ("<mj-section><mj-column><mj-text>a</mj-text></mj-column></mj-section>" * 900, "mjml"),
        ("{{ first_name }} " * 300, "markdown"),
    ],
)  # fmt: skip
def test_what_is_just_below_compiles_in_seconds(body: str, kind: str) -> None:
    begun = time.process_time()
    compiled(body=body, body_format=kind)
    assert time.process_time() - begun < 3


def said_in_dutch(problem: CompileError) -> str:
    with translation.override("nl"):
        return compile_sentence(problem)
