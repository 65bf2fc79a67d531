"""From blocks to a mail: tables that Outlook reads, words escaped, nothing that runs."""

import re
from dataclasses import replace
from typing import Any

import pytest

from akkoord.composing.kinds import KINDS
from akkoord.composing.making import House, make_letter, network_of
from akkoord.composing.ready import READY
from akkoord.composing.style import StyleFacts, look_of
from akkoord.composing.tree import Tree, new_block
from akkoord.messages.compile import BLOCKS, Preview, compile_message
from akkoord.messages.template import CompileError, FieldFact
from akkoord.messages.tests.factories import make_source
from akkoord.web.colours import ENOUGH, contrast

PICTURE = "0" * 32 + ".png"
ADDRESS = "https://brieven.example.nl/beeld/"
HOUSE = House("Fietsen Jansen", address_of=lambda name: ADDRESS + name)
LINKS = {
    "unsubscribe_url": "https://example.nl/u",
    "preferences_url": "https://example.nl/p",
    "why_url": "https://example.nl/w",
}
FULL = {
    "logo": {},
    "heading": {"text": "Een kop"},
    "text": {"text": "Een tekst"},
    "image": {"picture": PICTURE, "alt": "Een fiets"},
    "button": {"words": "Kom langs", "link": "https://example.nl/"},
    "columns": {"left_title": "Links", "right_text": "Rechts", "right_picture": PICTURE,
                "right_alt": "Een bel"},
    "product": {"picture": PICTURE, "alt": "Een bel", "name": "Bel", "price": "€ 5",
                "words": "Koop", "link": "https://example.nl/bel"},
    "offer": {"title": "Korting", "code": "LENTE", "until": "t/m zondag"},
    "divider": {},
    "spacer": {},
    "social": {"links": "https://www.instagram.com/x\nhttps://fietsen.example.nl"},
}  # fmt: skip


def shown(tree: Tree, house: House = HOUSE, **more: Any) -> Preview:
    made = make_letter(tree, house)
    source = replace(make_source(body=made.body, body_format=BLOCKS, **more), look=house.look)
    facts = {"first_name": FieldFact(True)}
    return compile_message(source, allowed_fields=facts).preview(LINKS | {"first_name": ""})


def one(kind: str, **values: Any) -> Tree:
    return Tree((new_block(kind, values),))


def test_every_kind_of_block_becomes_mail() -> None:
    assert set(FULL) == set(KINDS)
    tree = Tree(tuple(new_block(kind, values) for kind, values in FULL.items()))
    seen = shown(tree)
    for words in ("Een kop", "Een tekst", "Kom langs", "Links", "Rechts", "LENTE", "Instagram"):
        assert words in seen.html
        assert words in seen.text
    assert f'src="{ADDRESS}{PICTURE}"' in seen.html
    assert "https://example.nl/bel" in seen.text
    assert not re.search(r"<(?:script|form|input|video|svg)", seen.html)
    assert len(seen.html) < 100_000


def test_one_block_is_one_line() -> None:
    text = "een\ntwee\n\n- a\n- b\n\n> citaat\n\n    ingesprongen"
    made = make_letter(Tree((new_block("text", {"text": text}), new_block("divider"))), HOUSE)
    assert len(made.body.split("\n")) == 4


def test_html_in_a_text_stands_as_text() -> None:
    hostile = (
        "<script>alert(1)</script><img src=x onerror=alert(1)> <b>vet</b> <!-- x -->\n"
        "[klik](javascript:alert(1)) ![p](https://elders.example.org/p.gif) </mj-text><mj-raw>"
    )
    seen = shown(one("text", text=hostile))
    assert "&lt;script&gt;" in seen.html
    assert not re.search(r"<script|<img|onerror=[^&]*>|href=\"javascript|<mj-", seen.html)
    assert "elders.example.org" not in re.sub(r"!<a .*?</a>", "", seen.html)
    heading = shown(one("heading", text='<i>x</i> & "y"'))
    assert "&lt;i&gt;x&lt;/i&gt; &amp;" in heading.html


@pytest.mark.parametrize(
    "words",
    [
        '{{ first_name | default: "lezer" }}',
        "{{first_name|default:'lezer'}}",
        "{{ first_name | default: “lezer” }}",
        "{{ first_name | default: ‘lezer’ }}",
    ],
)
def test_a_field_keeps_its_fallback_however_it_is_quoted(words: str) -> None:
    for tree in (one("text", text=f"**Dag** {words} & _zo_"), one("heading", text=f"Dag {words}")):
        assert "lezer" in shown(tree).html
        assert "lezer" in shown(tree).text


@pytest.mark.parametrize(
    "text",
    [
        "{% for x in (1..1000000) %}x{% endfor %}",
        "{{ first_name | append: first_name }}",
        "{{ 'x' | times: 99999 }}",
        "{{ first_name",
        "{{ first_name.x.y }}",
        "{{ a[b] }}",
        "{% include 'x' %}",
    ],
)
def test_bombs_and_loops_do_not_compile_and_name_their_block(text: str) -> None:
    with pytest.raises(CompileError) as problem:
        shown(Tree((new_block("divider"), new_block("text", {"text": text}))))
    assert problem.value.block == 2


@pytest.mark.parametrize(
    ("kind", "values", "words"),
    [
        ("image", {}, "Kies een beeld"),
        ("image", {"picture": PICTURE}, "wat er op het beeld te zien is"),
        ("columns", {"left_picture": PICTURE}, "wat er op het beeld te zien is"),
        ("product", {"picture": PICTURE, "name": "Bel"}, "wat er op het beeld te zien is"),
        ("button", {"words": "Kom"}, "gaat nergens heen"),
        ("button", {"link": "https://example.nl/"}, "staat niets"),
        ("button", {}, "staat niets"),
        ("button", {"words": "x", "link": "javascript:alert(1)"}, "https://"),
        ("button", {"words": "x", "link": "data:text/html,x"}, "https://"),
        ("button", {"words": "x", "link": "/eigen/pagina"}, "https://"),
        ("button", {"words": "x", "link": "https://a.nl/?m={{ first_name }}"}, "gegeven"),
        ("image", {"picture": PICTURE, "alt": "{{ first_name }}"}, "gegeven"),
        ("social", {"links": "javascript:alert(1)"}, "https://"),
        ("heading", {}, "leeg"),
        ("text", {"text": " \n "}, "leeg"),
    ],
)
def test_what_is_not_whole_is_refused_with_its_block(
    kind: str, values: dict[str, Any], words: str
) -> None:
    with pytest.raises(CompileError) as problem:
        make_letter(Tree((new_block("text", {"text": "x"}), new_block(kind, values))), HOUSE)
    assert problem.value.block == 2
    assert words in problem.value.explanation


def test_an_ornament_needs_no_words() -> None:
    assert 'alt=""' in shown(one("image", picture=PICTURE, ornament=True)).html


def test_a_letter_of_lines_and_spaces_says_nothing() -> None:
    with pytest.raises(CompileError) as problem:
        make_letter(Tree((new_block("divider"), new_block("spacer"))), HOUSE)
    assert problem.value.code == "empty-body"


def test_outlook_and_the_dark_are_thought_of() -> None:
    seen = shown(Tree(tuple(new_block(kind, values) for kind, values in FULL.items())))
    assert "<!--[if mso" in seen.html
    assert 'role="presentation"' in seen.html
    assert "color-scheme: light dark" in seen.html
    assert "@media (prefers-color-scheme: dark)" in seen.html
    assert "background: #ffffff" in seen.html, "a plate under the logo in the dark"


@pytest.mark.parametrize("accent", ["#125c3c", "#e8a33d", "#102a83", "#b5471b"])
def test_what_follows_from_the_colours_can_be_read(accent: str) -> None:
    look = look_of(StyleFacts(accent=accent))
    assert contrast(look.on_accent, look.accent) >= ENOUGH
    assert contrast(look.night_link, "#201f1b") >= ENOUGH
    assert contrast(look.quiet, look.paper) >= ENOUGH


@pytest.mark.parametrize("language", ["nl", "en"])
@pytest.mark.parametrize("ready", READY, ids=lambda each: each.key)
def test_every_ready_letter_is_whole(ready: Any, language: str) -> None:
    tree = ready.tree(language, house="Fietsen Jansen", site="https://fietsen.example.nl/")
    seen = shown(tree, subject=ready.subject(language).replace("HOUSE", "Fietsen Jansen"))
    assert len(seen.text) > 100
    assert "HOUSE" not in seen.html
    assert "SITE" not in seen.html
    assert len(ready.subject(language)) <= 60


@pytest.mark.parametrize(
    ("address", "name"),
    [
        ("https://www.instagram.com/x", "Instagram"),
        ("https://nl.linkedin.com/company/x", "LinkedIn"),
        ("https://www.fietsen.example.nl/over", "fietsen.example.nl"),
        ("https://notinstagram.com/x", "notinstagram.com"),
    ],
)
def test_places_are_called_by_their_name(address: str, name: str) -> None:
    assert network_of(address) == name
