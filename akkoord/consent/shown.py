"""What a form or the preference centre shows, as a snapshot that can be frozen and hashed.

Pages are rendered *from* the snapshot, so what is kept is what was seen (art. 7(1)).
"""

from collections.abc import Sequence
from typing import Any

from django.utils import translation
from django.utils.translation import gettext as _

from akkoord.consent.models import Form
from akkoord.law.consent_rules import NoticeElement
from akkoord.register.models import PurposeVersion
from akkoord.register.queries import NoticeFacts, notice_facts, organisation

FIELDS = ("email", "first_name", "last_name")
"""Fields of the catalogue that a form can ask; the address always."""

_ELEMENTS: dict[NoticeElement, str] = {
    NoticeElement.CONTROLLER: "controller",
    NoticeElement.CONTACT: "contact",
    NoticeElement.OFFICER: "officer",
    NoticeElement.PURPOSES: "purposes",
    NoticeElement.LEGAL_BASIS: "purposes",
    NoticeElement.RECIPIENTS: "recipients",
    NoticeElement.TERM: "terms",
    NoticeElement.RIGHTS: "rights",
    NoticeElement.WITHDRAWAL: "withdrawal",
    NoticeElement.COMPLAINT: "complaint",
    NoticeElement.OBLIGATORY: "obligatory",
    NoticeElement.AUTOMATED_DECISIONS: "automated",
}


def topic_shown(version: PurposeVersion, language: str) -> dict[str, Any]:
    """One box: one purpose, one channel (INV-9), with its own sentence and frequency."""
    english = language == "en"
    purpose = version.purpose
    name = version.name_en if english else version.name_nl
    frequency = purpose.frequency_en if english else purpose.frequency_nl
    with translation.override(language):
        sentence = _("Yes, mail me: %(name)s.") % {"name": name}
    return {
        "version": str(version.id),
        "purpose": str(purpose.id),
        "name": name,
        "sentence": sentence,
        "description": version.description_en if english else version.description_nl,
        "frequency": frequency,
        "channel": "email",
        "asks_age": purpose.asks_age,
    }


def form_snapshot(form: Form, versions: Sequence[PurposeVersion], language: str) -> dict[str, Any]:
    """Everything that is on the screen of a form, in one language."""
    facts = notice_facts(
        [version.purpose for version in versions], language, field_keys=_fields(form)
    )
    house = organisation()
    with translation.override(language):
        labels = {"first_name": _("First name"), "last_name": _("Last name")}
        return {
            "title": form.name,
            "intro": form.intro_en if language == "en" else form.intro_nl,
            "topics": [topic_shown(version, language) for version in versions],
            "fields": [
                {"key": key, "label": labels[key]} for key in _fields(form) if key in labels
            ],
            "asks_sixteen": any(version.purpose.asks_age for version in versions),
            "terms": {
                "label": _("I accept the terms and conditions."),
                "url": form.terms_url or (house.terms_url if house else ""),
            }
            if form.asks_terms
            else None,
            "button": _("Sign up"),
            "notice": facts.as_json(),
            "privacy_url": (house.privacy_url if house else "") or "/privacy/",
        }


def preference_snapshot(versions: Sequence[PurposeVersion], language: str) -> dict[str, Any]:
    """What the preference centre shows of the topics that can be switched on."""
    facts = notice_facts([version.purpose for version in versions], language, field_keys=FIELDS)
    return {
        "topics": [topic_shown(version, language) for version in versions],
        "notice": facts.as_json(),
    }


def _fields(form: Form) -> tuple[str, ...]:
    """The fields that this form asks, in the order of the catalogue."""
    return tuple(key for key in FIELDS if key == "email" or key in form.field_keys)


def present_elements(facts: dict[str, Any]) -> frozenset[NoticeElement]:
    """The elements of art. 13 that these facts do tell (INV-43)."""
    found = {element for element, name in _ELEMENTS.items() if facts.get(name)}
    if not all(purpose.get("why") for purpose in facts.get("purposes", [])):
        found.discard(NoticeElement.LEGAL_BASIS)
    if any(each.get("safeguard") for each in facts.get("recipients", [])):
        found.add(NoticeElement.TRANSFERS)
    return frozenset(found)


def notice_text(snapshot: dict[str, Any], language: str) -> str:
    """The exact words as plain text: the boxes, then what the notice tells (INV-7)."""
    facts = NoticeFacts(**snapshot["notice"])
    with translation.override(language):
        lines = [
            line
            for topic in snapshot["topics"]
            for line in (
                f"[ ] {topic['sentence']}",
                " ".join(
                    part.rstrip(".") + "."
                    for part in (topic["description"], topic["frequency"])
                    if part
                ),
            )
        ]
        lines += [
            "",
            f"{_('Who we are')}: {facts.controller}, {_one_line(facts.address)}, {facts.contact}",
            f"{_('What we keep')}: {_names(facts.fields)}",
            f"{_('Why')}: " + " ".join(f"{each['name']}: {each['why']}" for each in facts.purposes),
            f"{_('How long')}: {'; '.join(facts.terms)}",
            f"{_('Who receives it')}: "
            + "; ".join(f"{each['name']} ({each['service']})" for each in facts.recipients),
            f"{_('Your rights')}: {', '.join(facts.rights)}.",
            facts.withdrawal,
            facts.complaint,
            facts.obligatory,
            facts.automated,
        ]
    return "\n".join(lines).strip()


def _one_line(text: str) -> str:
    return ", ".join(line.strip() for line in text.splitlines() if line.strip())


def _names(fields: list[dict[str, str]]) -> str:
    return ", ".join(field["name"] for field in fields)
