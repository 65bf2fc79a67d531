"""Addresses that people type and others press: a site or a page of ours, and nothing that runs."""

from typing import Any
from urllib.parse import urlsplit

from django import forms
from django.utils.translation import gettext_lazy as _

LONGEST = 500


def is_link(text: str, *, own_pages: bool = True) -> bool:
    """Whether this may stand in a link: http or https, or a path of our own site."""
    if not text or not text.isprintable() or set(text) & set(' "<>\\'):
        return False
    try:
        parts = urlsplit(text)
        host = parts.hostname
    except ValueError:
        return False
    if parts.scheme in ("http", "https"):
        return bool(host) and "@" not in parts.netloc
    return own_pages and not parts.scheme and text.startswith("/") and not text.startswith("//")


class LinkField(forms.CharField):
    """The address of a page; `own_pages`: a path of our own site will do."""

    default_error_messages = {
        "no-link": _("Begin the address with https://."),
    }

    def __init__(self, *, own_pages: bool = True, **options: Any) -> None:
        options.setdefault("max_length", LONGEST)
        options.setdefault("widget", forms.TextInput(attrs={"inputmode": "url"}))
        super().__init__(**options)
        self.own_pages = own_pages

    def validate(self, value: Any) -> None:
        """Refuse what is no address of a page."""
        super().validate(value)
        if value and not is_link(value, own_pages=self.own_pages):
            raise forms.ValidationError(self.error_messages["no-link"], code="no-link")
