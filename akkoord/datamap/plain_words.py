"""Words that staff write of people or call things by, looked at before they are kept (INV-32).

A group called after an illness says it of everybody in it (CJEU C-184/20). What is refused is
said with its article and the lawful way.
"""

from __future__ import annotations

from collections.abc import Iterable

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from akkoord.law.sensitive import ARTICLES, Sensitive, classes_in

CLASSES = {
    "bsn": gettext_lazy("BSN"),
    "vat-with-bsn": gettext_lazy("VAT number with a BSN in it"),
    "iban": gettext_lazy("bank account number"),
    "id-document": gettext_lazy("number of a passport or other document"),
    "health": gettext_lazy("health"),
    "religion": gettext_lazy("religion or belief"),
    "politics": gettext_lazy("political opinion"),
    "union": gettext_lazy("trade union"),
    "ethnicity": gettext_lazy("origin"),
    "genetic": gettext_lazy("genetic data"),
    "biometric": gettext_lazy("biometric data"),
    "sexual": gettext_lazy("sex life or orientation"),
    "criminal": gettext_lazy("crimes"),
}


def name_problem(text: str) -> str:
    """Why a group, topic, form or letter cannot be called so, in a sentence; else nothing."""
    found = classes_in(text)
    if not found:
        return ""
    return _(
        "This says something sensitive of the people it is about: %(classes)s (%(article)s). "
        "Choose words that say what you offer, not who it is for."
    ) % _parts(found)


def note_problem(text: str) -> str:
    """Why this cannot be written down of somebody, in a sentence; else nothing."""
    found = classes_in(text)
    if not found:
        return ""
    return _(
        "This is sensitive data: %(classes)s. You may not write it down (%(article)s). "
        "Leave it out, and write only what you need."
    ) % _parts(found)


def plain_name(text: str) -> None:
    """A form field's validator for what something is called."""
    if problem := name_problem(text):
        raise forms.ValidationError(problem, code="sensitive")


def plain_note(text: str) -> None:
    """A form field's validator for what is written down of somebody."""
    if problem := note_problem(text):
        raise forms.ValidationError(problem, code="sensitive")


def _parts(found: Iterable[Sensitive]) -> dict[str, str]:
    return {
        "classes": ", ".join(sorted(str(CLASSES[each]) for each in found)),
        "article": "; ".join(sorted({ARTICLES[each] for each in found})),
    }
