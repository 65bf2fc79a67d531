"""The words of a form and its two mails: ours, unless staff wrote their own (in both languages)."""

from collections.abc import Mapping

from django.utils import translation
from django.utils.translation import gettext as _

from akkoord.law.form_rules import FormKind

FORM_TEXTS = ("title", "button", "thanks")
CONFIRMATION_TEXTS = ("confirm_subject", "confirm_text")
WELCOME_TEXTS = ("welcome_subject", "welcome_body")
TEXTS = (*FORM_TEXTS, *CONFIRMATION_TEXTS, *WELCOME_TEXTS)
LIMITS: Mapping[str, int] = {
    "title": 120,
    "button": 40,
    "thanks": 400,
    "confirm_subject": 120,
    "confirm_text": 600,
    "welcome_subject": 120,
    "welcome_body": 8000,
}


def own_texts(texts: Mapping[str, Mapping[str, str]]) -> dict[str, dict[str, str]]:
    """What staff wrote, trimmed; nothing for what they left to us."""
    return {
        language: {
            key: " ".join(value.split()) if key != "welcome_body" else value.strip()
            for key, value in words.items()
            if key in TEXTS and value.strip()
        }
        for language, words in texts.items()
        if language in ("nl", "en")
    }


def texts_in(
    texts: Mapping[str, Mapping[str, str]], *, kind: str, name: str, language: str
) -> dict[str, str]:
    """Every text of a form in one language: what staff wrote, else ours."""
    with translation.override(language):
        ours = {
            "title": name,
            "button": {
                FormKind.QUESTION: _("Send"),
                FormKind.CHECKOUT: _("Continue"),
            }.get(FormKind(kind), _("Sign up")),
            "thanks": "",
            "confirm_subject": "",
            "confirm_text": "",
            "welcome_subject": "",
            "welcome_body": "",
        }
    return ours | dict(texts.get(language, {}))
