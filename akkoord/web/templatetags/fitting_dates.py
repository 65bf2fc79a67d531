"""The filter `date` of all templates, so that nobody needs to think of capitals (a builtin)."""

from typing import Any

from django import template
from django.template.defaultfilters import date as plain_date

from akkoord.web.dates import fitting

register = template.Library()


@register.filter(name="date", expects_localtime=True, is_safe=False)
def date(value: Any, form: str | None = None) -> Any:
    """As Django's own, with months as the reader's language writes them."""
    return plain_date(value, fitting(form) if form else form)
