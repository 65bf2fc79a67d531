"""A new letter is made once, also when its form is sent twice: the form carries the letter's id."""

from uuid import UUID

from django import forms
from django.http import HttpRequest

from akkoord.campaigns.models import Campaign
from akkoord.datamap.ids import uuid7
from akkoord.trail.actions import actor_of

FIELD = "sleutel"


def key_field() -> forms.CharField:
    """The hidden field of a form for a new letter."""
    return forms.CharField(widget=forms.HiddenInput, required=False, initial=uuid7, max_length=36)


def key_of(request: HttpRequest) -> UUID | None:
    """The id that the form carried; None: none that can be one."""
    try:
        return UUID(request.POST.get(FIELD, ""))
    except ValueError:
        return None


def made_before(request: HttpRequest) -> Campaign | None:
    """The letter that this very form made a moment ago, by the same hand."""
    if request.method != "POST" or (key := key_of(request)) is None:
        return None
    return Campaign.objects.filter(id=key, created_by=actor_of(request).id).first()
