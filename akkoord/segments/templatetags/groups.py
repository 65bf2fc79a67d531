"""Template helpers of the builder."""

from django import template

from akkoord.segments.models import Group
from akkoord.segments.writing import in_words_of

register = template.Library()


@register.simple_tag
def group_value(kind: str, number: int) -> str:
    """The value of a button: what it does, to which row or block."""
    return f"{kind}-{number}"


@register.simple_tag
def letter_to(address: str, group: Group) -> str:
    """The address at which a letter to this group begins."""
    return f"{address}?groep={group.id}"


@register.filter
def group_words(text: str, language: str) -> str:
    """A group's text in the reader's words."""
    return in_words_of(text, language)
