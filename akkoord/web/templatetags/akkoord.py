"""Components of the design system as template tags: `{% load akkoord %}`.

Each tag renders a partial of `web/components/`, where its parameters are described. Pages use
these and write no markup of their own for what is here. `/stijl/` shows all of them.
"""

from typing import Any

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe

from akkoord.web import built

register = template.Library()

FLASH_ICONS = {"success": "circle-check", "warning": "alert-triangle", "error": "ban"}
STRIP_ICONS = {"paused": "player-pause", "needs-you": "alert-triangle"}


@register.simple_tag
def asset(name: str) -> str:
    """The address of a bundle."""
    return built.asset_url(name)


@register.simple_tag
def icon(name: str, label: str = "") -> SafeString:
    """An icon, in line. Without a label it is hidden from screen readers: a word stands beside."""
    shape = mark_safe(built.icon_shape(name))  # noqa: S308  our own build, no one's input
    if label:
        return format_html(
            '<svg class="icon" viewBox="0 0 24 24" role="img" aria-label="{}">{}</svg>',
            label,
            shape,
        )
    return format_html(
        '<svg class="icon" viewBox="0 0 24 24" aria-hidden="true">{}</svg>', shape
    )


@register.filter
def initials(name: str) -> str:
    """At most two letters of a name."""
    words = name.split()
    return "".join(word[0] for word in (words[:1] + words[-1:] if len(words) > 1 else words)).upper()


@register.filter
def flash_icon(level: str) -> str:
    """The icon of a one-time notice."""
    return FLASH_ICONS.get(level, "info-circle")


@register.filter
def strip_icon(state: str) -> str:
    """The icon of running work."""
    return STRIP_ICONS.get(state, "loader-2")


@register.simple_tag
def crumb(label: Any, url: str) -> SafeString:
    """One step of the way to this page."""
    return format_html('<li><a href="{}">{}</a></li>', url, label)
