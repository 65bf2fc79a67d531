"""A letter in a maker's own HTML: looked over, with our lines and ways out under it."""

import pytest

from akkoord.messages.compile import Compiled, compile_message
from akkoord.messages.picture_check import check_pictures
from akkoord.messages.template import CompileError, FieldFact
from akkoord.messages.tests.factories import make_source

FIELDS = {"first_name": FieldFact(within_purpose=True)}
PAGE = (
    '<!doctype html>\n<html><head><title>x</title><meta charset="utf-8"></head>\n'
    '<body bgcolor="#ffffff">\n<table width="600"><tr><td style="padding:12px">'
    '<p>Dag {{ first_name | default: "lezer" }},</p>'
    '<a href="https://shop.example.nl/fietsen">Bekijk de fietsen</a>'
    '<img src="https://shop.example.nl/a.jpg" alt="Een fiets" width="200">'
    "</td></tr></table>\n</body></html>"
)


def made(body: str) -> Compiled:
    return compile_message(make_source(body=body, body_format="html"), allowed_fields=FIELDS)


@pytest.mark.parametrize("body", [PAGE, "<p>Dag {{ first_name | default: 'lezer' }},</p>"])
def test_inv21_a_page_gets_our_lines_and_the_ways_out(body: str) -> None:
    shown = made(body).preview({"first_name": "Anna <b>"})
    assert "Dag Anna &lt;b&gt;," in shown.html
    assert shown.html.count("<html") == shown.html.count("</body>") == 1
    assert shown.html.index("Dag Anna") < shown.html.index('class="ak-foot"')
    assert "Dag Anna <b>," in shown.text
    assert "Afmelden" in shown.html
    assert "Afmelden" in shown.text


def test_the_text_part_is_made_of_it() -> None:
    text = made(PAGE).preview({}).text
    assert "Bekijk de fietsen <https://shop.example.nl/fietsen>" in text
    assert "<td" not in text
    assert "doctype" not in text


@pytest.mark.parametrize(
    ("body", "code", "line"),
    [
        ("<p>Dag</p>\n<script>x</script>", "html-not-allowed", 2),
        ("<p>Dag</p><iframe src='https://a.example'></iframe>", "html-not-allowed", 1),
        ("<form><p>Dag</p></form>", "html-not-allowed", 1),
        ("<p onclick='x()'>Dag</p>", "html-not-allowed", 0),
        ("<a href='javascript:x()'>Dag</a>", "html-not-allowed", 0),
        ("<style>.ak-foot{display:none}</style><p>Dag</p>", "style-not-allowed", 1),
        ("<p style='position:fixed'>Dag</p>", "style-not-allowed", 1),
        ("<p style='background:url(https://a.example/x)'>Dag</p>", "style-not-allowed", 1),
        ("<p>Dag</p><!-- weg -->", "comment-not-allowed", 1),
        ("<p>Dag</p>\n<![if mso]>x<![endif]>", "comment-not-allowed", 2),
        ("<p>Dag</p>\n<div style='display:none'>", "html-not-closed", 2),
        ("<p>Dag</p></div></div>", "html-not-closed", 1),
        ("<div><p>Dag</div></p>", "html-not-closed", 1),
        ("<div/><p>Dag</p>", "html-not-closed", 1),
        ("<p>Dag</p>\n<div title='", "html-not-closed", 2),
        ("<p>Dag</p><!-- ", "html-not-closed", 1),
        ("<p>Dag</p><body><p>x</p>", "html-not-closed", 1),
        ("<div><body></body></div><html></html>x<body></body>", "html-frame", 0),
        ('<img src="https://a.example/x.gif" width="1" height="1" alt="">', "tracking-pixel", 0),
        ("<p>{{ iban }}</p>", "unknown-field", 1),
        ("<a href='{{ first_name | default: 1 }}'>x</a>", "field-in-attribute", 0),
    ],
)
def test_inv21_what_a_page_may_not_hold(body: str, code: str, line: int) -> None:
    with pytest.raises(CompileError) as refused:
        made(body)
    assert refused.value.code == code
    if line:
        assert refused.value.line == line


def test_pictures_have_words_here_too() -> None:
    body = "<p>Dag</p>\n<img src='https://shop.example.nl/a.jpg'>"
    with pytest.raises(CompileError) as refused:
        check_pictures(make_source(body=body, body_format="html"))
    assert refused.value.line == 2
