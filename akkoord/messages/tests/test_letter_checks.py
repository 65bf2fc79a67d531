"""What an editor would say: of each fault once, and nothing of a letter that is in order."""

import pytest

from akkoord.messages.compile import compile_message
from akkoord.messages.letter_checks import contrast, lix, remarks_on
from akkoord.messages.picture_check import check_pictures
from akkoord.messages.template import CompileError
from akkoord.messages.tests.factories import make_source

GOOD = (
    "Beste klant,\n\nDe nieuwe fietsen staan in de winkel. Kom langs en maak een rit. De koffie "
    "is warm. Wij zien u graag.\n\n[Bekijk ze hier](https://shop.example.nl/fietsen)\n"
)
BOX = (
    '<mjml><mj-body><mj-section background-color="{paper}"><mj-column>'
    '<mj-text color="{ink}">Hardly anything to see of this.</mj-text>'
    "</mj-column></mj-section></mj-body></mjml>"
)


def codes(**values: object) -> list[str]:
    source = make_source(
        **{"subject": "De nieuwe fietsen zijn er", "preheader": "Kom kijken", "body": GOOD} | values
    )
    compiled = compile_message(source, allowed_fields={})
    return [each.code for each in remarks_on(source, compiled, own="shop.example.nl")]


def test_a_letter_that_is_in_order() -> None:
    assert codes() == []


@pytest.mark.parametrize(
    ("subject", "code"),
    [
        ("ALLES MOET WEG", "shouts"),
        ("Kom nu!!", "shouts"),
        ("Kom! Nu!", "shouts"),
        ("Klik hier voor uw fiets", "spam-word"),
        ("Guaranteed lowest price", "spam-word"),
    ],
)
def test_the_subject(subject: str, code: str) -> None:
    assert codes(subject=subject) == [code]


@pytest.mark.parametrize("subject", ["BMW fietst mee", "TÜV", "Actie!", "Wij zijn open"])
def test_a_subject_that_does_not_shout(subject: str) -> None:
    assert codes(subject=subject) == []


@pytest.mark.parametrize(
    ("preheader", "code"),
    [
        ("", "no-preheader"),
        ("de nieuwe fietsen zijn er", "preheader-repeats"),
        ("Kom kijken. " * 12, "long-preheader"),
    ],
)
def test_the_preview_line(preheader: str, code: str) -> None:
    assert codes(preheader=preheader) == [code]


def test_pictures_without_words() -> None:
    picture = "![Een fiets](https://shop.example.nl/fiets.jpg)"
    assert codes(body=picture) == ["pictures-only"]
    assert codes(body=f"{GOOD}\n\n{picture}") == []


def test_a_picture_from_elsewhere_tells_that_site_who_reads() -> None:
    there = "https://elders.example.org/fiets.jpg"
    assert codes(body=f"{GOOD}\n\n![Een fiets]({there}) ![Nog een]({there})") == ["image-elsewhere"]
    box = BOX.format(paper="#ffffff", ink="#000000")
    for made in (
        box.replace("<mj-text", f'<mj-image src="{there}" alt="Fiets" /><mj-text'),
        box.replace("<mj-section", f'<mj-section background-url="{there}"', 1),
    ):
        assert "image-elsewhere" in codes(body=made, body_format="mjml")


@pytest.mark.parametrize(
    ("kind", "body", "line"),
    [
        ("markdown", "Dag.\n\nKijk:\n![ ](https://shop.example.nl/a.jpg)\n", 4),
        ("markdown", "![](https://shop.example.nl/a.jpg)", 1),
        ("markdown", "![][a]\n\n[a]: https://shop.example.nl/a.jpg", 1),
        ("mjml", '<mj-section>\n<mj-column>\n<mj-image src="x.jpg" />', 3),
        ("mjml", '<mj-section><mj-column>\n<mj-text><img src="x.jpg"></mj-text>', 2),
        ("markdown", "![Een fiets](https://shop.example.nl/a.jpg)", None),
        ("mjml", '<mj-image src="x.jpg" alt="Een fiets" /><mj-image src="y.jpg" alt="" />', None),
    ],
)
def test_a_picture_has_words_or_is_said_to_be_an_ornament(
    kind: str, body: str, line: int | None
) -> None:
    source = make_source(body=body, body_format=kind)
    if line is None:
        check_pictures(source)
        return
    with pytest.raises(CompileError) as refused:
        check_pictures(source)
    assert (refused.value.code, refused.value.line) == ("image-without-words", line)


def test_one_word_is_no_spam_and_two_are() -> None:
    assert codes(body=GOOD + "\nZonder risico.\n") == []
    assert codes(body=GOOD + "\nZonder risico en geld terug.\n") == ["spam-word"]


def test_a_link_without_https() -> None:
    assert codes(body=GOOD.replace("https:", "http:")) == ["link-without-tls"]


@pytest.mark.parametrize(
    ("ink", "paper", "found"),
    [
        ("#cccccc", "#ffffff", ["low-contrast"]),
        ("#767676", "#ffffff", []),  # 4.54, just enough
        ("#777777", "#ffffff", ["low-contrast"]),  # 4.48
        ("#ffffff", "#0b5", ["low-contrast"]),
        ("#ffffff", "#1f3a5f", []),
        ("rgb(20, 20, 20)", "black", ["low-contrast"]),
    ],
)
def test_text_that_hardly_shows(ink: str, paper: str, found: list[str]) -> None:
    assert codes(body=BOX.format(ink=ink, paper=paper), body_format="mjml") == found


def test_contrast_by_the_figures_of_wcag() -> None:
    assert contrast((0, 0, 0), (255, 255, 255)) == pytest.approx(21)
    assert contrast((255, 0, 0), (255, 255, 255)) == pytest.approx(3.998, abs=0.001)
    assert contrast((9, 9, 9), (9, 9, 9)) == 1


def test_lix_counted_by_hand() -> None:
    """16 words, 4 sentences, 4 words of seven letters or more: 4 + 25."""
    text = (
        "De winkel is open. Kom gerust eens langs. Verzekering regelen wij. "
        "U betaalt achteraf, gewoon later."
    )
    assert lix(text) == pytest.approx(16 / 4 + 100 * 4 / 16)
    assert lix("Te kort. Echt.") is None


def test_a_text_of_lawyers() -> None:
    hard = (
        "Onverminderd het bepaalde in voornoemde voorwaarden behoudt verkoper zich uitdrukkelijk "
        "de bevoegdheid voor om prijswijzigingen onmiddellijk doorgang te laten vinden indien "
        "omstandigheden daartoe redelijkerwijs aanleiding geven. "
    )
    assert codes(body=hard * 4) == ["hard-to-read"]
