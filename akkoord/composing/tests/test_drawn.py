"""Drawn letters: cleaned of what a mail may not hold, their conditions read, half of it named."""

import pytest

from akkoord.composing.drawn import (
    clean_drawn,
    drawn_from,
    not_drawable,
    read_drawn,
    sections_of,
    unfinished,
)
from akkoord.composing.making import House, make_letter
from akkoord.composing.ready import READY
from akkoord.composing.tree import Tree, new_block
from akkoord.messages.markup_check import check_mjml
from akkoord.messages.template import CompileError

OWN = ("https://brieven.example.nl/beeld/",)
SECTION = "<mj-section{0}><mj-column>{1}</mj-column></mj-section>"
TEXT = "<mj-text><p>Dag</p></mj-text>"


def section(inside: str = TEXT, head: str = "") -> str:
    return SECTION.format(head, inside)


def clean(inside: str) -> str:
    return clean_drawn(section(inside), OWN)


@pytest.mark.parametrize(
    ("hostile", "gone"),
    [
        ("<mj-text><script>alert(1)</script>Dag</mj-text>", "alert"),
        ('<mj-text><p onclick="alert(1)">Dag</p></mj-text>', "onclick"),
        ('<mj-text><a href="javascript:alert(1)">Dag</a></mj-text>', "javascript"),
        ('<mj-text><a href="//elders.example.com">Dag</a></mj-text>', "elders"),
        ('<mj-text><img src="https://elders.example.com/o.gif">Dag</mj-text>', "img"),
        ("<mj-text><iframe src='https://elders.example.com'></iframe>Dag</mj-text>", "iframe"),
        ('<mj-text><p style="position:fixed;top:0">Dag</p></mj-text>', "position"),
        ('<mj-text><p style="color:red;margin-top:-90px">Dag</p></mj-text>', "-90px"),
        (
            '<mj-text><p style="background-color:url(//x.example.com)">Dag</p></mj-text>',
            "url",
        ),
        ("<mj-text><style>.ak-foot{display:none}</style>Dag</mj-text>", "ak-foot"),
        ("<mj-style>.ak-foot{display:none}</mj-style>" + TEXT, "ak-foot"),
        ("<mj-raw><script>alert(1)</script></mj-raw>" + TEXT, "alert"),
        ('<mj-text color="red;} .ak-foot {display:none">Dag</mj-text>', "ak-foot"),
        ("<mj-text>Dag<!--[if mso]>x<![endif]--></mj-text>", "<!--"),
        ('<mj-image src="https://elders.example.com/o" alt="x"></mj-image>' + TEXT, "elders"),
        (
            '<mj-image background-url="//elders.example.com/o.gif"></mj-image>' + TEXT,
            "elders",
        ),
        ('<mj-button href="https://example.nl/{{ email }}">Dag</mj-button>', "email"),
    ],
)
def test_inv28_what_runs_styles_others_or_fetches_is_taken_out(hostile: str, gone: str) -> None:
    made = clean(hostile)
    assert gone not in made
    assert "Dag" in made, "the words stay"
    check_mjml(made)


def test_what_is_allowed_stays_as_it_is() -> None:
    picture = f'<mj-image src="{OWN[0]}a.png" alt="Een fiets" width="252px"></mj-image>'
    words = '<mj-text align="left"><h2>Dag</h2><p>Een <a href="https://example.nl/">link</a></p></mj-text>'
    button = '<mj-button href="https://example.nl/?a=1&amp;b=2">Kom</mj-button>'
    assert clean(picture + words + button) == section(picture + words + button)


def test_a_field_keeps_its_quotes_and_a_browser_s_spaces_go() -> None:
    made = clean("<mj-text>{{&nbsp;first_name | default: &quot;lezer&quot; }}<br>x</mj-text>")
    assert made == section('<mj-text>{{ first_name | default: "lezer" }}<br />x</mj-text>')


@pytest.mark.parametrize("key", [each.key for each in READY])
def test_every_ready_letter_can_be_drawn_and_stays_what_it_was(key: str) -> None:
    tree = next(each for each in READY if each.key == key).tree(
        "nl", house="Fietsen", site="https://fietsen.example.nl"
    )
    house = House("Fietsen", address_of=lambda name: OWN[0] + name)
    made = make_letter(tree, house, is_half=True)
    drawn = clean_drawn(drawn_from(made), OWN)
    assert not_drawable(drawn) == ""
    assert len(sections_of(drawn)) == len(tree.blocks) + 2
    check_mjml(drawn)
    assert clean_drawn(drawn, OWN) == drawn, "cleaning twice changes nothing"


def test_conditions_come_along_and_are_read_again() -> None:
    text = 'city is "Utrecht" and amount > 3'
    some = new_block("text", {"text": "Alleen daar", "if": text})
    made = make_letter(Tree((new_block("heading", {"text": "Dag"}), some)), House())
    drawn = clean_drawn(drawn_from(made), OWN)
    again = read_drawn(drawn)
    assert again is not None
    assert [each for _line, each in again.conditions] == [text]
    line = again.conditions[0][0]
    assert "Alleen daar" in again.body.split("\n")[line - 1]
    assert "only-for" not in again.body


def test_a_letter_without_conditions_is_left_to_the_compiler() -> None:
    assert read_drawn(section()) is None


def test_only_a_whole_section_has_a_condition_and_somebody_must_get_something() -> None:
    with pytest.raises(CompileError) as found:
        read_drawn(section() + section('<mj-text only-for="x">Dag</mj-text>'))
    assert (found.value.code, found.value.block) == ("condition-place", 2)
    with pytest.raises(CompileError) as found:
        read_drawn(section(head=' only-for="x"') + section("<mj-spacer></mj-spacer>"))
    assert found.value.code == "nothing-left"


@pytest.mark.parametrize(
    ("body", "word"),
    [
        (section("<mj-table><tr><td>x</td></tr></mj-table>"), "mj-table"),
        ("<mjml><mj-head><mj-title>x</mj-title></mj-head><mj-body></mj-body></mjml>", "mj-head"),
        ("<p>Dag</p>", "mj-section"),
        ("Dag", "mj-section"),
        (section(), ""),
    ],
)
def test_what_the_canvas_does_not_know_is_named(body: str, word: str) -> None:
    assert word in not_drawable(body)


def test_what_is_half_is_named_with_its_section() -> None:
    body = section() + section(
        "<mj-image></mj-image>"
        f'<mj-image src="{OWN[0]}a.png"></mj-image><mj-image src="{OWN[0]}a.png" alt=""></mj-image>'
        "<mj-button>Kom</mj-button>"
    )
    found = unfinished(body)
    assert len(found) == 3, "an ornament has said so"
    assert all("2" in each for each in found)
