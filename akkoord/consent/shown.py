"""What a form or the preference centre shows, as a snapshot that can be frozen and hashed.

Pages are rendered *from* the snapshot, so what is kept is what was seen (art. 7(1)).
"""

import hashlib
import json
from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django.utils import translation
from django.utils.translation import gettext as _

from akkoord.consent.form_fields import fields_shown
from akkoord.consent.form_texts import texts_in
from akkoord.consent.models import CollectionPoint, Form
from akkoord.law.consent_rules import NoticeElement
from akkoord.law.form_rules import FORM_KINDS, FormKind
from akkoord.law.states import Channel
from akkoord.register.form_activities import carrier_of
from akkoord.register.models import PurposeVersion
from akkoord.register.queries import NoticeFacts, notice_facts, organisation

FIELDS = ("email", "first_name", "last_name")
"""What the preference centre shows and lets people correct."""
ON_THE_ENVELOPE = ("first_name", "last_name", "street", "postcode", "city")

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


def boxes_of(shown: CollectionPoint, channel: Channel) -> set[UUID]:
    """The versions that had a box for this channel on the screen: no other may be ticked (INV-12).

    What was frozen before boxes named their channel was for mail.
    """
    boxes = shown.snapshot.get("topics") or []
    return {
        UUID(each["version"]) for each in boxes if each.get("channel", Channel.EMAIL) == channel
    } & set(shown.purpose_version_ids)


def form_snapshot(form: Form, versions: Sequence[PurposeVersion], language: str) -> dict[str, Any]:
    """Everything that is on the screen of a form, in one language, with its two mails.

    `offers_opt_out` is true when "rather no mail" stood there: with a sale that is what the
    customer saw (INV-15).
    """
    carrier = carrier_of(form.kind)
    keys = [
        *([carrier] if carrier else []),
        *(version.purpose.activity_key for version in versions),
    ]
    fields = fields_shown(keys, form.field_keys, language)
    told = ["email", *(field["key"] for field in fields)]
    if FORM_KINDS[FormKind(form.kind)].asks_message:
        told.append("question")
    facts = notice_facts(
        [version.purpose for version in versions], language, field_keys=told, carrier=carrier
    ).as_json()
    words = texts_in(form.texts, kind=form.kind, name=form.name, language=language)
    asks_sixteen = any(version.purpose.asks_age for version in versions)
    with translation.override(language):
        return {
            "kind": form.kind,
            "title": words["title"],
            "intro": form.intro_en if language == "en" else form.intro_nl,
            "carrier": carrier,
            "topics": [topic_shown(version, language) for version in versions],
            "fields": fields,
            "message": {
                "label": _("Your question"),
                "why": _(
                    "So that we can answer you. Write nothing here about your health, your faith "
                    "or the like: we need not know that."
                ),
            }
            if FORM_KINDS[FormKind(form.kind)].asks_message
            else None,
            "asks_sixteen": asks_sixteen,
            "terms": _terms_shown(form),
            "offers_opt_out": form.offers_opt_out,
            "opt_out": {"label": _("I would rather get no mail about products like this one.")}
            if form.offers_opt_out
            else None,
            "button": words["button"],
            "thanks": words["thanks"],
            "notice": facts,
            **_privacy_shown(form, facts),
            "mails": {
                "confirm_subject": words["confirm_subject"],
                "confirm_text": words["confirm_text"],
                "welcome_subject": words["welcome_subject"],
                "welcome_body": words["welcome_body"],
            },
        }


def _terms_shown(form: Form) -> dict[str, str] | None:
    """The terms box, with the version of the text behind its link."""
    if not form.asks_terms:
        return None
    house = organisation()
    return {
        "label": _("I accept the terms and conditions."),
        "url": form.terms_url or (house.terms_url if house else ""),
        "version": form.terms_version,
    }


def _privacy_shown(form: Form, facts: dict[str, Any]) -> dict[str, str]:
    """The link to the privacy statement and its version: our own page changes with the register,
    so what the register says is its version."""
    house = organisation()
    url = form.privacy_url or (house.privacy_url if house else "")
    if url:
        return {"privacy_url": url, "privacy_version": form.privacy_version}
    return {"privacy_url": "/privacy/", "privacy_version": hash_facts(facts)}


def hash_facts(facts: dict[str, Any]) -> str:
    """A short name for exactly these facts."""
    plain = json.dumps(facts, sort_keys=True, ensure_ascii=False)
    return hashlib.sha256(plain.encode()).hexdigest()[:12]


def preference_snapshot(versions: Sequence[PurposeVersion], language: str) -> dict[str, Any]:
    """What the preference centre shows of the topics that can be switched on.

    Each box stands there by its topic's name under one question, so that is what is kept.
    """
    facts = notice_facts([version.purpose for version in versions], language, field_keys=FIELDS)
    boxes = [topic_shown(version, language) for version in versions]
    with translation.override(language):
        question = _("What you get")
    return {
        "question": question,
        "topics": [box | {"sentence": box["name"]} for box in boxes],
        "notice": facts.as_json(),
    }


def letters_snapshot(versions: Sequence[PurposeVersion], language: str) -> dict[str, Any]:
    """What the preference centre shows of letters by post: each button says what it agrees to."""
    facts = notice_facts(
        [version.purpose for version in versions], language, field_keys=ON_THE_ENVELOPE
    )
    boxes = [topic_shown(version, language) for version in versions]
    with translation.override(language):
        question = _("What comes by post")
        words = [_("Yes, send me letters: %(name)s.") % {"name": box["name"]} for box in boxes]
    return {
        "question": question,
        "topics": [
            box | {"sentence": sentence, "channel": str(Channel.POST)}
            for box, sentence in zip(boxes, words, strict=True)
        ],
        "notice": facts.as_json(),
    }


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
        lines = [snapshot["question"]] if snapshot.get("question") else []
        lines += [
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
        lines += _other_boxes(snapshot)
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


def _other_boxes(snapshot: dict[str, Any]) -> list[str]:
    """The words that are no consent: the way out at a sale, the terms, the links' versions."""
    lines = []
    if opt_out := snapshot.get("opt_out"):
        lines.append(f"[ ] {opt_out['label']}")
    if terms := snapshot.get("terms"):
        lines.append(f"[ ] {terms['label']} {_with_version(terms['url'], terms.get('version'))}")
    if privacy := snapshot.get("privacy_url"):
        lines.append(
            f"{_('Privacy statement')}: {_with_version(privacy, snapshot.get('privacy_version'))}"
        )
    return lines


def _with_version(url: str, version: str | None) -> str:
    return f"{url} ({version})" if version else url


def _one_line(text: str) -> str:
    return ", ".join(line.strip() for line in text.splitlines() if line.strip())


def _names(fields: list[dict[str, str]]) -> str:
    return ", ".join(field["name"] for field in fields)
