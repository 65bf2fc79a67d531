"""What stands on the buttons and headings of journeys that are made in both languages."""

WORDS: dict[str, dict[str, str]] = {
    "nl": {
        "save": "Bewaren",
        "saved": "Bewaard",
        "look": "Bekijk de mail",
        "this mail": "Dit is de mail",
        "send it": "Verstuur namens mij",
        "thanks": "Dank u",
        "spam": "geen tip maar spam",
        "choices": "Wat mensen kiezen",
        "as a file": "Als bestand",
        "numbers": "De cijfers",
    },
    "en": {
        "save": "Save",
        "saved": "Saved",
        "look": "Look at the mail",
        "this mail": "This is the mail",
        "send it": "Send it in my name",
        "thanks": "Thank you",
        "spam": "is no tip but spam",
        "choices": "What people choose",
        "as a file": "As a file",
        "numbers": "The numbers",
    },
}
