"""Where things stand on the paper: the window, the code on each page, room above a heading."""

from datetime import date
from typing import Any

import pypdfium2
import pytest
import zxingcpp

from akkoord.messages.letter import LetterSource, compile_letter
from akkoord.messages.letter_pdf import OneLetter, address_lines, make_pdf
from akkoord.messages.template import FieldFact

MM = 72 / 25.4
A4_HIGH = 297


@pytest.fixture(autouse=True)
def _public(settings: Any) -> None:
    settings.BASE_URL = "https://post.example.nl"


def letter(number: int = 1, **door: str) -> OneLetter:
    facts = {
        "name": "Zoë Müller-Lüdenscheidt",
        "street": "Dorpsstraat",
        "house_number": "12a",
        "postcode": "1234 AB",
        "city": "Ergens",
        "country": "NL",
    }
    return OneLetter(
        address=address_lines(**facts | door),
        values={"first_name": "Zoë"},
        code="BG74-QJ6M-RG8W",
        stop_url="https://post.example.nl/u/" + "A" * 80 + f"{number}/",
        by_interest=True,
        number=f"{number:05d}",
    )


def pdf(body: str, *letters: OneLetter) -> pypdfium2.PdfDocument:
    source = LetterSource(
        subject="Onderhoud van uw fiets",
        body=body,
        language="nl",
        organisation="Fietsen Jansen",
        postal_address="Dorpsstraat 1\n1234 AB Ergens",
        contact="info@fietsen.example.nl",
        topic="Aanbod",
    )
    compiled = compile_letter(source, allowed_fields={"first_name": FieldFact(True)})
    return pypdfium2.PdfDocument(make_pdf(compiled, letters, on=date(2026, 11, 26)))


def place(page: Any, words: str) -> tuple[float, float, float, float]:
    """Left, top, right and bottom of some words, in mm from the upper left corner."""
    text = page.get_textpage()
    found = text.search(words).get_next()
    assert found is not None, words
    boxes = [text.get_charbox(found[0] + each) for each in range(found[1])]
    left, right = min(box[0] for box in boxes) / MM, max(box[2] for box in boxes) / MM
    bottom, top = min(box[1] for box in boxes) / MM, max(box[3] for box in boxes) / MM
    return left, A4_HIGH - top, right, A4_HIGH - bottom


def is_in_window(page: Any, words: str) -> bool:
    left, top, right, bottom = place(page, words)
    return left >= 20 and top >= 50 and right <= 105 and bottom <= 90


def test_sender_and_address_stand_in_the_window_of_the_envelope() -> None:
    page = pdf("Dag.", letter())[0]
    for line in ("Fietsen Jansen ·", "Zoë Müller-Lüdenscheidt", "Dorpsstraat 12a", "ERGENS"):
        assert is_in_window(page, line), line
    # Nothing of the letter itself shows through it.
    assert place(page, "26 november 2026")[1] > 92


def test_a_long_name_a_long_street_and_a_country_stay_in_the_window() -> None:
    page = pdf(
        "Dag.",
        letter(
            name="Wilhelmina Charlotte Frederica van Oranje-Nassau tot Zuylen van Nijevelt",
            street="Burgemeester Jonkheer van der Goes van Naterslaan",
            city="Saint-Remy-en-Bouzemont-Saint-Genest-et-Isson",
            postcode="51290",
            country="FR",
        ),
    )[0]
    for words in ("Wilhelmina", "Nijevelt", "Naterslaan", "12a", "Isson", "FRANKRIJK"):
        assert is_in_window(page, words), words


def test_inv19_each_page_of_a_long_letter_has_its_code_and_number() -> None:
    document = pdf("\n\n".join(["Uw fiets verdient aandacht. " * 20] * 14), letter(1), letter(2))
    assert len(document) % 2 == 0
    assert len(document) > 2
    for number, page in enumerate(document):
        turn = 1 if number < len(document) / 2 else 2
        text = page.get_textpage().get_text_range()
        assert f"{turn:05d}" in text
        assert "BG74-QJ6M-RG8W" in text
        codes = zxingcpp.read_barcodes(page.render(scale=3).to_pil())
        assert [each.text[-2:] for each in codes] == [f"{turn}/"]
    # The words end above the way out.
    assert place(document[0], "Geen brieven meer")[1] > 247


def test_a_heading_has_more_room_above_than_below_after_a_list_too() -> None:
    body = "Eerst.\n\n- een\n- twee\n\n# Kop een\n\nTekst.\n\n# Kop twee\n\nSlot."
    page = pdf(body, letter())[0]
    for before, heading, after in (("twee", "Kop een", "Tekst"), ("Tekst", "Kop twee", "Slot")):
        above = place(page, heading)[1] - place(page, before)[3]
        below = place(page, after)[1] - place(page, heading)[3]
        assert above > below > 1.5, heading


def test_a_heading_never_stands_alone_at_the_foot() -> None:
    for lines in range(20, 40):
        document = pdf("\n\n".join(["Regel."] * lines) + "\n\n# De kop\n\nDaaronder.", letter())
        found = [
            number
            for number, page in enumerate(document)
            for words in ("De kop", "Daaronder")
            if page.get_textpage().search(words).get_next()
        ]
        assert found[0] == found[1], lines


def test_inv19_the_right_to_object_is_told_on_a_letter_without_a_yes() -> None:
    page = pdf("Dag.", letter())[0]
    text = " ".join(page.get_textpage().get_text_range().split())
    assert "U kunt altijd bezwaar maken" in text
