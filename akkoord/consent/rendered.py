"""A form made visible from its snapshot alone: what is kept is what was seen (INV-7).

The document goes into a sandboxed frame on a staff page: it runs no script and posts nowhere.
"""

from typing import Any

from django.template.loader import render_to_string
from django.utils import translation

from akkoord.consent.models import CollectionPoint
from akkoord.consent.sign_up_form import SignUpForm
from akkoord.register.queries import organisation


def form_context(snapshot: dict[str, Any], form: SignUpForm) -> dict[str, Any]:
    """What the templates of a form need besides the form itself."""
    return {
        "form": form,
        # Said above the form only when a field that can be seen is to blame.
        "is_incomplete": any(field.errors for field in form.visible_fields()),
        "shown": snapshot,
        "notice": snapshot["notice"],
        "descriptions": {
            topic["version"]: " ".join(
                part for part in (topic["description"], topic["frequency"]) if part
            )
            for topic in snapshot["topics"]
        },
    }


def rendered_form(snapshot: dict[str, Any], language: str) -> str:
    """The whole page of a form as a document of its own, in the language of the snapshot."""
    form = SignUpForm(CollectionPoint(snapshot=_whole(snapshot), language=language))
    with translation.override(language):
        return render_to_string(
            "consent/public/form_document.html",
            form_context(_whole(snapshot), form)
            | {"language": language, "organisation": organisation()},
        )


def _whole(snapshot: dict[str, Any]) -> dict[str, Any]:
    """A snapshot with every part; the preference centre and older versions had fewer."""
    return {
        "kind": "newsletter",
        "title": "",
        "intro": "",
        "fields": [],
        "message": None,
        "asks_sixteen": False,
        "terms": None,
        "opt_out": None,
        "button": "",
        "privacy_url": "/privacy/",
        **snapshot,
    }
