"""Compiled once, filled per person: what arrives is exactly what was approved."""

import dataclasses
import email
import email.policy
import re
import uuid
from datetime import UTC, datetime
from email.message import EmailMessage
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from akkoord.messages.assembling import MAX_HTML
from akkoord.messages.compile import (
    Compiled,
    Envelope,
    MessageSource,
    RenderError,
    Sender,
    compile_message,
)
from akkoord.messages.footer import Footer
from akkoord.messages.markup_check import MJML_TAGS
from akkoord.messages.template import CompileError, FieldFact

FIELDS = {
    "first_name": FieldFact(within_purpose=True),
    "city": FieldFact(within_purpose=True),
    "birth_date": FieldFact(False, "Geboortedatum is gevraagd voor de leeftijdscontrole."),
}
SOURCE = MessageSource(
    subject="Nieuws uit de werkplaats",
    body='# Dag {{ first_name | default: "lezer" | capitalize }}\n\n'
    "Kom langs, [hier](https://example.nl/?a=1&b=2) staat de weg.\n\n.punt vooraan\n",
    body_format="markdown",
    language="nl",
    sender=Sender("De Fietsenmakerij", "nieuws@example.nl", "info@example.nl"),
    footer=Footer("De Fietsenmakerij", "Dorpsstraat 1\n1234 AB Utrecht", "info@example.nl"),
    list_id="nieuws.example.nl",
    list_name="Nieuwsbrief",
    domain="example.nl",
    feedback_id="c1:t1:campaign:akkoord",
)
VALUES = {
    "first_name": "zoë",
    "unsubscribe_url": "https://example.nl/v/abc.def?x=1",
    "preferences_url": "https://example.nl/v/abc",
    "why_url": "https://example.nl/v/abc?waarom=1&taal=nl",
}
HIDING = (
    "<mjml><mj-head><mj-style>.ak-foot, a { display: none }</mj-style></mj-head>"
    "<mj-body>%s</mj-body></mjml>"
)
MJML = (
    "<mj-section><mj-column><mj-text><p>Dag {{ first_name }}</p></mj-text>"
    '<mj-button href="https://example.nl/">Kom langs</mj-button></mj-column></mj-section>'
)


def compiled(**changed: Any) -> Compiled:
    return compile_message(dataclasses.replace(SOURCE, **changed), allowed_fields=FIELDS)


def envelope(**changed: Any) -> Envelope:
    values: dict[str, Any] = {
        "message": uuid.UUID(int=7),
        "to_address": "zoe@example.org",
        "to_name": "Zoë van der Berg",
        "at": datetime(2026, 11, 24, 10, tzinfo=UTC),
        "one_click_url": "https://example.nl/u/token",
        "unsubscribe_mailto": "stop@example.nl",
    }
    return Envelope(**values | changed)


def parsed(raw: bytes) -> EmailMessage:
    message = email.message_from_bytes(raw, policy=email.policy.default)
    assert not message.defects
    return message


def part(message: EmailMessage, kind: str) -> str:
    found = message.get_body((kind,))
    assert found is not None
    return str(found.get_content()).replace("\r\n", "\n")


def test_what_arrives_is_what_was_shown() -> None:
    for source in (SOURCE, dataclasses.replace(SOURCE, body=MJML, body_format="mjml")):
        made = compile_message(source, allowed_fields=FIELDS)
        message = parsed(made.render(VALUES, envelope()))
        shown = made.preview(VALUES)
        assert message["subject"] == shown.subject
        assert part(message, "plain").rstrip() == shown.text.rstrip()
        assert part(message, "html").rstrip() == shown.html.rstrip()
        assert made.slots == {"first_name"}


@settings(max_examples=150, deadline=None)
@given(st.text(max_size=200), st.text(max_size=60))
def test_any_value_comes_back_whole_and_breaks_nothing(name: str, city: str) -> None:
    made = PROPERTY
    values = {**VALUES, "first_name": name, "city": city}
    raw = made.render(values, envelope(to_name=name))
    assert raw.count(b"\n") == raw.count(b"\r\n") == raw.count(b"\r")
    assert raw.isascii()
    assert not re.search(rb"(?m)^\.", raw)
    body = raw.partition(b"\r\n\r\n")[2]
    assert max(map(len, body.split(b"\r\n"))) <= 76
    assert max(map(len, raw.split(b"\r\n"))) <= 998
    # DKIM's relaxed form of the body is the body itself.
    assert not re.search(rb"  |\t| \r\n", body)
    message = parsed(raw)
    shown = made.preview(values)
    assert part(message, "plain").rstrip() == shown.text.rstrip()
    assert part(message, "html").rstrip() == shown.html.rstrip()
    assert message.keys() == parsed(made.render(VALUES, envelope())).keys()


PROPERTY = compiled(
    subject="Dag {{ first_name }} uit {{ city | default: 'uw stad' }}",
    body="{{ first_name }}{{ city }}\n\n{{ city }} en {{ first_name | upcase }}.\n\n.{{ city }}",
)


def test_a_value_is_text_never_html() -> None:
    made = compiled()
    shown = made.preview({**VALUES, "first_name": '<img src=x onerror="a">'})
    assert "<img src=x" not in shown.html
    assert "&lt;img src=x" in shown.html
    assert "<img src=x" in shown.text


def test_headers() -> None:
    message = parsed(compiled().render(VALUES, envelope()))
    assert message["from"] == "De Fietsenmakerij <nieuws@example.nl>"
    assert message["reply-to"] == "info@example.nl"
    assert message["to"].addresses[0].display_name == "Zoë van der Berg"
    assert message["list-id"] == "Nieuwsbrief <nieuws.example.nl>"
    assert message["message-id"] == "<00000000000000000000000000000007@example.nl>"
    assert message["feedback-id"] == "c1:t1:campaign:akkoord"
    assert message["date"] == "Tue, 24 Nov 2026 10:00:00 +0000"
    assert message["content-type"].content_type == "multipart/alternative"


def test_inv22_both_one_click_headers_stand_in_every_message() -> None:
    message = parsed(compiled().render(VALUES, envelope()))
    assert message["list-unsubscribe"] == (
        "<https://example.nl/u/token>, <mailto:stop@example.nl?subject=unsubscribe>"
    )
    assert message["list-unsubscribe-post"] == "List-Unsubscribe=One-Click"


@pytest.mark.parametrize(
    "changed",
    [
        {"one_click_url": "https://example.nl/u/x\r\nBcc: evil@example.com"},
        {"one_click_url": ""},
        {"one_click_url": "https://example.nl/>,<https://evil.example.com"},
        {"to_address": "a@example.nl\r\nBcc: evil@example.com"},
        {"to_address": "nobody"},
        {"unsubscribe_mailto": "a@example.nl>\r\nX: y"},
    ],
)
def test_nothing_gets_into_a_header(changed: dict[str, str]) -> None:
    with pytest.raises(RenderError):
        compiled().render(VALUES, envelope(**changed))


def test_inv21_no_message_without_its_ways_out() -> None:
    for name in ("unsubscribe_url", "preferences_url"):
        with pytest.raises(RenderError):
            compiled().render({**VALUES, name: ""}, envelope())
    for body, kind in ((SOURCE.body, "markdown"), (MJML, "mjml")):
        shown = compiled(body=body, body_format=kind).preview(VALUES)
        for text in (shown.text, shown.html):
            assert "Afmelden" in text
            assert "Mijn voorkeuren" in text
            assert "Dorpsstraat 1, 1234 AB Utrecht" in text
            assert "info@example.nl" in text
        assert 'href="https://example.nl/v/abc.def?x=1"' in shown.html


WITH_TEXT = "<mj-section><mj-column><mj-text>%s</mj-text></mj-column></mj-section>"
WITH_HEAD = f"<mjml><mj-head>%s</mj-head><mj-body>{MJML}</mj-body></mjml>"


@pytest.mark.parametrize(
    ("body", "code"),
    [
        (MJML + "<!-- x", "mjml"),
        (MJML.replace("<p>", "<!-- x --><p>"), "comment-not-allowed"),
        (MJML.replace("<p>", "<![if mso]><p>"), "comment-not-allowed"),
        (HIDING % MJML, "style-not-allowed"),
        (
            WITH_HEAD % "<mj-style inline='inline'>a { display: none }</mj-style>",
            "style-not-allowed",
        ),
        (
            WITH_TEXT % "<style>@media screen{.ak-foot{display:none !important}}</style>",
            "style-not-allowed",
        ),
        (
            WITH_TEXT % "<style>.ak-foot{max-height:0;overflow:hidden}</style>",
            "style-not-allowed",
        ),
        (WITH_TEXT % "<style>.ak-foot *{font-size:0 !important}</style>", "style-not-allowed"),
        (WITH_TEXT % '<div style="margin-bottom:-2000px">x</div>', "style-not-allowed"),
        (WITH_TEXT % '<div style="position:fixed;inset:0">x</div>', "style-not-allowed"),
        (WITH_TEXT % '<div style="box-shadow:0 0 0 99px #fff">x</div>', "style-not-allowed"),
        (WITH_TEXT % '<p style="color:red}a{display:none">x</p>', "style-not-allowed"),
        (WITH_TEXT % '<body style="display:none">x</body>', "html-not-allowed"),
        (
            WITH_HEAD % '<mj-breakpoint width="1px){} a{display:none} @media(" />',
            "style-not-allowed",
        ),
        (
            f'<mjml><mj-body background-color="#fff;display:none">{MJML}</mj-body></mjml>',
            "style-not-allowed",
        ),
        (MJML.replace("<mj-text>", '<mj-text color="red;position:fixed">'), "style-not-allowed"),
        (f"<mjml><mj-body>{MJML}</mj-body><mj-raw></mj-body></mj-raw></mjml>", "unknown-tag"),
    ],
)
def test_inv21_an_author_cannot_hide_the_ways_out(body: str, code: str) -> None:
    with pytest.raises(CompileError) as refused:
        compiled(body=body, body_format="mjml")
    assert refused.value.code == code


def test_inv21_a_hidden_way_out_in_the_finished_page_is_refused(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """The last guard: whatever put the footer out of sight, the letter does not compile."""
    monkeypatch.setattr("akkoord.messages.layout._STAYS_INLINE", "display:none;")
    with pytest.raises(CompileError) as refused:
        compiled()
    assert refused.value.code == "way-out-hidden"


def test_every_tag_of_the_list_compiles() -> None:
    body = (Path(__file__).parent / "every_tag.mjml").read_text()
    assert set(re.findall(r"<(mj[a-z-]*)", body)) == MJML_TAGS
    shown = compiled(body=body, body_format="mjml").preview(VALUES)
    assert "Dag zoë" in shown.html
    assert "Afmelden" in shown.html


@pytest.mark.parametrize(
    ("body", "code", "line"),
    [
        ("Dag\n\n{{ last_order }}", "unknown-field", 3),
        ("Dag\n{{ birth_date }}", "field-outside-purpose", 2),
        ("Dag\n{% for x in y %}{% endfor %}", "tag-not-allowed", 2),
        ("{% assign x = 1 %}", "tag-not-allowed", 1),
        ("{% nonsense %}", "tag-not-allowed", 1),
        ("Dag {{ first_name", "syntax", 1),
        ("Dag {{ first_name | ", "syntax", 1),
        ("\n{{ first_name | replace: 'a', 'b' }}", "filter-not-allowed", 2),
        ("{{ first_name | default: city }}", "filter-arguments", 1),
        ("{{ first_name | default }}", "filter-arguments", 1),
        ("{{ person.first_name }}", "expression-not-allowed", 1),
        ("{{ 'text' }}", "expression-not-allowed", 1),
        ("[x](https://example.nl/?n={{ first_name }})", "field-in-attribute", 0),
        ("![x](https://example.nl/{{ city }}.png)", "field-in-attribute", 0),
        ("x" * 600_000, "too-long", 0),
        ("  ", "empty-body", 0),
    ],
)
def test_what_does_not_compile_says_where(body: str, code: str, line: int) -> None:
    with pytest.raises(CompileError) as refused:
        compiled(body=body)
    assert (refused.value.code, refused.value.line) == (code, line)


def test_a_field_outside_the_purpose_says_why() -> None:
    with pytest.raises(CompileError) as refused:
        compiled(subject="Gefeliciteerd {{ birth_date }}")
    assert refused.value.part == "subject"
    assert refused.value.field == "birth_date"
    assert refused.value.explanation == "Geboortedatum is gevraagd voor de leeftijdscontrole."


@pytest.mark.parametrize(
    ("body", "code"),
    [
        ("<mj-foo>x</mj-foo>", "unknown-tag"),
        ("<mj-section><mj-column><p>x</p></mj-column></mj-section>", "unknown-tag"),
        ("<mj-include path='/etc/passwd' />", "unknown-tag"),
        ("<mj-section><mj-raw><b>x</b></mj-raw></mj-section>", "unknown-tag"),
        ("<mj-text>los</mj-text>", "mjml-not-wrapped"),
        ("<mj-section><mj-column><mj-text>x", "mjml"),
        (MJML.replace("<p>", "<script>x</script><p>"), "html-not-allowed"),
        (MJML.replace("<p>", "<p onclick='x()'>"), "html-not-allowed"),
        (MJML.replace("https://example.nl/", "javascript:alert(1)"), "html-not-allowed"),
        (
            MJML.replace("<p>", '<img src="https://example.nl/p.gif" width="1" height="1" /><p>'),
            "tracking-pixel",
        ),
    ],
)
def test_mjml_that_is_refused(body: str, code: str) -> None:
    with pytest.raises(CompileError) as refused:
        compiled(body=body, body_format="mjml")
    assert refused.value.code == code


def test_inv28_nothing_is_fetched_from_elsewhere() -> None:
    for body, kind in ((SOURCE.body, "markdown"), (MJML, "mjml")):
        html = compiled(body=body, body_format=kind).preview(VALUES).html
        assert not re.search(r"<(img|link|script|iframe)\b|url\(|@import", html)


@pytest.mark.parametrize(
    ("changed", "code"),
    [
        ({"sender": Sender("", "a@example.nl")}, "sender-incomplete"),
        ({"sender": Sender("X", "noreply@example.nl")}, "no-reply-sender"),
        ({"sender": Sender("X", "a@example.nl\r\nBcc: b@example.nl")}, "bad-address"),
        ({"footer": Footer("X", " ", "info@example.nl")}, "footer-incomplete"),
        ({"list_id": "x>\r\nBcc: y"}, "bad-address"),
        ({"subject": " "}, "empty-subject"),
        ({"subject": "Stop {{ unsubscribe_url }}"}, "field-not-here"),
        ({"body_format": "word"}, "unknown-format"),
    ],
)
def test_a_head_that_is_refused(changed: dict[str, Any], code: str) -> None:
    with pytest.raises(CompileError) as refused:
        compiled(**changed)
    assert refused.value.code == code


def test_the_hash_is_of_what_is_approved() -> None:
    first = compiled().content_hash
    assert (
        compile_message(
            MessageSource.from_json(SOURCE.as_json()), allowed_fields=FIELDS
        ).content_hash
        == first
    )
    assert re.fullmatch(r"[0-9a-f]{64}", first)
    others = [
        compiled(subject="Anders").content_hash,
        compiled(body=SOURCE.body + "!").content_hash,
        compiled(body=SOURCE.body.replace('"lezer"', '"klant"')).content_hash,
        compiled(sender=Sender("X", "x@example.nl")).content_hash,
        compiled(list_id="andere.example.nl").content_hash,
    ]
    assert len({first, *others}) == 6


def test_warnings() -> None:
    made = compiled(body="Dag {{ first_name }}, ![](http://example.nl/x.png)")
    assert {warning.code for warning in made.warnings} == {
        "no-fallback", "image-without-tls", "image-without-words"
    }  # fmt: skip


@pytest.mark.parametrize(("letters", "is_long"), [(70, False), (71, True)])
def test_a_long_subject_is_warned_of(letters: int, is_long: bool) -> None:
    codes = {each.code for each in compiled(subject="a" * letters).warnings}
    assert ("long-subject" in codes) == is_long


def is_clipped(body: str) -> bool:
    return "clipped" in {each.code for each in compiled(body=body).warnings}


def test_the_size_is_of_bytes_and_of_what_the_fields_become() -> None:
    empty = sum(map(len, compiled(body="a").html.texts))
    room = MAX_HTML - empty
    assert not is_clipped("a" * (room - 3_000))
    assert is_clipped("é" * (room - 3_000)), "two bytes each"
    assert is_clipped("a" * (room - 100)), "the ways out are long once they are filled in"
    fields = '{{ first_name | default: "x" }} ' * 400
    assert is_clipped("a" * (room - 3_000) + " " + fields)


@pytest.mark.parametrize("end", ["\r\n", "\n", "\r", "\r\n\r\n", "\u2028"])
@pytest.mark.parametrize("where", ["subject", "sender", "list_name"])
def test_no_line_of_an_author_begins_another_header(where: str, end: str) -> None:
    for first in ("Nieuws", "Nieuws ☀"):
        text = f"{first}{end}Bcc: geheim@example.org{end}X-Evil: 1"
        value: Any = Sender(text, "nieuws@example.nl") if where == "sender" else text
        raw = compiled(**{where: value}).render(VALUES, envelope())
        head = email.message_from_bytes(raw, policy=email.policy.default)
        assert head["Bcc"] is None
        assert head["X-Evil"] is None
        assert head["From"].addresses[0].addr_spec == "nieuws@example.nl"
        assert head.get_content_type() == "multipart/alternative"


def test_filters() -> None:
    made = compiled(
        body="{{ city | default: 'x' | upcase }} {{ first_name | truncate: 4 }} "
        "{{ first_name | strip | downcase | escape }}"
    )
    text = made.preview({**VALUES, "first_name": "  Wilhelmina"}).text
    assert text.startswith("X Wil… wilhelmina")


def test_english() -> None:
    shown = compiled(language="en").preview(VALUES)
    assert "Unsubscribe" in shown.text
    assert '<html lang="en"' in shown.html


def test_the_plain_text_tells_a_link_and_shows_no_markup() -> None:
    made = compiled(body="[Kom langs](https://example.nl/a?b=1) of <https://example.nl/>.")
    text = made.preview({}).text
    assert "Kom langs <https://example.nl/a?b=1> of <https://example.nl/>." in text
    assert "](" not in text


def test_the_plain_text_says_what_pictures_show() -> None:
    body = (
        "![Een fiets (rood) in [Utrecht]](https://example.nl/f.png)\n\n"
        "[![Een bel](https://example.nl/b.png)](https://example.nl/bel) en ![](https://example.nl/x.png)tekst"
    )
    text = compiled(body=body).preview({}).text
    assert "[Een fiets (rood) in [Utrecht]]" in text
    assert "[Een bel] <https://example.nl/bel> en tekst" in text


def test_the_title_says_the_fallback_and_what_was_approved_before_keeps_its_hash() -> None:
    before = dataclasses.replace(SOURCE, subject="Nieuws voor {{ first_name | default: 'u' }} & co")
    now = dataclasses.replace(before, fills_title=True)
    old, new = (compile_message(each, allowed_fields=FIELDS) for each in (before, now))
    assert "<title>Nieuws voor u &amp; co</title>" in new.html.show({"first_name": "Anna"})
    assert "fills_title" not in before.as_json()
    kept = MessageSource.from_json(before.as_json())
    assert compile_message(kept, allowed_fields=FIELDS).content_hash == old.content_hash
    again = MessageSource.from_json(now.as_json())
    assert compile_message(again, allowed_fields=FIELDS).content_hash == new.content_hash
    assert old.content_hash != new.content_hash
