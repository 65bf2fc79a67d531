"""Contrast, computed from the tokens: AAA for body text, AA for the rest (WCAG 2.2)."""

import re

import pytest

from akkoord.web import colours
from akkoord.web.build_assets import ASSETS

PAIR = re.compile(r"--([\w-]+): light-dark\((#\w{6}), (#\w{6})\)")
TOKENS = {
    name: (light, dark)
    for name, light, dark in PAIR.findall((ASSETS / "css" / "tokens.css").read_text())
}
GROUNDS = ("paper", "surface", "sunken", "raised")
BODY = [("ink", ground) for ground in (*GROUNDS, "accent-soft", "amber-soft", "red-soft")]
BODY += [("ink-2", "paper"), ("ink-2", "surface")]
TEXT = [(name, ground) for name in ("ink-2", "ink-3", "accent", "agree") for ground in GROUNDS]
TEXT += [(name, f"{name}-soft") for name in ("accent", "agree", "amber", "red")]
TEXT += [("on-accent", "accent"), ("on-accent", "accent-hover"), ("on-red", "red")]
TEXT += [("on-red", "red-hover"), ("ink-2", "amber-soft"), ("ink-2", "red-soft")]
LIMITS = [("line-strong", "surface"), ("line-strong", "paper"), ("focus", "paper")]


@pytest.mark.parametrize("look", [0, 1], ids=["light", "dark"])
@pytest.mark.parametrize(
    ("pairs", "enough"), [(BODY, 7.0), (TEXT, 4.5), (LIMITS, 3.0)], ids=["body", "text", "limits"]
)
def test_contrast_is_enough(pairs: list[tuple[str, str]], enough: float, look: int) -> None:
    found = {pair: colours.contrast(TOKENS[pair[0]][look], TOKENS[pair[1]][look]) for pair in pairs}
    assert {pair: round(ratio, 2) for pair, ratio in found.items() if ratio < enough} == {}


def test_contrast_as_wcag_defines_it() -> None:
    assert colours.contrast("#000000", "#ffffff") == pytest.approx(21)
    assert colours.contrast("#777777", "#ffffff") == pytest.approx(4.48, abs=0.01)


@pytest.mark.parametrize("accent", ["#ffe600", "#101010", "#b5471b", "#ffffff", "#0000ff"])
@pytest.mark.parametrize("ground", [colours.PAPER, colours.NIGHT])
def test_any_colour_is_made_readable(accent: str, ground: str) -> None:
    made = colours.readable(accent, ground)
    assert colours.contrast(made, ground) >= 4.5
    assert colours.contrast(colours.text_on(made), made) >= 4.5


@pytest.mark.parametrize("wrong", ["", "red", "#12", "1234567"])
def test_what_is_no_colour_is_refused(wrong: str) -> None:
    with pytest.raises(ValueError, match="#rrggbb"):
        colours.channels(wrong)
