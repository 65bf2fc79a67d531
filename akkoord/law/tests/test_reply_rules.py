"""Answers that say stop, that perhaps do, that do not, and that no person wrote."""

from __future__ import annotations

import pytest

from akkoord.law.reply_rules import Reply, judge_reply, own_words

QUOTED = "\n\nOp di 24 nov 2026 om 12:00 schreef Fietsen Jansen <info@example.nl>:\n> Afmelden: kan"


def judged(text: str, subject: str = "Re: Nieuws in november", **headers: str) -> Reply:
    return judge_reply(subject=subject, text=text, headers=headers)


@pytest.mark.parametrize(
    "text",
    [
        "uitschrijven",
        "Uitschrijven!",
        "STOP",
        "Stop.",
        "Graag uitschrijven, dank u",
        "Ik wil mij graag afmelden voor deze nieuwsbrief.",
        "Schrijf mij uit a.u.b.",
        "Schrijf me svp uit",
        "Meld mij af",
        "Beste, ik wil geen mails meer.",
        "Hallo,\n\ngraag afmelden voor de nieuwsbrief.\n\nMet vriendelijke groet,\nAnna Bakker",
        "Stop\n-- \nAnna Bakker\nDirecteur",
        "Ik wil deze mail niet meer ontvangen",
        "unsubscribe",
        "Please unsubscribe me",
        "Please take me off your list, thanks",
        "No more emails please",
        "Unsubscribe\n\nSent from my iPhone",
        "opt-out",
        f"uitschrijven{QUOTED}",
        "stop\n\n-----Oorspronkelijk bericht-----\nVan: Jansen\nNiet stoppen met fietsen?",
    ],
)
def test_who_says_stop_stops(text: str) -> None:
    assert judged(text) is Reply.STOP


@pytest.mark.parametrize("subject", ["Uitschrijven", "unsubscribe", "STOP", "afmelden svp"])
def test_an_empty_mail_with_the_word_on_top_says_stop(subject: str) -> None:
    assert judged("", subject) is Reply.STOP
    assert judged("   \n", subject) is Reply.STOP


@pytest.mark.parametrize(
    "text",
    [
        "Niet uitschrijven, ik vind het juist leuk",
        "Ik wil niet stoppen",
        "Hoe kan ik mij uitschrijven?",
        "Kunt u mijn gegevens verwijderen?",
        "Ik heb bezwaar tegen deze reclame",
        "Stop even met de aanbiedingen, de nieuwsbrief blijf ik lezen",
        "Mijn moeder is overleden, graag uitschrijven",
        "Wanneer stopt de actie?",
        "Please do not unsubscribe me",
        "This is spam",
        "U moet stoppen met fietsen verkopen aan kinderen zonder helm, vind ik.",
        "Delete my data",
    ],
)
def test_what_could_mean_something_else_is_for_a_person(text: str) -> None:
    assert judged(text) is Reply.UNSURE


@pytest.mark.parametrize(
    "text",
    [
        "Wat leuk, tot zaterdag in de winkel!",
        "Hebt u die fiets ook in het rood?",
        f"Dank u wel{QUOTED}",
        "Dank!\n-- \nAnna\nGeen mail meer? Klik hier",
        "> uitschrijven",
        "",
    ],
)
def test_what_says_nothing_about_leaving_is_left_alone(text: str) -> None:
    assert judged(text) is Reply.OTHER


@pytest.mark.parametrize(
    "headers",
    [
        {"auto-submitted": "auto-replied"},
        {"auto-submitted": "auto-generated; type=x"},
        {"precedence": "bulk"},
        {"x-autoreply": "yes"},
        {"list-id": "<x.example.nl>"},
        {"return-path": "<>"},
        {"content-type": "multipart/report; report-type=delivery-status"},
    ],
)
def test_no_machine_unsubscribes_anybody(headers: dict[str, str]) -> None:
    """An out-of-office that says "stop" in passing puts nobody out."""
    assert judge_reply(subject="Re: x", text="stop", headers=headers) is Reply.AUTOMATIC


@pytest.mark.parametrize(
    "subject", ["Automatic reply: Nieuws", "Automatisch antwoord: x", "Out of office", "Afwezig"]
)
def test_an_absence_is_known_by_its_subject_too(subject: str) -> None:
    assert judged("stop", subject) is Reply.AUTOMATIC
    assert judged("stop", **{"auto-submitted": "no"}) is Reply.STOP


def test_ones_own_words_end_where_anothers_begin() -> None:
    assert own_words(f"Ja\ngraag{QUOTED}") == "Ja\ngraag"
    assert own_words("> alles van u") == ""
