"""What the page for push messages shows before the browser asks: frozen, as every form is."""

from collections.abc import Sequence
from typing import Any

from django.utils import translation
from django.utils.translation import gettext as _

from akkoord.consent.models import Form
from akkoord.consent.shown import topic_shown
from akkoord.law.states import Channel
from akkoord.register.models import PurposeVersion
from akkoord.register.queries import notice_facts, organisation

FIELDS = ("push_address",)


def push_snapshot(form: Form, versions: Sequence[PurposeVersion], language: str) -> dict[str, Any]:
    """Everything that is on the screen of a push page, in one language."""
    house = organisation()
    with translation.override(language):
        return {
            "title": form.name,
            "intro": form.intro_en if language == "en" else form.intro_nl,
            "explained": [
                _("A push message is a short message on this device, also with our site closed."),
                _("First you choose here. Then your browser asks once more."),
                _("We learn no name and no e-mail address. You can stop in every message."),
            ],
            "asks_sixteen": any(version.purpose.asks_age for version in versions),
            "button": _("Allow"),
            "privacy_url": (house.privacy_url if house else "") or "/privacy/",
            **push_topics_snapshot(versions, language),
        }


def push_topics_snapshot(versions: Sequence[PurposeVersion], language: str) -> dict[str, Any]:
    """The boxes and the notice, as the push page and the device's own page show them."""
    facts = notice_facts([each.purpose for each in versions], language, field_keys=FIELDS)
    with translation.override(language):
        return {
            "topics": [_topic(version, language) for version in versions],
            "notice": facts.as_json()
            | {
                "withdrawal": _(
                    "You can stop at any moment: with the button in every message, or on the "
                    "page of this device. That takes one press, and works at once."
                ),
                "obligatory": _(
                    "You do not have to allow anything. Without it your browser shows no messages "
                    "of ours."
                ),
            },
        }


def _topic(version: PurposeVersion, language: str) -> dict[str, Any]:
    """One box: one purpose, over push alone (INV-9, INV-12)."""
    shown = topic_shown(version, language)
    return shown | {
        "sentence": _("Yes, send me push messages: %(name)s.") % {"name": shown["name"]},
        "channel": Channel.PUSH.value,
    }
