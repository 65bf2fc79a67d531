"""The texts with which a form gets a place elsewhere: the snippet, plain HTML, a line for mails."""

import json
from html import escape
from typing import Any

from django.conf import settings
from django.utils import translation
from django.utils.translation import gettext as _

from akkoord.consent.forms_publishing import form_url
from akkoord.consent.models import CollectionPoint, Form
from akkoord.consent.sign_up_form import choices_shown, input_name


def snippet(form: Form) -> str:
    """The one script tag."""
    return f'<script src="{form_url(form)}formulier.js" async></script>'


def policy(_form: Form) -> str:
    """What a site with a strict content policy must allow."""
    return f"script-src {settings.BASE_URL}; connect-src {settings.BASE_URL}"


def plain_html(form: Form, point: CollectionPoint) -> str:
    """The form as HTML without any script, for any site; it posts to the form's own page.

    It names the version that its words are of (`shown`), so that the proof is of what stood there,
    however long it stands on that site (INV-7).
    """
    shot = point.snapshot
    lines = [f'<form method="post" action="{form_url(form)}" lang="{point.language}">']
    lines += [f'  <input type="hidden" name="shown" value="{point.id}">']
    lines += [f"  <h2>{escape(shot['title'])}</h2>"]
    if shot["intro"]:
        lines.append(f"  <p>{escape(shot['intro'])}</p>")
    with translation.override(point.language):
        lines += [f"  {line}" for line in _inputs(shot)]
        lines += [
            '  <p hidden><label>{}<input name="website" tabindex="-1" autocomplete="off">'
            "</label></p>".format(escape(_("Leave this empty"))),
            f"  <p>{_link(_whole(shot['privacy_url']), _('Privacy statement'))}</p>",
        ]
    lines += [f"  <button>{escape(shot['button'])}</button>", "</form>"]
    return "\n".join(lines)


def _inputs(shot: dict[str, Any]) -> list[str]:
    lines = []
    if shot.get("message"):
        label, why = (escape(shot["message"][part]) for part in ("label", "why"))
        lines.append(
            f'<p><label>{label}<br><textarea name="message" rows="5"></textarea></label><br>'
            f"<small>{why}</small></p>"
        )
    for topic in shot["topics"]:
        words = " ".join(
            part for part in (topic["sentence"], topic["description"], topic["frequency"]) if part
        )
        lines.append(
            f'<p><label><input type="checkbox" name="topics" value="{topic["version"]}"> '
            f"{escape(words)}</label></p>"
        )
    lines.append(
        f"<p><label>{escape(_('E-mail address'))}<br>"
        '<input type="email" name="email" autocomplete="email" required></label></p>'
    )
    for field in shot["fields"]:
        words = f"{escape(field['label'])} <small>{escape(field.get('why', ''))}</small>"
        lines.append(f"<p><label>{words}<br>{_input(field)}</label></p>")
    if shot["asks_sixteen"]:
        lines.append(_box("sixteen", _("I am 16 or older")))
        words = escape(_("Younger? E-mail address of one of your parents"))
        lines.append(f'<p><label>{words}<br><input type="email" name="parent_email"></label></p>')
    if shot.get("opt_out"):
        lines.append(_box("no_mail", shot["opt_out"]["label"]))
    if shot["terms"]:
        lines.append(_box("terms", shot["terms"]["label"]))
        lines.append(
            f'<p><a href="{escape(shot["terms"]["url"])}">{escape(shot["terms"]["url"])}</a></p>'
        )
    return lines


def _input(field: dict[str, Any]) -> str:
    """A line to fill in, or a list to choose from."""
    start = f'name="{input_name(field)}" autocomplete="{field.get("autocomplete", "off")}"'
    choices = choices_shown(field)
    if not choices:
        return f"<input {start}>"
    options = "".join(
        f'<option value="{escape(value)}">{escape(label)}</option>' for value, label in choices
    )
    return f"<select {start}>{options}</select>"


def _box(name: str, label: str) -> str:
    return f'<p><label><input type="checkbox" name="{name}"> {escape(label)}</label></p>'


def _link(url: str, words: str) -> str:
    return f'<a href="{escape(url)}">{escape(words)}</a>'


def _whole(url: str) -> str:
    return settings.BASE_URL + url if url.startswith("/") else url


def example_post(form: Form, point: CollectionPoint) -> str:
    """A post by a program, as it can be copied."""
    body = {
        "shown": str(point.id),
        "email": "anna@example.nl",
        "topics": [topic["version"] for topic in point.snapshot["topics"][:1]],
    }
    return (
        f"curl -X POST {form_url(form)}aanmelden/ \\\n"
        "  -H 'Content-Type: application/json' \\\n"
        f"  -d '{json.dumps(body)}'"
    )


def order_line(language: str) -> str:
    """A line for confirmations that another system sends: where people choose and stop."""
    with translation.override(language):
        return _(
            "You get this message because you ordered something. What else we may mail you, you "
            "choose yourself: %(url)s"
        ) % {"url": f"{settings.BASE_URL}/voorkeuren/"}
